"""What is queued goes out once, as it was confirmed, whatever the disk has done to the file meanwhile."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from smmtui.domain.records import Order, Outcome, State
from smmtui.domain.typed_row import TypedRow
from smmtui.errors import JournalError
from smmtui.journal.journal import Journal
from smmtui.journal.reading import ReadOnlyJournal
from tests.journal.support import START, HandClock, accepted, draft
from tests.journal.test_notes import make_version_1

UNKNOWN, UNSENT = Outcome(State.UNKNOWN, reason="no answer"), Outcome(State.UNSENT, reason="nobody listens")


def queued(journal: Journal) -> Order:
    """An order that waits, with its row."""
    typed = TypedRow("row-1", service="17", values={"link": "https://a.test/1", "quantity": "1000"})
    journal.basket.put([typed])
    (order,) = journal.basket.queue([draft("https://a.test/1")], [typed])
    return order


def spoil(folder: Path, statement: str) -> None:
    """Change the file behind the journal's back."""
    with closing(sqlite3.connect(folder / "journal.db", isolation_level=None)) as database:
        assert database.execute(statement).rowcount


def start_with_backup(folder: Path, backup: bytes, clock: HandClock) -> Journal:
    """The next start, with an older copy in the file's place."""
    (folder / "journal.db").write_bytes(backup)
    return Journal.open(folder, clock=clock)


@pytest.mark.parametrize("settled", [False, True])
@pytest.mark.parametrize("outcome", [None, UNKNOWN], ids=["cut off", "unknown"])
def test_a_backup_does_not_send_again_what_was_sent(
    tmp_path: Path, clock: HandClock, outcome: Outcome | None, settled: bool
) -> None:
    """What was queued in the backup and sent since may have been placed: the receipts say so, and it is not queued."""
    journal = Journal.open(tmp_path, clock=clock)
    order = queued(journal)
    backup = (tmp_path / "journal.db").read_bytes()
    journal.start_sending(order.uuid)
    if outcome is not None:
        journal.conclude(order.uuid, outcome)
        if settled:
            journal.settle(order.uuid, "written off", None, {})
    journal.close()
    with closing(start_with_backup(tmp_path, backup, clock)) as journal:
        (found,) = journal.orders()
        assert found.state is (State.SETTLED if outcome and settled else State.UNKNOWN)
        assert order.uuid in journal.damage
        journal.acknowledge_damage()
        assert journal.start_sending(order.uuid) is None
        assert journal.check() == []


def test_a_backup_does_not_call_unsent_what_was_sent_later(tmp_path: Path, clock: HandClock) -> None:
    """An order that was unsent, queued again and then lost is unknown, although the backup says that nothing left."""
    journal = Journal.open(tmp_path, clock=clock)
    order = queued(journal)
    journal.start_sending(order.uuid)
    journal.conclude(order.uuid, UNSENT)
    backup = (tmp_path / "journal.db").read_bytes()
    journal.basket.requeue(order.uuid)
    journal.start_sending(order.uuid)
    journal.conclude(order.uuid, UNKNOWN)
    journal.close()
    with closing(start_with_backup(tmp_path, backup, clock)) as journal:
        assert [each.state for each in journal.orders()] == [State.UNKNOWN]


@pytest.mark.parametrize(
    "harm",
    [
        "fields = replace(fields, '1000', '9000')",
        "fields = replace(fields, 'a.test', 'b.test')",
        "rate = '0.0000009'",
        "estimate = '0.0000009'",
    ],
)
def test_an_order_that_is_not_as_confirmed_any_more_is_not_sent(
    tmp_path: Path, journal: Journal, clock: HandClock, harm: str
) -> None:
    """No receipt tells of a queued order yet, so a flipped bit is noticed here; its row is taken back and goes on."""
    order = queued(journal)
    spoil(tmp_path, f"UPDATE orders SET {harm} WHERE state = 'queued'")  # noqa: S608 own statement
    with pytest.raises(JournalError, match="not what you confirmed any more, so it was not sent"):
        journal.start_sending(order.uuid)
    assert [each.state for each in journal.orders()] == [State.QUEUED]
    assert not journal.receipts.path.exists()
    journal.basket.take_back(["row-1"])
    (row,) = journal.basket.rows()
    assert row.order is None
    (again,) = journal.basket.queue([draft("https://a.test/1")], [row])
    assert journal.start_sending(again.uuid) is not None


def test_a_spoilt_memory_of_the_confirmation_sends_nothing(tmp_path: Path, journal: Journal) -> None:
    """Where it cannot be told any more what was confirmed, nothing is sent, in words."""
    order = queued(journal)
    for harm in ("'{'", "'[]'", '\'{"check": "0"}\''):
        spoil(tmp_path, f"UPDATE events SET evidence = {harm} WHERE after = 'queued'")  # noqa: S608 own statement
        with pytest.raises(JournalError, match="was not sent"):
            journal.start_sending(order.uuid)


