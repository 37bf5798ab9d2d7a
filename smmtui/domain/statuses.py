"""The panels' words for how far an order is, and what they mean for watching it."""

from __future__ import annotations

from enum import Enum
from functools import cached_property

from smmtui.words import _


class Status(Enum):
    """The panel's status of an order or a refill; `UNKNOWN` is a word nobody has met, shown as it came."""

    PENDING = "Pending"
    IN_PROGRESS = "In progress"
    PROCESSING = "Processing"
    AWAITING = "Awaiting"
    COMPLETED = "Completed"
    PARTIAL = "Partial"
    CANCELED = "Canceled"
    REFUNDED = "Refunded"
    ERROR = "Error"
    FAILED = "Failed"
    ACTIVE = "Active"
    PAUSED = "Paused"
    EXPIRED = "Expired"
    REJECTED = "Rejected"
    UNKNOWN = "?"

    # Kept, since every order is asked these before every pass.
    @cached_property
    def final(self) -> bool:
        """Whether the panel is done with it; even then a refill or an admin can change it again."""
        return self in _FINAL

    @cached_property
    def troubled(self) -> bool:
        """Whether a person should look at it; it is still polled, slowly."""
        return self in (Status.ERROR, Status.FAILED)

    @property
    def words(self) -> str:
        """How it reads on the screen; `value` is how it is stored and asked for."""
        return _SHOWN[self]


_FINAL = frozenset(
    {Status.COMPLETED, Status.PARTIAL, Status.CANCELED, Status.REFUNDED, Status.EXPIRED, Status.REJECTED}
)

_SHOWN = {
    Status.PENDING: _("Pending"),
    Status.IN_PROGRESS: _("In progress"),
    Status.PROCESSING: _("Processing"),
    Status.AWAITING: _("Awaiting"),
    Status.COMPLETED: _("Completed"),
    Status.PARTIAL: _("Partial"),
    Status.CANCELED: _("Canceled"),
    Status.REFUNDED: _("Refunded"),
    Status.ERROR: _("Error"),
    Status.FAILED: _("Failed"),
    Status.ACTIVE: _("Active"),
    Status.PAUSED: _("Paused"),
    Status.EXPIRED: _("Expired"),
    Status.REJECTED: _("Rejected"),
    Status.UNKNOWN: "?",
}

# Seen on other panels: any case and spelling, British and American, plural, numbers 0 to 5, and the words of
# Turkish, Russian, Spanish, Portuguese and Arabic installations.
_WORDS: dict[str, Status] = {
    "pending": Status.PENDING,
    "0": Status.PENDING,
    "beklemede": Status.PENDING,
    "bekliyor": Status.PENDING,
    "в ожидании": Status.PENDING,
    "ожидание": Status.PENDING,
    "pendiente": Status.PENDING,
    "pendente": Status.PENDING,
    "قيد الانتظار": Status.PENDING,
    "inprogress": Status.IN_PROGRESS,
    "yükleniyor": Status.IN_PROGRESS,
    "devamediyor": Status.IN_PROGRESS,
    "işlemde": Status.IN_PROGRESS,
    "в процессе": Status.IN_PROGRESS,
    "выполняется": Status.IN_PROGRESS,
    "en progreso": Status.IN_PROGRESS,
    "em andamento": Status.IN_PROGRESS,
    "قيد التنفيذ": Status.IN_PROGRESS,
    "processing": Status.PROCESSING,
    "1": Status.PROCESSING,
    "işleniyor": Status.PROCESSING,
    "sırada": Status.PROCESSING,
    "обработка": Status.PROCESSING,
    "в обработке": Status.PROCESSING,
    "procesando": Status.PROCESSING,
    "processando": Status.PROCESSING,
    "جاري المعالجة": Status.PROCESSING,
    "awaiting": Status.AWAITING,
    "completed": Status.COMPLETED,
    "complete": Status.COMPLETED,
    "2": Status.COMPLETED,
    "tamamlandı": Status.COMPLETED,
    "выполнен": Status.COMPLETED,
    "выполнено": Status.COMPLETED,
    "завершен": Status.COMPLETED,
    "завершено": Status.COMPLETED,
    "completado": Status.COMPLETED,
    "concluído": Status.COMPLETED,
    "مكتمل": Status.COMPLETED,
    "partial": Status.PARTIAL,
    "partially completed": Status.PARTIAL,
    "3": Status.PARTIAL,
    "kısmi": Status.PARTIAL,
    "kısmen tamamlandı": Status.PARTIAL,
    "частично": Status.PARTIAL,
    "частично выполнен": Status.PARTIAL,
    "parcial": Status.PARTIAL,
    "جزئي": Status.PARTIAL,
    "canceled": Status.CANCELED,
    "cancelled": Status.CANCELED,
    "cancel": Status.CANCELED,
    "4": Status.CANCELED,
    "iptal": Status.CANCELED,
    "iptal edildi": Status.CANCELED,
    "отменен": Status.CANCELED,
    "отменено": Status.CANCELED,
    "отменён": Status.CANCELED,
    "cancelado": Status.CANCELED,
    "ملغي": Status.CANCELED,
    "refunded": Status.REFUNDED,
    "refunds": Status.REFUNDED,
    "refund": Status.REFUNDED,
    "5": Status.REFUNDED,
    "iade edildi": Status.REFUNDED,
    "возвращен": Status.REFUNDED,
    "reembolsado": Status.REFUNDED,
    "error": Status.ERROR,
    "hata": Status.ERROR,
    "ошибка": Status.ERROR,
    "fail": Status.FAILED,
    "failed": Status.FAILED,
    "başarısız": Status.FAILED,
    "active": Status.ACTIVE,
    "aktif": Status.ACTIVE,
    "paused": Status.PAUSED,
    "duraklatıldı": Status.PAUSED,
    "expired": Status.EXPIRED,
    "süresi doldu": Status.EXPIRED,
    "rejected": Status.REJECTED,
    "reddedildi": Status.REJECTED,
}


def _squeezed(word: str) -> str:
    """The word without what installations differ in: case, blanks, hyphens, underscores.

    I, İ, i and ı are one letter: the capital of "tamamlandı" is "TAMAMLANDI", which any other rule reads with i.
    """
    lowered = word.casefold().replace("ı", "i")
    return "".join(letter for letter in lowered if not letter.isspace() and letter not in "_-\u0307")


_SQUEEZED = {_squeezed(word): status for word, status in _WORDS.items()}


def read_status(word: str) -> Status:
    """Return what the panel's word means, `Status.UNKNOWN` for one that nobody has met."""
    return _SQUEEZED.get(_squeezed(word), Status.UNKNOWN)
