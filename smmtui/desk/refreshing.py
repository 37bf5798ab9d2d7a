"""One loop that keeps statuses, balance and catalogue fresh; it waits for itself and never dies of an error."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from functools import partial
from typing import Protocol

from smmtui.desk.backoff import Backoff
from smmtui.desk.health import Condition, Health, health_after, health_after_jump, health_of
from smmtui.desk.order_book import OrderBook
from smmtui.desk.order_rounds import OrderRounds, Statuses
from smmtui.desk.topics import Wanted
from smmtui.domain.clock import Clock
from smmtui.domain.records import Request
from smmtui.errors import BadKey, JournalError, NoAnswer, NotSent, PanelError, RateLimited
from smmtui.log import log

_LEAST_WAIT = 1.0
_LEAST_RATE_LIMIT_WAIT = 5.0
_RATE_LIMIT_WAIT = 60.0
_LONGEST_WAIT = 300.0
# Panels allow their catalogue, which is a large answer, a few times an hour.
_LONGEST_CATALOG_WAIT = 1800.0
# In refresh intervals.
_BALANCE_EVERY = 10
# One silence may be about one question; after two in a row nobody is there.
_IN_A_ROW = 2


class Refreshed(Statuses, Protocol):
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

    def refills_due(self) -> Sequence[Request]:
        """Return the refills to ask about now."""
        ...

    def refills_wanted(self) -> None:
        """Have every refill asked about in the next pass."""
        ...

    async def fetch_refills(self) -> None:
        """Ask the panel how far the refills are that are due."""
        ...

    def slowest_answer(self) -> float:
        """Return the seconds that the slowest answer since the last call took."""
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
        self._interval = interval
        self._clock = clock
        self._wake = asyncio.Event()
        self._backoff: Backoff[Wanted] = Backoff(clock, jitter)
        self._rounds = OrderRounds(desk, book, interval, clock, self._wake.is_set)
        self._wanted = Wanted.BALANCE | Wanted.ORDERS
        self._balance_due = clock.monotonic()
        self._halted = False
        self._paused = False
        self._silent_until = clock.monotonic()
        self.next_at: float | None = None
        """The monotonic second of the next pass, None while one is under way or none is planned."""

    @property
    def paused(self) -> bool:
        """Whether the user has paused the automatic refresh."""
        return self._paused

    def look_at(self, uuids: Iterable[str]) -> None:
        """Say which orders are on the screen now: they are asked for first."""
        self._rounds.visible = frozenset(uuids)

    def soon(self, wanted: Wanted) -> None:
        """Have these looked at as soon as may be, of the orders those that are due; several calls are one."""
        self._wanted |= wanted
        self.next_at = None
        self._wake.set()

    def act(self, wanted: Wanted) -> None:
        """As `soon`, on the user's own word: every active order then, and the silence after a refused key ends.

        The silence that a panel asks for is kept: it answers nothing before, and may ask for a longer one.
        """
        if self._halted:
            self._halted = False
            self._desk.show_health(Health())
        self._backoff.allow()
        if Wanted.ORDERS in wanted:
            self._rounds.since = self._clock.now()
            self._desk.refills_wanted()
        self.soon(wanted)

    def distrust(self) -> None:
        """Have everything fresh after a suspend or a jump of the wall clock, unless nothing may be asked now."""
        if self._halted or self._paused:
            return
        if self._clock.monotonic() >= self._silent_until:
            self._desk.show_health(health_after_jump())
        self._rounds.since = self._clock.now()
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

    # ── one pass ──────────────────────────────────────────────────────────────────────────────────────────────────

    async def _pass(self) -> float | None:
        """Fetch what is wanted or due; return the seconds until the next pass, None to wait for the user."""
        self._wake.clear()
        if self._at_rest():
            return None
        if not self._silence():
            answered = await self._fetch()
            if not self._halted and not self._silence():
                self._show_health(answered)
        if self._at_rest():
            return None
        return self._silence() or self._until_next()

    def _at_rest(self) -> bool:
        return self._halted or (self._paused and not self._wanted and self._rounds.since is None)

    def _silence(self) -> float:
        """The seconds for which the panel wants to hear nothing."""
        return max(0.0, self._silent_until - self._clock.monotonic())

    async def _fetch(self) -> bool:
        """Fetch one kind after the other; return whether anything was answered.

        One kind that cannot be had does not keep the others from being fresh, but nothing more is asked once nobody
        can be reached or the panel wants silence. What was wanted and not had is still wanted.
        """
        # Emptied now, for what is wanted from here on is wanted fresher than what is being asked for.
        wanted, self._wanted = self._wanted, Wanted.NOTHING
        due = Wanted.NOTHING
        answered, failures, over = False, 0, False
        async for kind, fetch in self._steps(wanted):
            due |= kind
            if over or self._backoff.left(kind):
                self._wanted |= wanted & kind
                continue
            try:
                await fetch()
            except (PanelError, JournalError) as error:
                # What was had and could not be stored is to be stored, whoever wanted it.
                self._wanted |= kind if isinstance(error, JournalError) else wanted & kind
                failures += isinstance(error, NotSent | NoAnswer)
                over = self._failed(kind, error) or failures == _IN_A_ROW
            else:
                self._backoff.well(kind)
                answered, failures = True, 0
        for kind in Wanted.EVERY & ~due:
            self._backoff.well(kind)
        if due:
            log.info("refresh pass: %s%s", due, "" if answered else ", nothing answered")
        return answered

    async def _steps(self, wanted: Wanted) -> AsyncIterator[tuple[Wanted, Callable[[], Awaitable[None]]]]:
        if Wanted.BALANCE in wanted or self._clock.monotonic() >= self._balance_due:
            yield Wanted.BALANCE, self._fetch_balance
        held = self._backoff.left(Wanted.ORDERS)
        lists = [] if held else await self._rounds.lists()
        if held or lists or Wanted.ORDERS in wanted:
            yield Wanted.ORDERS, partial(self._rounds.ask, lists or [[]])
        if Wanted.CATALOG in wanted or self._desk.catalog_due() <= 0:
            yield Wanted.CATALOG, self._desk.fetch_catalog
        if self._desk.refills_due():
            yield Wanted.REFILLS, self._desk.fetch_refills

    async def _fetch_balance(self) -> None:
        await self._desk.fetch_balance()
        self._balance_due = self._clock.monotonic() + _BALANCE_EVERY * self._interval

    def _failed(self, kind: Wanted, error: PanelError | JournalError) -> bool:
        """Hold back what this error is about; return whether nothing at all is to be asked now."""
        if isinstance(error, BadKey):
            self._halted = True
            self._desk.show_health(health_of(error, None))
            return True
        if isinstance(error, RateLimited):
            asked = error.retry_after
            wait = _RATE_LIMIT_WAIT if asked is None else max(_LEAST_RATE_LIMIT_WAIT, asked)
            self._silent_until = self._clock.monotonic() + wait
            self._desk.show_health(health_of(error, self._silent_until))
            return True
        self._backoff.failed(kind, error, self._longest_wait(kind, error))
        return False

    def _longest_wait(self, kind: Wanted, error: PanelError | JournalError) -> float:
        if kind is Wanted.CATALOG:
            return _LONGEST_CATALOG_WAIT
        # Where the panel does answer, for other orders or only not to our disk, the orders are not left to grow old.
        if kind is Wanted.ORDERS and (isinstance(error, JournalError) or self._rounds.some_answered):
            return self._interval
        return _LONGEST_WAIT

    def _show_health(self, answered: bool) -> None:
        trouble = self._backoff.trouble
        if trouble is not None:
            self._desk.show_health(health_of(trouble.error, trouble.retry_at))
        elif self._paused:
            self._desk.show_health(Health(Condition.PAUSED))
        elif answered:
            self._desk.show_health(health_after(self._desk.slowest_answer()))

    def _until_next(self) -> float:
        now, held = self._clock.monotonic(), self._backoff.left
        if any(not held(kind) for kind in self._wanted):
            return 0.0
        return max(
            _LEAST_WAIT,
            min(
                self._interval,
                max(self._rounds.due_at - now, held(Wanted.ORDERS)),
                max(self._desk.catalog_due(), held(Wanted.CATALOG)),
                *(held(kind) for kind in self._wanted),
            ),
        )
