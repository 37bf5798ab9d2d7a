"""Several windows on one account: one asks the panel, the others follow it and take over when it ends."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

from smmtui.desk.health import Condition, Health, health_elsewhere, health_of, health_of_silence
from smmtui.desk.known import Known
from smmtui.desk.own_thread import OwnThread
from smmtui.desk.refreshing import RefreshLoop
from smmtui.desk.topics import Wanted
from smmtui.domain.clock import JumpWatch
from smmtui.domain.records import Order, Request
from smmtui.errors import JournalError
from smmtui.journal.board import Board, Shown, Wish
from smmtui.journal.lease import PollerLock

if TYPE_CHECKING:
    from smmtui.journal.journal import Journal
    from smmtui.journal.snapshot import Snapshot

Sleep = Callable[[float], Awaitable[object]]

_EVERY = 1.0
_REQUESTS = 1_000
# A pass of many requests, each tried several times, may take as long as this.
_SILENCE = 120.0


class Windows:
    """This window among those on its account; looks every second at what the others have written.

    The one that holds the poller's lock runs the refresh loop. The others show what it shows, pass the user's wishes
    on to it, and try for the lock, which the system frees however its holder ends.
    """

    def __init__(
        self,
        known: Known,
        journal: Journal,
        thread: OwnThread,
        loop: RefreshLoop,
        snapshot: Snapshot,
        read_catalog: Callable[[], Awaitable[None]],
        look_at_basket: Callable[[], Awaitable[None]],
        accept_key: Callable[[], None],
        sleep: Sleep,
    ) -> None:
        self._known = known
        self._journal = journal
        self._thread = thread
        self._loop = loop
        self._snapshot = snapshot
        self._read_catalog = read_catalog
        self._look_at_basket = look_at_basket
        self._accept_key = accept_key
        self._sleep = sleep
        folder = journal.path.parent
        self._lock = PollerLock(folder)
        self._board = Board(folder)
        self._jumps = JumpWatch(known.clock)
        self._following = False
        self._shown: Shown | None = None
        self._catalog_at: datetime | None = None

    # ── what the Desk asks of whichever window it is ──────────────────────────────────────────────────────────────

    @property
    def following(self) -> bool:
        """Whether another window asks the panel."""
        return self._following

    @property
    def paused(self) -> bool:
        """Whether the automatic refresh is paused, wherever it runs."""
        return self._shown is not None and self._shown.paused if self._following else self._loop.paused

    @property
    def next_at(self) -> float | None:
        """The monotonic second of the next pass, None while one is under way or none is planned."""
        if self._following:
            return None if self._shown is None else self._shown.next_at
        return self._loop.next_at

    def soon(self, wanted: Wanted) -> None:
        """Have these fresh as soon as may be."""
        if self._following:
            self._wish(Wish(_names(wanted)))
        else:
            self._loop.soon(wanted)

    def act(self, wanted: Wanted) -> None:
        """As `soon`, on the user's own word."""
        self._accept_key()
        if self._following:
            self._wish(Wish(_names(wanted), by_user=True))
        else:
            self._loop.act(wanted)

    def pause(self, on: bool) -> None:
        """Stop or resume the automatic refresh, wherever it runs."""
        if self._following:
            self._wish(Wish(pause=on))
        else:
            self._loop.pause(on)

    def _wish(self, wish: Wish) -> None:
        # Here and not in the journal's thread: nothing is synced, so it takes a tenth of a millisecond.
        self._board.wish(wish)

    # ── the life of a window ──────────────────────────────────────────────────────────────────────────────────────

    async def run(self) -> None:
        """Follow until nobody else asks the panel, then ask it, until cancelled."""
        try:
            while not self._hold():
                self._following = True
                await self._each_second(self._follow)
            await self._take_the_lead()
            await self._lead()
        finally:
            self._lock.release()

    def _hold(self) -> bool:
        try:
            return self._lock.try_acquire()
        except OSError:
            # Without locks in this folder nobody can follow anybody.
            return True

    async def _each_second(self, look: Callable[[], Awaitable[None]]) -> None:
        try:
            await look()
        except JournalError as error:
            self._known.show_health(health_of(error, None))
        await self._sleep(_EVERY)

    async def _take_the_lead(self) -> None:
        wishes = await self._thread.call(self._board.take_wishes)
        if not self._following:
            # Those were left for a window that is long gone.
            return
        self._following = False
        if self._shown is not None and self._shown.paused:
            self._loop.pause(True)
        with suppress(JournalError):
            # Before the first pass, so that it asks about everything there is.
            await self._take_changes()
            await self._recover()
        self._grant(wishes)

    async def _lead(self) -> None:
        polling = asyncio.create_task(self._loop.run(), name="refresh loop")
        try:
            while not polling.done():
                await self._each_second(self._serve)
            # It ends by a fault only, which is this task's then.
            await polling
        finally:
            polling.cancel()
            await asyncio.wait([polling])

    # ── asking the panel ──────────────────────────────────────────────────────────────────────────────────────────

    async def _serve(self) -> None:
        if self._jumps.jumped():
            self._loop.distrust()
        # Before the look at the journal, so that the order a wish is about has been seen when it is granted.
        wishes = await self._thread.call(self._board.take_wishes)
        try:
            await self._take_changes()
        finally:
            self._grant(wishes)
        # The journal knows by the leases which of them are sent by windows that live.
        if self._known.book.sending or self._known.requests.sending:
            await self._recover()
        shown = self._state()
        if shown != self._shown:
            self._shown = shown
            await self._thread.call(self._board.show, shown)

    async def _recover(self) -> None:
        orders = await self._thread.call(self._journal.recover)
        requests: list[Request] = []
        if self._known.requests.sending:
            requests = await self._thread.call(self._journal.requests.recent, _REQUESTS)
        self._known.take_over(orders, requests)

    def _grant(self, wishes: list[Wish]) -> None:
        for wish in wishes:
            if wish.pause is not None:
                self._loop.pause(wish.pause)
            wanted = _wanted(wish.wanted)
            if wish.by_user:
                self.act(wanted)
            elif wanted:
                self._loop.soon(wanted)

    def _state(self) -> Shown:
        known, health = self._known, self._known.health
        return Shown(
            condition=health.condition.name,
            words=health.words,
            retry_at=health.retry_at,
            next_at=self._loop.next_at,
            paused=self._loop.paused,
            balance=known.balance,
            balance_at=known.balance_at,
        )

    # ── following ─────────────────────────────────────────────────────────────────────────────────────────────────

    async def _follow(self) -> None:
        await self._take_changes()
        self._shown = await self._thread.call(self._board.shown)
        self._known.show_health(self._health_there())
        self._take_balance_there()
        at = await self._thread.call(self._snapshot.at)
        if at is not None and at not in (self._catalog_at, self._known.catalog_at):
            # Also where it cannot be read: the next one is tried.
            self._catalog_at = at
            await self._read_catalog()

    def _take_balance_there(self) -> None:
        shown, known = self._shown, self._known
        if shown is None or shown.balance is None or shown.balance_at is None:
            return
        if (shown.balance, shown.balance_at) != (known.balance, known.balance_at):
            known.take_balance(shown.balance, shown.balance_at)

    def _health_there(self) -> Health:
        shown, now = self._shown, self._known.clock.monotonic()
        if shown is None:
            return health_elsewhere(Condition.ONLINE, "", None)
        if shown.next_at is not None and now > shown.next_at + _SILENCE:
            return health_of_silence()
        try:
            condition = Condition[shown.condition]
        except KeyError:
            # A newer smmtui in that window has other words for it.
            condition = Condition.ELSEWHERE
        return health_elsewhere(condition, shown.words, shown.retry_at)

    # ── both ──────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _take_changes(self) -> None:
        changed = await self._thread.call(self._changed)
        if changed is not None:
            self._known.book.take_imported(await self._thread.call(self._journal.imports.since, self._known.midnight))
            self._known.take_over(*changed)
            await self._look_at_basket()

    def _changed(self) -> tuple[list[Order], list[Request]] | None:
        """What stands in the journal, None where no other window has written."""
        orders = self._journal.changes.look()
        return None if orders is None else (orders, self._journal.requests.recent(_REQUESTS))


def _names(wanted: Wanted) -> tuple[str, ...]:
    return tuple(each.name for each in wanted if each.name is not None)


def _wanted(names: tuple[str, ...]) -> Wanted:
    """What was wished for; a window of another version may name what this one does not know."""
    wanted = Wanted.NOTHING
    for name in names:
        wanted |= Wanted.__members__.get(name, Wanted.NOTHING)
    return wanted
