"""What is said before a second order goes to where one may still be running."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from smmtui.domain.order_entry import OrderEntry, Problem
from smmtui.domain.records import Order, State
from smmtui.domain.statuses import Status
from smmtui.domain.tracking import may_cost
from smmtui.words import _


def running_problems(entry: OrderEntry, running: Sequence[Order]) -> list[Problem]:
    """Return a warning where `running` holds orders: those on the entry's link that are or may be under way."""
    if not running:
        return []
    lost = [order for order in running if order.state is State.UNKNOWN and order.service == entry.service.id]
    if lost:
        text = _("This very order may have been placed already, and nobody knows: settle that first, in Attention.")
    else:
        text = _(
            "An order on this link is still running ({orders}): the panel may refuse a second one.",
            orders=_named(running),
        )
    return [Problem(entry.type.fields[0].name, text, warning=True)]


def _named(running: Sequence[Order]) -> str:
    return ", ".join(f"#{order.id}" if order.id else _("one that may have been placed") for order in running[:3])


def may_run(order: Order) -> bool:
    """Whether the panel is working on the order, or may be."""
    return order.active or order.state in (State.SENDING, State.UNKNOWN)


def running_by_link(orders: Iterable[Order]) -> dict[str, list[Order]]:
    """Return the orders that are or may be under way, by their link."""
    running: dict[str, list[Order]] = {}
    for order in orders:
        if order.link and may_run(order):
            running.setdefault(order.link, []).append(order)
    return running


def placed_problems(entry: OrderEntry, earlier: Order | None) -> list[Problem]:
    """Return a warning where `earlier` has placed the same service on the same link already, and is through."""
    if earlier is None:
        return []
    # A time of day and no age: the words stay on the row, and would soon be wrong.
    placed = earlier.placed.astimezone()
    text = _(
        "Placed already on {day} at {time} as {id}: this orders it once more.",
        day=f"{placed:%d %b}",
        time=f"{placed:%H:%M}",
        id=earlier.id,
    )
    return [Problem(entry.type.fields[0].name, text, warning=True)]


def placed_before(orders: Iterable[Order], since: datetime, here: Collection[str]) -> dict[tuple[str, str], Order]:
    """Return by service and link the newest order that is through, of those placed after `since` or named in `here`.

    `orders` are newest first, `here` holds uuids. What was cancelled is not among them: it is meant to be ordered anew.
    """
    placed: dict[tuple[str, str], Order] = {}
    for order in orders:
        if order.id is None or not order.link or may_run(order) or order.status in (Status.CANCELED, Status.REFUNDED):
            continue
        if may_cost(order) and (order.placed >= since or order.uuid in here):
            placed.setdefault((order.service, order.link), order)
    return placed
