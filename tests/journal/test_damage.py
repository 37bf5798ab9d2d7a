"""Damaged, missing, foreign, older and newer files."""

from __future__ import annotations

import os
import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from smmtui.domain.records import Order, Outcome, State, Tracked
from smmtui.errors import JournalError
from smmtui.journal import schema
from smmtui.journal.journal import Journal
from tests.journal.support import HandClock, accepted, draft

WRITTEN = 40


@pytest.fixture
def filled(tmp_path: Path, clock: HandClock) -> list[Order]:
    """A closed journal in `tmp_path` with orders of several states; its orders."""
    journal = Journal.open(tmp_path, clock=clock)
    for number in range(WRITTEN):
        sent = journal.intend(draft(f"https://example.com/p/{number}"))
        journal.conclude(sent.uuid, accepted(f"7{number:04}") if number % 5 else Outcome(State.UNKNOWN, reason="?"))
    journal.track([Tracked("elsewhere-1")])
    orders = journal.orders()
    journal.close()
    return orders


def essence(orders: list[Order]) -> set[tuple[object, ...]]:
    """What must never be lost of orders."""
    return {(order.uuid, order.state, order.id, order.link, order.fields, order.quantity) for order in orders}


def database_of(folder: Path) -> Path:
    """The file to be damaged."""
    return folder / "journal.db"


def reopened(folder: Path, clock: HandClock) -> tuple[str, list[Order], list[str]]:
    """The damage that the next start tells, the orders it shows, and what a full check says."""
    journal = Journal.open(folder, clock=clock)
    try:
        return journal.damage, journal.orders(), journal.check()
    finally:
        journal.close()


def cut_header(path: Path) -> None:
    path.write_bytes(b"not a database at all" + path.read_bytes()[21:])


