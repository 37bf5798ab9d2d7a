"""Two windows on one account: one asks the panel, both show what it says, and neither harms the other."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from smmtui.desk.desk import Desk
from smmtui.desk.health import Condition
from smmtui.desk.topics import Topic, Wanted
from smmtui.domain.records import Service, State
from smmtui.domain.statuses import Status
from tests.desk.support import PATIENCE, Rig, WatchedPanel, draft_for, heard, idle, refreshed, until
from tests.faults.process import PROJECT
from tests.faults.server import FAULTS, FaultServer

SERVICE = Service("2", "Followers, refill and cancel", rate=Decimal("1.25"), min=10, max=50_000)
LINK = "https://example.com/1"
OTHER_LINK = "https://example.com/2"


class Looks:
    """Stands for the second between two looks at the other windows: passes when the test says so."""

    def __init__(self) -> None:
        self.asked: list[float] = []
        self._pending: asyncio.Future[None] | None = None

    async def sleep(self, seconds: float) -> None:
        """Wait for `look`."""
        self.asked.append(seconds)
        self._pending = asyncio.get_running_loop().create_future()
        await self._pending

    async def look(self) -> None:
        """Let the window look once, and return when it has."""
        await until(lambda: self._pending)
        assert self._pending is not None
        pending, self._pending = self._pending, None
        pending.set_result(None)
        await until(lambda: self._pending)


async def at_once(_: float) -> None:
    """The second passes in a moment."""
    await asyncio.sleep(0.002)


@asynccontextmanager
async def two_windows(rig: Rig) -> AsyncIterator[tuple[Desk, Desk]]:
    """The window that asks the panel, then one that follows it."""
    rig.sleep = at_once
    async with rig.desk() as first:
        await idle(first)
        async with rig.desk() as second:
            await until(lambda: second.health.condition is Condition.ELSEWHERE)
            yield first, second


def asked(server: FaultServer) -> list[str]:
    """The action of every request that reached the panel."""
    return [request.action for request in server.ledger.requests]


# ── who asks ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_one_window_asks_and_the_other_says_so(server: FaultServer, rig: Rig) -> None:
    """The second sends no request, shows balance and catalogue all the same, and is not "connecting" for ever."""
    async with two_windows(rig) as (first, second):
        before = len(asked(server))
        await until(lambda: second.balance)
        assert second.balance == first.balance
        assert second.balance_at == first.balance_at
        assert second.catalog.services == first.catalog.services
        assert second.health.well
        assert second.next_refresh == first.next_refresh
        assert len(asked(server)) == before


async def test_an_order_of_either_is_in_the_other_at_its_next_look(server: FaultServer, rig: Rig) -> None:
    """Looks are at most a second apart, so nobody waits longer than two."""
    looks = Looks()
    rig.sleep = looks.sleep
    other_looks = Looks()
    async with rig.desk() as first:
        await idle(first)
        rig.sleep = other_looks.sleep
        async with rig.desk() as second:
            await until(lambda: other_looks.asked)
            ours = await first.place(draft_for(SERVICE))
            assert orders_of(second) == []
            await other_looks.look()
            assert [(order.uuid, order.id) for order in second.orders] == [(ours.uuid, ours.id)]
            theirs = await second.place(draft_for(SERVICE, link=OTHER_LINK))
            await looks.look()
            assert {order.uuid for order in first.orders} == {ours.uuid, theirs.uuid}
            assert max(looks.asked + other_looks.asked) <= 1.0


async def test_what_the_one_that_asks_learns_is_in_the_other(server: FaultServer, rig: Rig) -> None:
    """An order of the follower is followed by the window that asks, through to its end and its refund."""
    async with two_windows(rig) as (first, second):
        order = await second.place(draft_for(SERVICE))
        await until(lambda: first.orders and first.orders[0].status is Status.PENDING)
        await until(lambda: second.orders[0].status is Status.PENDING)
        await until(lambda: second.balance == first.balance and first.balance and first.balance.amount < 1000)
        server.set_status(order.id or "", {"status": "Partial", "remains": "40", "charge": "0.075"})
        await refreshed(first)
        await until(lambda: second.orders[0].status is Status.PARTIAL)
        assert second.orders[0] == first.orders[0]
        assert second.orders[0].delivered == 60


async def test_what_is_known_already_is_no_news(server: FaultServer, rig: Rig) -> None:
    """Another window's writing that changes no order has no table drawn anew."""
    looks = Looks()
    async with rig.desk() as first:
        await idle(first)
        rig.sleep = looks.sleep
        async with rig.desk() as second:
            await until(lambda: looks.asked)
            await first.place(draft_for(SERVICE))
            await until(lambda: first.orders[0].status)
            await idle(first)
            await looks.look()
            assert second.orders == first.orders
            topics = heard(second)
            with closing(rig.reopened()) as third:
                third.preferences.set("something else", 1)
                await looks.look()
            assert not any(Topic.ORDERS in topic for topic in topics)


