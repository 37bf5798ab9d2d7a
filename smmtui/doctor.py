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
from smmtui.config import Paths, Preferences, Profile, Start, choose, choose_profile, is_loopback
from smmtui.domain.money import show_amount
from smmtui.domain.records import Balance, State
from smmtui.errors import ConfigError, JournalError, PanelError
from smmtui.preferences import find_preferences
from smmtui.profiles import read_profiles
from smmtui.theme_choice import unknown_theme
from smmtui.words import _, ngettext, translated_into

_COLUMNS, _ROWS = 60, 16
_LITTLE_ROOM = 50 * 1024 * 1024
_OTHERS = 0o077
_WRITABLE_BY_OTHERS = 0o022
# Each with what has to be set for it to have a desktop to copy to.
_CLIPBOARDS = (("wl-copy", "WAYLAND_DISPLAY"), ("xclip", "DISPLAY"), ("xsel", "DISPLAY"), ("pbcopy", "HOME"))


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
    check_keys: Callable[[Preferences], None],
    balance: Callable[[Start], Balance] | None,
) -> Iterator[Finding]:
    """Yield what there is to say, one after another; `balance` asks the panel, None leaves it alone.

    `ask` prompts for a key that no source has; only for `balance`, which cannot do without. `check_keys` raises
    ConfigError where the user's own keys could not be kept.
    """
    libraries = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("textual", "httpx"))
    yield Finding("ok", "version", f"smmtui {__version__}, Python {platform.python_version()}, {libraries}")
    yield from _terminal(environ)
    yield _clipboard(environ)
    yield _keyring()
    try:
        profile = choose_profile(paths, name, dict(environ))
        preferences = find_preferences(paths.config)
    except ConfigError as error:
        yield Finding("bad", "config", str(error))
        return
    yield from _config(paths, profile, environ)
    yield from _preferences(preferences, check_keys)
    yield from _notify(profile)
    start: Start | None = None
    try:
        start = choose(paths, name, dict(environ), ask if balance else _would_ask)
        yield Finding("ok", "key", _("found; it is not shown"))
    except _IsAskedFor:
        yield Finding("warn", "key", _("in none of its sources: it is asked for at every start"))
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
        language = translated_into()
        words = _("UTF-8, words in {language}", language=language) if language else _("UTF-8, words in English")
        yield Finding("ok", "terminal", words)
    else:
        text = _("{encoding}, not UTF-8: names and marks will be unreadable. Set LANG=C.UTF-8", encoding=encoding)
        yield Finding("warn", "terminal", text)
    if not sys.stdout.isatty():
        yield Finding("ok", "terminal", _("none here, so its size and colours were not looked at"))
        return
    size = os.get_terminal_size(sys.stdout.fileno())
    shown = {"columns": size.columns, "lines": size.lines}
    if size.columns >= _COLUMNS and size.lines >= _ROWS:
        yield Finding("ok", "terminal", _("{columns} × {lines} characters", **shown))
    else:
        least = {"least_columns": _COLUMNS, "least_lines": _ROWS}
        text = _("{columns} × {lines} characters: make it at least {least_columns} × {least_lines}", **shown, **least)
        yield Finding("warn", "terminal", text)
    yield _colours(environ)


def _colours(environ: Mapping[str, str]) -> Finding:
    kind = environ.get("TERM", "")
    if kind in ("", "dumb"):
        text = _("TERM is “{kind}”: a terminal that cannot move its cursor. Set it as in TERM=xterm", kind=kind)
        return Finding("bad", "terminal", text)
    if environ.get("NO_COLOR"):
        return Finding("ok", "terminal", _("{kind}, without colours because of NO_COLOR", kind=kind))
    if environ.get("COLORTERM") in ("truecolor", "24bit"):
        return Finding("ok", "terminal", _("{kind}, all colours", kind=kind))
    number = 256 if "256" in kind else 16
    return Finding("ok", "terminal", _("{kind}, {number} colours", kind=kind, number=number))


def _clipboard(environ: Mapping[str, str]) -> Finding:
    found = [name for name, variable in _CLIPBOARDS if environ.get(variable) and shutil.which(name)]
    if found:
        return Finding("ok", "clipboard", _("copied to by {programs}", programs=", ".join(found)))
    text = _(
        "no wl-copy, xclip, xsel or pbcopy for this desktop: what is copied goes to the terminal (OSC 52), which has "
        "to allow it; in tmux: set -g set-clipboard on"
    )
    return Finding("ok", "clipboard", text)


