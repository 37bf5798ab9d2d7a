"""Everything that smmtui stands on, looked at without changing it: a line each, and what to do where it is not well."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import locale
import os
import platform
import shutil
import stat
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from smmtui import __version__
from smmtui.config import Paths, Profile, Start, choose, choose_profile, is_loopback
from smmtui.domain.money import show_amount
from smmtui.domain.records import Balance, State
from smmtui.errors import ConfigError, JournalError, PanelError

_COLUMNS, _ROWS = 60, 16
_LITTLE_ROOM = 50 * 1024 * 1024
_OTHERS = 0o077
_WRITABLE_BY_OTHERS = 0o022


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report; `words` say what is the case, and what to do unless it is ok. Never the key."""

    level: Literal["ok", "warn", "bad"]
    subject: str
    words: str

    def __str__(self) -> str:
        # Some sentences quote SQLite, which speaks in several lines.
        return f"{self.level:<5} {self.subject:<9} {' '.join(self.words.split())}"


class _IsAskedFor(Exception):
    """No source has the key, so the start would ask for it."""


def examine(
    paths: Paths,
    name: str | None,
    environ: Mapping[str, str],
    ask: Callable[[str], str] | None,
    balance: Callable[[Start], Balance] | None,
) -> Iterator[Finding]:
    """Yield what there is to say, one after another; `balance` asks the panel, None leaves it alone.

    `ask` prompts for a key that no source has; only for `balance`, which cannot do without.
    """
    libraries = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("textual", "httpx"))
    yield Finding("ok", "version", f"smmtui {__version__}, Python {platform.python_version()}, {libraries}")
    yield from _terminal(environ)
    yield _keyring()
    try:
        profile = choose_profile(paths, name, dict(environ))
    except ConfigError as error:
        yield Finding("bad", "config", str(error))
        return
    yield from _config(paths, profile, environ)
    start: Start | None = None
    try:
        start = choose(paths, name, dict(environ), ask if balance else _would_ask)
        yield Finding("ok", "key", "found; it is not shown")
    except _IsAskedFor:
        yield Finding("warn", "key", "in none of its sources: it is asked for at every start")
    except ConfigError as error:
        yield Finding("bad", "key", str(error))
    yield from _files(paths, profile)
    yield from _journal(paths.journal(profile.account))
    yield _catalog(paths.snapshot(profile.account))
    if balance is not None:
        yield _panel(start, balance)


def _would_ask(profile: str) -> str:
    raise _IsAskedFor


# ── around smmtui ─────────────────────────────────────────────────────────────────────────────────────────────────


def _terminal(environ: Mapping[str, str]) -> Iterator[Finding]:
    encoding = locale.getencoding()
    if encoding.lower().replace("-", "") == "utf8":
        yield Finding("ok", "terminal", "UTF-8")
    else:
        yield Finding(
            "warn", "terminal", f"{encoding}, not UTF-8: names and marks will be unreadable. Set LANG=C.UTF-8"
        )
    if not sys.stdout.isatty():
        yield Finding("ok", "terminal", "none here, so its size and colours were not looked at")
        return
    size = os.get_terminal_size(sys.stdout.fileno())
    fits = size.columns >= _COLUMNS and size.lines >= _ROWS
    more = "" if fits else f": make it at least {_COLUMNS} × {_ROWS}"
    yield Finding("ok" if fits else "warn", "terminal", f"{size.columns} × {size.lines} characters{more}")
    yield _colours(environ)


def _colours(environ: Mapping[str, str]) -> Finding:
    kind = environ.get("TERM", "")
    if kind in ("", "dumb"):
        return Finding(
            "bad", "terminal", f"TERM is “{kind}”: a terminal that cannot move its cursor. Set it as in TERM=xterm"
        )
    if environ.get("NO_COLOR"):
        return Finding("ok", "terminal", f"{kind}, without colours because of NO_COLOR")
    if environ.get("COLORTERM") in ("truecolor", "24bit"):
        return Finding("ok", "terminal", f"{kind}, all colours")
    return Finding("ok", "terminal", f"{kind}, {'256' if '256' in kind else '16'} colours")


def _keyring() -> Finding:
    if importlib.util.find_spec("keyring") is None:
        return Finding("ok", "keyring", "not installed; pip install 'smmtui[keyring]' if a key is to be kept in it")
    try:
        import keyring

        name = keyring.get_keyring().name
    except Exception as error:
        # Its backends are plugins, and raise what they like.
        return Finding("warn", "keyring", f"installed, but it fails to start ({type(error).__name__})")
    if name.startswith(("fail", "null")):
        return Finding("warn", "keyring", f"installed, but the system has none that it could use ({name})")
    return Finding("ok", "keyring", name)


