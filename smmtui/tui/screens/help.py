"""Every key that works here, found by name or key; Enter runs it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.getters import query_one
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from smmtui.tui.hints import Hint
from smmtui.tui.later_styles import LATER_STYLES
from smmtui.tui.show import literal, styled
from smmtui.tui.widgets.key_bar import KeyBar
from smmtui.words import _


class HelpScreen(ModalScreen[Hint]):
    """A list to search; the chosen hint is handed back to the App, which runs it."""

    CSS_PATH = LATER_STYLES

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", _("Back"), id="help.back", tooltip=_("Back, nothing is done")),
        Binding("down", "next", _("Down"), id="help.down", show=False, tooltip=_("The next key")),
        Binding("up", "previous", _("Up"), id="help.up", show=False, tooltip=_("The key before")),
        Binding("pagedown", "page(1)", _("Page down"), id="help.page_down", show=False, tooltip=_("A page further")),
        Binding("pageup", "page(-1)", _("Page up"), id="help.page_up", show=False, tooltip=_("A page back")),
        # In a search of a word or two these are worth more in the list.
        Binding("home", "end(0)", _("First"), id="help.first", show=False, priority=True, tooltip=_("The first key")),
        Binding("end", "end(-1)", _("Last"), id="help.last", show=False, priority=True, tooltip=_("The last key")),
    ]

    options = query_one(OptionList)
    name_line = query_one("#id", Static)

    def __init__(self, hints: Sequence[Hint]) -> None:
        super().__init__()
        self._hints = hints

    def compose(self) -> ComposeResult:
        """The search above the list, and below it how the configuration calls what is chosen."""
        with Vertical(id="help"):
            yield Input(placeholder=_("Search by name or key; Enter runs what is chosen"), compact=True)
            yield OptionList(compact=True)
            yield Static(id="id")
        yield KeyBar()

    def on_mount(self) -> None:
        """Show all of them."""
        self._show("")

    def _show(self, text: str) -> None:
        words = text.casefold().split()
        found = [
            (number, hint)
            for number, hint in enumerate(self._hints)
            if all(word in f"{hint.line.plain} {hint.id}".casefold() for word in words)
        ]
        here = [Option(hint.line, id=str(number)) for number, hint in found if not (hint.elsewhere or hint.example)]
        elsewhere = [Option(hint.line, id=str(number)) for number, hint in found if hint.elsewhere]
        examples = [Option(hint.line, id=str(number)) for number, hint in found if hint.example]
        if elsewhere:
            elsewhere.insert(0, _head(_("In other parts of this screen")))
        if examples:
            examples.insert(0, _head(_("For the filter; Enter tries one")))
        self.options.clear_options()
        self.options.add_options([*here, *elsewhere, *examples])
        self._call_it(None)
        if found:
            self.options.action_first()

    def _call_it(self, hint: Hint | None) -> None:
        self.name_line.update(literal(_("In [keys] it is called {id}", id=hint.id) if hint and hint.id else ""))

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Tell how the configuration calls it."""
        event.stop()
        self._call_it(None if event.option.id is None else self._hints[int(event.option.id)])

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
        """Hand back the choice, if it can be run from here."""
        event.stop()
        hint = self._hints[int(event.option.id or 0)]
        if not hint.runs:
            self.notify(_("Not now: press its own key where it is possible."), severity="warning", markup=False)
        elif self.is_current:
            self.dismiss(hint)

    def action_back(self) -> None:
        """Run nothing."""
        if self.is_current:
            self.dismiss()


def _head(text: str) -> Option:
    return Option(styled(text, "bold"), disabled=True)