def _keyring() -> Finding:
    if importlib.util.find_spec("keyring") is None:
        text = _("not installed; pip install 'smmtui[keyring]' if a key is to be kept in it")
        return Finding("ok", "keyring", text)
    try:
        import keyring

        name = keyring.get_keyring().name
    except Exception as error:
        # Its backends are plugins, and raise what they like.
        text = _("installed, but it fails to start ({error})", error=type(error).__name__)
        return Finding("warn", "keyring", text)
    if name.startswith(("fail", "null")):
        text = _("installed, but the system has none that it could use ({name})", name=name)
        return Finding("warn", "keyring", text)
    return Finding("ok", "keyring", name)


# ── its own ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _config(paths: Paths, profile: Profile, environ: Mapping[str, str]) -> Iterator[Finding]:
    by_environment = environ.get("SMMTUI_API_URL") and environ.get("SMMTUI_API_KEY")
    origin = _("the environment") if by_environment else str(paths.config)
    # Of addresses the host alone: a path could hold the key, and a proxy's address a password.
    host = urlsplit(profile.url).hostname or ""
    text = _("profile {name} of {origin}, panel at {host}", name=profile.name, origin=origin, host=host)
    yield Finding("ok", "config", text)
    if not by_environment and paths.config.stat().st_mode & _WRITABLE_BY_OTHERS:
        text = _(
            "{file} can be changed by others, who could send the key elsewhere: chmod go-w {file}", file=paths.config
        )
        yield Finding("bad", "config", text)
    if profile.url.startswith("http:") and not is_loopback(host):
        yield Finding("warn", "config", _("the address begins with http: the key is sent without encryption"))
    if profile.proxy:
        proxy = urlsplit(profile.proxy).hostname
        yield Finding("ok", "config", _("everything goes through the proxy at {host}", host=proxy))
    if profile.parameters:
        names = ", ".join(name for name, _value in profile.parameters)
        yield Finding("ok", "config", _("sent with every order that does not name its own: {names}", names=names))
    yield from (Finding("bad", "config", each.problem) for each in read_profiles(paths).listed if each.problem)


def _preferences(preferences: Preferences, check_keys: Callable[[Preferences], None]) -> Iterator[Finding]:
    if wrong := unknown_theme(preferences.theme):
        yield Finding("bad", "theme", str(preferences.wrong("theme", wrong)))
    elif preferences.theme:
        yield Finding("ok", "theme", preferences.theme)
    if preferences.keys:
        try:
            check_keys(preferences)
        except ConfigError as error:
            yield Finding("bad", "keys", str(error))
        else:
            number = len(preferences.keys)
            text = ngettext("{count} action with a key of your own", "{count} actions with keys of your own", number)
            yield Finding("ok", "keys", text)
    if preferences.log_file is not None:
        yield _log(preferences.log_file)


def _log(file: Path) -> Finding:
    there = next(each for each in (file, *file.parents) if each.exists())
    if file.is_dir() or not os.access(there, os.W_OK):
        return Finding("bad", "log", _("{file} cannot be written. Check log_file and its permissions", file=file))
    if there == file and file.stat().st_mode & _OTHERS:
        return Finding("warn", "log", _("{file} can be read by others: chmod 600 {file}", file=file))
    return Finding("ok", "log", str(file))


def _notify(profile: Profile) -> Iterator[Finding]:
    command = profile.notify.command
    if not command:
        return
    if shutil.which(command[0]) is None:
        text = _("the command {program} is not to be found or cannot be run", program=command[0])
        yield Finding("warn", "notify", text)
    else:
        yield Finding("ok", "notify", _("told by the command {program}", program=command[0]))


