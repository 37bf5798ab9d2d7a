"""Asks for the name of a new file, and stays until it could be written."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.getters import query_one
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from smmtui.tui.later_styles import LATER_STYLES
from smmtui.tui.show import literal, styled
from smmtui.tui.widgets.key_bar import KeyBar
from smmtui.tui.widgets.order_field import LineInput
from smmtui.words import _, ngettext


class SaveFile(ModalScreen[Path]):
    """Hands back the path that was written; `write` writes it, in a thread, or raises ValueError in words."""

    CSS_PATH = LATER_STYLES

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", _("Back"), id="save.back", tooltip=_("Back, nothing is written")),
    ]

    input = query_one(LineInput)
    problem = query_one(".problem", Static)

    def __init__(self, question: str, text: str, path: str, write: Callable[[str], Path]) -> None:
        super().__init__()
        self._question = question
        self._text = text
        self._path = path
        self._write = write
        self._writing = False

    def compose(self) -> ComposeResult:
        """The question, what will be in the file, the input, and why it could not be written."""
        with Vertical(id="save-file"):
            yield Static(styled(self._question, "bold"))
            yield Static(literal(self._text), classes="hint")
            yield LineInput(self._path, compact=True, select_on_focus=False)
            yield Static(classes="problem")
        yield KeyBar()

    async def on_input_submitted(self, event: Input.Submitted) -> None:
        """Write the file, or say why that was not possible."""
        event.stop()
        if self._writing or not (typed := event.value.strip()):
            return
        self._writing = True
        try:
            path = await asyncio.to_thread(self._write, typed)
        except ValueError as error:
            self.problem.update(styled(f"✕ {error}", "$text-error"))
        else:
            if self.is_current:
                self.dismiss(path)
        finally:
            self._writing = False

    def on_input_changed(self, event: Input.Changed) -> None:
        """What was wrong with another name is no longer said."""
        event.stop()
        self.problem.update("")

    def on_line_input_lines_pasted(self, event: LineInput.LinesPasted) -> None:
        """A name is one line."""
        event.stop()
        text = ngettext(
            "✕ {count} line was pasted; a name is one line.",
            "✕ {count} lines were pasted; a name is one line.",
            event.lines,
        )
        self.problem.update(styled(text, "$text-error"))

    def action_back(self) -> None:
        """Write nothing."""
        if self.is_current and not self._writing:
            self.dismiss()
