"""The charge against the estimate, and what comes back of a partial order."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from msgspec.structs import replace

from smmtui.domain.charges import expected_refund, over_estimate, overcharged
from smmtui.domain.records import Order, Service, State
from smmtui.domain.statuses import Status

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ORDER = Order("ours", 1, State.ACCEPTED, NOON, id="7", quantity=1_000, estimate=Decimal("2.00"), rate=Decimal("2.00"))


@pytest.mark.parametrize(
    ("charge", "over", "flagged"),
    [("2.02", "0.02", False), ("2.0201", "0.0201", True), ("1.5", "-0.50", False), (None, None, False)],
)
def test_more_than_one_per_cent_above_the_estimate_is_flagged(
    charge: str | None, over: str | None, flagged: bool
) -> None:
    """The difference is exact; a charge that is not known is none."""
    order = replace(ORDER, charge=None if charge is None else Decimal(charge))
    assert over_estimate(order) == (None if over is None else Decimal(over))
    assert overcharged(order) is flagged


def test_what_was_not_delivered_of_a_partial_order_is_expected_back() -> None:
    """Rate times remains, the catalog's rate where the order has none, nothing of a package or another status."""
    partial = replace(ORDER, status=Status.PARTIAL, remains=157)
    assert expected_refund(partial, None) == Decimal("0.314")
    assert expected_refund(replace(partial, rate=None), Service("5", "Likes", rate=Decimal(4))) == Decimal("0.628")
    assert expected_refund(partial, Service("5", "Likes", type="Package")) is None
    assert expected_refund(replace(partial, status=Status.COMPLETED), None) is None
    assert expected_refund(replace(partial, remains=None), None) is None
