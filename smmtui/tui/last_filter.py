"""The last line of defence before the terminal: no control code point passes, wherever it came from."""

from __future__ import annotations

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from smmtui.domain.foreign_text import drop_unsafe


class LastFilter(LineFilter):
    """Drops every unsafe code point of a drawn line; ordinary text passes untouched."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments of a line, the unsafe code points left out."""
        if all(segment.text.isascii() and segment.text.isprintable() for segment in segments):
            return segments
        return [
            segment if segment.control else Segment(drop_unsafe(segment.text), segment.style) for segment in segments
        ]
