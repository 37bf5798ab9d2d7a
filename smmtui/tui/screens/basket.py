"""Screen 3: orders put together row by row, placed all at once, each with its outcome beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, get_args

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.getters import query_one
from textual.message import Message
from textual.widgets import Static

from smmtui.desk.desk import Desk
from smmtui.desk.topics import Topic, Wanted
from smmtui.domain.basket import BasketRow, RowState
from smmtui.domain.basket_fields import BASKET_FIELDS, basket_text
from smmtui.domain.filter_language import Field, Query, parse
from smmtui.tui.basket_words import (
    BADGE_WIDTH,
    progress_lines,
    row_badge,
    row_details,
    row_quantity,
    row_remarks,
    totals_line,
)
from smmtui.tui.filtered_screen import FilteredScreen
from smmtui.tui.kinds import BASKET_ROWS
from smmtui.tui.later_styles import LATER_STYLES
from smmtui.tui.show import literal, money
from smmtui.tui.shown_keys import key_of
from smmtui.tui.table_wishes import ExportWish
from smmtui.tui.widgets.marks_bar import MarksBar
from smmtui.tui.widgets.row_columns import Column, titled
from smmtui.tui.widgets.row_table import RowTable
from smmtui.words import _

Deed = Literal["edit", "open", "place", "resume", "stop", "remove", "undo", "take back", "clear done"]

_FAILED = ("problem", "rejected", "unsent")


def _service(row: BasketRow) -> str:
    return f"{row.service_id} {row.service_name}".strip()


def _link(row: BasketRow) -> str:
    # Which all have; on a narrow screen there would be nothing but it.
    return row.text or row.link.removeprefix("https://")


_COLUMNS: tuple[Column[BasketRow], ...] = titled(
    Column("state", _("State"), BADGE_WIDTH, row_badge),
    Column("service", _("Service"), 34, _service, grow=2, min_width=14),
    Column("link", _("Link"), 36, _link, grow=2, min_width=16),
    Column("quantity", _("Quantity"), 9, row_quantity, align="right"),
    Column("estimate", _("Estimate"), 10, lambda row: money(row.estimate), align="right"),
    Column("remarks", _("Remarks"), 40, row_remarks, grow=3, min_width=20),
)


class BasketTable(RowTable[BasketRow]):
    """The rows of the basket, of which Enter edits one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", _("Edit"), id="table.select", tooltip=_("Edit the current row, or see its order")),
        Binding(
            "space", "mark", _("Mark"), id="table.mark", show=False, tooltip=_("Mark or unmark the row and move down")
        ),
        # The screen's own deeds stand here so that the footer begins with them.
        Binding(
            "escape", "screen.stop", _("Stop"), id="basket.stop", tooltip=_("End the sending after the order under way")
        ),
        Binding(
            "f9,ctrl+j,ctrl+enter", "screen.ask('place')", _("Place"), id="basket.place", tooltip=_("Place what is ok")
        ),
        Binding("R,К", "screen.ask('resume')", _("Resume"), id="basket.resume", tooltip=_("Go on with what is queued")),
        Binding(
            "d,delete,в", "screen.ask('remove')", _("Remove"), id="basket.remove", tooltip=_("Remove the marked rows")
        ),
    ]


