"""All categories of the catalogue with the number of their services, to choose one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.getters import query_one
from textual.screen import ModalScreen
from textual.widgets import Input

from smmtui.domain.filter_language import fold
from smmtui.tui.later_styles import LATER_STYLES
from smmtui.tui.show import count, literal
from smmtui.tui.widgets.key_bar import KeyBar
from smmtui.tui.widgets.row_columns import Column, titled
from smmtui.tui.widgets.row_table import RowTable
from smmtui.words import _


@dataclass(frozen=True, slots=True)
class Choice:
    """A category and the number of its services; None is all of them."""

    category: str | None
    services: int

    @property
    def shown(self) -> str:
        """Its name."""
        return _("All categories") if self.category is None else self.category or _("(no category)")

    @property
    def key(self) -> str:
        """Tells it from all others."""
        return "all" if self.category is None else f"={self.category}"


_COLUMNS: tuple[Column[Choice], ...] = titled(
    Column("name", _("Category"), 40, lambda choice: choice.shown, grow=1, min_width=20),
    Column("services", _("Services"), 9, lambda choice: count(choice.services), align="right"),
)


class CategoryTable(RowTable[Choice], can_focus=False):
    """The categories; the keys stay with the input above."""


class _Words(Input):
    """Tells of a change at once, so that the list is painted together with the key."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", _("Choose"), id="category.choose", tooltip=_("Filter by the category")),
    ]

    def __init__(self, changed: Callable[[str], None]) -> None:
        super().__init__(placeholder=_("Type to find a category; Enter filters by it"), compact=True)
        self._told = changed

    def watch_value(self, value: str) -> None:
        """Tell the owner."""
        self._told(value)


class PickCategory(ModalScreen[Choice]):
    """Hands back the choice, None for none; `table` is moved through while the input has the keys."""

    CSS_PATH = LATER_STYLES

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", _("Back"), id="category.back", tooltip=_("Back, the filter stays as it is")),
        Binding("down", "move(1)", _("Down"), id="category.down", show=False, tooltip=_("The next category")),
        Binding("up", "move(-1)", _("Up"), id="category.up", show=False, tooltip=_("The category before")),
        Binding(
            "pagedown", "page(1)", _("Page down"), id="category.page_down", show=False, tooltip=_("A page further")
        ),
        Binding("pageup", "page(-1)", _("Page up"), id="category.page_up", show=False, tooltip=_("A page back")),
    ]

    table = query_one(CategoryTable)

    def __init__(self, categories: Mapping[str, int]) -> None:
        super().__init__()
        named = sorted(categories.items(), key=lambda each: fold(each[0]))
        self._choices = (Choice(None, sum(categories.values())), *(Choice(*each) for each in named))
        self._texts = [fold(choice.shown) for choice in self._choices]

    def compose(self) -> ComposeResult:
        """The search above the list."""
        with Vertical(id="categories") as pane:
            pane.border_title = literal(_("Categories"))
            yield _Words(self._find)
            yield CategoryTable(_COLUMNS, attrgetter("key"))
        yield KeyBar()

    def on_mount(self) -> None:
        """Show all of them."""
        self.table.show_empty(literal(_("No category has these words. Esc goes back.")))
        self._find("")

    def _find(self, text: str) -> None:
        words = fold(text).split()
        found = [number for number, each in enumerate(self._texts) if all(word in each for word in words)]
        self.table.show_rows(self._choices, found, keep_view=False)

    def action_move(self, rows: int) -> None:
        """Move in the list while the search has the keys."""
        self.table.action_move(rows)

    def action_page(self, pages: int) -> None:
        """Turn a page of the list while the search has the keys."""
        self.table.action_page(pages)

    def _choose(self) -> None:
        if self.is_current and (choice := self.table.current) is not None:
            self.dismiss(choice)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Hand back the current category."""
        event.stop()
        self._choose()

    def on_row_table_selected(self, event: RowTable.Selected[Choice]) -> None:
        """Hand back what was clicked twice."""
        event.stop()
        self._choose()

    def action_back(self) -> None:
        """Hand back nothing."""
        if self.is_current:
            self.dismiss()
