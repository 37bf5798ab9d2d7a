"""The basket as screens see it: filled, edited, placed after one confirmation, stopped and resumed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from msgspec.structs import replace

from smmtui.desk.basket_contents import BasketContents
from smmtui.desk.basket_sending import BasketSending
from smmtui.desk.first_look import BasketLook
from smmtui.desk.known import Known
from smmtui.desk.ordering import Ordering
from smmtui.desk.own_thread import OwnThread
from smmtui.desk.remembered import Remembered
from smmtui.desk.topics import Topic
from smmtui.desk.windows import Sleep
from smmtui.domain.basket import BasketRow, Batch, Progress, over_balance, total_of
from smmtui.domain.order_entry import OrderEntry
from smmtui.domain.records import Draft, Order, State
from smmtui.errors import NotSent
from smmtui.journal.lease import BasketLock
from smmtui.words import _

if TYPE_CHECKING:
    from smmtui.journal.journal import Journal
    from smmtui.panel.client import PanelClient

_STOPPED = "basket.stopped"
_LEFT = _("You left smmtui before all of it was sent.")
_CHANGED = _("Rows have changed since you confirmed them, or were placed already. Look at them again.")


class Basket(BasketContents):
    """The orders that are put together on one account, and the way they go out.

    Nothing is sent but by `place` and `resume`, each on the user's word. `sent` is called when sending has ended.
    Why it has stopped is remembered.
    """

    def __init__(
        self,
        known: Known,
        journal: Journal,
        thread: OwnThread,
        ordering: Ordering,
        client: Callable[[], Awaitable[PanelClient]],
        sent: Callable[[], None],
        sleep: Sleep,
        remembered: Remembered,
    ) -> None:
        super().__init__(known, journal, thread)
        self._ordering = ordering
        self._sent = sent
        self._remembered = remembered
        lock = BasketLock(journal.path.parent)
        self._sending = BasketSending(known, ordering, client, lock, self._next_order, self._reread, self._tell, sleep)
        # The orders that may go out in this run, by uuid: those that the user has confirmed for it.
        self._confirmed: frozenset[str] = frozenset()
        # What it was found to be, which may be None.
        self._progress: tuple[Progress | None] | None = None
        known.subscribe(self._hear)

    def begin(self, look: BasketLook) -> None:
        """Go on with the basket as it was left, and with why it had stopped."""
        stopped = self._remembered.get(_STOPPED)
        self._sending.stopped = stopped if isinstance(stopped, str) else ""
        super().begin(look)

    @property
    def progress(self) -> Progress | None:
        """How far the sending is, None where nothing is queued and nothing was sent since the start."""
        if self._progress is None:
            self._progress = (self._how_far(),)
        return self._progress[0]

    # ── placing ───────────────────────────────────────────────────────────────────────────────────────────────────

    def check_place(self, keys: Collection[str] | None = None) -> Batch:
        """Return what would be placed now: all that is ready, or what of these keys is."""
        wanted = None if keys is None else set(keys)
        rows = tuple(row for row in self.rows if row.ready and (wanted is None or row.key in wanted))
        total, balance = total_of(rows), self._known.balance
        currency = None if balance is None else balance.currency
        over = over_balance(None if total is None else total + self._on_their_way(), balance)
        return Batch(rows, total, currency, self._forbidden(rows, total), over)

    def _forbidden(self, rows: Sequence[BasketRow], total: Decimal | None) -> str:
        if not rows:
            return _("There is no row that can be placed as it is.")
        if self._ordering.unsaved:
            return _(
                "What came of an order could not be saved, so no further one is sent. Make room on the disk first."
            )
        if self._journal.damage:
            return _("Nothing is sent until this has been read: {damage}", damage=self._journal.damage)
        return self._known.over_cap(None if total is None else total + self._on_their_way())

    def _on_their_way(self) -> Decimal:
        """What the queued orders cost that go out in this run; those that wait for `resume` are confirmed anew."""
        if not self._sending.running:
            return Decimal(0)
        return sum((order.estimate or Decimal(0) for order in self._queued()), Decimal(0))

    async def place(self, batch: Batch) -> None:
        """Queue what the user has confirmed, all of it or nothing, and send that until it is done or has to stop.

        What was queued before stays queued, unless it is being sent already.
        Raises NotSent or JournalError where nothing was queued. Why it stopped later is in `progress`.
        """
        self._sending.begin()
        self._sending.hold()
        try:
            drafts = self._drafts(batch)
            await self._rows.flush()
            typed = [row.typed for row in batch.rows]
            queued = await self._thread.call(self._journal.basket.queue, drafts, typed)
            self._known.take_orders(queued)
            await self._rows.load()
        except BaseException:
            self._sending.let_go()
            raise
        await self._send(queued)

    def _drafts(self, batch: Batch) -> list[Draft]:
        """The orders of a batch, as they were confirmed; raises NotSent where they would be others now."""
        if forbidden := self._forbidden(batch.rows, batch.total):
            raise NotSent(forbidden)
        currency = None if self._known.balance is None else self._known.balance.currency
        around = self._rows.around
        return [self._draft(row, around.entry(row.typed), currency) for row in batch.rows]

    def _draft(self, before: BasketRow, entry: OrderEntry | None, currency: str | None) -> Draft:
        """The order of a row, as `entry` makes it at what is listed now; NotSent where it is not what was confirmed."""
        row = self._rows.get(before.key)
        if row is None or not row.ready or row.typed != before.typed or entry is None or before.service is None:
            raise NotSent(_CHANGED)
        draft = entry.draft(currency)
        if entry.service != before.service:
            # Not every change of a service is one of the order; but the same sum can buy another quantity.
            confirmed = replace(entry, service=before.service).draft(currency)
            if (draft.fields, draft.estimate) != (confirmed.fields, confirmed.estimate):
                raise NotSent(_CHANGED)
        return draft

    def stop(self) -> None:
        """End the sending after the order under way; what is left stays queued."""
        self._sending.stop()

    def leave(self) -> None:
        """As `stop`, because the user leaves; one by the user before it stays the reason."""
        if not self._sending.stopping:
            self._sending.stop(_LEFT)

    async def resume(self, again: Iterable[str] = (), waiting: Collection[str] | None = None) -> None:
        """Go on with what is queued, on the user's word; unsent rows of the keys `again` are queued first.

        `waiting` are the keys of the queued rows that the user has confirmed, None for all there are.
        Raises NotSent or JournalError where nothing is sent by it.
        """
        if self._sending.running:
            return
        self._sending.begin()
        self._sending.hold()
        try:
            await self._rows.look()
            unsent = self._unsent(again)
            confirmed = self._waiting(waiting)
            total = sum((order.estimate or Decimal(0) for order in (*confirmed, *unsent)), Decimal(0))
            if refused := self._known.over_cap(total):
                raise NotSent(refused)
            queued = [await self._thread.call(self._journal.basket.requeue, order.uuid) for order in unsent]
            requeued = [order for order in queued if order is not None]
            self._known.take_orders(requeued)
        except BaseException:
            self._sending.let_go()
            raise
        await self._send([*confirmed, *requeued])

    def _waiting(self, keys: Collection[str] | None) -> list[Order]:
        """The queued orders of these rows, or of all."""
        typed = self._rows.typed
        rows = typed.values() if keys is None else [typed[key] for key in keys if key in typed]
        orders = (self._known.book.get(row.order) for row in rows if row.order is not None)
        return [order for order in orders if order is not None and order.state is State.QUEUED]

    def _unsent(self, keys: Iterable[str]) -> list[Order]:
        rows = [row for row in map(self._rows.get, keys) if row is not None]
        return [row.order for row in rows if row.order is not None and row.state == "unsent"]

    async def _send(self, confirmed: Iterable[Order]) -> None:
        """Send these and no others; they go out in their turn where others are being sent already."""
        uuids = frozenset(order.uuid for order in confirmed)
        if self._sending.running:
            self._confirmed |= uuids
            self._tell()
            return
        self._sending.hold()
        self._confirmed = uuids
        self._remembered.set(_STOPPED, None)
        try:
            await self._sending.run()
        finally:
            self._remembered.set(_STOPPED, self._sending.stopped or None)
            self._rows.orders_changed(sending=False)
            self._sent()

    def _next_order(self) -> Order | None:
        """The first order of this run that is queued, also where the rows are not checked yet."""
        return min(self._queued(), key=lambda order: order.sequence, default=None)

    def _queued(self) -> list[Order]:
        """What is left to send in this run."""
        return [order for order in self._waiting(None) if order.uuid in self._confirmed]

    async def _reread(self, order: Order) -> None:
        now = await self._thread.call(self._journal.order, order.uuid)
        self._known.take_orders([] if now is None else [now])

    def _how_far(self) -> Progress | None:
        sending = self._sending
        placed = [(row, row.order) for row in self.rows if row.order is not None]
        if sending.running:
            # What was queued earlier and is not part of this run waits for another word.
            placed = [(row, order) for row, order in placed if row.state != "queued" or order.uuid in self._confirmed]
            batches = {order.batch for _row, order in placed if order.uuid in self._confirmed}
        else:
            batches = sending.batches | {order.batch for row, order in placed if row.state == "queued"}
        rows = [row for row, order in placed if order.batch in batches]
        if not rows and not sending.stopped:
            return None
        left = sum(row.state == "queued" for row in rows)
        under_way = [row.key for row in rows if row.state == "sending"]
        return Progress(
            done=len(rows) - left - len(under_way),
            of=len(rows),
            left=left,
            per_minute=sending.per_minute,
            current=next(iter(under_way), None) if sending.running else None,
            running=sending.running,
            stopping=sending.stopping,
            elsewhere=bool(under_way) and not sending.running,
            pause=sending.pause,
            stopped=sending.stopped if left or any(row.state == "unsent" for row in rows) else "",
        )

    # ── news ──────────────────────────────────────────────────────────────────────────────────────────────────────

    async def look(self) -> None:
        """Take over what another window has done to the basket; raises JournalError."""
        await self._rows.look()

    def _hear(self, topic: Topic) -> None:
        if topic & (Topic.ORDERS | Topic.BALANCE | Topic.BASKET):
            self._totals = self._progress = None
        if topic & Topic.CATALOG:
            self._rows.catalog_changed()
        if topic & Topic.ORDERS:
            self._rows.orders_changed(sending=self._sending.running)
