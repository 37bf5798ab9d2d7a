"""Random faults for `add`, as a panel may have them that is broken but does not lie."""

from __future__ import annotations

import random
from typing import Any

from tests.faults.server import FAULTS, Fault
from tests.faults.test_every_fault import EXPECTED

# A quarter of all orders meets no fault, so that there is something to lose.
_SOUND = 0.25
# Cut down to what takes no longer than an order.
_SMALL: dict[str, dict[str, Any]] = {
    "gzip_bomb": {"size": 1 << 20},
    "big_body": {"size": 1 << 20},
    "trickle": {"interval": 0.0},
    "late": {"delay": 0.01},
}
_REFUSALS = ("Refused", "RateLimited")
SILENT = frozenset({"stall_before_reading", "stall_before_reply", "stall_mid_headers", "stall_mid_body"})
"""Faults after which nothing more is heard."""


def random_fault(chance: random.Random) -> Fault | None:
    """One fault of the whole table, or none; carried out or not by chance.

    Not where the panel would say in its own words that it did not do what it did: nobody could find that out. Nor
    where it would say that it did what it did not.
    """
    if chance.random() < _SOUND:
        return None
    name = chance.choice(sorted(FAULTS))
    fault, meaning = FAULTS[name](**_SMALL.get(name, {})), EXPECTED[name]
    if meaning in _REFUSALS:
        return fault(carried_out=False)
    return fault if meaning == "good" else fault(carried_out=chance.random() < 0.5)


def random_faults(chance: random.Random, count: int) -> list[Fault | None]:
    """So many of them."""
    return [random_fault(chance) for _ in range(count)]
