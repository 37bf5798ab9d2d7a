"""What the user types into a filter, and what is read from it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smmtui.domain.filter_language import SERVICE_FIELDS, Field, Kind, as_latin1, fold, parse, service_fields
from smmtui.domain.records import Service

LIKES = Service(
    id="12",
    name="TAKİPÇİ Speed: 10K/day",
    type="Custom Comments",
    category="Telegram Members",
    rate=Decimal("0.5"),
    min=100,
    max=20_000,
    refill=True,
)
AGED = {
    "age": Field(Kind.AGE, lambda order: order["age"]),
    "note": Field(Kind.TEXT, lambda order: order["note"]),
    "charge": Field(Kind.NUMBER, lambda order: order["charge"]),
}


def finds(text: str, service: Service = LIKES) -> bool:
    """Whether the typed text finds the service; it must be readable."""
    query = parse(text, service_fields(favourites={"12"}, ordered=set()))
    assert not query.problems
    row = fold("\n".join((service.id, service.name, service.category, service.type)))
    return query.holds(row, service)


@pytest.mark.parametrize("spellings", [("TAKİPÇİ", "takipçi", "takipci", "TAKIPCI"), ("IŞIK", "ışık", "isik", "Işık")])
def test_turkish_letters_are_found_however_they_are_typed(spellings: tuple[str, ...]) -> None:
    """Dotted and dotless i, cedilla and case make no difference."""
    assert len(set(map(fold, spellings))) == 1


@pytest.mark.parametrize(
    ("shown", "typed"),
    [
        ("𝐈𝐧𝐬𝐭𝐚𝐠𝐫𝐚𝐦", "instagram"),
        ("Ｌｉｋｅｓ", "likes"),
        ("ﬁt", "fit"),
        ("Straße", "strasse"),
        ("Ёлка", "елка"),
        ("❤️", "❤"),
        ("Ⓘ", "i"),
    ],
)
def test_fancy_letters_are_found_by_plain_ones(shown: str, typed: str) -> None:
    """Bold, wide and joined letters, ß, accents of any script and emoji selectors fold away."""
    assert fold(shown) == typed


@given(st.text(), st.text(max_size=3))
def test_folding_is_stable_and_keeps_substrings_as_bytes(text: str, term: str) -> None:
    """Folding twice is folding once, and the Latin-1 form answers every search as the folded text does."""
    folded, folded_term = fold(text), fold(term)
    assert fold(folded) == folded
    assert (as_latin1(folded_term) in as_latin1(folded)) == (folded_term in folded)
    assert all(as_latin1(letter) in as_latin1(folded) for letter in folded)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "takip",
        "TAKIPCI members",
        '"speed: 10k"',
        '"speed: 10',
        "12",
        "-tiktok",
        "!tiktok",
        "tiktok|telegram",
        "tiktok | telegram",
        "-tiktok|youtube",
        "tiktok|-youtube",
        "cat:telegram",
        "CAT:Telegram",
        'cat:"telegram members"',
        "cat:tiktok|telegram",
        "cat!=tiktok",
        "-cat:tiktok",
        "type:custom",
        'type="custom comments"',
        "id:12",
        "id:7|12",
        "rate<0.6",
        "rate<=.5",
        "rate>=0.5",
        "rate=0.50",
        "rate!=1",
        "rate≥0.5",
        "max>10k",
        "max<0.1M",
        "min<=100",
        "refill:yes",
        "refill:",
        "-cancel:no",
        "-cancel:yes",
        "fav:",
        "ordered:no",
        "-ordered:",
        "-",
        "|",
        '"',
        "takip|",
    ],
)
def test_a_row_is_found(text: str) -> None:
    """Each form of the language finds the service it describes, and what is half typed hides nothing."""
    assert finds(text)


@pytest.mark.parametrize(
    "text",
    [
        "takip tiktok",
        "-takip",
        "-tiktok|telegram",
        '"members telegram"',
        "cat:takip",
        "cat=telegram",
        "id:1",
        "rate<0.5",
        "rate>0.5",
        "max<20k",
        "refill:no",
        "cancel:yes",
        "cancel:no",
        "cancel:",
        "ordered:",
        "-fav:",
        "https://t.me/x",
    ],
)
def test_a_row_is_not_found(text: str) -> None:
    """Each form of the language leaves out the service that it does not describe; unstated facts satisfy nothing."""
    assert not finds(text)


@pytest.mark.parametrize(
    ("text", "bad", "why"),
    [
        ("takip speed:10k", "speed:10k", "no field"),
        ("rate<cheap", "rate<cheap", "not a number"),
        ("rate< takip", "rate<", "needs a value"),
        ("rate:0,5", "rate:0,5", "not a number"),
        ("max>10q", "max>10q", "not a number"),
        ("refill:maybe", "refill:maybe", "neither yes nor no"),
        ("cat<telegram", "cat<telegram", "by size"),
        ("telegram|rate<x takip", "rate<x", "not a number"),
        ("speed:1k|2k", "speed:1k", "no field"),
    ],
)
def test_a_bad_term_is_pointed_at_and_hides_nothing(text: str, bad: str, why: str) -> None:
    """A term that cannot be read is left out with its alternatives, and its place and the reason are told."""
    query = parse(text, SERVICE_FIELDS)
    (problem,) = query.problems
    assert text[problem.start : problem.end] == bad
    assert why in problem.words
    assert query.holds(fold("12\nTAKİPÇİ\nTelegram"), LIKES)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("age<2d", True),
        ("age>1w", False),
        ("age>90m", True),
        ("age>=86400s", True),
        ("note:", False),
        ("-note:", True),
        ("charge:", False),
        ("charge>5", False),
        ("charge<=5", False),
    ],
)
def test_other_tables_bring_their_own_fields(text: str, found: bool) -> None:
    """Ages have units, an empty note is none, and an unknown charge satisfies no comparison."""
    query = parse(text, AGED)
    assert not query.problems
    assert query.holds("", {"age": 86_400, "note": "", "charge": None}) is found


def test_an_age_needs_its_unit() -> None:
    """An age without a unit is no age, and the problem shows how to write one."""
    (problem,) = parse("age<2", AGED).problems
    assert "12h" in problem.words


@given(st.text(st.one_of(st.characters(), st.sampled_from(' "|-!:<>=≤rate cat id refill 1k.,')), max_size=30))
def test_any_text_can_be_typed(text: str) -> None:
    """Whatever is typed is read without an error, and every problem points into the text."""
    query = parse(text, SERVICE_FIELDS)
    assert all(0 <= problem.start < problem.end <= len(text) and problem.words for problem in query.problems)
    query.holds(fold(text), LIKES)


@pytest.mark.parametrize(
    ("earlier", "later", "narrower"),
    [
        ("", "a", True),
        ("ins", "inst", True),
        ("ins", "tins rate<1", True),
        ("ins", "in", False),
        ("-in", "-ins", False),
        ("rate<1", "rate<1 ins", True),
        ("rate<1", "rate<12", False),
        ("a|b", "a|b c", True),
        ("a|b", "ab", False),
    ],
)
def test_a_query_knows_what_it_narrows(earlier: str, later: str, narrower: bool) -> None:
    """Only a query whose hits are surely among the earlier ones may look among these."""
    assert parse(later, SERVICE_FIELDS).narrows(parse(earlier, SERVICE_FIELDS)) is narrower
