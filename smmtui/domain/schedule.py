"""Which orders are due for a status check: visible and young ones first, old and quiet ones seldom."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta

from smmtui.domain.records import Order

_HOUR = 3600.0
# How long nothing has changed → how many refresh intervals until the next look.
_QUIET = ((_HOUR, 1), (6 * _HOUR, 2), (24 * _HOUR, 5), (7 * 24 * _HOUR, 20))
_SELDOM = 120
_FINAL_EVERY = 24 * _HOUR
# A refill or an admin can change a final order; after this long it is not asked for again on its own.
_FINAL_WATCHED = 30 * 24 * _HOUR
_NEVER = datetime.min.replace(tzinfo=UTC)


def wait_for(order: Order, now: datetime, interval: float, visible: bool = False) -> float | None:
    """Return the seconds between two status checks of this order, None for one that is not asked for at all.

    `interval` is the profile's refresh interval. It is used as it is for an order that is visible or has changed
    within the last hour, and grows with the time that nothing has changed. Final orders are looked at once a day for
    thirty days.
    """
    if order.id is None:
        return None
    quiet = max(0.0, (now - (order.changed or order.placed)).total_seconds())
    if order.status is not None and order.status.final:
        return _FINAL_EVERY if quiet < _FINAL_WATCHED else None
    if visible:
        return interval
    return interval * next((times for limit, times in _QUIET if quiet < limit), _SELDOM)


def due(
    orders: Iterable[Order], now: datetime, interval: float, visible: Collection[str] = (), limit: int = 1000
) -> list[Order]:
    """Return at most `limit` orders to ask for now, visible ones first, then those changed or placed last.

    A wall clock that was set back must not silence an order: a check in the future counts as none.
    """
    waiting = []
    for order in orders:
        seen = order.uuid in visible
        wait = wait_for(order, now, interval, seen)
        if wait is not None and (order.checked is None or not _fresh(order.checked, now, wait)):
            waiting.append((not seen, order))
    waiting.sort(key=lambda row: (row[0], -(row[1].changed or row[1].placed or _NEVER).timestamp()))
    return [order for _, order in waiting[:limit]]


def next_due(orders: Iterable[Order], now: datetime, interval: float, visible: Collection[str] = ()) -> float:
    """Return the seconds until the next order is due, at most `interval` and never negative."""
    soonest = interval
    for order in orders:
        wait = wait_for(order, now, interval, order.uuid in visible)
        if wait is not None:
            left = 0.0 if order.checked is None else (order.checked + timedelta(seconds=wait) - now).total_seconds()
            soonest = min(soonest, left)
    return max(0.0, soonest)


def _fresh(checked: datetime, now: datetime, wait: float) -> bool:
    return timedelta(0) <= now - checked < timedelta(seconds=wait)
