"""When something is told, once for each pass, and which orders are watched."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from smmtui.desk.desk import Desk
from smmtui.desk.health import Condition, Health
from smmtui.desk.known import Known
from smmtui.desk.notices import Notices
from smmtui.desk.own_thread import OwnThread
from smmtui.desk.remembered import Remembered
from smmtui.domain.notices import Kind, Notice
from smmtui.domain.records import Balance, Order, Request, State, Tracked
from smmtui.domain.statuses import Status
from smmtui.notify_settings import Notify
from tests.desk.support import HandClock, Rig, WatchedPanel, draft_for, idle, profile_of, refreshed, until

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Asking:
    """A refresh loop that stands still between two passes until it is told otherwise."""

    following = False
    paused = False
    next_at: float | None = 10.0


def order(id: str, status: Status | None = Status.IN_PROGRESS, state: State = State.ACCEPTED) -> Order:
    """An order that was placed here."""
    fields = (("service", "7"),)
    word = "" if status is None else status.value
    return Order(f"u{id}", int(id), state, AT, id=id, fields=fields, status=status, word=word)


class Told:
    """What is known of an account with two running orders, and the notices of it."""

    def __init__(self) -> None:
        self.clock = HandClock()
        profile = replace(profile_of("http://localhost/"), notify=Notify(low_balance=Decimal(10)))
        self.known = Known(profile, self.clock)
        self.known.take_orders([order("1"), order("2"), order("3", Status.COMPLETED)])
        self.known.take_balance(Balance(Decimal(20)), AT)
        self.asking = Asking()
        self.notices = Notices(self.known, self.asking, Remembered(OwnThread("unused"), lambda: None))

    def become(self, id: str, status: Status) -> None:
        """The panel says that the order has this status."""
        self.known.take_orders([order(id, status)])

    def take(self) -> list[tuple[str, tuple[Kind, ...]]]:
        """The orders, by id, that something is told of, with the rules that they satisfy."""
        return [(_id(notice), notice.kinds) for notice in self.notices.take()]


def _id(notice: Notice) -> str:
    return "" if notice.order is None or notice.order.id is None else notice.order.id


@pytest.fixture
def told() -> Told:
    """An account."""
    return Told()


def test_what_was_known_at_the_start_is_no_news(told: Told) -> None:
    """Nothing is told of it, however often one looks."""
    assert told.take() == []
    told.known.take_orders([order("3", Status.COMPLETED), order("4", Status.COMPLETED)])
    assert told.take() == []


def test_all_that_a_pass_brings_is_told_at_its_end(told: Told) -> None:
    """While it is under way nothing is, and afterwards everything once."""
    told.asking.next_at = None
    told.become("1", Status.COMPLETED)
    assert told.take() == []
    told.become("2", Status.PARTIAL)
    assert told.take() == []
    told.asking.next_at = 40.0
    assert sorted(told.take()) == [("1", (Kind.COMPLETED,)), ("2", (Kind.PARTIAL,))]
    assert told.take() == []


def test_a_pass_without_end_does_not_hold_the_news_back_for_ever(told: Told) -> None:
    """After half a minute they are told."""
    told.asking.next_at = None
    told.become("1", Status.COMPLETED)
    told.clock.wait(29)
    assert told.take() == []
    told.clock.wait(2)
    assert told.take() == [("1", (Kind.COMPLETED,))]


@pytest.mark.parametrize("condition", [Condition.PAUSED, Condition.BAD_KEY])
def test_where_no_pass_is_planned_news_is_told_at_once(told: Told, condition: Condition) -> None:
    """While paused, and after a refused key, nobody waits for the end of a pass."""
    told.asking.next_at, told.asking.paused = None, condition is Condition.PAUSED
    told.known.show_health(Health(condition, "words"))
    told.become("1", Status.COMPLETED)
    assert told.take() == [("1", (Kind.COMPLETED,))]


def test_watched_orders_are_told_until_they_are_done(told: Told) -> None:
    """Each change of the status; the end is told as well, and then the order is forgotten."""
    told.notices.watch(["u1", "u2"], True)
    told.become("1", Status.PROCESSING)
    told.become("2", Status.PROCESSING)
    told.notices.watch(["u2"], False)
    assert told.take() == [("1", (Kind.WATCHED,))]
    told.become("1", Status.COMPLETED)
    assert told.take() == [("1", (Kind.WATCHED, Kind.COMPLETED))]
    assert list(told.notices.watched) == []
    told.become("1", Status.IN_PROGRESS)
    assert told.take() == []


def test_watching_begins_with_what_is_seen_then(told: Told) -> None:
    """A change that stood on the screen already when the order was watched is not told."""
    told.become("1", Status.PROCESSING)
    told.notices.watch(["u1"], True)
    assert told.take() == []


def test_a_cancel_and_a_refill_are_told_when_they_are_decided(told: Told) -> None:
    """The cancel with its order, the refill by what the panel says of it."""
    cancel = Request("c", "u1", "1", "cancel", "requested", AT)
    refill = Request("f", "u3", "3", "refill", "requested", AT, id="9")
    told.known.take_requests([cancel, refill])
    assert told.take() == []
    told.become("1", Status.CANCELED)
    told.known.take_requests([replace(refill, status=Status.COMPLETED, word="Completed")])
    assert sorted(told.take()) == [("1", (Kind.CANCEL, Kind.CANCELED)), ("3", (Kind.REFILL,))]
    assert told.take() == []


def test_what_nobody_knows_of_is_told_with_who_has_sent_it(told: Told) -> None:
    """The window that has sent it has said so already; another one has not."""
    mine, theirs = (order(id, None, State.SENDING) for id in ("5", "6"))
    told.known.take_orders([mine])
    told.known.take_over([theirs], ())
    assert told.take() == []
    lost = [replace(each, state=State.UNKNOWN, id=None) for each in (mine, theirs)]
    told.known.take_over(lost, ())
    notices = told.notices.take()
    assert {(each.order.uuid, each.sent_here) for each in notices if each.order} == {("u5", True), ("u6", False)}
    assert all(each.kinds == (Kind.UNKNOWN,) for each in notices)


def test_the_balance_is_told_when_it_falls_below_the_line(told: Told) -> None:
    """Once, and once more after it was above."""
    seen = []
    for amount in ("12", "9", "8", "11", "7"):
        told.known.take_balance(Balance(Decimal(amount)), AT)
        seen.append(told.take())
    low = [("", (Kind.LOW_BALANCE,))]
    assert seen == [[], low, [], [], low]


def test_the_window_that_follows_leaves_the_rest_to_the_other(told: Told) -> None:
    """It hears of the same news, and does not lead."""
    assert told.notices.leads
    told.asking.following = True
    assert not told.notices.leads


async def test_an_order_of_the_demo_panel_is_told_and_forgotten(demo: tuple[Rig, WatchedPanel]) -> None:
    """Placed, watched over a restart, completed while nobody looked: told once, and watched no more."""
    rig, _ = demo
    async with rig.desk() as desk:
        await until(lambda: len(desk.catalog) and desk.next_refresh is not None)
        service = next(each for each in desk.catalog.services if each.type == "Default" and (each.min or 0) <= 100)
        placed = await desk.place(draft_for(service))
        desk.notices.watch([placed.uuid], True)
    rig.clock.wait(3600)
    async with rig.desk() as desk:
        assert list(desk.notices.watched) == [placed.uuid]
        await refreshed(desk)
        (notice,) = [each for each in desk.notices.take() if each.order is not None]
        assert notice.order is not None and notice.order.id == placed.id
        assert notice.kinds[0] is Kind.WATCHED and len(notice.kinds) == 2
        assert list(desk.notices.watched) == []
        assert desk.notices.take() == []


async def told_by(desk: Desk) -> list[tuple[Kind, ...]]:
    """The rules of the first news of orders that a Desk tells."""
    told: list[Notice] = []

    def news() -> bool:
        told.extend(each for each in desk.notices.take() if each.order is not None)
        return bool(told)

    await until(news)
    return [notice.kinds for notice in told]


async def test_of_two_windows_one_leads_and_both_are_told(demo: tuple[Rig, WatchedPanel]) -> None:
    """The one that asks the panel; when it ends the other one takes that over too."""
    rig, panel = demo
    rig.sleep = lambda seconds: asyncio.sleep(0.01)
    past = next(each for each in panel.market.history if panel.market.status(each.order).status == "In progress")
    async with AsyncExitStack() as first:
        leader = await first.enter_async_context(rig.desk())
        await idle(leader)
        await leader.tracking.follow((await leader.tracking.look_up([Tracked(past.order)])).new)
        async with rig.desk() as follower:
            await until(lambda: follower.health.condition is Condition.ELSEWHERE)
            assert leader.notices.leads and not follower.notices.leads
            assert leader.notices.take() == follower.notices.take() == []
            rig.clock.wait(30 * 86_400)
            await refreshed(leader)
            await until(lambda: [each.status for each in follower.orders] == [Status.COMPLETED])
            assert await told_by(leader) == await told_by(follower) == [(Kind.COMPLETED,)]
            await first.aclose()
            await until(lambda: follower.notices.leads)


def test_what_is_remembered_of_another_version_is_left_alone(told: Told, tmp_path: Path) -> None:
    """A value that is no list watches nothing."""
    remembered = Remembered(OwnThread("unused"), lambda: None)
    remembered.set("watched", {"u1": True})
    notices = Notices(told.known, told.asking, remembered)
    assert list(notices.watched) == []
    notices.watch(["u1"], True)
    assert list(notices.watched) == ["u1"]
