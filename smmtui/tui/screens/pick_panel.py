"""The panels of the configuration, to choose one, or to set up a new one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.getters import query_one
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from smmtui.domain.filter_language import fold
from smmtui.domain.foreign_text import terminal_safe
from smmtui.tui.confirmation import Confirmation
from smmtui.tui.later_styles import LATER_STYLES
from smmtui.tui.show import literal, styled
from smmtui.tui.widgets.key_bar import KeyBar
from smmtui.tui.widgets.row_columns import Column
from smmtui.tui.widgets.row_table import RowTable
from smmtui.words import _


@dataclass(frozen=True, slots=True)
class PanelChoice:
    """A panel that can be opened: its name in the configuration, None for a new one, and where it is.

    `current` is the one that is open; one with a `problem` cannot be opened. One that is not `in_file` was opened in
    this run, as by the environment. `account` tells it from others of its name.
    """

    name: str | None
    host: str = ""
    account: str = ""
    current: bool = False
    problem: str = ""
    in_file: bool = True

    @property
    def key(self) -> str:
        """Tells it from all others."""
        return "new" if self.name is None else f"={self.name}={self.account}"

    @property
    def shown(self) -> str:
        """Its name."""
        return _("A new panel …") if self.name is None else terminal_safe(self.name)

    @property
    def mark(self) -> str | Content:
        """Whether it is open, or cannot be."""
        if self.problem:
            return styled(_("! cannot be opened"), "$text-warning")
        return styled(_("● open (open again)"), "$text-success") if self.current else ""


_COLUMNS: tuple[Column[PanelChoice], ...] = (
    Column("name", _("Name"), 20, attrgetter("shown"), grow=1, min_width=14),
    Column("host", _("Panel"), 24, lambda choice: terminal_safe(choice.host), grow=1, min_width=10),
    Column("mark", "", 20, attrgetter("mark"), min_width=6),
)


class PanelTable(RowTable[PanelChoice], can_focus=False):
    """The panels; the keys stay with the input above."""


class _Words(Input):
    """Tells of a change at once, so that the list is painted together with the key."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "submit",
            _("Open"),
            id="panels.open",
            tooltip=_("Open this panel; the open one anew, with its key"),
        ),
    ]

    def __init__(self, changed: Callable[[str], None]) -> None:
        super().__init__(placeholder=_("Type to find a panel; Enter opens it"), compact=True)
        self._told = changed

    def watch_value(self, value: str) -> None:
        """Tell the owner."""
        self._told(value)


class PickPanel(ModalScreen[PanelChoice]):
    """Hands back the choice, None for none; `remark` is said of all of them."""

    CSS_PATH = LATER_STYLES

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", _("Back"), id="panels.back", tooltip=_("Back to the panel that is open")),
        Binding("down", "move(1)", _("Down"), id="panels.down", show=False, tooltip=_("The next panel")),
        Binding("up", "move(-1)", _("Up"), id="panels.up", show=False, tooltip=_("The panel before")),
        Binding("pagedown", "page(1)", _("Page down"), id="panels.page_down", show=False, tooltip=_("A page further")),
        Binding("pageup", "page(-1)", _("Page up"), id="panels.page_up", show=False, tooltip=_("A page back")),
    ]

    table = query_one(PanelTable)
    problem = query_one(".problem", Static)

    def __init__(self, choices: Sequence[PanelChoice], remark: str = "") -> None:
        super().__init__()
        self._choices = tuple(choices)
        self._texts = [fold(f"{choice.shown} {choice.host}") for choice in choices]
        self._remark = remark

    def compose(self) -> ComposeResult:
        """The search above the list, below it why the current one cannot be opened."""
        with Vertical(id="panels") as pane:
            pane.border_title = literal(_("Panels"))
            yield _Words(self._find)
            yield PanelTable(_COLUMNS, attrgetter("key"))
            yield Static(classes="problem")
        yield KeyBar()

    def on_mount(self) -> None:
        """Show all of them, the open one first in hand."""
        self.table.show_empty(literal(_("No panel has these words. Esc goes back.")))
        self._find("")
        for choice in self._choices:
            if choice.current:
                self.table.move_to(choice.key)

    def _find(self, text: str) -> None:
        words = fold(text).split()
        found = [number for number, each in enumerate(self._texts) if all(word in each for word in words)]
        self.table.show_rows(self._choices, found, keep_view=False)
        if words and found:
            # Who types looks for another one.
            best = min(found, key=lambda number: (self._choices[number].name is None, self._choices[number].current))
            self.table.move_to(self._choices[best].key)

    def on_row_table_cursor_moved(self, event: RowTable.CursorMoved[PanelChoice]) -> None:
        """Say what is wrong with the current one."""
        event.stop()
        self._say_problem()

    def _say_problem(self) -> None:
        choice = self.table.current
        problem = choice.problem if choice is not None else ""
        lines = [literal(self._remark)] if self._remark else []
        lines += [styled(f"✕ {problem}", "$text-error")] if problem else []
        self.problem.update(Content("\n").join(lines))
        self.problem.display = bool(lines)

    def action_move(self, rows: int) -> None:
        """Move in the list while the search has the keys."""
        self.table.action_move(rows)

    def action_page(self, pages: int) -> None:
        """Turn a page of the list while the search has the keys."""
        self.table.action_page(pages)

    def _choose(self) -> None:
        choice = self.table.current
        if self.is_current and choice is not None and not choice.problem:
            # By the App, for this screen is gone before the message could come up from it.
            self.app.post_message(Confirmation.Confirmed())
            self.dismiss(choice)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Hand back the current one."""
        event.stop()
        self._choose()

    def on_row_table_selected(self, event: RowTable.Selected[PanelChoice]) -> None:
        """Hand back what was clicked twice."""
        event.stop()
        self._choose()

    def action_back(self) -> None:
        """Hand back nothing."""
        if self.is_current:
            self.dismiss()
