"""The last look before money is spent."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from smmtui.desk.desk import Desk
from smmtui.domain.ladder import ladder
from smmtui.domain.order_entry import OrderEntry
from smmtui.domain.order_notes import read_note, read_tags, show_tags
from smmtui.domain.quantities import is_money
from smmtui.tui.confirmation import Confirmation
from smmtui.tui.remarks import remarks_on, repeated_words
from smmtui.tui.show import count, literal, money, problem_line, styled

_LINES = 3
_LONGEST = 400


class ReviewOrder(Confirmation):
    """Shows what, where, how many and what it costs."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y,н", "confirm", "Place the order", id="confirm.yes", tooltip="Place this order: it costs money"),
    ]

    def __init__(self, desk: Desk, entry: OrderEntry) -> None:
        step = ladder(entry.estimate, 1, desk.profile.confirm_over)
        super().__init__("Place this order?", _summary(entry, desk), "Yes, place it", step)


def _summary(entry: OrderEntry, desk: Desk) -> Content:
    balance, cost, service = desk.balance, entry.estimate, entry.service
    currency = None if balance is None else balance.currency
    most = "at most " if entry.type.price == "posts" and cost is not None else ""
    rows = [("Estimate", f"{most}{money(cost, currency)}")]
    if balance is not None and cost is not None:
        least = "at least " if most else ""
        rows.append(("Balance", f"{money(balance.amount, currency)} → {least}{money(balance.amount - cost, currency)}"))
    money_rows = len(rows)
    rows += [*_typed(entry), *entry.extras(), ("Service", f"{service.id}  {service.name}")]
    rows += [("Repeats", repeated_words(entry.repeats, desk)), ("Note", read_note(entry.note))]
    rows.append(("Tags", show_tags(read_tags(entry.tags))))
    lines = [styled(f"{label:<16}", "$foreground-muted") + literal(value) for label, value in rows if value]
    warnings = [problem_line(each) for each in remarks_on(entry, desk) if each.warning]
    # The money first, then what is odd: on a low screen the rest has to be scrolled to.
    return Content("\n").join([*lines[:money_rows], *warnings, *lines[money_rows:]])


def _typed(entry: OrderEntry) -> list[tuple[str, str]]:
    rows = []
    for field in entry.type.fields:
        if field.kind == "lines":
            lines = entry.lines(field.name)
            rows.append((field.label, f"{count(len(lines))} lines" if lines else ""))
            rows += [("", _short(line)) for line in lines[:_LINES]]
            rows.append(("", f"… and {len(lines) - _LINES:,} more" if len(lines) > _LINES else ""))
        elif field.kind in ("quantity", "whole"):
            rows.append((field.label, _number(entry, field.name)))
        else:
            rows.append((field.label, _short(entry.text(field.name))))
    if entry.dripping and entry.units:
        total = f"{entry.runs:,} runs, {entry.whole('interval'):,} minutes apart = {entry.units * entry.runs:,} in all"
        rows.append(("Drip-feed", total))
    return rows


def _number(entry: OrderEntry, name: str) -> str:
    typed = entry.text(name)
    shown = count(entry.whole(name)) if typed else ""
    return f"{shown} (what {typed} buys)" if is_money(typed) else shown


def _short(text: str) -> str:
    """A text that is longer than any link, cut, with its length: what follows it has to stay within reach."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}… ({len(text):,} characters)"
