"""Every key that works here, found by name or key; Enter runs it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.dom import DOMNode
from textual.getters import query_one
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from smmtui.tui.show import literal, styled
from smmtui.tui.widgets.key_bar import KeyBar


@dataclass(frozen=True, slots=True)
class Hint:
    """One action that is possible now: its keys and name, what it does, and where to run it."""

    keys: str
    name: str
    what: str
    action: str
    node: DOMNode
    shown: bool = True
    """Whether it stands in the key bar as well."""

    @property
    def line(self) -> Content:
        """The hint on one line."""
        keys = styled(f"{self.keys:<16} ", "bold $text-primary")
        return keys + literal(f"{self.name:<16} ") + styled(self.what, "$foreground-muted")


class HelpScreen(ModalScreen[Hint]):
    """A list to search; the chosen hint is handed back to the App, which runs it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", id="help.back", tooltip="Back"),
        Binding("down", "next", "Down", id="help.down", show=False, tooltip="The next key"),
        Binding("up", "previous", "Up", id="help.up", show=False, tooltip="The key before"),
        Binding("pagedown", "page(1)", "Page down", id="help.page_down", show=False, tooltip="A page further"),
        Binding("pageup", "page(-1)", "Page up", id="help.page_up", show=False, tooltip="A page back"),
    ]

    options = query_one(OptionList)

    def __init__(self, hints: Sequence[Hint]) -> None:
        super().__init__()
        self._hints = hints
        self._found = list(hints)

    def compose(self) -> ComposeResult:
        """The search above the list."""
        with Vertical(id="help"):
            yield Input(placeholder="Search by name or key; Enter runs what is chosen", compact=True)
            yield OptionList(compact=True)
        yield KeyBar()

    def on_mount(self) -> None:
        """Show all of them."""
        self._show("")

    def _show(self, text: str) -> None:
        words = text.casefold().split()
        self._found = [hint for hint in self._hints if all(word in hint.line.plain.casefold() for word in words)]
        self.options.clear_options()
        self.options.add_options([Option(hint.line) for hint in self._found])
        if self._found:
            self.options.highlighted = 0

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search."""
        event.stop()
        self._show(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Run what is chosen."""
        event.stop()
        self.options.action_select()

    def action_next(self) -> None:
        """Move down in the list while the search has the keys."""
        self.options.action_cursor_down()

    def action_page(self, pages: int) -> None:
        """Turn a page of the list while the search has the keys."""
        if pages > 0:
            self.options.action_page_down()  # type: ignore[no-untyped-call]  # Textual's has no types
        else:
            self.options.action_page_up()  # type: ignore[no-untyped-call]  # Textual's has no types

    def action_previous(self) -> None:
        """Move up in the list while the search has the keys."""
        self.options.action_cursor_up()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Hand back the choice."""
        event.stop()
        if self.is_current:
            self.dismiss(self._found[event.option_index])

    def action_back(self) -> None:
        """Run nothing."""
        if self.is_current:
            self.dismiss()
