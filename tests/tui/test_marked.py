"""What is counted of marks."""

from __future__ import annotations

from decimal import Decimal

from msgspec.structs import replace

from smmtui.domain.records import Service
from smmtui.tui.kinds import SERVICES
from smmtui.tui.marked import Marked, count_marks, marked_rows

ROWS = [Service(str(number), f"service {number}", rate=Decimal(5), min=100) for number in (1, 2, 2, 3)]
MARKS = frozenset({"2", "3", "gone"})


def test_marks_are_counted_by_id() -> None:
    """Hidden and vanished marks are told apart; an id that the panel lists twice is one mark and two rows."""
    assert [row.id for row in marked_rows(SERVICES, ROWS, MARKS)] == ["2", "2", "3"]
    counted = count_marks(SERVICES, ROWS, MARKS, iter(["1", "2"]), "USD")
    assert (counted.marked, counted.hidden, counted.gone, counted.sums.words) == (3, 1, 1, "$1.50")


def test_rows_without_a_cost_have_no_sum() -> None:
    """Where rows cost nothing there is nothing to add up."""
    counted = count_marks(replace(SERVICES, cost=None), ROWS, MARKS, iter(["2", "3"]), "USD")
    assert counted == Marked(3, 0, 1, counted.sums)
    assert counted.sums.words == ""
