"""Searching, sorting and looking up the services."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import product
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smmtui.domain import catalog as catalog_module
from smmtui.domain import columns as columns_module
from smmtui.domain import row_words as row_words_module
from smmtui.domain.catalog import SORT_KEYS, Catalog
from smmtui.domain.filter_language import SERVICE_FIELDS, fold, parse, service_fields
from smmtui.domain.records import Service
from smmtui.domain.row_words import RowWords

FAVOURITES, ORDERED = {"1", "3"}, {"2"}
FIELDS = service_fields(FAVOURITES, ORDERED)

syllables = st.sampled_from(["ta", "KİP", "çi", "ışık", "Inst", "a ", "🔥", "10k", "е", "Ё", "é", "#"])
names = st.lists(syllables, max_size=6).map("".join)
services = st.builds(
    Service,
    id=st.sampled_from(["1", "2", "3", "12", "112", "007", "x9", "99999999999999999999"]),
    name=names,
    type=st.sampled_from(["Default", "Package"]),
    category=names,
    rate=st.none() | st.sampled_from([Decimal("0"), Decimal("0.5"), Decimal("0.50"), Decimal(3), Decimal("12000")]),
    min=st.none() | st.sampled_from([1, 10, 100]),
    max=st.none() | st.sampled_from([100, 9_999, 10_000, 2_500_000]),
    refill=st.sampled_from([None, True, False]),
    cancel=st.sampled_from([None, True, False]),
)
catalogs = st.lists(services, max_size=25)


class Wanted(NamedTuple):
    """A piece of a query as typed, and what it means for one service."""

    text: str
    means: Callable[[Service], bool]


def _cells(service: Service) -> list[str]:
    return [fold(cell) for cell in (service.id, service.name, service.category, service.type)]


def _word(word: str) -> Wanted:
    return Wanted(
        f'"{word}"' if " " in word or not word else word, lambda service: any(fold(word) in c for c in _cells(service))
    )


def _number(name: str, sign: str, number: tuple[str, int]) -> Wanted:
    typed, value = number
    compare: dict[str, Callable[[Any], bool]] = {
        "<": lambda mine: mine < value,
        "<=": lambda mine: mine <= value,
        ">": lambda mine: mine > value,
        ">=": lambda mine: mine >= value,
        ":": lambda mine: mine == value,
        "!=": lambda mine: mine != value,
    }

    def means(service: Service) -> bool:
        mine = getattr(service, name)
        return mine is not None and compare[sign](mine)

    return Wanted(f"{name}{sign}{typed}", means)


def _negated(wanted: Wanted) -> Wanted:
    return Wanted(f"-{wanted.text}", lambda service: not wanted.means(service))


words = st.lists(syllables, min_size=1, max_size=2).map("".join).map(_word)
numbers = st.builds(
    _number,
    st.sampled_from(["rate", "min", "max"]),
    st.sampled_from(["<", "<=", ">", ">=", ":", "!="]),
    st.sampled_from([("0.5", Decimal("0.5")), ("10", 10), ("10k", 10_000), ("2.5M", 2_500_000)]),
)
flags = st.sampled_from(
    [
        Wanted("refill:yes", lambda service: service.refill is True),
        Wanted("cancel:no", lambda service: service.cancel is False),
        Wanted("fav:", lambda service: service.id in FAVOURITES),
        Wanted("ordered:no", lambda service: service.id not in ORDERED),
        Wanted("cat:takip", lambda service: "takip" in fold(service.category)),
        Wanted("type=default", lambda service: service.type == "Default"),
        Wanted("id:12", lambda service: service.id == "12"),
        Wanted("id!=X9", lambda service: service.id != "x9"),
        Wanted("id:", lambda service: True),
        Wanted("cat=", lambda service: service.category != ""),
        Wanted("rate:", lambda service: service.rate is not None),
        Wanted("fav!=yes", lambda service: service.id not in FAVOURITES),
    ]
)
single = st.one_of(words, words, numbers, flags)
terms = st.one_of(single, single.map(_negated))


def _either(alternatives: list[Wanted]) -> Wanted:
    text = "|".join(wanted.text for wanted in alternatives)
    return Wanted(text, lambda service: any(wanted.means(service) for wanted in alternatives))


# Words first: a word after a field would be read as another value of that field.
groups = st.one_of(
    terms, st.builds(lambda some, last: _either([*some, last]), st.lists(words, min_size=1, max_size=2), terms)
)
groups = st.one_of(groups, st.lists(words, min_size=2, max_size=3).map(_either).map(_negated))


@given(catalogs, st.lists(groups, max_size=4))
def test_the_search_finds_what_a_plain_reading_finds(rows: list[Service], wanted: list[Wanted]) -> None:
    """The hits are the rows of which every part of the query is true, in catalogue order."""
    query = parse(" ".join(part.text for part in wanted), FIELDS)
    assert not query.problems
    expected = [number for number, row in enumerate(rows) if all(part.means(row) for part in wanted)]
    assert list(Catalog(rows).matching(query)) == expected


@given(catalogs, st.lists(groups, min_size=1, max_size=3).map(lambda parts: " ".join(part.text for part in parts)))
def test_typing_letter_by_letter_finds_the_same(rows: list[Service], text: str) -> None:
    """Looking only among the hits of the query before, where that is allowed, loses and adds nothing."""
    catalog = Catalog(rows)
    before, hits = parse("", FIELDS), catalog.matching(parse("", FIELDS))
    for end in range(1, len(text) + 1):
        query = parse(text[:end], FIELDS)
        hits = catalog.matching(query, hits if query.narrows(before) else None)
        assert list(hits) == list(catalog.matching(query))
        before = query


@pytest.fixture(scope="module")
def small_measures() -> Iterator[None]:
    """Have catalogues of a few rows searched like ones of thousands: with samples, in parts, in runs."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (("_SAMPLE", 2), ("_WORTH_A_SAMPLE", 4), ("_PART", 3), ("_WORTH_WORDS", 1)):
            patch.setattr(catalog_module, name, value)
        patch.setattr(row_words_module, "_MOST_WORDS", 100)
        for name, value in (("_RUN", 3), ("_ONE_BYTE", 2), ("_TWO_BYTES", 4), ("_FEW", 2)):
            patch.setattr(columns_module, name, value)
        yield