def test_an_order_queued_by_the_first_version_can_be_sent(tmp_path: Path, clock: HandClock) -> None:
    """It has neither a row nor a checksum; it goes out once, and both copies agree."""
    journal = Journal.open(tmp_path, clock=clock)
    (order,) = journal.basket.queue([draft()])
    journal.close()
    spoil(tmp_path, "UPDATE events SET evidence = '{}'")
    make_version_1(tmp_path / "journal.db")
    with closing(Journal.open(tmp_path, clock=clock)) as journal:
        assert journal.damage == ""
        assert journal.start_sending(order.uuid) is not None
        assert journal.start_sending(order.uuid) is None
        journal.conclude(order.uuid, accepted("1"))
        assert journal.check() == []


def test_an_order_counts_from_when_it_is_sent(tmp_path: Path, clock: HandClock) -> None:
    """What waited since yesterday is of today once it goes out, in both copies, however often it was tried."""
    journal = Journal.open(tmp_path, clock=clock)
    order = queued(journal)
    clock.tick(86_400)
    sent = journal.start_sending(order.uuid)
    assert sent is not None and sent.placed == START + timedelta(days=1)
    journal.conclude(order.uuid, UNSENT)
    journal.basket.requeue(order.uuid)
    clock.tick(86_400)
    journal.start_sending(order.uuid)
    journal.conclude(order.uuid, accepted("1"))
    (found,) = journal.orders()
    assert found.placed == START + timedelta(days=2)
    assert journal.check() == []
    journal.close()
    (tmp_path / "journal.db").unlink()
    with closing(Journal.open(tmp_path, clock=clock)) as journal:
        assert [each.placed for each in journal.orders()] == [found.placed]


@pytest.mark.parametrize("beside", [False, True], ids=["alone", "beside a window"])
def test_a_second_try_without_its_receipt_is_no_damage(
    tmp_path: Path, clock: HandClock, beside: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed between the row and the receipt of a second try on another day: nothing had left, nothing is damaged."""
    journal = Journal.open(tmp_path, clock=clock)
    order = queued(journal)
    journal.start_sending(order.uuid)
    journal.conclude(order.uuid, UNSENT)
    journal.basket.requeue(order.uuid)
    clock.tick(86_400)
    monkeypatch.setattr(journal, "_hand_receipt", lambda *_: None)
    living = Journal.open(tmp_path, clock=clock) if beside else None
    journal.start_sending(order.uuid)
    journal.close()
    if living is not None:
        assert [each.state for each in living.recover()] == [State.UNKNOWN]
        living.close()
    with closing(Journal.open(tmp_path, clock=clock)) as journal:
        (found,) = journal.orders()
        assert found.state in (State.UNSENT, State.UNKNOWN)
        assert (journal.damage, journal.check()) == ("", [])


@pytest.mark.parametrize("value", ["'x7'", "'{'", "''"])
def test_a_spoilt_revision_is_one_like_others(tmp_path: Path, clock: HandClock, value: str) -> None:
    """A bit flipped in a number that only tells of news keeps nobody from the basket."""
    journal = Journal.open(tmp_path, clock=clock)
    queued(journal)
    journal.close()
    spoil(tmp_path, f"UPDATE preferences SET value = {value} WHERE key = 'basket revision'")  # noqa: S608 own statement
    with closing(Journal.open(tmp_path, clock=clock)) as journal:
        before = journal.basket.revision
        journal.basket.put([TypedRow("row-2")])
        assert journal.basket.revision == before + 1
        assert len(journal.basket.rows()) == 2


@pytest.mark.parametrize(
    "harm", ["row = replace(row, '{', '[')", "row = replace(row, '1000', '9000')", "key = 'row-9'", "checksum = 1"]
)
def test_a_basket_row_that_is_not_as_typed_stops_ordering_and_is_named(
    tmp_path: Path, clock: HandClock, harm: str
) -> None:
    """`doctor` says so; whoever touches it is told in words; the next start salvages the rest and orders nothing."""
    journal = Journal.open(tmp_path, clock=clock)
    queued(journal)
    second = TypedRow("row-2", place=1, service="17", values={"link": "https://a.test/2", "quantity": "1000"})
    journal.basket.put([second, TypedRow("row-3", place=2)])
    spoil(tmp_path, f"UPDATE basket SET {harm} WHERE key = 'row-2'")  # noqa: S608 own statement
    assert any("basket" in line for line in journal.check())
    with ReadOnlyJournal.open(tmp_path) as reading:
        assert any("basket" in line for line in reading.check())
    with pytest.raises(JournalError, match="cannot be read"):
        journal.basket.remove(["row-2", "row-9"])
    journal.close()
    with closing(Journal.open(tmp_path, clock=clock)) as journal:
        assert [row.name for row in journal.basket.rows()] == ["row-1", "row-3"]
        assert "1 orders and 2 rows of the basket could be read" in journal.damage
        order = journal.orders()[0]
        with pytest.raises(JournalError, match="Nothing is sent until"):
            journal.start_sending(order.uuid)
