"""The one async service object that every screen shares."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

from smmtui.config import Profile
from smmtui.desk.health import Condition, Health
from smmtui.desk.order_book import OrderBook
from smmtui.desk.ordering import Ordering
from smmtui.desk.own_thread import OwnThread
from smmtui.desk.refreshing import RefreshLoop, Wanted
from smmtui.desk.topics import News, Topic
from smmtui.domain.catalog import Catalog
from smmtui.domain.clock import Clock
from smmtui.domain.records import Balance, Draft, Event, Order, Tracked
from smmtui.errors import ConfigError, NotSent, PanelError, Refused

if TYPE_CHECKING:
    from smmtui.journal.journal import Journal
    from smmtui.journal.snapshot import Snapshot
    from smmtui.panel.catalog_rows import Services
    from smmtui.panel.client import PanelClient

_HISTORY = 5_000


class Desk:
    """Holds what is true of one account: catalogue, orders, balance, health; and does what a user can ask for.

    Values are frozen and replaced whole; outside of this class they are only read. `connect` makes the panel's client;
    it runs in a thread, once there are rows on the screen, because that is where the HTTP library is loaded.
    """

    def __init__(
        self,
        profile: Profile,
        clock: Clock,
        open_journal: Callable[[], Journal],
        snapshot: Snapshot,
        connect: Callable[[], PanelClient],
        read_services: Callable[[bytes], Services],
    ) -> None:
        self.profile = profile
        self.clock = clock
        self.catalog = Catalog(())
        self.catalog_at: datetime | None = None
        self.catalog_skipped = 0
        self.balance: Balance | None = None
        self.balance_at: datetime | None = None
        self.health = Health()
        self._open_journal = open_journal
        self._snapshot = snapshot
        self._connect = connect
        self._read_services = read_services
        self.book = OrderBook()
        self._unstored: set[str] = set()
        self._news = News()
        self.subscribe = self._news.subscribe
        self._tell = self._news.tell
        self._thread = OwnThread("journal")
        self._client: asyncio.Future[PanelClient] = asyncio.get_running_loop().create_future()
        self._loop = RefreshLoop(self, self.book, profile.refresh_seconds, clock)
        self._background: list[asyncio.Task[None]] = []
        self._journal: Journal | None = None
        self._ordering: Ordering | None = None

    # ── the stages of a start, and the end ────────────────────────────────────────────────────────────────────────

    async def open(self) -> None:
        """Read what this machine knows: the journal's orders and the last catalogue. Raises JournalError."""
        journal = await self._thread.call(self._open_journal)
        self._journal = journal
        self._ordering = Ordering(journal, self._thread, self._take_order)
        # All of today's orders, however many: the header adds them up.
        today = self.clock.now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
        self.book.take(await self._thread.call(journal.orders, limit=_HISTORY, since=today))
        self.balance, self.balance_at = await self._thread.call(_last_balance, journal)
        kept = await asyncio.to_thread(self._snapshot.read)
        if kept is not None:
            with suppress(PanelError):
                await self._take_services(await asyncio.to_thread(self._read_services, kept.data), kept.at)
        self._tell(Topic.CATALOG | Topic.ORDERS)

    def go_online(self) -> None:
        """Make the panel's client in a thread, then keep everything fresh until closed."""
        self._background.append(asyncio.create_task(self._be_online(), name="refresh"))

    async def _be_online(self) -> None:
        try:
            self._client.set_result(await asyncio.to_thread(self._connect))
        except ConfigError as error:
            self.show_health(Health(Condition.OFFLINE, f"{error} Correct it and start again."))
            self._client.set_exception(NotSent(str(error)))
            return
        finally:
            # Nobody who wants to send is left to wait for ever; retrieved here, so that nobody has to.
            if not self._client.done():
                self._client.set_exception(NotSent("smmtui did not get ready to reach the panel."))
            self._client.exception()
        await self._loop.run()

    async def close(self) -> None:
        """Stop refreshing, close the client and the journal; orders under way must have been waited for."""
        for task in self._background:
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)
        if self._client.done() and self._client.exception() is None:
            await self._client.result().aclose()
        if self._journal is not None:
            await self._thread.call(self._journal.close)
        await self._thread.close()

    # ── news ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def show_health(self, health: Health) -> None:
        """Take over what the refresh loop found out about the panel."""
        if health != self.health:
            self.health = health
            self._tell(Topic.HEALTH)

    # ── what is shown ─────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def orders(self) -> tuple[Order, ...]:
        """Every order that is loaded, newest first."""
        return self.book.newest_first

    @property
    def unsaved(self) -> Sequence[Order]:
        """Orders whose outcome could not be written; while there are any, nothing more is sent."""
        return () if self._ordering is None else self._ordering.unsaved

    @property
    def next_refresh(self) -> float | None:
        """Seconds until the next pass, None while one is under way or none is planned."""
        at = self._loop.next_at
        return None if at is None else max(0.0, at - self.clock.monotonic())

    @property
    def paused(self) -> bool:
        """Whether the automatic refresh is paused."""
        return self._loop.paused

    @property
    def damage(self) -> str:
        """What happened to the journal, in words, "" for nothing; nothing is sent until it has been acknowledged."""
        return "" if self._journal is None else self._journal.damage

    # ── use cases ─────────────────────────────────────────────────────────────────────────────────────────────────

    async def place(self, draft: Draft) -> Order:
        """Send one order, once, and return it with its outcome; see `Ordering.place`.

        Raises JournalError where it could not be written down first, NotSent where there is no way to the panel.
        """
        if self._ordering is None:
            raise NotSent("The journal is not open yet, so nothing was sent.")
        client = await asyncio.shield(self._client)
        order = await self._ordering.place(draft, client, self.balance, self.balance_at)
        self._loop.soon(Wanted.BALANCE | Wanted.ORDERS)
        return order

    async def track(self, tracked: Iterable[Tracked | str]) -> list[Order]:
        """Watch orders that were placed elsewhere, by the panel's ids; those known already are not doubled."""
        known = [each if isinstance(each, Tracked) else Tracked(each) for each in tracked]
        orders = await self._thread.call(self._opened().track, known)
        self.book.take(orders)
        self._tell(Topic.ORDERS)
        self._loop.soon(Wanted.ORDERS)
        return orders

    async def events(self, uuid: str) -> list[Event]:
        """Return what has happened to an order, oldest first. Raises JournalError."""
        return await self._thread.call(self._opened().events, uuid)

    def refresh(self, wanted: Wanted) -> None:
        """Have these fresh now, on the user's word; it also ends the silence after a refused key."""
        if self._client.done() and self._client.exception() is None:
            self._client.result().accept_key()
        self._loop.act(wanted)

    async def acknowledge_damage(self) -> None:
        """Allow ordering again, now that the user has read what happened to the journal. Raises JournalError."""
        await self._thread.call(self._opened().acknowledge_damage)
        self._tell(Topic.HEALTH)

    def pause(self, on: bool) -> None:
        """Stop or resume the automatic refresh."""
        self._loop.pause(on)

    def look_at(self, uuids: Iterable[str]) -> None:
        """Say which orders are on the screen, so that they are asked for first."""
        self._loop.visible = frozenset(uuids)

    # ── what the refresh loop keeps fresh ─────────────────────────────────────────────────────────────────────────

    def catalog_due(self) -> float:
        """Return the seconds until the catalogue is too old; not positive when it is, or lies in the future."""
        if self.catalog_at is None:
            return 0.0
        age = (self.clock.now() - self.catalog_at).total_seconds()
        return self.profile.catalog_max_age - age if age >= 0 else 0.0

    async def fetch_balance(self) -> None:
        """Ask the panel for the balance. Raises PanelError."""
        balance = await (await self._client).balance()
        changed = balance != self.balance
        self.balance, self.balance_at = balance, self.clock.now()
        self._tell(Topic.BALANCE)
        if changed:
            await self._thread.call(self._opened().preferences.save_balance, balance, self.balance_at)

    async def fetch_catalog(self) -> None:
        """Ask the panel for its services and keep its bytes for the next start. Raises PanelError."""
        services = await (await self._client).services()
        at = self.clock.now()
        await self._take_services(services, at)
        self._tell(Topic.CATALOG)
        await asyncio.to_thread(self._snapshot.write, services.raw, at)

    async def fetch_statuses(self, orders: list[Order]) -> None:
        """Ask the panel for the status of these orders; only what changed is stored and told.

        Raises PanelError, and JournalError where it could not be stored: it is then stored by a later call.
        """
        ids = [order.id for order in orders if order.id is not None]
        answers = await (await self._client).statuses(ids) if ids else {}
        at = self.clock.now()
        words = {id: str(each) if isinstance(each, Refused) else each for id, each in answers.items()}
        changed = self.book.advance(orders, words, at)
        self._unstored |= {order.uuid for order in changed}
        if changed:
            self._tell(Topic.ORDERS)
        stored = [order for uuid in self._unstored if (order := self.book.get(uuid)) is not None]
        if stored:
            await self._thread.call(self._opened().record, stored, at)
            self._unstored.clear()

    # ── taking over ───────────────────────────────────────────────────────────────────────────────────────────────

    def _opened(self) -> Journal:
        if self._journal is None:
            raise RuntimeError("the journal is used before Desk.open")
        return self._journal

    def _take_order(self, order: Order) -> None:
        self.book.take([order])
        self._tell(Topic.ORDERS)

    async def _take_services(self, services: Services, at: datetime) -> None:
        catalog = Catalog(services.services)
        await asyncio.to_thread(catalog.index)
        self.catalog, self.catalog_at, self.catalog_skipped = catalog, at, services.skipped


def _last_balance(journal: Journal) -> tuple[Balance | None, datetime | None]:
    return journal.preferences.last_balance() or (None, None)
