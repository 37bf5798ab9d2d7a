"""The `[notify]` table: what it may say, and how a mistake in it is told."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from smmtui.config_file import find_table, parse_config
from smmtui.errors import ConfigError
from smmtui.notify_settings import Notify, read_notify

PATH = Path("config.toml")


def read(*lines: str) -> Notify:
    """What a table of these lines says."""
    text = "\n".join(["[notify]", *lines, "[profiles.main]", 'url = "https://example.com/api"'])
    return read_notify(find_table(parse_config(PATH, text.encode()), "notify"))


def test_without_a_table_everything_is_a_toast_and_nothing_more() -> None:
    """Bell, desktop notices and programs are for those who ask for them."""
    assert read_notify(find_table(parse_config(PATH, b""), "notify")) == Notify()
    assert Notify().channels_of(["completed"]) == {"toast"}
    assert Notify().low_balance == 10


def test_channels_are_for_all_rules_but_those_that_have_their_own() -> None:
    """An empty list is silence; what satisfies two rules is told on the channels of both."""
    notify = read('channels = ["toast", "bell"]', "completed = []", 'failed = ["desktop"]', "low_balance = 2.50")
    assert notify.channels_of(["partial"]) == {"toast", "bell"}
    assert notify.channels_of(["completed"]) == frozenset()
    assert notify.channels_of(["completed", "failed"]) == {"desktop"}
    assert notify.low_balance == Decimal("2.5")


def test_a_command_is_told_what_the_screen_is_unless_channels_are_named() -> None:
    """Who writes a command wants it to run."""
    assert read('command = ["notify-me", "-v"]').channels == {"toast", "command"}
    assert read('command = ["notify-me"]').command == ("notify-me",)
    assert read('command = ["notify-me"]', 'channels = ["toast"]').channels == {"toast"}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('completd = ["toast"]', "line 2: [notify] completd is no setting of [notify]. Did you mean completed?"),
        ('completed = ["tost"]', "completed names a channel that there is not. Did you mean toast?"),
        ('completed = ["carrier pigeon"]', "There is: toast, bell, desktop, command."),
        ('completed = "toast"', "completed is a list of channels"),
        ('command = "notify-me"', "command is a list of words"),
        ("command = []", "command is a list of words"),
        ('command = ["a", 1]', "command is a list of words"),
        ('completed = ["command"]', "command is a channel here, and there is none"),
        ("low_balance = -1", "low_balance is an amount"),
        ("low_balance = true", "low_balance is an amount"),
    ],
)
def test_a_mistake_is_told_with_its_place_and_the_way_out(line: str, words: str) -> None:
    """Instead of being ignored in silence."""
    with pytest.raises(ConfigError) as error:
        read(line)
    assert words in str(error.value) and str(error.value).startswith(f"{PATH}")


def test_a_table_that_is_none_is_told() -> None:
    """`notify = true` is not understood."""
    with pytest.raises(ConfigError, match="notify is not a table"):
        find_table(parse_config(PATH, b"notify = true"), "notify")
