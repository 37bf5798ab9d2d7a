"""Every line of the table is exactly as wide as the table, whatever the rows say."""

from __future__ import annotations

from collections.abc import Callable
from itertools import accumulate
from operator import itemgetter
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len, split_graphemes
from textual.content import Content
from textual.style import Style

from smmtui.domain.foreign_text import clean
from smmtui.tui.show import literal
from smmtui.tui.widgets.cell_text import cut, printable
from smmtui.tui.widgets.row_columns import Column, arrange
from smmtui.tui.widgets.row_lines import LinePainter, Look

AWKWARD = [
    "👨‍👩‍👧", "🏳️‍🌈", "👩🏽‍⚕️", "👍🏽", "🇹🇷", "🇹", "1️⃣", "❤️", "❤", "日本", "ｱ", "한", "각", "é", "e\u0301", "ا", "שלום",
    "क्‍ष", "\u200d", "\ufe0f", "\u20e3", "\u0301", "\u200b", "\u202e", "\u2066", "\u2028", "\ufeff", "\u00ad", "\x1b[2J",
    "\x9b", "\x00", "\t", "\n", "\r", "\ud800", "\udfff", "\U000e0067", "\U0001f1f9", "…", "[red]", "[/]", " ", "a",
]  # fmt: skip

foreign_texts = st.lists(
    st.sampled_from(AWKWARD) | st.characters(exclude_categories=()) | st.text(max_size=8), max_size=12
).map("".join)


@given(foreign_texts, st.integers(0, 24))
def test_cut_text_fits_and_keeps_its_code_points(text: str, width: int) -> None:
    """What is cut takes the cells it says, within the width, and is the start of the text or all of it."""
    fitted, cells = cut(text, width)
    assert cells == cell_len(fitted) <= width
    clean = printable(text)
    assert len(clean) == len(text)
    assert fitted == clean or not width or (fitted[-1] == "…" and clean.startswith(fitted[:-1]))


@given(foreign_texts)
def test_text_is_whole_where_there_is_room(text: str) -> None:
    """Nothing is cut that fits."""
    clean = printable(text)
    assert len(clean) > 16 * cell_len(clean) or cut(text, cell_len(clean)).text == (clean if cell_len(clean) else "")


@given(foreign_texts)
def test_nothing_reaches_the_terminal_that_it_obeys(text: str) -> None:
    """Control characters and halves of surrogate pairs are replaced, so that the line can be encoded and shown."""
    clean = printable(text)
    clean.encode()
    assert not any(ord(character) < 0x20 or 0x7F <= ord(character) < 0xA0 for character in clean)


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("abcdef", 4, "abc…"),
        ("abcd", 4, "abcd"),
        ("日本語", 5, "日本…"),
        ("日本語", 4, "日…"),
        ("🇹🇷🇩🇪", 3, "🇹🇷…"),
        ("a🇹🇷🇩🇪", 3, "a…"),
        ("👨‍👩‍👧👍🏽x", 4, "👨‍👩‍👧…"),
        ("e\u0301e\u0301e\u0301", 2, "e\u0301…"),
        ("a\x1b[31mb", 20, "a\ufffd[31mb"),
        ("a\tb\nc", 20, "a b c"),
        ("x", 0, ""),
    ],
)
def test_cut_between_graphemes(text: str, width: int, expected: str) -> None:
    """Text is cut between what a reader takes for characters."""
    assert cut(text, width).text == expected


def style_of(*_: str) -> Style:
    return Style.null()


@given(
    texts=st.tuples(*[foreign_texts] * 4),
    widths=st.tuples(*[st.integers(1, 20)] * 4),
    width=st.integers(0, 60),
    skipped=st.integers(0, 3),
    look=st.builds(Look, st.booleans(), st.booleans(), st.booleans(), st.booleans()),
    grow=st.integers(0, 2),
)
def test_every_line_has_exactly_the_width(
    texts: tuple[str, ...], widths: tuple[int, ...], width: int, skipped: int, look: Look, grow: int
) -> None:
    """Rows, titles and words in the middle fill the line to the cell, counted per segment and over the whole line."""
    columns: list[Column[tuple[str, ...]]] = [
        Column("plain", texts[0], widths[0], itemgetter(0)),
        Column("styled", texts[1], widths[1], lambda row: Content.styled(row[1], "bold"), grow=grow),
        Column("mixed", texts[2], widths[2], lambda row: Content.assemble((row[2], "red"), row[3]), align="right"),
        Column("right", texts[3], widths[3], itemgetter(3), align="right"),
    ]
    layout = arrange(columns, width - 4, 1, skipped)
    painter: LinePainter[tuple[str, ...]] = LinePainter(style_of, lambda line: line)
    words = Content(texts[0] + texts[1])
    for strip in (
        painter.row(texts, layout, look, width),
        painter.header(layout, "styled", True, width),
        painter.message(words, 2, 5, width),
        painter.blank(width),
    ):
        assert strip.cell_length == width
        assert sum(cell_len(segment.text) for segment in strip) == width
        assert cell_len(strip.text) == width


def breaks(text: str) -> dict[int, int]:
    """Return the cells at which a character of the reader begins, each with its place in the text."""
    spans = split_graphemes(text)[0]
    cells = accumulate((size for _, _, size in spans), initial=0)
    return dict(zip(cells, [*(start for start, _, _ in spans), len(text)], strict=True))


@settings(max_examples=300)
@given(
    texts=st.lists(foreign_texts, min_size=1, max_size=6),
    widths=st.lists(st.integers(1, 16), min_size=6, max_size=6),
    aligns=st.lists(st.sampled_from(["left", "right"]), min_size=6, max_size=6),
    styled=st.lists(st.booleans(), min_size=6, max_size=6),
    width=st.integers(8, 90),
    fixed=st.integers(0, 2),
    skipped=st.integers(0, 5),
    sort=st.integers(0, 6),
)
def test_no_text_shifts_the_column_behind_it(
    texts: list[str],
    widths: list[int],
    aligns: list[Literal["left", "right"]],
    styled: list[bool],
    width: int,
    fixed: int,
    skipped: int,
    sort: int,
) -> None:
    """Cells, titles and the sort arrow begin and end at exactly the cells of their column, with a gap behind."""

    def cell(number: int) -> Callable[[list[str]], str | Content]:
        return lambda row: Content.styled(literal(row[number]).plain, "bold") if styled[number] else row[number]

    columns: list[Column[list[str]]] = [
        Column(f"c{number}", text, widths[number], cell(number), align=aligns[number], grow=number % 2)
        for number, text in enumerate(texts)
    ]
    layout = arrange(columns, width - 4, fixed, skipped)
    painter: LinePainter[list[str]] = LinePainter(style_of, lambda line: line)
    row = painter.row(texts, layout, Look(marked=True), width).text
    header = painter.header(layout, f"c{sort}", False, width).text
    left = 3
    for placed in layout.placed:
        right = left + placed.width
        for line in (row, header):
            at = breaks(line)
            assert left in at and right in at, (line, left, right)
            assert right >= width - 1 or line[at[right]] in (" ", "▲")
        number = int(placed.column.key[1:])
        shown = cut(clean(texts[number], 10_000), placed.width)
        if not styled[number]:
            drawn = row[breaks(row)[left] : breaks(row)[right]]
            padding = " " * (placed.width - shown.cells)
            expected = padding + shown.text if placed.column.align == "right" else shown.text + padding
            # A mark without a letter before it sits on the gap, where it takes no room.
            assert expected.endswith(drawn) and cell_len(expected.removesuffix(drawn)) == 0
        left = right + 1
