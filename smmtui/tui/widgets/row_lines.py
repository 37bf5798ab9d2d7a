"""Drawing the lines of a `RowTable`: cells and a look go in, a strip of exactly the wanted width comes out."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Generic, NamedTuple, TypeVar

from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.cache import LRUCache
from textual.content import Content
from textual.strip import Strip
from textual.style import Style

from smmtui.domain.foreign_text import clean
from smmtui.tui.widgets.cell_text import cut
from smmtui.tui.widgets.row_columns import GAP, Layout, Placed

Row = TypeVar("Row")

Run = tuple[str, RichStyle]
"""A text in one style: what a line is gathered from; Rich's Segment takes ten times as long to make."""

Finish = Callable[[list[Segment]], list[Segment]]

SCROLLBAR = 1
"""Cells of the scrollbar, at the end of every line."""

GUTTER = 3
"""Cells before the first column: cursor, mark, change."""

KEPT_ROWS = 1024
"""A few screens of rows in each of their looks."""

_CURSOR = "row-table--cursor"

# More code points than this belong to no text that fits.
_LOOKED_AT_PER_CELL = 16


class Look(NamedTuple):
    """What is special about a row's line."""

    current: bool = False
    focused: bool = False
    marked: bool = False
    changed: bool = False

    thumb: bool = False
    """Whether the thumb of the scrollbar is on this line."""

    @property
    def one_colour(self) -> bool:
        """Whether cells give up their own colours, which need not be readable on the cursor's background."""
        return self.current and self.focused


