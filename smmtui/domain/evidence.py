"""What is known of an order whose outcome nobody knows: shown to the user who settles it, never concluded from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation

from smmtui.domain.reasons import ENDED_WHILE_SENDING, INTERRUPTED
from smmtui.domain.records import Balance, Event, Order, OrderStatus, Record, State
from smmtui.domain.tracking import Spent, spent_since
from smmtui.words import _

NOT_PLACED_WORD = _("not placed").casefold()
"""What has to be typed to settle an order as not placed."""
NOT_PLACED_AFTER = timedelta(minutes=10)
"""Before so much time has passed, an order can still turn up on the panel."""

_AROUND = timedelta(minutes=10)
_MAY_HAVE_COST = (State.ACCEPTED, State.SENDING, State.UNKNOWN, State.SETTLED)
_TOLERANCE = Decimal("1.01")


class Evidence(Record, frozen=True, gc=False):
    """What is known of an unknown order beside the order itself.

    `sent` is when its intent was made durable, `reason` why its outcome is unknown. `before` is the balance known
    then, `after` the one known now, each with the time when the panel said it. `around` are the other orders, oldest
    first, that can have moved the balance between the two. `accepted` is how many other orders were accepted between
    the two balances, and `accepted_cost` what they have cost. `reply` is the panel's answer as it came, with
    `http_status` and `elapsed` seconds, where any came.
    """

    order: Order
    sent: datetime
    reason: str
    likelihood: str
    before: Balance | None
    before_at: datetime | None
    after: Balance | None
    after_at: datetime | None
    around: tuple[Order, ...]
    accepted: int
    accepted_cost: Spent
    reply: str
    http_status: str
    elapsed: str

    @property
    def difference(self) -> Decimal | None:
        """How the balance has moved; None where that is not known or the currencies differ."""
        before, after = self.before, self.after
        if before is None or after is None or before.currency != after.currency:
            return None
        return after.amount - before.amount

    def nearest(self, most: int) -> tuple[list[Order], list[Order]]:
        """Return those of `around` that were confirmed next to it, `most` at most: before it and after it, in order."""
        own = self.order.sequence
        near = sorted(self.around, key=lambda other: abs(other.sequence - own))[:most]
        near.sort(key=lambda other: other.sequence)
        return [each for each in near if each.sequence < own], [each for each in near if each.sequence >= own]

    @property
    def not_placed_from(self) -> datetime:
        """From when on it can be settled as not placed."""
        return self.sent + NOT_PLACED_AFTER

    def shown(self, now: datetime) -> dict[str, str]:
        """Return as texts what the user saw at `now`, for the journal; ages are in whole seconds."""
        found = {
            "reason": self.reason,
            "balance_then": _money(self.before),
            "balance_then_age": _age(self.before_at, now),
            "balance_now": _money(self.after),
            "balance_now_age": _age(self.after_at, now),
            "orders_around": ", ".join(order.id or order.uuid for order in self.around),
            "accepted_since": f"{self.accepted} for {self.accepted_cost.amount:f}" if self.accepted else "",
        }
        return {name: text for name, text in found.items() if text}


def gather(
    order: Order, events: Sequence[Event], orders: Sequence[Order], balance: Balance | None, balance_at: datetime | None
) -> Evidence:
    """Return the evidence for an order from its events, oldest first, all loaded orders, and the balance known now."""
    sending = next((event for event in reversed(events) if event.after is State.SENDING), None)
    lost = next((event for event in events if event.after is State.UNKNOWN), None)
    sent = order.placed if sending is None else sending.at
    seen = {} if lost is None else lost.evidence
    reason = seen.get("reason", order.reason)
    before, before_at = (None, None) if sending is None else _balance_then(sending.evidence)
    accepted = _accepted(order, orders, before_at, balance_at)
    currency = None if before is None else before.currency
    return Evidence(
        order=order,
        sent=sent,
        reason=reason,
        likelihood=_likelihood(reason, seen),
        before=before,
        before_at=before_at,
        after=balance,
        after_at=balance_at,
        around=_around(order, orders, min(sent, before_at or sent) - _AROUND, sent + _AROUND),
        accepted=len(accepted),
        accepted_cost=spent_since(accepted, before_at or sent, currency),
        reply=seen.get("reply", ""),
        http_status=seen.get("status", ""),
        elapsed=seen.get("elapsed", ""),
    )


def mismatches(order: Order, answer: OrderStatus) -> tuple[str, ...]:
    """Return in words where the panel's answer for an id does not fit the order that it is to be attached to."""
    found = []
    total = order.total
    if total is not None and answer.remains is not None and answer.remains > total:
        remains, ordered = f"{answer.remains:,}", f"{total:,}"
        found.append(_("{remains} remain there, but only {ordered} were ordered.", remains=remains, ordered=ordered))
    same_money = answer.currency in (None, order.currency) or order.currency is None
    if not same_money:
        found.append(
            _("It was charged in {theirs}, the order is in {ours}.", theirs=answer.currency, ours=order.currency)
        )
    elif answer.charge and order.estimate and not _near(answer.charge, order.estimate):
        charge, estimate = f"{answer.charge:f}", f"{order.estimate:f}"
        found.append(_("It was charged {charge}, the estimate is {estimate}.", charge=charge, estimate=estimate))
    return tuple(found)


def _near(charge: Decimal, estimate: Decimal) -> bool:
    return charge <= estimate * _TOLERANCE and estimate <= charge * _TOLERANCE


def _likelihood(reason: str, seen: dict[str, str]) -> str:
    if reason in (ENDED_WHILE_SENDING, INTERRUPTED):
        return _("Probably placed: most orders that were cut off like this had reached the panel.")
    if seen.get("reply") or seen.get("status"):
        return _("May have been placed: the panel answered, but its answer does not say.")
    return _("May have been placed: the request had left, and no whole answer came.")


def _balance_then(evidence: dict[str, str]) -> tuple[Balance | None, datetime | None]:
    """The balance that was known when the intent was made; a spoilt one is none."""
    try:
        at = datetime.fromisoformat(evidence["balance_at"])
        return Balance(Decimal(evidence["balance"]), evidence.get("balance_currency")), at
    except (KeyError, ValueError, InvalidOperation):
        return None, None


def _accepted(order: Order, orders: Iterable[Order], since: datetime | None, until: datetime | None) -> list[Order]:
    """The other orders that were accepted between two balances."""
    if since is None or until is None:
        return []
    placed_here = (other for other in orders if other.state is State.ACCEPTED and other.fields)
    return [other for other in placed_here if other.uuid != order.uuid and since <= other.placed <= until]


def _around(order: Order, orders: Iterable[Order], since: datetime, until: datetime) -> tuple[Order, ...]:
    found = [
        other
        for other in orders
        if other.uuid != order.uuid and other.state in _MAY_HAVE_COST and since <= other.placed <= until
    ]
    return tuple(sorted(found, key=lambda other: (other.placed, other.sequence)))


def _money(balance: Balance | None) -> str:
    return "" if balance is None else f"{balance.amount:f} {balance.currency or ''}".strip()


def _age(at: datetime | None, now: datetime) -> str:
    return "" if at is None else f"{max(0, round((now - at).total_seconds()))} s"
