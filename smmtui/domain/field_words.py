"""What is said of a field whose value cannot be sent."""

from __future__ import annotations

from smmtui.domain.quantities import is_money
from smmtui.domain.service_types import Field
from smmtui.words import _, ngettext

HALF_A_DRIP = {
    "runs": _("Drip-feed needs runs as well: with one of the two some panels charge wrongly."),
    "interval": _("Drip-feed needs interval as well: with one of the two some panels charge wrongly."),
}
"""What is said where only the other one of runs and interval was typed, by the name of the missing one."""


def needed(each: Field) -> str:
    """Return that a field must not stay empty."""
    if each.plural:
        return _("{field} are needed.", field=each.label)
    return _("{field} is needed.", field=each.label)


def whole_number(each: Field) -> str:
    """Return that a field takes a whole number and nothing else."""
    if each.plural:
        return _("{field} are a whole number, such as 1 or 30.", field=each.label)
    return _("{field} is a whole number, such as 1 or 30.", field=each.label)


def at_least_one(each: Field) -> str:
    """Return that a field takes no 0."""
    if each.plural:
        return _("{field} are at least 1.", field=each.label)
    return _("{field} is at least 1.", field=each.label)


def under(each: Field, number: int, least: str, typed: str) -> str:
    """Return that a quantity, or a number of lines, is less than the service takes; `typed` may be a sum of money."""
    if each.kind == "lines":
        return ngettext(
            "{count} lines is under the minimum of {min}.",
            "{count} lines is under the minimum of {min}.",
            number,
            min=least,
        )
    if is_money(typed):
        return _(
            "{typed} buys {quantity}, which is under the minimum of {min}.",
            typed=typed,
            quantity=f"{number:,}",
            min=least,
        )
    return _("{quantity} is under the minimum of {min}.", quantity=f"{number:,}", min=least)


def over(each: Field, number: int, most: str, typed: str) -> str:
    """Return that a quantity, or a number of lines, is more than the service takes; `typed` may be a sum of money."""
    if each.kind == "lines":
        return ngettext(
            "{count} lines is over the maximum of {max}.",
            "{count} lines is over the maximum of {max}.",
            number,
            max=most,
        )
    if is_money(typed):
        return _(
            "{typed} buys {quantity}, which is over the maximum of {max}.",
            typed=typed,
            quantity=f"{number:,}",
            max=most,
        )
    return _("{quantity} is over the maximum of {max}.", quantity=f"{number:,}", max=most)
