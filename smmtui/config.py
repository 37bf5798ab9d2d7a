"""Profiles, paths, and where the key comes from."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping, MutableMapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, cast
from urllib.parse import urlsplit

from msgspec import Struct, field
from msgspec.structs import replace

from smmtui.config_file import (
    ConfigFile,
    Section,
    find_section,
    find_table,
    parse_config,
    read_config,
)
from smmtui.config_file import is_missing as is_missing
from smmtui.durable import private_folder, write_whole
from smmtui.errors import ConfigError
from smmtui.key_sources import find_key
from smmtui.notify_settings import Notify, read_notify
from smmtui.preferences import PROFILE_SETTINGS, find_preferences, read_preferences
from smmtui.preferences import Preferences as Preferences
from smmtui.secret import Secret
from smmtui.words import _

_DEMO_REFRESH = 5.0
_CONFIRM_OVER = Decimal(10)
_SALT_BYTES = 16
_PROXIES = ("http", "https", "socks5", "socks5h")
_KEY_IN_URL = r"(?i)(^|[&;])(api_?)?key="


class Profile(Struct, frozen=True):
    """One account on one panel, as the configuration describes it; the key is not part of it.

    `account` names the journal's folder and stays when the profile is renamed. `refresh_seconds` is the interval of
    the refresh loop, `catalog_max_age` is in seconds. `requests_per_minute` and `burst` bound all requests of this
    machine to the panel. `order_style` and `extra` are sent with every order that does not name its own, "" and ()
    for none. An order that costs more than `confirm_over` is confirmed by typing its total; one that would take the
    day's charges over `daily_cap` is refused, None for no cap. Both are money in the panel's currency. `notify` is the
    same for all profiles of a file. `key_source` says in words where the key was found, "" where that is not known.
    """

    name: str
    account: str
    url: str
    encoding: Literal["form", "json"] = "form"
    refresh_seconds: float = 30.0
    catalog_max_age: float = 3600.0
    allow_http: bool = False
    proxy: str | None = None
    user_agent: str = ""
    requests_per_minute: int = 60
    burst: int = 10
    order_style: str = ""
    extra: tuple[tuple[str, str], ...] = ()
    confirm_over: Decimal = _CONFIRM_OVER
    daily_cap: Decimal | None = None
    notify: Notify = field(default_factory=Notify)
    demo: bool = False
    key_source: str = ""

    @property
    def parameters(self) -> tuple[tuple[str, str], ...]:
        """The parameters that are sent with every order which does not name the same ones itself."""
        return (*self.extra, *((("order_style", self.order_style),) if self.order_style else ()))


class Paths(Struct, frozen=True):
    """The platform's folders for smmtui; nothing is created by naming them."""

    config: Path
    data: Path
    state: Path
    cache: Path

    @classmethod
    def of_platform(cls) -> Paths:
        """Return the folders that the platform gives us; XDG_CONFIG_HOME and its like are honoured."""
        from platformdirs import PlatformDirs

        folders = PlatformDirs("smmtui", appauthor=False)
        config = folders.user_config_path / "config.toml"
        return cls(config, folders.user_data_path, folders.user_state_path, folders.user_cache_path)

    def journal(self, account: str) -> Path:
        """Return the folder that must never be lost: the account's journal and receipts."""
        return self.data / account

    def snapshot(self, account: str) -> Path:
        """Return the folder of the account's last catalogue."""
        return self.cache / account


class Start(Struct, frozen=True):
    """Everything that is known before the terminal is taken: which account, its key, and where its files are.

    A key that is `from_environment` goes before every source that the profile names.
    """

    profile: Profile
    key: Secret
    paths: Paths
    preferences: Preferences = field(default_factory=Preferences)
    from_environment: bool = False


def choose(
    paths: Paths, name: str | None, environ: MutableMapping[str, str], ask: Callable[[str], str] | None = None
) -> Start:
    """Return what to start with: the named profile, the default one, or the one of the environment.

    `SMMTUI_API_KEY` is taken out of `environ` at once. `SMMTUI_API_URL` counts only together with it, so that a
    configured key never goes to another host. `ask` prompts for a key where no source has one.

    Raises ConfigError with a sentence that names the file, the line or the field, and what to do.
    """
    url, key = _taken(environ)
    if url and key:
        profile = _profile_of_environment(paths, name, url, key)
        profile = replace(profile, key_source="SMMTUI_API_KEY")
        return Start(profile, Secret(key), paths, find_preferences(paths.config), from_environment=True)
    file = read_config(paths.config)
    preferences = read_preferences(file)
    section = find_section(file, name)
    profile = _profile(file, section, paths)
    secret, source = (Secret(key), "SMMTUI_API_KEY") if key else find_key(section, ask)
    _refuse_key_in(profile.url, secret, section)
    return Start(replace(profile, key_source=source), secret, paths, preferences, from_environment=bool(key))


