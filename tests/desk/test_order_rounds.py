"""Which orders are asked for together, and what happens to the others when some cannot be had."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from smmtui.desk.order_book import OrderBook
from smmtui.desk.order_rounds import OrderRounds
from smmtui.domain.records import Order, OrderStatus, State
from smmtui.domain.statuses import Status
from smmtui.errors import BadAnswer, JournalError, NoAnswer, PanelError, RateLimited
from tests.desk.support import START, HandClock

LIST = 10
INTERVAL = 30.0


class Panel:
    """Answers for lists of ten in no time, or in `seconds`, but never for one in which an order of `spoilt` stands."""

    orders_per_request = LIST

    def __init__(self, orders: int) -> None:
        self.clock = HandClock()
        self.book = OrderBook()
        self.book.take(_order(number) for number in range(orders))
        self.asked: list[list[str]] = []
        self.spoilt: frozenset[str] = frozenset()
        self.error: PanelError | JournalError = BadAnswer("The answer of panel.test (HTTP 500) cannot be used.")
        self.seconds = 0.0
        self.interrupted = False
        self.presses = 0
        self.rounds = OrderRounds(self, self.book, INTERVAL, self.clock, lambda: self.interrupted)

    def awaited(self) -> frozenset[str]:
        """Nobody waits for anything."""
        return frozenset()

    async def fetch_statuses(self, orders: list[Order]) -> None:
        """Answer, or fail."""
        names = [order.uuid for order in orders]
        self.asked.append(names)
        self.clock.wait(self.seconds)
        if self.presses:
            self.presses -= 1
            self.rounds.since = self.clock.now()
        if self.spoilt & set(names):
            raise self.error
        answers = {order.id or "": OrderStatus(Status.PENDING, "Pending") for order in orders}
        self.book.advance(orders, answers, self.clock.now())

    async def round(self) -> None:
        """Ask for what is due."""
        self.asked.clear()
        await self.rounds.ask(await self.rounds.lists())

    def stale(self) -> set[str]:
        """The orders that were not answered for now."""
        return {order.uuid for order in self.book.newest_first if order.checked != self.clock.now()}


def _order(number: int) -> Order:
    return Order(f"{number}", number, State.ACCEPTED, START - timedelta(seconds=1), id=f"{number + 100}")


async def test_all_are_asked_for_in_lists() -> None:
    """Each once, the newest first, and then none until an interval is nearly over."""
    panel = Panel(25)
    await panel.round()
    assert panel.asked == [
        [str(number) for number in numbers] for numbers in (range(24, 14, -1), range(14, 4, -1), range(4, -1, -1))
    ]
    assert await panel.rounds.lists() == []
    assert panel.rounds.due_at == panel.clock.monotonic() + 27
    panel.clock.wait(27)
    assert len(await panel.rounds.lists()) == 3


async def test_an_order_that_spoils_lists_ends_up_alone() -> None:
    """In the round after, each that stood beside it is asked for alone, and answered; then lists are whole again."""
    panel = Panel(30)
    panel.spoilt = frozenset({"17"})
    with pytest.raises(BadAnswer):
        await panel.round()
    assert panel.stale() == {str(number) for number in range(10, 20)}
    with pytest.raises(BadAnswer):
        await panel.round()
    assert panel.asked == [[str(number)] for number in range(19, 9, -1)]
    assert panel.stale() == {"17"}
    panel.clock.wait(INTERVAL)
    with pytest.raises(BadAnswer):
        await panel.round()
    assert [len(names) for names in panel.asked] == [10, 10, 9, 1]
    assert panel.stale() == {"17"}
    panel.spoilt = frozenset()
    await panel.round()
    panel.clock.wait(INTERVAL)
    await panel.round()
    assert [len(names) for names in panel.asked] == [10, 10, 10]


async def test_several_that_spoil_lists_keep_none_from_its_answer() -> None:
    """Those that fail again and again go to the end, so that after a few rounds only they are left."""
    panel = Panel(30)
    panel.spoilt = frozenset({"5", "17", "18", "19"})
    for _ in range(4):
        with pytest.raises(BadAnswer):
            await panel.round()
    assert panel.stale() == panel.spoilt


async def test_after_two_failures_in_a_row_no_more_is_asked() -> None:
    """Nobody is there, or nothing works: the other lists wait for the next round, and that is soon."""
    panel = Panel(50)
    panel.spoilt = frozenset({"40", "39"})
    panel.error = NoAnswer("panel.test gave no whole answer.")
    with pytest.raises(NoAnswer):
        await panel.round()
    assert len(panel.asked) == 2
    assert not panel.rounds.some_answered
    assert panel.rounds.due_at <= panel.clock.monotonic()


async def test_one_silence_costs_one_list() -> None:
    """The others are had in the same round."""
    panel = Panel(50)
    panel.spoilt = frozenset({"33"})
    panel.error = NoAnswer("panel.test gave no whole answer.")
    with pytest.raises(NoAnswer):
        await panel.round()
    assert len(panel.asked) == 5
    assert panel.stale() == {str(number) for number in range(30, 40)}


async def test_a_panel_that_wants_fewer_requests_gets_none_more() -> None:
    """It is told at once."""
    panel = Panel(50)
    panel.spoilt = frozenset({"49"})
    panel.error = RateLimited("Slow down")
    with pytest.raises(RateLimited):
        await panel.round()
    assert len(panel.asked) == 1


async def test_a_full_disk_keeps_nobody_from_asking() -> None:
    """What the panel says is shown; that it is not stored is told at the end."""
    panel = Panel(30)
    panel.spoilt = frozenset({"25"})
    panel.error = JournalError("The disk is full.")
    with pytest.raises(JournalError):
        await panel.round()
    assert len(panel.asked) == 3


async def test_what_is_more_urgent_ends_a_round_early() -> None:
    """After the list that is under way; the rest is due at once."""
    panel = Panel(50)
    panel.interrupted = True
    await panel.round()
    assert len(panel.asked) == 1
    panel.interrupted = False
    await panel.round()
    assert len(panel.asked) == 4
    assert panel.stale() == set()


async def test_a_long_round_is_planned_anew_on_the_way() -> None:
    """A young order that became due meanwhile does not wait until a thousand old ones have been asked for."""
    panel = Panel(100)
    panel.seconds = 1.0
    await panel.round()
    assert len(panel.asked) == 3
    young = replace(_order(200), placed=panel.clock.now())
    panel.book.take([young])
    await panel.round()
    assert panel.asked[0][0] == "200"


async def test_the_users_refresh_goes_on_until_all_was_had() -> None:
    """Over rounds that were ended early and lists that failed; then the schedule is as before."""
    panel = Panel(30)
    await panel.round()
    panel.clock.wait(1)
    panel.rounds.since = panel.clock.now()
    panel.spoilt = frozenset({"3"})
    with pytest.raises(BadAnswer):
        await panel.round()
    assert panel.stale() == {str(number) for number in range(10)}
    panel.spoilt = frozenset()
    await panel.round()
    assert panel.stale() == set()
    assert await panel.rounds.lists() == []


async def test_what_the_user_wants_during_a_round_is_wanted_after_it() -> None:
    """The answers under way may be from before whatever made it wanted."""
    panel = Panel(20)
    panel.presses = 1
    await panel.round()
    assert len(await panel.rounds.lists()) == 2
    await panel.round()
    assert await panel.rounds.lists() == []
