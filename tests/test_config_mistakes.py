"""Slips of the pen in the configuration: each is told with its line, or does no harm; nothing is ever written."""

from __future__ import annotations

import os
import random
import re
import stat
import sys
import tomllib
from collections.abc import Iterator
from gettext import NullTranslations
from pathlib import Path

import pytest

from smmtui import words as said
from smmtui.config import Paths, choose, choose_profile
from smmtui.errors import ConfigError
from smmtui.profiles import read_profiles
from tests.account import Account
from tests.test_config import GOOD, KEY, URL, WRITTEN_BY_HAND, refusal, with_settings, with_url, write
from tests.test_config import paths as paths
from tests.tui.terminal import Terminal

TOP = GOOD.replace("# my panels", "{line}")
SETTINGS = """
order_style = "fast"
refresh_seconds = 30
catalog_max_age = 3600.5
confirm_over = 12.50
daily_cap = 100
user_agent = "mine/1"
proxy = "socks5://localhost:1080"
encoding = 'json'

[profiles.main.extra]
server = "2"

[notify]
low_balance = 5
channels = ["toast", "bell"]
completed = []
command = ["notify-me", "-v"]

[keys]
"catalog.favourite" = "ctrl+f"
"""
VALID = (
    GOOD,
    WRITTEN_BY_HAND,
    'theme = "nord"\nlog_file = "~/smmtui.log"\n' + GOOD.replace("\n[profiles.other]", f"{SETTINGS}\n[profiles.other]"),
    f'[profiles]\nmain = {{ url = "{URL}", key = "{KEY}", extra = {{ server = "2" }} }}\n',
    f'profiles.main.url = "{URL}"\nprofiles.main.key = """{KEY}"""\nprofiles.main.refresh_seconds = 1_0\n',
)
MUTATED = 240
RUN = 12

