"""`kill -9` at any instant, again and again, while orders go out: the panel's ledger and the journal agree."""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Iterator
from decimal import Decimal
from itertools import count
from pathlib import Path

import pytest

from smmtui.domain.clock import SystemClock
from smmtui.domain.records import Order
from smmtui.journal.journal import Journal
from tests.faults.forks import Placers
from tests.faults.ledger import Ledger
from tests.faults.plans import random_faults
from tests.faults.server import CONNECT, FAULTS, FaultServer
from tests.faults.verdict import counted, judge

KILLS = 30
KILLS_LONG = 250
RICH = Decimal(10**9)


@pytest.fixture(scope="module")
def placers() -> Iterator[Placers]:
    """The process that placers are forked from."""
    with Placers() as running:
        yield running


def journal_after(folder: Path) -> list[Order]:
    """What the next start finds; it must not find damage, nor rows and receipts that differ."""
    journal = Journal.open(folder, clock=SystemClock())
    try:
        assert (journal.damage, journal.check()) == ("", [])
        return journal.orders()
    finally:
        journal.close()


def an_instant(chance: random.Random, ledger: Ledger) -> None:
    """Return at some instant of a start or of an order: after some more orders, and a moment of any length."""
    until = _asked(ledger) + chance.choice((0, 1, 2, 5))
    ledger.wait_for(lambda ledger: _asked(ledger) >= until, timeout=30)
    # The length is the chance that this test is about; nothing waits for it to be long enough.
    time.sleep(chance.uniform(0, 0.05))


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("faulty", [False, True], ids=["sound", "faulty"])
@pytest.mark.parametrize("windows", [1, 2])
def test_killed_at_any_instant_nothing_is_lost_and_nothing_is_doubled(
    tmp_path: Path, placers: Placers, chance: random.Random, long: bool, windows: int, faulty: bool
) -> None:
    """Every order in the panel's books has one row, with its id or unknown, and no intent was ever sent twice."""
    kills, runs = KILLS_LONG if long else KILLS, count()
    with FaultServer(balance=RICH) as server:

        def start() -> int:
            if faulty:
                server.plan("add", random_faults(chance, 20))
                server.plan(CONNECT, [chance.choice((None, None, None, FAULTS["close_at_once"]))])
            return placers.start("storming", folder=tmp_path, url=server.url, run=next(runs))

        running = [start() for _ in range(windows)]
        for _ in range(kills):
            an_instant(chance, server.ledger)
            victim = running.pop(chance.randrange(windows))
            assert placers.kill(victim) == -signal.SIGKILL, "a placer ended by itself: its traceback is above"
            running.append(start())
        assert {placers.kill(pid) for pid in running} == {-signal.SIGKILL}
        server.ledger.wait_for(_answered)
    orders = journal_after(tmp_path / "journal")
    print(f"{kills + windows} kills: {counted(server.ledger, orders)}")
    verdict = judge(server.ledger, orders)
    assert verdict.kept, verdict
    assert len(server.ledger.orders) > kills // 2


def _asked(ledger: Ledger) -> int:
    return sum(request.action == "add" for request in ledger.requests)


def _answered(ledger: Ledger) -> bool:
    return len(ledger.answers) == sum(request.complete for request in ledger.requests)
