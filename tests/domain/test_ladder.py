"""How surely money and many orders have to be confirmed, and what a day may cost."""

from __future__ import annotations

from decimal import Decimal

import pytest

from smmtui.domain.ladder import MANY, ladder, over_cap
from smmtui.domain.tracking import Spent

TEN = Decimal(10)


@pytest.mark.parametrize(
    ("total", "orders", "asked"),
    [
        ("0", 1, ""),
        ("0", MANY, ""),
        ("0", MANY + 1, "21"),
        ("9.99", 1, ""),
        ("10", 1, ""),
        ("10.00001", 1, "10.00001"),
        ("10.5", 1, "10.50"),
        ("9.99", MANY, ""),
        ("9.99", MANY + 1, "9.99"),
        ("1234567.5", 500, "1,234,567.50"),
        (None, 1, "1"),
        (None, 1500, "1,500"),
        ("-1", 1, "1"),
    ],
)
def test_what_has_to_be_typed(total: str | None, orders: int, asked: str) -> None:
    """Nothing for little money and few orders; else the total, and where there is none to type, how many orders."""
    step = ladder(None if total is None else Decimal(total), orders, TEN)
    assert step.asked == asked
    assert bool(step.why) == bool(asked)


def test_a_limit_of_nothing_asks_for_every_total() -> None:
    """`confirm_over = 0` leaves one key to what is free."""
    assert ladder(Decimal("0.01"), 1, Decimal(0)).asked == "0.01"
    assert ladder(Decimal(0), 1, Decimal(0)).asked == ""


@pytest.mark.parametrize("typed", ["1,234.50", "1234.50", " 1234.50 "])
def test_the_total_may_be_typed_with_and_without_its_groups(typed: str) -> None:
    """The digits count."""
    assert ladder(Decimal("1234.5"), 1, TEN).accepts(typed)


@pytest.mark.parametrize(
    "typed", ["", " ", "y", "yes", "1234", "1234.5", "1,2,34.50", "12345.0", "1.234,50", "١٢٣٤٫٥٠"]
)
def test_anything_else_is_not_the_total(typed: str) -> None:
    """A key held down, or a number that is only similar, confirms nothing."""
    assert not ladder(Decimal("1234.5"), 1, TEN).accepts(typed)


def test_one_key_accepts_no_text() -> None:
    """Where nothing has to be typed, nothing that is typed counts, an empty text least of all."""
    assert not ladder(Decimal(1), 1, TEN).accepts("")


@pytest.mark.parametrize(
    ("total", "spent", "cap", "over"),
    [
        ("5", "4", None, False),
        ("5", "5", "10", False),
        ("5.01", "5", "10", True),
        ("0.01", "10", "10", True),
        ("0", "10", "5", False),
        (None, "0", "10", True),
        (None, "0", None, False),
        ("0.01", "0", "0", True),
    ],
)
def test_a_day_costs_no_more_than_its_cap(total: str | None, spent: str, cap: str | None, over: bool) -> None:
    """What was spent and what is to be spent together; an unknown price cannot be kept under a cap."""
    words = over_cap(
        None if total is None else Decimal(total), Spent(Decimal(spent)), None if cap is None else Decimal(cap)
    )
    assert bool(words) == over


def test_the_refusal_names_the_sums() -> None:
    """What the day has cost, with ≈ where estimates are among it, what comes on top, and the cap."""
    words = over_cap(Decimal(3), Spent(Decimal(8), guessed=True), TEN, "USD")
    assert "≈$8.00" in words
    assert "$3.00" in words
    assert "$10.00" in words
    assert "daily_cap" in words
