"""Sums of money over many rows: never across currencies, estimates told apart, unknown amounts counted."""

from __future__ import annotations

import operator
from collections.abc import Iterable
from decimal import Decimal, localcontext
from typing import NamedTuple

from msgspec import Struct

from smmtui.domain.money import estimate, show_amount
from smmtui.domain.records import Order, Service
from smmtui.domain.service_types import service_type
from smmtui.domain.tracking import may_cost
from smmtui.words import _

# The grammar's 15 digits and 12 decimals, as often as there are rows, without rounding.
_DIGITS = 60


class Cost(NamedTuple):
    """What one row costs: None for unknown. `currency` is None where it is the account's own."""

    amount: Decimal | None
    currency: str | None = None
    guessed: bool = False


class Sum(Struct, frozen=True):
    """What rows of one currency cost together; `guessed` where an estimate is among them."""

    amount: Decimal
    currency: str | None
    guessed: bool


class Sums(Struct, frozen=True):
    """A sum for each currency, in the order they were met, and how many rows of unknown cost there were."""

    sums: tuple[Sum, ...]
    unknown: int

    @property
    def words(self) -> str:
        """The sums for the screen: "$41.20 + ≈€3.00, 2 of unknown cost"; "" where there is nothing to tell."""
        shown = " + ".join(
            f"{'≈' if each.guessed else ''}{show_amount(each.amount, each.currency)}" for each in self.sums
        )
        unknown = _("{count} of unknown cost", count=f"{self.unknown:,}") if self.unknown else ""
        return ", ".join(filter(None, (shown, unknown)))


def least_cost(service: Service) -> Cost:
    """Return what the smallest possible order of the service is expected to cost; a subscription's is for one post."""
    if service_type(service).price == "once":
        return Cost(service.rate)
    return Cost(None if service.min is None else estimate(service.rate, service.min))


def order_cost(order: Order) -> Cost:
    """Return the charge of an order, else its estimate; 0 where it was never placed."""
    if order.charge is not None:
        return Cost(order.charge, order.currency)
    return Cost(order.estimate, order.currency, guessed=True) if may_cost(order) else Cost(Decimal(0), order.currency)


def add_up(costs: Iterable[Cost], own_currency: str | None) -> Sums:
    """Add the costs up; those without a currency are in `own_currency`, None where that is not known."""
    amounts: dict[str | None, list[Cost]] = {}
    for cost in costs:
        amounts.setdefault(cost.currency or own_currency, []).append(cost)
    known = {currency: [cost for cost in group if cost.amount is not None] for currency, group in amounts.items()}
    with localcontext(prec=_DIGITS):
        sums = tuple(
            Sum(sum((cost.amount for cost in group if cost.amount is not None), Decimal(0)), currency, _guessed(group))
            for currency, group in known.items()
            if group
        )
    return Sums(sums, sum(map(len, amounts.values())) - sum(map(len, known.values())))


def _guessed(costs: Iterable[Cost]) -> bool:
    return any(map(operator.attrgetter("guessed"), costs))