def _files(paths: Paths, profile: Profile) -> Iterator[Finding]:
    journal, snapshot = paths.journal(profile.account), paths.snapshot(profile.account)
    yield Finding("ok", "paths", _("orders in {folder}, catalog in {cache}", folder=journal, cache=snapshot))
    try:
        for folder in (journal, snapshot):
            yield from _modes(folder)
        there = next(each for each in (journal, *journal.parents) if each.exists())
        if not os.access(there, os.W_OK | os.X_OK):
            text = _("{folder} cannot be written, so no order could be placed. Check its permissions", folder=there)
            yield Finding("bad", "paths", text)
        if (free := shutil.disk_usage(there).free) < _LITTLE_ROOM:
            room = free // 1024 // 1024
            text = _("only {room} MiB are free at {folder}; without room no order is placed", room=room, folder=there)
            yield Finding("warn", "paths", text)
    except OSError as error:
        known = {"file": error.filename, "reason": error.strerror}
        yield Finding("bad", "paths", _("{file} cannot be looked at: {reason}. Check its permissions", **known))


def _modes(folder: Path) -> Iterator[Finding]:
    if not folder.exists():
        return
    seen: dict[Path, os.stat_result] = {}
    for path in (folder, *folder.rglob("*")):
        # An open window makes files and removes them again.
        with suppress(FileNotFoundError):
            seen[path] = path.lstat()
    if strange := [str(path) for path, found in seen.items() if found.st_uid != os.getuid()]:
        text = _("not yours: {files}. Give them back to yourself with chown", files=_few(strange))
        yield Finding("bad", "modes", text)
    closed = (stat.S_ISLNK(found.st_mode) or not found.st_mode & _OTHERS for found in seen.values())
    if opened := [str(path) for path, is_closed in zip(seen, closed, strict=True) if not is_closed]:
        text = _("open to others: {files}. Close them: chmod -R go-rwx {folder}", files=_few(opened), folder=folder)
        yield Finding("bad", "modes", text)
    if not strange and not opened:
        yield Finding("ok", "modes", _("{folder} and all in it is yours alone", folder=folder))


def _few(names: list[str]) -> str:
    shown, more = ", ".join(names[:3]), len(names) - 3
    return ngettext("{names} and {count} more", "{names} and {count} more", more, names=shown) if more > 0 else shown


def _journal(folder: Path) -> Iterator[Finding]:
    from smmtui.journal.reading import ReadOnlyJournal

    try:
        with ReadOnlyJournal.open(folder) as journal:
            wrong = journal.check()
            yield from (Finding("bad", "journal", words) for words in wrong)
            orders = journal.orders()
            if not wrong:
                text = ngettext(
                    "{count} order, row by row as its receipts say",
                    "{count} orders, row by row as their receipts say",
                    len(orders),
                )
                yield Finding("ok", "journal", text)
            if unread := journal.unread_damage():
                text = _("mended, and not yet read by you in the app: {damage}", damage=unread)
                yield Finding("warn", "journal", text)
            if lost := journal.abandoned():
                text = _("{number} on the way when smmtui ended; the next start calls it unknown", number=lost)
                yield Finding("warn", "journal", text)
            if unknown := sum(order.state is State.UNKNOWN for order in orders):
                number = f"{unknown:,}"
                text = _(
                    "{number} unknown: the panel may have taken them. Look for them in its own list", number=number
                )
                yield Finding("warn", "journal", text)
    except JournalError as error:
        yield Finding("bad", "journal", str(error))


def _catalog(folder: Path) -> Finding:
    from smmtui.journal.snapshot import Snapshot
    from smmtui.panel.catalog_rows import read_services

    kept = Snapshot(folder).read()
    if kept is None:
        return Finding("ok", "catalog", _("none kept yet; the panel is asked for it at the start"))
    try:
        services = len(read_services(kept.data).services)
    except PanelError as error:
        text = _("the kept one cannot be read ({error}); the panel is asked again at the start", error=error)
        return Finding("warn", "catalog", text)
    at = f"{kept.at:%Y-%m-%d %H:%M}"
    return Finding(
        "ok", "catalog", ngettext("{count} service as of {at} UTC", "{count} services as of {at} UTC", services, at=at)
    )


def _panel(start: Start | None, balance: Callable[[Start], Balance]) -> Finding:
    if start is None:
        return Finding("bad", "panel", _("not asked, for want of a key"))
    try:
        found = balance(start)
    except (PanelError, ConfigError) as error:
        return Finding("bad", "panel", str(error))
    shown = show_amount(found.amount, found.currency)
    return Finding("ok", "panel", _("answers; the balance is {balance}", balance=shown))
