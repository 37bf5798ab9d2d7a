"""What the filter of orders compares, whoever looks at them."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Mapping
from datetime import datetime

from smmtui.domain.filter_language import Field, Kind, fold, fold_repeated
from smmtui.domain.order_groups import group_words
from smmtui.domain.order_notes import show_tags
from smmtui.domain.reasons import shown_reason
from smmtui.domain.records import Order, State
from smmtui.domain.statuses import Status
from smmtui.words import _


def _status(order: Order) -> str | None:
    if order.status is None:
        return None
    return fold_repeated(order.word if order.status is Status.UNKNOWN else order.status.value)


def _shown(order: Order) -> str:
    """The status as it reads on the screen; a word of the panel's that nobody knows stands for itself."""
    return "" if order.status in (None, Status.UNKNOWN) else fold_repeated(order.status.words)


def _service(order: Order) -> str:
    return fold_repeated(f"{order.service} {order.service_name}".strip())


ORDER_FIELDS: Mapping[str, Field] = {
    "id": Field(Kind.ID, lambda order: None if order.id is None else fold(order.id)),
    "is": Field(Kind.TEXT, group_words),
    "status": Field(Kind.TEXT, _status),
    "state": Field(Kind.TEXT, lambda order: order.state.value),
    "service": Field(Kind.TEXT, _service),
    "link": Field(Kind.TEXT, lambda order: fold(order.link)),
    # Why it is in its state, and why its status could not be had: for a reader both are words about the order.
    "why": Field(Kind.TEXT, lambda order: fold(f"{shown_reason(order.reason)} {order.trouble}".strip())),
    "note": Field(Kind.TEXT, lambda order: fold(order.note)),
    "tag": Field(Kind.TEXT, lambda order: fold(show_tags(order.tags))),
    "charge": Field(Kind.NUMBER, operator.attrgetter("charge")),
}


def order_fields(now: datetime) -> Mapping[str, Field]:
    """Return the fields with `age`, the seconds from when an order was placed until `now`; never negative."""

    def age(order: Order) -> float:
        return max(0.0, (now - order.placed).total_seconds())

    return {**ORDER_FIELDS, "age": Field(Kind.AGE, age)}


def order_text(order: Order) -> str:
    """Return the folded text that words are looked for in: id, service, link, status or state as shown, note, tags."""
    state = fold_repeated(_("not sent") if order.state is State.UNSENT else order.state.words)
    parts = (fold(order.id or ""), _service(order), fold(order.link), _status(order) or "", fold_repeated(order.word))
    own = (fold(order.note), fold(show_tags(order.tags))) if order.note or order.tags else ()
    return "\n".join((*parts, _shown(order), state, *own))


class OrderTexts:
    """The folded text of each order, kept for as long as the order is the same: folding thousands takes a while."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[Order, str]] = {}

    def of(self, order: Order) -> str:
        """Return `order_text` of the order."""
        kept = self._kept.get(order.uuid)
        if kept is None or kept[0] is not order:
            kept = self._kept[order.uuid] = (order, order_text(order))
        return kept[1]

    def prepare(self, orders: Iterable[Order]) -> None:
        """Make the texts of these orders, in any thread."""
        for order in orders:
            self.of(order)
