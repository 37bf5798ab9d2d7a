"""How surely the user has to confirm what costs money or touches many orders, and how much a day may cost."""

from __future__ import annotations

from decimal import Decimal

from smmtui.domain.money import show_amount
from smmtui.domain.records import Record
from smmtui.domain.tracking import Spent
from smmtui.words import _

MANY = 20
"""More orders than these at once are never confirmed by one key."""


class Step(Record, frozen=True, gc=False):
    """A rung of the ladder: one key where `asked` is "", else `asked` is to be typed, and then Enter.

    `what` names it ("total" or "number of orders") on the screen, `why` says in words why one key is not enough.
    """

    asked: str = ""
    what: str = ""
    why: str = ""

    def accepts(self, typed: str) -> bool:
        """Whether this is what was asked for: the same digits, with or without their grouping."""
        return bool(self.asked) and typed.strip() in (self.asked, self.asked.replace(",", ""))


def ladder(total: Decimal | None, orders: int, confirm_over: Decimal) -> Step:
    """Return how `orders` orders that cost `total` together are confirmed; None for a total that is not known.

    Up to `confirm_over`, and up to 20 orders, one key does. Above either the total is typed; where it is not known, or
    where nothing is to be paid, the number of orders. What is free (refills, cancels) has a total of 0.
    """
    unknown = total is None or total < 0
    if unknown or (total is not None and total > confirm_over):
        why = _why_unknown(orders) if unknown else _why_over(confirm_over, orders)
    elif orders > MANY:
        why = _("These are more than {many} orders, so one key is not enough.", many=MANY)
    else:
        return Step()
    if total is None or total <= 0:
        return Step(f"{orders:,}", _("number of orders"), why)
    return Step(show_amount(total), _("total"), why)


def _why_unknown(orders: int) -> str:
    if orders == 1:
        return _("The price is not known, so one key is not enough.")
    if orders <= MANY:
        return _("Not every price is known, so one key is not enough.")
    return _("Not every price is known and these are more than {many} orders, so one key is not enough.", many=MANY)


def _why_over(confirm_over: Decimal, orders: int) -> str:
    limit = show_amount(confirm_over)
    if orders <= MANY:
        return _("This costs more than {limit}, so one key is not enough.", limit=limit)
    return _(
        "This costs more than {limit} and these are more than {many} orders, so one key is not enough.",
        limit=limit,
        many=MANY,
    )


def over_cap(total: Decimal | None, today: Spent, cap: Decimal | None, currency: str | None = None) -> str:
    """Return in words why orders of this total are too much for the day, "" where they are not.

    `today` is what the orders of the day have cost so far, `cap` the profile's `daily_cap`, None for none. A total that
    is not known cannot be kept under a cap, so it is too much.
    """
    if cap is None:
        return ""
    shown = show_amount(cap, currency)
    if total is None:
        return _("The price is not known, so it cannot be kept under your daily cap of {cap} (daily_cap).", cap=shown)
    if not total or today.amount + total <= cap:
        return ""
    spent = f"{'≈' if today.guessed else ''}{show_amount(today.amount, currency)}"
    return _(
        "Today's orders cost {spent} so far, and {more} more is over the daily cap of {cap} "
        "(daily_cap in the configuration).",
        spent=spent,
        more=show_amount(total, currency),
        cap=shown,
    )
