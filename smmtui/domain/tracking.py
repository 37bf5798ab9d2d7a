"""How an order moves on when the panel says something about it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

import msgspec

from smmtui.domain.reasons import NOT_PLACED
from smmtui.domain.records import Order, OrderStatus, Record, State
from smmtui.domain.statuses import Status

_Value = TypeVar("_Value")
_COSTLY = (State.ACCEPTED, State.SENDING, State.UNKNOWN, State.SETTLED)


def advance(order: Order, answer: OrderStatus | str, at: datetime) -> Order:
    """Return the order after one answer of `status`; a str is the panel's words for why there is none.

    What the panel left out is kept from before: replies with fewer fields do not undo what was known. `changed` moves
    only when something a user reads has changed, `checked` moves with every answer.
    """
    if isinstance(answer, str):
        return msgspec.structs.replace(order, checked=at, trouble=answer)
    if _says_nothing_new(order, answer):
        return msgspec.structs.replace(order, checked=at)
    now = msgspec.structs.replace(
        order,
        status=answer.status,
        word=answer.word,
        charge=_known(answer.charge, order.charge),
        currency=_known(answer.currency, order.currency),
        start_count=_known(answer.start_count, order.start_count),
        remains=_known(answer.remains, order.remains),
        trouble="",
    )
    return msgspec.structs.replace(now, checked=at, changed=at if now != order else order.changed)


def _says_nothing_new(order: Order, answer: OrderStatus) -> bool:
    """Whether the order reads as before, which most answers come to: those cost no second look."""
    return (
        answer.status is order.status
        and answer.word == order.word
        and answer.remains in (None, order.remains)
        and answer.charge in (None, order.charge)
        and answer.start_count in (None, order.start_count)
        and answer.currency in (None, order.currency)
        and not order.trouble
    )


def differs(before: Order, after: Order) -> bool:
    """Whether an answer has changed anything but the time of the check, which is what is worth storing and drawing."""
    return (
        before.status is not after.status
        or before.word != after.word
        or before.remains != after.remains
        or before.charge != after.charge
        or before.start_count != after.start_count
        or before.currency != after.currency
        or before.trouble != after.trouble
    )


def _known(new: _Value | None, old: _Value | None) -> _Value | None:
    return old if new is None else new


class Spent(Record, frozen=True, gc=False):
    """What orders have cost, and what came back, in one currency; `guessed` says that estimates are among it."""

    amount: Decimal = Decimal(0)
    refunded: Decimal = Decimal(0)
    guessed: bool = False


def spent_since(orders: Iterable[Order], moment: datetime, currency: str | None) -> Spent:
    """Return what the orders placed since `moment` have cost: charges where known, else estimates.

    Orders in another currency are left out; where `currency` is None the first one that is met counts. An order that
    may have been placed counts with its estimate. What a canceled order was charged counts as refunded, and so does
    what a partial one was charged less than estimated.
    """
    amount, refunded, guessed = Decimal(0), Decimal(0), False
    for order in orders:
        if order.placed < moment or not may_cost(order):
            continue
        currency = currency or order.currency
        if order.currency not in (None, currency):
            continue
        given_back = order.status in (Status.CANCELED, Status.REFUNDED)
        cost = order.estimate if order.charge is None or given_back else order.charge
        if cost is None:
            guessed = True
            continue
        if given_back:
            refunded += cost
            continue
        guessed = guessed or order.charge is None
        amount += cost
        if order.status is Status.PARTIAL and order.estimate is not None and order.estimate > cost:
            refunded += order.estimate - cost
    return Spent(amount, refunded, guessed)


def ordered_by_us(order: Order) -> bool:
    """Return whether an order was sent by some smmtui: of one that was placed elsewhere no request is known."""
    return bool(order.fields)


def may_cost(order: Order) -> bool:
    # How the user settled an unknown order is kept as its reason.
    return order.state in _COSTLY and not (order.state is State.SETTLED and order.reason == NOT_PLACED)
