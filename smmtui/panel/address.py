"""The panel's address, checked before anything is built on it: the key goes where the user said and nowhere else."""

from __future__ import annotations

import httpx

from smmtui.config import Profile, is_loopback
from smmtui.domain.foreign_text import clean
from smmtui.errors import ConfigError
from smmtui.secret import Secret
from smmtui.words import _

_SHORTEST_KEY_SOUGHT = 6


def check_address(profile: Profile, key: Secret) -> httpx.URL:
    """Return the profile's URL exactly as typed; ConfigError in one sentence where the key must not go there."""
    shown, name = clean(key.mask(profile.url), 200), repr(profile.name)
    if len(key.reveal()) >= _SHORTEST_KEY_SOUGHT and key.reveal() in profile.url:
        raise ConfigError(_("The URL of profile {name} contains the API key; take it out of the URL.", name=name))
    url = _parsed(profile.url, _("The URL {url} of profile {name}", url=repr(shown), name=name))
    if url.userinfo:
        raise ConfigError(_("The URL of profile {name} contains a user name or password; take it out.", name=name))
    if url.scheme == "http" and not (profile.allow_http or is_loopback(url.host)):
        raise ConfigError(
            _(
                "{url} would carry the API key unencrypted; use https://, or set allow_http = true in profile"
                " {name} if you accept that.",
                url=shown,
                name=name,
            )
        )
    return url


def check_proxy(profile: Profile) -> str | None:
    """Return the profile's proxy, None for none; ConfigError where it is no proxy's address."""
    if not profile.proxy:
        return None
    subject = _("The proxy of profile {name}", name=repr(profile.name))
    _parsed(profile.proxy, subject, ("http", "https", "socks5", "socks5h"))
    return profile.proxy


def _parsed(text: str, subject: str, schemes: tuple[str, ...] = ("https", "http")) -> httpx.URL:
    if text != text.strip() or any(letter.isspace() for letter in text):
        raise ConfigError(_("{subject} contains blanks.", subject=subject))
    try:
        url = httpx.URL(text)
        host = url.host
    except (httpx.InvalidURL, ValueError) as error:
        why = clean(str(error), 120)
        raise ConfigError(_("{subject} is not a URL: {why}", subject=subject, why=why)) from None
    if url.scheme not in schemes:
        raise ConfigError(_("{subject} has to start with https://.", subject=subject))
    if not host or (url.port is not None and not 0 < url.port < 65536):
        raise ConfigError(_("{subject} names no valid host and port.", subject=subject))
    return url
