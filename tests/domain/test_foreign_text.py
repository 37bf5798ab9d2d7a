"""What a terminal is given of text that others wrote."""

from __future__ import annotations

from collections.abc import Callable
from unicodedata import category, is_normalized

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len

from smmtui.domain.foreign_text import clean, clean_block, drop_unsafe, is_unsafe, terminal_safe

UNSAFE = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
# Assigned by Unicode 15, one version after the tables of Python 3.11.
RECENT = set(map(chr, (0x1F6DC, *range(0x1FA75, 0x1FA78), 0x1FA87, 0x1FA88, *range(0x1FAAD, 0x1FAB0), 0x1FABB))) | set(
    map(chr, (0x1FABC, 0x1FABD, 0x1FABF, 0x1FACE, 0x1FACF, 0x1FADA, 0x1FADB, 0x1FAE8, 0x1FAF7, 0x1FAF8))
)
MARKS = "\u0301\u0323\u0344\u0308\u0338\u093c\u0958\u09c7\u09be\u20e3"
NASTY = f"{MARKS}a1 é#\ufe0e\ufe0f\u200d\u200c\u00a0\u3000\r\n\t\x1b\x9b"
PICTURES = "❤🔥👨👩💋🏽🏳🌈🇹🇷\U0001fa77\U000e0067\U000e007f\ud83d\ue000\u0378\u202e\u2028…"
any_text = st.text(st.one_of(st.characters(), st.sampled_from(NASTY + PICTURES)), max_size=60)
nasty_text = st.text(st.sampled_from(NASTY + PICTURES), max_size=40)

CLEANERS: list[Callable[[str], str]] = [clean, clean_block, terminal_safe, drop_unsafe, lambda text: clean(text, 12)]
CLEANERS.append(lambda text: clean_block(text, 12, lines=3))


def leaks(text: str, allowed: str = "") -> list[str]:
    """The unsafe code points of a text, but for joiners with a picture on both sides."""
    return [
        char
        for place, char in enumerate(text)
        if category(char) in UNSAFE and char not in RECENT and char not in allowed and not _joins(text, place)
    ]


def _joins(text: str, place: int) -> bool:
    before = text[:place].rstrip("\ufe0f")
    after = text[place + 1 : place + 2]
    sides = (before[-1:], after)
    return text[place] == "\u200d" and all(
        side and (category(side) in ("So", "Sk") or side in RECENT) for side in sides
    )


@pytest.mark.parametrize("cleaner", CLEANERS)
@given(text=any_text)
@example("❤\ufe0f\ufe0f\u200d🔥")
@example("1\ufe0e\ufe0f\u20e3" * 4)
@example("👨\u200d" * 30)
def test_no_text_breaks_or_passes_the_cleaners(cleaner: Callable[[str], str], text: str) -> None:
    """Whatever comes in, no unsafe code point comes out, it encodes, and cleaning again changes nothing."""
    cleaned = cleaner(text)
    assert not leaks(cleaned, allowed="\n" if cleaner not in (clean, drop_unsafe) else "")
    cleaned.encode()
    assert cleaner(cleaned) == cleaned


@pytest.mark.parametrize("cleaner", CLEANERS)
@given(text=nasty_text)
def test_no_arrangement_of_joiners_and_marks_is_cleaned_by_halves(cleaner: Callable[[str], str], text: str) -> None:
    """Marks, joiners, selectors and pictures in any order are clean after one cleaning."""
    cleaned = cleaner(text)
    assert not leaks(cleaned, allowed="\n" if cleaner not in (clean, drop_unsafe) else "")
    assert cleaner(cleaned) == cleaned


def test_every_code_point_alone() -> None:
    """Each unsafe code point becomes visible or a blank and is dropped at last, each other one reaches the terminal."""
    # Planes 4 to 13 and what follows the tags are empty or private: a sample will do.
    for code in (
        *range(0x40000),
        *range(0x40000, 0xE0000, 251),
        *range(0xE0000, 0xE0200),
        *range(0xE0200, 0x110000, 251),
    ):
        char = chr(code)
        unsafe = category(char) in UNSAFE and char not in RECENT
        assert is_unsafe(char) == unsafe, hex(code)
        assert drop_unsafe(char) == ("" if unsafe else char), hex(code)
        assert not unsafe or clean(char) in ("\ufffd", " "), hex(code)
        assert not unsafe or terminal_safe(char) in ("\ufffd", " ", "\n"), hex(code)


