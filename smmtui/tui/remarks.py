"""What is said of an order before it is placed."""

from __future__ import annotations

from smmtui.desk.desk import Desk
from smmtui.domain.order_entry import OrderEntry, Problem
from smmtui.domain.records import State
from smmtui.domain.running import running_problems
from smmtui.words import _

_NEVER_PLACED = {State.REJECTED: _("a rejected order"), State.UNSENT: _("an order that was not sent")}


def remarks_on(entry: OrderEntry, desk: Desk) -> list[Problem]:
    """Return everything that is wrong or odd with an entry, by all that is known: balance, cap, running orders."""
    link = entry.text(entry.type.fields[0].name)
    today = desk.clock.now().astimezone().date()
    running = desk.book.running_on(link) if link else []
    remarks = [*entry.problems(desk.balance, today), *running_problems(entry, running)]
    # Nothing typed yet has no estimate, and that is no unknown price.
    priced = entry.estimate is not None or entry.service.rate is None
    refusal = desk.over_cap(entry.estimate) if priced else ""
    return [*remarks, Problem("estimate", refusal)] if refusal else remarks


def repeated_words(uuid: str | None, desk: Desk) -> str:
    """Say which order is repeated, "" for none."""
    if uuid is None:
        return ""
    order = desk.book.get(uuid)
    if order is None or order.id:
        return _("order {id}", id=order.id) if order else _("an order whose id is not known")
    return _NEVER_PLACED.get(order.state, _("an order whose id is not known"))
