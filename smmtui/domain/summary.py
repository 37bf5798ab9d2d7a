"""How far orders are, in words for the customer they were placed for: no prices, nothing of ours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from smmtui.domain.foreign_text import clean
from smmtui.domain.records import Order, State
from smmtui.domain.statuses import Status
from smmtui.words import _, ngettext

_STATES = {
    State.DRAFT: _("Not placed yet"),
    State.QUEUED: _("Not placed yet"),
    State.SENDING: _("Being placed"),
    State.ACCEPTED: _("Placed"),
    State.REJECTED: _("Not placed"),
    State.UNSENT: _("Not placed"),
    State.UNKNOWN: _("Being checked"),
    State.SETTLED: _("Closed"),
}


def status_summary(orders: Sequence[Order], service_name: Callable[[Order], str]) -> str:
    """Return a paragraph for each order, and for several a line with their sums; what is not known is left out."""
    paragraphs = [_paragraph(order, service_name(order)) for order in orders]
    return "\n\n".join([*paragraphs, _total(orders)] if len(orders) > 1 else paragraphs)


def _paragraph(order: Order, service: str) -> str:
    done, total = order.delivered, order.total
    share = "" if done is None or not total else f" ({done * 100 // total}%)"
    facts = (
        (_("Order"), order.id),
        (_("Service"), clean(service)),
        (_("Link"), clean(order.link, 2000)),
        (_("Ordered"), _count(total)),
        (_("Start count"), _count(order.start_count)),
        (_("Delivered"), f"{_count(done)}{share}" if done is not None else None),
        (_("Remains"), _count(order.remains) if done is not None else None),
        (_("Status"), _status(order)),
    )
    return "\n".join(f"{name}: {value}" for name, value in facts if value)


def _total(orders: Sequence[Order]) -> str:
    statuses = Counter(map(_status, orders))
    parts = [ngettext("{count} order", "{count} orders", len(orders))]
    # A sum over some of them only would read as one over all.
    if all(order.total is not None for order in orders):
        ordered = sum(order.total or 0 for order in orders)
        parts.append(_("{quantity} ordered", quantity=f"{ordered:,}"))
        if all(order.delivered is not None for order in orders):
            delivered = sum(order.delivered or 0 for order in orders)
            parts.append(_("{quantity} delivered", quantity=f"{delivered:,}"))
    kinds = ", ".join(f"{number:,} {status[:1].lower()}{status[1:]}" for status, number in statuses.most_common())
    return _("Total: {sums} ({statuses})", sums=", ".join(parts), statuses=kinds)


def _count(number: int | None) -> str | None:
    return None if number is None else f"{number:,}"


def _status(order: Order) -> str:
    if order.status is None:
        return _STATES[order.state]
    return clean(order.word) if order.status is Status.UNKNOWN else order.status.words
