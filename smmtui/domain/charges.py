"""What the panel took for an order, against what was expected."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from smmtui.domain.money import estimate
from smmtui.domain.records import Order, Service
from smmtui.domain.service_types import service_type
from smmtui.domain.statuses import Status

_TOLERANCE = Decimal("1.01")


def over_estimate(order: Order) -> Decimal | None:
    """Return by how much the charge is above the estimate, negative where it is below; None where one is unknown.

    None as well while nothing has been charged for an order that is still running.
    """
    if order.charge is None or order.estimate is None or (not order.charge and order.active):
        return None
    return order.charge - order.estimate


def overcharged(order: Order) -> bool:
    """Whether the panel took more than 1 % above the estimate that was confirmed, and has not merely rounded it."""
    if order.charge is None or order.estimate is None or order.charge <= order.estimate * _TOLERANCE:
        return False
    return order.charge != _rounded(order.estimate, like=order.charge)


def _rounded(amount: Decimal, like: Decimal) -> Decimal:
    """The amount with the decimals of another one, two at least: `2.5` may have been written without its zero."""
    exponent = like.as_tuple().exponent
    decimals = max(2, -exponent) if isinstance(exponent, int) else 2
    return amount.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def expected_refund(order: Order, service: Service | None) -> Decimal | None:
    """Return about how much of a partial order's price comes back: rate × remains / 1000.

    The rate is the one of the order, else that of `service`, as it is listed now. None where nothing is expected, or
    where that cannot be told, as of a package, which has one price.
    """
    if order.status is not Status.PARTIAL or not order.remains or order.total is None or order.subscribes:
        return None
    if service is not None and service_type(service).price == "once":
        return None
    rate = order.rate if order.rate is not None or service is None else service.rate
    return estimate(rate, order.remains)
