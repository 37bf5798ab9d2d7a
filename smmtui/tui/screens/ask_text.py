"""A question that is answered with a line of text."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from smmtui.tui.show import literal, styled
from smmtui.tui.widgets.key_bar import KeyBar
from smmtui.tui.widgets.order_field import LineInput


class AskText(ModalScreen[str]):
    """Hands back what was typed, without blanks around it; "" for nothing."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", id="ask.back", tooltip="Back, nothing changes"),
    ]

    def __init__(self, question: str, text: str, placeholder: str) -> None:
        super().__init__()
        self._question = question
        self._text = text
        self._placeholder = placeholder

    def compose(self) -> ComposeResult:
        """The question, what it is about, the input."""
        with Vertical(id="ask"):
            yield Static(styled(self._question, "bold"))
            yield Static(literal(self._text))
            yield LineInput(placeholder=self._placeholder, compact=True)
        yield KeyBar()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Hand back what was typed."""
        event.stop()
        if self.is_current and event.value.strip():
            self.dismiss(event.value.strip())

    def action_back(self) -> None:
        """Hand back nothing."""
        if self.is_current:
            self.dismiss("")