@given(
    catalogs, st.lists(groups, max_size=4), st.none() | st.sampled_from(sorted(SORT_KEYS)), st.booleans(), st.booleans()
)
@pytest.mark.usefixtures("small_measures")
def test_a_large_catalogue_is_searched_and_sorted_alike(
    rows: list[Service], wanted: list[Wanted], key: str | None, reverse: bool, prepared: bool
) -> None:
    """What is done differently with many rows finds the same ones, and sorts them as a plain reading would."""
    catalog = Catalog(rows)
    if prepared:
        catalog.prepare()
    hits = catalog.matching(parse(" ".join(part.text for part in wanted), FIELDS))
    expected = [number for number, row in enumerate(rows) if all(part.means(row) for part in wanted)]
    assert list(hits) == expected
    if key is not None:
        values = {number: SORT_KEYS[key](rows[number]) for number in expected}
        known = sorted((n for n in expected if values[n] is not None), key=lambda n: values[n], reverse=reverse)
        unknown = [number for number in expected if values[number] is None]
        assert catalog.sorted_by(hits, key, reverse=reverse) == known + unknown


few_letters = st.text("abcd1é", min_size=1, max_size=3)
phrases = st.sampled_from(["a b", "b a", "c d", "xa b"])
some_term = st.tuples(few_letters | phrases, st.booleans())
# A "-" before the first of several would be of all of them.
alternatives = st.tuples(some_term) | st.tuples(st.tuples(few_letters | phrases, st.just(False)), some_term)


