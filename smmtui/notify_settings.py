"""The `[notify]` table of the configuration: which news is told, and on which channels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from msgspec import Struct

from smmtui.config_file import Section
from smmtui.words import _

CHANNELS = ("toast", "bell", "desktop", "command")
RULES = ("watched", "completed", "partial", "canceled", "failed", "unknown", "refill", "cancel", "balance")
_OTHERS = ("low_balance", "channels", "command")
_LOW_BALANCE = Decimal(10)


class Notify(Struct, frozen=True):
    """What is told, and how.

    `low_balance` is money in the panel's currency. `channels` are for every rule that `rules` does not name; a rule
    without channels is silent. `command` is the user's program with its arguments, () for none.
    """

    low_balance: Decimal = _LOW_BALANCE
    channels: frozenset[str] = frozenset({"toast"})
    rules: Mapping[str, frozenset[str]] = {}
    command: tuple[str, ...] = ()

    def channels_of(self, rules: Iterable[str]) -> frozenset[str]:
        """Return the channels for news that satisfies all of these rules: those of any of them."""
        return frozenset().union(*(self.rules.get(rule, self.channels) for rule in rules))


def read_notify(section: Section) -> Notify:
    """Return what the table says; raises ConfigError with the line for a setting that is unknown or makes no sense.

    Where a command is given and no `channels` are, it is told everything that the screen is.
    """
    section.only((*RULES, *_OTHERS), "[notify]")
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
        raise section.wrong("command", _('is a channel here, and there is none: add it, as in command = ["program"].'))
    return notify


def _channels(section: Section, key: str) -> frozenset[str]:
    value = section.values[key]
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        text = _(
            'is a list of channels, as in ["toast", "bell"]; [] is silent. There is: {names}.',
            names=", ".join(CHANNELS),
        )
        raise section.wrong(key, text)
    for each in value:
        if each not in CHANNELS:
            raise section.unknown(key, _("names a channel that there is not."), CHANNELS, each)
    return frozenset(value)


def _command(section: Section) -> tuple[str, ...]:
    value = section.values.get("command", [])
    words = isinstance(value, list) and all(isinstance(word, str) and word for word in value)
    if not words or ("command" in section.values and not value):
        raise section.wrong("command", _('is a list of words, as in ["notify-me", "--loud"]; no shell reads it.'))
    return tuple(value)
