"""The filter as text: terms taken away, put in, completed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smmtui.domain.catalog import Catalog
from smmtui.domain.filter_language import SERVICE_FIELDS, parse, pieces, service_fields
from smmtui.domain.filter_text import completed, in_category, toggled, without
from smmtui.domain.records import Service

FIELDS = service_fields((), ())
VALUES = {"cat": ["📷 instagram likes", "telegram views"], "type": ["default", "custom comments"]}


def tab(text: str) -> str | None:
    """What Tab makes of the text."""
    return completed(text, FIELDS, lambda field: VALUES.get(field, ["yes", "no"]))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("ca", "cat:"),
        ("can", "cancel:"),
        ("likes -RE", "likes -REfill:"),
        ("ra", "rate<"),
        ("refill:", "refill:yes"),
        ("refill:n", "refill:no"),
        ("type:cus", "type:custom"),
        ('type:"cus', 'type:"custom comments"'),
        ("cat:Insta", "cat:Instagram"),
        ("a|cat:tele", "a|cat:telegram"),
    ],
)
def test_a_field_or_value_is_completed(text: str, shown: str) -> None:
    """The last word becomes the name of a field, or the value that begins as it does."""
    assert tab(text) == shown


@pytest.mark.parametrize("text", ["", "c", "ca ", "xyz", "refill:yes", 'type:"default"', "nofield:a", "rate<0.5"])
def test_nothing_is_made_up(text: str) -> None:
    """Where nothing fits, or nothing is left to complete, nothing is offered."""
    assert tab(text) is None


@given(st.text(alphabet='ca:"| -inſﬁtelyp', max_size=12))
def test_what_was_typed_stays_as_it_is(text: str) -> None:
    """Completing only ever adds to the text."""
    assert (shown := tab(text)) is None or (shown.startswith(text) and len(shown) > len(text))


def test_terms_are_taken_away_one_by_one() -> None:
    """A term goes with its quotes and its alternatives, and the others stay as they were typed."""
    text = 'insta|tele  cat:"a b"   -x'
    assert without(text, 0) == 'cat:"a b" -x'
    assert without(text, 1) == "insta|tele -x"
    assert without(text, -1) == 'insta|tele cat:"a b"'


@given(st.text(alphabet='ab|"- :<ca', max_size=14))
def test_taking_every_term_away_leaves_nothing(text: str) -> None:
    """However it is typed, each step leaves one term less."""
    while before := len(pieces(text)):
        text = without(text, -1)
        assert len(pieces(text)) == before - 1


def test_a_term_is_put_in_and_taken_out_again() -> None:
    """The same key shows the favourites only, and all again."""
    assert toggled("likes", "fav:") == "likes fav:"
    assert toggled("likes fav:", "fav:") == "likes"


@pytest.mark.parametrize("category", ["Likes", "Likes [R30] 🔥", 'So "called" likes', "", "a|b", "-x"])
def test_a_chosen_category_is_what_the_filter_finds(category: str) -> None:
    """Whatever the panel calls it, its services are found, and those of no other category that reads differently."""
    services = [Service("1", "one", category=category), Service("2", "two", category="Views")]
    text = in_category("cat:other o -cat:", category)
    query = parse(text, SERVICE_FIELDS)
    assert not query.problems
    assert Catalog(services).matching(query) == [0]


def test_all_categories_are_shown_again() -> None:
    """What was asked for besides the category stays."""
    assert in_category('likes cat="Likes" rate<1', None) == "likes rate<1"
    assert in_category("likes -cat:views", None) == "likes -cat:views"
