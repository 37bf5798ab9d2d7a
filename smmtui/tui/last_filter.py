"""The last line of defence before the terminal: no control code point passes, wherever it came from."""

from __future__ import annotations

import re
from functools import lru_cache

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from smmtui.domain.foreign_text import drop_unsafe

_SELECTOR = "\ufe0f"
# Between pictures that are joined to one the selector has no say in the width. ASCII is passed over quickly.
_SELECTED = re.compile(f"(?<!\u200d)([0-9#*]|[^\x00-\x7f]){_SELECTOR}(\u20e3?)(?!\u200d)")


class LastFilter(LineFilter):
    """Drops every unsafe code point of a drawn line; ordinary text passes untouched.

    A sign that an emoji selector makes two cells wide ("♻️") is drawn as the sign without it and a space: Textual counts
    two cells, terminals differ (tmux 3.3 draws one), and where they differ the rest of the line would move.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments of a line, the unsafe code points left out, each as wide as before."""
        if all(segment.text.isascii() and segment.text.isprintable() for segment in segments):
            return segments
        return [segment if segment.control else Segment(_safe(segment.text), segment.style) for segment in segments]


def _safe(text: str) -> str:
    if _SELECTOR in text:
        text = _SELECTED.sub(lambda sign: _unselected(*sign.group(0, 1, 2)), text)
    safe = drop_unsafe(text)
    # What is dropped was measured already, some of it as a cell: without it the rest of the line would move.
    return text if safe == text else set_cell_size(safe, cell_len(text))


@lru_cache(maxsize=1024)
def _unselected(whole: str, sign: str, keycap: str) -> str:
    return set_cell_size(sign + keycap, cell_len(whole))
