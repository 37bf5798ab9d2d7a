"""Screen 4: what only a person can settle, with the evidence and the ways out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.getters import query_one
from textual.message import Message
from textual.widgets import Static

from smmtui.desk.desk import Desk
from smmtui.desk.refreshing import Wanted
from smmtui.desk.topics import Topic
from smmtui.domain.evidence import Evidence
from smmtui.domain.records import Balance, Order, Request, State
from smmtui.errors import JournalError
from smmtui.tui.desk_screen import DeskScreen
from smmtui.tui.show import age, ago, count, literal, money, status_badge, styled
from smmtui.tui.widgets.row_columns import Column
from smmtui.tui.widgets.row_table import RowTable

_NAMED = 8


class MatterTable(RowTable[Order | Request]):
    """What is to be settled; Enter attaches an id."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Attach id", id="table.select", show=False, tooltip="Attach the panel's id"),
        Binding("space", "mark", "Mark", id="table.mark", show=False, tooltip="Mark or unmark the row and move down"),
    ]


class AttentionScreen(DeskScreen):
    """Unknown orders and requests, and what was settled, which can be taken back; tells the App by `SettleWanted`."""

    MODE = "attention"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a,ф", "settle('attach')", "Attach id", id="attention.attach", tooltip="It was placed: attach its id"),
        Binding("n,т", "settle('not placed')", "Not placed", id="attention.not_placed", tooltip="It was never placed"),
        Binding("w,ц", "settle('write off')", "Write off", id="attention.write_off", tooltip="Nobody will ever know"),
        Binding("u,г", "settle('undo')", "Undo", id="attention.undo", tooltip="Take a settlement back"),
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

        return (
            Column("what", "What", 8, lambda matter: "order" if isinstance(matter, Order) else matter.kind),
            Column("state", "State", 12, _state),
            Column("age", "Age", 7, since, align="right"),
            Column("quantity", "Quantity", 10, lambda matter: count(self._order(matter).total), align="right"),
            Column("estimate", "Estimate", 12, lambda matter: money(self._order(matter).estimate), align="right"),
            Column("link", "Link", 36, lambda matter: self._order(matter).link, grow=2, min_width=20),
            Column("service", "Service", 36, lambda matter: self._order(matter).service_name, grow=2, min_width=20),
        )

    def _order(self, matter: Order | Request) -> Order:
        if isinstance(matter, Order):
            return matter
        return self.desk.book.get(matter.order) or Order(matter.order, 0, State.ACCEPTED, matter.at)

    def on_mount(self) -> None:
        """The table has the keys from the start."""
        self.set_focus(self.table)

    def show(self, topic: Topic) -> None:
        """Take over what is to be settled now."""
        if topic & (Topic.ORDERS | Topic.BALANCE):
            self.table.show_rows(self._matters())
            self.table.show_empty(Content("Nothing needs your attention."))
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
            self.evidence.update(_request_words(matter))
        elif matter.state is not State.UNKNOWN:
            self.evidence.update(literal(f"Settled: {matter.reason or 'by you'}. u takes it back."))
        else:
            try:
                self.evidence.update(_evidence_words(await self.desk.settling.evidence(matter.uuid), self.desk))
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


def _state(matter: Order | Request) -> Content:
    return status_badge(matter) if isinstance(matter, Order) else styled(f"? {matter.state}", "$text-error")


def _around(evidence: Evidence) -> str:
    """The orders next to it by name: its own id lies between theirs."""
    nearest = zip(("just before", "just after"), evidence.nearest(_NAMED), strict=True)
    named = [f"{when} {', '.join(each.id or each.state.value for each in near)}" for when, near in nearest if near]
    more = len(evidence.around) - _NAMED
    return "; ".join([*named, *([f"{more:,} more around it"] if more > 0 else [])])


def _difference(evidence: Evidence) -> str:
    if evidence.difference is None:
        return ""
    cost, many = evidence.accepted_cost, evidence.accepted
    if not many:
        return f"{money(evidence.difference)}; no other order was accepted since"
    account = "the other order accepted since accounts" if many == 1 else f"the {many:,} orders accepted since account"
    return f"{money(evidence.difference)}; {account} for {'≈' if cost.guessed else ''}{money(-cost.amount)}"


def _balance(balance: Balance | None, at: datetime | None, now: datetime) -> str:
    return "" if balance is None else f"{money(balance.amount, balance.currency)} ({ago(at, now)})"


def _request_words(request: Request) -> Content:
    return literal(
        f"A {request.kind} of order {request.order_id} was asked for, and it is not known whether the panel took it: "
        f"{request.reason}. Look at the order on the panel's site, then settle it with w."
    )


def _evidence_words(evidence: Evidence, desk: Desk) -> Content:
    order, now = evidence.order, desk.clock.now()
    rows = [
        ("Why", evidence.reason),
        ("Sent", f"{evidence.sent.astimezone():%Y-%m-%d %H:%M:%S} ({ago(evidence.sent, now)})"),
        ("Order", f"{order.service}  {order.service_name}"),
        ("Link", order.link),
        ("Quantity", f"{count(order.total)}, estimate {money(order.estimate, order.currency)}"),
        ("Balance then", _balance(evidence.before, evidence.before_at, now)),
        ("Balance now", _balance(evidence.after, evidence.after_at, now)),
        ("Difference", _difference(evidence)),
        ("Sent around it", _around(evidence)),
        ("HTTP", f"{evidence.http_status} after {evidence.elapsed} s" if evidence.http_status else ""),
        ("Raw reply", evidence.reply),
    ]
    lines = [styled(f"{label:<16}", "$foreground-muted") + literal(value) for label, value in rows if value]
    advice = (
        "It is never sent again by itself. Look for it in the panel's own list, then: a attaches its id, n settles it "
        "as not placed, w writes it off."
    )
    return Content("\n").join([styled(evidence.likelihood, "bold $text-warning"), *lines, literal(advice)])
