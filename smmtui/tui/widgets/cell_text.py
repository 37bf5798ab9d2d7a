"""Foreign text made to fit a number of terminal cells, exactly.

Widths are Rich's (`rich.cells`), because Textual counts with them too: what is measured here is what Textual believes
it has drawn. Cleaning keeps one code point for each code point, so that styled spans stay valid.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from rich.cells import split_graphemes

ELLIPSIS = "…"

_ZERO_WIDTH = "\u200c"
_REPLACEMENT = "\ufffd"

_REPLACED: dict[int, str] = {
    **dict.fromkeys((*range(0x20), *range(0x7F, 0xA0)), _REPLACEMENT),
    **dict.fromkeys(range(0xD800, 0xE000), _REPLACEMENT),
    **dict.fromkeys((0x09, 0x0A, 0x0D, 0x2028, 0x2029), " "),
    # Embeddings, overrides and isolates would reorder the cells beside them; about the width of the soft hyphen and
    # the byte order mark terminals disagree.
    **dict.fromkeys((0xAD, 0xFEFF, *range(0x202A, 0x202F), *range(0x2060, 0x2070)), _ZERO_WIDTH),
}

# Rich takes whatever follows a joiner as part of the same glyph. Terminals do so between pictographs only, so a joiner
# anywhere else, or at the edge of a cell, would make the line longer on the screen than it was measured.
_STRAY_JOINER = re.compile(
    "(?<![\ufe0f\u2600-\u27bf\U0001f000-\U0001faff])\u200d|\u200d(?![\u2190-\u2bff\U0001f000-\U0001faff])"
)

# What takes a cell for each character, and what has to be measured: anything else, with the one character before it,
# which a mark may join. The same few words and pictures stand in many texts.
_PIECES = re.compile("([ -~]+(?![^ -~]))|[ -~]?[^ -~]+")

_CODE_POINTS_PER_CELL = 16
"""More than this on average is a pile of combining marks, which nobody can read and every repaint would pay for."""


class Cut(NamedTuple):
    """Text that was made to fit."""

    text: str
    """What is to be drawn; ends in an ellipsis where something was left out."""

    cells: int
    """How many cells it takes."""


def printable(text: str) -> str:
    """Return `text` with everything replaced that a terminal would obey instead of showing."""
    if text.isprintable():
        return text
    return _STRAY_JOINER.sub(_ZERO_WIDTH, text.translate(_REPLACED))


def cut(text: str, width: int) -> Cut:
    """Cut `text` between graphemes so that it takes at most `width` cells."""
    if width <= 0:
        return Cut("", 0)
    if text.isascii() and text.isprintable():
        return Cut(text, len(text)) if len(text) <= width else Cut(text[: width - 1] + ELLIPSIS, width)
    return _cut_graphemes(printable(text), width)


def _cut_graphemes(text: str, width: int) -> Cut:
    head = text[: width * _CODE_POINTS_PER_CELL].rstrip("\u200d")
    kept = cells = full = 0
    for piece in _PIECES.finditer(head):
        start, end = piece.span()
        if piece[1]:
            if full + end - start > width:
                room = max(0, width - 1 - full)
                return Cut(text[: start + room] + ELLIPSIS, full + room + 1) if room else _short(text, kept, cells)
            full += end - start
            kept, cells = (end, full) if full < width else (end - 1, full - 1)
            continue
        for stop, size in _graphemes(piece[0]):
            if full + size > width:
                return _short(text, kept, cells)
            full += size
            if full < width:
                kept, cells = start + stop, full
    return Cut(text, full) if len(head) == len(text) else _short(text, kept, cells)


def _short(text: str, kept: int, cells: int) -> Cut:
    return Cut(text[:kept] + ELLIPSIS, cells + 1)


@lru_cache(maxsize=4096)
def _graphemes(text: str) -> tuple[tuple[int, int], ...]:
    """The end and the cells of each grapheme; Rich takes the two letters of a flag for two graphemes."""
    return tuple(_spans(text))


def _spans(text: str) -> Iterator[tuple[int, int]]:
    spans = iter(split_graphemes(text)[0])
    for start, end, size in spans:
        if _is_flag_letter(text[start]) and (second := next(spans, None)):
            if not _is_flag_letter(text[second[0]]):
                yield end, size
                _, end, size = second
            else:
                end, size = second[1], size + second[2]
        yield end, size


def _is_flag_letter(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"
