"""What the mouse can take hold of in a `RowTable`: the thumb of its scrollbar, the edge of a column."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from msgspec.structs import replace
from textual.geometry import Offset

from smmtui.tui.widgets.row_columns import LEAST_WIDTH, MOST_WIDTH, Placed

if TYPE_CHECKING:
    from smmtui.tui.widgets.row_table import RowTable


class Drag(Protocol):
    """Something that follows the mouse while its button is down."""

    def move(self, to: Offset) -> None:
        """Follow the mouse to this cell of the table."""

    def end(self) -> None:
        """The button was let go."""


class ThumbDrag:
    """The rows follow the thumb."""

    def __init__(self, table: RowTable[Any], grip: int) -> None:
        """`grip` is the line of the mouse when the thumb is at the top of its way."""
        self._table = table
        self._grip = grip

    def move(self, to: Offset) -> None:
        """Scroll so that the thumb is at the mouse."""
        view = self._table.view
        self._table.action_scroll_rows(view.offset_for_thumb(to.y - self._grip) - view.offset)

    def end(self) -> None:
        """Stay where it is."""


class EdgeDrag:
    """A column gets wider or narrower with its right edge; a press without a move is a click on the title."""

    def __init__(self, table: RowTable[Any], placed: Placed[Any], start: int) -> None:
        self._table = table
        self._key = placed.column.key
        self._before = self._width = placed.width
        self._start = start

    def move(self, to: Offset) -> None:
        """Put the edge where the mouse is."""
        width = max(LEAST_WIDTH, min(self._before + to.x - self._start, MOST_WIDTH))
        if width != self._width:
            self._width = width
            self._table.suppress_click()
            self._table.set_columns([self._resized(column) for column in self._table.columns])

    def _resized(self, column: Any) -> Any:
        return replace(column, width=self._width, grow=0) if column.key == self._key else column

    def end(self) -> None:
        """Tell the width, if it is another one."""
        if self._width != self._before:
            self._table.post_message(self._table.ColumnResized(self._table, self._key, self._width))
