"""Every key that works here, found by name or key; Enter runs it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.getters import query_one
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from smmtui.tui.hints import Hint
from smmtui.tui.show import styled
from smmtui.tui.widgets.key_bar import KeyBar


class HelpScreen(ModalScreen[Hint]):
    """A list to search; the chosen hint is handed back to the App, which runs it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", id="help.back", tooltip="Back"),
        Binding("down", "next", "Down", id="help.down", show=False, tooltip="The next key"),
        Binding("up", "previous", "Up", id="help.up", show=False, tooltip="The key before"),
        Binding("pagedown", "page(1)", "Page down", id="help.page_down", show=False, tooltip="A page further"),
        Binding("pageup", "page(-1)", "Page up", id="help.page_up", show=False, tooltip="A page back"),
        # In a search of a word or two these are worth more in the list.
        Binding("home", "end(0)", "First", id="help.first", show=False, priority=True, tooltip="The first key"),
        Binding("end", "end(-1)", "Last", id="help.last", show=False, priority=True, tooltip="The last key"),
    ]

    options = query_one(OptionList)

    def __init__(self, hints: Sequence[Hint]) -> None:
        super().__init__()
        self._hints = hints

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
        found = [
            (number, hint)
            for number, hint in enumerate(self._hints)
            if all(word in hint.line.plain.casefold() for word in words)
        ]
        keys = [Option(hint.line, id=str(number)) for number, hint in found if not hint.example]
        examples = [Option(hint.line, id=str(number)) for number, hint in found if hint.example]
        if examples:
            examples.insert(0, Option(styled("For the filter; Enter tries one", "bold"), disabled=True))
        self.options.clear_options()
        self.options.add_options([*keys, *examples])
        if found:
            self.options.action_first()

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

    def action_end(self, end: int) -> None:
        """Go to an end of the list while the search has the keys."""
        if end:
            self.options.action_last()
        else:
            self.options.action_first()

    def action_previous(self) -> None:
        """Move up in the list while the search has the keys."""
        self.options.action_cursor_up()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Hand back the choice."""
        event.stop()
        if self.is_current:
            self.dismiss(self._hints[int(event.option.id or 0)])

    def action_back(self) -> None:
        """Run nothing."""
        if self.is_current:
            self.dismiss()