def choose_profile(paths: Paths, name: str | None, environ: MutableMapping[str, str]) -> Profile:
    """Return the profile that `choose` would start with; no key is looked for, but in the environment. As `choose`."""
    url, key = _taken(environ)
    if url and key:
        return _profile_of_environment(paths, name, url, key)
    file = read_config(paths.config)
    read_preferences(file)
    return _profile(file, find_section(file, name), paths)


def _taken(environ: MutableMapping[str, str]) -> tuple[str, str]:
    return environ.pop("SMMTUI_API_URL", "").strip(), environ.pop("SMMTUI_API_KEY", "").strip()


def _profile_of_environment(paths: Paths, name: str | None, url: str, key: str) -> Profile:
    if name is not None:
        text = _("SMMTUI_API_URL and --profile both name a panel: unset the variable or leave --profile out.")
        raise ConfigError(text)
    check_url(url, "SMMTUI_API_URL", allow_http=False)
    _refuse_key_in(url, Secret(key), "SMMTUI_API_URL")
    return Profile(urlsplit(url).hostname or "panel", _derived_account(paths, url, key), url)


def demo_profile() -> Profile:
    """Return the profile of the built-in demo panel, whose address leads nowhere but into this process."""
    return Profile("demo", "demo", "http://localhost/api/v2", refresh_seconds=_DEMO_REFRESH, demo=True)


def _profile(file: ConfigFile, section: Section, paths: Paths) -> Profile:
    section.only(PROFILE_SETTINGS, _("a profile"))
    url = section.words("url")
    if not url:
        text = _("is missing: add your panel's API address, as in https://roicmedya.com/api/v2.")
        raise section.wrong("url", text)
    allow_http = section.flag("allow_http")
    check_url(url, section, allow_http=allow_http)
    encoding = section.words("encoding") or "form"
    if encoding not in ("form", "json"):
        raise section.wrong("encoding", _('is "form" or "json".'))
    account = section.words("account")
    if account and not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", account):
        raise section.wrong("account", _("is made of 1 to 64 letters, digits, - and _."))
    confirm_over = section.money("confirm_over")
    return Profile(
        name=section.name,
        account=account or _derived_account(paths, url, section.name),
        url=url,
        encoding=cast(Literal["form", "json"], encoding),
        refresh_seconds=section.number("refresh_seconds", 30.0, 5, 86_400),
        catalog_max_age=section.number("catalog_max_age", 3600.0, 60, 30 * 86_400),
        allow_http=allow_http,
        proxy=_proxy(section),
        user_agent=_user_agent(section),
        requests_per_minute=section.whole("requests_per_minute", 60, 1, 6000),
        burst=section.whole("burst", 10, 1, 1000),
        order_style=section.words("order_style"),
        extra=_extra(section),
        confirm_over=_CONFIRM_OVER if confirm_over is None else confirm_over,
        daily_cap=section.money("daily_cap"),
        notify=read_notify(find_table(file, "notify")),
    )


def _extra(section: Section) -> tuple[tuple[str, str], ...]:
    if "extra" not in section.values:
        return ()
    from smmtui.domain.order_entry import default_problem

    extra = section.table("extra")
    parameters = tuple((name, extra.words(name)) for name in extra.values)
    for name, value in parameters:
        if problem := default_problem(name, value):
            raise extra.wrong(name, problem)
        if name == "order_style" and section.words(name):
            raise extra.wrong(name, _("is a setting of the profile already: keep one of the two."))
    return parameters


def _proxy(section: Section) -> str | None:
    proxy = section.words("proxy")
    try:
        parts = urlsplit(proxy)
        sound = parts.scheme in _PROXIES and parts.hostname and (parts.port or 1) > 0
    except ValueError:
        sound = False
    if proxy and not sound:
        text = _("is not a proxy's address: it looks like http://localhost:3128 or socks5://….")
        raise section.wrong("proxy", text)
    return proxy or None


def _user_agent(section: Section) -> str:
    agent = section.words("user_agent")
    if not (agent.isascii() and agent.isprintable()):
        raise section.wrong("user_agent", _("is made of printable ASCII characters."))
    return agent


