"""The user's own words about an order: kept, copied, and not taken for the panel's."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from smmtui.domain.records import Order, OrderStatus
from smmtui.domain.statuses import Status
from smmtui.domain.tracking import advance
from smmtui.errors import JournalError
from smmtui.journal.journal import Journal
from smmtui.journal.schema import MIGRATIONS
from tests.journal.support import HandClock, accepted, draft

NOTED = replace(draft(), note="for Ada, “fast” ✓", tags=("vip", "june"))


def placed(journal: Journal, id: str = "70001") -> Order:
    """An accepted order that was placed with a note and two tags."""
    return journal.conclude(journal.intend(NOTED).uuid, accepted(id))


def reopened(folder: Path, clock: HandClock) -> tuple[str, list[Order], list[str]]:
    """The damage that the next start tells, the orders it shows, and what a full check says."""
    journal = Journal.open(folder, clock=clock)
    try:
        return journal.damage, journal.orders(), journal.check()
    finally:
        journal.close()


def make_version_1(path: Path) -> None:
    """Turn the file into one from before there were notes, with the same rows."""
    older = path.with_name("older.db")
    with closing(sqlite3.connect(older, isolation_level=None)) as db:
        for statement in MIGRATIONS[0]:
            db.execute(statement)
        db.execute("PRAGMA user_version = 1")
        db.execute("ATTACH ? AS newer", (str(path),))
        for (table,) in db.execute("SELECT name FROM main.sqlite_schema WHERE type = 'table'").fetchall():
            names = ", ".join(row[1] for row in db.execute(f"PRAGMA main.table_info({table})"))
            db.execute(f"INSERT INTO main.{table} ({names}) SELECT {names} FROM newer.{table}")  # noqa: S608 own names
    os.replace(older, path)


def test_an_order_keeps_the_note_it_was_placed_with(journal: Journal) -> None:
    """Note and tags are there from the intent on, and are no part of what was sent."""
    order = journal.intend(NOTED)
    assert (order.note, order.tags) == ("for Ada, “fast” ✓", ("vip", "june"))
    assert journal.order(order.uuid) == order
    assert order.fields == draft().fields


def test_a_note_can_be_changed_whatever_becomes_of_the_order(journal: Journal) -> None:
    """The change is an event of the order, and neither its outcome nor its status takes it back."""
    order = journal.intend(NOTED)
    journal.notes.set(order.uuid, "for Bob", ("july",))
    after = journal.conclude(order.uuid, accepted("70001"))
    assert (after.note, after.tags, after.id) == ("for Bob", ("july",), "70001")
    # As another window does that has not heard of the change.
    stale = replace(after, note="for Ada", tags=())
    journal.record([advance(stale, OrderStatus(Status.COMPLETED, "Completed"), after.placed)], after.placed)
    known = journal.order(order.uuid)
    assert known is not None
    assert (known.note, known.tags, known.status) == ("for Bob", ("july",), Status.COMPLETED)
    assert {"note": "for Bob", "tags": "july"} in [event.evidence for event in journal.events(order.uuid)]


def test_a_note_that_is_the_same_is_no_event(journal: Journal) -> None:
    """Leaving the dialog as it was writes nothing."""
    order = placed(journal)
    events = journal.events(order.uuid)
    assert journal.notes.set(order.uuid, order.note, order.tags) == order
    assert journal.events(order.uuid) == events


def test_an_order_that_is_not_there_takes_no_note(journal: Journal) -> None:
    """It is said, not ignored."""
    with pytest.raises(JournalError, match="has no order"):
        journal.notes.set("f" * 32, "x", ())


def test_notes_come_back_from_the_receipts(tmp_path: Path, clock: HandClock) -> None:
    """Without a database the last note and tags are known, beside the id."""
    journal = Journal.open(tmp_path, clock=clock)
    first, second = placed(journal), placed(journal, "70002")
    journal.notes.set(second.uuid, "for Bob", ())
    journal.close()
    (tmp_path / "journal.db").unlink()
    _, orders, wrong = reopened(tmp_path, clock)
    kept = {order.id: (order.note, order.tags) for order in orders}
    assert kept == {first.id: (first.note, first.tags), second.id: ("for Bob", ())}
    assert wrong == []


def test_the_receipt_of_a_note_takes_no_id_away(tmp_path: Path, clock: HandClock) -> None:
    """A note that another window writes while the outcome comes says nothing of the state, in whatever order."""
    journal = Journal.open(tmp_path, clock=clock)
    order = journal.intend(NOTED)
    journal.notes.set(order.uuid, "for Bob", ())
    journal.conclude(order.uuid, accepted("70001"))
    journal.close()
    receipts = tmp_path / "receipts.jsonl"
    intent, noted, outcome = receipts.read_bytes().splitlines(keepends=True)
    receipts.write_bytes(intent + outcome + noted)
    (tmp_path / "journal.db").unlink()
    _, (restored,), _ = reopened(tmp_path, clock)
    assert (restored.id, restored.note) == ("70001", "for Bob")


def test_a_file_from_before_there_were_notes_is_brought_up(tmp_path: Path, clock: HandClock) -> None:
    """The panel's words stay the panel's, no order has a note, and a copy of the file as it was is left."""
    journal = Journal.open(tmp_path, clock=clock)
    order = journal.conclude(journal.intend(draft()).uuid, accepted("70001"))
    order = advance(order, "Incorrect order ID", order.placed)
    journal.record([order], order.placed)
    journal.close()
    make_version_1(tmp_path / "journal.db")
    assert reopened(tmp_path, clock) == ("", [order], [])
    assert (order.trouble, order.note) == ("Incorrect order ID", "")
    (copy,) = tmp_path.glob("journal.db.v1-*")
    assert copy.stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(copy)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (1,)
        assert db.execute("SELECT note FROM orders").fetchone() == ("Incorrect order ID",)


def test_a_damaged_file_from_before_there_were_notes_is_salvaged(tmp_path: Path, clock: HandClock) -> None:
    """Every row that can be read comes over with its status, although it lacks the newer columns."""
    journal = Journal.open(tmp_path, clock=clock)
    order = journal.conclude(journal.intend(draft()).uuid, accepted("70001"))
    order = advance(order, OrderStatus(Status.PARTIAL, "Partial", remains=7), order.placed)
    journal.record([order], order.placed)
    journal.close()
    make_version_1(tmp_path / "journal.db")
    (tmp_path / "journal.db.suspect").touch()
    damage, orders, wrong = reopened(tmp_path, clock)
    assert "1 orders and 0 rows of the basket could be read" in damage
    assert (orders, wrong) == ([order], [])
