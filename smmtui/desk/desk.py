"""The one async service object that every screen shares."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from smmtui.config import Profile
from smmtui.desk.basket import Basket
from smmtui.desk.connection import Connection
from smmtui.desk.fetching import Fetching
from smmtui.desk.first_look import FirstLook
from smmtui.desk.health import Condition, Health
from smmtui.desk.history import History
from smmtui.desk.kept_catalog import FirstServices, KeptCatalog, ReadServices
from smmtui.desk.known import Known
from smmtui.desk.messages import Messages, PanelNews
from smmtui.desk.notices import Notices
from smmtui.desk.ordering import Ordering
from smmtui.desk.own_thread import OwnThread
from smmtui.desk.refreshing import RefreshLoop
from smmtui.desk.remembered import Remembered
from smmtui.desk.requesting import Requesting
from smmtui.desk.settling import Settling
from smmtui.desk.topics import Topic, Wanted
from smmtui.desk.tracking import Tracking
from smmtui.desk.windows import Sleep, Windows
from smmtui.domain.clock import Clock
from smmtui.domain.records import Draft, Event, Order, Request, Tracked
from smmtui.domain.requests import Asked, Kind
from smmtui.errors import ConfigError, NotSent
from smmtui.words import _

if TYPE_CHECKING:
    from smmtui.journal.journal import Journal
    from smmtui.journal.snapshot import Snapshot
    from smmtui.panel.client import PanelClient

_HISTORY = 5_000
_NOT_OPEN = _("The journal is not open yet, so nothing was sent.")


class Desk(Known):
    """Holds what is true of one account, and does what a user can ask for.

    `connect` makes the panel's client; it runs in a thread, once there are rows on the screen, because that is where
    the HTTP library is loaded. `sleep` is what passes between two looks at the other windows. `first_services` reads
    rows of a catalogue's beginning, to be shown until the rest has been read; without it `open` reads all at once.
    `settling`, `basket`, `tracking`, `history` and `notices` are there once `open` has returned.
    """

    settling: Settling
    basket: Basket
    tracking: Tracking
    history: History
    notices: Notices

    def __init__(
        self,
        profile: Profile,
        clock: Clock,
        open_journal: Callable[[], Journal],
        snapshot: Snapshot,
        connect: Callable[[], PanelClient],
        read_services: ReadServices,
        sleep: Sleep = asyncio.sleep,
        first_services: FirstServices | None = None,
    ) -> None:
        super().__init__(profile, clock)
        self._make_journal = open_journal
        self._journal: Journal | None = None
        self._snapshot = snapshot
        self._sleep = sleep
        self._thread = OwnThread("journal")
        self._kept_catalog = KeptCatalog(self, snapshot, read_services, first_services)
        self.remembered = Remembered(self._thread, lambda: self.tell(Topic.HEALTH))
        self.messages = Messages(clock, lambda: self.tell(Topic.MESSAGES))
        self._connection = Connection(connect)
        self._background: list[asyncio.Task[None]] = []
        self._opened: _Opened | None = None

    # ── the stages of a start, and the end ────────────────────────────────────────────────────────────────────────

    async def open(self) -> None:
        """Read what this machine knows: the journal's orders and the last catalogue. Raises JournalError."""
        kept_catalog = self._kept_catalog
        # All of today's orders, however many: the header adds them up.
        first = await self._thread.call(
            FirstLook.take, self._open_journal, kept_catalog.read_head, self.midnight, _HISTORY
        )
        journal = first.journal
        self._opened = self._furnished(journal)
        self.remembered.begin(journal.preferences, first.values)
        self.settling = Settling(self, self._connection.client, journal, self._thread)
        self.history = History(self, journal, self._thread, _HISTORY)
        self.tracking = Tracking(self, self._connection.client, journal, self._thread)
        self.book.take_imported(first.imported)
        self.book.take(first.orders)
        self.requests.take(first.requests)
        self.refusals.begin(first.refused)
        self.balance, self.balance_at = first.balance or (None, None)
        kept_catalog.preview(first.head)
        if self.preview is None:
            await kept_catalog.read()
        await self.basket.open()
        PanelNews(self, self.messages)
        # Begins with what is known by now: nothing of it is news.
        self.notices = Notices(self, self._opened.windows, self.remembered)
        self.tell(Topic.CATALOG | Topic.ORDERS)

    def _open_journal(self) -> Journal:
        # Kept before anything else can go wrong, and before whoever waits for it can leave: it has to be closed.
        self._journal = self._make_journal()
        return self._journal

    def _close_journal(self) -> None:
        if self._journal is not None:
            self._journal.close()

    def _furnished(self, journal: Journal) -> _Opened:
        connection = self._connection
        fetching = Fetching(self, connection.client, journal, self._thread, self._snapshot)
        loop = RefreshLoop(fetching, self.book, self.profile.refresh_seconds, self.clock)
        windows = Windows(
            self,
            journal,
            self._thread,
            loop,
            self._snapshot,
            self._kept_catalog.read,
            lambda: self.basket.look(),
            connection.accept_key,
            self._sleep,
        )
        ordering = Ordering(journal, self._thread, lambda order: self.take_orders([order]))
        wanted = Wanted.BALANCE | Wanted.ORDERS
        self.basket = Basket(
            self,
            journal,
            self._thread,
            ordering,
            connection.client,
            lambda: windows.soon(wanted),
            self._sleep,
            self.remembered,
        )
        requesting = Requesting(journal, self._thread, self.requests, self.clock, self.take_requests)
        return _Opened(journal, ordering, requesting, fetching, loop, windows)

    def go_online(self) -> None:
        """Make the panel's client in a thread, then keep everything fresh until closed."""
        task = asyncio.create_task(self._be_online(), name="refresh")
        task.add_done_callback(_tell_fault)
        self._background.append(task)

    async def _be_online(self) -> None:
        if self.preview is not None:
            await self._kept_catalog.read()
            # Also where it turned out to be damaged behind its beginning: the panel is asked at once then.
            self.preview = None
            self.tell(Topic.CATALOG)
        try:
            await self._connection.make()
        except ConfigError as error:
            advice = _("Correct it and start again.")
            self.show_health(Health(Condition.OFFLINE, f"{error} {advice}"))
            return
        await self._expect_open().windows.run()

    async def close(self) -> None:
        """Stop refreshing, close the client and the journal; orders under way must have been waited for."""
        for task in self._background:
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)
        await self._connection.close()
        await self.remembered.close()
        if self._opened is not None:
            await self.basket.close()
        # In the thread it comes after an opening that is still under way.
        await self._thread.call(self._close_journal)
        await self._thread.close()

    # ── what is shown beside what is known ────────────────────────────────────────────────────────────────────────

    @property
    def unsaved(self) -> Sequence[Order]:
        """Orders whose outcome could not be written; while there are any, nothing more is sent."""
        return () if self._opened is None else self._opened.ordering.unsaved

    @property
    def unsaved_requests(self) -> Sequence[Request]:
        """Refills and cancels whose outcome could not be written; while there are any, no more are asked for."""
        return () if self._opened is None else self._opened.requesting.unsaved

    @property
    def next_refresh(self) -> float | None:
        """Seconds until the next pass, None while one is under way or none is planned."""
        at = None if self._opened is None else self._opened.windows.next_at
        return None if at is None else max(0.0, at - self.clock.monotonic())

    @property
    def paused(self) -> bool:
        """Whether the automatic refresh is paused."""
        return self._opened is not None and self._opened.windows.paused

    @property
    def damage(self) -> str:
        """What happened to the journal, in words, "" for nothing; nothing is sent until it has been acknowledged."""
        return "" if self._opened is None else self._opened.journal.damage

    # ── use cases ─────────────────────────────────────────────────────────────────────────────────────────────────

    async def place(self, draft: Draft) -> Order:
        """Send one order, once, and return it with its outcome; see `Ordering.place`.

        Raises JournalError where it could not be written down first, NotSent where there is no way to the panel.
        """
        if self._opened is None:
            raise NotSent(_NOT_OPEN)
        client = await self._connection.client()
        order = await self._opened.ordering.place(draft, client, self.balance, self.balance_at)
        self._opened.windows.soon(Wanted.BALANCE | Wanted.ORDERS)
        return order

    async def refill(self, orders: Sequence[Order]) -> Asked:
        """Ask for a refill of each of these orders, once, and return what came of it; see `Requesting.ask`.

        Raises JournalError where nothing could be written down first, NotSent where there is no way to the panel.
        """
        return await self._ask("refill", orders)

    async def cancel(self, orders: Sequence[Order]) -> Asked:
        """Ask for a cancel as `refill` does; taken means requested, never cancelled and refunded."""
        return await self._ask("cancel", orders)

    async def _ask(self, kind: Kind, orders: Sequence[Order]) -> Asked:
        if self._opened is None:
            raise NotSent(_NOT_OPEN)
        asked = await self._opened.requesting.ask(kind, orders, await self._connection.client())
        self._opened.windows.soon(Wanted.BALANCE | Wanted.ORDERS)
        return asked

    async def track(self, tracked: Iterable[Tracked]) -> list[Order]:
        """Watch orders that were placed elsewhere, by the panel's ids; those known already are not doubled."""
        opened = self._expect_open()
        orders = await self._thread.call(opened.journal.track, tuple(tracked))
        self.take_orders(orders)
        opened.windows.soon(Wanted.ORDERS)
        return orders

    async def events(self, uuid: str) -> list[Event]:
        """Return what has happened to an order, oldest first. Raises JournalError."""
        return await self._thread.call(self._expect_open().journal.events, uuid)

    async def annotate(self, uuid: str, note: str, tags: Sequence[str]) -> None:
        """Replace the user's note and tags of an order. Raises JournalError."""
        self.take_over([await self._thread.call(self._expect_open().journal.notes.set, uuid, note, tags)], ())

    def refresh(self, wanted: Wanted) -> None:
        """Have these fresh now, on the user's word; it also ends the silence after a refused key."""
        self._expect_open().windows.act(wanted)

    async def acknowledge_damage(self) -> None:
        """Allow ordering again, now that the user has read what happened to the journal. Raises JournalError."""
        await self._thread.call(self._expect_open().journal.acknowledge_damage)
        self.tell(Topic.HEALTH)

    def pause(self, on: bool) -> None:
        """Stop or resume the automatic refresh."""
        self._expect_open().windows.pause(on)

    def look_at(self, uuids: Iterable[str]) -> None:
        """Say which orders are on the screen, so that they are asked for first."""
        self._expect_open().loop.look_at(uuids)

    # ── inside ────────────────────────────────────────────────────────────────────────────────────────────────────

    def _expect_open(self) -> _Opened:
        if self._opened is None:
            raise RuntimeError("the Desk is used before it was opened")
        return self._opened


class _Opened(Struct, frozen=True):
    """What there is once the journal is open."""

    journal: Journal
    ordering: Ordering
    requesting: Requesting
    fetching: Fetching
    loop: RefreshLoop
    windows: Windows


def _tell_fault(task: asyncio.Task[None]) -> None:
    """Hand a fault to the event loop at once: nobody waits for this task, and what it kept fresh would grow old."""
    if not task.cancelled() and (error := task.exception()) is not None:
        context = {"message": "The refreshing has ended by a fault.", "exception": error, "task": task}
        asyncio.get_running_loop().call_exception_handler(context)
