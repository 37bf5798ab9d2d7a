"""The base of a screen that is a table under a filter."""

from __future__ import annotations

from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.getters import query_one

from smmtui.desk.desk import Desk
from smmtui.domain.filter_language import Query
from smmtui.tui.desk_screen import DeskScreen
from smmtui.tui.show import literal
from smmtui.tui.widgets.filter_bar import FilterBar
from smmtui.tui.widgets.row_table import RowTable


class FilteredScreen(DeskScreen):
    """The filter, its keys, and what is said about it; a subclass lists what satisfies it."""

    PLACEHOLDER: ClassVar[str] = ""
    WHAT: ClassVar[str] = ""
    """What the rows are, for the count."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", "Filter", id="screen.filter", key_display="/", tooltip="Filter the rows"),
        Binding("escape", "clear", "Clear filter", id="screen.clear", show=False, tooltip="Show all rows again"),
    ]

    table = query_one("RowTable", RowTable[Any])
    filter = query_one(FilterBar)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.text = ""

    def compose_filter(self) -> ComposeResult:
        """The filter's line."""
        yield FilterBar(self._filter, self._to_table, self.PLACEHOLDER)

    def list_rows(self, *, keep_view: bool) -> None:
        """List what satisfies the filter's text, and say so by `show_found`."""

    def why_empty(self) -> Content:
        """Return why no row is shown when the filter is not the reason."""
        return Content()

    def on_mount(self) -> None:
        """The table has the keys from the start."""
        self.set_focus(self.table)

    def _filter(self, text: str) -> None:
        if text != self.text:
            self.text = text
            self.list_rows(keep_view=False)

    def show_found(self, shown: int, of: int, query: Query) -> None:
        """Show how many rows were found, what of the filter was left out, and the words for an empty table."""
        self.filter.show_count(shown, of, self.WHAT)
        self.filter.show_problems([problem.words for problem in query.problems])
        nothing = literal(f"Nothing matches “{self.text}”. Esc clears the filter.")
        self.table.show_empty(nothing if self.text and of else self.why_empty())

    def _to_table(self) -> None:
        self.set_focus(self.table)

    def action_filter(self) -> None:
        """Go to the filter."""
        self.set_focus(self.filter.input)

    def action_clear(self) -> None:
        """Empty the filter."""
        self.filter.input.value = ""
