"""The last look before money is spent."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.getters import query_one
from textual.screen import ModalScreen
from textual.style import Style
from textual.widgets import Button, Static

from smmtui.desk.desk import Desk
from smmtui.domain.order_entry import OrderEntry
from smmtui.tui.show import count, literal, money, styled
from smmtui.tui.widgets.key_bar import KeyBar

_DEAF_SECONDS = 0.25


class ReviewOrder(ModalScreen[bool]):
    """Shows what, where, how many and what it costs; `y` places it, everything else does not.

    The first quarter of a second it hears nothing, so that the key that opened it, or one typed ahead, cannot confirm.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y,н", "place", "Place the order", id="review.place", tooltip="Place this order: it costs money"),
        Binding("escape,n,т", "back", "No, back", id="review.back", tooltip="Back to the form, nothing is sent"),
    ]

    yes = query_one("#yes", Static)

    def __init__(self, desk: Desk, entry: OrderEntry) -> None:
        super().__init__()
        self._desk = desk
        self._entry = entry
        self._hears = False

    def compose(self) -> ComposeResult:
        """The order in words, and "No" as the one button that has the focus."""
        with Vertical(id="review"):
            yield Static(styled("Place this order?", "bold"))
            yield Static(_summary(self._entry, self._desk), id="summary")
            with Horizontal(id="answers"):
                yield Button("No, back", id="no", compact=True)
                # Not a button: it must not be reached by Tab and confirmed by Enter.
                yield Static(id="yes")
        yield KeyBar()

    def on_mount(self) -> None:
        """Begin to hear after a moment."""
        self.set_timer(_DEAF_SECONDS, self._listen)

    def _listen(self) -> None:
        self._hears = True
        click = Style(bold=True) + Style.from_meta({"@click": "screen.place"})
        self.yes.update(Content.styled(" y  Yes, place it ", click))

    def action_place(self) -> None:
        """Confirm."""
        if self._hears and self.is_current:
            self.dismiss(True)

    def action_back(self) -> None:
        """Send nothing."""
        if self.is_current:
            self.dismiss(False)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """The only button is "No"."""
        event.stop()
        if self._hears:
            self.action_back()


def _summary(entry: OrderEntry, desk: Desk) -> Content:
    balance, cost, service = desk.balance, entry.estimate, entry.service
    currency = None if balance is None else balance.currency
    rows = [("Service", f"{service.id}  {service.name}")]
    for field in entry.type.fields:
        if field.kind == "lines":
            rows.append((field.label, f"{count(len(entry.lines(field.name)))} lines"))
        elif field.kind in ("quantity", "whole"):
            rows.append((field.label, count(entry.whole(field.name)) if entry.text(field.name) else ""))
        else:
            rows.append((field.label, entry.text(field.name)))
    if entry.dripping and entry.units:
        total = f"{entry.runs:,} runs, {entry.whole('interval'):,} minutes apart = {entry.units * entry.runs:,} in all"
        rows.append(("Drip-feed", total))
    rows += list(entry.extras())
    rows.append(("Estimate", money(cost, currency)))
    if balance is not None and cost is not None:
        rows.append(("Balance", f"{money(balance.amount, currency)} → {money(balance.amount - cost, currency)}"))
    lines = [Content.assemble((f"{label:<16}", "$foreground-muted"), literal(value)) for label, value in rows if value]
    warnings = [styled(f"! {each.text}", "$text-warning") for each in entry.problems(balance) if each.warning]
    return Content("\n").join([*lines, *warnings])
