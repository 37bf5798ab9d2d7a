"""The order form: the fields that the service's type needs, checked and priced while one types."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

from msgspec.structs import replace
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.getters import query_one
from textual.message import Message
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Checkbox, Static

from smmtui.desk.desk import Desk
from smmtui.domain.order_entry import OrderEntry, Problem
from smmtui.domain.order_notes import NOTE, TAGS
from smmtui.domain.quantities import is_money
from smmtui.domain.service_types import DRIP_FIELDS, Field
from smmtui.tui.facts import fact_lines
from smmtui.tui.later_styles import LATER_STYLES
from smmtui.tui.remarks import remarks_on, repeated_words
from smmtui.tui.show import count, description_of, literal, money, problem_line, styled
from smmtui.tui.shown_keys import key_of
from smmtui.tui.widgets.key_bar import KeyBar
from smmtui.tui.widgets.order_field import OrderField
from smmtui.tui.widgets.toggle import Toggle
from smmtui.words import _, ngettext

_EXTRA = Field("extra", _("Parameters"), "lines", required=False, hint=_("name=value, one per line"))
_NAME_CELLS = 11


@dataclass(frozen=True, slots=True)
class Filled:
    """How the form was left: what was typed, and whether it is to be reviewed or only kept."""

    entry: OrderEntry
    review: bool


class OrderForm(ModalScreen[Filled]):
    """Takes one order; `keep` is handed everything that is typed, at once. `remark` is said above the fields."""

    CSS_PATH = LATER_STYLES

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "f9,ctrl+j,ctrl+enter",
            "review",
            _("Review"),
            id="form.review",
            tooltip=_("See the order before placing it"),
        ),
        Binding("escape", "leave", _("Back (kept)"), id="form.keep", tooltip=_("Back; what was typed is kept")),
        Binding(
            "f2", "describe", _("Description"), id="form.describe", tooltip=_("Show or hide the service's description")
        ),
        Binding(
            "f6", "to_basket", _("To the basket"), id="form.basket", tooltip=_("Take the pasted lines to the basket")
        ),
    ]

    @dataclass
    class BasketWanted(Message):
        """Several lines were pasted, and the user wants them in the basket."""

        text: str

    totals = query_one("#totals", Static)
    description = query_one("#description", VerticalScroll)

    def __init__(self, desk: Desk, entry: OrderEntry, keep: Callable[[OrderEntry], None], remark: str = "") -> None:
        super().__init__()
        self._desk = desk
        self._entry = entry
        self._keep = keep
        self._remark = remark
        self._tried = False
        self._pasted = ""
        self._left: Widget | None = None

    def compose(self) -> ComposeResult:
        """Service, fields, switches, totals."""
        entry, key = self._entry, key_of(self.app, "form.basket")
        to_basket = _("Paste one line, or press {key} to take them to the basket.", key=key)
        with VerticalScroll(id="form", can_focus=False):
            yield Static(_head(entry, self._desk, self._remark), id="head")
            with VerticalScroll(id="description"):
                yield Static(literal(description_of(entry.service)))
            for field in entry.type.fields:
                yield OrderField(field, entry.values.get(field.name, ""), to_basket)
            if entry.type.drip:
                yield Toggle(literal(_("Drip-feed: deliver in several runs")), entry.dripping, id="drip-switch")
                with Vertical(id="drip"):
                    for field in DRIP_FIELDS:
                        yield OrderField(field, entry.values.get(field.name, ""))
            yield Toggle(literal(_("Extra parameters")), bool(entry.extra), id="extra-switch")
            with Vertical(id="extra"):
                yield OrderField(_EXTRA, entry.extra)
            yield Toggle(literal(_("Note and tags")), bool(entry.note or entry.tags), id="own-switch")
            with Vertical(id="own"):
                yield OrderField(NOTE, entry.note)
                yield OrderField(TAGS, entry.tags)
            yield Static(id="totals")
        yield KeyBar()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what was pasted can be taken to the basket, and only what the panel wrote can be shown."""
        if action == "describe":
            return bool(self._entry.service.description)
        return action != "to_basket" or bool(self._pasted)

    def on_mount(self) -> None:
        """Show what is known already, and begin with the first field that is still empty."""
        for switch in self.query(Toggle):
            self._reveal(switch)
        self._show()
        # Only what is in view: a hidden field would swallow what is typed.
        asked = [field for field in self._fields() if field.field not in (_EXTRA, NOTE, TAGS)]
        if self._entry.repeats and not self._remark:
            # Mostly it is the same order for another link.
            asked[0].take_focus(whole=True)
        else:
            next((field for field in asked if not field.value), asked[-1]).take_focus()

    def _fields(self) -> list[OrderField]:
        """The fields in view: what a switch hides is not asked for and not sent."""
        return [field for field in self.query(OrderField) if all(box.display for box in field.ancestors_with_self)]

    def _typed(self) -> OrderEntry:
        values = {field.field.name: field.value for field in self._fields()}
        extra, note, tags = (values.pop(field.name, "") for field in (_EXTRA, NOTE, TAGS))
        return replace(self._entry, values=values, extra=extra, note=note, tags=tags)

    def _show(self) -> None:
        entry = self._entry = self._typed()
        remarks = remarks_on(entry, self._desk)
        for field in self._fields():
            # An empty field is no mistake before the user has tried to go on.
            said = field.value or self._tried
            field.show_problems([each for each in remarks if each.field == field.field.name and (said or each.warning)])
        rest = [each for each in remarks if each.field in ("estimate", "type")]
        self.totals.update(_totals(entry, self._desk, rest))

    def on_order_field_typed(self, event: OrderField.Typed) -> None:
        """Check, price and keep what is there now."""
        event.stop()
        self._pasted = event.pasted
        self.refresh_bindings()
        self._show()
        self._keep(self._entry)

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
        box = self._reveal(event.checkbox)
        self._show()
        self._keep(self._entry)
        if event.value and event.checkbox.has_focus:
            box.query(OrderField).first().take_focus()

    def _reveal(self, switch: Checkbox) -> Vertical:
        box = self.query_one(f"#{(switch.id or '').removesuffix('-switch')}", Vertical)
        box.display = switch.value
        return box

    def action_describe(self) -> None:
        """Show the description, with the keys that scroll it, or go back to the fields."""
        box = self.description
        if not box.display:
            self._left = self.focused
            box.display = True
            self.set_focus(box)
            return
        box.display = False
        if self._left is not None:
            self.set_focus(self._left)

    def action_review(self) -> None:
        """Go on to the review, or to the first field with a mistake."""
        if not self.is_current:
            # A second press of the key that has closed the form already.
            return
        self._tried = True
        self._show()
        wrong = {each.field for each in remarks_on(self._entry, self._desk) if not each.warning}
        if not wrong:
            self.dismiss(Filled(self._entry, review=True))
            return
        mistaken = next((field for field in self._fields() if field.field.name in wrong), None)
        if mistaken is not None:
            mistaken.take_focus()

    def action_leave(self) -> None:
        """Leave without ordering."""
        if self.is_current:
            self.dismiss(Filled(self._entry, review=False))

    def action_to_basket(self) -> None:
        """Leave for the basket with what was pasted."""
        if self.is_current:
            # By the App, for this screen is gone before the message could come up from it.
            self.app.post_message(self.BasketWanted(self._pasted))
            self.action_leave()


