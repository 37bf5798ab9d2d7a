"""What a start reads in one go."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from smmtui.desk.first_look import FirstLook
from smmtui.domain.clock import SystemClock
from smmtui.errors import JournalError
from smmtui.journal.journal import Journal

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def test_a_journal_that_cannot_be_read_is_closed(tmp_path: Path) -> None:
    """Nothing of it stays open when the start gives up."""
    opened: list[Journal] = []

    def open_journal() -> Journal:
        opened.append(Journal.open(tmp_path, clock=SystemClock()))
        return opened[0]

    def unreadable() -> bytes:
        raise JournalError("no")

    with pytest.raises(JournalError):
        FirstLook.take(open_journal, unreadable, LONG_AGO, 10)
    with pytest.raises(JournalError):
        opened[0].requests.all()


def test_an_empty_journal_has_nothing_to_show(tmp_path: Path) -> None:
    """At the very first start there is neither order nor balance."""
    first = FirstLook.take(lambda: Journal.open(tmp_path, clock=SystemClock()), lambda: b"[]", LONG_AGO, 10)
    first.journal.close()
    assert (first.values, first.orders, first.requests, first.refused, first.balance) == ({}, [], [], [], None)
    assert first.head == b"[]"
