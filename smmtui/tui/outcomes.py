"""What became of an order, in words: what happened, what it means for the money, what to do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from smmtui.domain.records import Order, State
from smmtui.tui.show import money

_STYLE = re.compile(r"order[ _-]?(style|type)", re.IGNORECASE)

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
        text = f"The panel says: “{order.reason}”. Nothing was charged.{_hint(order.reason)} {name}"
        return Words("Order rejected", text, "error", 20)
    if order.state is State.UNSENT:
        text = f"{order.reason} Nothing was charged; the form has kept what you typed."
        return Words("Order not sent", text, "warning", 20)
    text = (
        f"{order.reason} The order may have been placed and paid: look at the panel's own order list before ordering "
        f"this again. {name}, {order.link}"
    )
    return Words("Outcome unknown", text, "error", 60)


def _hint(refusal: str) -> str:
    """What to do about a refusal that names a field which the form does not show."""
    if not _STYLE.search(refusal):
        return ""
    return " Give one under “Extra parameters”, as in order_style=…, or as order_style in the profile."


def _joined(text: str, more: str) -> str:
    return f"{text} {more}" if more else text
