"""The base of every dialog after which money moves or an order changes."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.getters import query_one
from textual.screen import ModalScreen
from textual.style import Style
from textual.widgets import Button, Static

from smmtui.tui.show import styled
from smmtui.tui.widgets.key_bar import KeyBar

_DEAF_SECONDS = 0.25


class Confirmation(ModalScreen[bool]):
    """Asks in words; `y` confirms, everything else does not.

    The first quarter of a second it hears nothing, so that the key that opened it, or one typed ahead, cannot confirm.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y,н", "confirm", "Yes", id="confirm.yes", tooltip="Do it"),
        Binding("down,j,о", "scroll(1)", "Down", id="confirm.down", show=False, tooltip="Read on"),
        Binding("up,k,л", "scroll(-1)", "Up", id="confirm.up", show=False, tooltip="Read back"),
        Binding("pagedown", "scroll(4)", "Page down", id="confirm.page_down", show=False, tooltip="Read on"),
        Binding("pageup", "scroll(-4)", "Page up", id="confirm.page_up", show=False, tooltip="Read back"),
        Binding("escape,n,т", "back", "No, back", id="confirm.no", tooltip="Back, nothing is sent"),
    ]

    VERTICAL_BREAKPOINTS = [(0, "-short"), (24, "-tall")]  # noqa: RUF012  Textual declares it per instance

    yes = query_one("#yes", Static)
    body = query_one("#body", VerticalScroll)

    def __init__(self, question: str, body: Content, yes: str) -> None:
        super().__init__()
        self._question = question
        self._body = body
        self._yes = yes
        self._hears = False

    def compose(self) -> ComposeResult:
        """The question, what it is about, and "No" as the one button that has the focus."""
        with Vertical(id="confirmation"):
            yield Static(styled(self._question, "bold"))
            with VerticalScroll(id="body", can_focus=False):
                yield Static(self._body)
            with Horizontal(id="answers"):
                yield Button("No, back", id="no", compact=True)
                # Not a button: it must not be reached by Tab and confirmed by Enter.
                yield Static(id="yes")
        yield KeyBar()

    def on_mount(self) -> None:
        """Begin to hear after a moment."""
        self.set_timer(_DEAF_SECONDS, self._listen)

    def _listen(self) -> None:
        self._hears = True
        click = Style(bold=True) + Style.from_meta({"@click": "screen.confirm"})
        self.yes.update(styled(f" y  {self._yes} ", click))

    def action_confirm(self) -> None:
        """Confirm."""
        if self._hears and self.is_current:
            self.dismiss(True)

    def action_scroll(self, lines: int) -> None:
        """Bring more of a long text into view."""
        self.body.scroll_relative(y=lines, animate=False)

    def action_back(self) -> None:
        """Send nothing."""
        if self.is_current:
            self.dismiss(False)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """The only button is "No"."""
        event.stop()
        if self._hears:
            self.action_back()
