"""A choice of one among a few: all are in view, and a sign, not a colour, tells which one it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from smmtui.tui.show import literal
from smmtui.words import _


class OneOf(Static, can_focus=True):
    """Lists `choices`, the words of each by its value; arrows or a click choose, Enter goes on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,right", "choose(1)", _("Next"), id="choice.next", show=False, tooltip=_("The next choice")),
        Binding("up,left", "choose(-1)", _("Before"), id="choice.before", show=False, tooltip=_("The choice before")),
        Binding(
            "enter", "app.focus_next", _("Go on"), id="choice.done", show=False, tooltip=_("Go on to what is next")
        ),
    ]

    @dataclass
    class Chosen(Message):
        """Another one is chosen now."""

        value: str

    def __init__(self, choices: Mapping[str, str], value: str, id: str) -> None:
        super().__init__(id=id)
        self._choices = choices
        self.value = value if value in choices else next(iter(choices))
        """The value that is chosen."""

    def offer(self, choices: Mapping[str, str]) -> None:
        """Offer these from now on; what is chosen has to be among them."""
        self._choices = choices
        self._show()

    def choose(self, value: str) -> None:
        """Choose one of them, and tell."""
        if value != self.value:
            self.value = value
            self._show()
            self.post_message(self.Chosen(value))

    def on_mount(self) -> None:
        """Show them."""
        self._show()

    def on_focus(self) -> None:
        """Show where the keys go."""
        self._show()

    def on_blur(self) -> None:
        """Show that the keys go elsewhere."""
        self._show()

    def _show(self) -> None:
        self.update(Content("\n").join([self._line(value) for value in self._choices]))

    def _line(self, value: str) -> Content:
        if value != self.value:
            return literal(f"( ) {self._choices[value]}")
        return literal(f"(•) {self._choices[value]}").stylize("bold reverse" if self.has_focus else "bold")

    def action_choose(self, steps: int) -> None:
        """Choose another one, not beyond the ends."""
        values = list(self._choices)
        self.choose(values[min(max(values.index(self.value) + steps, 0), len(values) - 1)])

    def on_click(self, event: events.Click) -> None:
        """Choose the one that was clicked."""
        values = list(self._choices)
        if 0 <= event.y < len(values):
            self.choose(values[event.y])
