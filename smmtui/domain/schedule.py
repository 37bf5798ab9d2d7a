"""Which orders are due for a status check: visible and young ones first, old and quiet ones seldom, each in time."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from heapq import nlargest
from math import inf
from operator import itemgetter

from smmtui.domain.records import Order, Record

BATCH = 100
"""How many orders one request asks for, where the panel answers for many at once."""

ROUND = 1 / 12
"""The part of an interval after which the orders are looked through anew, so that young ones need not wait for old."""
_EARLY = 1 / 4
"""The part of an interval by which an order may go along early; with it none is late for having missed a round."""
_HEAD_START = 1 / 10
"""The part of an interval by which a round begins early, so that its first order is answered, not asked, in time."""

# How long nothing has changed → how many refresh intervals until the next look.
_QUIET = ((timedelta(hours=1), 1), (timedelta(hours=6), 2), (timedelta(days=1), 5), (timedelta(days=7), 20))
_SELDOM = 120
# The panel failed with it, or does not know it: looking often helps nobody.
_TROUBLED = 10
_FINAL_EVERY = 24 * 3600.0
# A refill or an admin can change a final order; after this long it is not asked for again on its own.
_FINAL_WATCHED = timedelta(days=30)

Rated = tuple[bool, float, int, float, Order]
"""Whether the order is waited for, how urgent it is, its sequence, the seconds that are left of its wait, and it."""


class Plan(Record, frozen=True, gc=False):
    """The orders to ask for now, the most urgent first, and the seconds until any can be due once they are answered."""

    orders: list[Order]
    rest: float


def wait_for(order: Order, now: datetime, interval: float, eager: bool = False) -> float | None:
    """Return the seconds between two status checks of this order, None for one that is not asked for at all.

    `interval` is the profile's refresh interval. It is used as it is for an order that has changed within the last
    hour or is waited for (`eager`: it is on the screen, or was asked to be cancelled), and grows with the time that
    nothing has changed. An order that failed, or of which the panel says nothing, waits ten intervals at least. Final
    orders are looked at once a day for thirty days.
    """
    if order.id is None:
        return None
    quiet = now - (order.changed or order.placed)
    status = order.status
    if status is not None and status.final:
        return _FINAL_EVERY if quiet < _FINAL_WATCHED else None
    times = 1 if eager else _patience(quiet)
    if order.trouble or (status is not None and status.troubled):
        times = max(times, _TROUBLED)
    return interval * times


def _patience(quiet: timedelta) -> int:
    # A plain loop: this runs for every order before every pass.
    for limit, times in _QUIET:
        if quiet < limit:
            return times
    return _SELDOM


def plan(
    orders: Iterable[Order],
    now: datetime,
    interval: float,
    eager: Collection[str] = (),
    *,
    batch: int = BATCH,
    since: datetime | None = None,
) -> Plan:
    """Return which of the orders to ask for now; what `rated` and `chosen` do in one go."""
    return chosen(rated(orders, now, interval, eager, since), interval, batch)


def rated(
    orders: Iterable[Order], now: datetime, interval: float, eager: Collection[str] = (), since: datetime | None = None
) -> list[Rated]:
    """Return how urgent each of the orders is, without those that are not asked for at all.

    Due is what will soon have waited as long as `wait_for` says, so that it is answered by then, what was never
    checked, and, with `since`, every active or eager order that was not checked after that moment. A wall clock that
    was set back must not silence an order: a check in the future counts as none.
    """
    early = interval * _EARLY
    rows: list[Rated] = []
    for order in orders:
        is_eager = order.uuid in eager
        wait = wait_for(order, now, interval, is_eager)
        if wait is None:
            continue
        checked = order.checked
        left = -inf if checked is None else wait - (now - checked).total_seconds()
        if left > wait:
            left = -inf
        if since is not None and left > 0 and (checked or since) <= since and (is_eager or order.active):
            left = 0.0
        rows.append((is_eager, (early - left) / wait, order.sequence, left, order))
    return rows


def chosen(rows: Iterable[Rated], interval: float, batch: int = BATCH) -> Plan:
    """Return which of the orders to ask for: none while none is due.

    The eager ones come first, then those that are the most overdue in proportion to their wait: young ones, but never
    so that an old one is not asked for at all. Where anything is due, what would be due soon goes with it; and since a
    request costs the panel about the same however many orders it names, the last one is filled up to `batch` with
    those that follow.
    """
    early, head_start = interval * _EARLY, interval * _HEAD_START
    ready: list[Rated] = []
    later: list[Rated] = []
    soonest = inf
    for row in rows:
        (ready if row[3] <= early else later).append(row)
        if row[3] < soonest:
            soonest = row[3]
    if soonest > head_start:
        return Plan([], soonest - head_start)
    filling = nlargest(-len(ready) % batch, filter(_fills_up, later), key=_urgency)
    ready += filling
    ready.sort(key=_urgency, reverse=True)
    filled = {row[2] for row in filling}
    others = min((row[3] for row in later if row[2] not in filled), default=inf)
    return Plan([row[4] for row in ready], min(others, interval) - head_start)


_urgency = itemgetter(0, 1, 2)


def _fills_up(row: Rated) -> bool:
    """Whether asking for it early costs nothing: one that the panel does not find may cost a request of its own."""
    return row[4].active and not row[4].trouble
