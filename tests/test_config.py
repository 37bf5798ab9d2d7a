"""The configuration: what it may say, how it is refused, where the key comes from, and what is never written."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from smmtui.config import Paths, Profile, append_profile, check_url, choose, demo_profile
from smmtui.errors import ConfigError

KEY = "sk-0123456789abcdefghij"
URL = "https://panel.example/api/v2"
GOOD = f"""\
# my panels
default_profile = "main"

[profiles.main]
url = "{URL}"
key = "{KEY}"

[profiles.other]
url = "https://other.example/api/v2"
key = "{KEY}-other"
"""
WRITTEN_BY_HAND = "\ufeff" + GOOD.replace("\n", "\r\n")


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    """Folders of its own; the configuration does not exist yet."""
    return Paths(tmp_path / "config" / "config.toml", tmp_path / "data", tmp_path / "state", tmp_path / "cache")


def write(path: Path, content: str | bytes, mode: int = 0o600) -> Path:
    """Write a file as a careful user would."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    path.chmod(mode)
    return path


def with_settings(*lines: str) -> str:
    """A whole profile with these lines, the first of which is line 4 of the file."""
    return "\n".join([f'[profiles.main]\nurl = "{URL}"\nkey = "{KEY}"', *lines, ""])


def with_url(url: str) -> str:
    """A profile of this address, which stands in line 2."""
    return f'[profiles.main]\nurl = "{url}"\nkey = "{KEY}"\n'


def refusal(paths: Paths, name: str | None = None, environ: dict[str, str] | None = None) -> str:
    """The sentence with which the configuration is refused."""
    with pytest.raises(ConfigError) as caught:
        choose(paths, name, {} if environ is None else environ)
    assert not caught.value.__cause__
    assert caught.value.__suppress_context__ or not caught.value.__context__
    return str(caught.value)


def everything(folder: Path) -> dict[Path, bytes]:
    """Every file in a folder with its bytes."""
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# ── broken files ──────────────────────────────────────────────────────────────────────────────────────────────────

HTTPS = "use https://"
LOOKS = "it looks like https://"