def _head(entry: OrderEntry, desk: Desk, remark: str) -> Content:
    service = entry.service
    currency = None if desk.balance is None else desk.balance.currency
    title = literal(f"{service.id}  {service.name}").stylize("bold")
    place = styled(f"{service.category} · {service.type}", "$foreground-muted")
    lines = [title, place, literal(" · ".join(_offers(entry, currency)))]
    if entry.repeats:
        repeated = _("Repeats {order}", order=repeated_words(entry.repeats, desk))
        lines.append(styled(repeated, "$foreground-muted"))
    if remark:
        lines.append(styled(f"! {remark}", "$text-warning"))
    return Content("\n").join([*lines, Content()])


def _offers(entry: OrderEntry, currency: str | None) -> Iterator[str]:
    """What the service costs, bounds and promises."""
    service = entry.service
    rate = money(service.rate, currency)
    yield _("{rate} for the package", rate=rate) if entry.type.price == "once" else _("{rate} per 1000", rate=rate)
    yield _("min {number}", number=count(service.min))
    yield _("max {number}", number=count(service.max))
    if service.refill:
        yield _("refill {days} d", days=service.refill_days) if service.refill_days else _("refill")
    if service.cancel:
        yield _("cancel")


def _totals(entry: OrderEntry, desk: Desk, remarks: list[Problem]) -> Content:
    balance, cost = desk.balance, entry.estimate
    currency = None if balance is None else balance.currency
    how = _how(entry)
    estimate = styled(money(cost, currency), "bold") + literal(f"   {how}" if how else "")
    facts = [(_("Estimate"), estimate)]
    if balance is not None and cost is not None:
        now, then = money(balance.amount, currency), money(balance.amount - cost, currency)
        facts.append((_("Balance"), literal(_("{now} → {then} afterwards", now=now, then=then))))
    return Content("\n").join([*fact_lines(facts, _NAME_CELLS), *map(problem_line, remarks)])


def _how(entry: OrderEntry) -> str:
    if entry.type.price == "lines" and entry.units:
        return ngettext("{count} line", "{count} lines", entry.units)
    if entry.type.price == "posts":
        old = entry.whole("old_posts")
        return _("at most: charged per post, old posts too") if old else _("at most: charged per post")
    if not entry.units:
        return ""
    quantity = entry.text("quantity")
    return _("{amount} buys {units}", amount=quantity, units=_units(entry)) if is_money(quantity) else _units(entry)


def _units(entry: OrderEntry) -> str:
    units = entry.units or 0
    if entry.runs <= 1:
        return ngettext("{count} unit", "{count} units", units)
    total = f"{units * entry.runs:,}"
    return ngettext(
        "{units} × {count} run = {total}",
        "{units} × {count} runs = {total}",
        entry.runs,
        units=f"{units:,}",
        total=total,
    )
