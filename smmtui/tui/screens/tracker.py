"""Screen 2: every order, kept fresh by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.getters import query_one
from textual.message import Message
from textual.style import Style

from smmtui.desk.desk import Desk
from smmtui.desk.topics import Topic, Wanted
from smmtui.domain.filter_language import Field, Query, fold, parse
from smmtui.domain.order_fields import OrderTexts, order_fields, order_text
from smmtui.domain.order_groups import GROUPS, count_groups, count_kinds, group_in, in_group
from smmtui.domain.records import Order, State
from smmtui.domain.request_terms import refill_window
from smmtui.domain.requests import Kind
from smmtui.domain.running import may_run
from smmtui.domain.statuses import Status
from smmtui.domain.summary import status_summary
from smmtui.errors import JournalError
from smmtui.tui.filtered_screen import FilteredScreen
from smmtui.tui.kinds import ORDERS
from smmtui.tui.later_styles import LATER_STYLES
from smmtui.tui.older_orders import OlderOrders
from smmtui.tui.order_columns import order_columns, service_name
from smmtui.tui.order_news import OrderNews
from smmtui.tui.order_wishes import NoteWanted, RepeatWanted, RequestsWanted
from smmtui.tui.show import age, ago, literal, styled
from smmtui.tui.shown_keys import key_of
from smmtui.tui.table_wishes import CopyWish, summary_of
from smmtui.tui.watching import watch
from smmtui.tui.widgets.marks_bar import MarksBar
from smmtui.tui.widgets.quick_filters import QuickFilters
from smmtui.tui.widgets.row_columns import Column
from smmtui.tui.widgets.row_lines import KEPT_ROWS
from smmtui.tui.widgets.row_table import RowTable
from smmtui.tui.widgets.row_view import RowView
from smmtui.words import _, ngettext

_SECOND = 1.0


class OrderTable(RowTable[Order]):
    """The orders, of which Enter opens one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", _("Details"), id="table.select", tooltip=_("Everything known of the current order")),
        Binding(
            "space", "mark", _("Mark"), id="table.mark", show=False, tooltip=_("Mark or unmark the row and move down")
        ),
    ]

    class EndReached(RowTable.About):
        """The user has gone to the last row, or tries to go on from there."""

    def _go(self, view: RowView) -> None:
        super()._go(view)
        if view.count and view.cursor == view.count - 1:
            self.post_message(self.EndReached(self))


