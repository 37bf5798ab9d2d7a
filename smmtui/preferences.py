"""What the configuration says beside its profiles: theme, log and keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from msgspec import Struct

from smmtui.config_file import ConfigFile, Section, find_table, find_top, is_missing, read_config
from smmtui.errors import ConfigError
from smmtui.words import _

PROFILE_SETTINGS = (
    *("account", "url", "key", "key_file", "key_command", "keyring", "encoding", "refresh_seconds", "catalog_max_age"),
    *("allow_http", "proxy", "user_agent", "requests_per_minute", "burst", "order_style", "extra"),
    *("confirm_over", "daily_cap"),
)
"""Every setting of a profile."""

_TOP = ("default_profile", "theme", "log_file", "profiles", "notify", "keys")


_NO_FILE = ConfigFile(Path("config.toml"), "", {})


class Preferences(Struct, frozen=True):
    """What holds whichever panel is open: the top of the configuration, and its `[keys]`.

    `theme` is a theme's name, "" for one that suits the terminal. `log_file` is None for no log. `keys` are the keys
    of actions by the actions' ids, several with commas between them, as the user wrote them. `file` is where all
    this stands.
    """

    theme: str = ""
    log_file: Path | None = None
    keys: Mapping[str, str] = {}
    file: ConfigFile = _NO_FILE

    def wrong(self, setting: str, why: str) -> ConfigError:
        """Return the error for a setting at the top of the file, with its line."""
        return find_top(self.file).wrong(setting, why)

    def wrong_key(self, action: str, why: str) -> ConfigError:
        """Return the error for a setting of `[keys]`, with its line."""
        return find_table(self.file, "keys").wrong(action, why)

    def unknown_key(self, action: str, why: str, known: Iterable[str], typed: str = "") -> ConfigError:
        """Return the error for a word in `[keys]` that is none of the known ones, of which the nearest is named."""
        return find_table(self.file, "keys").unknown(action, why, known, typed)


def find_preferences(path: Path) -> Preferences:
    """Return the preferences of a configuration file, nobody's where there is no file; raises ConfigError."""
    return Preferences() if is_missing(path) else read_preferences(read_config(path))


def read_preferences(file: ConfigFile) -> Preferences:
    """Return the preferences that a file states; raises ConfigError, with the line, for what makes no sense."""
    top, keys = find_top(file), find_table(file, "keys")
    for setting in PROFILE_SETTINGS:
        if setting in top.values:
            raise top.wrong(setting, _("belongs to a profile: put it below a line [profiles.NAME]."))
    top.only(_TOP, "smmtui")
    theme, log_file = top.words("theme"), top.words("log_file")
    for setting, value in (("theme", theme), ("log_file", log_file)):
        if setting in top.values and not value:
            raise top.wrong(setting, _("is empty: leave it out, or say which."))
    return Preferences(theme, _log_file(top, log_file), {action: keys.words(action) for action in keys.values}, file)


def _log_file(top: Section, named: str) -> Path | None:
    if not named.isprintable():
        raise top.wrong("log_file", _("is no path: it has a character in it that nobody can see."))
    try:
        return top.path.parent / Path(named).expanduser() if named else None
    except RuntimeError:
        text = _("begins with ~ and there is no such home folder: write the whole path.")
        raise top.wrong("log_file", text) from None
