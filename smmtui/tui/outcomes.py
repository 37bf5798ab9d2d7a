"""What became of an order, in words: what happened, what it means for the money, what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from smmtui.domain.records import Order, State
from smmtui.tui.show import money

Severity = Literal["information", "warning", "error"]


@dataclass(frozen=True, slots=True)
class Words:
    """A toast; `seconds` is how long it stays."""

    title: str
    text: str
    severity: Severity
    seconds: float


def unsaved_words(order: Order) -> str:
    """Return what to say, when the screen is gone, about an order whose outcome is not on the disk."""
    what = f"{order.service_name or order.service}, {order.link}"
    if order.id:
        return f"The panel took this order, and it could not be saved. Write down its id: {order.id}. {what}"
    return f"The outcome of this order could not be saved: {order.state.value}. {order.reason} {what}"


def outcome_words(order: Order) -> Words:
    """Return what to say about an order that has just been sent."""
    name = f"{order.service_name or order.service}"
    if order.state is State.ACCEPTED:
        text = f"{name}, estimate {money(order.estimate, order.currency)}. 2 shows how far it is."
        return Words(f"Order {order.id} accepted", _joined(text, order.reason), "information", 8)
    if order.state is State.REJECTED:
        return Words("Order rejected", f"The panel says: “{order.reason}”. Nothing was charged. {name}", "error", 20)
    if order.state is State.UNSENT:
        text = f"{order.reason} Nothing was charged; the form has kept what you typed."
        return Words("Order not sent", text, "warning", 20)
    text = (
        f"{order.reason} The order may have been placed and paid: look at the panel's own order list before ordering "
        f"this again. {name}, {order.link}"
    )
    return Words("Outcome unknown", text, "error", 60)


def _joined(text: str, more: str) -> str:
    return f"{text} {more}" if more else text
