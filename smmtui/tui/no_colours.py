"""A screen without colours, for whoever has set NO_COLOR: text in the terminal's own, and what was lit is reversed."""

from __future__ import annotations

from functools import lru_cache

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter, NoColor

_REVERSED = Style(reverse=True)
# By more than this a background stands out that is a cursor or a selection, and not only another pane.
_LIT = 0.25


class WithoutColours(LineFilter):
    """Takes every colour away, greys too, which Textual would leave."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments in the terminal's own colours; `background` is that of the widget."""
        return [
            Segment(text, None if style is None else _plain(style, background), control)
            for text, style, control in segments
        ]


@lru_cache(4096)
def _plain(style: Style, background: Color) -> Style:
    plain = style + NoColor.DEFAULT_COLORS
    ground = style.bgcolor
    if ground is None or ground.is_default or style.reverse:
        return plain
    lit = abs(background.brightness - Color.from_rich_color(ground).brightness) > _LIT
    return plain + _REVERSED if lit else plain
