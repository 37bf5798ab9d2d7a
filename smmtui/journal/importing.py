"""Orders that come from another journal: taken in as they were, but for what is not theirs to go on with here."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from smmtui.domain.clock import Clock
from smmtui.domain.reasons import WAS_DRAFT, WAS_QUEUED, WAS_SENDING
from smmtui.domain.records import Event, Order, State
from smmtui.journal import rows
from smmtui.journal.copies import order_copy
from smmtui.journal.database import Database
from smmtui.journal.receipts import Receipts

# An order on its way, or waiting for its turn, belongs to the journal it is in: two must not send it.
_NOT_TAKEN_ON = {
    State.SENDING: (State.UNKNOWN, WAS_SENDING),
    State.QUEUED: (State.UNSENT, WAS_QUEUED),
    State.DRAFT: (State.UNSENT, WAS_DRAFT),
}
_AT_ONCE = 1000


class Imports:
    """The way into the journal for orders of another one."""

    def __init__(self, database: Database, receipts: Receipts, clock: Clock) -> None:
        self._database = database
        self._receipts = receipts
        self._clock = clock

    def add(self, orders: Sequence[Order]) -> list[Order | None]:
        """Take in every order whose uuid and id are new, and write its receipt.

        Returns for each of `orders` the one that the journal had already, None where it was taken in. They keep their
        uuid and get the next sequences, in their own order. What was being sent becomes unknown, what was queued
        becomes unsent. Raises JournalError: then some of them are in, and adding all again adds the rest.
        """
        found: dict[str, Order | None] = {}
        waiting = sorted(orders, key=lambda order: order.sequence)
        # Not all at once, for an order placed in another window has to wait for the end of a transaction.
        for start in range(0, len(waiting), _AT_ONCE):
            self._add(waiting[start : start + _AT_ONCE], found)
        return [found[order.uuid] for order in orders]

    def since(self, moment: datetime) -> list[str]:
        """Return the uuids of imported orders that were placed since `moment`; raises JournalError."""
        sql = """SELECT uuid FROM orders WHERE placed >= ? AND EXISTS (SELECT 1 FROM events
            WHERE events.uuid = orders.uuid AND before IS NULL AND evidence LIKE '{"imported"%')"""
        return [uuid for (uuid,) in self._database.rows(sql, (rows.from_time(moment),))]

    def _add(self, orders: Sequence[Order], found: dict[str, Order | None]) -> None:
        now, new = self._clock.now(), list[Order]()
        with self._database.transaction() as write:
            (last,) = write.execute("SELECT coalesce(max(sequence), 0) FROM orders").fetchone()
            for order in orders:
                known = _known(write, order)
                if known is None:
                    new.append(_arrived(order, last + len(new) + 1))
                    _insert(write, new[-1], order.state, now)
                # Twice in one file is once in the journal, and the first of the two was taken in.
                found.setdefault(order.uuid, known)
        if new:
            self._receipts.append(*(order_copy("imported", order, now) for order in new))


def _known(write: sqlite3.Connection, order: Order) -> Order | None:
    """The order of the same uuid, else the one of the same panel id."""
    row = write.execute(
        "SELECT uuid FROM orders WHERE uuid = ? OR id = ? ORDER BY uuid = ? DESC", (order.uuid, order.id, order.uuid)
    ).fetchone()
    return None if row is None else rows.fetch_order(write, row[0])


def _arrived(order: Order, sequence: int) -> Order:
    state, reason = _NOT_TAKEN_ON.get(order.state, (order.state, order.reason))
    return replace(order, sequence=sequence, state=state, reason=reason)


def _insert(write: sqlite3.Connection, order: Order, exported: State, now: datetime) -> None:
    rows.insert_order(write, order)
    shown = rows.evidence(imported=exported.value, id=order.id, status=order.word)
    rows.append_event(write, order.uuid, Event(now, None, order.state, shown))
