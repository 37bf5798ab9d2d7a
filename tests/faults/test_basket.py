"""A basket of two hundred against a panel that refuses, falls silent and runs out of money, and `kill -9` meanwhile."""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest

from smmtui.domain.clock import SystemClock
from smmtui.domain.records import Order, State
from smmtui.journal.journal import Journal
from tests.desk.support import Rig, until
from tests.faults.forks import Placers
from tests.faults.ledger import Ledger
from tests.faults.server import FAULTS, KEY, Fault, FaultServer
from tests.faults.verdict import judge

ORDERS = 200
KILLS = {1: 15, 3: 40}
"""Which start is killed, once so many orders have been asked for: the faults stop none of them before."""
MOST_STARTS = 20


def refusal(text: str) -> Fault:
    """The panel's no, in these words."""
    return Fault.reply(200, body=b'{"error": "%s"}' % text.encode())


def faults() -> Iterator[Fault | None]:
    """What happens to one order after the other."""
    special = {
        10: refusal("Link is private"),
        20: FAULTS["stall_before_reply"](carried_out=True),
        50: FAULTS["stall_before_reply"](carried_out=False),
        60: FAULTS["too_many_requests"](retry_after="0"),
        70: FAULTS["reset_before_reply"](carried_out=True),
        110: refusal("Not enough funds on balance"),
        **{number: refusal("You have active order with this link") for number in (120, 121, 122)},
        **{number: refusal(f"Link {number} is private") for number in (130, 140, 150)},
    }
    return (special.get(number) for number in range(ORDERS))


@pytest.fixture(scope="module")
def placers() -> Iterator[Placers]:
    """The process that the senders are forked from."""
    with Placers() as running:
        yield running


def asked(ledger: Ledger) -> int:
    """How many orders the panel was asked for."""
    return sum(request.action == "add" for request in ledger.requests)


def settle_all(journal: Journal, ledger: Ledger) -> None:
    """Do what the user does who looks at the panel's own list."""
    ids = {order.link: order.id for order in ledger.orders}
    for order in journal.orders():
        if order.state is State.UNKNOWN:
            id = ids.get(order.link)
            journal.settle(order.uuid, "placed" if id else "not placed", id, {})


def left(folder: Path) -> list[Order]:
    """What still waits in the basket."""
    with closing(Journal.open(folder / "journal", clock=SystemClock())) as journal:
        return [order for order in journal.orders() if order.state in (State.QUEUED, State.UNSENT)]


async def test_a_basket_of_200_through_faults_and_kills(tmp_path: Path, placers: Placers) -> None:
    """Resumed until it is through: nothing is doubled, every row has its outcome, the sum shown is the panel's."""
    with FaultServer(balance=Decimal(1000)) as server:
        server.plan("add", faults())
        starts = 0
        while starts == 0 or left(tmp_path):
            starts += 1
            assert starts < MOST_STARTS
            pid = placers.start("basketing", folder=tmp_path, url=server.url, orders=ORDERS)
            if point := KILLS.get(starts):
                _wait_for(server.ledger, point)
                assert placers.kill(pid) == -signal.SIGKILL
            else:
                assert placers.wait(pid) == 0
        with closing(Journal.open(tmp_path / "journal", clock=SystemClock())) as journal:
            verdict = judge(server.ledger, journal.orders())
            assert verdict.kept, verdict
            settle_all(journal, server.ledger)
        assert asked(server.ledger) <= ORDERS
        await _all_is_told(tmp_path, server)


async def test_what_waits_for_its_turn_when_killed_is_still_queued(tmp_path: Path, placers: Placers) -> None:
    """It has not left, so nobody has to find out whether it was placed."""
    with FaultServer() as server:
        pid = placers.start("awaiting", folder=str(tmp_path), url=server.url)
        await until((tmp_path / "waiting").exists)
        assert placers.kill(pid) == -signal.SIGKILL
        with closing(Journal.open(tmp_path / "journal", clock=SystemClock())) as journal:
            assert [order.state.value for order in reversed(journal.orders())] == ["accepted", "queued", "queued"]
        assert asked(server.ledger) == 1


def _wait_for(ledger: Ledger, orders: int) -> None:
    ledger.wait_for(lambda ledger: asked(ledger) >= orders)


async def _all_is_told(folder: Path, server: FaultServer) -> None:
    async with Rig.at(folder, server.url, KEY).desk(online=False) as desk:
        rows, totals = desk.basket.rows, desk.basket.totals
        assert [row.link for row in rows] == [f"https://a.test/{number:03}" for number in range(ORDERS)]
        counts = Counter(row.state for row in rows)
        assert set(counts) == {"accepted", "rejected", "settled"}
        assert all(row.reason for row in rows if row.state == "rejected")
        assert totals.charged == sum(order.charge for order in server.ledger.orders)
        placed = {row.link for row in rows if row.order_id}
        assert placed == {order.link for order in server.ledger.orders}
        print(dict(counts), f"{len(server.ledger.orders)} in the panel's books")