class BasketScreen(FilteredScreen[BasketRow]):
    """The basket; tells the App by `Asked` what is to be done with which rows."""

    CSS_PATH = LATER_STYLES

    MODE = "basket"
    KIND = BASKET_ROWS
    PLACEHOLDER = _("words, state:problem link:… estimate>5")
    WHAT = _("rows")

    BINDINGS: ClassVar[list[BindingType]] = [
        # Out of the footer, where what only the basket can do needs the room.
        Binding("r,к", "refresh", _("Refresh"), id="screen.refresh", show=False, tooltip=_("Ask the panel now")),
        Binding("s,ы", "sort", _("Sort"), id="table.sort", show=False, tooltip=_("Choose what the rows are sorted by")),
        Binding("u,г", "ask('undo')", _("Undo"), id="basket.undo", show=False, tooltip=_("Put back what was removed")),
        Binding("n,т", "next", _("Next problem"), id="basket.next", show=False, tooltip=_("Go to the next problem")),
        Binding("o,щ", "ask('open')", _("Open"), id="basket.open", tooltip=_("Open a CSV/TSV file…")),
        Binding(
            "b,и",
            "ask('take back')",
            _("Back to edit"),
            id="basket.take_back",
            show=False,
            tooltip=_("Make queued and refused rows ordinary ones again"),
        ),
        Binding(
            "c,с",
            "ask('clear done')",
            _("Clear done"),
            id="basket.clear_done",
            show=False,
            tooltip=_("Remove the rows that the panel has taken; the orders stay in Orders"),
        ),
        Binding(
            "f,а",
            "save_failures",
            _("Save failures"),
            id="basket.save_failures",
            show=False,
            tooltip=_("Write the rows that failed to a file that can be opened here again"),
        ),
    ]

    @dataclass
    class Asked(Message):
        """The user wants this done with these rows, by key; no keys are all rows."""

        deed: Deed
        keys: tuple[str, ...] = ()

    table = query_one(BasketTable)
    progress = query_one("#progress", Static)
    details = query_one("#row-details", Static)
    foot = query_one("#basket-foot", Static)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        # By key, with the row it is of: folding thousands of rows anew for every key would be felt.
        self._texts: dict[str, tuple[BasketRow, str]] = {}

    def compose_body(self) -> ComposeResult:
        """How far the sending is, the filter, the grid, the current row in words, the totals."""
        yield Static(id="progress")
        yield from self.compose_filter()
        yield BasketTable(self.arranged_columns(), BASKET_ROWS.row_id, fixed=1)
        yield MarksBar()
        yield Static(id="row-details")
        yield Static(id="basket-foot")

    def all_rows(self) -> Sequence[BasketRow]:
        """Return the whole basket."""
        return self.desk.basket.rows

    def own_columns(self) -> Sequence[Column[BasketRow]]:
        """Return the columns of the grid."""
        return _COLUMNS

    def show(self, topic: Topic) -> None:
        """Take over what is new; cursor, scroll and marks stay where they are."""
        if topic & (Topic.BASKET | Topic.BALANCE):
            if marks := self.table.marks:
                # What was removed is no longer meant by anything.
                self.table.set_marks(marks.intersection(row.key for row in self.desk.basket.rows))
            self.list_rows(keep_view=True)
            self._show_totals()
            self.refresh_bindings()

    def list_rows(self, *, keep_view: bool) -> None:
        """List the rows that satisfy the filter, in the user's order."""
        rows = self.desk.basket.rows
        query = parse(self.text, self.fields())
        shown = self._matching(query) if query.groups else rows
        self.table.show_rows(self.in_order(shown) if self.sorting.key else shown, keep_view=keep_view)
        self.show_found(len(shown), len(rows), query)
        self._show_details()

    def fields(self) -> Mapping[str, Field]:
        """What can be asked of a row."""
        return BASKET_FIELDS

    def field_values(self, field: str) -> Iterable[str]:
        """The states there are."""
        return get_args(RowState) if field == "state" else ()

    def finds(self, query: Query) -> bool:
        """Whether any row satisfies the query."""
        return bool(self._matching(query))

    def _matching(self, query: Query) -> list[BasketRow]:
        return [row for row in self.desk.basket.rows if query.holds(self._text(row), row)]

    def _text(self, row: BasketRow) -> str:
        known = self._texts.get(row.key)
        if known is None or known[0] is not row:
            known = self._texts[row.key] = (row, basket_text(row))
        return known[1]

    def state_words(self) -> str:
        """Why the basket could not be saved."""
        return self.desk.basket.trouble

    def _show_totals(self) -> None:
        _say(self.progress, progress_lines(self.desk.basket.progress, self.app))
        _say(self.foot, totals_line(self.desk.basket.totals) if self.desk.basket.rows else Content())

    def _show_details(self) -> None:
        _say(self.details, row_details(self.table.current))

    def why_empty(self) -> Content:
        """Say where rows come from."""
        return literal(
            _(
                "The basket is empty. Paste lines here or on any screen: service | link | quantity. {open} opens a CSV "
                "or TSV file; {add} on the catalog adds a service. Nothing is sent before you confirm it.",
                open=key_of(self.app, "basket.open"),
                add=key_of(self.app, "catalog.basket"),
            )
        )

    def unmark(self, keys: Iterable[str]) -> None:
        """Take the marks from these rows."""
        self.table.set_marks(self.table.marks.difference(keys))

    def go_to(self, key: str) -> None:
        """Put the cursor on a row, once it is listed; the filter makes way for it."""
        self.set_filter("")
        self.call_next(self.table.move_to, key)

    def on_row_table_cursor_moved(self) -> None:
        """Say what is to be said of another row."""
        self._show_details()

    def on_row_table_selected(self, event: RowTable.Selected[BasketRow]) -> None:
        """Enter edits the row."""
        event.stop()
        self.post_message(self.Asked("edit", (event.row.key,)))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to stop only what is being sent, and to resume only what is left."""
        progress = self.desk.basket.progress
        if action == "stop":
            return progress is not None and progress.running
        if parameters == ("resume",):
            counts = self.desk.basket.totals.counts
            waits = counts.get("queued", 0) + counts.get("unsent", 0) > 0
            return waits and not (progress is not None and (progress.running or progress.elsewhere))
        return super().check_action(action, parameters)

    def action_stop(self) -> None:
        """End the sending after the order under way."""
        self.post_message(self.Asked("stop"))

    def action_ask(self, deed: Deed) -> None:
        """Pass the wish on to the App: for the marked rows, else for the current one, or for all if that is meant."""
        rows = self.chosen_rows() if self.table.marks or deed in ("remove", "take back") else []
        self.post_message(self.Asked(deed, tuple(row.key for row in rows)))

    def action_save_failures(self) -> None:
        """Write what was refused, not sent or wrong to a file, in the form in which it is read."""
        failed = [row for row in self.desk.basket.rows if row.state in _FAILED]
        if not failed:
            self.notify(_("No row has failed."), markup=False)
            return
        self.post_message(self.Wanted(ExportWish(self.KIND, failed, _("that failed"))))

    def action_next(self) -> None:
        """Go to the next row shown that has a problem, from the end to the first."""
        rows, after = list(self.table.shown_rows()), self.table.view.cursor + 1
        key = next((row.key for row in [*rows[after:], *rows[:after]] if row.state == "problem"), None)
        if key is not None:
            self.table.move_to(key)

    def action_refresh(self) -> None:
        """Ask for the catalogue, which prices the rows, and the balance."""
        self.desk.refresh(Wanted.CATALOG | Wanted.BALANCE)


def _say(place: Static, words: Content) -> None:
    """Show the words, or give their room to the grid."""
    place.display = bool(words.plain)
    place.update(words)
