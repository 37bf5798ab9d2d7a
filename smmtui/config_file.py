"""The configuration file: parsed, never changed, and every complaint about it with file and line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from smmtui.errors import ConfigError

_LARGEST_AMOUNT = 10**12


@dataclass(frozen=True, slots=True)
class Section:
    """One table with the place it stands at, for errors: a profile, or with `within=""` a table of its own."""

    name: str
    values: Mapping[str, Any] = field(repr=False)
    path: Path
    text: str = field(repr=False)
    within: str = "profiles."

    def words(self, key: str) -> str:
        """Return a text setting without blanks around it, "" where it is not given."""
        value = self.values.get(key, "")
        if not isinstance(value, str):
            raise self.wrong(key, 'is a text: put it in quotes, as in key = "value".')
        return value.strip()

    def flag(self, key: str) -> bool:
        """Return a true-or-false setting, False where it is not given."""
        value = self.values.get(key, False)
        if not isinstance(value, bool):
            raise self.wrong(key, "is true or false.")
        return value

    def number(self, key: str, default: float, least: float, most: float) -> float:
        """Return a number within its bounds, `default` where it is not given."""
        value = self.values.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            raise self.wrong(key, f"is a number from {least:,.0f} to {most:,.0f}.")
        return float(value)

    def money(self, key: str) -> Decimal | None:
        """Return an amount of the panel's currency as it is written, None where it is not given."""
        if key not in self.values:
            return None
        value = self.values[key]
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < _LARGEST_AMOUNT:
            raise self.wrong(key, "is an amount of the panel's currency, as in 10 or 12.50.")
        # By way of its text: the shortest one of a float is what was written.
        return Decimal(str(value))

    def wrong(self, key: str, why: str) -> ConfigError:
        """Return the error that says what is wrong with a setting, and at which line where that can be told."""
        line = self._line(key)
        place = f"{self.path}, line {line}" if line else f"{self.path}"
        return ConfigError(f"{place}: [{self.within}{self.name}] {key} {why}")

    def _line(self, key: str) -> int:
        """The line of the setting, else of its table's head, 0 where that is spelt in another way."""
        inside, head = False, 0
        for number, line in enumerate(self.text.splitlines(), 1):
            bare = line.strip()
            if bare.startswith("["):
                inside = bare.strip("[] ").replace('"', "").replace("'", "") == f"{self.within}{self.name}"
                head = number if inside else head
            elif inside and re.match(rf"""["']?{re.escape(key)}["']?\s*=""", bare):
                return number
        return head


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """A parsed configuration file and its text, from which errors tell the line."""

    path: Path
    text: str = field(repr=False)
    table: Mapping[str, Any] = field(repr=False)


def read_config(path: Path) -> ConfigFile:
    """Return the parsed file; raises ConfigError for a missing, unreadable or malformed one. Never writes."""
    try:
        return parse_config(path, path.read_bytes())
    except FileNotFoundError:
        raise ConfigError(
            f"No panel is set up yet: {path} does not exist. Write it (see the README), or set SMMTUI_API_URL and "
            "SMMTUI_API_KEY, or try the built-in demo panel with: smmtui --demo"
        ) from None
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}. Check the path and its permissions.") from None


def parse_config(path: Path, raw: bytes) -> ConfigFile:
    """Return what these bytes of the file at `path` say; raises ConfigError where they are malformed."""
    try:
        # Some editors put a byte-order mark first, which nobody can see.
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ConfigError(f"{path}, line {line}: not UTF-8 text; save the file as UTF-8.") from None
    try:
        return ConfigFile(path, text, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        reason = f"{path} is not valid TOML: {_toml_reason(error)} Correct that line; nothing was changed."
        raise ConfigError(reason) from None
    except (ValueError, RecursionError):
        # The parser lets these through: a number of thousands of digits, lists in lists without end.
        raise ConfigError(
            f"{path} holds a number too long, or lists nested too deep, to be read: correct it."
        ) from None


def _toml_reason(error: tomllib.TOMLDecodeError) -> str:
    # The parser quotes the offending characters in some messages; a quoted value could be the key.
    return re.sub(r"'[^']{2,}'|\"[^\"]{2,}\"", "…", str(error)) + "."


def find_section(file: ConfigFile, name: str | None) -> Section:
    """Return the named profile's table, or the default one's, or the only one's; raises ConfigError."""
    path = file.path
    profiles = file.table.get("profiles")
    if not isinstance(profiles, dict) or not any(isinstance(each, dict) for each in profiles.values()):
        raise ConfigError(f"{path} has no [profiles.NAME] table: add one with url and key (see the README).")
    wanted = name if name is not None else file.table.get("default_profile")
    if wanted is not None and not isinstance(wanted, str):
        raise ConfigError(f'{path}: default_profile is the name of a profile, as in default_profile = "main".')
    if wanted is None and len(profiles) == 1:
        wanted = next(iter(profiles))
    known = ", ".join(sorted(profiles))
    if wanted is None:
        raise ConfigError(f"{path} has several profiles ({known}): name one with --profile or in default_profile.")
    if wanted not in profiles:
        origin = "--profile" if name is not None else f"{path}, default_profile"
        raise ConfigError(f"{origin}: there is no profile “{wanted}” in {path}; name one that it has: {known}.")
    if not isinstance(profiles[wanted], dict):
        raise ConfigError(f"{path}: profiles.{wanted} is not a table; write [profiles.{wanted}] above its settings.")
    return Section(wanted, profiles[wanted], path, file.text)


def find_table(file: ConfigFile, name: str) -> Section:
    """Return a table that stands by itself, empty where it is not there; raises ConfigError where it is none."""
    values = file.table.get(name, {})
    if not isinstance(values, dict):
        raise ConfigError(f"{file.path}: {name} is not a table; write [{name}] above its settings.")
    return Section(name, values, file.path, file.text, within="")
