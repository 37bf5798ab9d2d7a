"""What is remembered of columns and sorting, and what becomes of nonsense in it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smmtui.tui.arrangement import Arrangement, ColumnChoice, Sorting
from smmtui.tui.screens.choose_sort import letters_for
from smmtui.tui.widgets.row_columns import Column

COLUMNS: list[Column[str]] = [
    Column("id", "Id", 7, str),
    Column("name", "Name", 40, str, grow=1, min_width=20),
    Column("rate", "Rate", 10, str),
    Column("late", "Late", 5, str, shown=False),
]


def keys(columns: tuple[Column[str], ...]) -> str:
    return " ".join(column.key for column in columns if column.shown)


@pytest.mark.parametrize(
    ("remembered", "shown"),
    [
        (None, "id name rate"),
        ([1], "id name rate"),
        ({}, "id name rate"),
        ({"columns": "rate"}, "id name rate"),
        ({"columns": [{"key": "rate"}, {"key": "id"}, {"key": "name"}]}, "rate id name"),
        ({"columns": [{"key": "late", "shown": True}, {"key": "id", "shown": False}]}, "late name rate"),
        ({"columns": [{"key": "gone"}, 7, {"key": ["id"]}, {}, {"key": "name", "shown": False}]}, "id rate"),
        ({"columns": [{"key": "rate", "shown": "no"}, {"key": "rate", "shown": False}]}, "id name rate"),
        ({"columns": [{"key": key, "shown": False} for key in ("id", "name", "rate", "late")]}, "id name rate"),
    ],
)
def test_columns_come_back(remembered: object, shown: str) -> None:
    """Order and choice come back; names and values that make no sense cost nothing but themselves."""
    assert keys(Arrangement.read(remembered).arranged(COLUMNS)) == shown


def test_a_new_column_follows_its_neighbour() -> None:
    """A column that the remembered ones do not know stands behind the one it was made behind."""
    remembered = {"columns": [{"key": "rate"}, {"key": "id"}]}
    assert keys(Arrangement.read(remembered).arranged(COLUMNS)) == "rate id name"


@pytest.mark.parametrize(("width", "drawn"), [(12, 12), (1, 3), (10**9, 200), (True, 40), ("12", 40), (1.5, 40)])
def test_a_width_comes_back_within_bounds(width: object, drawn: int) -> None:
    """A chosen width stays in bounds and neither grows nor gives way; what is no width is left out."""
    arranged = Arrangement.read({"columns": [{"key": "name", "width": width}]}).arranged(COLUMNS)
    name = next(column for column in arranged if column.key == "name")
    assert (name.width, name.grow) == (drawn, 1 if drawn == 40 else 0)


@pytest.mark.parametrize(
    ("remembered", "sorting"),
    [
        ({"sort": "rate", "reverse": True}, Sorting("rate", True)),
        ({"sort": "rate", "reverse": 1}, Sorting("rate")),
        ({"sort": "gone", "reverse": True, "columns": []}, Sorting()),
        ({"sort": 3}, Sorting()),
    ],
)
def test_the_sorting_comes_back(remembered: object, sorting: Sorting) -> None:
    """A column that there is no more means the rows as they come."""
    assert Arrangement.read(remembered).sorting.among({"id", "rate"}) == sorting


names = st.sampled_from(["key", "sort", "columns", "shown", "width"])
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["key", "id", "rate", "sort"]),
    lambda inner: st.lists(inner) | st.dictionaries(names, inner),
)


@given(json_values)
def test_nothing_remembered_breaks_a_table(value: Any) -> None:
    """Whatever JSON was stored, all columns are there once, one at least is shown, and writing it is reading it."""
    read = Arrangement.read(value)
    arranged = read.arranged(COLUMNS)
    assert sorted(column.key for column in arranged) == ["id", "late", "name", "rate"]
    assert any(column.shown for column in arranged)
    assert Arrangement.read(json.loads(json.dumps(read.written()))) == read


def test_a_width_is_kept_beside_other_choices() -> None:
    """Dragging an edge keeps what was chosen for the other columns."""
    before = Arrangement(columns=(ColumnChoice("rate"), ColumnChoice("id", shown=False)))
    after = before.resized(COLUMNS, "name", 33).arranged(COLUMNS)
    assert [(column.key, column.width) for column in after if column.shown] == [("rate", 10), ("name", 33)]


def test_choosing_a_column_again_turns_it_around() -> None:
    """The same column again reverses; another one begins ascending; the order in which rows come has no reverse."""
    assert Sorting("rate").by("rate") == Sorting("rate", True)
    assert Sorting("rate", True).by("rate") == Sorting("rate")
    assert Sorting("rate", True).by("id") == Sorting("id")
    assert Sorting().by(None) == Sorting().turned() == Sorting()


@given(st.lists(st.text(max_size=8), max_size=40))
def test_every_title_has_a_letter_of_its_own(titles: list[str]) -> None:
    """Letters are never given twice, nor those that move, as long as the alphabet lasts."""
    letters = letters_for(titles)
    given_out = [letter for letter in letters if letter]
    assert len(set(given_out)) == len(given_out) == min(len(titles), 24)
    assert not {"j", "k"} & set(given_out)
