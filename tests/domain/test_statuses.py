"""What the panels' status words are taken for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smmtui.domain.statuses import Status, read_status

NAMED = [status for status in Status if status is not Status.UNKNOWN]


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("Pending", "PENDING", " pending ", "0", "Beklemede", "В ожидании"), Status.PENDING),
        (
            ("In progress", "Inprogress", "in_progress", "IN-PROGRESS", "In\u00a0progress", "İşlemde"),
            Status.IN_PROGRESS,
        ),
        (("Processing", "1", "İŞLENİYOR", "Обработка"), Status.PROCESSING),
        (("Completed", "complete", "2", "Tamamlandı", "TAMAMLANDI", "tamamlandi", "Выполнен"), Status.COMPLETED),
        (("Partial", "3", "Kısmi", "KISMİ", "KISMI", "Parcial"), Status.PARTIAL),
        (("Canceled", "Cancelled", "CANCELLED", "4", "İptal", "IPTAL", "i\u0307ptal edildi"), Status.CANCELED),
        (("Refunded", "Refunds", "5", "İade edildi"), Status.REFUNDED),
        (("Error", "Hata", "Ошибка"), Status.ERROR),
        (("Fail", "Failed", "Başarısız", "BAŞARISIZ"), Status.FAILED),
        (("Awaiting",), Status.AWAITING),
        (("Active", "Aktif"), Status.ACTIVE),
        (("Paused", "Duraklatıldı"), Status.PAUSED),
        (("Expired", "expired"), Status.EXPIRED),
        (("Rejected", "Reddedildi"), Status.REJECTED),
    ],
)
def test_spellings_of_one_status(words: tuple[str, ...], status: Status) -> None:
    """Case, blanks, hyphens, plural, number and language make no difference."""
    assert {word: read_status(word) for word in words} == dict.fromkeys(words, status)


@pytest.mark.parametrize("word", ["", " ", "6", "-", "completed?", "not completed", "?", "Unknown", "12"])
def test_a_word_that_nobody_has_met_is_unknown(word: str) -> None:
    """No other word is guessed at."""
    assert read_status(word) is Status.UNKNOWN


@given(st.text())
def test_any_word_has_a_status(word: str) -> None:
    """Whatever a panel writes, there is an answer, the same with blanks around it."""
    assert read_status(f" {word}\n") is read_status(word)


@pytest.mark.parametrize("status", NAMED)
def test_our_own_words_are_read_back(status: Status) -> None:
    """What is shown for a status is read as that status."""
    assert read_status(status.value) is status


def test_which_orders_are_over() -> None:
    """Completed, Partial, Canceled, Refunded, Expired and Rejected are final; Error and Failed want a person."""
    assert {status.value for status in Status if status.final} == {
        "Completed",
        "Partial",
        "Canceled",
        "Refunded",
        "Expired",
        "Rejected",
    }
    assert [status.value for status in Status if status.troubled] == ["Error", "Failed"]
    assert not Status.UNKNOWN.final