class TrackerScreen(FilteredScreen[Order]):
    """The orders, active ones first and newest first; tells the App by `DetailsWanted` which one to open."""

    CSS_PATH = LATER_STYLES

    MODE = "orders"
    KIND = ORDERS
    PLACEHOLDER = _("words, is:active status:… age<2d charge>5")
    WHAT = _("orders")
    CHIP_WORDS: ClassVar[Mapping[str, str]] = {"is:unsent": _("not sent")}

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("F,А", "request('refill')", _("Refill"), id="orders.refill", tooltip=_("Ask for a refill")),
        Binding("X,Ч", "request('cancel')", _("Cancel"), id="orders.cancel", tooltip=_("Ask to cancel")),
        Binding("R,К", "repeat", _("Repeat"), id="orders.repeat", show=False, tooltip=_("Order the same again")),
        Binding("m,ь", "note", _("Note"), id="orders.note", show=False, tooltip=_("Change your note and tags")),
        Binding(
            "w,ц", "watch", _("Watch"), id="orders.watch", show=False, tooltip=_("Tell of every change of its status")
        ),
        Binding(
            "t,е", "track", _("Track ids"), id="orders.track", show=False, tooltip=_("Follow orders placed elsewhere")
        ),
        Binding(
            "ctrl+y",
            "copy_summary",
            _("Copy summary"),
            id="orders.copy_summary",
            show=False,
            tooltip=_("Copy how far it is, in words for a customer"),
        ),
        Binding("p,з", "pause", _("Pause"), id="orders.pause", tooltip=_("Stop or resume the automatic refresh")),
        Binding(
            "right_square_bracket,full_stop,ъ,ю",
            "next_quick(1)",
            _("Next group"),
            id="orders.next_group",
            key_display="]",
            show=False,
            tooltip=_("Show the next group of orders only"),
        ),
        Binding(
            "left_square_bracket,comma,х,б",
            "next_quick(-1)",
            _("Previous group"),
            id="orders.previous_group",
            key_display="[",
            show=False,
            tooltip=_("Show the group before only"),
        ),
        Binding(
            "L,Д", "older", _("Older"), id="orders.older", show=False, tooltip=_("Load older orders, or look there")
        ),
    ]

    @dataclass
    class DetailsWanted(Message):
        """The user wants to see everything about this order."""

        order: Order

    @dataclass
    class TrackingWanted(Message):
        """The user wants to follow orders that were placed elsewhere."""

    table = query_one(OrderTable)
    quick_filters = query_one(QuickFilters)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._shows_requests = bool(desk.requests)
        self._news = OrderNews(desk.clock, desk.profile.refresh_seconds)
        self._older = OlderOrders(desk)
        self._texts = OrderTexts()
        self._looked_from = 0
        self._drawn: dict[str, object] = {}
        """What the rows were last drawn with besides the orders themselves."""

    def compose_body(self) -> ComposeResult:
        """The groups, the filter, the table."""
        yield QuickFilters()
        yield from self.compose_filter()
        yield OrderTable(self.arranged_columns(), ORDERS.row_id, fixed=2)
        yield MarksBar()

    def all_rows(self) -> Sequence[Order]:
        """Return every order that is loaded."""
        return self.desk.orders

    def own_columns(self) -> Sequence[Column[Order]]:
        """Return the columns of orders."""
        return order_columns(self.desk)

    # ── what is new ───────────────────────────────────────────────────────────────────────────────────────────────

    def on_mount(self) -> None:
        """Ages move on by themselves; what words are looked for in is made ready before anyone types."""
        self.set_interval(_SECOND, self._tick)
        self.run_worker(lambda: self._texts.prepare(self.desk.orders), thread=True)

    def _tick(self) -> None:
        if self.is_current:
            self.table.show_changed(self._news.changed())
            self._look()

    def _look(self) -> None:
        """See what is in view: tell the Desk of it, the user what is not, and draw anew what reads differently now."""
        now, desk, uuids = self.desk.clock.now(), self.desk, []
        if len(self._drawn) > KEPT_ROWS:
            self._drawn.clear()
        for position, order in self.table.rows_in_view():
            uuids.append(order.uuid)
            # What is left for a refill counts hours in the end, when the age stands still for days.
            left = refill_window(order, desk.catalog.by_id(order.service), now)
            look = (age(order.placed, now), left, order.uuid in desk.notices.watched, desk.requests.of(order.uuid))
            if self._drawn.get(order.uuid) != look:
                self._drawn[order.uuid] = look
                self.table.redraw_row(position)
        desk.look_at(uuids)
        self._news.seen_but(islice(self.table.shown_ids(), self.table.view.offset))
        self._show_remarks()

    def show(self, topic: Topic) -> None:
        """Take over what is new; cursor, scroll and marks stay where they are."""
        if Topic.ORDERS in topic:
            if bool(self.desk.requests) != self._shows_requests:
                self._shows_requests = bool(self.desk.requests)
                self.show_columns()
            self._news.take(self.desk.orders)
            self.table.show_changed(self._news.changed())
            self.list_rows(keep_view=True)
            if self._older.count_is_old and not self._older.loading:
                self._count_older()
        if Topic.CATALOG in topic:
            self.table.redraw()
        if Topic.HEALTH in topic:
            self._show_remarks()

    def list_rows(self, *, keep_view: bool) -> None:
        """List the orders that satisfy the filter, those that still move first."""
        orders, was_at_top = self.desk.orders, self.table.view.offset == 0
        query = parse(self.text, self.fields())
        text = self._texts.of if query.asks_for_words else _no_text
        found = [order for order in orders if query.holds(text(order), order)] if query.groups else orders
        shown = sorted(found, key=_at_rest) if self.sorting.key is None else self.in_order(found)
        self.table.show_rows(shown, keep_view=keep_view)
        view = self.table.view
        if keep_view and was_at_top and view.offset and view.cursor < view.page:
            # Who looks at the beginning sees what is new there; the cursor stays with its row.
            self.table.action_scroll_rows(-view.offset)
        self.show_found(len(shown), len(orders), query)
        self._show_groups()
        self._look()

    # ── the groups, and what else is to be said ───────────────────────────────────────────────────────────────────

    def _show_groups(self) -> None:
        kinds = count_kinds(self.desk.orders) + self._older.kinds
        self.quick_filters.show_counts(count_groups(kinds), kinds.total(), group_in(self.text))

    def _show_remarks(self) -> None:
        desk, older, key = self.desk, self._older, key_of(self.app, "orders.older")
        last = self._news.checked(desk.orders)
        checked = "" if last is None else _("checked {ago}", ago=ago(last, desk.clock.now()))
        self.quick_filters.show_remarks(
            [
                styled(_new_words(self._news.above), "bold $text-accent").stylize(_TO_NEW),
                styled(_("⏸ paused") if desk.paused else self._back_off(), "$text-warning"),
                literal(_("looking at older ones…") if older.loading else checked),
                styled("" if older.loading else _older_words(older.number, key), "$foreground-muted"),
            ]
        )

    def _back_off(self) -> str:
        health = self.desk.health
        if health.retry_at is None:
            return ""
        left = max(0, round(health.retry_at - self.desk.clock.monotonic()))
        return _("{condition}, next in {seconds} s", condition=health.condition.word, seconds=left)

    def state_words(self) -> str:
        """Return what the filter and the sorting have not looked at."""
        asked = self._older.number and (self.text or self.sorting.key)
        return self._older.words(self.text, key_of(self.app, "orders.older")) if asked else ""

    def why_empty(self) -> Content:
        """Say where orders come from."""
        keys = {"catalog": key_of(self.app, "app.catalog"), "order": key_of(self.app, "table.select")}
        return literal(_("No orders yet. {catalog} shows the catalog, {order} there orders a service.", **keys))

    # ── orders that are not loaded ────────────────────────────────────────────────────────────────────────────────

    @work
    async def _count_older(self) -> None:
        try:
            await self._older.count()
        except JournalError as error:
            self.notify(literal(str(error)).plain, severity="error", markup=False)
        self._show_groups()
        self._show_remarks()
        self.explain()

    @work
    async def _load_older(self) -> None:
        query = parse(self.text, self.fields())
        wanted = (lambda order: query.holds(order_text(order), order)) if query.groups else None
        try:
            await self._older.load(self.text, wanted)
        except JournalError as error:
            self.notify(literal(str(error)).plain, severity="error", markup=False)
        self.list_rows(keep_view=True)

    def action_older(self) -> None:
        """Load older orders, with a filter those that satisfy it."""
        if self._older.number and not self._older.loading:
            self._load_older()
            self._show_remarks()

    def on_order_table_end_reached(self, event: OrderTable.EndReached) -> None:
        """At the end of all that is loaded more is loaded."""
        event.stop()
        if not self.text and self.sorting.key is None:
            self.action_older()

    def on_row_table_cursor_moved(self) -> None:
        """See what has come into view."""
        if self.table.view.offset != self._looked_from:
            self._looked_from = self.table.view.offset
            self._look()

    # ── the filter ────────────────────────────────────────────────────────────────────────────────────────────────

    def fields(self) -> Mapping[str, Field]:
        """Return the fields of orders, ages as of now."""
        return order_fields(self.desk.clock.now())

    def field_values(self, field: str) -> Iterable[str]:
        """Return the words for groups, statuses and states beside yes and no."""
        named: dict[str, type[Status] | type[State]] = {"status": Status, "state": State}
        if field == "is":
            return GROUPS
        return (fold(each.value) for each in named[field]) if field in named else super().field_values(field)

    def finds(self, query: Query) -> bool:
        """Return whether any order satisfies the query."""
        return any(query.holds(self._texts.of(order), order) for order in self.desk.orders)

    def action_quick(self, group: str | None) -> None:
        """Show one group only, None for all orders; the rest of the filter stays."""
        self.set_filter(in_group(self.text, group))

    def action_next_quick(self, step: int) -> None:
        """Show another group."""
        groups, current = self.quick_filters.groups, group_in(self.text)
        place = groups.index(current) if current in groups else 0
        self.action_quick(groups[(place + step) % len(groups)])

    def action_to_new(self) -> None:
        """Show what is new."""
        self.table.action_first()

    # ── wishes ────────────────────────────────────────────────────────────────────────────────────────────────────

    def action_request(self, kind: Kind) -> None:
        """Ask for refills or cancels of the marked orders, or of the current one."""
        if orders := self.chosen_rows():
            self.post_message(RequestsWanted(kind, tuple(orders)))

    def action_repeat(self) -> None:
        """Order again what the current order was for."""
        if self.table.current is not None:
            self.post_message(RepeatWanted(self.table.current))

    def action_note(self) -> None:
        """Change the note and the tags of the current order."""
        if self.table.current is not None:
            self.post_message(NoteWanted(self.table.current))

    def action_watch(self) -> None:
        """Watch the marked orders, or the current one; none of them any more where all are watched."""
        title, text = watch(self.desk.notices, self.chosen_rows())
        self.table.redraw()
        self.notify(text, title=title, markup=False)

    def action_track(self) -> None:
        """Pass the wish on to the App."""
        self.post_message(self.TrackingWanted())

    def action_copy_summary(self) -> None:
        """Copy how far the marked orders are, or the current one, in words for a customer."""
        if orders := self.chosen_rows():
            text = status_summary(orders, lambda order: service_name(self.desk, order))
            self.post_message(self.Wanted(CopyWish(summary_of(len(orders)), [text], "\n", 1)))

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


_TO_NEW = Style.from_meta({"@click": "screen.to_new"})


def _older_words(number: int, key: str) -> str:
    return ngettext("{count} older: {key}", "{count} older: {key}", number, key=key) if number else ""


def _new_words(number: int) -> str:
    return ngettext("{count} new ↑", "{count} new ↑", number) if number else ""


def _no_text(order: Order) -> str:
    return ""


def _at_rest(order: Order) -> bool:
    # The sort is stable over "newest first", so this only lifts what still moves, or needs a person, to the top.
    return not may_run(order)
