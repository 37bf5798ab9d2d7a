"""Foreign text made to fit a number of terminal cells, exactly.

Widths are Rich's (`rich.cells`), because Textual counts with them too: what is measured here is what Textual believes
it has drawn. Cleaning keeps one code point for each code point, so that styled spans stay valid.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from rich.cells import cell_len, split_graphemes

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

_ODD = re.compile(r"[^ -~]")

# Beyond as many code points as cells, so many more nearly always tell where to cut.
_A_FEW = 16

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
    near = text[: width + _A_FEW]
    if len(near) < len(text) and (cut := _cut_where_full(near, width)):
        return cut
    head = text[: width * _CODE_POINTS_PER_CELL].rstrip("\u200d")
    if len(head) == len(text) and (cells := cell_len(text)) <= width:
        return Cut(text, cells)
    kept = cells = 0
    for end, size in _graphemes(head):
        if cells + size >= width:
            break
        kept, cells = end, cells + size
    return Cut(text[:kept] + ELLIPSIS, cells + 1)


def _cut_where_full(beginning: str, width: int) -> Cut | None:
    """Cut a text of which only the beginning is looked at, for that takes the time; None where it does not tell."""
    # A cell for each character, but for the last one, which a mark may follow.
    odd = _ODD.search(beginning)
    plain = max(0, (odd.start() if odd else len(beginning)) - 1)
    if plain >= width:
        return Cut(beginning[: width - 1] + ELLIPSIS, width)
    kept = cells = full = plain
    for end, size in _graphemes(beginning[plain:]):
        # The last one may become another by what follows.
        if full + size > width and plain + end < len(beginning):
            return Cut(beginning[:kept] + ELLIPSIS, cells + 1)
        full += size
        if full < width:
            kept, cells = plain + end, full
    return None


def _graphemes(text: str) -> Iterator[tuple[int, int]]:
    """Yield the end and the cells of each grapheme; Rich takes the two letters of a flag for two graphemes."""
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
