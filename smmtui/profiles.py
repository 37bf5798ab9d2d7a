"""The profiles of the configuration: all of them with what is wrong with each, and what opens one."""

from __future__ import annotations

from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from smmtui.config import Paths, Profile, Start, choose, choose_profile, is_missing
from smmtui.config_file import read_config
from smmtui.errors import ConfigError


class ListedProfile(Struct, frozen=True):
    """A profile as it stands in the configuration; with a `problem` it cannot be opened and has no `account`.

    `host` has the port where the address names one; `address` has the path as well.
    """

    name: str
    host: str = ""
    account: str = ""
    problem: str = ""
    address: str = ""

    @classmethod
    def of(cls, profile: Profile) -> ListedProfile:
        """Return how a sound profile is listed."""
        parts = urlsplit(profile.url)
        return cls(profile.name, parts.netloc.lower(), profile.account, address=f"{parts.netloc.lower()}{parts.path}")


class Profiles(Struct, frozen=True):
    """All profiles in the order of the file; without a `default` a start has to say which of several is meant."""

    listed: tuple[ListedProfile, ...] = ()
    default: bool = False


def read_profiles(paths: Paths) -> Profiles:
    """Return the profiles of the configuration; none where there is no file.

    Raises ConfigError where the file as a whole cannot be read.
    """
    if is_missing(paths.config):
        return Profiles()
    table = read_config(paths.config).table
    named = table.get("profiles", {})
    listed = tuple(_listed(paths, name) for name in named) if isinstance(named, dict) else ()
    return Profiles(listed, "default_profile" in table)


def _listed(paths: Paths, name: str) -> ListedProfile:
    try:
        return ListedProfile.of(choose_profile(paths, name, {}))
    except ConfigError as error:
        return ListedProfile(name, problem=str(error))


def stored_start(paths: Paths, name: str, opened: Start | None = None) -> Start | None:
    """Return what opens a profile, None where nothing holds its key. Raises ConfigError.

    `opened` has opened it before: where nothing holds the key, that one will do, as long as the profile leads to the
    same address; one of the environment goes before all others there. The source of a key may take its time (a command,
    a keyring to be unlocked), so call it in a thread.
    """
    profile = choose_profile(paths, name, {})
    again: Start | None = None
    if opened is not None and opened.profile.url == profile.url:
        again = replace(opened, profile=replace(profile, key_source=opened.profile.key_source))
    if again is not None and again.from_environment:
        return again
    asked: list[str] = []

    def nobody(profile: str) -> str:
        asked.append(profile)
        return ""

    try:
        return choose(paths, name, {}, nobody)
    except ConfigError:
        if not asked:
            raise
    return again


def typed_start(paths: Paths, name: str, key: str) -> Start:
    """Return what opens a profile with a key that was typed; raises ConfigError."""
    start = choose(paths, name, {"SMMTUI_API_KEY": key})
    return replace(start, profile=replace(start.profile, key_source=""), from_environment=False)