async def test_refresh_in_one_window_reaches_the_one_that_asks(server: FaultServer, rig: Rig) -> None:
    """The user need not know which window is which."""
    async with two_windows(rig) as (first, second):
        await until(lambda: second.balance == first.balance)
        services = asked(server).count("services")
        server.set_balance(Decimal(7))
        second.refresh(Wanted.ALL)
        await until(lambda: second.balance and second.balance.amount == 7)
        await until(lambda: asked(server).count("services") == services + 1)


async def test_a_fresh_catalog_is_in_both_windows(demo: tuple[Rig, WatchedPanel]) -> None:
    """The follower reads what the window that asks has kept."""
    rig, panel = demo
    async with two_windows(rig) as (first, second):
        assert panel.asked["services"] == 1
        rig.clock.wait(3600)
        first.refresh(Wanted.CATALOG)
        await until(lambda: second.catalog_at == rig.clock.now())
        assert panel.asked["services"] == 2


async def test_a_pause_in_either_is_a_pause_in_both(server: FaultServer, rig: Rig) -> None:
    """It is said in both, and ends from either."""
    async with two_windows(rig) as (first, second):
        second.pause(True)
        await until(lambda: first.paused and second.paused)
        await until(lambda: second.health.condition is Condition.PAUSED)
        first.pause(False)
        await until(lambda: not second.paused and second.health.condition is Condition.ELSEWHERE)


async def test_trouble_is_said_in_both_windows(server: FaultServer, rig: Rig) -> None:
    """The follower tells what the other has met, and that it was the other."""
    async with two_windows(rig) as (first, second):
        server.plan("balance", [FAULTS["too_many_requests"](retry_after="120")])
        second.refresh(Wanted.BALANCE)
        await until(lambda: second.health.condition is Condition.LIMITED)
        assert second.health.retry_at == rig.clock.monotonic() + 120
        assert first.health.words in second.health.words
        assert "Another smmtui window" in second.health.words


async def test_a_key_refused_there_can_be_tried_again_from_here(server: FaultServer, rig: Rig) -> None:
    """The follower's refresh is the user's act, wherever the asking has been stopped."""
    async with two_windows(rig) as (first, second):
        right, server.key = server.key, "the panel made a new one"
        second.refresh(Wanted.BALANCE)
        await until(lambda: second.health.condition is Condition.BAD_KEY)
        count = len(asked(server))
        server.key = right
        second.refresh(Wanted.BALANCE)
        # "Connecting" there reads as "elsewhere" here as well, so the answer has to be waited for.
        await until(lambda: first.health.condition is Condition.ONLINE and len(asked(server)) > count)
        await until(lambda: second.health.condition is Condition.ELSEWHERE)


async def test_a_silent_window_is_told_of(server: FaultServer, rig: Rig) -> None:
    """One that was stopped keeps its role; the other says what to do about it."""
    looks = Looks()
    rig.sleep = looks.sleep
    async with rig.desk() as first:
        await idle(first)
        await looks.look()
        rig.sleep = at_once
        async with rig.desk() as second:
            await until(lambda: second.health.condition is Condition.ELSEWHERE)
            assert second.health.well
            rig.clock.wait(30 + 121)
            await until(lambda: "Ctrl+Z" in second.health.words)


