"""The last look before money is spent."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from smmtui.desk.desk import Desk
from smmtui.domain.order_entry import OrderEntry
from smmtui.tui.confirmation import Confirmation
from smmtui.tui.running import running_problems
from smmtui.tui.show import count, literal, money, styled

_LINES = 3
_LONGEST = 400


class ReviewOrder(Confirmation):
    """Shows what, where, how many and what it costs."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y,н", "confirm", "Place the order", id="confirm.yes", tooltip="Place this order: it costs money"),
    ]

    def __init__(self, desk: Desk, entry: OrderEntry) -> None:
        super().__init__("Place this order?", _summary(entry, desk), "Yes, place it")


def _summary(entry: OrderEntry, desk: Desk) -> Content:
    balance, cost, service = desk.balance, entry.estimate, entry.service
    currency = None if balance is None else balance.currency
    rows = [("Estimate", money(cost, currency))]
    if balance is not None and cost is not None:
        rows.append(("Balance", f"{money(balance.amount, currency)} → {money(balance.amount - cost, currency)}"))
    rows += [*_typed(entry), *entry.extras(), ("Service", f"{service.id}  {service.name}")]
    lines = [styled(f"{label:<16}", "$foreground-muted") + literal(value) for label, value in rows if value]
    remarks = [*entry.problems(balance), *running_problems(entry, desk)]
    warnings = [styled(f"! {each.text}", "$text-warning") for each in remarks if each.warning]
    # The money first, then what is odd: on a low screen the rest has to be scrolled to.
    return Content("\n").join([*lines[:2], *warnings, *lines[2:]])


def _typed(entry: OrderEntry) -> list[tuple[str, str]]:
    rows = []
    for field in entry.type.fields:
        if field.kind == "lines":
            lines = entry.lines(field.name)
            rows.append((field.label, f"{count(len(lines))} lines" if lines else ""))
            rows += [("", _short(line)) for line in lines[:_LINES]]
            rows.append(("", f"… and {len(lines) - _LINES:,} more" if len(lines) > _LINES else ""))
        elif field.kind in ("quantity", "whole"):
            rows.append((field.label, count(entry.whole(field.name)) if entry.text(field.name) else ""))
        else:
            rows.append((field.label, _short(entry.text(field.name))))
    if entry.dripping and entry.units:
        total = f"{entry.runs:,} runs, {entry.whole('interval'):,} minutes apart = {entry.units * entry.runs:,} in all"
        rows.append(("Drip-feed", total))
    return rows


def _short(text: str) -> str:
    """A text that is longer than any link, cut, with its length: what follows it has to stay within reach."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}… ({len(text):,} characters)"