# What is in the file → what the sentence has to name beside the file: the place, and what to do.
BROKEN: dict[str, tuple[str | bytes, tuple[str, ...]]] = {
    "a key without a value": ('[profiles.main]\nurl =\nkey = "x"\n', ("line 2", "Correct that line")),
    "a text without its end": (f'[profiles.main]\nurl = "{URL}\nkey = "{KEY}"\n', ("line 2", "Correct that line")),
    "a key without quotes": (f"[profiles.main]\nurl = 'https://x'\nkey = {KEY}\n", ("line 3", "Correct that line")),
    "a head without its end": ('[profiles.main\nurl = "x"\n', ("line 1", "Correct that line")),
    "a setting given twice": (with_settings(f'key = "{KEY}"'), ("Correct that line",)),
    "a profile given twice": (GOOD + f'[profiles.main]\nkey = "{KEY}"\n', ("line 11", "Correct that line")),
    "the key where a name is wanted, twice": (f'p = {{"{KEY}" = 1, "{KEY}" = 2}}\n', ("Correct that line",)),
    "the key in a head, twice": (f'["{KEY}"]\n["{KEY}"]\n', ("line 2", "Correct that line")),
    "a control character": (b"[profiles.main]\nurl = 'a\x1bb'\n", ("line 2", "Correct that line")),
    "a zero byte": (b"[profiles.main]\nurl = 'a\x00b'\n", ("line 2", "Correct that line")),
    "no UTF-8": (b"[profiles.main]\n# caf\xe9\n", ("line 2", "save the file as UTF-8")),
    "UTF-16": (GOOD.encode("utf-16"), ("line 1", "save the file as UTF-8")),
    "a binary file": (b"\x7fELF\x02\x01\x01\x00\x00\xff\xfe", ("save the file as UTF-8",)),
    "a number of 5,000 digits": ("x = " + "9" * 5000, ("number too long", "correct it")),
    "10,000 lists in each other": ("x = " + "[" * 10_000, ("nested", "correct it")),
    "a JSON file": (f'{{"url": "{URL}", "key": "{KEY}"}}', ("line 1", "Correct that line")),
    "nothing": ("", ("no [profiles.NAME] table", "add one")),
    "comments only": ("# later\n", ("no [profiles.NAME] table", "add one")),
    "profiles that are a text": ('profiles = "main"\n', ("no [profiles.NAME] table", "add one")),
    "profiles without a name": (f'[profiles]\nurl = "{URL}"\nkey = "{KEY}"\n', ("no [profiles.NAME] table", "add one")),
    "settings without a profile": (f'url = "{URL}"\nkey = "{KEY}"\n', ("line 1", "url belongs to a profile")),
    "a list of profiles": (f'[[profiles]]\nurl = "{URL}"\n', ("no [profiles.NAME] table", "add one")),
    "a profile that is a text": (
        f'default_profile = "main"\nprofiles.main = "{KEY}"\n[profiles.b]\n',
        ("line 2: [profiles] main is not a table", "write [profiles.main]"),
    ),
    "a default profile that is not there": (f'default_profile = "x"\n{with_url(URL)}', ("default_profile", "main")),
    "a default profile that is a list": (f'default_profile = ["x"]\n{with_url(URL)}', ("default_profile", "as in")),
    "a default profile that is a number": (f"default_profile = 1\n{with_url(URL)}", ("default_profile", "as in")),
    "two profiles and no default": (
        GOOD.replace("default_profile", "# was"),
        ("main, other", "name one with --profile"),
    ),
    "no address": (f'[profiles.main]\nkey = "{KEY}"\n', ("line 1", "url is missing", "add")),
    "an empty address": (with_url(""), ("line 2", "url is missing", "add")),
    "an address that is a number": (with_url(URL).replace(f'"{URL}"', "5"), ("line 2", "url is a text", "in quotes")),
    "an address without a scheme": (with_url("panel.example/api/v2"), ("line 2", "url", LOOKS)),
    "an address of a file": (with_url("file:///etc/passwd"), ("line 2", "url", LOOKS)),
    "an address of another protocol": (with_url("ftp://panel.example/"), ("line 2", "url", LOOKS)),
    "an address without a host": (with_url("https:///api/v2"), ("line 2", "url", LOOKS)),
    "an address with a blank": (with_url("https://panel.example/api v2"), ("line 2", "url", LOOKS)),
    "an address with a line break": (with_url("https://panel.example/\\n/api"), ("line 2", "url", LOOKS)),
    "an address with an escape": (with_url("https://panel.example/\\u001b[31m"), ("line 2", "url", LOOKS)),
    "an address with a bad port": (with_url("https://panel.example:port/"), ("line 2", "url", "check its host")),
    "an address with a port too high": (with_url("https://panel.example:99999/"), ("line 2", "url", "check its host")),
    "an address with half a bracket": (with_url("https://[::1/api"), ("line 2", "url", "check its host")),
    "a key in the place of a port": (with_url(f"https://panel:{KEY}/api"), ("line 2", "url", "check its host")),
    "plain http": (with_url("http://panel.example/api/v2"), ("line 2", "url", "panel.example", HTTPS)),
    "plain http to a neighbour": (with_url("http://192.168.1.5/api"), ("line 2", "url", "192.168.1.5", HTTPS)),
    "plain http to a false localhost": (with_url("http://localhost.example/"), ("line 2", "localhost.example", HTTPS)),
    "plain http to a false loopback": (with_url("http://127.0.0.1.example/"), ("line 2", "127.0.0.1.example", HTTPS)),
    "a user and a password in the address": (with_url(f"https://me:{KEY}@panel.example/"), ("line 2", "leave out")),
    "a user in the address": (with_url("https://panel.example@evil.example/"), ("line 2", "leave out")),
    "a key parameter in the address": (with_url(f"{URL}?key=abc"), ("line 2", "take it out")),
    "an API key parameter in the address": (with_url(f"{URL}?a=1&API_KEY=abc"), ("line 2", "take it out")),
    "a key behind the hash of the address": (with_url(f"{URL}#key=abc"), ("line 2", "take it out")),
    "the key in the path of the address": (with_url(f"{URL}/{KEY}"), ("line 2", "take it out")),
    "the key in another parameter": (with_url(f"{URL}?token={KEY.replace('-', '%2D')}"), ("line 2", "take it out")),
    "an encoding nobody speaks": (with_settings('encoding = "xml"'), ("line 4", "encoding", '"form" or "json"')),
    "an encoding that is true": (with_settings("encoding = true"), ("line 4", "encoding is a text", "in quotes")),
    "an account with a path in it": (with_settings('account = "../../etc"'), ("line 4", "account", "letters")),
    "an account of too many letters": (with_settings(f'account = "{"x" * 65}"'), ("line 4", "account", "64 letters")),
    "an interval in words": (with_settings('refresh_seconds = "30"'), ("line 4", "refresh_seconds", "a number from 5")),
    "an interval too short": (with_settings("refresh_seconds = 1"), ("line 4", "refresh_seconds", "from 5 to 86,400")),
    "an interval that is true": (with_settings("refresh_seconds = true"), ("line 4", "refresh_seconds", "a number")),
    "an interval that is no number": (
        with_settings("refresh_seconds = nan"),
        ("line 4", "refresh_seconds", "a number"),
    ),
    "an age without end": (with_settings("catalog_max_age = inf"), ("line 4", "catalog_max_age", "2,592,000")),
    "no requests at all": (with_settings("requests_per_minute = 0"), ("line 4", "requests_per_minute", "from 1")),
    "a burst below nothing": (with_settings("burst = -1"), ("line 4", "burst", "from 1 to 1,000")),
    "allow_http in words": (with_settings('allow_http = "yes"'), ("line 4", "allow_http", "true or false")),
    "a proxy without a scheme": (with_settings('proxy = "localhost:3128"'), ("line 4", "proxy", "looks like")),
    "a proxy with a bad port": (with_settings('proxy = "http://localhost:x"'), ("line 4", "proxy", "looks like")),
    "a user agent of two lines": (with_settings('user_agent = "a\\r\\nX: b"'), ("line 4", "user_agent", "ASCII")),
    "a limit that is a text": (with_settings('confirm_over = "10"'), ("line 4", "confirm_over", "as in 10 or 12.50")),
    "a limit below nothing": (with_settings("confirm_over = -1"), ("line 4", "confirm_over", "an amount")),
    "a cap that is true": (with_settings("daily_cap = true"), ("line 4", "daily_cap", "an amount")),
    "a cap without end": (with_settings("daily_cap = inf"), ("line 4", "daily_cap", "an amount")),
    "a cap that is no number": (with_settings("daily_cap = nan"), ("line 4", "daily_cap", "an amount")),
    "an order style that is a number": (with_settings("order_style = 1"), ("line 4", "order_style", "in quotes")),
    "no key": (f'[profiles.main]\nurl = "{URL}"\n', ("key is missing", "add key, key_file or key_command")),
    "a key that is a number": (f'[profiles.main]\nurl = "{URL}"\nkey = 123456789\n', ("line 3", "key is a text")),
    "a key command in one text": (with_settings('key_command = "pass show"'), ("line 4", "key_command", "as in")),
    "a key command without words": (with_settings("key_command = []"), ("line 4", "key_command", "as in")),
    "a key command of numbers": (with_settings('key_command = ["pass", 1]'), ("line 4", "key_command", "as in")),
    "a key command that is not there": (with_settings('key_command = ["/no/such"]'), ("line 4", "by hand")),
    "a key command that fails": (with_settings('key_command = ["false"]'), ("line 4", "code 1", "by hand")),
    "a key command that is silent": (with_settings('key_command = ["true"]'), ("line 4", "no key", "by hand")),
    "a key command of an empty line": (with_settings('key_command = ["echo"]'), ("line 4", "no key", "by hand")),
    "a key command that prints no text": (
        with_settings(r'key_command = ["printf", "\\377\\376"]'),
        ("line 4", "no key", "by hand"),
    ),
    "a keyring in words": (with_settings('keyring = "yes"'), ("line 4", "keyring", "true or false")),
    "a key file that is not there": (with_settings('key_file = "nowhere"'), ("line 4", "key_file", "nowhere")),
    "a key file that is a folder": (
        with_settings('key_file = "."'),
        ("line 4", "key_file", "no file", "Name the file"),
    ),
    "a key file in nobody's home": (with_settings('key_file = "~nobody-at-all/k"'), ("line 4", "the whole path")),
    "a key file of no path": (with_settings('key_file = "a\\u0000b"'), ("line 4", "key_file", "Correct the path")),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_file_is_refused_by_name_and_never_touched(case: str, paths: Paths) -> None:
    """The sentence names the file, the place and the remedy; the key is not in it, and not a byte has changed."""
    content, expected = BROKEN[case]
    write(paths.config, content)
    before, changed = everything(paths.config.parent), paths.config.stat().st_mtime_ns
    sentence = refusal(paths)
    assert str(paths.config) in sentence
    for words in expected:
        assert words in sentence
    assert KEY not in sentence
    assert KEY[-8:] not in sentence
    assert sentence.endswith((".", paths.config.name))
    assert "\n" not in sentence
    assert everything(paths.config.parent) == before
    assert paths.config.stat().st_mtime_ns == changed


def test_a_file_that_does_not_exist_points_to_the_demo(paths: Paths) -> None:
    """Somebody who starts it for the first time learns all three ways to go on, and no file is made."""
    sentence = refusal(paths)
    for words in (str(paths.config), "SMMTUI_API_URL", "SMMTUI_API_KEY", "smmtui --demo"):
        assert words in sentence
    assert not paths.config.parent.exists()


def test_a_folder_is_no_file(paths: Paths) -> None:
    """A directory where the file should be is named, with what the system says."""
    paths.config.mkdir(parents=True)
    assert re.search(rf"{paths.config} cannot be read: Is a directory\. Check the path", refusal(paths))


def test_a_file_that_cannot_be_opened_is_named(paths: Paths) -> None:
    """So is one that only leads to itself, or stands under a file."""
    paths.config.parent.mkdir()
    paths.config.symlink_to(paths.config)
    assert f"{paths.config} cannot be read" in refusal(paths)
    below = Paths(write(paths.data, "x") / "config.toml", paths.data, paths.state, paths.cache)
    assert f"{below.config} cannot be read: Not a directory" in refusal(below)


def test_a_profile_that_is_not_there_is_named_with_those_that_are(paths: Paths) -> None:
    """A slip in --profile shows what could have been meant."""
    write(paths.config, GOOD)
    sentence = refusal(paths, "mian")
    for words in ("--profile", "“mian”", str(paths.config), "main, other"):
        assert words in sentence


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660, 0o666, 0o610])
def test_a_key_that_others_can_read_is_refused_with_the_command_that_closes_it(paths: Paths, mode: int) -> None:
    """Neither the configuration nor a key file may be open to group or others, if the key is in it."""
    write(paths.config, GOOD, mode)
    sentence = refusal(paths)
    assert f"line 6: [profiles.main] key is in {paths.config}, which others can read" in sentence
    assert sentence.endswith(f"chmod 600 {paths.config}")
    file = write(paths.config.parent / "panel.key", KEY, mode)
    write(paths.config, f'[profiles.main]\nurl = "{URL}"\nkey_file = "panel.key"\n')
    sentence = refusal(paths)
    assert f"line 3: [profiles.main] key_file is in {file}, which others can read" in sentence
    assert sentence.endswith(f"chmod 600 {file}")


