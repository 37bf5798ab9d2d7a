"""The configuration file: parsed, never changed, and every complaint about it with file and line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from msgspec import Struct

from smmtui.errors import ConfigError
from smmtui.words import _

_LARGEST_AMOUNT = 10**12
_FEW = 20


class Section(Struct, frozen=True):
    """One table with the place it stands at, for errors: a profile, a table of its own, or the top of the file.

    `where` are the names that lead to it, as in ("profiles", "main"); () is the top.
    """

    name: str
    values: Mapping[str, Any]
    path: Path
    text: str
    where: tuple[str, ...]

    def __repr__(self) -> str:
        # A key can stand among the values and in the text.
        return f"{type(self).__name__}({self.path}, {self.where})"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        """Show no more to Rich."""
        return [("path", self.path), ("where", self.where)]

    def words(self, key: str) -> str:
        """Return a text setting without blanks around it, "" where it is not given."""
        value = self.values.get(key, "")
        if not isinstance(value, str):
            raise self.wrong(key, _('is a text: put it in quotes, as in key = "value".'))
        return value.strip()

    def flag(self, key: str) -> bool:
        """Return a true-or-false setting, False where it is not given."""
        value = self.values.get(key, False)
        if not isinstance(value, bool):
            raise self.wrong(key, _("is true or false."))
        return value

    def number(self, key: str, default: float, least: float, most: float) -> float:
        """Return a number within its bounds, `default` where it is not given."""
        value = self.values.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            bounds = {"least": f"{least:,.0f}", "most": f"{most:,.0f}"}
            raise self.wrong(key, _("is a number from {least} to {most}.", **bounds))
        return float(value)

    def whole(self, key: str, default: int, least: int, most: int) -> int:
        """Return a whole number within its bounds, `default` where it is not given."""
        value = self.number(key, default, least, most)
        if value != int(value):
            raise self.wrong(key, _("is a whole number."))
        return int(value)

    def table(self, key: str) -> Section:
        """Return a table within this one, empty where it is not given."""
        values = self.values.get(key, {})
        if not isinstance(values, dict):
            raise self.wrong(
                key, _("is not a table; write [{table}] above its settings.", table=".".join((*self.where, key)))
            )
        return Section(key, values, self.path, self.text, (*self.where, key))

    def money(self, key: str) -> Decimal | None:
        """Return an amount of the panel's currency as it is written, None where it is not given."""
        if key not in self.values:
            return None
        value = self.values[key]
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < _LARGEST_AMOUNT:
            raise self.wrong(key, _("is an amount of the panel's currency, as in 10 or 12.50."))
        # By way of its text: the shortest one of a float is what was written.
        return Decimal(str(value))

    def wrong(self, key: str, why: str) -> ConfigError:
        """Return the error that says what is wrong with a setting, and at which line where that can be told."""
        return self.error(key, f"{self.name_of(key)} {why}")

    def name_of(self, key: str) -> str:
        """Return how an error names a setting: with its table."""
        return f"[{'.'.join(self.where)}] {key}" if self.where else key

    def error(self, key: str, text: str) -> ConfigError:
        """Return the error of this text, with the line of the setting where that can be told."""
        line = _line_of(self.text, (*self.where, key)) or _line_of(self.text, self.where)
        return ConfigError(_at(self.path, line, text))

    def unknown(self, key: str, why: str, known: Iterable[str], typed: str = "") -> ConfigError:
        """Return the error for a word that is none of the known ones; the nearest of them is named.

        The word is the setting's own name, or `typed` where it is what the setting says.
        """
        return self.wrong(key, f"{why} {_nearest(typed or key, known)}".strip())

    def only(self, known: Collection[str], of: str) -> None:
        """Raise ConfigError for a setting that is not known: a slip of the pen would be ignored silently."""
        for key in self.values:
            if key not in known:
                raise self.unknown(key, _("is no setting of {table}.", table=of), known)


def _nearest(typed: str, known: Iterable[str]) -> str:
    """A sentence with the known word that was probably meant, else with all of them if they are few."""
    import difflib

    known = list(known)
    if near := difflib.get_close_matches(typed, known, n=1):
        return _("Did you mean {word}?", word=near[0])
    return _("There is: {words}.", words=", ".join(known)) if len(known) <= _FEW else ""


def _at(path: Path, line: int, what: str) -> str:
    return _("{file}, line {line}: {what}", file=path, line=line, what=what) if line else f"{path}: {what}"


def _line_of(text: str, where: tuple[str, ...]) -> int:
    """The line of the statement that first says something of `where`, 0 where none does."""
    return next((line for line, said in _statements(text) if where and _says(said, where)), 0)


