"""Kills, two windows, and disks that are full: real processes on real files."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from smmtui.domain.clock import SystemClock
from smmtui.domain.records import Order, State
from smmtui.errors import JournalError
from smmtui.journal import database, receipts
from smmtui.journal.journal import Journal
from smmtui.journal.lease import PollerLock
from tests.journal.support import HandClock, accepted, draft


@contextmanager
def child(folder: Path, mode: str, number: int = 0) -> Iterator[subprocess.Popen[str]]:
    """A second process, killed at the end at the latest."""
    command = [sys.executable, "-m", "tests.journal.child", str(folder), mode, str(number)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def books(folder: Path) -> dict[str, str]:
    """What the panel has taken: id by link."""
    wire = folder / "wire"
    return dict(line.split() for line in wire.read_text().splitlines()) if wire.exists() else {}


def assert_nothing_lost(folder: Path) -> list[Order]:
    """Every order in the panel's books is in the journal, accepted with its id or unknown with its link."""
    journal = Journal.open(folder, clock=SystemClock())
    orders = journal.orders()
    by_link = {order.link: order for order in orders}
    for link, id in books(folder).items():
        order = by_link[link]
        assert (order.state, order.id) in {(State.ACCEPTED, id), (State.UNKNOWN, None)}, (link, id, order)
    assert not [order for order in orders if order.state is State.SENDING]
    assert (journal.damage, journal.check()) == ("", [])
    journal.close()
    return orders


def test_killed_at_every_step_nothing_is_lost(tmp_path: Path) -> None:
    """Wherever a kill falls, half-written receipts included, the panel's books and the journal agree."""
    states = set()
    for step in range(1, 60):
        with child(tmp_path, "killed_at", step) as process:
            process.communicate()
        newest = {order.link: order for order in assert_nothing_lost(tmp_path)}.get(f"link-{step}")
        states.add(newest and newest.state)
        if process.returncode == 0:
            break
        assert process.returncode == -signal.SIGKILL
    assert process.returncode == 0 and step > 15
    assert states == {None, State.UNKNOWN, State.ACCEPTED}


@pytest.mark.parametrize("run", range(6))
def test_killed_at_any_time_nothing_is_lost(tmp_path: Path, run: int) -> None:
    """A kill out of the blue, in the midst of SQLite's own writing, loses nothing either."""
    with child(tmp_path, "killed_any_time", run) as process:
        assert process.stdout is not None
        process.stdout.readline()
        while len(books(tmp_path)) < random.Random(run).randint(1, 40):
            pass
        process.kill()
    orders = assert_nothing_lost(tmp_path)
    assert len(orders) - len(books(tmp_path)) in (0, 1)


def test_what_a_living_window_sends_is_left_to_it(tmp_path: Path, journal: Journal) -> None:
    """Another window's `sending` stays, also while that window is stopped; after kill -9 it is unknown."""
    with child(tmp_path, "holding") as process:
        assert process.stdout is not None
        uuid = process.stdout.readline().strip()
        os.kill(process.pid, signal.SIGSTOP)
        second = Journal.open(tmp_path, clock=SystemClock())
        assert journal.recover() == second.recover() == []
        assert [order.state for order in second.orders()] == [State.SENDING]
        second.close()
        process.kill()
    (lost,) = journal.recover()
    assert (lost.uuid, lost.state, lost.reason) == (uuid, State.UNKNOWN, "smmtui ended while sending")
    assert journal.order(uuid) == lost
    assert [event.after for event in journal.events(uuid)] == [State.SENDING, State.UNKNOWN]


def test_two_windows_never_send_the_same_row(tmp_path: Path, journal: Journal) -> None:
    """Two processes that send one basket at the same time start every row exactly once."""
    journal.basket.queue([draft(f"row-{number}") for number in range(60)])
    with child(tmp_path, "sending_the_queue") as one, child(tmp_path, "sending_the_queue") as two:
        started = []
        for process in (one, two):
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for process in (one, two):
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        for process in (one, two):
            started += process.communicate()[0].split()
    assert sorted(started) == sorted(f"row-{number}" for number in range(60))
    assert len({order.sequence for order in journal.orders()}) == 60


def test_another_windows_order_is_noticed(tmp_path: Path, journal: Journal) -> None:
    """The number that a window watches moves when another writes, and not by its own writing."""
    before = journal.data_version()
    journal.intend(draft())
    assert journal.data_version() == before
    with child(tmp_path, "holding") as process:
        assert process.stdout is not None
        process.stdout.readline()
        assert journal.data_version() != before
        assert [order.link for order in journal.orders(limit=1)][0:1] == ["held"]


