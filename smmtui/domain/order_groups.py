"""The groups that orders are counted and looked at by: what a person wants to see together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from operator import attrgetter

from smmtui.domain.filter_language import pieces
from smmtui.domain.records import Order, State
from smmtui.domain.statuses import Status

Kind = tuple[State, Status | None]

GROUPS = (
    "active",
    "failed",
    "unknown",
    "completed",
    "partial",
    "canceled",
    "refunded",
    "expired",
    "rejected",
    "unsent",
    "queued",
    "sending",
    "settled",
)
"""Every group there is, in the order in which they are shown."""

_TERM = "is:"
_kind = attrgetter("state", "status")


@cache
def groups_of(state: State, status: Status | None) -> tuple[str, ...]:
    """Return the groups of an order of this state and status: one that the panel failed with is active as well."""
    followed = state is State.ACCEPTED or (state is State.SETTLED and status is not None)
    if not followed:
        return (state.value,)
    if status is not None and status.final:
        return (status.value.lower(),)
    return ("active", "failed") if status is not None and status.troubled else ("active",)


def group_words(order: Order) -> str:
    """Return the groups of an order as text, for the filter."""
    return " ".join(groups_of(order.state, order.status))


def count_kinds(orders: Iterable[Order]) -> Counter[Kind]:
    """Return how many orders there are of each state and status."""
    return Counter(map(_kind, orders))


def not_loaded(stored: Mapping[Kind, int], loaded: Mapping[Kind, int]) -> Counter[Kind]:
    """Return how many of the `stored` orders are not among the `loaded` ones, of each kind.

    Whatever still moves is always loaded. The stored ones may be a moment behind: then it is a few too few or too many.
    """
    beyond = Counter(stored)
    beyond.subtract(loaded)
    return Counter({kind: number for kind, number in beyond.items() if number > 0 and _at_rest(*kind)})


def _at_rest(state: State, status: Status | None) -> bool:
    return "active" not in groups_of(state, status) and state not in (State.QUEUED, State.SENDING, State.UNKNOWN)


def count_groups(kinds: Mapping[Kind, int]) -> dict[str, int]:
    """Return how many orders there are in each group, those that there are none of left out, but never "active"."""
    counts: Counter[str] = Counter()
    for kind, number in kinds.items():
        for group in groups_of(*kind):
            counts[group] += number
    return {group: counts[group] for group in GROUPS if counts[group] or group == "active"}


def group_in(text: str) -> str | None:
    """Return the one group that a filter asks for, None where it asks for none or for several."""
    asked = [piece.text.removeprefix(_TERM) for piece in pieces(text) if piece.text.startswith(_TERM)]
    return asked[0] if len(asked) == 1 and asked[0] in GROUPS else None


def in_group(text: str, group: str | None) -> str:
    """Return the filter for one group and whatever else it asked for before, None for all groups."""
    kept = [piece.text for piece in pieces(text) if not piece.text.startswith(_TERM)]
    return " ".join(kept if group is None else [f"{_TERM}{group}", *kept])
