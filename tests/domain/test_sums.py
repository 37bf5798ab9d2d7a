"""What rows cost together."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smmtui.domain.records import Order, Service, State
from smmtui.domain.sums import Cost, Sum, add_up, least_cost, order_cost

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)


def order(**facts: object) -> Order:
    return Order(**{"uuid": "u", "sequence": 1, "state": State.ACCEPTED, "placed": NOON, **facts})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("costs", "words"),
    [
        ([], ""),
        ([Cost(Decimal("1.5")), Cost(Decimal("0.75"), "USD")], "$2.25"),
        ([Cost(Decimal(1), guessed=True), Cost(Decimal(2))], "≈$3.00"),
        ([Cost(Decimal(1), "USD"), Cost(Decimal("2.5"), "EUR", guessed=True)], "$1.00 + ≈€2.50"),
        ([Cost(Decimal(1)), Cost(None), Cost(None, "EUR")], "$1.00, 2 of unknown cost"),
        ([Cost(None)], "1 of unknown cost"),
    ],
)
def test_sums_in_words(costs: list[Cost], words: str) -> None:
    """Currencies stand side by side, an estimate among them shows, and what is unknown is counted and never 0."""
    assert add_up(costs, "USD").words == words


@given(st.lists(st.decimals(0, 10**14, places=12), min_size=1, max_size=60))
def test_a_sum_is_exact(amounts: list[Decimal]) -> None:
    """However large and fine the amounts are, no digit of their sum is rounded."""
    (found,) = add_up(map(Cost, amounts), None).sums
    assert found.amount * 10**12 == sum(int(amount.scaleb(12)) for amount in amounts)


def test_an_unknown_own_currency_is_not_another() -> None:
    """Without a known currency of the account its amounts are not mixed with those that have one."""
    sums = add_up([Cost(Decimal(1)), Cost(Decimal(2), "USD")], None).sums
    assert sums == (Sum(Decimal(1), None, False), Sum(Decimal(2), "USD", False))


@pytest.mark.parametrize(
    ("service", "cost"),
    [
        (Service("1", "x", rate=Decimal("2.5"), min=100), "0.25"),
        (Service("1", "x", type="Package", rate=Decimal("2.5"), min=1), "2.5"),
        (Service("1", "x", rate=Decimal("2.5")), None),
        (Service("1", "x", min=100), None),
    ],
)
def test_the_least_that_a_service_costs(service: Service, cost: str | None) -> None:
    """It is the rate for the smallest quantity, a package's whole price, unknown where either is."""
    assert least_cost(service).amount == (None if cost is None else Decimal(cost))


def test_what_an_order_costs() -> None:
    """The charge counts, before it the estimate as one, and nothing where nothing was placed."""
    charged = order(charge=Decimal("0.9"), estimate=Decimal(1), currency="USD")
    assert order_cost(charged) == Cost(Decimal("0.9"), "USD")
    assert order_cost(order(estimate=Decimal(1))) == Cost(Decimal(1), None, guessed=True)
    assert order_cost(order()).amount is None
    assert order_cost(order(state=State.REJECTED, estimate=Decimal(1))) == Cost(Decimal(0))
