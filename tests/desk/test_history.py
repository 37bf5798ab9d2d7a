"""A history of any length: a start reads a window of it, the rest is counted, and loaded when it is asked for."""

from __future__ import annotations

from datetime import timedelta
from unittest.mock import Mock

import pytest
from msgspec.structs import replace

from smmtui.desk.desk import Desk
from smmtui.desk.topics import Topic
from smmtui.domain.records import Order, OrderStatus, State, Tracked
from smmtui.domain.statuses import Status
from smmtui.domain.tracking import advance
from tests.desk.support import START, Rig, heard

WINDOW = 10
LONG_AGO = START - timedelta(days=90)


def remember(rig: Rig, finished: int, running: int = 0) -> None:
    """Fill the journal: some running orders, then finished ones, every third of them partial."""
    journal = rig.reopened()
    tracked = (Tracked(str(number), placed=LONG_AGO) for number in range(1, running + finished + 1))
    orders = journal.track(tuple(tracked))
    status = {0: Status.PARTIAL, 1: Status.COMPLETED, 2: Status.COMPLETED}
    done = [(order, status[order.sequence % 3]) for order in orders[running:]]
    journal.record([_said(order, word) for order, word in done], LONG_AGO)
    journal.close()


def _said(order: Order, status: Status) -> Order:
    return advance(order, OrderStatus(status, status.value), LONG_AGO)


@pytest.fixture(autouse=True)
def small_window(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten orders instead of thousands."""
    monkeypatch.setattr("smmtui.desk.stages.Stages.most_orders", WINDOW)


def ids(desk: Desk) -> list[int]:
    """The panel's ids of what is loaded, as the screen shows them."""
    return [int(order.id or 0) for order in desk.orders]


async def test_a_start_reads_the_newest_and_all_that_runs(rig: Rig) -> None:
    """Ten of sixty finished orders, and the five that the panel still works on, however old."""
    remember(rig, finished=60, running=5)
    async with rig.desk(online=False) as desk:
        assert ids(desk) == [*range(65, 55, -1), 5, 4, 3, 2, 1]


async def test_older_orders_are_loaded_a_piece_at_a_time(rig: Rig) -> None:
    """In their place among the others, none twice, until there are none left; each piece is told."""
    remember(rig, finished=60, running=5)
    async with rig.desk(online=False) as desk:
        topics = heard(desk)
        assert await desk.history.load_older(20) == 20
        assert ids(desk) == [*range(65, 35, -1), 5, 4, 3, 2, 1]
        assert topics == [Topic.ORDERS]
        assert await desk.history.load_older(100) == 35
        assert ids(desk) == list(range(65, 0, -1))
        assert await desk.history.load_older(100) == 0


async def test_a_short_history_is_loaded_whole(rig: Rig) -> None:
    """Then there is nothing older, and nobody is disturbed to find that out."""
    remember(rig, finished=WINDOW - 1)
    async with rig.desk(online=False) as desk:
        topics = heard(desk)
        assert await desk.history.load_older(5) == 0
        assert topics == []


async def test_everything_older_can_be_looked_through(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is found joins what is loaded; what was passed over is still there to be loaded."""
    monkeypatch.setattr("smmtui.desk.history._PIECE", 7)
    remember(rig, finished=60)
    async with rig.desk(online=False) as desk:
        assert await desk.history.find_older(lambda order: order.status is Status.PARTIAL, 4) == 4
        assert ids(desk) == [*range(60, 50, -1), 48, 45, 42, 39]
        assert await desk.history.find_older(lambda order: order.id == "2", 4) == 1
        assert await desk.history.find_older(lambda order: order.id == "no such", 4) == 0
        await desk.history.load_older(5)
        assert ids(desk) == [*range(60, 44, -1), 42, 39, 2][: len(desk.orders)]


async def test_what_is_loaded_is_not_undone_by_what_is_on_the_disk(rig: Rig) -> None:
    """An order that runs is loaded already, and may know more than its row."""
    remember(rig, finished=30, running=1)
    async with rig.desk(online=False) as desk:
        newer = replace(desk.orders[-1], remains=7)
        desk.take_orders([newer])
        await desk.history.load_older(100)
        assert desk.orders[-1] == newer


async def test_counts_are_of_everything(rig: Rig) -> None:
    """Loaded or not, and they follow what happens."""
    remember(rig, finished=60, running=5)
    accepted = State.ACCEPTED
    async with rig.desk(online=False) as desk:
        expected = {(accepted, Status.COMPLETED): 40, (accepted, Status.PARTIAL): 20, (accepted, None): 5}
        assert await desk.history.counts() == expected
        (order,) = await desk.track([Tracked("66")])
        assert (await desk.history.counts())[accepted, None] == 6
        done = _said(order, Status.COMPLETED)
        rig.journal.record([done], START)
        desk.take_orders([done])
        assert (await desk.history.counts())[accepted, Status.COMPLETED] == 41


async def test_counts_are_asked_of_the_disk_once_per_change(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """A screen may ask for them as often as it is drawn."""
    remember(rig, finished=20)
    async with rig.desk(online=False) as desk:
        counted = Mock(wraps=rig.journal.history.counts)
        monkeypatch.setattr(rig.journal.history, "counts", counted)
        first = await desk.history.counts()
        assert await desk.history.counts() is first
        await desk.track([Tracked("66")])
        assert await desk.history.counts() != first
        assert counted.call_count == 2