# ── taking over ───────────────────────────────────────────────────────────────────────────────────────────────────


async def test_when_the_one_that_asks_is_closed_the_other_takes_over(server: FaultServer, rig: Rig) -> None:
    """At its next look it asks the panel itself, and nothing is lost."""
    rig.sleep = at_once
    async with AsyncExitStack() as first_window:
        first = await first_window.enter_async_context(rig.desk())
        await idle(first)
        looks = Looks()
        rig.sleep = looks.sleep
        async with rig.desk() as heir:
            await until(lambda: looks.asked)
            order = await first.place(draft_for(SERVICE))
            await first_window.aclose()
            server.set_balance(Decimal(7))
            await looks.look()
            await until(lambda: heir.health.condition is Condition.ONLINE)
            assert [each.id for each in heir.orders] == [order.id]
            assert heir.balance is not None
            assert heir.balance.amount == 7


async def test_a_pause_outlives_the_window_that_was_paused(server: FaultServer, rig: Rig) -> None:
    """The heir does not begin to ask what the user has stopped; a new start does."""
    rig.sleep = at_once
    async with AsyncExitStack() as first_window:
        first = await first_window.enter_async_context(rig.desk())
        async with rig.desk() as second:
            await until(lambda: second.health.condition is Condition.ELSEWHERE)
            first.pause(True)
            await until(lambda: second.paused)
            await first_window.aclose()
            server.set_balance(Decimal(7))
            second.refresh(Wanted.BALANCE)
            await until(lambda: second.balance and second.balance.amount == 7)
            await until(lambda: second.health.condition is Condition.PAUSED)
            assert second.next_refresh is None
    async with rig.desk() as third:
        await until(lambda: third.health.condition is Condition.ONLINE)
        assert not third.paused


async def test_a_wish_for_a_window_that_is_gone_is_forgotten(server: FaultServer, rig: Rig) -> None:
    """The next start is not paused by what was pressed yesterday."""
    looks = Looks()
    rig.sleep = looks.sleep
    async with rig.desk() as first:
        await idle(first)
        async with rig.desk() as second:
            await until(lambda: second.health.condition is Condition.ELSEWHERE)
            second.pause(True)
    async with rig.desk() as third:
        await idle(third)
        assert not third.paused


async def test_one_draft_is_sent_by_one_window(server: FaultServer, rig: Rig) -> None:
    """Of two windows that start the same queued order, the second is told that it is gone."""
    async with two_windows(rig) as (first, second):
        journals = [rig.reopened(), rig.reopened()]
        (queued,) = journals[0].basket.queue([draft_for(SERVICE)])
        assert [journal.start_sending(queued.uuid) is not None for journal in journals] == [True, False]
        await until(lambda: [order.state for order in second.orders] == [State.SENDING])
        await until(lambda: [order.state for order in first.orders] == [State.SENDING])
        for journal in journals:
            journal.close()
        await until(lambda: [order.state for order in second.orders] == [State.UNKNOWN])


# ── clocks ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("seconds", [7200, -7200, 6])
async def test_after_a_jump_of_the_clock_everything_is_asked_anew(server: FaultServer, rig: Rig, seconds: int) -> None:
    """A suspend, or a clock that was set, is said until balance, catalogue and orders are fresh."""
    looks = Looks()
    rig.sleep = looks.sleep
    async with rig.desk() as desk:
        await desk.place(draft_for(SERVICE))
        await idle(desk)
        await looks.look()
        count = len(asked(server))
        health = []
        desk.subscribe(lambda topic: health.append(desk.health.condition) if Topic.HEALTH in topic else None)
        rig.clock.jump(seconds)
        await looks.look()
        await until(lambda: health == [Condition.STALE, Condition.ONLINE])
        assert sorted(asked(server)[count:]) == ["balance", "services", "status"]
        assert desk.balance_at == desk.catalog_at == desk.orders[0].checked == rig.clock.now()


