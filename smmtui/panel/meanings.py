"""What the panels' many error texts mean. The text itself always stays visible: a meaning is only a hint."""

from __future__ import annotations

import re
from typing import Literal

Meaning = Literal[
    "bad key",
    "rate limit",
    "funds",
    "active order",
    "quantity",
    "service gone",
    "bad link",
    "bad order",
    "refill",
    "cancel",
    "unknown action",
    "upstream",
    "",
]

# The first that matches wins, so the more telling words come first: "Cancel is disabled for this service" is about
# cancelling, "Refill for this order not found" about the refill. "bad key" stops all polling, so it is matched
# narrowly: "user not found" or "account is private" speak of the link. Matched against folded text.
_PATTERNS: tuple[tuple[Meaning, tuple[str, ...]], ...] = (
    (
        "bad key",
        (
            r"(invalid|incorrect|wrong|bad|unknown|missing|inactive|expired|disabled) (api ?)?(key|token)\b",
            r"\b(api|api ?key|api token|key) (is |was )?(not )?(required|missing|empty|incorrect|invalid|wrong|"
            r"disabled|inactive|blocked|expired|valid|found|active|enabled|correct)\b",
            r"\buser (is )?inactive|\byour account (is|was|has been) (inactive|suspended|blocked|banned|disabled)",
            r"unauthori[sz]ed|unauthenticated|authentication (failed|required)",
            r"(geçersiz|hatalı|yanlış) (api|anahtar)|api (anahtarı?|key) (geçersiz|hatalı|yanlış)",
            r"(неверный|недействительный|некорректный) (api|апи|ключ)",
            r"(clave|llave|chave)\b.{0,16}(inválida|invalida|incorrecta|incorreta)",
        ),
    ),
    (
        "rate limit",
        (
            r"rate ?-?limit|too many (api )?(request|attempt|call)|too (fast|frequent)|slow down|request limit",
            r"requests? per (second|minute|hour)|throttl|limit exceeded",
            r"çok fazla istek|слишком много запрос|demasiadas solicitudes",
        ),
    ),
    (
        "funds",
        (
            r"not enough (funds?|balance|money|credit)|insufficient|(low|no|add) (balance|funds|money)\b",
            r"(balance|funds?|credit)\b.{0,20}(too low|not enough)",
            r"yetersiz|bakiye|недостаточно|saldo",
        ),
    ),
    (
        "active order",
        (
            r"active order|order (is )?(already|still) (in progress|active|exists|running)|order in progress",
            r"already (has|have) .{0,20}order|wait until .{0,20}order|duplicate order",
            r"(aktif|devam eden|tamamlanmamış) .{0,20}sipariş|активн\w+ заказ",
        ),
    ),
    ("refill", (r"re-?fill|telafi|рефилл|гаранти|reposici",)),
    ("cancel", (r"\bcancel|\biptal|отмен",)),
    (
        "quantity",
        (
            r"quantity|\bmin(imum)?\b.{0,40}\bmax|(minimum|maximum) (is|order|amount)|out of (range|bounds)",
            r"(less|more|greater|lower|higher) than (the )?(min|max)|\b(runs?|interval)\b",
            r"\bmiktar|\badet|количеств|cantidad|quantidade",
        ),
    ),
    (
        "service gone",
        (
            r"\bservice\b.{0,25}(incorrect|invalid|not (found|active|exist)|inactive|disabled|unavailable|removed)",
            r"(incorrect|invalid|wrong|unknown|no such|bad|inactive|disabled) service",
            r"\bservis|сервис|услуг|servicio",
        ),
    ),
    (
        "bad link",
        (r"\b(link|url|username)\b|private (account|profile)|account (is )?private", r"bağlantı|ссылк|enlace"),
    ),
    (
        "unknown action",
        (
            r"(incorrect|invalid|unknown|unsupported|bad|missing) (request|action|method|command)",
            r"\baction\b.{0,20}(invalid|not (found|supported|allowed)|unknown|required)|method not allowed",
            r"geçersiz (istek|işlem)|неверн\w+ (запрос|действие)",
        ),
    ),
    (
        "bad order",
        (
            r"(incorrect|invalid|wrong|unknown|no such|bad|missing) order",
            r"\borders?\b.{0,20}(not found|not exist|invalid|incorrect)",
            r"sipariş.{0,20}(bulunamadı|geçersiz)|(geçersiz|hatalı) sipariş",
            r"заказ .{0,20}не найден|неверн\w+ .{0,6}заказ",
        ),
    ),
    (
        "upstream",
        (
            r"something went wrong|try again|internal( server)? error|server error|temporar(y|ily)|maintenance",
            r"timed? ?out|bad gateway|unavailable|hata oluştu|bakım|ошибка сервера|попробуйте",
        ),
    ),
)
_COMPILED: tuple[tuple[Meaning, re.Pattern[str]], ...] = tuple(
    (meaning, re.compile("|".join(patterns).replace("ı", "i"))) for meaning, patterns in _PATTERNS
)


def meaning_of(text: str) -> Meaning:
    """Return what an error text means, "" where nobody knows; case, `_` and `.` of message keys do not matter."""
    folded = re.sub(r"[._\s]+", " ", text.replace("İ", "i").casefold().replace("ı", "i"))
    for meaning, pattern in _COMPILED:
        if pattern.search(folded):
            return meaning
    return ""
