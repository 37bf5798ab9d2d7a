"""A switch that shows by a sign, not by its colour, whether it is on."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Checkbox


class Toggle(Checkbox):
    """A compact checkbox; Textual's own draws the same X on and off, in two colours."""

    # The sides are drawn in the colour of the background, so the brackets are part of the middle.
    BUTTON_LEFT = ""
    BUTTON_RIGHT = ""

    def __init__(self, label: Content, value: bool, id: str) -> None:
        super().__init__(label, value, id=id, compact=True)
        # The first value comes without a call of the watcher.
        self.BUTTON_INNER = _sign(value)

    def watch_value(self) -> None:
        """Change the sign, and tell."""
        self.BUTTON_INNER = _sign(self.value)
        super().watch_value()


def _sign(on: bool) -> str:
    return "[x]" if on else "[ ]"