def cut_half(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def cut_to_nothing(path: Path) -> None:
    os.truncate(path, 0)


def remove(path: Path) -> None:
    path.unlink()


def zero_a_page(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[8192:12288] = bytes(4096)
    path.write_bytes(data)


def foreign(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE songs (title)")


def drop_a_table(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("DROP TABLE events")


@pytest.mark.parametrize(
    "harm", [cut_header, cut_half, cut_to_nothing, remove, zero_a_page, foreign, drop_a_table], ids=lambda f: f.__name__
)
def test_a_damaged_journal_comes_back_whole_and_says_so(
    tmp_path: Path, clock: HandClock, filled: list[Order], harm: Callable[[Path], None]
) -> None:
    """Every order is there again, the old file is kept beside it, and the damage is told until it was read."""
    harm(database_of(tmp_path))
    harmed = database_of(tmp_path).read_bytes() if database_of(tmp_path).exists() else None
    journal = Journal.open(tmp_path, clock=clock)
    assert essence(journal.orders()) == essence(filled)
    assert "journal.db" in journal.damage and "before you order again" in journal.damage
    kept = list(tmp_path.glob("journal.db.damaged-*"))
    assert [path.read_bytes() for path in kept] == ([] if harmed is None else [harmed])
    with pytest.raises(JournalError, match="Nothing is sent until"):
        journal.intend(draft())
    journal.close()

    second = Journal.open(tmp_path, clock=clock)
    assert second.damage == journal.damage and second.check() == []
    second.acknowledge_damage()
    assert second.intend(draft()).state is State.SENDING
    second.close()
    assert reopened(tmp_path, clock)[0] == ""
    assert len(list(tmp_path.glob("journal.db.damaged-*"))) == len(kept)


def test_without_receipts_what_can_be_read_is_salvaged(tmp_path: Path, clock: HandClock, filled: list[Order]) -> None:
    """A zeroed page costs the rows on it and no others, even when the second copy is gone too."""
    (tmp_path / "receipts.jsonl").unlink()
    path = database_of(tmp_path)
    with closing(sqlite3.connect(path)) as db:
        leaves = "SELECT pageno FROM dbstat WHERE name = 'orders' AND pagetype = 'leaf'"
        try:
            page = db.execute(leaves).fetchall()[1][0]
        except sqlite3.OperationalError:
            pytest.skip("this SQLite cannot tell which page a row is on")
    data = bytearray(path.read_bytes())
    data[(page - 1) * 4096 : page * 4096] = bytes(4096)
    path.write_bytes(data)
    damage, orders, _ = reopened(tmp_path, clock)
    assert "salvage" in damage or "could be read" in damage
    assert WRITTEN // 3 < len(orders) < len(filled)
    assert essence(orders) < essence(filled)


@pytest.mark.parametrize("seed", range(4))
def test_no_flipped_bit_loses_an_order_unseen(tmp_path: Path, clock: HandClock, filled: list[Order], seed: int) -> None:
    """After any single flipped bit the orders are the same, or the start or the full check says what is wrong."""
    chance = random.Random(seed)
    whole = {path: path.read_bytes() for path in (database_of(tmp_path), tmp_path / "receipts.jsonl")}
    noticed = 0
    for _ in range(40):
        for path, data in whole.items():
            path.write_bytes(data)
        path = chance.choice(list(whole))
        harmed = bytearray(whole[path])
        harmed[chance.randrange(len(harmed))] ^= 1 << chance.randrange(8)
        path.write_bytes(harmed)
        clock.tick(1)
        damage, orders, wrong = reopened(tmp_path, clock)
        noticed += bool(damage or wrong)
        assert essence(orders) == essence(filled) or damage or wrong
        assert {order.id for order in orders} >= {order.id for order in filled} or wrong
    assert noticed > 5


def test_a_row_that_no_longer_reads_is_salvaged_at_the_next_start(
    tmp_path: Path, clock: HandClock, filled: list[Order]
) -> None:
    """A spoilt word in a row, which SQLite takes for whole, is an error in words once and mended by the next start."""
    reopened(tmp_path, clock)
    with closing(sqlite3.connect(database_of(tmp_path))) as db:
        db.execute("UPDATE orders SET state = 'acCepted' WHERE id = '70001'")
        db.commit()
    journal = Journal.open(tmp_path, clock=clock)
    with pytest.raises(JournalError, match="cannot be read"):
        journal.orders()
    journal.close()
    damage, orders, wrong = reopened(tmp_path, clock)
    assert essence(orders) == essence(filled) and wrong == []
    assert "70001" in damage and "found damaged in use" in damage


@pytest.mark.parametrize("lose", [remove, cut_half, cut_to_nothing], ids=lambda f: f.__name__)
def test_missing_receipts_are_written_again_and_told(
    tmp_path: Path, clock: HandClock, filled: list[Order], lose: Callable[[Path], None]
) -> None:
    """Receipts that are gone, all or some, are made from the rows again, and the user hears of it."""
    reopened(tmp_path, clock)
    lose(tmp_path / "receipts.jsonl")
    damage, orders, wrong = reopened(tmp_path, clock)
    assert orders == filled and wrong == []
    assert "without a receipt" in damage
    remove(database_of(tmp_path))
    assert essence(reopened(tmp_path, clock)[1]) == essence(filled)


def test_an_older_copy_of_the_database_is_noticed(tmp_path: Path, clock: HandClock, filled: list[Order]) -> None:
    """A backup put in place of the journal gets the orders since then from the receipts, whatever was placed after."""
    backup = database_of(tmp_path).read_bytes()
    journal = Journal.open(tmp_path, clock=clock)
    late = journal.conclude(journal.intend(draft("https://example.com/late")).uuid, accepted("99"))
    journal.close()
    database_of(tmp_path).write_bytes(backup)
    damage, orders, wrong = reopened(tmp_path, clock)
    assert "99" in damage and wrong == []
    assert essence(orders) == essence([*filled, late])


def test_the_full_check_finds_a_changed_id(tmp_path: Path, clock: HandClock, filled: list[Order]) -> None:
    """An id that was audited long ago and has changed since is named by the full check."""
    reopened(tmp_path, clock)
    with closing(sqlite3.connect(database_of(tmp_path))) as db:
        db.execute("UPDATE orders SET id = '70009999' WHERE id = '70001'")
        db.commit()
    damage, _, wrong = reopened(tmp_path, clock)
    assert damage == "" and len(wrong) == 1 and "70001" in wrong[0]


@pytest.mark.parametrize(("change", "value"), [("runs = ?", 0), ("runs = ?", 2), ("quantity = ?", 0)])
def test_the_full_check_finds_a_changed_number(
    tmp_path: Path, clock: HandClock, filled: list[Order], change: str, value: int
) -> None:
    """A number that a single bit has made another one is named by the full check."""
    reopened(tmp_path, clock)
    with closing(sqlite3.connect(database_of(tmp_path))) as db:
        db.execute(f"UPDATE orders SET {change} WHERE id = '70001'", (value,))  # noqa: S608  a constant of ours
        db.commit()
    damage, _, wrong = reopened(tmp_path, clock)
    assert damage == "" and len(wrong) == 1 and "70001" in wrong[0]


def test_damage_is_not_salvaged_under_a_living_window(tmp_path: Path, clock: HandClock) -> None:
    """While another window has the journal open, the file is left where it is and the sentence says what to do."""
    living = Journal.open(tmp_path, clock=clock)
    living.intend(draft())
    remove(database_of(tmp_path))
    with pytest.raises(JournalError, match="Close every smmtui window"):
        Journal.open(tmp_path, clock=clock)
    living.close()
    damage, orders, _ = reopened(tmp_path, clock)
    assert "missing" in damage and [order.state for order in orders] == [State.UNKNOWN]


def test_a_newer_file_is_left_alone(tmp_path: Path, clock: HandClock, filled: list[Order]) -> None:
    """A journal of a newer smmtui is refused in words and not changed by a byte."""
    with closing(sqlite3.connect(database_of(tmp_path))) as db:
        db.execute("PRAGMA user_version = 99")
    before = database_of(tmp_path).read_bytes()
    with pytest.raises(JournalError, match="newer smmtui"):
        Journal.open(tmp_path, clock=clock)
    assert database_of(tmp_path).read_bytes() == before
    assert not list(tmp_path.glob("*damaged*"))


def test_an_older_file_is_copied_and_brought_up(
    tmp_path: Path, clock: HandClock, filled: list[Order], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A migration keeps every order and leaves a whole copy of the file as it was."""
    now, more = len(schema.MIGRATIONS), (*schema.MIGRATIONS, ("ALTER TABLE requests ADD COLUMN later TEXT",))
    monkeypatch.setattr(schema, "MIGRATIONS", more)
    assert reopened(tmp_path, clock) == ("", filled, [])
    (copy,) = tmp_path.glob(f"journal.db.v{now}-*")
    assert copy.stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(copy)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (now,)
        assert db.execute("SELECT count(*) FROM orders").fetchone() == (len(filled),)
    assert reopened(tmp_path, clock) == ("", filled, [])
    assert len(list(tmp_path.glob(f"journal.db.v{now}-*"))) == 1


def test_a_failed_migration_changes_nothing(
    tmp_path: Path, clock: HandClock, filled: list[Order], monkeypatch: pytest.MonkeyPatch
) -> None:
    """When a step fails, the file stays as it was and the older program still reads it."""
    with monkeypatch.context() as patch:
        patch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, ("DROP TABLE events", "DROP INDEX absent")))
        with pytest.raises(JournalError, match="no such index"):
            Journal.open(tmp_path, clock=clock)
    assert reopened(tmp_path, clock) == ("", filled, [])


def test_a_damaged_receipt_is_named_by_its_line(tmp_path: Path, clock: HandClock, filled: list[Order]) -> None:
    """A flipped bit in a new receipt is told with the number an editor shows, and costs no order."""
    journal = Journal.open(tmp_path, clock=clock)
    journal.conclude(journal.intend(draft()).uuid, accepted("99"))
    journal.close()
    path = tmp_path / "receipts.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:-1], lines[-1].replace(b'"id":"99"', b'"id":"98"')]))
    damage, orders, _ = reopened(tmp_path, clock)
    assert f"1 damaged line(s) in the receipts ({len(lines)})" in damage
    assert orders[0].id == "99"


def test_requests_come_back_from_the_receipts(tmp_path: Path, clock: HandClock, filled: list[Order]) -> None:
    """Without a database a refill is known by its id again, and a cancel that was under way is unknown."""
    journal = Journal.open(tmp_path, clock=clock)
    accepted_one = next(order.uuid for order in filled if order.state is State.ACCEPTED)
    (refill,) = journal.requests.intend("refill", [accepted_one])
    journal.requests.conclude([replace(refill, state="requested", id="55")])
    journal.requests.intend("cancel", [accepted_one])
    journal.close()
    remove(database_of(tmp_path))
    again = Journal.open(tmp_path, clock=clock)
    assert [(r.kind, r.state, r.id) for r in again.requests.of(accepted_one)] == [
        ("refill", "requested", "55"),
        ("cancel", "unknown", None),
    ]
    again.close()


def test_damage_read_in_one_window_is_read_in_all(tmp_path: Path, clock: HandClock, filled: list[Order]) -> None:
    """A second window orders again as soon as the user has acknowledged the damage in the first."""
    remove(database_of(tmp_path))
    one, two = (Journal.open(tmp_path, clock=clock) for _ in range(2))
    with pytest.raises(JournalError, match="Nothing is sent"):
        two.intend(draft())
    one.acknowledge_damage()
    assert two.intend(draft()).state is State.SENDING
    one.close()
    two.close()


@pytest.mark.parametrize("name", ["audited", "last balance"])
@pytest.mark.parametrize("value", ['{"offset": "x", "tail": 1}', '{"offsat": 1}', '{"amount": "1.x"}', "[]", "7", "{"])
def test_a_spoilt_memory_keeps_nobody_out(
    tmp_path: Path, clock: HandClock, filled: list[Order], name: str, value: str
) -> None:
    """A bit flipped in what is only remembered is as if it had never been remembered."""
    with closing(sqlite3.connect(database_of(tmp_path))) as db:
        db.execute("INSERT OR REPLACE INTO preferences VALUES (?, ?)", (name, value))
        db.commit()
    assert reopened(tmp_path, clock) == ("", filled, [])
    with closing(Journal.open(tmp_path, clock=clock)) as journal:
        assert journal.preferences.last_balance() is None
