"""The columns of a `RowTable` and the places they get on a line of a given width."""

from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, pairwise
from typing import Generic, Literal, TypeVar

from msgspec import Struct
from msgspec.structs import replace
from rich.cells import cell_len
from textual.content import Content

Row = TypeVar("Row")

LEAST_WIDTH, MOST_WIDTH = 3, 200
"""The bounds of a width that the user may choose."""

GAP = 1
"""Cells between two columns; at least one, so that combining marks never reach into the neighbour's cell."""


class Column(Struct, Generic[Row], frozen=True):
    """One column: what it is called, where it stands and how a row's cell comes about.

    A `str` cell is drawn literally, never parsed as markup. A `Content` cell may use the theme's colours
    (`Content.styled("Failed", "$text-error")`) and is drawn as fast.
    """

    key: str
    """Names the column in messages and in saved settings; unique within a table."""

    title: str
    width: int
    """Cells, without the gap to the next column."""

    cell: Callable[[Row], str | Content]
    align: Literal["left", "right"] = "left"
    shown: bool = True

    grow: int = 0
    """Weight in sharing out spare cells; a column that grows also gives way, down to `min_width`, before any is cut."""

    min_width: int = 4


def titled(*columns: Column[Row]) -> tuple[Column[Row], ...]:
    """Return the columns, each wide enough for its title, which may be longer in another language."""
    return tuple(
        replace(column, width=max(column.width, cells), min_width=max(column.min_width, cells))
        for column, cells in ((column, cell_len(column.title)) for column in columns)
    )


class Placed(Struct, Generic[Row], frozen=True):
    """A column as it is drawn: how many cells it has on this line."""

    column: Column[Row]
    width: int
    fixed: bool


class Layout(Struct, Generic[Row], frozen=True):
    """Which columns are on the line, from left to right."""

    placed: tuple[Placed[Row], ...] = ()

    skipped: int = 0
    """How many columns behind the fixed ones are scrolled out on the left."""

    last_skip: int = 0
    """How many have to be scrolled out for the last column to be whole."""


def arrange(columns: Sequence[Column[Row]], room: int, fixed: int, skipped: int) -> Layout[Row]:
    """Place the shown columns on a line of `room` cells, the first `fixed` always, then those behind `skipped`."""
    shown = [column for column in columns if column.shown]
    widths = _widths(shown, room)
    last_skip = _last_skip(widths, room, fixed)
    skipped = max(0, min(skipped, last_skip))
    numbers = [*range(min(fixed, len(shown))), *range(fixed + skipped, len(shown))]
    placed: list[Placed[Row]] = []
    for number in numbers:
        if room <= 0:
            break
        placed.append(Placed(shown[number], min(widths[number], room), number < fixed))
        room -= widths[number] + GAP
    return Layout(tuple(placed), skipped, last_skip)


def _widths(columns: Sequence[Column[Row]], room: int) -> list[int]:
    spare = room - _extent([column.width for column in columns])
    if spare >= 0:
        changes = _share(spare, [column.grow for column in columns])
    else:
        slack = [max(0, column.width - column.min_width) if column.grow else 0 for column in columns]
        changes = [-change for change in _share(min(-spare, sum(slack)), slack)]
    return [column.width + change for column, change in zip(columns, changes, strict=True)]


def _extent(widths: Sequence[int]) -> int:
    return sum(widths) + GAP * max(0, len(widths) - 1)


def _share(amount: int, weights: Sequence[int]) -> list[int]:
    """Split `amount` by `weights` into whole numbers that add up to it again."""
    total = sum(weights)
    if not total:
        return [0] * len(weights)
    bounds = accumulate(weights, initial=0)
    return [amount * upper // total - amount * lower // total for lower, upper in pairwise(bounds)]


def _last_skip(widths: Sequence[int], room: int, fixed: int) -> int:
    kept, moving = widths[:fixed], widths[fixed:]
    for skip in range(len(moving)):
        if _extent([*kept, *moving[skip:]]) <= room:
            return skip
    return max(0, len(moving) - 1)


def column_at(layout: Layout[Row], x: int) -> Column[Row] | None:
    """Return the column drawn at cell `x`, counted from the start of the first column."""
    return next((placed.column for placed, left, right in _edges(layout) if left <= x <= right), None)


def edge_at(layout: Layout[Row], x: int) -> Placed[Row] | None:
    """Return the column whose right edge, the gap to the next one, is at cell `x`."""
    return next((placed for placed, _, right in _edges(layout) if x == right), None)


def _edges(layout: Layout[Row]) -> Iterator[tuple[Placed[Row], int, int]]:
    left = 0
    for placed in layout.placed:
        yield placed, left, left + placed.width
        left += placed.width + GAP