def test_a_key_in_somebody_elses_file_is_refused(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever owns the file can change where orders go."""
    write(paths.config, GOOD)
    monkeypatch.setattr(os, "getuid", lambda: os.stat(paths.config).st_uid + 1)
    assert "belongs to another user" in refusal(paths)


def test_an_open_file_without_a_key_in_it_is_fine(paths: Paths) -> None:
    """A configuration can be shared where the key comes from elsewhere."""
    write(paths.config, f'[profiles.main]\nurl = "{URL}"\nkey_command = ["echo", "{KEY}"]\n', 0o644)
    assert choose(paths, None, {}).key.reveal() == KEY


# ── what a good file means ────────────────────────────────────────────────────────────────────────────────────────


def test_the_default_profile_is_taken_unless_another_is_named(paths: Paths) -> None:
    """Also from a file with a byte-order mark and the line ends of another system."""
    write(paths.config, WRITTEN_BY_HAND)
    before = everything(paths.config.parent)
    main, other = choose(paths, None, {}), choose(paths, "other", {})
    assert (main.profile.name, main.profile.url, main.key.reveal()) == ("main", URL, KEY)
    assert (other.profile.name, other.key.reveal()) == ("other", f"{KEY}-other")
    assert everything(paths.config.parent) == before


def test_the_only_profile_needs_no_name(paths: Paths) -> None:
    """With one profile there is nothing to choose."""
    write(paths.config, with_url(URL).replace("main", '"my panel"'))
    assert choose(paths, None, {}).profile.name == "my panel"


def test_what_is_not_given_has_the_documented_value(paths: Paths) -> None:
    """Form encoding, half a minute, an hour, 60 requests a minute, a burst of 10, no order style, ten and no cap."""
    write(paths.config, with_url(URL))
    found = choose(paths, None, {}).profile
    assert found == Profile("main", found.account, URL, key_source=found.key_source)
    assert (found.encoding, found.refresh_seconds, found.catalog_max_age) == ("form", 30, 3600)
    assert (found.requests_per_minute, found.burst, found.order_style) == (60, 10, "")
    assert (found.confirm_over, found.daily_cap) == (Decimal(10), None)
    assert (found.allow_http, found.proxy, found.user_agent, found.demo) == (False, None, "", False)


def test_every_setting_is_taken_over(paths: Paths) -> None:
    """What is written is what is used, blanks around texts taken off."""
    settings = [
        'account = "a-1"',
        'encoding = "json"',
        "refresh_seconds = 12.5",
        "catalog_max_age = 600",
        'proxy = " socks5://localhost:1080 "',
        'user_agent = "mine/1"',
        "requests_per_minute = 30",
        "burst = 3",
        'order_style = "fast"',
        "confirm_over = 0",
        "daily_cap = 12.10",
        "allow_http = true",
    ]
    write(paths.config, with_settings(*settings).replace("https://", " http://"))
    found = choose(paths, None, {}).profile
    assert found == Profile(
        name="main",
        account="a-1",
        url=URL.replace("https", "http"),
        encoding="json",
        refresh_seconds=12.5,
        catalog_max_age=600,
        allow_http=True,
        proxy="socks5://localhost:1080",
        user_agent="mine/1",
        requests_per_minute=30,
        burst=3,
        order_style="fast",
        confirm_over=Decimal(0),
        daily_cap=Decimal("12.1"),
        key_source=found.key_source,
    )


@pytest.mark.parametrize(
    "url",
    [
        "https://panel.example/api/v2",
        "https://panel.example/api/v1/",
        "https://panel.example:8443/api.php?lang=en&monkey=1",
        "HTTPS://PANEL.example/",
        "https://[2001:db8::1]/api",
        "https://пример.рф/api/v2",
        "http://localhost:8000/api/v2",
        "http://127.0.0.1/api",
        "http://127.9.9.9/api",
        "http://[::1]:5000/",
    ],
)
def test_addresses_that_a_key_may_be_sent_to(url: str) -> None:
    """Any host by https, this machine by http, any path, port and harmless parameter."""
    check_url(url, "url", allow_http=False)


def test_http_to_another_host_is_the_users_own_decision() -> None:
    """It has to be said in the profile, and cannot be said by the environment."""
    check_url("http://panel.example/", "url", allow_http=True)
    with pytest.raises(ConfigError, match="unencrypted"):
        check_url("http://panel.example/", "url", allow_http=False)


def test_neither_key_nor_file_text_is_in_a_printed_start(paths: Paths) -> None:
    """A traceback or a debug print of what was read shows no key."""
    write(paths.config, GOOD)
    start = choose(paths, None, {})
    assert KEY not in f"{start!r} {start} {start.key!r} {start.key:>30}"


def test_the_demo_leads_nowhere() -> None:
    """Its address is this machine's, and it is marked as the demo."""
    assert demo_profile().demo
    check_url(demo_profile().url, "url", allow_http=False)


# ── where the key comes from ──────────────────────────────────────────────────────────────────────────────────────


def test_the_first_source_that_has_a_key_wins(paths: Paths) -> None:
    """Environment, command, file, configuration, prompt: each is asked only where those before it have none."""
    write(paths.config.parent / "panel.key", "of the file\nsecond line")
    sources = ['key_command = ["echo", "of the command"]', 'key_file = "panel.key"', 'key = "of the configuration"']
    seen = []
    for missing in range(4):
        write(paths.config, "\n".join([f'[profiles.main]\nurl = "{URL}"', *sources[missing:], ""]))
        seen.append(choose(paths, None, {}, lambda profile: f"typed for {profile}").key.reveal())
        assert choose(paths, None, {"SMMTUI_API_KEY": KEY}).key.reveal() == KEY
    assert seen == ["of the command", "of the file", "of the configuration", "typed for main"]


def test_a_prompt_left_empty_is_no_key(paths: Paths) -> None:
    """Enter alone is not sent to the panel as a key."""
    write(paths.config, f'[profiles.main]\nurl = "{URL}"\n')
    with pytest.raises(ConfigError, match="key is missing"):
        choose(paths, None, {}, lambda profile: "  ")


def test_a_command_gets_its_words_without_a_shell(paths: Paths) -> None:
    """Nothing in a word is expanded, and only the first line that is printed is the key."""
    write(paths.config, with_settings(r'key_command = ["printf", "%s\\n%s", " $HOME;`id`|* ", "comment"]'))
    assert choose(paths, None, {}).key.reveal() == "$HOME;`id`|*"


def test_a_command_that_hangs_is_given_up(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is ended after its time, and named."""
    monkeypatch.setattr("smmtui.key_sources._COMMAND_SECONDS", 0.1)
    write(paths.config, with_settings('key_command = ["sleep", "60"]'))
    sentence = refusal(paths)
    assert "line 4: [profiles.main] key_command did not end within" in sentence


def test_what_a_command_says_when_it_fails_is_not_shown(paths: Paths, capfd: pytest.CaptureFixture[str]) -> None:
    """Its error output can hold anything, the key included."""
    write(paths.config, with_settings(f'key_command = ["sh", "-c", "echo {KEY}; echo {KEY} >&2; exit 3"]'))
    sentence = refusal(paths)
    assert "code 3" in sentence
    assert KEY not in sentence
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("content", [b"", b"\n", b"  \nkey on the second line", b"\xff\xfe\x00"])
def test_a_key_file_without_a_key_is_named(paths: Paths, content: bytes) -> None:
    """It is not passed over in silence for the next source."""
    file = write(paths.config.parent / "panel.key", content)
    write(paths.config, with_settings('key_file = "panel.key"'))
    assert f"line 4: [profiles.main] key_file {file} holds no readable key" in refusal(paths)


@pytest.mark.skipif("keyring" in sys.modules, reason="the optional package is installed")
def test_a_keyring_that_is_not_installed_says_how_to_get_it(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is an optional extra."""
    monkeypatch.setitem(sys.modules, "keyring", None)
    write(paths.config, with_settings("keyring = true"))
    assert "pip install 'smmtui[keyring]'" in refusal(paths)


# ── the environment ───────────────────────────────────────────────────────────────────────────────────────────────


def test_the_environment_alone_is_enough(paths: Paths) -> None:
    """Address and key together make a profile, named by the host, and both are taken out of the environment."""
    environ = {"SMMTUI_API_URL": f" {URL} ", "SMMTUI_API_KEY": f" {KEY}\n", "HOME": "/home/me"}
    start = choose(paths, None, environ)
    assert (start.profile.name, start.profile.url, start.key.reveal()) == ("panel.example", URL, KEY)
    assert environ == {"HOME": "/home/me"}


def test_an_address_alone_never_gets_a_configured_key(paths: Paths) -> None:
    """Without a key of its own the variable does not count, so no key goes to a host of somebody else's."""
    write(paths.config, GOOD)
    environ = {"SMMTUI_API_URL": "https://evil.example/"}
    start = choose(paths, None, environ)
    assert (start.profile.url, start.key.reveal()) == (URL, KEY)
    assert environ == {}


def test_a_key_alone_is_for_the_configured_panel(paths: Paths) -> None:
    """It stands in for the profile's own sources, of which none is asked."""
    write(paths.config, f'[profiles.main]\nurl = "{URL}"\nkey_command = ["false"]\n')
    start = choose(paths, None, {"SMMTUI_API_KEY": KEY})
    assert (start.profile.name, start.key.reveal()) == ("main", KEY)


def test_the_environment_and_a_named_profile_contradict_each_other(paths: Paths) -> None:
    """Which panel is meant is not guessed."""
    write(paths.config, GOOD)
    environ = {"SMMTUI_API_URL": URL, "SMMTUI_API_KEY": KEY}
    assert "--profile" in refusal(paths, "main", environ)
    assert environ == {}


@pytest.mark.parametrize(
    "url",
    ["panel.example", "http://panel.example/", f"https://u:{KEY}@x.example/", f"{URL}?k={KEY}", f"https://x:{KEY}/"],
)
def test_an_address_in_the_environment_is_checked_as_any_other(paths: Paths, url: str) -> None:
    """The sentence names the variable and not the key, and the key is out of the environment all the same."""
    environ = {"SMMTUI_API_URL": url, "SMMTUI_API_KEY": KEY}
    sentence = refusal(paths, environ=environ)
    assert sentence.startswith("SMMTUI_API_URL ")
    assert KEY not in sentence
    assert environ == {}


# ── accounts ──────────────────────────────────────────────────────────────────────────────────────────────────────


def account(paths: Paths, url: str = URL, key: str = KEY) -> str:
    """The account of a start by the environment."""
    return choose(paths, None, {"SMMTUI_API_URL": url, "SMMTUI_API_KEY": key}).profile.account


def test_an_account_is_the_same_at_every_start(paths: Paths) -> None:
    """Its journal is found again, and its name is one that a folder can have."""
    assert account(paths) == account(paths)
    assert re.fullmatch(r"panel-example-[0-9a-f]{12}", account(paths))
    write(paths.config, GOOD)
    assert choose(paths, "main", {}).profile.account == choose(paths, "main", {}).profile.account


def test_accounts_differ_by_address_key_and_profile(paths: Paths) -> None:
    """Two accounts on one panel never share a journal."""
    write(paths.config, GOOD.replace("other.example", "panel.example"))
    profiles = {choose(paths, name, {}).profile.account for name in ("main", "other")}
    starts = {
        account(paths),
        account(paths, key=f"{KEY}2"),
        account(paths, url=f"{URL}/"),
        account(paths, URL + "?a=1"),
    }
    assert len(profiles | starts) == 6


def test_a_profile_keeps_its_account_when_its_key_changes(paths: Paths) -> None:
    """A new key for the same account opens the same journal."""
    write(paths.config, GOOD)
    before = choose(paths, None, {}).profile.account
    write(paths.config, GOOD.replace(KEY, "a new key altogether"))
    assert choose(paths, None, {}).profile.account == before


def test_an_account_tells_nothing_of_the_key(paths: Paths) -> None:
    """It is salted per machine: the same key elsewhere gives another name, and a guess cannot be checked."""
    elsewhere = Paths(paths.config, paths.data.with_name("elsewhere"), paths.state, paths.cache)
    assert account(paths) != account(elsewhere)
    salt = paths.data / "salt"
    assert len(salt.read_bytes()) == 16
    assert stat.S_IMODE(salt.stat().st_mode) == 0o600
    assert stat.S_IMODE(paths.data.stat().st_mode) == 0o700


def test_a_data_folder_that_cannot_be_made_is_named(paths: Paths) -> None:
    """Without it there could be no journal, so nothing is started."""
    write(paths.data, "a file in the way")
    sentence = refusal(paths, environ={"SMMTUI_API_URL": URL, "SMMTUI_API_KEY": KEY})
    assert f"{paths.data / 'salt'} cannot be read or made" in sentence
    assert KEY not in sentence


def test_journal_and_snapshot_have_folders_of_the_account(paths: Paths) -> None:
    """What must not be lost and what can be fetched again are kept apart."""
    assert paths.journal("a") == paths.data / "a"
    assert paths.snapshot("a") == paths.cache / "a"


# ── adding a profile ──────────────────────────────────────────────────────────────────────────────────────────────

VALUES = {"url": URL, "key": KEY}


@pytest.mark.parametrize(
    "before",
    [b"", GOOD.encode(), GOOD.rstrip().encode(), WRITTEN_BY_HAND.encode(), b"# only a comment", b"\n\n"],
    ids=["new", "good", "no last line end", "foreign line ends", "comment", "blank lines"],
)
def test_a_profile_is_only_appended(paths: Paths, before: bytes) -> None:
    """Every byte that was there stands where it stood, the result can be read, and only its owner can read it."""
    if before:
        write(paths.config, before)
    added = append_profile(paths.config, "new", VALUES)
    whole = paths.config.read_bytes()
    assert whole.startswith(before)
    assert stat.S_IMODE(paths.config.stat().st_mode) == 0o600
    start = choose(paths, "new", {})
    assert (start.profile, start.key.reveal()) == (replace(added, key_source=start.profile.key_source), KEY)
    assert added.account == tomllib.loads(whole.decode("utf-8-sig"))["profiles"]["new"]["account"]
    assert list(paths.config.parent.iterdir()) == [paths.config]


def test_the_first_profile_becomes_the_default(paths: Paths) -> None:
    """It is still the one that opens by itself when there are two."""
    append_profile(paths.config, "first", VALUES)
    append_profile(paths.config, "second", {**VALUES, "order_style": 'a "quoted" \\ style'})
    assert choose(paths, None, {}).profile.name == "first"
    assert choose(paths, "second", {}).profile.order_style == 'a "quoted" \\ style'
    assert stat.S_IMODE(paths.config.parent.stat().st_mode) == 0o700


def test_an_account_that_is_given_is_kept(paths: Paths) -> None:
    """So that a profile that moves to another machine finds its journal."""
    assert append_profile(paths.config, "new", {**VALUES, "account": "old-one"}).account == "old-one"
    first, second = (append_profile(paths.config, name, VALUES).account for name in ("a", "b"))
    assert first != second


@pytest.mark.parametrize(
    ("before", "name", "values", "why"),
    [
        (GOOD, "main", VALUES, "has a profile “main” already"),
        (GOOD, "a b", VALUES, "letters, digits"),
        (GOOD, "", VALUES, "letters, digits"),
        (GOOD, 'x]\n[profiles."y', VALUES, "letters, digits"),
        (GOOD, "new", {**VALUES, "url": "http://panel.example/"}, "unencrypted"),
        (GOOD, "new", {**VALUES, "url": ""}, "url is missing"),
        (GOOD, "new", {**VALUES, "encoding": "xml"}, "encoding"),
        ("[profiles.main\n", "new", VALUES, "not valid TOML"),
        ("profiles = 3\n", "new", VALUES, "not valid TOML"),
        ('profiles = {main = {url = "x"}}\n', "new", VALUES, "not valid TOML"),
        ('x = """\nno end', "new", VALUES, "not valid TOML"),
        (b"\xff\xfe", "new", VALUES, "UTF-8"),
    ],
)
def test_a_profile_that_cannot_be_added_changes_nothing(
    paths: Paths, before: str | bytes, name: str, values: dict[str, str], why: str
) -> None:
    """A name that is taken, values that are wrong and files that take no further table are refused beforehand."""
    write(paths.config, before)
    old = everything(paths.config.parent)
    with pytest.raises(ConfigError, match=why) as caught:
        append_profile(paths.config, name, values)
    assert KEY not in str(caught.value)
    assert everything(paths.config.parent) == old


def test_a_disk_that_fails_in_mid_write_leaves_the_old_file(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    """The new file takes the old one's place whole or not at all."""
    write(paths.config, GOOD)

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ConfigError, match="No space left on device"):
        append_profile(paths.config, "new", VALUES)
    assert everything(paths.config.parent) == {paths.config: GOOD.encode()}


def test_a_linked_configuration_stays_linked(paths: Paths, tmp_path: Path) -> None:
    """Many keep theirs in another folder and link it."""
    real = write(tmp_path / "dotfiles" / "smmtui.toml", GOOD)
    paths.config.parent.mkdir()
    paths.config.symlink_to(real)
    append_profile(paths.config, "new", VALUES)
    assert paths.config.is_symlink()
    assert real.read_bytes().startswith(GOOD.encode())
    assert choose(paths, "new", {}).profile.name == "new"


def test_a_folder_that_is_there_keeps_its_mode(paths: Paths) -> None:
    """A configuration may stand in a folder that others use, such as one's home."""
    paths.config.parent.mkdir(mode=0o755)
    paths.config.parent.chmod(0o755)
    append_profile(paths.config, "new", VALUES)
    assert stat.S_IMODE(paths.config.parent.stat().st_mode) == 0o755


# ── the platform's folders ────────────────────────────────────────────────────────────────────────────────────────

_SHOW_PATHS = "from smmtui.config import Paths; p = Paths.of_platform(); print(p.config, p.data, p.state, p.cache)"


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS has folders of its own")
def test_the_xdg_folders_are_honoured(tmp_path: Path) -> None:
    """Each of the four goes where its variable says, and asking makes none of them."""
    kinds = ("config", "data", "state", "cache")
    done = subprocess.run(
        [sys.executable, "-c", _SHOW_PATHS],
        env={"HOME": str(tmp_path), **{f"XDG_{kind.upper()}_HOME": str(tmp_path / kind) for kind in kinds}},
        capture_output=True,
        text=True,
        check=True,
    )
    folders = [str(tmp_path / kind / "smmtui") for kind in kinds]
    assert done.stdout.split() == [f"{folders[0]}/config.toml", *folders[1:]]
    assert not list(tmp_path.iterdir())
