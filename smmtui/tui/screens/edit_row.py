"""One row of the basket: every field that its service's type needs, checked while one types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.getters import query_one
from textual.screen import ModalScreen
from textual.widgets import Static

from smmtui.desk.desk import Desk
from smmtui.domain.basket import OWN, BasketRow
from smmtui.domain.basket_fields import units
from smmtui.domain.order_notes import NOTE, TAGS
from smmtui.domain.records import Service
from smmtui.domain.service_types import DRIP_FIELDS, Field, service_type
from smmtui.tui.facts import fact_lines
from smmtui.tui.later_styles import LATER_STYLES
from smmtui.tui.show import count, literal, money, problem_line, styled
from smmtui.tui.widgets.key_bar import KeyBar
from smmtui.tui.widgets.order_field import OrderField
from smmtui.words import _, ngettext

_SERVICE = Field("service", _("Service"), "line", hint=_("the id, as in the catalog"))
_EXTRA = Field("extra", _("Parameters"), "lines", required=False, hint=_("name=value, one per line"))
_NAME_CELLS = 11
_UNKNOWN_SERVICE = service_type(Service("", ""))


@dataclass(frozen=True, slots=True)
class Edited:
    """What a row is to hold from now on."""

    service: str
    values: Mapping[str, str]
    extra: str


class EditRow(ModalScreen[Edited]):
    """Edits one row; Esc leaves it as it was."""

    CSS_PATH = LATER_STYLES

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f9,ctrl+j,ctrl+enter", "save", _("Save"), id="row.save", tooltip=_("Take over what was typed")),
        Binding("escape", "back", _("Back (unchanged)"), id="row.back", tooltip=_("Leave the row as it was")),
    ]

    head = query_one("#head", Static)
    box = query_one("#fields", Vertical)
    totals = query_one("#totals", Static)

    def __init__(self, desk: Desk, row: BasketRow) -> None:
        super().__init__()
        self._desk = desk
        self._row = row
        self._shown = row
        # What was typed into a field that another service does not have is kept for the way back.
        self._typed = {**row.values, _SERVICE.name: row.service_id, _EXTRA.name: row.extra}
        self._fields = self._wanted(row)

    def compose(self) -> ComposeResult:
        """The service, its fields, and what the row costs."""
        with VerticalScroll(id="edit-row", can_focus=False):
            yield Static(id="head")
            yield OrderField(_SERVICE, self._typed[_SERVICE.name])
            with Vertical(id="fields"):
                yield from self._inputs()
            yield Static(id="totals")
        yield KeyBar()

    def _wanted(self, row: BasketRow) -> tuple[Field, ...]:
        kind = _UNKNOWN_SERVICE if row.service is None else service_type(row.service)
        return (*kind.fields, *(DRIP_FIELDS if kind.drip else ()), _EXTRA, NOTE, TAGS)

    def _inputs(self) -> list[OrderField]:
        return [OrderField(field, self._typed.get(field.name, "")) for field in self._fields]

    def on_mount(self) -> None:
        """Begin with the first field that has a problem, else with where the order goes."""
        self._show()
        wrong = {problem.field for problem in self._shown.problems if not problem.warning}
        inputs = list(self.query(OrderField))
        next((each for each in inputs if each.field.name in wrong), inputs[1]).take_focus()

    def _show(self) -> None:
        row = self._shown = self._desk.basket.preview(self._row.key, *self._edited())
        currency = None if self._desk.balance is None else self._desk.balance.currency
        self.head.update(_head(row, self._row.text, currency))
        for each in self.query(OrderField):
            each.show_problems([problem for problem in row.problems if problem.field == each.field.name])
        shown = {each.field.name for each in self.query(OrderField)}
        rest = [problem_line(problem) for problem in row.problems if problem.field not in shown]
        cost = styled(money(row.estimate, currency), "bold")
        line = fact_lines([(_("Estimate"), cost + literal(_how_many(row)))], _NAME_CELLS)
        self.totals.update(Content("\n").join([*line, *rest]))

    def _edited(self) -> tuple[str, dict[str, str], str]:
        for each in self.query(OrderField):
            self._typed[each.field.name] = each.value
        values = {field.name: self._typed.get(field.name, "") for field in self._fields if field != _EXTRA}
        given = {name: value for name, value in values.items() if value.strip() or name in OWN}
        return self._typed[_SERVICE.name].strip(), given, self._typed[_EXTRA.name]

    async def on_order_field_typed(self, event: OrderField.Typed) -> None:
        """Check and price anew; another type of service has other fields."""
        event.stop()
        self._show()
        wanted = self._wanted(self._shown)
        if self._shown.service is not None and wanted != self._fields:
            self._fields = wanted
            await self.box.remove_children()
            await self.box.mount_all(self._inputs())
            self._show()

    def on_order_field_entered(self, event: OrderField.Entered) -> None:
        """Enter goes to the next field that is needed or filled in, and after the last of them to the end."""
        event.stop()
        inputs = list(self.query(OrderField))
        here = next(place for place, each in enumerate(inputs) if each.field == event.field)
        later = next((each for each in inputs[here + 1 :] if each.field.required or each.value), None)
        if later is None:
            self.action_save()
        else:
            later.take_focus()

    def action_save(self) -> None:
        """Hand back what was typed, with whatever is still wrong: the grid says so."""
        if self.is_current:
            self.dismiss(Edited(*self._edited()))

    def action_back(self) -> None:
        """Change nothing."""
        if self.is_current:
            self.dismiss()


def _head(row: BasketRow, line: str, currency: str | None) -> Content:
    came = [literal(_("The line as it came: {line}", line=line))] if line else []
    if row.service is None:
        return Content("\n").join([styled(_("A row without a service"), "bold"), *came, Content()])
    service = row.service
    rate = money(service.rate, currency)
    once = service_type(service).price == "once"
    facts = (
        service.category,
        service.type,
        _("{rate} for the package", rate=rate) if once else _("{rate} per 1000", rate=rate),
        _("min {number}", number=count(service.min)),
        _("max {number}", number=count(service.max)),
    )
    what = styled(" · ".join(facts), "$foreground-muted")
    return Content("\n").join([styled(f"{service.id}  {service.name}", "bold"), what, *came, Content()])


def _how_many(row: BasketRow) -> str:
    number = units(row)
    return "" if number is None else "   " + ngettext("{count} in all", "{count} in all", number)
