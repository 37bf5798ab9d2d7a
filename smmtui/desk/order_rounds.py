"""Asking for the orders that are due, list by list: a list that cannot be answered costs only itself."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Collection
from datetime import datetime
from typing import Protocol

from smmtui.desk.order_book import OrderBook
from smmtui.domain.clock import Clock
from smmtui.domain.records import Order
from smmtui.domain.schedule import ROUND, Rated, chosen, rated
from smmtui.errors import BadAnswer, BadKey, JournalError, PanelError, RateLimited

# A key goes through several turns of the loop until it is drawn. Given them between two lists, it does not wait for ten
# answers; sleeping instead would cost half as much processor time again.
_TURNS = 5
# How many orders are looked at without a pause.
_PIECE = 1_000
# One failure may be about one list; after two in a row nothing more is tried.
_IN_A_ROW = 2


class Statuses(Protocol):
    """Where the orders are asked for."""

    @property
    def orders_per_request(self) -> int:
        """How many orders one request asks for."""
        ...

    def awaited(self) -> Collection[str]:
        """Return the uuids of the orders that somebody waits for, wherever they are shown."""
        ...

    async def fetch_statuses(self, orders: list[Order]) -> None:
        """Ask the panel for the status of these orders, of which there may be none."""
        ...


class OrderRounds:
    """What is asked for in each round; `interrupted` tells that something more urgent has come up meanwhile."""

    def __init__(
        self, desk: Statuses, book: OrderBook, interval: float, clock: Clock, interrupted: Callable[[], bool]
    ) -> None:
        self._desk = desk
        self._book = book
        self._interval = interval
        self._clock = clock
        self._interrupted = interrupted
        # Orders of lists that could not be answered, and how often: asked for alone, to find out which of them it is.
        self._doubtful: Counter[str] = Counter()
        self.visible: frozenset[str] = frozenset()
        """The uuids of the orders on the screen: they are asked for first."""
        self.since: datetime | None = None
        """Every active order that was checked before this is asked for, however seldom it would be; None for none."""
        self._planned_since: datetime | None = None
        self.due_at = clock.monotonic()
        """The monotonic second from which on there is something to ask for again."""
        self.some_answered = False
        """Whether the last round brought any answer."""

    async def lists(self) -> list[list[Order]]:
        """Return the orders that are due, as they are to be asked for together; the doubtful ones alone and last."""
        size, doubtful = self._desk.orders_per_request, self._doubtful
        eager, now, rows = self.visible.union(self._desk.awaited()), self._clock.now(), list[Rated]()
        orders, since = self._book.watched(), self.since
        for start in range(0, len(orders), _PIECE):
            rows += rated(orders[start : start + _PIECE], now, self._interval, eager, since)
            # Ten thousand in one go are felt at the keys.
            await asyncio.sleep(0)
        self._planned_since = since
        planned = chosen(rows, self._interval, size)
        self.due_at = self._clock.monotonic() + planned.rest
        sound = [order for order in planned.orders if order.uuid not in doubtful]
        alone = [order for order in planned.orders if order.uuid in doubtful]
        # The ones that fail every time must not keep those from an answer that only stood beside them.
        alone.sort(key=lambda order: doubtful[order.uuid])
        return [sound[start : start + size] for start in range(0, len(sound), size)] + [[order] for order in alone]

    async def ask(self, lists: list[list[Order]]) -> None:
        """Ask for these lists, as long as nothing more urgent comes up; what is left is due at once.

        Raises the first error once the others have been asked for, but at once where the panel wants no more requests.
        """
        began = self._clock.monotonic()
        errors: list[PanelError | JournalError] = []
        failures, self.some_answered = 0, False
        for number, orders in enumerate(lists, 1):
            for _ in range(_TURNS):
                await asyncio.sleep(0)
            error = await self._ask_one(orders)
            errors += [] if error is None else [error]
            failures = failures + 1 if isinstance(error, PanelError) else 0
            late = self._clock.monotonic() >= began + self._interval * ROUND
            if number < len(lists) and (failures == _IN_A_ROW or late or self._interrupted()):
                self.due_at = began
                break
        else:
            if not errors and self.since is self._planned_since:
                self.since = None
        if errors:
            raise errors[0]

    async def _ask_one(self, orders: list[Order]) -> PanelError | JournalError | None:
        try:
            await self._desk.fetch_statuses(orders)
        except (BadKey, RateLimited):
            raise
        except PanelError as error:
            if isinstance(error, BadAnswer):
                self._doubtful.update(order.uuid for order in orders)
            return error
        except JournalError as error:
            self.some_answered = True
            return error
        self.some_answered = True
        for order in orders:
            self._doubtful.pop(order.uuid, None)
        return None
