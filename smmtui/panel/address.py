"""The panel's address, checked before anything is built on it: the key goes where the user said and nowhere else."""

from __future__ import annotations

import httpx

from smmtui.config import Profile, is_loopback
from smmtui.domain.foreign_text import clean
from smmtui.errors import ConfigError
from smmtui.secret import Secret

_SHORTEST_KEY_SOUGHT = 6


def check_address(profile: Profile, key: Secret) -> httpx.URL:
    """Return the profile's URL exactly as typed; ConfigError in one sentence where the key must not go there."""
    shown = clean(key.mask(profile.url), 200)
    if len(key.reveal()) >= _SHORTEST_KEY_SOUGHT and key.reveal() in profile.url:
        raise ConfigError(f"The URL of profile {profile.name!r} contains the API key; take it out of the URL.")
    url = _parsed(profile.url, f"The URL {shown!r} of profile {profile.name!r}")
    if url.userinfo:
        raise ConfigError(f"The URL of profile {profile.name!r} contains a user name or password; take it out.")
    if url.scheme == "http" and not (profile.allow_http or is_loopback(url.host)):
        raise ConfigError(
            f"{shown} would carry the API key unencrypted; use https://, or set allow_http = true in profile"
            f" {profile.name!r} if you accept that."
        )
    return url


def check_proxy(profile: Profile) -> str | None:
    """Return the profile's proxy, None for none; ConfigError where it is no proxy's address."""
    if not profile.proxy:
        return None
    _parsed(profile.proxy, f"The proxy of profile {profile.name!r}", ("http", "https", "socks5", "socks5h"))
    return profile.proxy


def _parsed(text: str, subject: str, schemes: tuple[str, ...] = ("https", "http")) -> httpx.URL:
    if text != text.strip() or any(letter.isspace() for letter in text):
        raise ConfigError(f"{subject} contains blanks.")
    try:
        url = httpx.URL(text)
        host = url.host
    except (httpx.InvalidURL, ValueError) as error:
        raise ConfigError(f"{subject} is not a URL: {clean(str(error), 120)}") from None
    if url.scheme not in schemes:
        raise ConfigError(f"{subject} has to start with https://.")
    if not host or (url.port is not None and not 0 < url.port < 65536):
        raise ConfigError(f"{subject} names no valid host and port.")
    return url
