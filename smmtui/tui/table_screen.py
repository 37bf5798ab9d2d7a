"""The base of a screen that is a table: sorting, columns, marks, and the keys that take rows elsewhere."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, Generic, TypeVar

from msgspec.structs import replace
from textual.binding import Binding, BindingType
from textual.getters import query_one
from textual.message import Message

from smmtui.desk.desk import Desk
from smmtui.domain.sorting import sorted_rows
from smmtui.tui.arrangement import Arrangement, ColumnChoice, Sorting
from smmtui.tui.desk_screen import DeskScreen
from smmtui.tui.marked import count_marks, marked_rows
from smmtui.tui.row_kind import RowKind
from smmtui.tui.table_wishes import IDS, LINKS, ColumnsWish, Copied, CopyWish, ExportWish, OpenWish, SortWish, Wish
from smmtui.tui.widgets.marks_bar import MarksBar
from smmtui.tui.widgets.row_columns import Column
from smmtui.tui.widgets.row_table import RowTable
from smmtui.words import _

Row = TypeVar("Row")


class TableScreen(DeskScreen, Generic[Row]):
    """Keeps how its table is arranged, per account, and tells the App by `Wanted` what takes more than the screen.

    A subclass says what its rows are (`KIND`), which columns there are, lists them in the order of `sorting`, and
    composes a `MarksBar` below the table.
    """

    KIND: ClassVar[RowKind[Any]]

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s,ы", "sort", _("Sort"), id="table.sort", show=False, tooltip=_("Choose what the rows are sorted by")),
        Binding("S,Ы", "reverse", _("Reverse"), id="table.reverse", show=False, tooltip=_("Turn the order around")),
        Binding(
            "C,С", "columns", _("Columns"), id="table.columns", show=False, tooltip=_("Show, order and size columns")
        ),
        Binding(
            "y,н", "copy_ids", _("Copy ids"), id="table.copy_ids", show=False, tooltip=_("Copy the ids of the rows")
        ),
        Binding("Y,Н", "copy_links", _("Copy links"), id="table.copy_links", show=False, tooltip=_("Copy their links")),
        Binding("o,щ", "open", _("Open link"), id="table.open", show=False, tooltip=_("Open the link in the browser")),
        Binding(
            "x,ч", "export", _("Export"), id="table.export", show=False, tooltip=_("Write what is shown to a file")
        ),
    ]

    class Wanted(Message):
        """The user wants something done with the table that the App does."""

        def __init__(self, wish: Wish) -> None:
            super().__init__()
            self.wish = wish

    table = query_one("RowTable", RowTable[Any])
    marks_bar = query_one(MarksBar)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._arrangement = Arrangement.read(desk.remembered.get(self._remembered_as))
        self._marks_are_old = False
        self._counting = False

    @property
    def _remembered_as(self) -> str:
        return f"view.{self.KIND.name}"

    # ── what a subclass says ──────────────────────────────────────────────────────────────────────────────────────

    def own_columns(self) -> Sequence[Column[Row]]:
        """Return the columns as the screen has them before the user chooses."""
        return ()

    def all_rows(self) -> Sequence[Row]:
        """Return every row there is, those that a filter hides included."""
        return ()

    def list_rows(self, *, keep_view: bool) -> None:
        """List the rows in the order of `sorting`."""

    # ── sorting and columns ───────────────────────────────────────────────────────────────────────────────────────

    @property
    def sorting(self) -> Sorting:
        """What the rows are to be sorted by."""
        return self._arrangement.sorting.among(self.KIND.sorts)

    @property
    def sorting_words(self) -> str:
        """What the rows are sorted by, in words; "" for as they come."""
        title = next((column.title for column in self.own_columns() if column.key == self.sorting.key), None)
        if title is None:
            return ""
        return _("sorted by {column} {arrow}", column=title, arrow="▼" if self.sorting.reverse else "▲")

    def in_order(self, rows: Iterable[Row]) -> list[Row]:
        """Return the rows in the order of `sorting`."""
        key = self.sorting.key
        return list(rows) if key is None else sorted_rows(rows, self.KIND.sorts[key], reverse=self.sorting.reverse)

    def arranged_columns(self) -> tuple[Column[Row], ...]:
        """Return the columns as the user has arranged them."""
        return self._arrangement.arranged(self.own_columns())

    def show_columns(self) -> None:
        """Draw the columns anew: the screen's own ones are others now."""
        self.table.set_columns(self.arranged_columns())

    def on_mount(self) -> None:
        """Show what the rows are sorted by."""
        self.table.sort_shown(self.sorting.key, self.sorting.reverse)

    def _arrange(self, arrangement: Arrangement) -> None:
        self._arrangement = arrangement
        self.desk.remembered.set(self._remembered_as, arrangement.written())

    def sort_by(self, sorting: Sorting) -> None:
        """Sort the rows and keep it so; the cursor stays with its row, but on the first line it stays there."""
        at_top = self.table.view.cursor == 0
        self._arrange(replace(self._arrangement, sorting=sorting))
        self.table.sort_shown(sorting.key, sorting.reverse)
        self.list_rows(keep_view=False)
        if at_top:
            self.table.action_first()
        self.refresh_bindings()

    def take_columns(self, choices: Sequence[ColumnChoice]) -> None:
        """Arrange the columns so and keep it so."""
        self._arrange(replace(self._arrangement, columns=tuple(choices)))
        self.show_columns()

    def on_row_table_header_clicked(self, event: RowTable.HeaderClicked) -> None:
        """Sort by the column, if it can be sorted by."""
        event.stop()
        if event.key in self.KIND.sorts:
            self.sort_by(self.sorting.by(event.key))

    def on_row_table_column_resized(self, event: RowTable.ColumnResized) -> None:
        """Keep the width."""
        event.stop()
        self.take_columns(self._arrangement.resized(self.own_columns(), event.key, event.width).columns)

    # ── marks ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def on_row_table_marks_changed(self, event: RowTable.MarksChanged) -> None:
        """Count them anew."""
        event.stop()
        self.show_marks()

    def show_marks(self) -> None:
        """Tell of the marks, once what is under way has been painted."""
        if not self.table.marks:
            self.marks_bar.display = False
        else:
            self._marks_are_old = True
            if not self._counting:
                self._counting = True
                self.call_after_refresh(self.run_worker, self._count_marks)

    async def _count_marks(self) -> None:
        # In a thread, for adding up 100,000 rows takes longer than a key may; one at a time, and the last one counts.
        while self._marks_are_old:
            self._marks_are_old = False
            marks, own = self.table.marks, self.desk.balance
            currency = None if own is None else own.currency
            counted = await asyncio.to_thread(
                count_marks, self.KIND, self.all_rows(), marks, self.table.shown_ids(), currency
            )
            if self.table.marks:
                self.marks_bar.show_marks(counted, self.KIND.cost_words)
        self._counting = False

    def _marked(self) -> list[Row]:
        return marked_rows(self.KIND, self.all_rows(), self.table.marks)

    def chosen_rows(self) -> list[Row]:
        """Return the marked rows, those that are shown first and in their order; the current row if none is marked."""
        if not self.table.marks:
            return [] if self.table.current is None else [self.table.current]
        places = {row_id: place for place, row_id in enumerate(self.table.shown_ids())}
        return sorted(self._marked(), key=lambda row: places.get(self.KIND.row_id(row), len(places)))

    # ── keys ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what there is something for."""
        if action in ("reverse", "unsort"):
            return self.sorting.key is not None
        if action == "export":
            return bool(self.KIND.forms)
        if action == "copy_links":
            return self.KIND.link is not None
        if action == "open":
            return self.KIND.page is not None
        return super().check_action(action, parameters)

    def action_sort(self) -> None:
        """Choose what the rows are sorted by."""
        titles: dict[str | None, str] = {None: self.KIND.natural}
        titles |= {column.key: column.title for column in self.table.columns if column.key in self.KIND.sorts}
        self.post_message(self.Wanted(SortWish(titles, self.sorting, self.sort_by)))

    def action_reverse(self) -> None:
        """Turn the order around."""
        self.sort_by(self.sorting.turned())

    def action_unsort(self) -> None:
        """List the rows as they come again."""
        self.sort_by(Sorting())

    def action_columns(self) -> None:
        """Choose the columns."""
        own = self.own_columns()
        choices = self._arrangement.choices(own)
        self.post_message(self.Wanted(ColumnsWish(own, choices, self.table.drawn_widths, self.take_columns)))

    def action_copy_ids(self) -> None:
        """Copy the ids of the marked rows, or of the current one."""
        self._copy(IDS, [self.KIND.panel_id(row) for row in self.chosen_rows()], ",")

    def action_copy_links(self) -> None:
        """Copy the links of the marked rows, or of the current one."""
        if self.KIND.link is not None:
            self._copy(LINKS, list(map(self.KIND.link, self.chosen_rows())), "\n")

    def _copy(self, what: Copied, texts: Sequence[str | None], between: str) -> None:
        if texts:
            self.post_message(self.Wanted(CopyWish(what, list(filter(None, texts)), between, len(texts))))

    def action_open(self) -> None:
        """Open the link of the current row."""
        if self.KIND.page is not None and (row := self.table.current) is not None:
            self.post_message(self.Wanted(OpenWish(self.KIND.page(row) or "")))

    def action_export(self) -> None:
        """Write the marked rows to a file, or all that are shown."""
        marked = bool(self.table.marks)
        rows = self.chosen_rows() if marked else list(self.table.shown_rows())
        self.post_message(self.Wanted(ExportWish(self.KIND, rows, _("marked") if marked else _("shown"))))