async def test_without_a_jump_nothing_is_asked_anew(server: FaultServer, rig: Rig) -> None:
    """Time that only passes makes nothing stale before it is due."""
    looks = Looks()
    rig.sleep = looks.sleep
    async with rig.desk() as desk:
        await idle(desk)
        count = len(asked(server))
        rig.clock.wait(100)
        rig.clock.jump(4)
        await looks.look()
        await looks.look()
        assert len(asked(server)) == count


async def test_a_jump_does_not_break_a_silence_that_the_panel_wants(server: FaultServer, rig: Rig) -> None:
    """Rate-limited stays rate-limited; everything is asked when that is over."""
    looks = Looks()
    rig.sleep = looks.sleep
    async with rig.desk() as desk:
        server.plan("balance", [FAULTS["too_many_requests"](retry_after="120")])
        await refreshed(desk, Wanted.BALANCE)
        count = len(asked(server))
        rig.clock.jump(7200)
        await looks.look()
        await idle(desk)
        assert desk.health.condition is Condition.LIMITED
        assert len(asked(server)) == count


# ── faults ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_fault_of_the_refreshing_is_loud(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is handed to the event loop when it happens, and not kept until the end."""

    async def broken(_: object) -> None:
        raise ZeroDivisionError

    told: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(context.get("exception")))
    monkeypatch.setattr("smmtui.desk.fetching.Fetching.fetch_balance", broken)
    rig.sleep = at_once
    async with rig.desk():
        await until(lambda: told)
    assert [type(fault) for fault in told] == [ZeroDivisionError]


# ── two processes ─────────────────────────────────────────────────────────────────────────────────────────────────


class Window:
    """Another smmtui, in a process of its own."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    @asynccontextmanager
    async def open(cls, folder: Path, url: str) -> AsyncIterator[Window]:
        """The window, open; killed at the end if it still runs."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.desk.window",
            str(folder),
            url,
            cwd=PROJECT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        window = cls(process)
        assert await window._line() == b"open\n"
        try:
            yield window
        finally:
            window.send(signal.SIGKILL)
            await process.communicate()

    def send(self, number: int) -> None:
        """Send it a signal."""
        if self._process.returncode is None:
            os.kill(self._process.pid, number)

    def tell(self, *words: str) -> None:
        """Have it do something."""
        assert self._process.stdin
        self._process.stdin.write((" ".join(words) + "\n").encode())

    async def ask(self, word: str) -> Any:
        """Have it say something."""
        self.tell(word)
        return json.loads(await self._line())

    async def says(self, word: str, wanted: Callable[[Any], bool]) -> None:
        """Return once it answers what is wanted."""
        async with asyncio.timeout(PATIENCE):
            # No event could tell: it lives in another process.
            while not wanted(await self.ask(word)):  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    async def followed(self) -> None:
        """Return once it knows that it is not the one to ask the panel."""
        await self.says("health", lambda condition: condition == "ELSEWHERE")

    async def _line(self) -> bytes:
        assert self._process.stdout
        return await self._process.stdout.readline()


def orders_of(desk: Desk) -> list[tuple[str, str | None, State]]:
    """Link, id and state of every order that a window shows."""
    return [(order.link, order.id, order.state) for order in desk.orders]


async def test_a_killed_window_is_succeeded_and_what_it_was_sending_is_unknown(
    server: FaultServer, rig: Rig, tmp_path: Path
) -> None:
    """The other window had seen the order go out; now it asks the panel, and the order waits for the user."""
    async with Window.open(tmp_path, server.url) as window:
        await until(lambda: "services" in asked(server))
        async with rig.desk() as desk:
            await until(lambda: desk.health.condition is Condition.ELSEWHERE)
            window.tell("order", LINK)
            await until(lambda: orders_of(desk) == [(LINK, "23501", State.ACCEPTED)])
            server.plan("add", [FAULTS["stall_before_reply"](carried_out=True)])
            window.tell("order", OTHER_LINK)
            await until(lambda: (OTHER_LINK, None, State.SENDING) in orders_of(desk))
            count = len(asked(server))
            window.send(signal.SIGKILL)
            await until(lambda: (OTHER_LINK, None, State.UNKNOWN) in orders_of(desk))
            await until(lambda: desk.health.condition is Condition.ONLINE)
            assert len(asked(server)) > count
            assert asked(server).count("add") == 2


