"""Asks for the path of a file, and stays until it could be read."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.getters import query_one
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from smmtui.tui.later_styles import LATER_STYLES
from smmtui.tui.show import literal, styled
from smmtui.tui.text_files import ReadFile, read_file
from smmtui.tui.widgets.key_bar import KeyBar
from smmtui.tui.widgets.order_field import LineInput
from smmtui.words import _, ngettext


class OpenFile(ModalScreen[ReadFile]):
    """Hands back the file that was read."""

    CSS_PATH = LATER_STYLES

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", _("Back"), id="open.back", tooltip=_("Back, nothing is opened")),
    ]

    input = query_one(LineInput)
    problem = query_one(".problem", Static)

    def __init__(self, question: str, text: str, path: str = "") -> None:
        super().__init__()
        self._question = question
        self._text = text
        self._path = path

    def compose(self) -> ComposeResult:
        """The question, what the file should hold, the input, and what is wrong with the path."""
        with Vertical(id="open-file"):
            yield Static(styled(self._question, "bold"))
            yield Static(literal(self._text), classes="hint")
            yield LineInput(self._path, placeholder="~/orders.csv", compact=True)
            yield Static(classes="problem")
        yield KeyBar()

    async def on_input_submitted(self, event: Input.Submitted) -> None:
        """Read the file; say why it cannot be read, or hand it back."""
        event.stop()
        if not (typed := event.value.strip()):
            return
        read = await asyncio.to_thread(read_file, typed)
        if not self.is_current:
            return
        if read.trouble:
            self.problem.update(styled(f"✕ {read.trouble}", "$text-error"))
        else:
            self.dismiss(read)

    def on_input_changed(self, event: Input.Changed) -> None:
        """What was wrong with another path is no longer said."""
        event.stop()
        self.problem.update("")

    def on_line_input_lines_pasted(self, event: LineInput.LinesPasted) -> None:
        """A path is one line."""
        event.stop()
        text = ngettext(
            "✕ {count} line was pasted; a path is one line.",
            "✕ {count} lines were pasted; a path is one line.",
            event.lines,
        )
        self.problem.update(styled(text, "$text-error"))

    def action_back(self) -> None:
        """Open nothing."""
        if self.is_current:
            self.dismiss()
