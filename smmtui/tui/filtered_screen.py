"""The base of a screen that is a table under a filter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from smmtui.domain.filter_language import Query
from smmtui.tui.table_screen import TableScreen
from smmtui.tui.widgets.chips import Chip
from smmtui.tui.with_filter import WithFilter

Row = TypeVar("Row")


class FilteredScreen(WithFilter, TableScreen[Row]):
    """The table, its keys, and the filter above it; a subclass lists what satisfies the filter, in order."""

    def counted(self, number: int) -> str:
        """Return so many rows in words."""
        return self.KIND.counted(number)

    def show_found(self, shown: int, of: int, query: Query) -> None:
        """Show what was found, and how many marks are hidden now."""
        super().show_found(shown, of, query)
        self.show_marks()

    def more_chips(self) -> Sequence[Chip]:
        """Return the sorting, if there is one; a click takes it away."""
        words = self.sorting_words
        return [*super().more_chips(), *([Chip(words, "screen.unsort")] if words else [])]