@given(nasty_text)
def test_one_line_with_few_marks_in_composed_form(text: str) -> None:
    """A cleaned line has no more than three marks on a base and is in NFC."""
    cleaned = clean(text)
    marks = 0
    for char in cleaned:
        if char in "\ufe0f" or category(char) == "Mc":
            continue
        marks = marks + 1 if category(char) in ("Mn", "Me") else 0
        assert marks <= 3
    assert is_normalized("NFC", cleaned)
    assert len(cleaned.splitlines()) <= 1


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("❤️", 2),
        ("👨‍👩‍👧", 2),
        ("👩🏽‍❤️‍💋‍👨🏿", 2),
        ("🧑🏽‍💻", 2),
        ("🏳️‍🌈", 2),
        ("1️⃣", 2),
        ("#️⃣", 2),
        ("🇹🇷", 2),
        ("👍🏽", 2),
        ("⚡️ x", 4),
        ("\U0001fa77", 2),
        ("قناة", 4),
        ("Takipçi", 7),
        ("中文", 4),
        ("မြို့", cell_len("မြို့")),
    ],
)
def test_honest_text_survives_in_its_width(text: str, width: int) -> None:
    """Pictures, flags, keycaps and the scripts of the world stay as they are and are as wide as they look."""
    for cleaner in (clean, clean_block, terminal_safe, drop_unsafe):
        assert cleaner(text) == text
    assert cell_len(clean(text)) == width


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b]52;c;eA==\x07", "�[31mred�]52;c;eA==�"),
        ("a\u202eb", "a�b"),
        ("insta\u200bgram", "insta�gram"),
        ("a\u200db", "a�b"),
        ("x\ufe0fy", "xy"),
        ("❤\u200dx", "❤�x"),
        ("🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "🏴�"),
        ("a\r\nb\tc\u2028d\u00a0e", "a b c d e"),
        ("Cafe\u0301", "Café"),
        ("q\u0301\u0302\u0303\u0304\u0305", "q\u0301\u0302\u0303"),
        ("\ud83d\ude00", "��"),
    ],
)
def test_what_hides_or_commands_becomes_visible(text: str, shown: str) -> None:
    """Escapes, overrides, stray joiners and piles of marks are shown as what they are: foreign."""
    assert clean(text) == shown


def test_a_long_line_is_cut_with_an_ellipsis() -> None:
    """A name over the limit ends in "…", is exactly as long as allowed, and does not end in half a picture."""
    assert clean("x" * 501) == "x" * 499 + "…"
    assert clean("x" * 500) == "x" * 500
    assert clean("ab👨‍👩c", 5) == "ab👨…"
    assert clean("ab1️⃣cd", 5) == "ab1…"
    assert clean("e" + "\u0301" * 100_000) == "é\u0301\u0301…"


def test_a_block_keeps_its_lines_up_to_a_bound() -> None:
    """Descriptions keep line breaks of any kind as line feeds, and too many lines end in "…"."""
    assert clean_block("a\r\nb\rc\x85d\n\n") == "a\nb\nc\nd"
    assert clean_block("a\n\nb") == "a\n\nb"
    assert clean_block("\n".join("abcde"), lines=3) == "a\nb\n…"
    assert clean_block("abcdef", 4) == "abc…"


def test_a_terminal_message_keeps_only_line_feeds() -> None:
    """A message printed at exit keeps its lines and cannot overwrite them with a carriage return."""
    assert terminal_safe("one\r\ntwo\rthree\x1b[2K\n") == "one\ntwo three�[2K\n"


def test_a_mountain_of_marks_is_not_sorted_as_a_whole() -> None:
    """A body of nothing but combining marks is cleaned at once; composed unbounded it takes minutes."""
    assert clean_block("a" + "\u0301\u0323" * 100_000) == "\u1ea1\u0301\u0301…"
