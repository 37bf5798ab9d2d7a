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
from smmtui.tui.facts import fact_lines
from smmtui.tui.remarks import remarks_on, repeated_words
from smmtui.tui.show import count, money, problem_line
from smmtui.words import _, ngettext

_LINES = 3
_NAME_CELLS = 16
_LONGEST = 400


class ReviewOrder(Confirmation):
    """Shows what, where, how many and what it costs."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "y,н", "confirm", _("Place the order"), id="confirm.yes", tooltip=_("Place this order: it costs money")
        ),
    ]

    def __init__(self, desk: Desk, entry: OrderEntry) -> None:
        step = ladder(entry.estimate, 1, desk.profile.confirm_over)
        super().__init__(_("Place this order?"), _summary(entry, desk), _("Yes, place it"), step)


def _summary(entry: OrderEntry, desk: Desk) -> Content:
    balance, cost, service = desk.balance, entry.estimate, entry.service
    currency = None if balance is None else balance.currency
    is_most = entry.type.price == "posts" and cost is not None
    shown = money(cost, currency)
    rows = [(_("Estimate"), _("at most {estimate}", estimate=shown) if is_most else shown)]
    if balance is not None and cost is not None:
        left = money(balance.amount - cost, currency)
        after = _("at least {balance}", balance=left) if is_most else left
        rows.append((_("Balance"), f"{money(balance.amount, currency)} → {after}"))
    money_rows = len(rows)
    rows += [*_typed(entry), *entry.extras(), (_("Service"), f"{service.id}  {service.name}")]
    rows += [(_("Repeats"), repeated_words(entry.repeats, desk)), (_("Note"), read_note(entry.note))]
    rows.append((_("Tags"), show_tags(read_tags(entry.tags))))
    lines = fact_lines(rows, _NAME_CELLS)
    warnings = [problem_line(each) for each in remarks_on(entry, desk) if each.warning]
    # The money first, then what is odd: on a low screen the rest has to be scrolled to.
    return Content("\n").join([*lines[:money_rows], *warnings, *lines[money_rows:]])


def _typed(entry: OrderEntry) -> list[tuple[str, str]]:
    rows = []
    for field in entry.type.fields:
        if field.kind == "lines":
            lines = entry.lines(field.name)
            rows.append((field.label, ngettext("{count} line", "{count} lines", len(lines)) if lines else ""))
            rows += [("", _short(line)) for line in lines[:_LINES]]
            more = len(lines) - _LINES
            rows.append(("", ngettext("… and {count} more", "… and {count} more", more) if more > 0 else ""))
        elif field.kind in ("quantity", "whole"):
            rows.append((field.label, _number(entry, field.name)))
        else:
            rows.append((field.label, _short(entry.text(field.name))))
    if entry.dripping and entry.units:
        rows.append((_("Drip-feed"), _runs(entry, entry.units)))
    return rows


def _runs(entry: OrderEntry, units: int) -> str:
    return ngettext(
        "{count} run, {interval} minutes apart = {total} in all",
        "{count} runs, {interval} minutes apart = {total} in all",
        entry.runs,
        interval=count(entry.whole("interval")),
        total=count(units * entry.runs),
    )


def _number(entry: OrderEntry, name: str) -> str:
    typed = entry.text(name)
    shown = count(entry.whole(name)) if typed else ""
    return _("{quantity} (what {amount} buys)", quantity=shown, amount=typed) if is_money(typed) else shown


def _short(text: str) -> str:
    """A text that is longer than any link, cut, with its length: what follows it has to stay within reach."""
    if len(text) <= _LONGEST:
        return text
    return ngettext("{text}… ({count} character)", "{text}… ({count} characters)", len(text), text=text[:_LONGEST])
