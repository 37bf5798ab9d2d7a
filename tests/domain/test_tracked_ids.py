"""Which ids are found in what was pasted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smmtui.domain.records import Tracked
from smmtui.domain.tracked_ids import read_ids


def ids(text: str) -> list[str]:
    """The ids found, in their order."""
    return [each.id for each in read_ids(text).tracked]


@pytest.mark.parametrize(
    "text",
    [
        "1 22 333",
        "1,22,333",
        "1;22 ; 333;",
        "1\n22\r\n\n333\n",
        "1\t22|333",
        "[1, 22, 333]",
        '"1" / "22" / "333"',
        "#1 №22 → 333.",
        "Order 1, then 22 and (333)",
    ],
)
def test_anything_may_stand_between_ids(text: str) -> None:
    """Blanks, commas, semicolons, brackets, quotes, words."""
    assert ids(text) == ["1", "22", "333"]


def test_an_id_counts_once_and_keeps_its_place() -> None:
    """However often it was pasted."""
    assert ids("3 1 3 2 1") == ["3", "1", "2"]


def test_what_is_no_id_is_said() -> None:
    """Words without a digit are named, in their order."""
    assert read_ids("Orders: 12 and ab-12").unread == ("Orders", "and")
    assert ids("Orders: 12 and ab-12") == ["12", "ab-12"]
    assert read_ids("x" * 64 + "1").tracked == ()


@pytest.mark.parametrize(
    "line",
    [
        "23501 7 https://example.com/1 1000",
        "23501 | 7 | https://example.com/1 | 1000",
        "23501,7,https://example.com/1,1000",
        "#23501\t7\thttps://example.com/1\t1000",
    ],
)
def test_a_line_with_a_link_tells_of_one_order(line: str) -> None:
    """Id, service, link and quantity, with whatever stands between them."""
    assert read_ids(line).tracked == (Tracked("23501", "7", "", "https://example.com/1", 1000),)


def test_service_and_quantity_may_be_missing() -> None:
    """Only id and link make such a line; user names and bare domains are links as well."""
    assert read_ids("5 @someone").tracked == (Tracked("5", "", "", "@someone"),)
    assert read_ids("5 instagram.com/x 20").tracked == (Tracked("5", "", "", "instagram.com/x", 20),)
    # A date is no service.
    assert read_ids("5 2026-03-01 12:30 t.me/x 0.5 20").tracked == (Tracked("5", "", "", "t.me/x", 20),)


def test_a_link_without_an_id_is_said() -> None:
    """Nothing is guessed from it."""
    pasted = read_ids("https://example.com/order/23501")
    assert pasted.tracked == () and pasted.unread == ("https://example.com/order/23501",)


def test_the_line_that_tells_more_counts() -> None:
    """A bare id before or after it takes nothing away."""
    row = Tracked("5", "7", "", "t.me/x", 20)
    assert read_ids("5\n5 7 t.me/x 20").tracked == read_ids("5 7 t.me/x 20\n5").tracked == (row,)


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    """Whatever is pasted, ids are ids."""
    for each in read_ids(text).tracked:
        assert each.id.isascii() and 0 < len(each.id) <= 64 and any(char.isdigit() for char in each.id)
