"""Notes and tags as they are typed and kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smmtui.domain.order_notes import LONGEST_NOTE, read_note, read_tags, show_tags


@pytest.mark.parametrize(
    ("typed", "tags"),
    [
        ("", ()),
        (" ,, ; # ", ()),
        ("vip", ("vip",)),
        ("#vip, june;Ünlü", ("vip", "june", "Ünlü")),
        ("VIP vip Vip", ("VIP",)),
        ("a\nb\tc", ("a", "b", "c")),
        ("\x1b[31mred", ("�[31mred",)),
    ],
)
def test_tags_are_words(typed: str, tags: tuple[str, ...]) -> None:
    """Blanks, commas and semicolons part them, case does not tell them apart, and no control code is among them."""
    assert read_tags(typed) == tags


@given(st.text())
def test_reading_twice_changes_nothing(text: str) -> None:
    """What is kept comes back from a file, and from the form, as it is."""
    tags, note = read_tags(text), read_note(text)
    assert read_tags(" ".join(tags)) == read_tags(show_tags(tags)) == tags
    assert read_note(note) == note
    assert len(note) <= LONGEST_NOTE
