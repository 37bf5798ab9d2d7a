"""What is said before a second order goes to where one may still be running."""

from __future__ import annotations

from smmtui.desk.desk import Desk
from smmtui.domain.order_entry import OrderEntry, Problem
from smmtui.domain.records import Order, State


def running_problems(entry: OrderEntry, desk: Desk) -> list[Problem]:
    """Return a warning if an order on the same link, or for the same user name, is or may be under way."""
    field = entry.type.fields[0].name
    link = entry.text(field)
    running = desk.book.running_on(link) if link else []
    if not running:
        return []
    lost = [order for order in running if order.state is State.UNKNOWN and order.service == entry.service.id]
    if lost:
        text = "This very order may have been placed already, and nobody knows: settle that first (screen 4)."
    else:
        text = f"An order on this link is still running ({_named(running)}): the panel may refuse a second one."
    return [Problem(field, text, warning=True)]


def _named(running: list[Order]) -> str:
    return ", ".join(f"#{order.id}" if order.id else "one that may have been placed" for order in running[:3])
