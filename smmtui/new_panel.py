"""A panel that is being set up: what is wrong with what was typed, and how it is written down."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from msgspec import Struct, field
from msgspec.structs import replace

from smmtui.config import Paths, Profile, Start, append_profile, check_url, is_loopback
from smmtui.errors import ConfigError
from smmtui.key_stores import TakeBack, keep_in_file, keep_in_keyring
from smmtui.secret import Secret
from smmtui.words import _

Keep = Literal["file", "config", "keyring", "typed"]
"""Where the key will be found at the next start: a file of its own, the configuration, the keyring, or nowhere."""

USUAL_URL = "https://roicmedya.com/api/v2"
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
_LONGEST_PROPOSAL = 32


class NewPanel(Struct, frozen=True):
    """What was typed of a new panel."""

    url: str = USUAL_URL
    name: str = ""
    key: Secret = field(default_factory=lambda: Secret(""))
    allow_http: bool = False
    keep: Keep = "file"

    @property
    def unencrypted(self) -> bool:
        """Whether the key would go to another machine for everyone on the way to read."""
        return self.url.lower().startswith("http:") and bool(self.host) and not is_loopback(self.host)

    @property
    def host(self) -> str:
        """Where it is, "" where the address does not tell."""
        try:
            return urlsplit(self.url).hostname or ""
        except ValueError:
            return ""

    @property
    def profile(self) -> Profile:
        """The profile as far as asking the panel goes; it has no account yet."""
        return Profile(self.name, "", self.url, allow_http=self.allow_http)

    def problems(self, taken: Collection[str]) -> dict[str, str]:
        """Return in words what is wrong, by field (`url`, `name`, `key`); `taken` are the names of other profiles."""
        found = {"url": self._wrong_url(), "name": self._wrong_name(taken), "key": self._wrong_key()}
        return {name: words for name, words in found.items() if words}

    def _wrong_url(self) -> str:
        if not self.url:
            return _("The panel's API address is missing.")
        if self.key.mask(self.url) != self.url:
            return _("The address holds the key: take it out.")
        try:
            check_url(self.url, _("The address"), allow_http=self.allow_http)
        except ConfigError as error:
            return str(error)
        return ""

    def _wrong_name(self, taken: Collection[str]) -> str:
        if not _NAME.fullmatch(self.name):
            return _("A name is made of 1 to 64 letters from a to z, digits, - and _.")
        if self.name in taken:
            return _("There is a panel of this name already: choose another one.")
        return ""

    def _wrong_key(self) -> str:
        if not self.key:
            return _("The key is missing.")
        if not self.key.reveal().isprintable():
            return _("The key has characters in it that cannot be seen: copy it once more.")
        return ""

    def key_file(self, config: Path) -> Path | None:
        """Return the file that will hold nothing but the key, None where it is kept elsewhere or has no name yet."""
        return config.parent / f"{self.name}.key" if self.keep == "file" and _NAME.fullmatch(self.name) else None


def proposed_name(url: str, taken: Collection[str]) -> str:
    """Return a name for the panel of this address, "" where the address tells none: `roicmedya` for roicmedya.com."""
    host = NewPanel(url).host
    labels = host.split(".")
    # Before the country or the kind of domain; of an IP address all of it.
    label = host if labels[-1].isdigit() or ":" in host else max(labels[:-1] or labels, key=len)
    name = re.sub(r"[^a-z0-9]+", "-", label.lower())[:_LONGEST_PROPOSAL].strip("-")
    numbered = (f"{name}-{number}" for number in range(2, len(taken) + 3))
    return "" if not name else name if name not in taken else next(each for each in numbered if each not in taken)


def save(panel: NewPanel, paths: Paths) -> Start:
    """Write the profile and keep the key, and return what to start with.

    The key goes first, so that there never is a profile whose key is lost; where the profile cannot be written the key
    is taken away again. Nothing that is there already is replaced. Raises ConfigError, which says what was not saved;
    it may wait for the user to unlock the keyring, so call it in a thread.
    """
    values: dict[str, Any] = {"url": panel.url}
    if panel.allow_http and panel.unencrypted:
        values["allow_http"] = True
    take_back: TakeBack | None = None
    file = panel.key_file(paths.config)
    if file is not None:
        values["key_file"] = file.name
        take_back = keep_in_file(panel.key, file)
    elif panel.keep == "keyring":
        values["keyring"] = True
        take_back = keep_in_keyring(panel.key, panel.name)
    elif panel.keep == "config":
        values["key"] = panel.key.reveal()
    try:
        profile = append_profile(paths.config, panel.name, values)
    except ConfigError as error:
        raise ConfigError(" ".join(filter(None, (str(error), _left_over(take_back, panel, file))))) from None
    source = "" if panel.keep == "typed" else str(file or paths.config)
    return Start(replace(profile, key_source=source), panel.key, paths)


def _left_over(take_back: TakeBack | None, panel: NewPanel, file: Path | None) -> str:
    """Take the key back; return in words where it is left all the same, "" where it is gone."""
    try:
        if take_back is not None:
            take_back()
    except Exception:
        # The disk, or a keyring's backend, which is anybody's code.
        if file is not None:
            return _("The key is left in {path}: remove that file.", path=file)
        return _("The key is left in the keyring under the name {name}: remove it there.", name=panel.name)
    return ""
