"""What is said of a quantity that cannot be read, and what money buys."""

from __future__ import annotations

from decimal import Decimal

import pytest

from smmtui.domain.order_entry import OrderEntry
from smmtui.domain.quantities import read_quantity
from smmtui.domain.records import Service

SERVICE = Service("7", "Followers", rate=Decimal("0.9"), min=50, max=5000)


def said(typed: str, **more: str) -> list[str]:
    """What stands under the quantity."""
    entry = OrderEntry(SERVICE, {"link": "x", "quantity": typed, **more})
    return [problem.text for problem in entry.problems() if problem.field == "quantity"]


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1,000", "1000"),
        ("1.000", "1000"),
        ("1 000", "1000"),
        ("1'000", "1000"),
        ("1,234,567", "1234567"),
        ("1e3", "1000"),
        ("1.5e3", "1500"),
        ("١٠٠٠", "1000"),
        ("१०००", "1000"),
        ("１０００", "1000"),
    ],
)
def test_a_refusal_says_what_to_type(typed: str, number: str) -> None:
    """What two people read as two numbers is not sent, and the plain number that was probably meant is named."""
    assert read_quantity(typed, SERVICE) is None
    assert said(typed) == [f"“{typed}” can be read in two ways: type {number} if that is what you mean."]


@pytest.mark.parametrize("typed", ["-5", "+5", "1.5", "ten", "1.2345k", "1e999", "1e-3", "0x10", "1,00", "²"])
def test_other_refusals_give_examples(typed: str) -> None:
    """Where no number can be guessed, the sentence says what quantities look like."""
    assert read_quantity(typed, SERVICE) is None
    assert said(typed) == ["Quantity is a whole number, such as 1000, 2k, 1.5k, $10 or max."]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("49", "49 is under the minimum of 50."),
        ("50", None),
        ("5000", None),
        ("5001", "5,001 is over the maximum of 5,000."),
        ("max", None),
        ("$0.04", "$0.04 buys 44, which is under the minimum of 50."),
        ("$0.045", None),
        ("$4.50", None),
        ("$5", "$5 would buy more than the maximum of 5,000."),
    ],
)
def test_bounds_are_said_with_what_the_money_buys(typed: str, words: str | None) -> None:
    """At the bounds is fine, beyond them is not; a sum says how many it buys."""
    assert said(typed) == ([] if words is None else [words])


def test_a_sum_is_for_all_runs_together() -> None:
    """Ten dollars in five runs cost ten dollars, not fifty."""
    entry = OrderEntry(SERVICE, {"link": "x", "quantity": "$10", "runs": "5", "interval": "1"})
    assert entry.whole("quantity") == 2222
    assert entry.estimate is not None and entry.estimate <= 10
    assert dict(entry.draft().fields)["quantity"] == "2222"