# What is in the file → what the sentence has to say: the place, and what to do.
MISTAKES: dict[str, tuple[str, tuple[str, ...]]] = {
    "an unknown setting at the top": (TOP.format(line='colour = "red"'), ("line 1: colour is no setting of smmtui",)),
    "a misspelt theme": (TOP.format(line='themes = "nord"'), ("line 1: themes is no", "Did you mean theme?")),
    "a misspelt table": (GOOD + "[notifi]\nlow_balance = 1\n", ("line 11: notifi is no", "Did you mean notify?")),
    "a profile's setting at the top": (TOP.format(line='proxy = "x"'), ("line 1: proxy belongs to a profile",)),
    "an empty theme": (TOP.format(line='theme = ""'), ("line 1: theme is empty",)),
    "a theme of blanks": (TOP.format(line='theme = "  "'), ("line 1: theme is empty",)),
    "a theme that is a number": (TOP.format(line="theme = 1"), ("line 1: theme is a text",)),
    "a theme that is a table": (GOOD + "[theme]\nname = 1\n", ("line 11: theme is a text",)),
    "an empty log file": (TOP.format(line='log_file = ""'), ("line 1: log_file is empty",)),
    "a log file that is true": (TOP.format(line="log_file = true"), ("line 1: log_file is a text",)),
    "a log file in nobody's home": (TOP.format(line='log_file = "~nobody-at-all/l"'), ("line 1", "the whole path")),
    "a log file of no path": (TOP.format(line='log_file = "a\\u0000b"'), ("line 1: log_file is no path",)),
    "a table of keys that is a text": (TOP.format(line='keys = "x"'), ("line 1: keys is not a table", "[keys]")),
    "a key that is a number": (GOOD + '[keys]\n"app.help" = 1\n', ("line 12: [keys] app.help is a text",)),
    "a key that is a list": (GOOD + '[keys]\n"app.help" = ["x"]\n', ("line 12: [keys] app.help is a text",)),
    "keys without quotes": (GOOD + '[keys]\napp.help = "x"\n', ("line 12: [keys] app is a text", "in quotes")),
    "notify that is true": (TOP.format(line="notify = true"), ("line 1: notify is not a table", "[notify]")),
    "an unknown rule of notify": (GOOD + "[notify]\ncompletd = []\n", ("line 12", "Did you mean completed?")),
    "an unknown channel": (GOOD + '[notify]\ncompleted = ["tost"]\n', ("line 12", "Did you mean toast?")),
    "a channel that is nothing like one": (GOOD + '[notify]\nfailed = ["x"]\n', ("line 12", "There is: toast, bell")),
    "a low balance in words": (GOOD + '[notify]\nlow_balance = "5"\n', ("line 12", "low_balance is an amount")),
    "the command of notify in one text": (GOOD + '[notify]\ncommand = "x"\n', ("line 12", "command is a list")),
    "a misspelt setting": (with_settings("refresh_second = 30"), ("line 4", "Did you mean refresh_seconds?")),
    "a setting of another program": (with_settings("editor = 'vi'"), ("line 4", "is no setting of a profile")),
    "a setting in capitals": (with_settings("URL = 'x'"), ("line 4: [profiles.main] URL is no setting",)),
    "a table in a profile": (with_settings("[profiles.main.more]", "a = 1"), ("line 4", "more is no setting")),
    "half a request": (with_settings("requests_per_minute = 2.5"), ("line 4", "is a whole number")),
    "half a burst": (with_settings("burst = 1.5"), ("line 4", "is a whole number")),
    "a date for an interval": (with_settings("refresh_seconds = 2026-01-01"), ("line 4", "is a number from 5")),
    "a time for a url": (with_settings("user_agent = 12:00:00"), ("line 4", "is a text")),
    "parameters that are a text": (with_settings('extra = "a=b"'), ("line 4", "extra is not a table")),
    "parameters that are a list": (with_settings('extra = ["a=b"]'), ("line 4", "extra is not a table")),
    "a parameter that is a number": (with_settings("extra = {a = 1}"), ("line 4: [profiles.main.extra] a is a text",)),
    "a parameter of two lines": (with_settings('extra = {a = "1\\n2"}'), ("line 4", "a is a text of one line")),
    "a parameter without a value": (with_settings('extra = {a = ""}'), ("line 4", "a is a text of one line")),
    "a parameter without a name": (with_settings('extra = {"" = "1"}'), ("line 4", "is no parameter's name")),
    "a parameter with a blank": (with_settings('extra = {"a b" = "1"}'), ("line 4", "is no parameter's name")),
    "a link for every order": (with_settings('extra = {link = "x"}'), ("line 4", "cannot be the same for all")),
    "runs for every order": (with_settings('extra = {runs = "5"}'), ("line 4", "cannot be the same for all")),
    "a service for every order": (with_settings('extra = {service = "5"}'), ("line 4", "cannot be the same")),
    "a key among the parameters": (with_settings('extra = {key = "5"}'), ("line 4", "cannot be the same for all")),
    "an order style twice": (
        with_settings('order_style = "a"', 'extra = {order_style = "b"}'),
        ("line 5", "order_style is a setting of the profile already"),
    ),
    "a parameter in a table of its own": (
        with_settings("[profiles.main.extra]", "# mine", 'server = "2"', 'quantity = "5"'),
        ("line 7: [profiles.main.extra] quantity",),
    ),
    "a mistake in a profile on one line": (
        f'[profiles]\n\nmain = {{url = "{URL}", key = "{KEY}", burst = 0}}\n',
        ("line 3: [profiles.main] burst is a number",),
    ),
    "a mistake with dots": (f'profiles.main.url = "{URL}"\nprofiles.main.burst = 0\n', ("line 2", "burst")),
    "a mistake with blanks": (f'[ profiles . "main" ] # mine\nurl = "{URL}"\n"burst" = 0\n', ("line 3", "burst")),
    "a mistake behind a text of many lines": (
        with_settings('user_agent = """', "burst = 0", '"""', "burst = 0"),
        ("line 7: [profiles.main] burst",),
    ),
    "a mistake in another system's line ends": (
        WRITTEN_BY_HAND.replace('default_profile = "main"', 'default_profile = "mian"'),
        ("line 2: default_profile names no profile", "main, other"),
    ),
    "a profile that is a list": (f'profiles.main = ["{KEY}"]\n[profiles.b]\nurl = "x"\n', ("several profiles",)),
    "the key as the default profile": (
        f'default_profile = "{KEY}"\n{with_url(URL)}',
        ("line 1: default_profile names",),
    ),
    "the key as a channel": (GOOD + f'[notify]\nfailed = ["{KEY}"]\n', ("line 12", "a channel that there is not")),
    "the key as an encoding": (with_settings(f'encoding = "{KEY}"'), ("line 4", '"form" or "json"')),
    "the key as an account": (with_settings(f'account = "{KEY}!"'), ("line 4", "account is made of")),
    "the key as a proxy": (with_settings(f'proxy = "{KEY}"'), ("line 4", "proxy is not a proxy's address")),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_a_mistake_is_told_with_its_place(case: str, paths: Paths) -> None:
    """The file, the line, the setting and what to do; never the key, and not a byte is changed."""
    content, expected = MISTAKES[case]
    before = remembered(write(paths.config, content))
    sentence = refusal(paths)
    for words in (str(paths.config), *expected):
        assert words in sentence
    assert KEY not in sentence and "\n" not in sentence
    assert remembered(paths.config) == before


def remembered(path: Path) -> tuple[bytes, int, int]:
    """A file's bytes, mode, and when it was written."""
    seen = path.stat()
    return path.read_bytes(), stat.S_IMODE(seen.st_mode), seen.st_mtime_ns


# ── mutations ─────────────────────────────────────────────────────────────────────────────────────────────────────


def mutated(number: int) -> bytes:
    """A valid file with a few slips in it, the same ones for the same number."""
    chance = random.Random(number)
    text = VALID[number % len(VALID)].encode()
    for _ in range(chance.randint(1, 3)):
        text = chance.choice(SLIPS)(text, chance)
    return text


def flip(text: bytes, chance: random.Random) -> bytes:
    """One byte is another."""
    place = chance.randrange(len(text))
    return text[:place] + bytes([text[place] ^ (1 << chance.randrange(8))]) + text[place + 1 :]


def drop(text: bytes, chance: random.Random) -> bytes:
    """One line is missing."""
    lines = text.splitlines(keepends=True)
    del lines[chance.randrange(len(lines))]
    return b"".join(lines) or b"\n"


def double(text: bytes, chance: random.Random) -> bytes:
    """One line is there twice."""
    lines = text.splitlines(keepends=True)
    lines.insert(chance.randrange(len(lines)), chance.choice(lines))
    return b"".join(lines)


def swap(text: bytes, chance: random.Random) -> bytes:
    """Two lines have changed places."""
    lines = text.splitlines(keepends=True)
    one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return b"".join(lines)


def replace_value(text: bytes, chance: random.Random) -> bytes:
    """One value is of another kind, or senseless."""
    values = [match.span() for match in re.finditer(rb'(?<== )[^,\n"{]+|"[^"\n]*"', text)]
    start, end = chance.choice(values or [(0, 0)])
    other = (
        b"true",
        b"-1",
        b"1e400",
        b"nan",
        b'""',
        b"[]",
        b"{}",
        b"[[1]]",
        b"2026-01-01",
        b'"\\u0000"',
        b"'''x'''",
        b"0x_1",
    )
    return text[:start] + chance.choice(other) + text[end:]


def cut(text: bytes, chance: random.Random) -> bytes:
    """The rest is missing."""
    return text[: chance.randrange(1, len(text))]


SLIPS = (flip, drop, double, swap, replace_value, cut)


def is_read(content: bytes) -> bool:
    """Whether the file as a whole makes sense, so that a line can be named for whatever does not."""
    try:
        tomllib.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return False
    return True


# What is missing, or is only known by its not being there, has no line.
NOWHERE = ("has no [profiles.NAME] table", "has several profiles", "does not exist", "number too long")


@pytest.mark.parametrize("part", range(8))
def test_a_file_with_slips_in_it_starts_or_is_refused(part: int, paths: Paths) -> None:
    """With file and line, without the key; the bytes and the mode of every file are as they were."""
    starts = 0
    for number in range(part, MUTATED, 8):
        content = mutated(number)
        before = remembered(write(paths.config, content))
        try:
            choose(paths, None, {}, lambda profile: KEY)
            starts += 1
        except ConfigError as error:
            told = str(error)
            assert str(paths.config) in told and KEY not in told and "\n" not in told, content
            assert (
                ", line " in told
                or "(at line" in told
                or "(at end of document)" in told
                or any(words in told for words in NOWHERE)
            ), (told, content)
        assert remembered(paths.config) == before
        assert {path.name for path in paths.config.parent.iterdir()} == {"config.toml"}
    assert 0 < starts < MUTATED // 8


def broken_files() -> Iterator[bytes]:
    """A few of each kind that cannot be started with."""
    yield from (content.encode() for content, _words in list(MISTAKES.values())[::6])
    numbers = (number for number in range(1000) if not is_read(mutated(number)))
    yield from (mutated(next(numbers)) for _ in range(RUN))


def test_the_program_says_one_sentence_and_ends(tmp_path: Path) -> None:
    """On standard error, with exit code 2 and no traceback, before it looks at the terminal."""
    account = Account(tmp_path / "home")
    for content in broken_files():
        account.config.write_bytes(content)
        before = remembered(account.config)
        done = account.run()
        assert (done.returncode, done.stdout) == (2, ""), done.stderr
        assert done.stderr.startswith("smmtui: ") and done.stderr.count("\n") == 1
        assert str(account.config) in done.stderr
        assert "Traceback" not in done.stderr and KEY not in done.stderr
        assert remembered(account.config) == before


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (
            '"catalog.favorite" = "x"',
            "line 7: [keys] catalog.favorite is no action; help shows the id of each. Did you mean",
        ),
        ('"catalog.favourite" = "q"', "line 7: [keys] catalog.favourite and app.quit would both have the key q"),
    ],
)
def test_own_keys_that_cannot_be_kept_end_the_start(tmp_path: Path, line: str, words: str) -> None:
    """With the line and the actions, and with the terminal as it was: nothing was drawn."""
    account = Account(tmp_path / "home", f'key = "{KEY}"\n[keys]\n# mine\n{line}\n')
    command = [sys.executable, "-m", "smmtui"]
    with Terminal(command, env=account.environ | {"TERM": "xterm-256color"}) as terminal:
        code = terminal.ends()
        output = terminal.output.decode()
    assert code == 2
    assert words in " ".join(output.split())
    assert "\x1b[?1049h" not in output and "Traceback" not in output


