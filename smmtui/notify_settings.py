"""The `[notify]` table of the configuration: which news is told, and on which channels."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from smmtui.config_file import Section
from smmtui.errors import ConfigError

CHANNELS = ("toast", "bell", "desktop", "command")
RULES = ("watched", "completed", "partial", "canceled", "failed", "unknown", "refill", "cancel", "balance")
_OTHERS = ("low_balance", "channels", "command")
_LOW_BALANCE = Decimal(10)


@dataclass(frozen=True, slots=True)
class Notify:
    """What is told, and how.

    `low_balance` is money in the panel's currency. `channels` are for every rule that `rules` does not name; a rule
    without channels is silent. `command` is the user's program with its arguments, () for none.
    """

    low_balance: Decimal = _LOW_BALANCE
    channels: frozenset[str] = frozenset({"toast"})
    rules: Mapping[str, frozenset[str]] = field(default_factory=dict, hash=False)
    command: tuple[str, ...] = ()

    def channels_of(self, rules: Iterable[str]) -> frozenset[str]:
        """Return the channels for news that satisfies all of these rules: those of any of them."""
        return frozenset().union(*(self.rules.get(rule, self.channels) for rule in rules))


def read_notify(section: Section) -> Notify:
    """Return what the table says; raises ConfigError with the line for a setting that is unknown or makes no sense.

    Where a command is given and no `channels` are, it is told everything that the screen is.
    """
    for key in section.values:
        if key not in (*RULES, *_OTHERS):
            raise _unknown(section, key, "is no setting of [notify]", (*RULES, *_OTHERS))
    low_balance = section.money("low_balance")
    command = _command(section)
    default = frozenset({"toast", "command"} if command else {"toast"})
    notify = Notify(
        low_balance=_LOW_BALANCE if low_balance is None else low_balance,
        channels=_channels(section, "channels") if "channels" in section.values else default,
        rules={rule: _channels(section, rule) for rule in RULES if rule in section.values},
        command=command,
    )
    if not command and "command" in notify.channels.union(*notify.rules.values()):
        raise section.wrong("command", 'is a channel here, and there is none: add it, as in command = ["program"].')
    return notify


def _channels(section: Section, key: str) -> frozenset[str]:
    value = section.values[key]
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise section.wrong(key, f'is a list of channels, as in ["toast", "bell"]; [] is silent. {_known()}')
    for each in value:
        if each not in CHANNELS:
            raise _unknown(section, key, f"names no channel with “{each}”", CHANNELS, each)
    return frozenset(value)


def _known() -> str:
    return f"The channels are {', '.join(CHANNELS)}."


def _command(section: Section) -> tuple[str, ...]:
    value = section.values.get("command", [])
    words = isinstance(value, list) and all(isinstance(word, str) and word for word in value)
    if not words or ("command" in section.values and not value):
        raise section.wrong("command", 'is a list of words, as in ["notify-me", "--loud"]; no shell reads it.')
    return tuple(value)


def _unknown(section: Section, key: str, what: str, known: Iterable[str], typed: str = "") -> ConfigError:
    near = difflib.get_close_matches(typed or key, list(known), n=1)
    return section.wrong(key, f"{what}{f': did you mean {near[0]}?' if near else '. ' + _known()}")
