"""The orders that are too old to be loaded at a start: counted, and loaded when somebody wants to see them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from smmtui.desk.known import Known
from smmtui.desk.own_thread import OwnThread
from smmtui.domain.records import Order, State
from smmtui.domain.statuses import Status

if TYPE_CHECKING:
    from smmtui.journal.journal import Journal

Kind = tuple[State, Status | None]

# What is read at once: a few milliseconds in the journal's thread, where orders to be placed wait behind it.
_PIECE = 500


class History:
    """Beyond the newest `loaded` orders, which every start reads; all raise JournalError."""

    def __init__(self, known: Known, journal: Journal, thread: OwnThread, loaded: int) -> None:
        self._known = known
        self._journal = journal
        self._thread = thread
        self._loaded = loaded
        self._counts: Mapping[Kind, int] = {}
        self._counted_at = -1
        self._reached: int | None = None

    async def counts(self) -> Mapping[Kind, int]:
        """Return how many orders the journal holds of each state and status; counted anew only after a change."""
        revision = self._known.book.revision
        if revision != self._counted_at:
            self._counts = await self._thread.call(self._journal.history.counts)
            self._counted_at = revision
        return self._counts

    async def load_older(self, count: int) -> int:
        """Load the next `count` older orders and return how many those were, 0 when all are loaded."""
        older = await self._thread.call(self._journal.history.before, self._reach(), count)
        self._reached = older[-1].sequence if older else 0
        self._take(older)
        return len(older)

    async def find_older(self, wanted: Callable[[Order], bool], count: int) -> int:
        """Look through everything older for what is wanted, load the newest `count` of it, return how many those were.

        What is not wanted stays unloaded, and is still there for `load_older`.
        """
        found, reached = 0, self._reach()
        while found < count and reached:
            older = await self._thread.call(self._journal.history.before, reached, _PIECE)
            reached = older[-1].sequence if older else 0
            found += self._take([order for order in older if wanted(order)], count - found)
        return found

    def _take(self, orders: list[Order], most: int | None = None) -> int:
        # Those that are loaded may know more than their rows on the disk.
        new = [order for order in orders if self._known.book.get(order.uuid) is None][:most]
        if new:
            self._known.take_orders(new)
        return len(new)

    def _reach(self) -> int:
        """The sequence down to which every order is loaded, 0 where that is all of them."""
        if self._reached is None:
            newest = sorted((order.sequence for order in self._known.orders), reverse=True)
            self._reached = newest[self._loaded - 1] if len(newest) >= self._loaded else 0
        return self._reached
