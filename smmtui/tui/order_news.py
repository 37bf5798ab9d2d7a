"""What has changed among the orders lately, and which new ones nobody has seen yet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from smmtui.domain.clock import Clock
from smmtui.domain.records import Order


class OrderNews:
    """Compares what is known now with what was known before; a change is news for `seconds`."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock = clock
        self._seconds = seconds
        self._before: dict[str, Order] | None = None
        self._newest = 0
        self._changes: dict[str, float] = {}
        self._unseen: set[str] = set()
        self._checks_of: Sequence[Order] = ()
        self._checked: datetime | None = None

    @property
    def above(self) -> int:
        """How many new orders stand above what is looked at."""
        return len(self._unseen)

    def take(self, orders: Sequence[Order]) -> None:
        """Take over what is known now."""
        known, now = {order.uuid: order for order in orders}, self._clock.monotonic()
        if self._before is not None:
            before = self._before.get
            for uuid, order in known.items():
                old = before(uuid)
                if old is None:
                    if order.sequence > self._newest:
                        self._unseen.add(uuid)
                elif old is not order and (old.changed, old.state) != (order.changed, order.state):
                    self._changes[uuid] = now
        self._before = known
        self._newest = max((order.sequence for order in orders), default=0)

    def checked(self, orders: Sequence[Order]) -> datetime | None:
        """Return when the panel last answered for any of them, of which no news is told where it brought nothing."""
        if orders is not self._checks_of:
            self._checks_of = orders
            self._checked = max((order.checked for order in orders if order.checked is not None), default=None)
        return self._checked

    def changed(self) -> frozenset[str]:
        """Return the uuids of the orders that have changed lately."""
        since = self._clock.monotonic() - self._seconds
        self._changes = {uuid: at for uuid, at in self._changes.items() if at > since}
        return frozenset(self._changes)

    def seen_but(self, above: Iterable[str]) -> None:
        """Count as seen all new orders but those that stand among these."""
        if self._unseen:
            self._unseen.intersection_update(above)