async def test_a_killed_follower_leaves_its_order_unknown(server: FaultServer, rig: Rig, tmp_path: Path) -> None:
    """The window that asks the panel notices, without a start of anything."""
    async with rig.desk() as desk:
        await idle(desk)
        async with Window.open(tmp_path, server.url) as window:
            await window.followed()
            server.plan("add", [FAULTS["stall_before_reply"]])
            window.tell("order", LINK)
            await until(lambda: orders_of(desk) == [(LINK, None, State.SENDING)])
            await until(lambda: asked(server).count("add") == 1)
            window.send(signal.SIGKILL)
            await until(lambda: orders_of(desk) == [(LINK, None, State.UNKNOWN)])


async def test_a_killed_window_leaves_its_refill_unknown(server: FaultServer, rig: Rig, tmp_path: Path) -> None:
    """It is never asked for again by itself, nor by a press in the window that is left."""
    async with rig.desk() as desk:
        await idle(desk)
        order = await desk.place(draft_for(SERVICE))
        async with Window.open(tmp_path, server.url) as window:
            await window.followed()
            server.plan("refill", [FAULTS["stall_before_reply"](carried_out=True)])
            window.tell("refill")
            await until(lambda: server.ledger.refills)
            await until(lambda: (request := desk.requests.of(order.uuid)) and request.state == "sending")
            window.send(signal.SIGKILL)
            await until(lambda: [request.order for request in desk.requests.unknown] == [order.uuid])
            assert (await desk.refill([order])).requests == ()
    assert len(server.ledger.refills) == 1


async def test_a_stopped_window_is_not_robbed(server: FaultServer, rig: Rig, tmp_path: Path) -> None:
    """What it was sending stays so while it may still come back, and gets its id when it does."""
    looks = 0

    async def count(_: float) -> None:
        nonlocal looks
        looks += 1
        await at_once(_)

    rig.sleep = count
    async with Window.open(tmp_path, server.url) as window:
        await until(lambda: "services" in asked(server))
        async with rig.desk() as desk:
            await until(lambda: desk.health.condition is Condition.ELSEWHERE)
            server.plan("add", [FAULTS["late"](delay=0.5)])
            window.tell("order", LINK)
            await until(lambda: asked(server).count("add") == 1)
            window.send(signal.SIGSTOP)
            await until(lambda: orders_of(desk) == [(LINK, None, State.SENDING)])
            assert [order.state for order in rig.stored()] == [State.SENDING]
            enough = looks + 20
            await until(lambda: looks >= enough)
            assert desk.health.condition is Condition.ELSEWHERE
            assert [order.state for order in desk.orders] == [State.SENDING]
            window.send(signal.SIGCONT)
            await until(lambda: orders_of(desk) == [(LINK, "23501", State.ACCEPTED)])
            await window.says("orders", lambda rows: rows[0][:3] == [LINK, "23501", "accepted"])


async def test_a_request_may_take_its_time_beside_another_window(server: FaultServer, rig: Rig) -> None:
    """An order under way in one window does not hold up an order of the other."""
    async with two_windows(rig) as (first, second):
        server.plan("add", [FAULTS["stall_before_reply"]])
        stuck = asyncio.create_task(first.place(draft_for(SERVICE)))
        await until(lambda: asked(server).count("add") == 1)
        order = await second.place(draft_for(SERVICE, link=OTHER_LINK))
        assert order.state is State.ACCEPTED
        await until(lambda: {each.state for each in second.orders} == {State.SENDING, State.ACCEPTED})
        stuck.cancel()
        await asyncio.wait([stuck])
        await until(lambda: {each.state for each in second.orders} == {State.UNKNOWN, State.ACCEPTED})
