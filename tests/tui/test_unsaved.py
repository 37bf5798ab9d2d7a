"""A disk that fails between the panel's answer and the journal."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from smmtui.domain.records import Order, Outcome
from smmtui.errors import JournalError
from smmtui.journal.journal import Journal
from tests.tui.support import Stage, press, see, text_of, until
from tests.tui.test_screens import LINK, order_form, review


async def test_an_id_that_cannot_be_saved_stays_on_the_screen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The dialog stays until the user has written the id down; it is said again at the end; nothing more is sent."""
    stage = Stage(tmp_path)

    def full(self: Journal, uuid: str, outcome: Outcome) -> Order:
        raise JournalError("The disk is full.")

    async with stage.app.run_test(size=(120, 36), notifications=True) as pilot:
        await order_form(pilot, "instagram followers type:default min<=100")
        await press(pilot, LINK, "enter", "100")
        await review(pilot)
        monkeypatch.setattr(Journal, "conclude", full)
        await press(pilot, "y")
        await see(pilot, "Write down its id:", "id 23501", "further order is sent")
        await press(pilot, "enter", "escape", "q", "y", "2")
        assert "id 23501" in text_of(pilot)
        await see(pilot, "I have written it down")
        await press(pilot, "W")
        await until(pilot, lambda: "Write down its id:" not in text_of(pilot))
        await press(pilot, "enter")
        await see(pilot, "Link")
        await press(pilot, "https://example.com/another", "enter", "100")
        await review(pilot)
        await press(pilot, "y")
        await see(pilot, "Not sent", "so no")
    assert len(stage.market.ledger) == 1
    assert [("23501" in words, "Write down" in words) for words in stage.app.last_words] == [(True, True)]


async def test_an_id_that_comes_too_late_for_the_screen_is_said_at_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The panel has answered, the disk takes its time and then fails, and the app is ended meanwhile."""
    stage, held = Stage(tmp_path), threading.Event()

    def slow(self: Journal, uuid: str, outcome: Outcome) -> Order:
        held.wait(20)
        raise JournalError("The disk is full.")

    async with stage.app.run_test(size=(120, 36)) as pilot:
        await order_form(pilot, "instagram followers type:default min<=100")
        await press(pilot, LINK, "enter", "100")
        await review(pilot)
        monkeypatch.setattr(Journal, "conclude", slow)
        await press(pilot, "y")
        await until(pilot, lambda: stage.market.ledger)
        threading.Timer(0.5, held.set).start()
    assert [("23501" in words, "Write down" in words) for words in stage.app.last_words] == [(True, True)]
