"""A Desk for tests: its clock in hand, its journal on the disk, its panel in memory or behind a real socket."""

from __future__ import annotations

import asyncio
import math
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import httpx

from smmtui.config import Profile
from smmtui.demo import DEMO_KEY, DemoPanel, Market
from smmtui.demo.form import read_fields
from smmtui.desk.desk import Desk
from smmtui.desk.topics import Topic, Wanted
from smmtui.desk.windows import Sleep
from smmtui.domain.order_entry import OrderEntry
from smmtui.domain.records import Draft, Order, Service
from smmtui.journal.journal import Journal
from smmtui.journal.snapshot import Snapshot
from smmtui.panel.catalog_rows import read_services
from smmtui.panel.client import PanelClient
from smmtui.panel.exchange import Limits
from smmtui.secret import Secret

PATIENCE = 10.0
START = datetime(2026, 3, 1, 12, tzinfo=UTC)
# One try, so that a fault is met once.
ONCE = Limits(tries=1)
# For panels that hang: nothing that is to be answered should be asked with these deadlines on a busy machine.
HASTY = Limits(add=0.3, services=0.3, other=0.3, tries=1)


class HandClock:
    """A clock that stands still until it is moved; the demo panel's books can be hung up on `timestamp`."""

    def __init__(self) -> None:
        self._passed = 0.0
        self._jumped = 0.0

    def now(self) -> datetime:
        """The wall time, which began at START."""
        return START + timedelta(seconds=self._passed + self._jumped)

    def monotonic(self) -> float:
        """Seconds since START."""
        return self._passed

    def timestamp(self) -> float:
        """The wall time as epoch seconds."""
        return self.now().timestamp()

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self._passed += seconds

    def jump(self, seconds: float) -> None:
        """Set the wall clock, which is what a suspended machine finds as well."""
        self._jumped += seconds


class WatchedPanel(DemoPanel):
    """The demo panel, which also counts what it is asked, by action."""

    def __init__(self, market: Market) -> None:
        super().__init__(market)
        self.asked: Counter[str] = Counter()

    def answer(self, method: str, content_type: str, body: bytes) -> bytes:
        """Count the request and answer it as the demo panel does."""
        self.asked[read_fields(content_type, body)["action"]] += 1
        return super().answer(method, content_type, body)


class Turns:
    """A pace under a test's thumb: requests go out at once until `left` of them have, then all wait."""

    def __init__(self) -> None:
        self.left = math.inf
        self.waiting = False

    async def take(self) -> float:
        """Give a token, or say that there may be one in a second."""
        self.waiting = self.left < 1
        self.left -= not self.waiting
        return float(self.waiting)

    async def _second(self, seconds: float) -> None:
        # That long for the pace, and no longer than it takes to see that `left` has changed for the test.
        await asyncio.sleep(0.001)

    def client(self, url: str, key: str, limits: Limits) -> PanelClient:
        """A client that keeps this pace."""
        return PanelClient(profile_of(url), Secret(key), tokens=self, sleep=self._second, limits=limits)


def profile_of(url: str) -> Profile:
    """A profile of this address that is never held up by its own pace."""
    return Profile("test", "test", url, requests_per_minute=6000, burst=1000)


class Rig:
    """One account: its folder, its clock and the way to its panel. `desk()` opens it; again after it was closed."""

    def __init__(self, folder: Path, clock: HandClock, profile: Profile, connect: Callable[[], PanelClient]) -> None:
        self.folder = folder
        self.clock = clock
        self.profile = profile
        self.connect = connect
        self.sleep: Sleep = asyncio.sleep
        """What a Desk that is opened now waits with between two looks at the other windows."""
        self.journal: Journal
        """The journal of the Desk that was opened last."""

    @classmethod
    def at(cls, folder: Path, url: str, key: str, limits: Limits = ONCE) -> Rig:
        """The account of a panel behind a socket."""
        clock, profile = HandClock(), profile_of(url)
        return cls(folder, clock, profile, lambda: PanelClient(profile, Secret(key), limits=limits))

    @classmethod
    def on_demo(cls, folder: Path) -> tuple[Rig, WatchedPanel]:
        """The account of a demo panel whose books move with the rig's clock."""
        clock, profile = HandClock(), profile_of("http://localhost/api/v2")
        panel = WatchedPanel(Market(clock=clock.timestamp, balance=Decimal(100)))

        def connect() -> PanelClient:
            return PanelClient(profile, Secret(DEMO_KEY), transport=httpx.ASGITransport(app=panel), limits=ONCE)

        return cls(folder, clock, profile, connect), panel

    def unopened(self) -> Desk:
        """A Desk that has read nothing yet."""

        def open_journal() -> Journal:
            self.journal = self.reopened()
            return self.journal

        snapshot = Snapshot(self.folder / "cache")
        return Desk(self.profile, self.clock, open_journal, snapshot, self.connect, read_services, self.sleep)

    @asynccontextmanager
    async def desk(self, *, online: bool = True) -> AsyncIterator[Desk]:
        """The open Desk; online as soon as it can be, or never."""
        desk = self.unopened()
        try:
            await desk.open()
            if online:
                desk.go_online()
            yield desk
        finally:
            await desk.close()

    def reopened(self) -> Journal:
        """The journal, opened from its folder."""
        return Journal.open(self.folder / "journal", clock=self.clock)

    def stored(self) -> list[Order]:
        """Every order that the disk knows, newest first, as the next start will find it."""
        journal = self.reopened()
        try:
            return journal.orders()
        finally:
            journal.close()


async def until(condition: Callable[[], object]) -> None:
    """Return soon after the condition has come to hold, and stays so; TimeoutError where it does not."""
    async with asyncio.timeout(PATIENCE):
        # No event could tell: conditions look at a ledger in another thread, or at the inside of a loop.
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.001)


async def idle(desk: Desk) -> None:
    """Return once the refresh loop waits for its next pass."""
    await until(lambda: desk.next_refresh is not None)


async def refreshed(desk: Desk, wanted: Wanted = Wanted.ORDERS | Wanted.BALANCE) -> None:
    """Press refresh on an idle Desk and return when the pass is over."""
    await idle(desk)
    desk.refresh(wanted)
    await idle(desk)


def heard(desk: Desk) -> list[Topic]:
    """The topics that are told from now on."""
    topics: list[Topic] = []
    desk.subscribe(topics.append)
    return topics


def draft_for(service: Service, quantity: int = 100, link: str = "https://example.com/1") -> Draft:
    """An order for a service of the type Default, as the form makes it."""
    return OrderEntry(service, {"link": link, "quantity": str(quantity)}).draft("USD")
