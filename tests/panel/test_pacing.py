"""How fast requests leave and who goes first, with a clock that a test turns by hand."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from smmtui.errors import BadAnswer, RateLimited
from smmtui.panel.client import PanelClient
from smmtui.panel.exchange import Limits
from smmtui.panel.pacing import Pacing, TokenBucket
from smmtui.secret import Secret
from tests.panel.scripted import KEY, ScriptedPanel, profile


class HandTurned:
    """A clock whose `sleep` ends when `pass_time` has turned it far enough."""

    def __init__(self) -> None:
        self._now = 1000.0
        self._sleepers: list[tuple[float, asyncio.Event]] = []
        self.slept: list[float] = []

    def now(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=self._now)

    def monotonic(self) -> float:
        return self._now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        awake = asyncio.Event()
        self._sleepers.append((self._now + seconds, awake))
        await awake.wait()

    async def pass_time(self, seconds: float) -> None:
        """Let the time pass, waking each sleeper at its moment."""
        end = self._now + seconds
        await settle()
        while due := [at for at, _ in self._sleepers if at <= end]:
            self._now = max(self._now, min(due))
            for sleeper in [each for each in self._sleepers if each[0] <= self._now]:
                self._sleepers.remove(sleeper)
                sleeper[1].set()
            await settle()
        self._now = end


async def settle() -> None:
    """Let every task run until it waits for the clock or for another."""
    for _ in range(50):
        await asyncio.sleep(0)


async def at_once() -> None:
    """Stay in flight for no time."""


class Traffic:
    """Requests of two kinds through one Pacing, with a note of when each was let through."""

    def __init__(self, per_minute: float, burst: int) -> None:
        self.clock = HandTurned()
        self.pacing = Pacing(TokenBucket(per_minute, burst, self.clock), self.clock.sleep)
        self.passed: list[tuple[str, float]] = []
        self.in_flight = {"read": 0, "write": 0}
        self._tasks: list[asyncio.Task[None]] = []

    def start(self, kind: str, until: Callable[[], Awaitable[object]] = at_once) -> None:
        """Begin a request that stays in flight as long as `until` takes."""
        self._tasks.append(asyncio.create_task(self._request(kind, until)))

    async def _request(self, kind: str, until: Callable[[], Awaitable[object]]) -> None:
        async with self.pacing.write() if kind == "write" else self.pacing.read():
            self.passed.append((kind, self.clock.monotonic() - 1000.0))
            self.in_flight[kind] += 1
            await until()
            self.in_flight[kind] -= 1

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


async def test_a_burst_goes_at_once_and_the_rest_evenly() -> None:
    """With 60 a minute and a burst of 3, the fourth request waits a second, the fifth another."""
    traffic = Traffic(60, 3)
    for _ in range(5):
        traffic.start("read")
    await traffic.clock.pass_time(5)
    assert [round(at, 2) for _, at in traffic.passed] == [0, 0, 0, 1, 2]
    await traffic.stop()


async def test_the_burst_fills_up_again_but_not_beyond_itself() -> None:
    """An hour of silence saves up one burst."""
    traffic = Traffic(60, 2)
    await traffic.clock.pass_time(3600)
    for _ in range(4):
        traffic.start("read")
    await traffic.clock.pass_time(10)
    assert [round(at - 3600, 2) for _, at in traffic.passed] == [0, 0, 1, 2]
    await traffic.stop()


async def test_never_more_than_two_reads_and_one_write_at_once() -> None:
    """However much is asked, three requests are in flight."""
    traffic = Traffic(6000, 1000)
    forever = asyncio.Event().wait
    for _ in range(5):
        traffic.start("read", forever)
        traffic.start("write", forever)
    await traffic.clock.pass_time(60)
    assert traffic.in_flight == {"read": 2, "write": 1}
    await traffic.stop()


async def test_a_write_takes_the_next_token_before_reads_that_came_earlier() -> None:
    """An order does not queue behind polling."""
    traffic = Traffic(60, 1)
    for _ in range(4):
        traffic.start("read")
    await traffic.clock.pass_time(0.5)
    traffic.start("write")
    await traffic.clock.pass_time(10)
    assert [kind for kind, _ in traffic.passed] == ["read", "write", "read", "read", "read"]
    assert round(traffic.passed[1][1], 2) == 1
    await traffic.stop()


async def test_reads_go_on_while_a_write_is_in_flight() -> None:
    """Only the wait for a token is the write's own; a slow order does not stop the rest."""
    traffic = Traffic(60, 10)
    traffic.start("write", asyncio.Event().wait)
    traffic.start("write")
    traffic.start("read")
    await traffic.clock.pass_time(1)
    assert [kind for kind, _ in traffic.passed] == ["write", "read"]
    await traffic.stop()


