"""Words of another language may be longer: columns and labels make room for them."""

from __future__ import annotations

from msgspec.structs import replace

from smmtui.tui.facts import fact_lines
from smmtui.tui.widgets.row_columns import Column, arrange, titled


def _column(title: str) -> Column[str]:
    return Column(title, title, 6, str, grow=1)


def test_a_column_is_as_wide_as_its_title() -> None:
    """A title that is wider than its column widens it, counted in cells, also where columns have to give way."""
    columns = titled(_column("Cancel"), _column("Отменить"), _column("取消取消"))
    assert [column.width for column in columns] == [6, 8, 8]
    assert [placed.width for placed in arrange(columns, 24, 0, 0).placed] == [6, 8, 8]


def test_a_width_that_the_user_chose_may_cut_the_title() -> None:
    """A column that was made narrower stays so."""
    (column,) = titled(_column("Отменить"))
    assert arrange([replace(column, width=3, grow=0)], 20, 0, 0).placed[0].width == 3


def test_the_values_of_facts_stand_below_each_other() -> None:
    """A long name moves all values to the right, short ones leave them where they are; what is unknown is left out."""
    assert [line.plain for line in fact_lines([("Id", "7"), ("Type", ""), ("Rate", "2")], 6)] == ["Id    7", "Rate  2"]
    assert [line.plain for line in fact_lines([("Id", "7"), ("Rate each", "2")], 6)] == ["Id        7", "Rate each 2"]


def test_a_name_as_long_as_a_line_moves_nothing_but_its_own_value() -> None:
    """The names of extra parameters are the user's, and one of them must not push all values off the screen."""
    short, long = fact_lines([("Id", "7"), ("n" * 60, "2")], 6)
    assert short.plain == f"Id{' ' * 26}7"
    assert long.plain == f"{'n' * 60} 2"
