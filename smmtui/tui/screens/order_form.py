"""The order form: the fields that the service's type needs, checked and priced while one types."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.getters import query_one
from textual.screen import ModalScreen
from textual.widgets import Checkbox, Static

from smmtui.desk.desk import Desk
from smmtui.domain.order_entry import OrderEntry, Problem
from smmtui.domain.service_types import DRIP_FIELDS, Field
from smmtui.tui.running import running_problems
from smmtui.tui.show import count, literal, money, styled
from smmtui.tui.widgets.key_bar import KeyBar
from smmtui.tui.widgets.order_field import OrderField
from smmtui.tui.widgets.toggle import Toggle

_EXTRA = Field("extra", "Parameters", "lines", required=False, hint="name=value, one per line")


@dataclass(frozen=True, slots=True)
class Filled:
    """How the form was left: what was typed, and whether it is to be reviewed or only kept."""

    entry: OrderEntry
    review: bool


class OrderForm(ModalScreen[Filled]):
    """Takes one order; Esc keeps what was typed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "f9,ctrl+j,ctrl+enter", "review", "Review", id="form.review", tooltip="See the order before placing it"
        ),
        Binding("escape", "keep", "Back (kept)", id="form.keep", tooltip="Back; what was typed is kept"),
    ]

    totals = query_one("#totals", Static)
    drip = query_one("#drip", Vertical)
    extra = query_one("#extra", Vertical)

    def __init__(self, desk: Desk, entry: OrderEntry) -> None:
        super().__init__()
        self._desk = desk
        self._entry = entry
        self._tried = False

    def compose(self) -> ComposeResult:
        """Service, fields, switches, totals."""
        entry = self._entry
        with VerticalScroll(id="form", can_focus=False):
            yield Static(_head(entry, self._desk), id="head")
            for field in entry.type.fields:
                yield OrderField(field, entry.values.get(field.name, ""))
            if entry.type.drip:
                yield Toggle("Drip-feed: deliver in several runs", entry.dripping, id="drip-switch")
                with Vertical(id="drip"):
                    for field in DRIP_FIELDS:
                        yield OrderField(field, entry.values.get(field.name, ""))
            yield Toggle("Extra parameters", bool(entry.extra), id="extra-switch")
            with Vertical(id="extra"):
                yield OrderField(_EXTRA, entry.extra)
            yield Static(id="totals")
        yield KeyBar()

    def on_mount(self) -> None:
        """Show what is known already, and begin with the first field that is still empty."""
        for switch in self.query(Toggle):
            self._reveal(switch)
        self._show()
        # Only what is in view: a hidden field would swallow what is typed.
        fields = self._fields()
        next((field for field in fields if not field.value), fields[-1]).take_focus()

    def _fields(self) -> list[OrderField]:
        """The fields in view: what a switch hides is not asked for and not sent."""
        return [field for field in self.query(OrderField) if all(box.display for box in field.ancestors_with_self)]

    def _typed(self) -> OrderEntry:
        values = {field.field.name: field.value for field in self._fields()}
        extra = values.pop(_EXTRA.name, "")
        before = self._entry
        return OrderEntry(before.service, values, extra, before.order_style, before.repeats)

    def _show(self) -> None:
        entry = self._entry = self._typed()
        problems = entry.problems(self._desk.balance)
        problems += running_problems(entry, self._desk)
        for field in self._fields():
            # An empty field is no mistake before the user has tried to go on.
            said = field.value or self._tried
            field.show_problems(
                [each for each in problems if each.field == field.field.name and (said or each.warning)]
            )
        self.totals.update(
            _totals(entry, self._desk, [each for each in problems if each.field in ("estimate", "type")])
        )

    def on_order_field_typed(self, event: OrderField.Typed) -> None:
        """Check and price anew."""
        self._show()

    def on_order_field_entered(self, event: OrderField.Entered) -> None:
        """Enter goes to the next field, and from the last one to the review."""
        fields = self._fields()
        later = [field for before, field in pairwise(fields) if before.field == event.field]
        if later:
            later[0].take_focus()
        elif fields and fields[-1].field == event.field:
            self.action_review()

    def on_checkbox_changed(self, event: Checkbox.Changed) -> None:
        """Open or close what is behind the switch."""
        self._reveal(event.checkbox)
        self._show()
        if event.value and event.checkbox.has_focus:
            box = self.drip if event.checkbox.id == "drip-switch" else self.extra
            box.query(OrderField).first().take_focus()

    def _reveal(self, switch: Checkbox) -> None:
        box = self.drip if switch.id == "drip-switch" else self.extra
        box.display = switch.value

    def action_review(self) -> None:
        """Go on to the review, or to the first field with a mistake."""
        if not self.is_current:
            # A second press of the key that has closed the form already.
            return
        self._tried = True
        self._show()
        wrong = {each.field for each in self._entry.problems(self._desk.balance) if not each.warning}
        if not wrong:
            self.dismiss(Filled(self._entry, review=True))
            return
        mistaken = next((field for field in self._fields() if field.field.name in wrong), None)
        if mistaken is not None:
            mistaken.take_focus()

    def action_keep(self) -> None:
        """Leave without ordering."""
        if self.is_current:
            self.dismiss(Filled(self._entry, review=False))


def _head(entry: OrderEntry, desk: Desk) -> Content:
    service = entry.service
    currency = None if desk.balance is None else desk.balance.currency
    unit = "for the package" if entry.type.price == "once" else "per 1000"
    facts = [f"{money(service.rate, currency)} {unit}", f"min {count(service.min)}", f"max {count(service.max)}"]
    if service.refill:
        facts.append(f"refill {service.refill_days} d" if service.refill_days else "refill")
    if service.cancel:
        facts.append("cancel")
    title = literal(f"{service.id}  {service.name}").stylize("bold")
    place = styled(f"{service.category} · {service.type}", "$foreground-muted")
    return Content("\n").join([title, place, literal(" · ".join(facts)), Content()])


def _totals(entry: OrderEntry, desk: Desk, remarks: list[Problem]) -> Content:
    balance, cost = desk.balance, entry.estimate
    currency = None if balance is None else balance.currency
    estimate = styled("Estimate   ", "$foreground-muted") + styled(money(cost, currency), "bold")
    lines = [estimate + literal(_how(entry))]
    if balance is not None and cost is not None:
        after = f"{money(balance.amount, currency)} → {money(balance.amount - cost, currency)} afterwards"
        lines.append(styled("Balance    ", "$foreground-muted") + literal(after))
    lines += [styled(f"! {each.text}", "$text-warning") for each in remarks]
    return Content("\n").join(lines)


def _how(entry: OrderEntry) -> str:
    if entry.type.price == "lines" and entry.units:
        return f"   {entry.units:,} lines"
    if entry.type.price == "posts":
        return "   at most: charged per post"
    if entry.runs > 1 and entry.units:
        return f"   {entry.units:,} × {entry.runs:,} runs = {entry.units * entry.runs:,}"
    return f"   {entry.units:,} units" if entry.units else ""