def test_a_locked_journal_is_said_in_words(tmp_path: Path, clock: HandClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """A window stopped in mid-commit gives a sentence with a remedy, never "database is locked"."""
    monkeypatch.setattr(database, "_BUSY_SECONDS", 0.05)
    one, two = (Journal.open(tmp_path, clock=clock) for _ in range(2))
    with one._database.transaction(), pytest.raises(JournalError, match=r"Another smmtui window.*fg") as caught:
        two.intend(draft())
    assert "database is locked" not in str(caught.value)
    assert two.orders() == []
    one.close()
    two.close()


def test_windows_opened_at_once_share_one_new_journal(tmp_path: Path) -> None:
    """Threads that open a folder for the first time together all get the same, whole journal."""
    opened: list[Journal] = []
    threads = [
        threading.Thread(target=lambda: opened.append(Journal.open(tmp_path, clock=SystemClock()))) for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    opened[0].intend(draft())
    assert [len(journal.orders()) for journal in opened] == [1] * 6
    for journal in opened:
        journal.close()


def test_one_window_polls_and_another_takes_over(tmp_path: Path) -> None:
    """The poller's lock is had by one at a time and is free as soon as it is let go."""
    one, two = PollerLock(tmp_path), PollerLock(tmp_path)
    assert one.try_acquire() and one.try_acquire() and not two.try_acquire()
    one.release()
    assert two.try_acquire() and not one.try_acquire()
    two.release()


@pytest.mark.parametrize("extra", [0, 300, 700, 5000, 20000, 60000])
def test_on_a_full_disk_nothing_is_sent_unseen(tmp_path: Path, journal: Journal, extra: int) -> None:
    """Whichever file is full first, ordering stops with a sentence and what was sent is all in the journal."""
    for number in range(20):
        journal.conclude(journal.intend(draft(f"before-{number}")).uuid, accepted(f"9{number}"))
    journal.close()
    with child(tmp_path, "out_of_room", extra) as process:
        said = process.communicate()[0]
    assert process.returncode == 0 and ("room" in said or "disk" in said), said
    assert len(assert_nothing_lost(tmp_path)) >= 20


def test_an_intent_without_a_receipt_is_taken_back(journal: Journal) -> None:
    """Where the receipt cannot be written the order is unsent, and the caller hears it."""
    journal.receipts.path.mkdir()
    with pytest.raises(JournalError, match="receipt could not be written"):
        journal.intend(draft())
    (order,) = journal.orders()
    assert (order.state, order.reason) == (State.UNSENT, "its receipt could not be written")
    journal.receipts.path.rmdir()


def test_an_intent_is_not_believed_before_the_disk_has_it(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    """A receipt that was written but not synced is as good as none: the order is unsent."""

    def refuse(descriptor: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(receipts, "sync", refuse)
    with pytest.raises(JournalError, match="Input/output error"):
        journal.intend(draft())
    assert [order.state for order in journal.orders()] == [State.UNSENT]


def test_a_commit_is_durable_before_it_returns(journal: Journal) -> None:
    """The database syncs every commit and keeps no log that two windows could corrupt."""
    assert journal._database.number("PRAGMA synchronous") == 2
    assert journal._database.row("PRAGMA journal_mode") == ("truncate",)


def test_a_killed_process_leaves_no_lease_for_ever(tmp_path: Path, clock: HandClock) -> None:
    """The next start removes the lease files of the dead and keeps those of the living."""
    with child(tmp_path, "holding") as process:
        assert process.stdout is not None
        process.stdout.readline()
        first = Journal.open(tmp_path, clock=clock)
        assert len(list((tmp_path / "leases").iterdir())) == 2
    second = Journal.open(tmp_path, clock=clock)
    assert len(list((tmp_path / "leases").iterdir())) == 2
    first.close()
    second.close()
    assert list((tmp_path / "leases").iterdir()) == []


def test_a_folder_that_cannot_be_is_said_in_words(tmp_path: Path, clock: HandClock) -> None:
    """A file in the folder's place is named in a sentence, not in a traceback."""
    (tmp_path / "taken").write_text("")
    with pytest.raises(JournalError, match=r"taken cannot be used.*Check"):
        Journal.open(tmp_path / "taken", clock=clock)


def test_an_id_outlives_a_database_that_cannot_be_written(tmp_path: Path, clock: HandClock) -> None:
    """An outcome that the database did not take comes back from the receipts at the next start."""
    journal = Journal.open(tmp_path, clock=clock)
    sent = journal.intend(draft())
    journal._database._connection.execute("PRAGMA query_only = ON")
    with pytest.raises(JournalError, match="cannot be written"):
        journal.conclude(sent.uuid, accepted("4711"))
    journal.close()
    again = Journal.open(tmp_path, clock=clock)
    (order,) = again.orders()
    assert (order.state, order.id, again.damage) == (State.ACCEPTED, "4711", "")
    again.close()
