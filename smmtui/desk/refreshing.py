"""One loop that keeps statuses, balance and catalogue fresh; it waits for itself and never dies of an error."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from enum import Flag, auto
from functools import partial
from typing import Protocol

from smmtui.desk.health import Condition, Health, health_after, health_after_jump, health_of
from smmtui.desk.order_book import OrderBook
from smmtui.domain.clock import Clock
from smmtui.domain.records import Order, Request
from smmtui.domain.schedule import due, next_due
from smmtui.errors import BadAnswer, BadKey, JournalError, PanelError, RateLimited, Refused

_FIRST_WAIT = 5.0
_LONGEST_WAIT = 300.0
_RATE_LIMIT_WAIT = 60.0
_BALANCE_EVERY = 10
_LEAST_WAIT = 1.0


class Wanted(Flag):
    """What somebody wants to have fresh now, whatever its age."""

    NOTHING = 0
    CATALOG = auto()
    ORDERS = auto()
    BALANCE = auto()
    ALL = CATALOG | ORDERS | BALANCE


class Refreshed(Protocol):
    """What the loop keeps fresh."""

    def catalog_due(self) -> float:
        """Return the seconds until the catalogue is too old; not positive when it is."""
        ...

    async def fetch_balance(self) -> None:
        """Ask the panel for the balance."""
        ...

    async def fetch_catalog(self) -> None:
        """Ask the panel for its services."""
        ...

    async def fetch_statuses(self, orders: list[Order]) -> None:
        """Ask the panel for the status of these orders, of which there may be none."""
        ...

    def refills_due(self) -> Sequence[Request]:
        """Return the refills to ask about now."""
        ...

    def refills_wanted(self) -> None:
        """Have every refill asked about in the next pass."""
        ...

    async def fetch_refills(self) -> None:
        """Ask the panel how far the refills are that are due."""
        ...

    def show_health(self, health: Health) -> None:
        """Take over what the loop found out about the panel."""
        ...


class RefreshLoop:
    """Runs passes over what is due; presses of "refresh" during a pass become one more pass, never two at once."""

    def __init__(
        self,
        desk: Refreshed,
        book: OrderBook,
        interval: float,
        clock: Clock,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._desk = desk
        self._book = book
        self._interval = interval
        self._clock = clock
        self._jitter = jitter
        self._wake = asyncio.Event()
        self._wanted = Wanted.ALL & ~Wanted.CATALOG
        self._passes = 0
        self._failures = 0
        self._halted = False
        self._paused = False
        self._silent_until = clock.monotonic()
        self.visible: frozenset[str] = frozenset()
        """The uuids of the orders on the screen now: they are asked for first."""
        self.next_at: float | None = None
        """The monotonic second of the next pass, None while one is under way or none is planned."""

    @property
    def paused(self) -> bool:
        """Whether the user has paused the automatic refresh."""
        return self._paused

    def soon(self, wanted: Wanted) -> None:
        """Have these fresh as soon as may be; several calls before the pass are one."""
        self._wanted |= wanted
        self.next_at = None
        self._wake.set()

    def act(self, wanted: Wanted) -> None:
        """As `soon`, on the user's own word: it also ends the silence after a refused key.

        The silence that a panel asks for is kept: it answers nothing before, and may ask for a longer one.
        """
        if self._halted:
            self._halted = False
            self._desk.show_health(Health())
        self._failures = 0
        if Wanted.ORDERS in wanted:
            self._desk.refills_wanted()
        self.soon(wanted)

    def distrust(self) -> None:
        """Have everything fresh after a suspend or a jump of the wall clock, unless nothing may be asked now."""
        if self._halted or self._paused:
            return
        if self._clock.monotonic() >= self._silent_until:
            self._desk.show_health(health_after_jump())
        self.soon(Wanted.ALL)

    def pause(self, on: bool) -> None:
        """Stop or resume asking on our own account; the user's own refreshes still go through."""
        self._paused = on
        # That the key is refused stays to be said.
        if not self._halted:
            self._desk.show_health(Health(Condition.PAUSED) if on else Health())
        self.soon(Wanted.NOTHING if on else Wanted.BALANCE)

    async def run(self) -> None:
        """Run until cancelled."""
        while True:
            wait = await self._pass()
            self.next_at = None if wait is None else self._clock.monotonic() + wait
            await self._sleep(wait)
            self.next_at = None

    async def _sleep(self, seconds: float | None) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        except TimeoutError:
            return

    async def _pass(self) -> float | None:
        """Fetch what is wanted or due; return the seconds until the next pass, None to wait for the user."""
        self._wake.clear()
        if self._halted or (self._paused and not self._wanted):
            return None
        began = self._clock.monotonic()
        if began < self._silent_until:
            return self._silent_until - began
        asked, error = await self._fetch()
        if error is not None:
            return self._failed(error)
        self._failures = 0
        self._passes += 1
        if self._paused:
            self._desk.show_health(Health(Condition.PAUSED))
            return None
        if asked:
            self._desk.show_health(health_after((self._clock.monotonic() - began) / asked))
        return self._until_next()

    async def _fetch(self) -> tuple[int, PanelError | JournalError | None]:
        """Fetch one kind after the other; return how many were had and the first error.

        One kind that cannot be had does not keep the others from being fresh, but nothing more is asked once nobody
        can be reached or the panel wants silence. What was wanted and not had is still wanted.
        """
        # Emptied now, for what is wanted from here on is wanted fresher than what is being asked for.
        wanted, self._wanted = self._wanted, Wanted.NOTHING
        first: PanelError | JournalError | None = None
        asked = 0
        reachable = True
        for kind, fetch in self._steps(wanted):
            if not reachable:
                self._wanted |= wanted & kind
                continue
            try:
                await fetch()
            except (PanelError, JournalError) as error:
                first = first or error
                reachable = _speaks(error)
                # What was had and could not be stored is to be stored, whoever wanted it.
                self._wanted |= kind if isinstance(error, JournalError) else wanted & kind
            else:
                asked += 1
        return asked, first

    def _steps(self, wanted: Wanted) -> list[tuple[Wanted, Callable[[], Awaitable[None]]]]:
        steps: list[tuple[Wanted, Callable[[], Awaitable[None]]]] = []
        if Wanted.BALANCE in wanted or self._passes % _BALANCE_EVERY == 0:
            steps.append((Wanted.BALANCE, self._desk.fetch_balance))
        if Wanted.CATALOG in wanted or self._desk.catalog_due() <= 0:
            steps.append((Wanted.CATALOG, self._desk.fetch_catalog))
        orders = self._orders_to_ask(wanted)
        if orders or Wanted.ORDERS in wanted:
            steps.append((Wanted.ORDERS, partial(self._desk.fetch_statuses, orders)))
        if self._desk.refills_due():
            steps.append((Wanted.NOTHING, self._desk.fetch_refills))
        return steps

    def _orders_to_ask(self, wanted: Wanted) -> list[Order]:
        watched, visible, now = self._book.watched(), self.visible, self._clock.now()
        orders = due(watched, now, self._interval, visible)
        if Wanted.ORDERS not in wanted:
            return orders
        asked = {order.uuid for order in orders}
        return orders + [
            order
            for order in watched
            if order.uuid not in asked and order.id is not None and (order.active or order.uuid in visible)
        ]

    def _until_next(self) -> float:
        if self._wanted:
            return 0.0
        soonest = next_due(self._book.watched(), self._clock.now(), self._interval, self.visible)
        return max(_LEAST_WAIT, min(soonest, self._interval, self._desk.catalog_due()))

    def _failed(self, error: PanelError | JournalError) -> float | None:
        self._failures += 1
        if isinstance(error, BadKey):
            self._halted = True
            self._desk.show_health(health_of(error, None))
            return None
        wait = min(_LONGEST_WAIT, _FIRST_WAIT * 2.0 ** min(self._failures - 1, 10)) * (0.75 + self._jitter() / 2)
        if isinstance(error, RateLimited):
            wait = _RATE_LIMIT_WAIT if error.retry_after is None else max(_FIRST_WAIT, error.retry_after)
            self._silent_until = self._clock.monotonic() + wait
        self._desk.show_health(health_of(error, self._clock.monotonic() + wait))
        return wait


def _speaks(error: PanelError | JournalError) -> bool:
    """Whether the panel can be asked for something else after this."""
    return isinstance(error, JournalError | Refused | BadAnswer) and not isinstance(error, BadKey | RateLimited)
