"""What a table draws: rows, columns, and a window over them."""

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import ClassVar, Generic, TypeVar

from textual.content import Content
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.theme import Theme
from textual.timer import Timer

from smmtui.tui.widgets.kept_lines import Finishing, KeptLines
from smmtui.tui.widgets.row_columns import Column, Layout, arrange
from smmtui.tui.widgets.row_lines import GUTTER, SCROLLBAR, LinePainter, Look
from smmtui.tui.widgets.row_marks import Marks
from smmtui.tui.widgets.row_view import RowView
from smmtui.tui.widgets.shown_rows import ShownRows

Row = TypeVar("Row")

# After so many seconds what has changed is on the screen.
_PAINTED = 0.03

HEADER = 1
"""Lines above the first row."""


class RowPane(KeptLines, Generic[Row]):
    """The drawn half of a `RowTable`: it looks only at the rows in its window, and knows nothing of keys and mouse."""

    ALLOW_SELECT = False

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"row-table--{part}" for part in ("header", "fixed", "marked", "changed", "cursor", "empty", "scrollbar")
    }

    DEFAULT_CSS = """
    RowPane {
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
        self._painter: LinePainter[Row] = LinePainter(self.get_visual_style, self.finished)
        self._drawn_for: tuple[Theme, Finishing] | None = None
        super().__init__(id=id)
        self._columns = tuple(columns)
        self._identity = identity
        self._fixed = fixed
        self._layout: Layout[Row] = Layout()
        self._rows: ShownRows[Row] = ShownRows((), None, identity)
        self._view = RowView()
        self._marks = Marks()
        self._changed: frozenset[str] = frozenset()
        self._sort: tuple[str | None, bool] = (None, False)
        self._empty = Content()
        self._fitted = Size()
        self._ahead: Timer | None = None

    def show_changed(self, ids: Collection[str]) -> None:
        """Put the sign of a change on the rows with these ids, and on no others."""
        changed = frozenset(ids)
        if changed != self._changed:
            self._changed = changed
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

    def redraw_row(self, position: int) -> None:
        """Draw the cells of one row anew, because what they show depends on more than the row."""
        self._painter.forget_row(self._rows.row(position))
        self.refresh(self._line_of(position))

    @property
    def columns(self) -> tuple[Column[Row], ...]:
        """The columns in order, hidden ones included."""
        return self._columns

    def set_columns(self, columns: Sequence[Column[Row]]) -> None:
        """Show other columns, or the same ones in another order, with other widths, some hidden."""
        self._columns = tuple(columns)
        self._arrange(self._layout.skipped)

    @property
    def drawn_widths(self) -> dict[str, int]:
        """How many cells each column has at present, by key; those scrolled out or hidden are not in it."""
        return {placed.column.key: placed.width for placed in self._layout.placed}

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

    @property
    def marks(self) -> frozenset[str]:
        """The ids of the marked rows, including rows not shown at present."""
        return self._marks.ids

    def rows_in_view(self) -> Iterator[tuple[int, Row]]:
        """Return the rows in the window with their positions."""
        view = self._view
        return ((position, self._rows.row(position)) for position in range(view.count)[view.offset :][: view.page])

    def shown_rows(self) -> Iterator[Row]:
        """Return the rows shown, in order."""
        return self._rows.rows()

    def shown_ids(self) -> Iterator[str]:
        """Return the ids of the rows shown, in order."""
        return self._rows.ids()

    def _line_of(self, position: int) -> Region:
        return Region(0, HEADER + position - self._view.offset, self.size.width, 1)

    def _arrange(self, skipped: int) -> None:
        self._layout = arrange(self._columns, self.size.width - GUTTER - SCROLLBAR, self._fixed, skipped)
        self.redraw()

    def on_resize(self) -> None:
        """Fit into the new size, unless that has been drawn already."""
        if self.size != self._fitted:
            self._fit()
            self.refresh()

    def _fit(self) -> None:
        self._fitted = self.size
        self._view = self._view.resized(max(0, self.size.height - HEADER))
        self._layout = arrange(self._columns, self.size.width - GUTTER - SCROLLBAR, self._fixed, self._layout.skipped)
        self._painter.forget()
        self.forget_lines()

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw some lines; the news of a size come after it is drawn for the first time, and rows shall be in that."""
        if self.size != self._fitted:
            self._fit()
        return super().render_lines(crop)

    def notify_style_update(self) -> None:
        """Forget what was drawn in the old style; when the focus comes or goes that is the cursor's row."""
        # Cells name colours of the theme, which need not show in the table's own styles.
        drawn_for = (self.app.current_theme, self._finish)
        if drawn_for == self._drawn_for:
            self._painter.restyle()
        else:
            self._drawn_for = drawn_for
            self._painter.forget()
        super().notify_style_update()

    def render_line(self, y: int) -> Strip:
        """Draw one line of the table, header and scrollbar included."""
        width, line = self._fitted.width, y - HEADER
        if line < 0:
            return self._painter.header(self._layout, *self._sort, width)
        if not len(self._rows):
            return self._painter.message(self._empty, line, self._view.page, width)
        if self._view.offset + line >= len(self._rows):
            return self._painter.blank(width)
        return self._row_line(line, width)

    def _plan_ahead(self) -> None:
        if self._ahead is not None:
            self._ahead.stop()
        self._ahead = self.set_timer(_PAINTED, self._draw_ahead)

    def _draw_ahead(self) -> None:
        """Draw what the next page key will show, while nobody waits for it; the painter keeps it."""
        here = self._view
        self._view = here.turned(here.page)
        for line in range(min(here.page, len(self._rows) - self._view.offset)):
            self._row_line(line, self._fitted.width)
        self._view = here

    def _row_line(self, line: int, width: int) -> Strip:
        position = self._view.offset + line
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
