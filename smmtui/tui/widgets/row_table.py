"""The big table: any number of rows, of which only the visible ones are ever looked at."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, Generic, TypeVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from smmtui.tui.shown_keys import by_key
from smmtui.tui.widgets.row_columns import column_at, edge_at
from smmtui.tui.widgets.row_drags import Drag, EdgeDrag, ThumbDrag
from smmtui.tui.widgets.row_keys import KEYS
from smmtui.tui.widgets.row_lines import GUTTER, SCROLLBAR
from smmtui.tui.widgets.row_pane import HEADER, RowPane
from smmtui.tui.widgets.row_view import RowView
from smmtui.tui.widgets.shown_rows import ShownRows

Row = TypeVar("Row")

_Told = TypeVar("_Told")  # a nested class has no part in the type variables of the class around it

WHEEL = 3
"""Rows the wheel scrolls by."""


class RowTable(RowPane[Row], can_focus=True):
    """A table of rows with an identity: a cursor, marks by id, columns that may be scrolled and hidden.

    The cursor is always on the screen: the wheel and the scrollbar take it along at the edge, so that a key never acts
    on a row that cannot be seen. Rows, row numbers and columns are replaced whole and not changed in place.

    To give `enter` another word in the footer, declare it again in a subclass:
    `BINDINGS = [Binding("enter", "select", "Order", id="table.select")]`.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*KEYS]

    _drag: Drag | None = None
    _read_keys: tuple[Mapping[str, str], Mapping[str, Sequence[Binding]]] | None = None

    # Their constructors are written out, here and on the first screen: `dataclass` takes a third of a millisecond of
    # every start to make one.
    class About(Message):
        """What all messages of a table have in common."""

        def __init__(self, table: "RowTable[Any]") -> None:
            super().__init__()
            self.table = table

        @property
        def control(self) -> "RowTable[Any]":
            """The table, so that `@on` can select by it."""
            return self.table

    class Selected(About, Generic[_Told]):
        """The user wants to open a row."""

        def __init__(self, table: "RowTable[Any]", row: _Told) -> None:
            super().__init__(table)
            self.row = row

    class CursorMoved(About, Generic[_Told]):
        """Another row is the current one; None when there are no rows."""

        def __init__(self, table: "RowTable[Any]", row: _Told | None) -> None:
            super().__init__(table)
            self.row = row

    class MarksChanged(About):
        """The marks are others now."""

    class HeaderClicked(About):
        """The title of a column was clicked."""

        def __init__(self, table: "RowTable[Any]", key: str) -> None:
            super().__init__(table)
            self.key = key

    class ColumnResized(About):
        """The edge of a column was dragged; it has its new width already."""

        def __init__(self, table: "RowTable[Any]", key: str, width: int) -> None:
            super().__init__(table)
            self.key, self.width = key, width

    async def on_key(self, event: events.Key) -> None:
        """Do at once what is bound here; Textual would look for it when the key has been through all that is around."""
        for binding in self._own_keys.get(event.key, ()):
            if not binding.priority and await self.app.run_action(binding.action, self):
                event.stop()
                return

    @property
    def _own_keys(self) -> Mapping[str, Sequence[Binding]]:
        if self._read_keys is None or self._read_keys[0] is not self.app._keymap:
            self._read_keys = (self.app._keymap, by_key(self))
        return self._read_keys[1]

    def show_rows(
        self,
        rows: Sequence[Row],
        numbers: Sequence[int] | None = None,
        *,
        keep_view: bool = True,
        ascending: bool = False,
    ) -> None:
        """Show these rows, in the order of `numbers` (indexes into `rows`), or all of them.

        The cursor stays with its row, and the row on its line of the screen. If the row is gone, the cursor stays at
        its position, which is right for news in the background, or with `keep_view=False` goes to the first row, which
        is right when the user has changed what is listed. Passing the very same `rows` again is cheapest,
        with `ascending` if the numbers are in the order of the rows.
        """
        before, was = self._rows, self.current_id
        self._rows = ShownRows(rows, numbers, self._identity, ascending=ascending)
        found = self._rows.find_again(self._view.cursor, before) if len(before) else None
        cursor = found if found is not None else self._view.cursor if keep_view else 0
        self._view = self._view.over(len(self._rows), cursor)
        self._marks.end_range()
        self.refresh()
        if self.current_id != was:
            self.post_message(self.CursorMoved(self, self.current))

    def move_to(self, row_id: str) -> bool:
        """Put the cursor on the row with this id and say whether it is shown at all."""
        position = self._rows.find(row_id)
        if position is not None:
            self._go(self._view.at(position))
        return position is not None

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
            self._plan_ahead()
        elif view.cursor != before.cursor:
            self.refresh(*(self._line_of(position) for position in (before.cursor, view.cursor)))
        if view.cursor != before.cursor:
            self.post_message(self.CursorMoved(self, self.current))

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
        if (where := event.get_content_offset(self)) is None:
            return
        if where.y < HEADER:
            if placed := edge_at(self._layout, where.x - GUTTER):
                self._grab(EdgeDrag(self, placed, where.x))
        elif where.x >= self.size.width - SCROLLBAR:
            event.stop()
            self.suppress_click()
            self._press_scrollbar(where.y - HEADER)

    def _press_scrollbar(self, line: int) -> None:
        thumb = self._view.thumb()
        if line in thumb:
            self._grab(ThumbDrag(self, HEADER + line - thumb.start))
        elif thumb:
            self.action_page(-1 if line < thumb.start else 1)

    def _grab(self, drag: Drag) -> None:
        self._drag = drag
        self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if self._drag is not None:
            self._drag.move(event.get_content_offset_capture(self))

    def on_mouse_up(self) -> None:
        if self._drag is not None:
            drag, self._drag = self._drag, None
            self.release_mouse()
            drag.end()
