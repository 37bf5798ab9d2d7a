"""What became of an order, in words: what happened, what it means for the money, what to do."""

from __future__ import annotations

import re
from dataclasses import dataclass

from smmtui.domain.messages import Severity
from smmtui.domain.reasons import shown_reason
from smmtui.domain.records import Order, State
from smmtui.tui.show import money
from smmtui.words import _

_STYLE = re.compile(r"order[ _-]?(style|type)", re.IGNORECASE)


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
        words = _("The panel took this order, and it could not be saved. Write down its id: {id}.", id=order.id)
        return f"{words} {what}"
    words = _("The outcome of this order could not be saved: {state}.", state=order.state.words)
    return f"{words} {shown_reason(order.reason)} {what}"


def outcome_words(order: Order) -> Words:
    """Return what to say about an order that has just been sent."""
    name, reason = order.service_name or order.service, shown_reason(order.reason)
    if order.state is State.ACCEPTED:
        estimate = money(order.estimate, order.currency)
        text = _("{service}, estimate {estimate}. Orders tells how far it is.", service=name, estimate=estimate)
        return Words(_("Order {id} accepted", id=order.id), _joined(text, reason), "information", 8)
    if order.state is State.REJECTED:
        text = _("The panel says: “{reason}”. Nothing was charged.", reason=reason)
        return Words(_("Order rejected"), _joined(text, _hint(reason), name), "error", 20)
    if order.state is State.UNSENT:
        text = _("Nothing was charged; the form has kept what you typed.")
        return Words(_("Order not sent"), f"{reason} {text}", "warning", 20)
    text = _("The order may have been placed and paid: look at the panel's own order list before ordering this again.")
    return Words(_("Outcome unknown"), f"{reason} {text} {name}, {order.link}", "error", 60)


def _hint(refusal: str) -> str:
    """What to do about a refusal that names a field which the form does not show."""
    if not _STYLE.search(refusal):
        return ""
    return _("Give one under “Extra parameters”, as in order_style=…, or as order_style in the profile.")


def _joined(*sentences: str) -> str:
    return " ".join(filter(None, sentences))