def test_what_is_wrong_with_an_address_is_one_sentence(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    """A translation puts the field where its language wants it, whether the address comes from the file or not."""
    own = "{field} is not a web address: it looks like {example}."

    class German(NullTranslations):
        def gettext(self, message: str) -> str:
            return "Keine Adresse, wie {example} eine wäre, steht in {field}." if message == own else message

    monkeypatch.setattr(said, "_translation", German())
    write(paths.config, with_url("ftp://panel.example/"))
    told = "Keine Adresse, wie https://roicmedya.com/api/v2 eine wäre, steht in "
    assert refusal(paths).endswith(f"{told}[profiles.main] url.") and ", line 2: " in refusal(paths)
    assert refusal(paths, environ={"SMMTUI_API_URL": "x", "SMMTUI_API_KEY": KEY}) == f"{told}SMMTUI_API_URL."


# ── what is none of this start's business ─────────────────────────────────────────────────────────────────────────


def test_another_profiles_mistake_does_not_keep_this_one_from_starting(paths: Paths) -> None:
    """It is told where that profile is chosen, and by the list of profiles."""
    write(paths.config, GOOD.replace("https://other.example", "http://other.example"))
    assert choose(paths, None, {}).profile.name == "main"
    assert "line 9: [profiles.other] url would send the key to other.example" in refusal(paths, "other")
    assert [bool(listed.problem) for listed in read_profiles(paths).listed] == [False, True]


def test_a_start_by_the_environment_heeds_the_top_of_the_file(paths: Paths) -> None:
    """Theme, log and keys are the user's, whatever the panel; without a file there are none."""
    environ = {"SMMTUI_API_URL": URL, "SMMTUI_API_KEY": KEY}
    assert choose(paths, None, dict(environ)).preferences.theme == ""
    write(paths.config, 'theme = "nord"\n[keys]\n"app.help" = "f12"\n')
    preferences = choose(paths, None, dict(environ)).preferences
    assert (preferences.theme, preferences.keys) == ("nord", {"app.help": "f12"})
    write(paths.config, "theme = 5\n")
    assert "line 1: theme is a text" in refusal(paths, environ=dict(environ))


def test_what_is_said_at_the_top_is_taken_over(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    """A log file stands beside the configuration, unless a whole path or one from home is named."""
    monkeypatch.setenv("HOME", "/home/ada")
    for named, path in (
        ("a.log", paths.config.parent / "a.log"),
        ("/var/a.log", Path("/var/a.log")),
        ("~/a.log", Path("/home/ada/a.log")),
    ):
        write(paths.config, f'log_file = "{named}"\n{GOOD}')
        assert choose(paths, None, {}).preferences.log_file == path


def test_a_profiles_own_parameters_are_taken_over(paths: Paths) -> None:
    """With the order style among them, however they are written."""
    write(paths.config, with_settings('order_style = "fast"', 'extra = {server = "2", mode = " a=b "}'))
    profile = choose_profile(paths, None, {})
    assert profile.parameters == (("server", "2"), ("mode", "a=b"), ("order_style", "fast"))


def test_nothing_is_asked_of_a_file_that_is_not_there(paths: Paths) -> None:
    """Looking for preferences makes no file and no folder."""
    choose(paths, None, {"SMMTUI_API_URL": URL, "SMMTUI_API_KEY": KEY})
    assert not paths.config.parent.exists()
    assert os.listdir(paths.data) == ["salt"]
