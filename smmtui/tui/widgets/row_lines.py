"""Drawing the lines of a `RowTable`: cells and a look go in, a strip of exactly the wanted width comes out."""

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
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

SCROLLBAR = 1
"""Cells of the scrollbar, at the end of every line."""

GUTTER = 3
"""Cells before the first column: cursor, mark, change."""

KEPT_ROWS = 1024
"""A few screens of rows in each of their looks."""

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

    def __init__(self, find_style: Callable[..., Style], finish: Callable[[Strip], Strip]) -> None:
        """`find_style` returns the style of the component classes named, later ones winning.

        `finish` does with the line of a row what is to be done with every line before it is on the screen.
        """
        self._find_style = find_style
        self._finish = finish
        self._styles: dict[tuple[str, ...], Style] = {}
        self._kept: LRUCache[tuple[int, Look, int], tuple[Row, Strip]] = LRUCache(KEPT_ROWS)

    def forget(self) -> None:
        """Draw every row anew from now on; needed when the layout, a style or what cells show has changed."""
        self._kept.clear()
        self._styles.clear()

    def forget_row(self, row: Row) -> None:
        """Draw this row anew, in every look."""
        for key in [key for key in self._kept.keys() if key[0] == id(row)]:  # noqa: SIM118  it is no mapping
            self._kept.discard(key)

    def row(self, row: Row, layout: Layout[Row], look: Look, width: int) -> Strip:
        """Draw a row, or return what was drawn of it before."""
        key = (id(row), look, width)
        if (kept := self._kept.get(key)) is None:
            # The row is kept as well, so that its address cannot become another row's as long as it is a key.
            kept = self._kept[key] = (row, self._finish(self._drawn(row, layout, look, width)))
        return kept[1]

    def _drawn(self, row: Row, layout: Layout[Row], look: Look, width: int) -> Strip:
        line = self._line_style(look, fixed=False)
        fixed = self._line_style(look, fixed=True) if layout.skipped else line
        segments = list(self._gutter(line, look))
        cells = GUTTER
        for placed in layout.placed:
            cells += placed.width + GAP
            style = fixed if placed.fixed else line
            segments += _cell(placed.column.cell(row), placed, style, one_colour=look.one_colour)
        return self._line(segments, cells, width, line, thumb=look.thumb)

    def header(self, layout: Layout[Row], sort_key: str | None, reverse: bool, width: int) -> Strip:
        """Draw the titles, with an arrow at the column sorted by and an angle where columns are scrolled out."""
        style = self._style_of("row-table--header")
        segments = [Segment(" ‹ " if layout.skipped else " " * GUTTER, style.rich_style)]
        for placed in layout.placed:
            arrow = "" if placed.column.key != sort_key else "▼" if reverse else "▲"
            segments += _title(placed, arrow, style, gap=placed is not layout.placed[-1])
        corner = Segment("›" if layout.skipped < layout.last_skip else " ", style.rich_style)
        return _exactly(segments, _extent(layout), width, style, corner)

    def message(self, words: Content, line: int, lines: int, width: int) -> Strip:
        """Draw one of `lines` lines that have some words in their middle, wrapped to the width."""
        style = self._style_of("row-table--empty")
        room = width - SCROLLBAR
        texts = words.wrap(max(1, room - 2 * GUTTER))
        number = line - (lines - len(texts)) // 2
        segments, cells = _styled(texts[number], room, style) if 0 <= number < len(texts) else ([], 0)
        left = max(0, (room - cells) // 2)
        return self._line([Segment(" " * left, style.rich_style), *segments], left + cells, width, style)

    def blank(self, width: int) -> Strip:
        """Draw a line behind the last row."""
        return self._line([], 0, width, self._style_of())

    def _line(self, segments: list[Segment], cells: int, width: int, style: Style, *, thumb: bool = False) -> Strip:
        bar = self._style_of("row-table--scrollbar").rich_style
        return _exactly(segments, cells, width, style, Segment("█" if thumb else " ", bar))

    def _gutter(self, line: Style, look: Look) -> Iterator[Segment]:
        cursor = " " if not look.current else "▌" if look.focused else "▏"
        yield Segment(cursor + ("●" if look.marked else " "), line.rich_style)
        if look.changed:
            style = self._style_of("row-table--changed")
            yield Segment("•", line.rich_style if look.one_colour else style.rich_style)
        else:
            yield Segment(" ", line.rich_style)

    def _style_of(self, *names: str) -> Style:
        # Textual looks at every pseudo class that the widget may have, each time.
        style = self._styles.get(names)
        if style is None:
            style = self._styles[names] = self._find_style(*names)
        return style

    def _line_style(self, look: Look, *, fixed: bool) -> Style:
        names = (("fixed", fixed), ("marked", look.marked), ("cursor", look.current))
        return self._style_of(*(f"row-table--{name}" for name, wanted in names if wanted))


def _title(placed: Placed[Row], arrow: str, style: Style, *, gap: bool) -> list[Segment]:
    """Return a title with an arrow; where there is no room for both, the arrow takes the gap, if there is one."""
    title = placed.column.title
    if arrow and cut(title, placed.width + 1).cells <= placed.width - 2:
        return _cell(f"{title} {arrow}", placed, style)
    if arrow and not gap:
        return _cell(cut(title, placed.width - 1).text + arrow, placed, style)
    segments = _cell(title, placed, style)
    # A gap is the one cell that ends the last segment.
    last = segments[-1]
    return [*segments[:-1], Segment(last.text[:-GAP] + (arrow or " " * GAP), last.style)]


def _cell(cell: str | Content, placed: Placed[Row], line: Style, *, one_colour: bool = False) -> list[Segment]:
    """Return a cell and the gap behind it, which the last segment ends with."""
    right = placed.column.align == "right"
    if isinstance(cell, str):
        return [Segment(_padded(cell, placed.width, right), line.rich_style)]
    segments, cells = _styled(cell, placed.width, line, one_colour=one_colour)
    padding = " " * (placed.width - cells)
    before, behind = (padding, " " * GAP) if right else ("", padding + " " * GAP)
    return [Segment(before, line.rich_style), *segments, Segment(behind, line.rich_style)]


@lru_cache(maxsize=8192)
def _padded(cell: str, width: int, right: bool) -> str:
    """Clean a text, cut it and fill it up; most of what stands in a table stands in many of its rows."""
    text, cells = cut(clean(cell, (width + 1) * _LOOKED_AT_PER_CELL), width)
    padding = " " * (width - cells)
    return padding + text + " " * GAP if right else text + padding + " " * GAP


def _styled(cell: Content, width: int, line: Style, *, one_colour: bool = False) -> tuple[list[Segment], int]:
    """Cut a cell and return it as segments with the number of cells they take."""
    # Cleaning and cutting keep one code point for each code point, and the ellipsis stands where the text broke off,
    # so the spans of the uncut cell fit the cut one.
    text, cells = cut(cell.plain, width)
    parts = Content(text, list(cell.spans), strip_control_codes=False).render(end="")
    return [
        Segment(part, (line + (style.without_color if one_colour else style)).rich_style)
        for part, style in parts
        if part
    ], cells


def _extent(layout: Layout[Row]) -> int:
    """The cells of a line up to the gap behind its last column."""
    return GUTTER + sum(placed.width + GAP for placed in layout.placed)


def _exactly(segments: list[Segment], cells: int, width: int, line: Style, last: Segment) -> Strip:
    """Return a line of some cells with exactly its width, together with its last cell.

    How many cells a text takes was measured when it was cut; measuring whole lines again took most of the drawing.
    """
    room = width - SCROLLBAR
    if room < 0:
        return Strip.blank(0)
    if cells == room + GAP and segments[-1].text.endswith(" " * GAP):
        end = segments[-1]
        return Strip([*_joined([*segments[:-1], Segment(end.text[:-GAP], end.style)]), last], width)
    if cells > room:
        return Strip([*Strip(_joined(segments)).adjust_cell_length(room, line.rich_style), last], width)
    return Strip([*_joined([*segments, Segment(" " * (room - cells), line.rich_style)]), last], width)


def _joined(segments: Iterable[Segment]) -> list[Segment]:
    """The same text with as few segments as its styles allow."""
    joined: list[Segment] = []
    texts: list[str] = []
    last: RichStyle | None = None
    for text, style, _control in segments:
        if style is not last and style != last:
            if whole := "".join(texts):
                joined.append(Segment(whole, last))
            texts, last = [], style
        texts.append(text)
    if whole := "".join(texts):
        joined.append(Segment(whole, last))
    return joined
