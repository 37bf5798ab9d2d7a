"""What speaks against asking for a refill or a cancel, as far as it is known before the panel is asked."""

from __future__ import annotations

from datetime import datetime, timedelta

from smmtui.domain.records import Order, Record, Request, Service
from smmtui.domain.requests import Kind
from smmtui.domain.statuses import Status

_REFILLED = (Status.COMPLETED, Status.PARTIAL)
_OFFERS_NONE = {"refill": "not offered, says the catalog", "cancel": "no cancel offered, says the catalog"}
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


class RefillWindow(Record, frozen=True, gc=False):
    """How long a refill can still be asked for, in words; `over` where the service promises none any more."""

    words: str
    over: bool = False


def refill_window(order: Order, service: Service | None, now: datetime) -> RefillWindow | None:
    """Return what is left of the time in which the order's service refills, None where nothing is known of it.

    `service` is the order's service as it is listed now. The days are counted from when the order was placed: panels
    count from its completion, of which they do not tell, so there may be a little more.
    """
    if service is None or service.refill is None or order.status not in _REFILLED:
        return None
    if not service.refill:
        return RefillWindow("not offered", over=True)
    if not service.refill_days:
        return RefillWindow("offered")
    left = order.placed + timedelta(days=service.refill_days) - now
    if left <= timedelta(0):
        return RefillWindow("window over", over=True)
    return RefillWindow(f"{left // _DAY} d left" if left >= _DAY else f"{left // _HOUR} h left")


def pointless(kind: Kind, order: Order) -> str:
    """Return why the order, being as far as it is, has nothing to be refilled or cancelled, "" where it may have."""
    status = order.status
    if status is None or status is Status.UNKNOWN or status.troubled:
        return ""
    if kind == "cancel":
        return f"It is {status.value} already." if status.final else ""
    if status in _REFILLED:
        return ""
    return f"It is {status.value}: nothing to refill." if status.final else f"It is {status.value}, not done yet."


def doubts(kind: Kind, order: Order, service: Service | None, refused: Request | None, now: datetime) -> list[str]:
    """Return in words why the panel will probably refuse; it may all the same be asked.

    `service` is the order's service as it is listed now, `refused` the last refused request of this kind for it.
    """
    found = []
    offered = None if service is None else service.refill if kind == "refill" else service.cancel
    window = refill_window(order, service, now) if kind == "refill" else None
    if offered is False:
        found.append(_OFFERS_NONE[kind])
    elif window is not None and window.over and service is not None:
        found.append(f"the {service.refill_days} days are over")
    if refused is not None:
        found.append(f"refused for this service on {refused.at.astimezone():%Y-%m-%d}: “{refused.reason}”")
    return found
