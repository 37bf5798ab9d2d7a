"""The composition root: opens everything, closes everything."""

from __future__ import annotations

import asyncio
import gc
import getpass
import os
import resource
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from smmtui.cli import read_arguments
from smmtui.config import Paths, Start, choose, demo_profile
from smmtui.domain.foreign_text import terminal_safe
from smmtui.errors import ConfigError
from smmtui.secret import Secret

if TYPE_CHECKING:
    from smmtui.desk.desk import Desk
    from smmtui.panel.client import PanelClient

_DEBUG_VARIABLES = ("TEXTUAL", "TEXTUAL_DEBUG", "TEXTUAL_LOG", "TEXTUAL_PRESS", "TEXTUAL_SCREENSHOT")


def main() -> None:
    """Run smmtui; the exit code is 0, 1 after a fault, and 2 where it could not be started as asked."""
    os.umask(0o077)
    # The key is in memory, and a core dump is memory on the disk.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Textual writes typed keys to files where these are set; a key can be among them.
    for name in _DEBUG_VARIABLES:
        os.environ.pop(name, None)
    arguments = read_arguments(sys.argv[1:])
    try:
        if arguments.demo:
            with tempfile.TemporaryDirectory(prefix="smmtui-demo-") as folder:
                code = _run(_demo_start(Path(folder)), _demo_desk)
        else:
            paths = Paths.of_platform()
            if arguments.config is not None:
                paths = replace(paths, config=arguments.config.absolute())
            code = _run(choose(paths, arguments.profile, os.environ, _asker()), _desk)
    except ConfigError as error:
        from smmtui.domain.foreign_text import terminal_safe

        print(terminal_safe(f"smmtui: {error}"), file=sys.stderr)
        code = 2
    sys.exit(code)


def _run(start: Start, desk: Callable[[Start], AbstractAsyncContextManager[Desk]]) -> int:
    if sys.__stdin__ is None or not sys.__stdin__.isatty():
        raise ConfigError("smmtui is a terminal app: start it in a terminal, with the keyboard as its input.")
    # No collection before there are rows on the screen; the App turns it on again then.
    gc.disable()
    from smmtui.tui.app import SmmtuiApp

    app = SmmtuiApp(lambda profile: desk(replace(start, profile=profile)), start.profile)
    app.run()
    for words in app.last_words:
        print(f"smmtui: {terminal_safe(words)}", file=sys.stderr)
    return app.return_code or 0


def _asker() -> Callable[[str], str] | None:
    if sys.__stdin__ is None or not sys.__stdin__.isatty():
        return None
    return _ask_key


def _ask_key(profile: str) -> str:
    try:
        return getpass.getpass(f"API key of {profile} (kept in memory only): ")
    except (EOFError, KeyboardInterrupt):
        raise ConfigError("No key was typed, so nothing was started.") from None


def _demo_start(folder: Path) -> Start:
    from smmtui.demo import DEMO_KEY

    paths = Paths(folder / "config.toml", folder / "data", folder / "state", folder / "cache")
    return Start(demo_profile(), Secret(DEMO_KEY), paths)


@asynccontextmanager
async def _desk(start: Start) -> AsyncIterator[Desk]:
    """The Desk of a panel that is reached over the network."""

    def connect() -> PanelClient:
        from smmtui.panel.client import PanelClient

        return PanelClient(start.profile, start.key)

    async with _opened(start, connect) as desk:
        yield desk


@asynccontextmanager
async def _demo_desk(start: Start) -> AsyncIterator[Desk]:
    """The Desk of the demo panel, which lives in this process; it begins with the history of the demo's books."""
    from smmtui.demo import DemoPanel, Market
    from smmtui.domain.records import Tracked, from_timestamp

    # Writing the books takes a while that a key should not have to wait for.
    market = await asyncio.to_thread(Market)

    def connect() -> PanelClient:
        import httpx

        from smmtui.panel.client import PanelClient

        return PanelClient(start.profile, start.key, transport=httpx.ASGITransport(app=DemoPanel(market)))

    async with _opened(start, connect) as desk:
        await desk.track(
            Tracked(past.order, past.service, "", past.link, past.quantity, from_timestamp(past.placed))
            for past in market.history
        )
        yield desk


@asynccontextmanager
async def _opened(start: Start, connect: Callable[[], PanelClient]) -> AsyncIterator[Desk]:
    from smmtui.desk.desk import Desk
    from smmtui.domain.clock import SystemClock
    from smmtui.journal.journal import Journal
    from smmtui.journal.snapshot import Snapshot
    from smmtui.panel.catalog_rows import read_services

    clock, account = SystemClock(), start.profile.account
    desk = Desk(
        start.profile,
        clock,
        open_journal=lambda: Journal.open(start.paths.journal(account), clock=clock),
        snapshot=Snapshot(start.paths.snapshot(account)),
        connect=connect,
        read_services=read_services,
    )
    try:
        await desk.open()
        yield desk
    finally:
        await desk.close()


if __name__ == "__main__":
    main()
