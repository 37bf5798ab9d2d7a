"""The journal: what was meant to be sent, what came of it, and what the panel said since."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from logging import INFO, WARNING
from pathlib import Path

from msgspec.structs import replace

from smmtui.domain.clock import Clock
from smmtui.domain.reasons import NO_RECEIPT
from smmtui.domain.records import Balance, Draft, Event, Order, Outcome, State, Tracked
from smmtui.durable import private_folder
from smmtui.errors import JournalError
from smmtui.journal import rows
from smmtui.journal.audit import check
from smmtui.journal.basket import StoredBasket, expect_as_queued
from smmtui.journal.changes import Changes
from smmtui.journal.copies import INTENT, order_copy
from smmtui.journal.database import Database, in_words
from smmtui.journal.history import History
from smmtui.journal.importing import Imports
from smmtui.journal.lease import Lease, OpeningLock
from smmtui.journal.moves import change, expect, move, next_sequence
from smmtui.journal.notes import Notes
from smmtui.journal.opening import DAMAGE, open_database
from smmtui.journal.preferences import Preferences
from smmtui.journal.receipts import Receipts
from smmtui.journal.recovery import recover
from smmtui.journal.requests import Requests
from smmtui.journal.transitions import Settlement, concluded, intended, settled, tracked, unsettled
from smmtui.log import log
from smmtui.words import _


class Journal:
    """All orders of one account, durable and shared by every window on it.

    Every method is one whole transaction and has reached the disk when it returns; all raise JournalError. Call them
    from one thread at a time.

    `basket` holds what is put together to be ordered, `requests` refills and cancels, `notes` changes the user's words
    about an order, `imports` takes in orders of another journal, `history` reads what is long ago, `preferences` is
    what is remembered beside orders, `changes` tells what other windows have written. `path` is the database,
    `receipts` the second copy. `damage` is what the user has to read before anything is sent again, else "".
    """

    def __init__(self, database: Database, receipts: Receipts, lease: Lease, clock: Clock) -> None:
        self._database = database
        self._lease = lease
        self._clock = clock
        self.receipts = receipts
        self.basket = StoredBasket(database, receipts, clock)
        self.requests = Requests(database, receipts, lease.name, clock)
        self.notes = Notes(database, receipts, clock)
        self.imports = Imports(database, receipts, clock)
        self.history = History(database)
        self.preferences = Preferences(database)
        self.changes = Changes(database)
        self.path = database.path
        self.damage: str = self.preferences.get(DAMAGE) or ""

    @classmethod
    def open(cls, folder: Path, *, clock: Clock) -> Journal:
        """Open the journal in `folder`, made at first use; what a killed process was sending becomes unknown."""
        with in_words(folder):
            private_folder(folder)
        receipts, leases = Receipts(folder), folder / "leases"
        with OpeningLock(folder), in_words(folder):
            database = open_database(folder / "journal.db", receipts, leases, clock)
            try:
                journal = cls(database, receipts, Lease.acquire(leases), clock)
            except BaseException:
                database.close()
                raise
        log.log(WARNING if journal.damage else INFO, "journal opened: %s %s", journal.path, journal.damage)
        return journal

    def close(self) -> None:
        """Let go of the files; what is still `sending` becomes unknown at the next start."""
        self._database.close()
        self._lease.release()

    # ── health ────────────────────────────────────────────────────────────────────────────────────────────────────

    def acknowledge_damage(self) -> None:
        """Remember that the user has read `damage`; ordering is on again."""
        self.preferences.set(DAMAGE, None)
        self.damage = ""

    def check(self) -> list[str]:
        """Compare every row with the receipts and the file with itself; return what is wrong, in words."""
        return check(self._database, self.receipts)

    def recover(self) -> list[Order]:
        """Make unknown what windows that ended meanwhile were sending, and return those orders."""
        return recover(self._database, self.receipts, self.path.parent / "leases", self._clock)

    # ── sending ───────────────────────────────────────────────────────────────────────────────────────────────────

    def intend(self, draft: Draft, *, balance: Balance | None = None, balance_at: datetime | None = None) -> Order:
        """Make the intent durable and return it as `sending`; where this raises, nothing may be sent."""
        self._refuse_damage()
        now = self._clock.now()
        with self._database.transaction() as write:
            order = intended(draft, rows.new_uuid(), next_sequence(write), now, State.SENDING)
            rows.insert_order(write, order, self._lease.name)
            known = _balance_known(balance, balance_at)
            rows.append_event(write, order.uuid, Event(now, None, State.SENDING, known))
        self._hand_receipt(order, known)
        return order

    def start_sending(
        self, uuid: str, *, balance: Balance | None = None, balance_at: datetime | None = None
    ) -> Order | None:
        """Make the intent of a queued order durable; None where it is not queued any more. Else as `intend`.

        It counts as placed from now on. Raises JournalError also where it is not what was queued.
        """
        self._refuse_damage()
        known, now = _balance_known(balance, balance_at), self._clock.now()
        with self._database.transaction() as write:
            order = expect(write, uuid)
            if order.state is not State.QUEUED:
                return None
            expect_as_queued(write, order)
            order = replace(order, state=State.SENDING, placed=now)
            change(write, order, State.QUEUED, known, now)
            begun = (self._lease.name, rows.from_time(now), uuid)
            write.execute("UPDATE orders SET owner = ?, placed = ? WHERE uuid = ?", begun)
        self._hand_receipt(order, known)
        return order

    def conclude(self, uuid: str, outcome: Outcome) -> Order:
        """Make an outcome durable and return the order with it.

        An id that another order has already makes the order unknown. A late outcome of an order that was given up
        meanwhile counts only if it brings an id. Where this raises, the outcome may be in the receipts only.
        """
        found = rows.evidence(
            id=outcome.id,
            reason=outcome.reason,
            warning=outcome.warning,
            status=outcome.status,
            elapsed=f"{outcome.elapsed:.3f}",
            reply=outcome.reply,
        )
        now = self._clock.now()
        try:
            with self._database.transaction() as write:
                before = expect(write, uuid)
                order = concluded(before, outcome, _holder(write, outcome.id))
                change(write, order, before.state, found | {"outcome": outcome.state.value}, now)
        except JournalError:
            # The id must survive a database that cannot be written: the next start takes it from here.
            with suppress(JournalError):
                self.receipts.append(_orphan(uuid, outcome, now.isoformat()))
            raise
        self.receipts.append(order_copy("outcome", order, now, {"answer": outcome.id or ""}))
        return order

    # ── settling ──────────────────────────────────────────────────────────────────────────────────────────────────

    def settle(self, uuid: str, how: Settlement, id: str | None, evidence: dict[str, str]) -> Order:
        """Settle an unknown order on the user's word; `id` goes with "placed" only, `evidence` is what was shown."""
        return self._decide("settled", uuid, lambda order: settled(order, how, id), evidence)

    def unsettle(self, uuid: str) -> Order:
        """Take a settlement back: the order is unknown again."""
        return self._decide("unsettled", uuid, unsettled, {})

    def track(self, known: Sequence[Tracked]) -> list[Order]:
        """Watch orders that were placed elsewhere; an id the journal has already gives the order it has."""
        now, orders, new = self._clock.now(), [], []
        with self._database.transaction() as write:
            for each in known:
                holder = _holder(write, each.id)
                if holder is None:
                    order = tracked(each, rows.new_uuid(), next_sequence(write), now)
                    rows.insert_order(write, order)
                    rows.append_event(write, order.uuid, Event(now, None, State.ACCEPTED, {"tracked": each.id}))
                    new.append(order)
                else:
                    order = expect(write, holder)
                orders.append(order)
        if new:
            self.receipts.append(*(order_copy("tracked", order, now) for order in new))
        return orders

    # ── following ─────────────────────────────────────────────────────────────────────────────────────────────────

    def record(self, changed: Sequence[Order], at: datetime) -> None:
        """Store what the panel said at `at` of many orders in one transaction; a new status is an event."""
        with self._database.transaction() as write:
            for order in changed:
                # Another window may have taken the id away since; then what was said is not about this order.
                key = order.uuid, order.id
                row = write.execute("SELECT status, word FROM orders WHERE uuid = ? AND id = ?", key).fetchone()
                if row is None:
                    continue
                rows.update_status(write, order)
                status = None if order.status is None else order.status.value
                if row != (status, order.word):
                    words = rows.evidence(status=order.word or status, was=row[1] or row[0])
                    rows.append_event(write, order.uuid, Event(at, order.state, order.state, words))

    # ── reading ───────────────────────────────────────────────────────────────────────────────────────────────────

    def orders(self, *, limit: int | None = None, since: datetime | None = None) -> list[Order]:
        """Return orders, newest first: the last `limit`, those placed from `since` on, and all that are not done."""
        if limit is None:
            return self._orders("TRUE")
        newest = "sequence IN (SELECT sequence FROM orders ORDER BY sequence DESC LIMIT ?)"
        if since is None:
            return self._orders(f"watched = 1 OR {newest}", limit)
        return self._orders(f"watched = 1 OR placed >= ? OR {newest}", rows.from_time(since), limit)

    def order(self, uuid: str) -> Order | None:
        """Return the order, None where there is none of that uuid."""
        return next(iter(self._orders("uuid = ?", uuid)), None)

    def by_panel_id(self, id: str) -> Order | None:
        """Return the order that the panel calls `id`, None where the journal does not know it."""
        return next(iter(self._orders("id = ?", id)), None)

    def events(self, uuid: str) -> list[Event]:
        """Return what happened to an order, oldest first."""
        sql = f"SELECT {rows.EVENT_COLUMNS} FROM events WHERE uuid = ? ORDER BY number"  # noqa: S608 own names
        return self._database.records(rows.event_from, sql, (uuid,))

    def data_version(self) -> int:
        """Return a number that changes when another window has written."""
        return self._database.number("PRAGMA data_version")

    # ── inside ────────────────────────────────────────────────────────────────────────────────────────────────────

    def _orders(self, condition: str, *values: object) -> list[Order]:
        # S608: the condition is one of this class's own texts.
        sql = f"SELECT {rows.ORDER_COLUMNS} FROM orders WHERE {condition} ORDER BY sequence DESC"  # noqa: S608
        return self._database.records(rows.order_from, sql, values)

    def _decide(self, kind: str, uuid: str, decision: Callable[[Order], Order], evidence: dict[str, str]) -> Order:
        now = self._clock.now()
        with self._database.transaction() as write:
            before = expect(write, uuid)
            order = decision(before)
            holder = _holder(write, order.id)
            if holder not in (None, uuid):
                raise JournalError(_("The id {id} belongs to another order already.", id=order.id))
            shown = evidence | rows.evidence(decision=order.reason, id=order.id)
            change(write, order, before.state, shown, now)
        self.receipts.append(order_copy(kind, order, now))
        return order

    def _refuse_damage(self) -> None:
        if self.damage:
            # It may have been read in another window.
            self.damage = self.preferences.get(DAMAGE) or ""
        if self.damage:
            raise JournalError(_("Nothing is sent until this has been read: {damage}", damage=self.damage))

    def _hand_receipt(self, order: Order, known: dict[str, str]) -> None:
        """Write the receipt of an intent, or take the intent back: without its receipt nothing may be sent."""
        now = self._clock.now()
        try:
            self.receipts.append(order_copy(INTENT, order, now, known))
        except JournalError:
            with suppress(JournalError), self._database.transaction() as write:
                move(write, order.uuid, State.SENDING, State.UNSENT, NO_RECEIPT, now)
            raise


def _holder(write: sqlite3.Connection, id: str | None) -> str | None:
    """The uuid of the order that has this id of the panel's already."""
    row: tuple[str] | None = write.execute("SELECT uuid FROM orders WHERE id = ?", (id,)).fetchone()
    return None if row is None else row[0]


def _balance_known(balance: Balance | None, at: datetime | None) -> dict[str, str]:
    if balance is None:
        return {}
    return rows.evidence(
        balance=rows.from_money(balance.amount),
        balance_currency=balance.currency,
        balance_at=None if at is None else at.isoformat(),
    )


def _orphan(uuid: str, outcome: Outcome, at: str) -> dict[str, object]:
    """The receipt of an outcome whose order cannot be read now."""
    known = rows.evidence(id=outcome.id, reason=outcome.reason)
    return {"at": at, "kind": "orphan", "uuid": uuid, "state": outcome.state.value, **known}
