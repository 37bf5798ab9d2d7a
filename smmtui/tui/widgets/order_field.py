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
from smmtui.tui.show import literal, problem_line
from smmtui.words import _, ngettext

_ONE_LINE = _("Paste one line.")


class LineInput(Input):
    """A one-line input that says so when several lines are pasted; Input itself keeps the first one silently."""

    @dataclass
    class LinesPasted(Message):
        """Several lines were pasted; nothing was inserted."""

        text: str
        lines: int

    def _on_paste(self, event: events.Paste) -> None:
        lines = [line for line in event.text.splitlines() if line.strip()]
        if len(lines) > 1:
            event.stop()
            event.prevent_default()
            self.post_message(self.LinesPasted(event.text, len(lines)))


class LinesArea(TextArea):
    """A field of several lines. Tab leaves it, for nobody means a tab in a comment."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "app.focus_next", _("Next"), id="lines.next", show=False, tooltip=_("Go to the next field")),
    ]


class OrderField(Vertical):
    """A field of an order; its value is what was typed."""

    problem = query_one(".problem", Static)

    @dataclass
    class Typed(Message):
        """The value is another one now; or several lines were pasted, which are in `pasted` and not in the value."""

        field: Field
        pasted: str = ""

    @dataclass
    class Entered(Message):
        """Enter was pressed in a one-line field."""

        field: Field

    def __init__(self, field: Field, value: str = "", offer: str = _ONE_LINE) -> None:
        """Make the input for a field; `offer` is a sentence that says what can be done with several lines."""
        super().__init__(id=f"field-{field.name}")
        self.field = field
        self._value = value
        self._offer = offer
        self._pasted = ""

    def compose(self) -> ComposeResult:
        """The label beside the input, the problem below."""
        with Horizontal():
            yield Static(literal(self.field.label), classes="label")
            # Runs and interval are behind a switch: once they are wanted, both are needed.
            free = not self.field.required and self.field not in DRIP_FIELDS
            hint = ": ".join(filter(None, (_("optional") if free else "", self.field.hint)))
            yield self._input(hint)
        yield Static(classes="problem")

    def _input(self, hint: str) -> Input | TextArea:
        if self.field.kind == "lines":
            return LinesArea(self._value, compact=True, placeholder=hint)
        return LineInput(self._value, placeholder=hint, compact=True, select_on_focus=False)

    @property
    def value(self) -> str:
        """What was typed."""
        return self._value

    def put(self, value: str) -> None:
        """Write a value into a one-line input as if it had always stood there: nothing is told."""
        self._value = value
        self.query_one(LineInput).value = value

    def take_focus(self, *, whole: bool = False) -> None:
        """Put the cursor into the input, at once: keys typed ahead belong to it already. `whole` selects all of it."""
        input = self.query_one("LineInput, LinesArea")
        self.screen.set_focus(input)
        if whole and isinstance(input, LineInput | LinesArea):
            input.select_all()

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Show what is wrong below the input; a remark about a paste goes first."""
        pasted = [Problem(self.field.name, self._pasted)] if self._pasted else []
        lines = [problem_line(problem) for problem in (*pasted, *problems)]
        self.problem.update(Content("\n").join(lines))
        self.problem.display = bool(lines)

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
        what = ngettext(
            "{count} line was pasted and this field takes one: nothing was inserted.",
            "{count} lines were pasted and this field takes one: nothing was inserted.",
            event.lines,
        )
        self._pasted = f"{what} {self._offer}"
        self.post_message(self.Typed(self.field, event.text))
