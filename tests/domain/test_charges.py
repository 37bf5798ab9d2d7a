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


@pytest.mark.parametrize(
    ("estimate", "charge", "flagged"),
    [
        ("0.00044517", "0.00045", False),
        ("0.00044517", "0.0004500", True),
        ("0.00044517", "0.00046", True),
        ("0.096", "0.1", False),
        ("0.94", "1", True),
    ],
)
def test_a_charge_that_is_the_rounded_estimate_is_not_flagged(estimate: str, charge: str, flagged: bool) -> None:
    """To the charge's own number of decimals, cents at the coarsest."""
    assert overcharged(replace(ORDER, estimate=Decimal(estimate), charge=Decimal(charge))) is flagged


def test_nothing_charged_yet_is_not_compared() -> None:
    """A running order with a charge of 0 is not below its estimate; one that has ended so is."""
    running = replace(ORDER, charge=Decimal(0), status=Status.ACTIVE)
    assert over_estimate(running) is None
    assert over_estimate(replace(running, status=Status.CANCELED)) == Decimal("-2.00")


def test_a_subscription_has_no_share_delivered_and_no_refund_by_units() -> None:
    """What remains of it are posts, and its quantity is a ceiling of likes."""
    fields = (("service", "5"), ("username", "ada"), ("min", "100"), ("max", "100"), ("posts", "10"), ("delay", "0"))
    order = replace(ORDER, fields=fields, remains=9, status=Status.ACTIVE)
    assert order.delivered is None
    assert expected_refund(replace(order, status=Status.PARTIAL), None) is None
    assert replace(order, fields=(("service", "5"), ("quantity", "1000"))).delivered == 991


def test_what_was_not_delivered_of_a_partial_order_is_expected_back() -> None:
    """Rate times remains, the catalog's rate where the order has none, nothing of a package or another status."""
    partial = replace(ORDER, status=Status.PARTIAL, remains=157)
    assert expected_refund(partial, None) == Decimal("0.314")
    assert expected_refund(replace(partial, rate=None), Service("5", "Likes", rate=Decimal(4))) == Decimal("0.628")
    assert expected_refund(partial, Service("5", "Likes", type="Package")) is None
    assert expected_refund(replace(partial, status=Status.COMPLETED), None) is None
    assert expected_refund(replace(partial, remains=None), None) is None
