"""The App on the demo panel with a clock that stands still until a test moves it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from msgspec.structs import replace
from textual.events import Key
from textual.keys import _character_to_key
from textual.pilot import Pilot

from smmtui.config import Profile, demo_profile
from smmtui.demo import DEMO_KEY, DemoPanel, Market
from smmtui.desk.desk import Desk
from smmtui.domain.records import Tracked, from_timestamp
from smmtui.journal.journal import Journal
from smmtui.journal.snapshot import Snapshot
from smmtui.panel.catalog_rows import Services, first_services, read_services
from smmtui.panel.client import PanelClient
from smmtui.secret import Secret
from smmtui.tui.app import SmmtuiApp

KEY_NAMES = {
    "enter": "\r",
    "tab": "\t",
    "escape": "\x1b",
    "backspace": "\x08",
    "plus": "+",
    **dict.fromkeys(("down", "up", "f5", "f6", "f9", "home", "end")),
}
NOON = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)


class Hands:
    """A clock whose hands a test holds."""

    def __init__(self, start: datetime = NOON) -> None:
        self._start = start
        self._passed = 0.0

    def now(self) -> datetime:
        """The wall time."""
        return self._start + timedelta(seconds=self._passed)

    def monotonic(self) -> float:
        """The monotonic seconds."""
        return self._passed

    def timestamp(self) -> float:
        """The wall time as the market wants it."""
        return self.now().timestamp()

    def move(self, seconds: float) -> None:
        """Let time pass."""
        self._passed += seconds


class Stage:
    """An App, its Desk, the market behind it, and the clock of all three."""

    def __init__(self, folder: Path, market: Market | None = None, hands: Hands | None = None) -> None:
        self.hands = hands or Hands()
        self.market = market or Market(clock=self.hands.timestamp)
        self.profile: Profile = replace(demo_profile(), burst=1000, requests_per_minute=6000)
        self.transport: Callable[[], httpx.AsyncBaseTransport] = self._demo
        self.key = DEMO_KEY
        self.desk: Desk | None = None
        self.read_services: Callable[[bytes], Services] = read_services
        self.after_rows: Callable[[], object] = lambda: None
        self.has_history = True
        self._folder = folder
        self.app = SmmtuiApp(self._open, self.profile)

    def _demo(self) -> httpx.AsyncBaseTransport:
        return httpx.ASGITransport(app=DemoPanel(self.market))

    def _connect(self) -> PanelClient:
        return PanelClient(self.profile, Secret(self.key), transport=self.transport(), clock=self.hands)

    @asynccontextmanager
    async def _open(self, profile: Profile) -> AsyncIterator[Desk]:
        desk = Desk(
            profile,
            self.hands,
            open_journal=lambda: Journal.open(self._folder / "data", clock=self.hands),
            snapshot=Snapshot(self._folder / "cache"),
            connect=self._connect,
            read_services=self.read_services,
            first_services=first_services,
            after_rows=self.after_rows,
        )
        try:
            await desk.open()
            if self.has_history:
                await desk.track(
                    Tracked(past.order, past.service, "", past.link, past.quantity, from_timestamp(past.placed))
                    for past in self.market.history
                )
            self.desk = desk
            yield desk
        finally:
            await desk.close()


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys as fast as a terminal can send them, and wait until the last one has had its effect.

    A key is a name, or text of which every letter is pressed. Pilot's own `press` waits a tenth of a second per key.
    """
    app = pilot.app
    assert isinstance(app, SmmtuiApp)
    for key in keys:
        named = key in KEY_NAMES or "+" in key
        for each in [key] if named else key:
            name = each if named else _character_to_key(each)
            app.post_message(Key(name, KEY_NAMES.get(each, None if named else each)))
    await until(pilot, lambda: app.typed_ahead.idle)


async def until(pilot: Pilot[None], condition: Callable[[], object], turns: int = 300) -> None:
    """Let the app work until the condition holds; fails with the screen's text when it never does."""
    for _ in range(turns):
        if condition():
            await pilot.pause()
            return
        await pilot.pause()
        await asyncio.sleep(0.01)
    raise AssertionError(f"never came about; the screen:\n{text_of(pilot)}")


def text_of(pilot: Pilot[None]) -> str:
    """What a user reads on the screen, a line per row."""
    app = pilot.app
    lines = app.screen._compositor.render_strips(app.size)
    return "\n".join("".join(segment.text for segment in line).rstrip() for line in lines)


async def see(pilot: Pilot[None], *texts: str) -> None:
    """Wait until all of these texts are on the screen."""
    # The app leaves out what widens a sign, and keeps the cell blank.
    wanted = [text.replace("\ufe0f", " ") for text in texts]
    await until(pilot, lambda: all(text in text_of(pilot) for text in wanted))
