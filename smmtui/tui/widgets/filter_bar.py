"""The line with the filter and the count; the table is filtered in the same paint as the key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Input, Static

from smmtui.tui.show import literal


class FilterInput(Input):
    """An input that tells its owner of a change at once.

    Input's own message arrives one turn of the loop later, and the table would be painted after the next frame only.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,down", "leave(True)", "To the table", id="filter.to_table", tooltip="Go to the rows found"),
        Binding("escape", "leave(False)", "Leave", id="filter.leave", tooltip="Leave the filter; again clears it"),
    ]

    def __init__(self, changed: Callable[[str], None], leave: Callable[[], None], placeholder: str) -> None:
        super().__init__(placeholder=placeholder, select_on_focus=False, compact=True)
        self._told = changed
        self._leave = leave

    def watch_value(self, value: str) -> None:
        """Tell the owner."""
        self._told(value)

    def action_leave(self, to_table: bool) -> None:
        """Leave for the table; Esc in an empty filter leaves as well."""
        self._leave()


class FilterBar(Vertical):
    """The filter, how many rows it leaves, and what of it could not be understood."""

    input = query_one(FilterInput)
    found = query_one("#found", Static)
    problems = query_one("#problems", Static)

    def __init__(self, changed: Callable[[str], None], leave: Callable[[], None], placeholder: str) -> None:
        super().__init__()
        self._given = (changed, leave, placeholder)

    def compose(self) -> ComposeResult:
        """A slash, the input, the count; below them the problems, if any."""
        with Horizontal():
            yield Static(Content("/ "), id="slash")
            yield FilterInput(*self._given)
            yield Static(id="found")
        yield Static(id="problems")

    def show_count(self, shown: int, of: int, what: str) -> None:
        """Show how many rows are left of how many."""
        self.found.update(literal(f"{shown:,} of {of:,} {what}" if shown != of else f"{of:,} {what}"))

    def show_problems(self, problems: Sequence[str]) -> None:
        """Show what was left out of the filter, and why."""
        self.problems.display = bool(problems)
        self.problems.update(literal(f"✕ {' · '.join(problems)}"))