# ── its own ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _config(paths: Paths, profile: Profile, environ: Mapping[str, str]) -> Iterator[Finding]:
    by_environment = environ.get("SMMTUI_API_URL") and environ.get("SMMTUI_API_KEY")
    origin = "the environment" if by_environment else str(paths.config)
    # Of addresses the host alone: a path could hold the key, and a proxy's address a password.
    host = urlsplit(profile.url).hostname or ""
    yield Finding("ok", "config", f"profile {profile.name} of {origin}, panel at {host}")
    if not by_environment and paths.config.stat().st_mode & _WRITABLE_BY_OTHERS:
        words = f"{paths.config} can be changed by others, who could send the key elsewhere: chmod go-w {paths.config}"
        yield Finding("bad", "config", words)
    if profile.url.startswith("http:") and not is_loopback(host):
        yield Finding("warn", "config", "the address begins with http: the key is sent without encryption")
    if profile.proxy:
        yield Finding("ok", "config", f"everything goes through the proxy at {urlsplit(profile.proxy).hostname}")


def _files(paths: Paths, profile: Profile) -> Iterator[Finding]:
    journal = paths.journal(profile.account)
    yield Finding("ok", "paths", f"orders in {journal}, catalog in {paths.snapshot(profile.account)}")
    try:
        for folder in (journal, paths.snapshot(profile.account)):
            yield from _modes(folder)
        there = next(each for each in (journal, *journal.parents) if each.exists())
        if not os.access(there, os.W_OK | os.X_OK):
            yield Finding(
                "bad", "paths", f"{there} cannot be written, so no order could be placed. Check its permissions"
            )
        if (free := shutil.disk_usage(there).free) < _LITTLE_ROOM:
            words = f"only {free // 1024 // 1024} MiB are free at {there}; without room no order is placed"
            yield Finding("warn", "paths", words)
    except OSError as error:
        yield Finding("bad", "paths", f"{error.filename} cannot be looked at: {error.strerror}. Check its permissions")


def _modes(folder: Path) -> Iterator[Finding]:
    if not folder.exists():
        return
    seen: dict[Path, os.stat_result] = {}
    for path in (folder, *folder.rglob("*")):
        # An open window makes files and removes them again.
        with suppress(FileNotFoundError):
            seen[path] = path.lstat()
    if strange := [str(path) for path, found in seen.items() if found.st_uid != os.getuid()]:
        yield Finding("bad", "modes", f"not yours: {_few(strange)}. Give them back to yourself with chown")
    closed = (stat.S_ISLNK(found.st_mode) or not found.st_mode & _OTHERS for found in seen.values())
    if opened := [str(path) for path, is_closed in zip(seen, closed, strict=True) if not is_closed]:
        yield Finding("bad", "modes", f"open to others: {_few(opened)}. Close them: chmod -R go-rwx {folder}")
    if not strange and not opened:
        yield Finding("ok", "modes", f"{folder} and all in it is yours alone")


def _few(names: list[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def _journal(folder: Path) -> Iterator[Finding]:
    from smmtui.journal.reading import ReadOnlyJournal

    try:
        with ReadOnlyJournal.open(folder) as journal:
            wrong = journal.check()
            yield from (Finding("bad", "journal", words) for words in wrong)
            orders = journal.orders()
            if not wrong:
                yield Finding("ok", "journal", f"{len(orders):,} orders, row by row as their receipts say")
            if unread := journal.unread_damage():
                yield Finding("warn", "journal", f"mended, and not yet read by you in the app: {unread}")
            if lost := journal.abandoned():
                yield Finding(
                    "warn", "journal", f"{lost} on the way when smmtui ended; the next start calls it unknown"
                )
            if unknown := sum(order.state is State.UNKNOWN for order in orders):
                words = f"{unknown} unknown: the panel may have taken them. Look for them in its own list"
                yield Finding("warn", "journal", words)
    except JournalError as error:
        yield Finding("bad", "journal", str(error))


def _catalog(folder: Path) -> Finding:
    from smmtui.journal.snapshot import Snapshot
    from smmtui.panel.catalog_rows import read_services

    kept = Snapshot(folder).read()
    if kept is None:
        return Finding("ok", "catalog", "none kept yet; the panel is asked for it at the start")
    try:
        services = len(read_services(kept.data).services)
    except PanelError as error:
        return Finding(
            "warn", "catalog", f"the kept one cannot be read ({error}); the panel is asked again at the start"
        )
    return Finding("ok", "catalog", f"{services:,} services as of {kept.at:%Y-%m-%d %H:%M} UTC")


def _panel(start: Start | None, balance: Callable[[Start], Balance]) -> Finding:
    if start is None:
        return Finding("bad", "panel", "not asked, for want of a key")
    try:
        found = balance(start)
    except (PanelError, ConfigError) as error:
        return Finding("bad", "panel", str(error))
    return Finding("ok", "panel", f"answers; the balance is {show_amount(found.amount, found.currency)}")
