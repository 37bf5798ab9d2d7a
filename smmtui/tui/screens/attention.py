"""Screen 4: what only a person can settle, with the evidence and the ways out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any, ClassVar

from rich.cells import cell_len
from textual import work
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.getters import query_one
from textual.message import Message
from textual.widgets import Static

from smmtui.desk.topics import Topic, Wanted
from smmtui.domain.evidence import Evidence
from smmtui.domain.reasons import shown_reason
from smmtui.domain.records import Balance, Order, Request, State
from smmtui.errors import JournalError
from smmtui.tui.desk_screen import DeskScreen
from smmtui.tui.facts import fact_lines
from smmtui.tui.later_styles import LATER_STYLES
from smmtui.tui.show import AGE_WIDTH, BADGE_WIDTH, age, ago, count, literal, money, status_badge, styled
from smmtui.tui.shown_keys import key_of
from smmtui.tui.widgets.row_columns import Column, titled
from smmtui.tui.widgets.row_table import RowTable
from smmtui.words import _, ngettext

_SECOND = 1.0
_NAMED = 8
_NAME_CELLS = 16
_WHAT = {"order": _("order"), "refill": _("refill"), "cancel": _("cancel")}


class MatterTable(RowTable[Order | Request]):
    """What is to be settled; Enter attaches an id."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", _("Attach id"), id="table.select", show=False, tooltip=_("Attach the panel's id")),
        Binding(
            "space", "mark", _("Mark"), id="table.mark", show=False, tooltip=_("Mark or unmark the row and move down")
        ),
    ]


class AttentionScreen(DeskScreen):
    """Unknown orders and requests, and what was settled, which can be taken back; tells the App by `SettleWanted`."""

    CSS_PATH = LATER_STYLES

    MODE = "attention"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "a,ф", "settle('attach')", _("Attach id"), id="attention.attach", tooltip=_("It was placed: attach its id")
        ),
        Binding(
            "n,т", "settle('not placed')", _("Not placed"), id="attention.not_placed", tooltip=_("It was never placed")
        ),
        Binding(
            "w,ц", "settle('write off')", _("Write off"), id="attention.write_off", tooltip=_("Nobody will ever know")
        ),
        Binding("u,г", "settle('undo')", _("Undo"), id="attention.undo", tooltip=_("Take a settlement back")),
    ]

    @dataclass
    class SettleWanted(Message):
        """The user wants to settle this, in the way named."""

        how: str
        matter: Order | Request

    table = query_one(MatterTable)
    evidence = query_one("#evidence", Static)

    def compose_body(self) -> ComposeResult:
        """The list, and the evidence for its current row."""
        yield MatterTable(self._columns(), attrgetter("uuid"), fixed=1)
        with VerticalScroll(id="evidence-pane"):
            yield Static(id="evidence")

    def _columns(self) -> tuple[Column[Order | Request], ...]:
        def since(matter: Order | Request) -> str:
            at = matter.placed if isinstance(matter, Order) else matter.at
            return age(at, self.desk.clock.now())

        return titled(
            Column("what", _("What"), max(8, *map(cell_len, _WHAT.values())), _what),
            Column("state", _("State"), BADGE_WIDTH, _state),
            Column("age", _("Age"), AGE_WIDTH, since, align="right"),
            Column("quantity", _("Quantity"), 10, lambda matter: count(self._order(matter).total), align="right"),
            Column("estimate", _("Estimate"), 12, lambda matter: money(self._order(matter).estimate), align="right"),
            Column("link", _("Link"), 36, lambda matter: self._order(matter).link, grow=2, min_width=20),
            Column("service", _("Service"), 36, lambda matter: self._order(matter).service_name, grow=2, min_width=20),
        )

    def _order(self, matter: Order | Request) -> Order:
        if isinstance(matter, Order):
            return matter
        return self.desk.book.get(matter.order) or Order(matter.order, 0, State.ACCEPTED, matter.at)

    def on_mount(self) -> None:
        """The table has the keys from the start; ages move on by themselves."""
        self.set_focus(self.table)
        self.set_interval(_SECOND, self._tick)

    def _tick(self) -> None:
        if self.is_current:
            self.table.redraw()

    def show(self, topic: Topic) -> None:
        """Take over what is to be settled now."""
        if topic & (Topic.ORDERS | Topic.BALANCE):
            self.table.show_rows(self._matters())
            self.table.show_empty(literal(_("Nothing needs your attention.")))
            self._show_evidence()

    def _matters(self) -> list[Order | Request]:
        orders = self.desk.orders
        unknown: list[Order | Request] = [order for order in orders if order.state is State.UNKNOWN]
        settled = [order for order in orders if order.state is State.SETTLED]
        return [*unknown, *self.desk.requests.unknown, *settled]

    def on_row_table_cursor_moved(self) -> None:
        """Show the evidence for another row."""
        self._show_evidence()

    @work(exclusive=True)
    async def _show_evidence(self) -> None:
        matter = self.table.current
        if matter is None:
            self.evidence.update(Content())
        elif isinstance(matter, Request):
            self.evidence.update(_request_words(matter, self.app))
        elif matter.state is not State.UNKNOWN:
            self.evidence.update(literal(_settled_words(matter, self.app)))
        else:
            try:
                evidence = await self.desk.settling.evidence(matter.uuid)
                self.evidence.update(_evidence_words(evidence, self.desk.clock.now(), self.app))
            except JournalError as error:
                self.evidence.update(literal(str(error)))

    def action_settle(self, how: str) -> None:
        """Pass the wish on to the App."""
        if self.table.current is not None:
            self.post_message(self.SettleWanted(how, self.table.current))

    def action_refresh(self) -> None:
        """Ask for the balance and the orders."""
        self.desk.refresh(Wanted.ORDERS | Wanted.BALANCE)

    def on_row_table_selected(self, event: RowTable.Selected[Order | Request]) -> None:
        """Enter begins with the first way out."""
        event.stop()
        self.action_settle("attach")