def _statements(text: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Each statement's first line, and what it says under the head of its table."""
    head, statement, first = "", "", 1
    for number, line in enumerate(text.split("\n"), 1):
        statement += f"{line}\n"
        is_head = statement.lstrip().startswith("[")
        try:
            said = tomllib.loads(statement if is_head else head + statement)
        except (ValueError, RecursionError):
            # It goes on in the next line.
            continue
        yield first, said
        head = statement if is_head else head
        statement, first = "", number + 1


def _says(said: object, where: tuple[str, ...]) -> bool:
    if isinstance(said, list):
        said = said[-1] if said else None
    return not where or (isinstance(said, dict) and where[0] in said and _says(said[where[0]], where[1:]))


class ConfigFile(Struct, frozen=True):
    """A parsed configuration file and its text, from which errors tell the line."""

    path: Path
    text: str
    table: Mapping[str, Any]

    def __repr__(self) -> str:
        # A key can stand in it.
        return f"{type(self).__name__}({self.path})"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        """Show no more to Rich."""
        return [("path", self.path)]


def is_missing(path: Path) -> bool:
    """Whether there certainly is no file; one that cannot be looked at is a mistake to be told of."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def read_config(path: Path) -> ConfigFile:
    """Return the parsed file; raises ConfigError for a missing, unreadable or malformed one. Never writes."""
    try:
        return parse_config(path, path.read_bytes())
    except FileNotFoundError:
        text = _(
            "No panel is set up yet: {file} does not exist. Start smmtui in a terminal to set one up, or set "
            "SMMTUI_API_URL and SMMTUI_API_KEY, or try the built-in demo panel with: smmtui --demo",
            file=path,
        )
        raise ConfigError(text) from None
    except OSError as error:
        text = _(
            "{file} cannot be read: {reason}. Check the path and its permissions.", file=path, reason=error.strerror
        )
        raise ConfigError(text) from None


def parse_config(path: Path, raw: bytes) -> ConfigFile:
    """Return what these bytes of the file at `path` say; raises ConfigError where they are malformed."""
    try:
        # Some editors put a byte-order mark first, which nobody can see.
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ConfigError(_at(path, line, _("not UTF-8 text; save the file as UTF-8."))) from None
    try:
        return ConfigFile(path, text, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        why = _(
            "{file} is not valid TOML: {reason} Correct that line; nothing was changed.",
            file=path,
            reason=_reason(error),
        )
        raise ConfigError(why) from None
    except (ValueError, RecursionError):
        # The parser lets these through: a number of thousands of digits, lists in lists without end.
        why = _("{file} holds a number too long, or lists nested too deep, to be read: correct it.", file=path)
        raise ConfigError(why) from None


def _reason(error: tomllib.TOMLDecodeError) -> str:
    # The parser quotes the offending characters in some messages; a quoted value could be the key.
    return re.sub(r"'[^']{2,}'|\"[^\"]{2,}\"", "…", str(error)) + "."


def find_section(file: ConfigFile, name: str | None) -> Section:
    """Return the named profile's table, or the default one's, or the only one's; raises ConfigError."""
    path, top = file.path, find_top(file)
    profiles = find_profiles(file)
    wanted = name if name is not None else file.table.get("default_profile")
    if wanted is not None and not isinstance(wanted, str):
        raise top.wrong("default_profile", _('is the name of a profile, as in default_profile = "main".'))
    if wanted is None and len(profiles.values) == 1:
        wanted = next(iter(profiles.values))
    known = ", ".join(sorted(profiles.values))
    if wanted is None:
        text = _("has several profiles: name one with --profile or in default_profile. There is: {names}.", names=known)
        raise ConfigError(f"{path} {text}")
    if wanted in profiles.values:
        return profiles.table(wanted)
    if name is None:
        # Without what it says: it could be the key, written where it does not belong.
        raise top.wrong("default_profile", _("names no profile that there is. There is: {names}.", names=known))
    text = _("--profile: there is no profile “{name}” in {file}. There is: {names}.", name=name, file=path, names=known)
    raise ConfigError(text)


def find_profiles(file: ConfigFile) -> Section:
    """Return the table of all profiles, of which there is one at least; raises ConfigError."""
    profiles = file.table.get("profiles")
    if not isinstance(profiles, dict) or not any(isinstance(each, dict) for each in profiles.values()):
        text = _("{file} has no [profiles.NAME] table: add one with url and key (see the README).", file=file.path)
        raise ConfigError(text)
    return find_table(file, "profiles")


def find_table(file: ConfigFile, name: str) -> Section:
    """Return a table that stands by itself, empty where it is not there; raises ConfigError where it is none."""
    return find_top(file).table(name)


def find_top(file: ConfigFile) -> Section:
    """Return what stands in the file outside of its tables."""
    return Section("", file.table, file.path, file.text, ())
