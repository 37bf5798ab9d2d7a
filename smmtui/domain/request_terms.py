"""What speaks against asking for a refill or a cancel, as far as it is known before the panel is asked."""

from __future__ import annotations

from datetime import datetime, timedelta

from smmtui.domain.records import Order, Record, Request, Service
from smmtui.domain.requests import Kind
from smmtui.domain.statuses import Status
from smmtui.words import _

_REFILLED = (Status.COMPLETED, Status.PARTIAL)
_OFFERS_NONE = {"refill": _("not offered, says the catalog"), "cancel": _("no cancel offered, says the catalog")}
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
        return RefillWindow(_("not offered"), over=True)
    if not service.refill_days:
        return RefillWindow(_("offered"))
    left = order.placed + timedelta(days=service.refill_days) - now
    if left <= timedelta(0):
        return RefillWindow(_("window over"), over=True)
    if left >= _DAY:
        return RefillWindow(_("{days} d left", days=left // _DAY))
    return RefillWindow(_("{hours} h left", hours=left // _HOUR))


def pointless(kind: Kind, order: Order) -> str:
    """Return why the order, being as far as it is, has nothing to be refilled or cancelled, "" where it may have."""
    status = order.status
    if status is None or status is Status.UNKNOWN or status.troubled:
        return ""
    if kind == "cancel":
        return _("It is {status} already.", status=status.words) if status.final else ""
    if status in _REFILLED:
        return ""
    if status.final:
        return _("It is {status}: nothing to refill.", status=status.words)
    return _("It is {status}, not done yet.", status=status.words)


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
        found.append(_("the {days} days are over", days=service.refill_days))
    if refused is not None:
        day = f"{refused.at.astimezone():%Y-%m-%d}"
        found.append(_("refused for this service on {day}: “{reason}”", day=day, reason=refused.reason))
    return found