class LinePainter(Generic[Row]):
    """Turns cells into strips, in the styles of component classes, and keeps the rows it has drawn."""

    def __init__(self, find_style: Callable[..., Style], finish: Finish) -> None:
        """`find_style` returns the style of the component classes named, later ones winning.

        `finish` does with a line's segments what is to be done with every line before it is on the screen.
        """
        self._find_style = find_style
        self._finish = finish
        self._styles: dict[tuple[str, ...], Style] = {}
        self._restyled = False
        self._kept: LRUCache[tuple[int, Look, int], tuple[Row, Strip]] = LRUCache(KEPT_ROWS)

    def forget(self) -> None:
        """Draw every row anew from now on; needed when the layout, the theme or what cells show has changed."""
        self._kept.clear()
        self._styles.clear()

    def restyle(self) -> None:
        """Look at the styles again; the rows that were drawn in one that has changed are drawn anew."""
        self._restyled = True

    def forget_row(self, row: Row) -> None:
        """Draw this row anew, in every look."""
        for key in [key for key in self._kept.keys() if key[0] == id(row)]:  # noqa: SIM118  it is no mapping
            self._kept.discard(key)

    def row(self, row: Row, layout: Layout[Row], look: Look, width: int) -> Strip:
        """Draw a row, or return what was drawn of it before."""
        if self._restyled:
            self._look_at_styles()
        key = (id(row), look, width)
        if (kept := self._kept.get(key)) is None:
            # The row is kept as well, so that its address cannot become another row's as long as it is a key.
            kept = self._kept[key] = (row, self._drawn(row, layout, look, width))
        return kept[1]

    def _drawn(self, row: Row, layout: Layout[Row], look: Look, width: int) -> Strip:
        line = self._line_style(look, fixed=False)
        fixed = self._line_style(look, fixed=True) if layout.skipped else line
        runs = self._gutter(line, look)
        one_colour, plain, plain_fixed = look.one_colour, line.rich_style, fixed.rich_style
        for placed in layout.placed:
            column = placed.column
            cell = column.cell(row)
            if isinstance(cell, str):
                text = _padded(cell, placed.width, column.align == "right")
                runs.append((text, plain_fixed if placed.fixed else plain))
            else:
                runs += _coloured(cell, placed, fixed if placed.fixed else line, one_colour=one_colour)
        return self._line(runs, _extent(layout), width, line, thumb=look.thumb)

    def header(self, layout: Layout[Row], sort_key: str | None, reverse: bool, width: int) -> Strip:
        """Draw the titles, with an arrow at the column sorted by and an angle where columns are scrolled out."""
        style = self._style_of("row-table--header")
        text = " ‹ " if layout.skipped else " " * GUTTER
        for placed in layout.placed:
            arrow = "" if placed.column.key != sort_key else "▼" if reverse else "▲"
            text += _title(placed, arrow, gap=placed is not layout.placed[-1])
        corner = ("›" if layout.skipped < layout.last_skip else " ", style.rich_style)
        return self._exactly([(text, style.rich_style)], _extent(layout), width, style, corner)

    def message(self, words: Content, line: int, lines: int, width: int) -> Strip:
        """Draw one of `lines` lines that have some words in their middle, wrapped to the width."""
        style = self._style_of("row-table--empty")
        room = width - SCROLLBAR
        texts = words.wrap(max(1, room - 2 * GUTTER))
        number = line - (lines - len(texts)) // 2
        runs, cells = _styled(texts[number], room, style) if 0 <= number < len(texts) else ([], 0)
        left = max(0, (room - cells) // 2)
        return self._line([(" " * left, style.rich_style), *runs], left + cells, width, style)

    def blank(self, width: int) -> Strip:
        """Draw a line behind the last row."""
        return self._line([], 0, width, self._style_of())

    def _line(self, runs: list[Run], cells: int, width: int, style: Style, *, thumb: bool = False) -> Strip:
        bar = self._style_of("row-table--scrollbar").rich_style
        return self._exactly(runs, cells, width, style, ("█" if thumb else " ", bar))

    def _exactly(self, runs: list[Run], cells: int, width: int, line: Style, last: Run) -> Strip:
        """Return a finished line of some cells with exactly its width, together with its last cell.

        How many cells a text takes was measured when it was cut; measuring whole lines again took most of the drawing.
        """
        room = width - SCROLLBAR
        if room < 0:
            return Strip.blank(0)
        if cells <= room:
            runs.append((" " * (room - cells), line.rich_style))
        elif cells == room + GAP and runs[-1][0].endswith(" " * GAP):
            text, style = runs[-1]
            runs[-1] = (text[:-GAP], style)
        else:
            return Strip(
                self._finish([*Strip(_joined(runs)).adjust_cell_length(room, line.rich_style), Segment(*last)]), width
            )
        runs.append(last)
        return Strip(self._finish(_joined(runs)), width)

    def _gutter(self, line: Style, look: Look) -> list[Run]:
        cursor = " " if not look.current else "▌" if look.focused else "▏"
        sign = cursor + ("●" if look.marked else " ")
        if not look.changed:
            return [(sign + " ", line.rich_style)]
        style = line if look.one_colour else self._style_of("row-table--changed")
        return [(sign, line.rich_style), ("•", style.rich_style)]

    def _look_at_styles(self) -> None:
        self._restyled = False
        before, self._styles = self._styles, {}
        changed = [names for names, style in before.items() if self._style_of(*names) != style]
        if not all(_CURSOR in names for names in changed):
            self._kept.clear()
        elif changed:
            # The focus has come or gone: only the row under the cursor looks otherwise.
            for key in [key for key in self._kept.keys() if key[1].current]:  # noqa: SIM118  it is no mapping
                self._kept.discard(key)

    def _style_of(self, *names: str) -> Style:
        if self._restyled:
            self._look_at_styles()
        # Textual looks at every pseudo class that the widget may have, each time.
        style = self._styles.get(names)
        if style is None:
            style = self._styles[names] = self._find_style(*names)
        return style

    def _line_style(self, look: Look, *, fixed: bool) -> Style:
        return self._style_of(*_names(fixed, look.marked, look.current))


def _title(placed: Placed[Row], arrow: str, *, gap: bool) -> str:
    """Return a title with an arrow; where there is no room for both, the arrow takes the gap, if there is one."""
    title, width, right = placed.column.title, placed.width, placed.column.align == "right"
    if arrow and cut(title, width + 1).cells <= width - 2:
        return _padded(f"{title} {arrow}", width, right)
    if arrow and not gap:
        return _padded(cut(title, width - 1).text + arrow, width, right)
    return _padded(title, width, right)[:-GAP] + (arrow or " " * GAP)


def _coloured(cell: Content, placed: Placed[Row], line: Style, *, one_colour: bool = False) -> list[Run]:
    """Return a cell and the gap behind it, which the last run ends with."""
    runs, cells = _styled(cell, placed.width, line, one_colour=one_colour)
    padding = " " * (placed.width - cells)
    before, behind = (padding, " " * GAP) if placed.column.align == "right" else ("", padding + " " * GAP)
    return [(before, line.rich_style), *runs, (behind, line.rich_style)]


@lru_cache(maxsize=8)
def _names(fixed: bool, marked: bool, current: bool) -> tuple[str, ...]:
    parts = (("row-table--fixed", fixed), ("row-table--marked", marked), (_CURSOR, current))
    return tuple(part for part, wanted in parts if wanted)


@lru_cache(maxsize=8192)
def _padded(cell: str, width: int, right: bool) -> str:
    """Clean a text, cut it and fill it up; most of what stands in a table stands in many of its rows."""
    text, cells = cut(clean(cell, (width + 1) * _LOOKED_AT_PER_CELL), width)
    padding = " " * (width - cells)
    return padding + text + " " * GAP if right else text + padding + " " * GAP


def _styled(cell: Content, width: int, line: Style, *, one_colour: bool = False) -> tuple[list[Run], int]:
    """Cut a cell and return it as runs with the number of cells they take."""
    # Cleaning and cutting keep one code point for each code point, and the ellipsis stands where the text broke off,
    # so the spans of the uncut cell fit the cut one.
    text, cells = cut(cell.plain, width)
    parts = Content(text, list(cell.spans), strip_control_codes=False).render(end="")
    return [
        (part, (line + (style.without_color if one_colour else style)).rich_style) for part, style in parts if part
    ], cells


def _extent(layout: Layout[Row]) -> int:
    """The cells of a line up to the gap behind its last column."""
    return GUTTER + sum(placed.width + GAP for placed in layout.placed)


def _joined(runs: Sequence[Run]) -> list[Segment]:
    """The same text with as few segments as its styles allow."""
    texts = (("".join(map(itemgetter(0), group)), style) for style, group in groupby(runs, itemgetter(1)))
    return [Segment(text, style) for text, style in texts if text]