async def test_a_write_that_is_cancelled_while_it_waits_lets_the_reads_through() -> None:
    """Giving up on an order leaves nothing blocked."""
    traffic = Traffic(60, 1)
    traffic.start("read")
    await settle()
    write = asyncio.create_task(traffic._request("write", at_once))
    await traffic.clock.pass_time(0.1)
    traffic.start("read")
    write.cancel()
    await traffic.clock.pass_time(5)
    assert [kind for kind, _ in traffic.passed] == ["read", "read"]
    await traffic.stop()


async def test_a_turn_that_was_waited_for_is_the_next_writes() -> None:
    """It goes out at once then, whatever reads have come; the turn counts once, however often it is waited for."""
    traffic = Traffic(60, 1)
    traffic.start("read")
    await traffic.clock.pass_time(0)
    turn = asyncio.gather(traffic.pacing.write_turn(), traffic.pacing.write_turn())
    await settle()
    traffic.start("read")
    await traffic.clock.pass_time(1)
    await turn
    traffic.start("write")
    await traffic.clock.pass_time(5)
    assert traffic.passed == [("read", 0.0), ("write", 1.0), ("read", 2.0)]


async def test_a_turn_that_is_given_up_costs_nobody_anything() -> None:
    """Reads go on as if nobody had waited."""
    traffic = Traffic(60, 1)
    traffic.start("read")
    await traffic.clock.pass_time(0)
    turn = asyncio.create_task(traffic.pacing.write_turn())
    await settle()
    turn.cancel()
    await asyncio.wait([turn])
    traffic.start("read")
    await traffic.clock.pass_time(5)
    assert traffic.passed == [("read", 0.0), ("read", 1.0)]


def _client(panel: ScriptedPanel, clock: HandTurned, **settings: object) -> PanelClient:
    return PanelClient(
        profile(**settings),  # type: ignore[arg-type]  # test shorthand
        Secret(KEY),
        transport=panel,
        limits=Limits(),
        clock=clock,
        sleep=clock.sleep,
        random=lambda: 0.5,
    )


async def test_the_profile_sets_the_pace() -> None:
    """Ten requests a minute with a burst of two: the third waits six seconds."""
    clock = HandTurned()
    panel = ScriptedPanel(lambda _: {"balance": "1"})
    async with _client(panel, clock, requests_per_minute=10, burst=2) as client:
        asking = asyncio.gather(*(client.balance() for _ in range(3)))
        await clock.pass_time(5.9)
        assert len(panel.requests) == 2
        await clock.pass_time(0.2)
        await asking
    assert len(panel.requests) == 3


async def test_a_read_waits_longer_before_each_new_try() -> None:
    """The pauses between tries grow, and there are two of them."""
    clock = HandTurned()
    panel = ScriptedPanel(lambda _: httpx.Response(502, content=b"<html></html>"))
    async with _client(panel, clock) as client:
        asking = asyncio.create_task(client.balance())
        await clock.pass_time(60)
        with pytest.raises(BadAnswer):
            await asking
    assert clock.slept == [0.5, 1.0]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("Thu, 01 Jan 2026 00:17:00 GMT", 20.0),
        ("Thu, 01 Jan 2026 00:00:00 GMT", 0.0),
        ("Fri, 02 Jan 2026 00:00:00 GMT", 900.0),
    ],
)
async def test_retry_after_may_be_a_date(header: str, seconds: float) -> None:
    """A date is turned into seconds from now, never negative, at most 15 minutes."""
    clock = HandTurned()
    panel = ScriptedPanel(
        lambda _: httpx.Response(429, headers={"Retry-After": header}, content=b'{"error":"Too many"}')
    )
    async with _client(panel, clock) as client:
        asking = asyncio.create_task(client.balance())
        await clock.pass_time(0)
        first = clock.monotonic()
        await clock.pass_time(60)
        with pytest.raises(RateLimited) as caught:
            await asking
    assert caught.value.retry_after == seconds
    assert first == 1000.0


async def test_tokens_can_come_from_elsewhere() -> None:
    """Windows that share a panel share its pace."""
    clock = HandTurned()

    class Shared:
        asked = 0

        async def take(self) -> float:
            self.asked += 1
            return 0.0 if self.asked % 2 == 0 else 3.0

    panel = ScriptedPanel(lambda _: {"balance": "1"})
    shared = Shared()
    async with PanelClient(
        profile(), Secret(KEY), transport=panel, tokens=shared, clock=clock, sleep=clock.sleep
    ) as client:
        asking = asyncio.create_task(client.balance())
        await clock.pass_time(2.9)
        assert panel.requests == []
        await clock.pass_time(0.2)
        await asking
    assert shared.asked == 2
