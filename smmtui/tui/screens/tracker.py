"""Screen 2: every order, kept fresh by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from operator import attrgetter
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.getters import query_one
from textual.message import Message
from textual.widgets import Static

from smmtui.desk.desk import Desk
from smmtui.desk.refreshing import Wanted
from smmtui.desk.topics import Topic
from smmtui.domain.filter_language import parse
from smmtui.domain.order_fields import order_fields, order_text
from smmtui.domain.records import Order, State
from smmtui.domain.requests import Kind
from smmtui.domain.tracking import may_cost
from smmtui.tui.filtered_screen import FilteredScreen
from smmtui.tui.show import age, ago, count, delivered_bar, literal, money, request_badge, status_badge
from smmtui.tui.widgets.row_columns import Column
from smmtui.tui.widgets.row_table import RowTable

_SECOND = 1.0

Counts = tuple[list[tuple[str, int]], datetime | None]


class OrderTable(RowTable[Order]):
    """The orders, of which Enter opens one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Details", id="table.select", tooltip="Everything known of the current order"),
        Binding("space", "mark", "Mark", id="table.mark", show=False, tooltip="Mark or unmark the row and move down"),
    ]


class TrackerScreen(FilteredScreen):
    """The orders, active ones first and newest first; tells the App by `DetailsWanted` which one to open."""

    MODE = "orders"
    PLACEHOLDER = "words, status:… age<2d charge>5 link:…"
    WHAT = "orders"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("F,А", "request('refill')", "Refill", id="orders.refill", tooltip="Ask for a refill"),
        Binding("X,Ч", "request('cancel')", "Cancel", id="orders.cancel", tooltip="Ask to cancel"),
        Binding("p,з", "pause", "Pause", id="orders.pause", tooltip="Stop or resume the automatic refresh"),
    ]

    @dataclass
    class RequestsWanted(Message):
        """The user wants refills or cancels of these orders."""

        kind: Kind
        orders: tuple[Order, ...]

    @dataclass
    class DetailsWanted(Message):
        """The user wants to see everything about this order."""

        order: Order

    table = query_one(OrderTable)
    summary = query_one("#summary", Static)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._before: dict[str, Order] = {}
        self._shows_requests = bool(desk.requests)
        self._counts: Counts = ([], None)

    def compose_body(self) -> ComposeResult:
        """The counts, the filter, the table."""
        yield Static(id="summary")
        yield from self.compose_filter()
        yield OrderTable(self._columns(), attrgetter("uuid"), fixed=2)

    def _columns(self) -> tuple[Column[Order], ...]:
        def placed(order: Order) -> str:
            return age(order.placed, self.desk.clock.now())

        return (
            Column("id", "Id", 9, lambda order: order.id or "–", align="right"),
            Column("age", "Age", 7, placed, align="right"),
            Column("status", "Status", 14, status_badge),
            # Only where there is something to show: it takes the room of a link.
            Column("request", "Asked", 18, self._asked, shown=bool(self.desk.requests)),
            Column("delivered", "Delivered", 13, delivered_bar),
            Column("quantity", "Quantity", 9, lambda order: count(order.total), align="right"),
            Column("charge", "Charge", 12, _charge, align="right"),
            Column("link", "Link", 32, attrgetter("link"), grow=2, min_width=24),
            Column("service", "Service", 34, self._service, grow=2, min_width=20),
            Column("remains", "Remains", 8, lambda order: count(order.remains), align="right"),
            Column("start", "Start", 9, lambda order: count(order.start_count), align="right"),
        )

    def _asked(self, order: Order) -> Content:
        request = self.desk.requests.of(order.uuid)
        return Content() if request is None else request_badge(request, order)

    def _service(self, order: Order) -> str:
        listed = self.desk.catalog.by_id(order.service)
        return f"{order.service} {order.service_name or (listed.name if listed else '')}".strip()

    def on_mount(self) -> None:
        """Ages move on by themselves."""
        self.set_interval(_SECOND, self._tick)

    def _tick(self) -> None:
        if self.is_current:
            self.table.redraw()
            self._look()
            self._show_summary()

    def _look(self) -> None:
        """Tell the Desk which orders are on the screen."""
        start = self.table.view.offset
        self.desk.look_at(islice(self.table.shown_ids(), start, start + self.size.height))

    def show(self, topic: Topic) -> None:
        """Take over what is new; cursor, scroll and marks stay where they are."""
        if Topic.ORDERS in topic:
            if bool(self.desk.requests) != self._shows_requests:
                self._shows_requests = bool(self.desk.requests)
                self.table.set_columns(self._columns())
            self._mark_changed()
            self._counts = _counted(self.desk.orders)
            self.list_rows(keep_view=True)

    def _mark_changed(self) -> None:
        orders = {order.uuid: order for order in self.desk.orders}
        if self._before:
            known = self._before.get
            changed = [uuid for uuid, order in orders.items() if (old := known(uuid)) and old.changed != order.changed]
            self.table.show_changed(changed)
        self._before = orders

    def list_rows(self, *, keep_view: bool) -> None:
        """List the orders that satisfy the filter, those that still move first."""
        orders = self.desk.orders
        query = parse(self.text, order_fields(self.desk.clock.now()))
        shown = [order for order in orders if not query.groups or query.holds(order_text(order), order)]
        shown.sort(key=_rank)
        self.table.show_rows(shown, keep_view=keep_view)
        self.show_found(len(shown), len(orders), query)
        self._look()
        self._show_summary()

    def _show_summary(self) -> None:
        counts, latest = self._counts
        parts = [f"{name} {number:,}" for name, number in counts]
        if latest is not None:
            parts.append(f"checked {ago(latest, self.desk.clock.now())}")
        self.summary.update(literal(" " + " · ".join(parts)))

    def why_empty(self) -> Content:
        """Say where orders come from."""
        return Content("No orders yet. 1 shows the catalog, Enter there orders a service.")

    def action_request(self, kind: Kind) -> None:
        """Ask for refills or cancels of the marked orders, or of the current one."""
        marked = [order for order in self.desk.orders if order.uuid in self.table.marks]
        orders = marked or ([self.table.current] if self.table.current else [])
        if orders:
            self.post_message(self.RequestsWanted(kind, tuple(orders)))

    def action_pause(self) -> None:
        """Stop or resume the automatic refresh."""
        self.desk.pause(not self.desk.paused)

    def action_refresh(self) -> None:
        """Ask for the orders and the balance."""
        self.desk.refresh(Wanted.ORDERS | Wanted.BALANCE)

    def on_row_table_selected(self, event: RowTable.Selected[Order]) -> None:
        """Pass the wish on to the App."""
        event.stop()
        self.post_message(self.DetailsWanted(event.row))


def _charge(order: Order) -> str:
    if order.charge is not None:
        return money(order.charge)
    return f"≈{money(order.estimate)}" if order.estimate is not None and may_cost(order) else "–"


def _rank(order: Order) -> bool:
    # The sort is stable over "newest first", so this only lifts what still moves, or needs a person, to the top.
    return not (order.active or order.state in (State.SENDING, State.UNKNOWN))


def _counted(orders: Sequence[Order]) -> Counts:
    """How many orders there are of each kind, active ones first, and when the latest of them was checked."""
    kinds = Counter(_kind(order) for order in orders)
    latest = max((order.checked for order in orders if order.checked is not None), default=None)
    return sorted(kinds.items(), key=lambda kind: (kind[0] != "active", -kind[1])), latest


def _kind(order: Order) -> str:
    if order.active:
        return "active"
    if order.status is not None:
        return order.status.value.lower()
    return "not sent" if order.state is State.UNSENT else order.state.value
