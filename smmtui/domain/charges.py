"""What the panel took for an order, against what was expected."""

from __future__ import annotations

from decimal import Decimal

from smmtui.domain.money import estimate
from smmtui.domain.records import Order, Service
from smmtui.domain.service_types import service_type
from smmtui.domain.statuses import Status

_TOLERANCE = Decimal("1.01")


def over_estimate(order: Order) -> Decimal | None:
    """Return by how much the charge is above the estimate, negative where it is below; None where one is unknown."""
    if order.charge is None or order.estimate is None:
        return None
    return order.charge - order.estimate


def overcharged(order: Order) -> bool:
    """Whether the panel took more than 1 % above the estimate that was confirmed."""
    return order.charge is not None and order.estimate is not None and order.charge > order.estimate * _TOLERANCE


def expected_refund(order: Order, service: Service | None) -> Decimal | None:
    """Return about how much of a partial order's price comes back: rate × remains / 1000.

    The rate is the one of the order, else that of `service`, as it is listed now. None where nothing is expected, or
    where that cannot be told, as of a package, which has one price.
    """
    if order.status is not Status.PARTIAL or not order.remains or order.total is None:
        return None
    if service is not None and service_type(service).price == "once":
        return None
    rate = order.rate if order.rate is not None or service is None else service.rate
    return estimate(rate, order.remains)