def check_url(url: str, at: Section | str, *, allow_http: bool) -> None:
    """Raise ConfigError, naming the field, unless the address is one that a key may be sent to.

    That is https to any host, or http to a loopback host, or http where the profile says `allow_http = true`.
    """
    field = _field_of(at)
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        # Not the parser's own words: they quote what may be a password.
        raise _wrong(at, _("{field} is not an address: check its host and its port.", field=field)) from None
    if parts.scheme not in ("http", "https") or not host or re.search(r"[\s\x00-\x1f\x7f]", url):
        example = "https://roicmedya.com/api/v2"
        raise _wrong(at, _("{field} is not a web address: it looks like {example}.", field=field, example=example))
    if parts.username is not None or parts.password is not None:
        raise _wrong(at, _("{field} holds a user name or password: leave out what stands before the @.", field=field))
    if re.search(_KEY_IN_URL, f"{parts.query}&{parts.fragment}"):
        raise _key_inside(at)
    if parts.scheme == "http" and not allow_http and not is_loopback(host):
        unsafe = _(
            "{field} would send the key to {host} unencrypted: use https://, or allow_http = true in the profile.",
            field=field,
            host=host,
        )
        raise _wrong(at, unsafe)


def _refuse_key_in(url: str, key: Secret, at: Section | str) -> None:
    if key.mask(url) != url:
        raise _key_inside(at)


def _key_inside(at: Section | str) -> ConfigError:
    text = _(
        "{field} holds the key: take it out of the address, and give it by key, key_file or key_command.",
        field=_field_of(at),
    )
    return _wrong(at, text)


def _field_of(at: Section | str) -> str:
    return at.name_of("url") if isinstance(at, Section) else at


def _wrong(at: Section | str, text: str) -> ConfigError:
    return at.error("url", text) if isinstance(at, Section) else ConfigError(text)


def is_loopback(host: str) -> bool:
    """Whether the host is this machine itself."""
    if host.casefold() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _derived_account(paths: Paths, url: str, who: str) -> str:
    """A folder name from the panel's address and who asks, salted: two accounts on one address never mix."""
    # The first paint of a profile that names its account does not wait for these.
    import hashlib
    import secrets

    salt_file = paths.data / "salt"
    try:
        if not salt_file.exists():
            private_folder(salt_file.parent)
            write_whole(salt_file, secrets.token_bytes(_SALT_BYTES))
        salt = salt_file.read_bytes()[:_SALT_BYTES]
    except OSError as error:
        text = _(
            "{file} cannot be read or made: {reason}. Check the folder and its permissions.",
            file=salt_file,
            reason=error.strerror,
        )
        raise ConfigError(text) from None
    host = re.sub(r"[^a-z0-9]+", "-", (urlsplit(url).hostname or "panel").lower()).strip("-")[:32]
    mark = hashlib.blake2b(f"{url}\n{who}".encode(), key=salt, digest_size=6).hexdigest()
    return f"{host}-{mark}"


def append_profile(path: Path, name: str, values: Mapping[str, Any]) -> Profile:
    """Append a new profile to the configuration and return it; bytes that stand there are never changed.

    An account id is made where `values` has none. Raises ConfigError if the name is taken, if a value or the file is
    malformed, or if it cannot be written; the file is then as it was.
    """
    import secrets

    import tomli_w

    if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", name):
        raise ConfigError(_("A profile's name is made of 1 to 64 letters, digits, - and _."))
    before = _bytes_of(path)
    profiles = parse_config(path, before).table.get("profiles", {})
    if isinstance(profiles, dict) and name in profiles:
        raise ConfigError(_("{path} has a profile “{name}” already: choose another name.", path=path, name=name))
    added = tomli_w.dumps({"profiles": {name: {"account": secrets.token_hex(6), **values}}})
    # default_profile is a top-level key and can only stand before the first table, so only a new file gets one.
    head = "" if before else f"{tomli_w.dumps({'default_profile': name})}\n"
    gap = "" if not before else "\n" if before.endswith(b"\n") else "\n\n"
    whole = before + f"{gap}{head}{added}".encode()
    # Read before it is written: tables that are closed, as in profiles = {…}, take no further one.
    file = parse_config(path, whole)
    profile = _profile(file, find_section(file, name), Paths.of_platform())
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # A configuration kept elsewhere and linked here stays linked.
        write_whole(path.resolve(), whole)
    except OSError as error:
        why = error.strerror
        text = _("{path} cannot be written: {why}. Nothing was changed; check the folder.", path=path, why=why)
        raise ConfigError(text) from None
    return profile


def _bytes_of(path: Path) -> bytes:
    """What stands in the file, nothing where there is none."""
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return b""
    except OSError as error:
        why = error.strerror
        text = _("{path} cannot be read: {why}. Nothing was changed; check its permissions.", path=path, why=why)
        raise ConfigError(text) from None
