"""Rows in order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smmtui.domain.order_sorting import ORDER_SORT_KEYS
from smmtui.domain.records import Order, State
from smmtui.domain.sorting import by_number, sorted_rows
from smmtui.domain.statuses import Status

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)


def order(uuid: str, **facts: object) -> Order:
    given: dict[str, object] = {"uuid": uuid, "sequence": 1, "state": State.ACCEPTED, "placed": NOON, **facts}
    return Order(**given)  # type: ignore[arg-type]


@given(st.lists(st.none() | st.integers(0, 5)), st.booleans())
def test_unknown_comes_last_and_equal_ones_stay(values: list[int | None], reverse: bool) -> None:
    """In either direction the known ones are in order, the unknown ones behind them, and equal ones as they came."""
    found = sorted_rows(enumerate(values), lambda row: row[1], reverse=reverse)
    known = [row for row in found if row[1] is not None]
    assert found[len(known) :] == [row for row in enumerate(values) if row[1] is None]
    assert known == sorted(known, key=lambda row: (-(row[1] or 0) if reverse else row[1] or 0, row[0]))


def test_ids_are_sorted_as_numbers() -> None:
    """Digits go by number, also behind zeros and beyond any integer type; other ids come after them."""
    ids = ["a2", "10", "9", "007", "1" * 60, "Ü1"]
    assert sorted(ids, key=by_number) == ["007", "9", "10", "1" * 60, "a2", "Ü1"]


@pytest.mark.parametrize(
    ("key", "first", "then", "unknown"),
    [
        ("id", {"id": "99"}, {"id": "100"}, {"id": None}),
        ("age", {"placed": NOON}, {"placed": NOON - timedelta(days=2)}, None),
        ("status", {"status": Status.COMPLETED}, {"status": Status.PARTIAL}, None),
        ("delivered", {"quantity": 10, "remains": 9}, {"quantity": 1000, "remains": 1}, {"quantity": 10}),
        ("quantity", {"quantity": 500}, {"quantity": 300, "runs": 2}, {}),
        ("charge", {"charge": Decimal("9.5")}, {"estimate": Decimal(10)}, {}),
        ("link", {"link": "a.example"}, {"link": "B.example"}, {}),
        ("service", {"service": "9"}, {"service": "10"}, {}),
        ("remains", {"remains": 9}, {"remains": 10}, {}),
        ("start", {"start_count": 9}, {"start_count": 10}, {}),
    ],
)
def test_every_column_of_orders(
    key: str, first: dict[str, object], then: dict[str, object], unknown: dict[str, object] | None
) -> None:
    """Numbers go by number, ages by time, words by letter, and what is not known is last in both directions."""
    facts = {"status": Status.IN_PROGRESS} if key == "delivered" else {}
    rows = [order("then", **facts, **then), order("first", **facts, **first)]
    last = [] if unknown is None else [order("unknown", **facts, **unknown)]
    for reverse, names in ((False, ["first", "then"]), (True, ["then", "first"])):
        found = sorted_rows([*last, *rows], ORDER_SORT_KEYS[key], reverse=reverse)
        assert [each.uuid for each in found] == [*names, *(each.uuid for each in last)]
