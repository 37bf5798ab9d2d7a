"""How the user has arranged a table: sorted by what, which columns in which order and width."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Self, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from smmtui.tui.widgets.row_columns import LEAST_WIDTH, MOST_WIDTH, Column

Row = TypeVar("Row")


class Sorting(Struct, frozen=True):
    """The column that rows are sorted by; None for the order in which they come."""

    key: str | None = None
    reverse: bool = False

    def by(self, key: str | None) -> Sorting:
        """Return the order by a column; the same one again is turned around."""
        return Sorting(key, key is not None and key == self.key and not self.reverse)

    def turned(self) -> Sorting:
        """Return the other direction; rows as they come have none."""
        return Sorting(self.key, self.key is not None and not self.reverse)

    def among(self, keys: Collection[str]) -> Sorting:
        """Return this order if its column is one of `keys`, else rows as they come."""
        return self if self.key in keys else Sorting()


def _bounded(width: int) -> int:
    return max(LEAST_WIDTH, min(width, MOST_WIDTH))


class ColumnChoice(Struct, frozen=True):
    """What the user has chosen for one column; None where it is as the table has it."""

    key: str
    shown: bool | None = None
    width: int | None = None

    @classmethod
    def read(cls, value: object) -> Self | None:
        """Return what is remembered of a column, None where that makes no sense; a bad part is left out."""
        if not isinstance(value, dict) or not isinstance(key := value.get("key"), str):
            return None
        shown, width = value.get("shown"), value.get("width")
        return cls(key, shown if isinstance(shown, bool) else None, _bounded(width) if type(width) is int else None)

    def written(self) -> dict[str, Any]:
        """Return it as JSON."""
        parts = {"key": self.key, "shown": self.shown, "width": self.width}
        return {name: part for name, part in parts.items() if part is not None}

    def resized(self, width: int) -> ColumnChoice:
        """Return the choice with another width, within the bounds."""
        return replace(self, width=_bounded(width))

    def of(self, column: Column[Row]) -> Column[Row]:
        """Return the column as chosen; a chosen width neither grows nor gives way."""
        if self.shown is not None:
            column = replace(column, shown=self.shown)
        return column if self.width is None else replace(column, width=self.width, grow=0)


class Arrangement(Struct, frozen=True):
    """The sorting, and the columns in order as far as they were chosen; without any the table's own ones."""

    sorting: Sorting = Sorting()
    columns: tuple[ColumnChoice, ...] = ()

    @classmethod
    def read(cls, value: object) -> Self:
        """Return what is remembered; whatever makes no sense, or is of another version, is left out."""
        if not isinstance(value, dict):
            return cls()
        key, reverse, columns = value.get("sort"), value.get("reverse"), value.get("columns")
        sorting = Sorting(key, reverse is True) if isinstance(key, str) else Sorting()
        choices = map(ColumnChoice.read, columns if isinstance(columns, list) else ())
        return cls(sorting, tuple(choice for choice in choices if choice is not None))

    def written(self) -> dict[str, Any] | None:
        """Return it as JSON, None where nothing was chosen."""
        parts: dict[str, Any] = {}
        if self.sorting.key is not None:
            parts = {"sort": self.sorting.key, "reverse": self.sorting.reverse}
        if self.columns:
            parts["columns"] = [choice.written() for choice in self.columns]
        return parts or None

    def choices(self, columns: Sequence[Column[Row]]) -> tuple[ColumnChoice, ...]:
        """Return a choice for each of these columns, in the order chosen; a column not chosen follows its neighbour."""
        keys = [column.key for column in columns]
        chosen = {choice.key: choice for choice in reversed(self.columns) if choice.key in keys}
        order = [choice.key for choice in self.columns if choice is chosen.get(choice.key)]
        for place, key in enumerate(keys):
            if key not in chosen:
                order.insert(order.index(keys[place - 1]) + 1 if place else 0, key)
        return tuple(chosen.get(key, ColumnChoice(key)) for key in order)

    def arranged(self, columns: Sequence[Column[Row]]) -> tuple[Column[Row], ...]:
        """Return the columns as chosen; at least one of them is shown."""
        by_key: Mapping[str, Column[Row]] = {column.key: column for column in columns}
        arranged = tuple(choice.of(by_key[choice.key]) for choice in self.choices(columns))
        return arranged if any(column.shown for column in arranged) else tuple(columns)

    def resized(self, columns: Sequence[Column[Row]], key: str, width: int) -> Arrangement:
        """Return the arrangement with another width of one of these columns."""
        choices = (choice.resized(width) if choice.key == key else choice for choice in self.choices(columns))
        return replace(self, columns=tuple(choices))