def _what(matter: Order | Request) -> str:
    return _WHAT["order" if isinstance(matter, Order) else matter.kind]


def _state(matter: Order | Request) -> Content:
    return status_badge(matter) if isinstance(matter, Order) else styled(_("? unknown"), "$text-error")


def _settled_words(order: Order, app: App[Any]) -> str:
    reason, key = shown_reason(order.reason) or _("by you"), key_of(app, "attention.undo")
    return _("Settled: {reason}. {key} takes it back.", reason=reason, key=key)


def _around(evidence: Evidence) -> str:
    """The orders next to it by name: its own id lies between theirs."""
    before, after = (", ".join(each.id or each.state.words for each in near) for near in evidence.nearest(_NAMED))
    more = len(evidence.around) - _NAMED
    said = (
        _("just before {orders}", orders=before) if before else "",
        _("just after {orders}", orders=after) if after else "",
        ngettext("{count} more around it", "{count} more around it", more) if more > 0 else "",
    )
    return "; ".join(filter(None, said))


def _difference(evidence: Evidence) -> str:
    if evidence.difference is None:
        return ""
    difference, cost = money(evidence.difference), evidence.accepted_cost
    if not evidence.accepted:
        return _("{difference}; no other order was accepted since", difference=difference)
    return ngettext(
        "{difference}; the other order accepted since accounts for {cost}",
        "{difference}; the {count} orders accepted since account for {cost}",
        evidence.accepted,
        difference=difference,
        cost=f"{'≈' if cost.guessed else ''}{money(-cost.amount)}",
    )


def _balance(balance: Balance | None, at: datetime | None, now: datetime) -> str:
    return "" if balance is None else f"{money(balance.amount, balance.currency)} ({ago(at, now)})"


def _request_words(request: Request, app: App[Any]) -> Content:
    named = {"order": request.order_id, "reason": shown_reason(request.reason)}
    if request.kind == "refill":
        asked = _(
            "A refill of order {order} was asked for, and it is not known whether the panel took it: {reason}.", **named
        )
    else:
        asked = _(
            "A cancel of order {order} was asked for, and it is not known whether the panel took it: {reason}.", **named
        )
    key = key_of(app, "attention.write_off")
    advice = _("Look at the order on the panel's site, then settle it with {key}.", key=key)
    return literal(f"{asked} {advice}")


def _evidence_words(evidence: Evidence, now: datetime, app: App[Any]) -> Content:
    order = evidence.order
    estimate = money(order.estimate, order.currency)
    facts = [
        (_("Why"), shown_reason(evidence.reason)),
        (_("Sent"), f"{evidence.sent.astimezone():%Y-%m-%d %H:%M:%S} ({ago(evidence.sent, now)})"),
        (_("Order"), f"{order.service}  {order.service_name}"),
        (_("Link"), order.link),
        (_("Quantity"), _("{quantity}, estimate {estimate}", quantity=count(order.total), estimate=estimate)),
        (_("Balance then"), _balance(evidence.before, evidence.before_at, now)),
        (_("Balance now"), _balance(evidence.after, evidence.after_at, now)),
        (_("Difference"), _difference(evidence)),
        (_("Sent around it"), _around(evidence)),
        ("HTTP", _http_words(evidence)),
        (_("Raw reply"), evidence.reply),
    ]
    advice = _(
        "It is never sent again by itself. Look for it in the panel's own list, then: {attach} attaches its id, "
        "{not_placed} settles it as not placed, {write_off} writes it off.",
        attach=key_of(app, "attention.attach"),
        not_placed=key_of(app, "attention.not_placed"),
        write_off=key_of(app, "attention.write_off"),
    )
    lines = fact_lines(facts, _NAME_CELLS)
    return Content("\n").join([styled(evidence.likelihood, "bold $text-warning"), *lines, literal(advice)])


def _http_words(evidence: Evidence) -> str:
    if not evidence.http_status:
        return ""
    return _("{status} after {seconds} s", status=evidence.http_status, seconds=evidence.elapsed)
