"""The rows of a table in the order they are shown."""

import operator
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from typing import Generic, TypeVar

Row = TypeVar("Row")

NEAR = 200
"""News move a row by a few positions as a rule, so it pays to look there before looking everywhere."""


class ShownRows(Generic[Row]):
    """A list of rows and the numbers of those shown, in order; neither may be changed afterwards.

    Nothing here is done row by row in Python: with 100,000 rows that would be felt. `ascending` says that the numbers
    are in the order of the rows, which makes it easy to find one of them.
    """

    def __init__(
        self,
        rows: Sequence[Row],
        numbers: Sequence[int] | None,
        identity: Callable[[Row], str],
        *,
        ascending: bool = False,
    ) -> None:
        self._rows = rows
        self._numbers = range(len(rows)) if numbers is None else numbers
        self._identity = identity
        self._ascending = ascending

    def __len__(self) -> int:
        return len(self._numbers)

    def row(self, position: int) -> Row:
        """Return the row shown at a position; raises IndexError behind the end."""
        return self._rows[self._numbers[position]]

    def id(self, position: int) -> str:
        """Return the id of the row shown at a position; raises IndexError behind the end."""
        return self._identity(self.row(position))

    def rows(self) -> Iterator[Row]:
        """Return the rows shown, in order."""
        everything = isinstance(self._numbers, range) and self._numbers == range(len(self._rows))
        return iter(self._rows) if everything else map(self._rows.__getitem__, self._numbers)

    def ids(self) -> Iterator[str]:
        """Return the ids of the rows shown, in order."""
        return map(self._identity, self.rows())

    def find(self, row_id: str, near: int = 0) -> int | None:
        """Return the position at which the row with this id is shown, looked for around `near` first."""
        around = range(max(0, near - NEAR), min(len(self), near + NEAR))
        for start, ids in ((around.start, map(self.id, around)), (0, self.ids())):
            try:
                return start + operator.indexOf(ids, row_id)
            except ValueError:
                continue
        return None

    def find_again(self, position: int, before: "ShownRows[Row]") -> int | None:
        """Return where the row is shown that stood at `position` before."""
        row_id = before.id(position)
        if position < len(self) and self.id(position) == row_id:
            return position
        if self._rows is not before._rows:
            return self.find(row_id, position)
        number = before._numbers[position]
        if self._ascending:
            place = bisect_left(self._numbers, number)
            return place if place < len(self) and self._numbers[place] == number else None
        try:
            return self._numbers.index(number)
        except ValueError:
            return None