@given(
    st.lists(st.text("abcdé  ", max_size=8) | st.sampled_from(["a b", "b a b", "ab a"]), max_size=12),
    st.sampled_from(["ab", "c d", ""]),
    st.lists(alternatives, min_size=1, max_size=3),
    st.sampled_from([0.5, 100]),
)
@pytest.mark.usefixtures("small_measures")
def test_where_the_rows_of_each_word_are_known_terms_find_the_same(
    names: list[str], category: str, wanted: list[tuple[tuple[str, bool], ...]], most_words: float
) -> None:
    """A term is looked for among the words, if they are not too many; one that spans two, or may be in an id, too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(row_words_module, "_MOST_WORDS", most_words)
        catalog = Catalog(
            [Service(str(number), f"x{name}", type="", category=category) for number, name in enumerate(names)]
        )
        catalog.prepare()
    hits = catalog.matching(parse(" ".join(map(_one_of, wanted)), SERVICE_FIELDS))
    texts = ["\n".join((fold(f"x{name}"), category, str(number))) for number, name in enumerate(names)]
    assert list(hits) == [
        number
        for number, text in enumerate(texts)
        if all(any((fold(term) in text) != negated for term, negated in either) for either in wanted)
    ]


def _one_of(either: tuple[tuple[str, bool], ...]) -> str:
    return "|".join(f'{"-" * negated}"{term}"' for term, negated in either)


TERMS = (
    *("instagram", "insta", "likes", "real", "é", "type", "first", "second", "12", "2", "x", "zz"),
    *('"real likes"', '"l likes"', "-likes", "insta|likes", "first|-likes", "-first|likes", "rate<2", "zz|real"),
)


@pytest.mark.usefixtures("small_measures")
def test_each_two_terms_find_what_a_plain_reading_finds() -> None:
    """Whichever of them the fewest rows have, and wherever in a row its word stands."""
    names = (
        "Instagram Likes",
        "Instant Likes é",
        "Real Likes Instagram",
        "Real  Followers",
        "unreal views é",
        "12 views",
    )
    rows = [
        Service(
            str(number), names[number % 6], "Type", ("First", "Second real", "")[number % 3], rate=Decimal(number % 4)
        )
        for number in range(24)
    ]
    catalog = Catalog(rows)
    catalog.prepare()
    for typed in (" ".join(pair) for pair in product(TERMS, repeat=2)):
        query = parse(typed, SERVICE_FIELDS)
        assert not query.problems
        expected = [number for number, row in enumerate(rows) if query.holds(search_words(row), row)]
        assert list(catalog.matching(query)) == expected, typed


def search_words(service: Service) -> str:
    """The folded text of a row as words are looked for in it, a cell a line."""
    return "\n".join(map(fold, (service.name, service.category, service.type, service.id)))


@pytest.mark.parametrize(("different", "known"), [(8, False), (2, True)])
def test_words_of_their_own_for_most_rows_are_not_kept(
    monkeypatch: pytest.MonkeyPatch, different: int, known: bool
) -> None:
    """They would take much memory, and be no faster than the rows themselves."""
    monkeypatch.setattr(row_words_module, "_MOST_WORDS", 0.25)
    found = RowWords([f"{number % different}a\n\n\n{number}" for number in range(8)]).fewest({"it": ["1a"]})
    assert found == (("it", array("I", [1, 3, 5, 7])) if known else None)


def test_an_index_built_in_slices_answers_alike() -> None:
    """The search text can be folded a few rows at a time, and a search in between waits for nothing."""
    rows = [Service(id=str(number), name=f"Takipçi {number}") for number in range(10)]
    sliced, whole = Catalog(rows), Catalog(rows)
    assert sliced.index(4)
    assert sliced.index(4)
    query = parse("takipci 9", SERVICE_FIELDS)
    assert sliced.matching(query) == whole.matching(query) == [9]
    assert not sliced.index(4)


def test_services_are_found_by_id() -> None:
    """An id leads to its service, a repeated one to its first row, an unknown one to none."""
    rows = [Service(id="1", name="first"), Service(id="2", name="other"), Service(id="1", name="second")]
    catalog = Catalog(rows)
    assert catalog.by_id("1") is rows[0]
    assert catalog.by_id("2") is rows[1]
    assert catalog.by_id("3") is None
    assert len(catalog) == 3


def test_categories_are_counted_in_catalogue_order() -> None:
    """Categories stand in the panel's order with the number of their services."""
    rows = [Service(id=str(number), name="", category=category) for number, category in enumerate("bab")]
    assert list(Catalog(rows).categories.items()) == [("b", 2), ("a", 1)]


@pytest.mark.parametrize(
    ("ids", "ascending"),
    [(["10", "9", "x", "99999999999999999999", "B", "009"], ["9", "009", "10", "99999999999999999999", "B", "x"])],
)
def test_ids_sort_as_numbers_where_they_are_numbers(ids: list[str], ascending: list[str]) -> None:
    """9 comes before 10, and ids of letters after all numbers."""
    catalog = Catalog([Service(id=each, name="") for each in ids])
    assert [catalog.services[number].id for number in catalog.sorted_by(range(len(ids)), "id")] == ascending


def test_unknown_values_come_last_both_ways() -> None:
    """A service without a rate is neither the cheapest nor the dearest, and equal rates stay in catalogue order."""
    rates = [None, Decimal(2), Decimal("0.5"), None, Decimal("2.0")]
    catalog = Catalog([Service(id=str(number), name="", rate=rate) for number, rate in enumerate(rates)])
    assert catalog.sorted_by(range(5), "rate") == [2, 1, 4, 0, 3]
    assert catalog.sorted_by(range(5), "rate", reverse=True) == [1, 4, 2, 0, 3]
    assert catalog.sorted_by([0, 2, 4], "rate", reverse=True) == [4, 2, 0]


def test_names_sort_as_they_are_read() -> None:
    """Case and accents do not decide the order of names."""
    names_of = ["Çiçek", "zebra", "BETA", "alpha", "İz"]
    catalog = Catalog([Service(id=str(number), name=name) for number, name in enumerate(names_of)])
    assert [names_of[number] for number in catalog.sorted_by(range(5), "name")] == [
        "alpha",
        "BETA",
        "Çiçek",
        "İz",
        "zebra",
    ]


@given(catalogs, st.sampled_from(sorted(SORT_KEYS)), st.booleans())
def test_sorting_keeps_every_row(rows: list[Service], key: str, reverse: bool) -> None:
    """Whatever the column, sorting loses and repeats nothing, and a part is sorted as it stands in the whole."""
    catalog = Catalog(rows)
    order = catalog.sorted_by(range(len(rows)), key, reverse=reverse)
    assert sorted(order) == list(range(len(rows)))
    some = range(0, len(rows), 2)
    assert catalog.sorted_by(some, key, reverse=reverse) == [number for number in order if number in some]


@given(catalogs, catalogs)
def test_what_two_catalogues_share_is_counted_by_id(rows: list[Service], others: list[Service]) -> None:
    """A service is in both where its id is."""
    shared = {service.id for service in rows} & {service.id for service in others}
    assert Catalog(rows).shared_with(Catalog(others)) == len(shared)
