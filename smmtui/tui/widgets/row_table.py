"""The big table: any number of rows, of which only the visible ones are ever looked at."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from textual import events
from textual.binding import BindingType
from textual.content import Content
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from smmtui.tui.widgets.row_columns import Column, Layout, arrange, column_at
from smmtui.tui.widgets.row_keys import KEYS
from smmtui.tui.widgets.row_lines import GUTTER, SCROLLBAR, LinePainter, Look
from smmtui.tui.widgets.row_marks import Marks
from smmtui.tui.widgets.row_view import RowView
from smmtui.tui.widgets.shown_rows import ShownRows

Row = TypeVar("Row")

_Told = TypeVar("_Told")  # a nested class has no part in the type variables of the class around it

HEADER = 1
"""Lines above the first row."""

WHEEL = 3
"""Rows the wheel scrolls by."""


class RowTable(Widget, Generic[Row], can_focus=True):
    """A table of rows with an identity: a cursor, marks by id, columns that may be scrolled and hidden.

    The cursor is always on the screen: the wheel and the scrollbar take it along at the edge, so that a key never acts
    on a row that cannot be seen. Rows, row numbers and columns are replaced whole and not changed in place.

    To give `enter` another word in the footer, declare it again in a subclass:
    `BINDINGS = [Binding("enter", "select", "Order", id="table.select")]`.
    """

    ALLOW_SELECT = False

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"row-table--{part}" for part in ("header", "fixed", "marked", "changed", "cursor", "empty", "scrollbar")
    }

    DEFAULT_CSS = """
    RowTable {
        width: 1fr;
        height: 1fr;
        background: $surface;
        color: $foreground;

        & > .row-table--header { background: $panel; color: $foreground; text-style: bold; }
        & > .row-table--fixed { background: $panel; }
        & > .row-table--marked { color: $text-accent; text-style: bold; }
        & > .row-table--changed { color: $text-warning; text-style: bold; }
        & > .row-table--cursor {
            background: $block-cursor-blurred-background;
            color: $block-cursor-blurred-foreground;
        }
        & > .row-table--empty { color: $foreground-muted; }
        & > .row-table--scrollbar { background: $scrollbar-background; color: $scrollbar; }
        &:focus > .row-table--cursor {
            background: $block-cursor-background;
            color: $block-cursor-foreground;
            text-style: $block-cursor-text-style;
        }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [*KEYS]

    @dataclass
    class About(Message):
        """What all messages of a table have in common."""

        table: "RowTable[Any]"

        @property
        def control(self) -> "RowTable[Any]":
            """The table, so that `@on` can select by it."""
            return self.table

    @dataclass
    class Selected(About, Generic[_Told]):
        """The user wants to open a row."""

        row: _Told

    @dataclass
    class CursorMoved(About, Generic[_Told]):
        """Another row is the current one; None when there are no rows."""

        row: _Told | None

    @dataclass
    class MarksChanged(About):
        """The marks are others now."""

    @dataclass
    class HeaderClicked(About):
        """The title of a column was clicked."""

        key: str

    def __init__(
        self,
        columns: Sequence[Column[Row]],
        identity: Callable[[Row], str],
        *,
        fixed: int = 1,
        id: str | None = None,
    ) -> None:
        """Make a table without rows.

        Args:
            columns: the columns in the order in which they are drawn, hidden ones included.
            identity: gives a row's id, by which cursor and marks hold on to it; fastest as an `attrgetter`.
            fixed: how many of the shown columns stay when scrolling sideways.
            id: as for every widget.
        """
        # Widget's constructor already tells of a change of style.
        self._painter: LinePainter[Row] = LinePainter(self.get_visual_style)
        super().__init__(id=id)
        self._columns = tuple(columns)
        self._identity = identity
        self._fixed = fixed
        self._layout: Layout[Row] = Layout()
        self._rows: ShownRows[Row] = ShownRows((), None, identity)
        self._view = RowView()
        self._marks = Marks()
        self._changed: Collection[str] = frozenset()
        self._sort: tuple[str | None, bool] = (None, False)
        self._empty = Content()
        self._grabbed: int | None = None

    def show_rows(self, rows: Sequence[Row], numbers: Sequence[int] | None = None, *, keep_view: bool = True) -> None:
        """Show these rows, in the order of `numbers` (indexes into `rows`), or all of them.

        The cursor stays with its row, and the row on its line of the screen. If the row is gone, the cursor stays at
        its position, which is right for news in the background, or with `keep_view=False` goes to the first row, which
        is right when the user has changed what is listed. Passing the very same `rows` again is cheapest.
        """
        before, was = self._rows, self.current_id
        self._rows = ShownRows(rows, numbers, self._identity)
        found = self._rows.find_again(self._view.cursor, before) if len(before) else None
        cursor = found if found is not None else self._view.cursor if keep_view else 0
        self._view = self._view.over(len(self._rows), cursor)
        self._marks.end_range()
        self.refresh()
        if self.current_id != was:
            self.post_message(self.CursorMoved(self, self.current))

    def show_changed(self, ids: Collection[str]) -> None:
        """Put the sign of a change on the rows with these ids, and on no others."""
        self._changed = frozenset(ids)
        self.refresh()

    def show_empty(self, message: Content) -> None:
        """Set the words that stand in the middle when there are no rows."""
        self._empty = message
        self.refresh()

    def sort_shown(self, key: str | None, reverse: bool = False) -> None:
        """Put the arrow of the sort order on the title of a column; sorting the rows is the caller's part."""
        self._sort = (key, reverse)
        self.refresh(Region(0, 0, self.size.width, HEADER))

    def redraw(self) -> None:
        """Draw all cells anew, because what they show depends on more than the row: a clock, a setting."""
        self._painter.forget()
        self.refresh()

    @property
    def columns(self) -> tuple[Column[Row], ...]:
        """The columns in order, hidden ones included."""
        return self._columns

    def set_columns(self, columns: Sequence[Column[Row]]) -> None:
        """Show other columns, or the same ones in another order, with other widths, some hidden."""
        self._columns = tuple(columns)
        self._arrange(self._layout.skipped)

    @property
    def current(self) -> Row | None:
        """The row under the cursor."""
        return self._rows.row(self._view.cursor) if len(self._rows) else None

    @property
    def current_id(self) -> str | None:
        """The id of the row under the cursor."""
        return self._rows.id(self._view.cursor) if len(self._rows) else None

    @property
    def view(self) -> RowView:
        """Where cursor and window stand: `view.offset` rows are above the screen, `view.count` are listed."""
        return self._view

    def move_to(self, row_id: str) -> bool:
        """Put the cursor on the row with this id and say whether it is shown at all."""
        position = self._rows.find(row_id)
        if position is not None:
            self._go(self._view.at(position))
        return position is not None

    @property
    def marks(self) -> frozenset[str]:
        """The ids of the marked rows, including rows not shown at present."""
        return self._marks.ids

    def shown_ids(self) -> Iterator[str]:
        """Return the ids of the rows shown, in order."""
        return self._rows.ids()

    def set_marks(self, ids: Iterable[str]) -> None:
        """Mark exactly the rows with these ids."""
        if self._marks.put(ids):
            self.refresh()
            self.post_message(self.MarksChanged(self))

    def action_toggle_mark(self) -> None:
        """Mark the current row, or unmark it."""
        if (row_id := self.current_id) is not None:
            self.set_marks(self.marks ^ {row_id})

    def action_mark(self) -> None:
        """Mark or unmark the current row and move down."""
        self.action_toggle_mark()
        self.action_move(1)

    def action_mark_all_shown(self) -> None:
        """Mark all rows shown, besides those already marked."""
        self.set_marks(self.marks.union(self.shown_ids()))

    def action_unmark_all(self) -> None:
        """Remove all marks, also from rows not shown."""
        self.set_marks(())

    def action_invert_marks(self) -> None:
        """Mark the rows shown that are not marked, and unmark the others shown."""
        self.set_marks(self.marks.symmetric_difference(self.shown_ids()))

    def action_range(self, step: int) -> None:
        """Move a row up or down and mark all rows from where the range began."""
        if not len(self._rows):
            return
        anchor = self._marks.anchor(self._view.cursor)
        self._look_from(self._view.at(self._view.cursor + step))
        first, last = sorted((anchor, self._view.cursor))
        if self._marks.stretch(map(self._rows.id, range(first, last + 1))):
            self.refresh()
            self.post_message(self.MarksChanged(self))

    def _go(self, view: RowView) -> None:
        """Move cursor and window, and draw no more than has changed."""
        self._marks.end_range()
        self._look_from(view)

    def _look_from(self, view: RowView) -> None:
        before, self._view = self._view, view
        if view.offset != before.offset:
            self.refresh()
        elif view.cursor != before.cursor:
            self.refresh(*(self._line_of(position) for position in (before.cursor, view.cursor)))
        if view.cursor != before.cursor:
            self.post_message(self.CursorMoved(self, self.current))

    def _line_of(self, position: int) -> Region:
        return Region(0, HEADER + position - self._view.offset, self.size.width, 1)

    def _arrange(self, skipped: int) -> None:
        self._layout = arrange(self._columns, self.size.width - GUTTER - SCROLLBAR, self._fixed, skipped)
        self.redraw()

    def action_move(self, rows: int) -> None:
        """Move the cursor by some rows."""
        self._go(self._view.at(self._view.cursor + rows))

    def action_first(self) -> None:
        """Move the cursor to the first row."""
        self._go(self._view.at(0))

    def action_last(self) -> None:
        """Move the cursor to the last row."""
        self._go(self._view.at(self._view.count - 1))

    def action_page(self, pages: int) -> None:
        """Turn whole pages."""
        self._go(self._view.turned(pages * max(1, self._view.page)))

    def action_half_page(self, halves: int) -> None:
        """Turn half pages."""
        self._go(self._view.turned(halves * max(1, self._view.page // 2)))

    def action_scroll_rows(self, rows: int) -> None:
        """Scroll by some rows, taking the cursor along at the edge."""
        self._go(self._view.scrolled_to(self._view.offset + rows))

    def action_scroll_columns(self, columns: int) -> None:
        """Scroll sideways by whole columns, as far as there is something to see."""
        if 0 <= self._layout.skipped + columns <= self._layout.last_skip:
            self._arrange(self._layout.skipped + columns)

    def action_select(self) -> None:
        """Tell that the user wants to open the current row."""
        if (row := self.current) is not None:
            self.post_message(self.Selected(self, row))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._wheel(event, 1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._wheel(event, -1)

    def _wheel(self, event: events.MouseEvent, direction: int) -> None:
        event.stop()
        if event.shift or event.ctrl:
            self.action_scroll_columns(direction)
        else:
            self.action_scroll_rows(direction * WHEEL)

    def on_click(self, event: events.Click) -> None:
        where = event.get_content_offset(self)
        if where is None or where.x >= self.size.width - SCROLLBAR:
            return
        position = self._view.offset + where.y - HEADER
        if where.y < HEADER:
            if column := column_at(self._layout, where.x - GUTTER):
                self.post_message(self.HeaderClicked(self, column.key))
        elif position < len(self._rows):
            self._click_row(position, on_gutter=where.x < GUTTER, double=event.chain == 2)

    def _click_row(self, position: int, *, on_gutter: bool, double: bool) -> None:
        again = position == self._view.cursor
        self._go(self._view.at(position))
        if on_gutter:
            self.action_toggle_mark()
        elif double and again:
            self.action_select()

    def on_mouse_down(self, event: events.MouseDown) -> None:
        where = event.get_content_offset(self)
        if where is None or where.x < self.size.width - SCROLLBAR or where.y < HEADER:
            return
        event.stop()
        self.suppress_click()
        line, thumb = where.y - HEADER, self._view.thumb()
        if line in thumb:
            self._grabbed = line - thumb.start
            self.capture_mouse()
        elif thumb:
            self.action_page(-1 if line < thumb.start else 1)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if self._grabbed is not None:
            line = event.get_content_offset_capture(self).y - HEADER
            self._go(self._view.scrolled_to(self._view.offset_for_thumb(line - self._grabbed)))

    def on_mouse_up(self) -> None:
        if self._grabbed is not None:
            self._grabbed = None
            self.release_mouse()

    def on_resize(self) -> None:
        self._view = self._view.resized(max(0, self.size.height - HEADER))
        self._arrange(self._layout.skipped)

    def notify_style_update(self) -> None:
        """Forget what was drawn in the old style."""
        self._painter.forget()
        super().notify_style_update()

    def render_line(self, y: int) -> Strip:
        """Draw one line of the table, header and scrollbar included."""
        width, line = self.size.width, y - HEADER
        if line < 0:
            return self._painter.header(self._layout, *self._sort, width)
        if not len(self._rows):
            return self._painter.message(self._empty, line, self._view.page, width)
        return self._row_line(line, width)

    def _row_line(self, line: int, width: int) -> Strip:
        position = self._view.offset + line
        if position >= len(self._rows):
            return self._painter.blank(width)
        row_id = self._rows.id(position)
        current = position == self._view.cursor
        look = Look(
            current,
            focused=current and self.has_focus,
            marked=row_id in self._marks.ids,
            changed=row_id in self._changed,
            thumb=line in self._view.thumb(),
        )
        return self._painter.row(self._rows.row(position), self._layout, look, width)
