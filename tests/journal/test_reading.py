"""The journal read by somebody who must not touch it."""

from __future__ import annotations

import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from smmtui.domain.clock import SystemClock
from smmtui.domain.records import Order, State
from smmtui.errors import JournalError
from smmtui.journal.journal import Journal
from smmtui.journal.reading import ReadOnlyJournal
from tests.journal.support import HandClock, accepted, draft

# Changes every order and is killed while the pages are being written: SQLite has to take it back.
_KILLED_IN_MID_WRITE = """
import os, sqlite3, sys
journal = sqlite3.connect(sys.argv[1], isolation_level=None)
journal.execute("PRAGMA journal_mode=TRUNCATE")
journal.execute("PRAGMA cache_size=5")
journal.execute("BEGIN IMMEDIATE")
journal.execute("UPDATE orders SET link = link || hex(zeroblob(400))")
os.kill(os.getpid(), 9)
"""


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of the folder."""
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_where_there_is_no_journal_there_are_no_orders_and_none_is_made(tmp_path: Path) -> None:
    """Reading an account that was never used leaves no trace."""
    with ReadOnlyJournal.open(tmp_path / "new") as journal:
        assert (journal.orders(), journal.check(), journal.unread_damage(), journal.abandoned()) == ([], [], "", 0)
    assert not list(tmp_path.iterdir())


def test_what_a_window_is_sending_is_read_and_left_to_it(tmp_path: Path, journal: Journal) -> None:
    """Beside an open window every order is seen as it stands, oldest first, and the files stay as they are."""
    orders = [journal.intend(draft()), journal.conclude(journal.intend(draft()).uuid, accepted("7"))]
    before = contents(tmp_path)
    with ReadOnlyJournal.open(tmp_path) as reading:
        assert reading.orders() == orders
        assert reading.abandoned() == 0
        assert reading.check() == []
    assert contents(tmp_path) == before
    assert journal.order(orders[0].uuid) == orders[0]


def test_what_a_dead_window_was_sending_is_counted_and_not_recovered(tmp_path: Path, journal: Journal) -> None:
    """Calling it unknown is for the next start."""
    order = journal.intend(draft())
    journal.close()
    before = contents(tmp_path)
    with ReadOnlyJournal.open(tmp_path) as reading:
        assert reading.orders() == [order] and order.state is State.SENDING
        assert reading.abandoned() == 1
    assert contents(tmp_path) == before


def test_a_change_that_a_kill_cut_off_is_not_seen_and_not_taken_back(tmp_path: Path, journal: Journal) -> None:
    """The orders are those before the change, and the leftover is there for the next start to play back."""
    orders = [journal.conclude(journal.intend(draft()).uuid, accepted(f"{number}")) for number in range(1, 60)]
    journal.close()
    subprocess.run([sys.executable, "-c", _KILLED_IN_MID_WRITE, str(tmp_path / "journal.db")], check=False)
    before = contents(tmp_path)
    assert len(before[str(tmp_path / "journal.db-journal")]) > 1000
    with ReadOnlyJournal.open(tmp_path) as reading:
        assert reading.orders() == orders
        assert reading.check() == []
    assert contents(tmp_path) == before
    with closing(Journal.open(tmp_path, clock=HandClock())) as again:
        assert again.orders() == orders[::-1]


def zero_a_page(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[8192:12288] = bytes(4096)
    path.write_bytes(data)


def flip_a_bit_of_a_state(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"accepted", b"acceptad", 1))


@pytest.mark.parametrize(
    "damage",
    [
        zero_a_page,
        flip_a_bit_of_a_state,
        lambda path: path.write_bytes(b"no database" + path.read_bytes()[11:]),
        lambda path: path.write_bytes(b""),
        lambda path: path.unlink(),
    ],
    ids=["a page of zeros", "a flipped bit", "no header", "empty", "missing"],
)
def test_damage_is_told_and_nothing_of_it_changed(tmp_path: Path, journal: Journal, damage: object) -> None:
    """No half of a journal is passed off as the whole, and no evidence is touched, marked or mended."""
    for number in range(1, 40):
        journal.conclude(journal.intend(draft()).uuid, accepted(f"{number}"))
    journal.close()
    assert callable(damage)
    damage(tmp_path / "journal.db")
    before = contents(tmp_path)
    with ReadOnlyJournal.open(tmp_path) as reading, pytest.raises(JournalError, match=r"journal\.db"):
        reading.orders()
    assert contents(tmp_path) == before


def test_an_order_placed_meanwhile_is_no_difference(tmp_path: Path) -> None:
    """While a window places one order after the other, rows and receipts are never said to differ."""
    journal = Journal.open(tmp_path, clock=SystemClock())
    placed: list[Order] = []

    def place() -> None:
        for number in range(1, 151):
            placed.append(journal.conclude(journal.intend(draft()).uuid, accepted(f"{number}")))

    window = threading.Thread(target=place)
    window.start()
    checks = 0
    try:
        while window.is_alive():
            with ReadOnlyJournal.open(tmp_path) as reading:
                assert reading.check() == []
            checks += 1
    finally:
        window.join()
        journal.close()
    assert checks and len(placed) == 150


def test_a_journal_of_a_newer_smmtui_is_refused(tmp_path: Path, journal: Journal) -> None:
    """A file that this program does not know is not read by guess."""
    with journal._database.transaction() as write:
        write.execute("PRAGMA user_version = 99")
    journal.close()
    with pytest.raises(JournalError, match="newer smmtui"), ReadOnlyJournal.open(tmp_path):
        pass


def test_a_fault_of_the_reader_is_not_blamed_on_the_journal(tmp_path: Path) -> None:
    """What fails while the orders are used, such as a full disk, keeps its own name."""
    with pytest.raises(OSError, match="full"), ReadOnlyJournal.open(tmp_path):
        raise OSError("full")
