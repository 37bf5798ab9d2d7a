"""One input of the order form: its label, the field itself, and what is wrong with it in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.getters import query_one
from textual.message import Message
from textual.widgets import Input, Static, TextArea

from smmtui.domain.order_entry import Problem
from smmtui.domain.service_types import DRIP_FIELDS, Field
from smmtui.tui.show import literal, styled


class LineInput(Input):
    """A one-line input that says so when several lines are pasted; Input itself keeps the first one silently."""

    @dataclass
    class LinesPasted(Message):
        """Several lines were pasted; nothing was inserted."""

        lines: int

    def _on_paste(self, event: events.Paste) -> None:
        lines = [line for line in event.text.splitlines() if line.strip()]
        if len(lines) > 1:
            event.stop()
            event.prevent_default()
            self.post_message(self.LinesPasted(len(lines)))


class LinesArea(TextArea):
    """A field of several lines. Tab leaves it, for nobody means a tab in a comment."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "app.focus_next", "Next", id="lines.next", show=False, tooltip="Go to the next field"),
    ]


class OrderField(Vertical):
    """A field of an order; its value is what was typed."""

    problem = query_one(".problem", Static)

    @dataclass
    class Typed(Message):
        """The value is another one now."""

        field: Field

    @dataclass
    class Entered(Message):
        """Enter was pressed in a one-line field."""

        field: Field

    def __init__(self, field: Field, value: str = "") -> None:
        super().__init__(id=f"field-{field.name}")
        self.field = field
        self._value = value
        self._pasted = ""

    def compose(self) -> ComposeResult:
        """The label beside the input, the problem below."""
        with Horizontal():
            # Runs and interval are behind a switch: once they are wanted, both are needed.
            mark = "" if self.field.required or self.field in DRIP_FIELDS else " (optional)"
            yield Static(literal(self.field.label + mark), classes="label")
            if self.field.kind == "lines":
                yield LinesArea(self._value, compact=True, placeholder=self.field.hint)
            else:
                yield LineInput(self._value, placeholder=self.field.hint, compact=True, select_on_focus=False)
        yield Static(classes="problem")

    @property
    def value(self) -> str:
        """What was typed."""
        return self._value

    def take_focus(self) -> None:
        """Put the cursor into the input, at once: keys typed ahead belong to it already."""
        self.screen.set_focus(self.query_one("LineInput, LinesArea"))

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Show what is wrong below the input; a remark about a paste goes first."""
        texts = [(f"✕ {self._pasted}", "$text-error")] if self._pasted else []
        for problem in problems:
            texts.append(
                (f"! {problem.text}", "$text-warning") if problem.warning else (f"✕ {problem.text}", "$text-error")
            )
        self.problem.update(Content("\n").join(styled(*text) for text in texts))
        self.problem.display = bool(texts)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Take over what was typed."""
        event.stop()
        self._take(event.value)

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Take over what was typed."""
        event.stop()
        self._take(event.text_area.text)

    def _take(self, value: str) -> None:
        if value != self._value:
            self._value, self._pasted = value, ""
            self.post_message(self.Typed(self.field))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Pass Enter on."""
        event.stop()
        self.post_message(self.Entered(self.field))

    def on_line_input_lines_pasted(self, event: LineInput.LinesPasted) -> None:
        """Say what became of the paste."""
        event.stop()
        self._pasted = (
            f"{event.lines} lines were pasted and this field takes one: nothing was inserted. Paste one line."
        )
        self.post_message(self.Typed(self.field))
