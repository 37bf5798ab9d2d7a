"""The marked rows of a table, and what there is to tell of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from itertools import compress
from typing import TypeVar

from msgspec import Struct

from smmtui.domain.sums import Sums, add_up
from smmtui.tui.row_kind import RowKind

Row = TypeVar("Row")


class Marked(Struct, frozen=True):
    """How many rows are marked, how many of them the filter hides, how many are not there any more, their costs."""

    marked: int
    hidden: int
    gone: int
    sums: Sums


def marked_rows(kind: RowKind[Row], rows: Sequence[Row], marks: AbstractSet[str]) -> list[Row]:
    """Return those of the rows that are marked, in their order."""
    return list(compress(rows, map(marks.__contains__, map(kind.row_id, rows))))


def count_marks(
    kind: RowKind[Row], rows: Sequence[Row], marks: frozenset[str], shown: Iterable[str], currency: str | None
) -> Marked:
    """Count the marks and add their rows up; `shown` are the ids listed, `currency` is the account's own."""
    found = marked_rows(kind, rows, marks)
    there = len(set(map(kind.row_id, found)))
    visible = len(marks.intersection(shown))
    costs = map(kind.cost, found) if kind.cost is not None else ()
    return Marked(len(marks), there - visible, len(marks) - there, add_up(costs, currency))
