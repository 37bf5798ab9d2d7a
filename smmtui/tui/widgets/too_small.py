"""What stands in place of a screen for which the terminal is too small."""

from __future__ import annotations

from textual.geometry import Size
from textual.widgets import Static

from smmtui.tui.show import literal
from smmtui.tui.shown_keys import key_of
from smmtui.words import _


class TooSmall(Static):
    """Says how much room is needed, over everything but the header; what lies beneath stays as it is."""

    DEFAULT_CSS = """
    TooSmall {
        layer: _tooltips;
        dock: top;
        width: 100%;
        height: 100%;
        margin-top: 1;
        padding: 0 1;
        background: $surface;
        color: $foreground;
    }
    """

    def show(self, room: Size, size: Size) -> None:
        """Name the room that is needed, and the terminal's size."""
        words = _(
            "smmtui needs {columns} × {rows}; this terminal has {width} × {height}. Make it larger: everything is as "
            "you left it. {key} quits.",
            columns=room.width,
            rows=room.height,
            width=size.width,
            height=size.height,
            key=key_of(self.app, "app.quit_always"),
        )
        self.update(literal(words))
