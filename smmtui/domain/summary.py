"""How far orders are, in words for the customer they were placed for: no prices, nothing of ours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from smmtui.domain.foreign_text import clean
from smmtui.domain.records import Order, State
from smmtui.domain.statuses import Status

_STATES = {
    State.DRAFT: "not placed yet",
    State.QUEUED: "not placed yet",
    State.SENDING: "being placed",
    State.ACCEPTED: "placed",
    State.REJECTED: "not placed",
    State.UNSENT: "not placed",
    State.UNKNOWN: "being checked",
    State.SETTLED: "closed",
}


def status_summary(orders: Sequence[Order], service_name: Callable[[Order], str]) -> str:
    """Return a paragraph for each order, and for several a line with their sums; what is not known is left out."""
    paragraphs = [_paragraph(order, service_name(order)) for order in orders]
    return "\n\n".join([*paragraphs, _total(orders)] if len(orders) > 1 else paragraphs)


def _paragraph(order: Order, service: str) -> str:
    done, total = order.delivered, order.total
    share = "" if done is None or not total else f" ({done * 100 // total}%)"
    facts = (
        ("Order", order.id),
        ("Service", clean(service)),
        ("Link", clean(order.link, 2000)),
        ("Ordered", _count(total)),
        ("Start count", _count(order.start_count)),
        ("Delivered", f"{_count(done)}{share}" if done is not None else None),
        ("Remains", _count(order.remains) if done is not None else None),
        ("Status", _status(order)),
    )
    return "\n".join(f"{name}: {value}" for name, value in facts if value)


def _total(orders: Sequence[Order]) -> str:
    statuses = Counter(map(_status, orders))
    parts = [f"{len(orders):,} orders"]
    # A sum over some of them only would read as one over all.
    if all(order.total is not None for order in orders):
        parts.append(f"{sum(order.total or 0 for order in orders):,} ordered")
        if all(order.delivered is not None for order in orders):
            parts.append(f"{sum(order.delivered or 0 for order in orders):,} delivered")
    kinds = ", ".join(f"{number:,} {status[:1].lower()}{status[1:]}" for status, number in statuses.most_common())
    return f"Total: {', '.join(parts)} ({kinds})"


def _count(number: int | None) -> str | None:
    return None if number is None else f"{number:,}"


def _status(order: Order) -> str:
    if order.status is None:
        return _STATES[order.state].capitalize()
    return clean(order.word) if order.status is Status.UNKNOWN else order.status.value
