"""What orders are sorted by, column by column."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

from smmtui.domain.filter_language import fold, fold_repeated
from smmtui.domain.order_notes import show_tags
from smmtui.domain.records import Order, State
from smmtui.domain.sorting import by_number
from smmtui.domain.statuses import Status


def _status(order: Order) -> str:
    if order.status is None or order.state not in (State.ACCEPTED, State.SETTLED):
        return fold_repeated(order.state.words)
    return fold_repeated(order.word if order.status is Status.UNKNOWN else order.status.words)


def _delivered(order: Order) -> float | None:
    return order.delivered / order.total if order.delivered is not None and order.total else None


# Every reading returns comparable values, or None for unknown. A charge that is not known yet is its estimate.
ORDER_SORT_KEYS: Mapping[str, Callable[[Order], Any]] = {
    "id": lambda order: None if order.id is None else by_number(order.id),
    "age": lambda order: -order.placed.timestamp(),
    "status": _status,
    "delivered": _delivered,
    "quantity": operator.attrgetter("total"),
    "charge": lambda order: order.estimate if order.charge is None else order.charge,
    "link": lambda order: fold(order.link) or None,
    "service": lambda order: by_number(order.service) if order.service else None,
    "remains": operator.attrgetter("remains"),
    "start": operator.attrgetter("start_count"),
    "note": lambda order: fold(order.note) or None,
    "tags": lambda order: fold(show_tags(order.tags)) or None,
}
