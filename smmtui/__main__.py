"""The composition root: opens everything, closes everything."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, ExitStack, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from smmtui.cli import Doctor, read_arguments
from smmtui.config import Paths, Preferences, Profile, Start, choose, choose_profile, demo_profile, is_missing
from smmtui.domain.foreign_text import terminal_safe
from smmtui.errors import ConfigError
from smmtui.memory import close_to_others, share_among_threads
from smmtui.secret import Secret
from smmtui.terminal_background import asked_background, dark_by_environment
from smmtui.theme_choice import ThemeChoice, unknown_theme
from smmtui.tui.crash import Faults
from smmtui.words import _

if TYPE_CHECKING:
    from smmtui.desk.desk import Desk
    from smmtui.domain.records import Balance
    from smmtui.panel.client import PanelClient
    from smmtui.tui.app import SmmtuiApp

_SWITCH_INTERVAL = 0.0002
_PATIENCE = 20.0
_ROWS_ARE_THERE = 1.0
# What Textual takes from the environment to look as the user likes. By the rest it presses keys, loads code, or writes
# typed keys and pictures of the screen to files.
_LOOKS = frozenset(
    f"TEXTUAL_{name}"
    for name in (
        "ANIMATIONS",
        "COLOR_SYSTEM",
        "DIM_FACTOR",
        "DISABLE_KITTY_KEY",
        "FILTERS",
        "FPS",
        "SMOOTH_SCROLL",
        "SPEEDUPS",
        "THEME",
    )
)


def main() -> None:
    """Run smmtui; the exit code is 0, 1 after a fault, and 2 where it could not be started as asked."""
    if sys.platform not in ("linux", "darwin"):
        print(_("smmtui runs on Linux and macOS; on Windows, install and start it inside WSL."), file=sys.stderr)
        sys.exit(2)
    os.umask(0o077)
    faults = Faults()
    faults.install()
    # Not on every platform, and those have got their sentence by now.
    import resource

    # The key is in memory, and a core dump is memory on the disk.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # The libraries would log what a panel answers, and a panel may echo the key.
    logging.disable()
    environ = _take_environment()
    arguments = read_arguments(sys.argv[1:])
    try:
        if arguments.demo:
            import tempfile

            with tempfile.TemporaryDirectory(prefix="smmtui-demo-") as folder:
                start = _demo_start(Path(folder))
                code = _run(start, start.paths, _demo_desk, faults)
        else:
            paths = Paths.of_platform()
            if arguments.config is not None:
                paths = replace(paths, config=arguments.config.absolute())
            match arguments.command:
                case None:
                    code = _start(arguments.profile, paths, environ, faults)
                case Doctor() as doctor:
                    gc.enable()
                    code = _examine(doctor, arguments.profile, paths, environ, faults)
                case command:
                    gc.enable()
                    from smmtui.commands import carry_out

                    code = carry_out(command, choose_profile(paths, arguments.profile, environ), paths)
    except ConfigError as error:
        print(terminal_safe(f"smmtui: {error}"), file=sys.stderr)
        code = 2
    sys.exit(code)


def _take_environment() -> dict[str, str]:
    """Return the environment, and leave nothing in our own that holds the key or would have it written down."""
    environ = dict(os.environ)
    for name in environ:
        debugs = name.startswith("TEXTUAL") and name not in _LOOKS
        # With what TLS writes to its key log, whoever has recorded the connection can read the key.
        if debugs or name in ("SMMTUI_API_KEY", "SSLKEYLOGFILE"):
            del os.environ[name]
    return environ


def _start(name: str | None, paths: Paths, environ: dict[str, str], faults: Faults) -> int:
    """Run the app on the panel that is asked for; where none is set up yet, on the setup screen."""
    asked_for = name is not None or any(environ.get(variable) for variable in ("SMMTUI_API_URL", "SMMTUI_API_KEY"))
    if not asked_for and sys.__stdin__ is not None and sys.__stdin__.isatty() and is_missing(paths.config):
        return _run(None, paths, _desk, faults, ConfiguredPanels(paths, faults))
    start = choose(paths, name, environ, _asker())
    return _run(start, paths, _desk, faults, ConfiguredPanels(paths, faults, start))


class ConfiguredPanels:
    """The panels that can be opened in this run; every key of theirs is masked in what is said of a fault."""

    def __init__(self, paths: Paths, faults: Faults, first: Start | None = None) -> None:
        self.paths = paths
        self.first = first
        self._faults = faults
        self._opened_last: Start | None = None

    @asynccontextmanager
    async def open(self, start: Start) -> AsyncIterator[Desk]:
        """Open the Desk of a panel over the network."""
        self._faults.mask(start.key)
        self._opened_last = start
        async with _desk(start) as desk:
            yield desk

    @asynccontextmanager
    async def practice(self) -> AsyncIterator[Desk]:
        """Open the Desk of the demo panel in a temporary folder."""
        import tempfile

        with tempfile.TemporaryDirectory(prefix="smmtui-demo-") as folder:
            start = self._opened_last = _demo_start(Path(folder))
            async with _demo_desk(start) as desk:
                yield desk

    def moved_in(self) -> None:
        """From now on, tell of a fault as one on the panel that was opened last."""
        if self._opened_last is not None:
            self._faults.started(self._opened_last)

    async def balance(self, profile: Profile, key: Secret) -> Balance:
        """Ask for the balance, once, and not for long: somebody waits for it."""
        async with await asyncio.to_thread(_hasty_client, profile, key) as client:
            return await client.balance()

    def mask(self, key: Secret) -> None:
        """Mask a key that is being typed."""
        self._faults.mask(key)


def _hasty_client(profile: Profile, key: Secret) -> PanelClient:
    close_to_others()
    from smmtui.panel.client import PanelClient
    from smmtui.panel.exchange import Limits

    return PanelClient(profile, key, limits=Limits(other=_PATIENCE, tries=1))


def _run(
    start: Start | None,
    paths: Paths,
    desk: Callable[[Start], AbstractAsyncContextManager[Desk]],
    faults: Faults,
    panels: ConfiguredPanels | None = None,
) -> int:
    """Run the app on a panel, or on the setup screen; without `panels` there is no other panel to change to."""
    if start is not None:
        faults.started(start)
    if sys.__stdin__ is None or not sys.__stdin__.isatty():
        raise ConfigError(_("smmtui is a terminal app: start it in a terminal, with the keyboard as its input."))
    preferences = Preferences() if start is None else start.preferences
    if wrong := unknown_theme(preferences.theme):
        raise preferences.wrong("theme", wrong)
    if preferences.keys:
        _check_keys(preferences)
    choice = ThemeChoice(preferences.theme, paths.state, os.environ)
    # No collection before there are rows on the screen; the App turns it on again then.
    gc.disable()
    # A key waits this long, several times, for a thread that reads a catalogue meanwhile.
    sys.setswitchinterval(_SWITCH_INTERVAL)
    with asked_background(os.environ, ask=not choice.named and "NO_COLOR" not in os.environ) as background:
        from smmtui.tui.app import SmmtuiApp

        background.hear()
        if start is None:
            app = SmmtuiApp(None, None, panels)
        else:
            app = SmmtuiApp(lambda profile: desk(replace(start, profile=profile)), start.profile, panels)
        app.dress(choice, background, dark_by_environment(os.environ))
        app.set_keymap(preferences.keys)
        return _perform(app, preferences.log_file, faults)


def _perform(app: SmmtuiApp, log_file: Path | None, faults: Faults) -> int:
    """Run the app, with a log where one is wanted, and say in the end what is left to be said."""
    with ExitStack() as opened:
        if log_file is not None:
            from smmtui.log_file import written_log

            opened.enter_context(written_log(log_file, faults.masked, app.log_troubles.append))
        try:
            app.run()
            if app.fault is not None:
                faults.tell(app.fault, app.titles_said())
        finally:
            for words in (*app.last_words, *faults.last_words):
                print(f"smmtui: {terminal_safe(words)}", file=sys.stderr)
    return app.return_code or 0


def _examine(doctor: Doctor, name: str | None, paths: Paths, environ: dict[str, str], faults: Faults) -> int:
    from smmtui.doctor import examine
    from smmtui.standard_output import write_out

    def balance(start: Start) -> Balance:
        from smmtui.panel.client import PanelClient

        async def ask() -> Balance:
            async with PanelClient(start.profile, start.key) as client:
                return await client.balance()

        faults.started(start)
        close_to_others()
        return asyncio.run(ask())

    def lines() -> Iterator[str]:
        for finding in examine(paths, name, environ, _asker(), _check_keys, balance if doctor.online else None):
            levels.add(finding.level)
            yield terminal_safe(f"{finding}\n")

    levels: set[str] = set()
    return write_out(lines()) or int("bad" in levels)


def _check_keys(preferences: Preferences) -> None:
    # Every screen is loaded for this; without keys of one's own nobody waits for it.
    from smmtui.tui.own_keys import check_keys

    check_keys(preferences)


def _asker() -> Callable[[str], str] | None:
    if sys.__stdin__ is None or not sys.__stdin__.isatty():
        return None
    return _ask_key


def _ask_key(profile: str) -> str:
    import getpass
    import warnings

    try:
        with warnings.catch_warnings():
            # Rather no key than one that stands on the screen.
            warnings.simplefilter("error", getpass.GetPassWarning)
            return getpass.getpass(_("API key of {profile} (kept in memory only): ", profile=profile))
    except (EOFError, KeyboardInterrupt):
        raise ConfigError(_("No key was typed, so nothing was started.")) from None
    except getpass.GetPassWarning:
        text = _("This terminal would show the key as it is typed: use key_file or key_command.")
        raise ConfigError(text) from None


def _demo_start(folder: Path) -> Start:
    from smmtui.demo import DEMO_KEY

    paths = Paths(folder / "config.toml", folder / "data", folder / "state", folder / "cache")
    return Start(demo_profile(), Secret(DEMO_KEY), paths)


@asynccontextmanager
async def _desk(start: Start) -> AsyncIterator[Desk]:
    """The Desk of a panel that is reached over the network."""
    closing = asyncio.create_task(_close_in_time())
    try:
        async with _opened(start, lambda: _client(start), _keep_memory) as desk:
            yield desk
    finally:
        closing.cancel()


async def _close_in_time() -> None:
    # With the rows it is done; an opening that has to wait for another window's is not to put it off.
    await asyncio.sleep(_ROWS_ARE_THERE)
    await asyncio.to_thread(close_to_others)


def _keep_memory() -> None:
    close_to_others()
    share_among_threads()


def _client(start: Start) -> PanelClient:
    """The client of a panel, made in a thread once there are rows: the HTTP library is loaded with it."""
    from smmtui.domain.clock import SystemClock
    from smmtui.journal.pace import SharedTokens
    from smmtui.panel.client import PanelClient

    profile, clock = start.profile, SystemClock()
    folder = start.paths.journal(profile.account)
    tokens = SharedTokens(folder, profile.requests_per_minute, profile.burst, clock)
    return PanelClient(profile, start.key, tokens=tokens, clock=clock)


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

    async with _opened(start, connect, share_among_threads) as desk:
        await desk.track(
            Tracked(past.order, past.service, "", past.link, past.quantity, from_timestamp(past.placed))
            for past in market.history
        )
        yield desk


@asynccontextmanager
async def _opened(
    start: Start, connect: Callable[[], PanelClient], after_rows: Callable[[], None]
) -> AsyncIterator[Desk]:
    from smmtui.desk.desk import Desk
    from smmtui.domain.clock import SystemClock
    from smmtui.journal.journal import Journal
    from smmtui.journal.snapshot import Snapshot
    from smmtui.panel.catalog_rows import first_services, read_services

    clock, account = SystemClock(), start.profile.account
    desk = Desk(
        start.profile,
        clock,
        open_journal=lambda: Journal.open(start.paths.journal(account), clock=clock),
        snapshot=Snapshot(start.paths.snapshot(account)),
        connect=connect,
        read_services=read_services,
        first_services=first_services,
        after_rows=after_rows,
    )
    try:
        await desk.open()
        yield desk
    finally:
        await desk.close()


if __name__ == "__main__":
    main()
