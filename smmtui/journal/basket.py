"""The basket on the disk: rows as the user typed them, and the one transaction that makes orders of them."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Collection, Iterable, Iterator, Sequence

import msgspec
from msgspec.structs import replace

from smmtui.domain.clock import Clock
from smmtui.domain.reasons import WITHDRAWN
from smmtui.domain.records import Draft, Event, Order, State
from smmtui.domain.typed_row import TypedRow
from smmtui.errors import JournalError
from smmtui.journal import rows
from smmtui.journal.copies import order_copy
from smmtui.journal.database import UNREADABLE, Damaged, Database, Row
from smmtui.journal.moves import expect, move, next_sequence
from smmtui.journal.receipts import Receipts
from smmtui.journal.transitions import intended
from smmtui.words import _

BASKET_COLUMNS = "key, row, checksum, order_uuid"
# The number at the head of whatever stands there: what a flipped bit has spoilt is no reason to end.
_REVISION = "SELECT CAST(value AS INTEGER) FROM preferences WHERE key = 'basket revision'"
_CHANGED = _("A row was changed or placed in another window meanwhile. Look at it again, then confirm anew.")
_SPOILT = _(
    "The disk has damaged the next order of the basket: it is not what you confirmed any more, so it was not sent. "
    "Take its row back, look at it, and place it again."
)
_CHECK = "check"
# States in which an order costs nothing and is not under way, so that its row may be ordered anew.
_FREE = (State.QUEUED, State.REJECTED, State.UNSENT)


class StoredBasket:
    """The basket of one account, shared by its windows; every method is one durable transaction.

    All raise JournalError. `revision` grows with every change.
    """

    def __init__(self, database: Database, receipts: Receipts, clock: Clock) -> None:
        self._database = database
        self._receipts = receipts
        self._clock = clock

    @property
    def revision(self) -> int:
        """A number that differs when anything was changed, here or in another window."""
        return self._database.number(_REVISION)

    def rows(self) -> list[TypedRow]:
        """Return every row, in the user's order."""
        sql = f"SELECT {BASKET_COLUMNS} FROM basket ORDER BY place, number"  # noqa: S608 own names
        return self._database.records(typed_from, sql)

    def put(self, typed: Iterable[TypedRow]) -> int:
        """Store new and changed rows and return the revision.

        A row that is an order by now stays as it is: it was placed in another window.
        """
        with self._database.transaction() as write:
            write.executemany(
                """INSERT INTO basket (place, key, row, checksum, order_uuid) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (key) DO UPDATE SET place = excluded.place, row = excluded.row, checksum = excluded.checksum
                WHERE order_uuid IS NULL""",
                _encoded(typed),
            )
            return _next_revision(write)

    def queue(self, drafts: Sequence[Draft], typed: Sequence[TypedRow] = ()) -> list[Order]:
        """Make orders of rows under one new batch id, all of them `queued`, and return them.

        `typed` are the rows of the drafts, one for each, as the user has confirmed them: where the disk has another
        value, or an order, of any, nothing is queued. Without `typed` the orders have no rows.
        """
        now, batch, queued = self._clock.now(), rows.new_uuid(), []
        with self._database.transaction() as write:
            for row in typed:
                _expect_same(write, row)
            for sequence, draft in enumerate(drafts, next_sequence(write)):
                order = intended(draft, rows.new_uuid(), sequence, now, State.QUEUED, batch)
                rows.insert_order(write, order)
                rows.append_event(write, order.uuid, Event(now, None, State.QUEUED, {_CHECK: _check_of(order)}))
                queued.append(order)
            for row, order in zip(typed, queued if typed else (), strict=True):
                write.execute("UPDATE basket SET order_uuid = ? WHERE key = ?", (order.uuid, row.name))
                if row.paste:
                    write.execute("INSERT INTO pasted VALUES (?, ?, ?)", (row.paste, row.number, order.uuid))
            _next_revision(write)
        return queued

    def requeue(self, uuid: str) -> Order | None:
        """Queue an unsent order again, on the user's word; None where it is not unsent any more."""
        now = self._clock.now()
        with self._database.transaction() as write:
            unsent = expect(write, uuid)
            queued = move(write, uuid, State.UNSENT, State.QUEUED, "", now)
            if queued is not None:
                # The newest receipt may still say that it is being sent; what is queued is known to be not.
                self._receipts.append(order_copy("queued again", unsent, now))
        return queued

    def take_back(self, keys: Collection[str]) -> list[Order]:
        """Part rows from orders that cost nothing, and return those orders; queued ones are `unsent` from now on.

        Rows whose orders were sent, or are being sent, stay as they are.
        """
        with self._database.transaction() as write:
            orders = [order for key in keys if (order := self._freed(write, key)) is not None]
            _next_revision(write)
        return orders

    def remove(self, keys: Collection[str]) -> tuple[list[TypedRow], list[Order]]:
        """Take rows out and return them, with the orders that are `unsent` by it; a row being sent stays.

        A row that was sent keeps its order, which is not touched; a queued one has none any more.
        """
        removed, withdrawn = list[TypedRow](), list[Order]()
        with self._database.transaction() as write:
            for key in keys:
                row, order = _stored(write, key), _order_of(write, key)
                if row is None or (order is not None and order.state is State.SENDING):
                    continue
                if order is not None and order.state is State.QUEUED:
                    withdrawn += filter(None, [self._freed(write, key)])
                    row = replace(row, order=None)
                write.execute("DELETE FROM basket WHERE key = ?", (key,))
                removed.append(row)
            _next_revision(write)
        return removed, withdrawn

    def pasted(self, paste: str) -> list[tuple[int, Order]]:
        """Return the orders that rows of a text have become, with the number of the row in that text."""
        names = ", ".join(f"orders.{name.strip()}" for name in rows.ORDER_COLUMNS.split(","))
        # S608: own names.
        sql = f"""SELECT {names}, pasted.number FROM pasted JOIN orders ON orders.uuid = pasted.order_uuid
            WHERE pasted.paste = ? ORDER BY pasted.number, orders.sequence"""  # noqa: S608
        return self._database.records(lambda row: (row[-1], rows.order_from(row)), sql, (paste,))

    def _freed(self, write: sqlite3.Connection, key: str) -> Order | None:
        """The order of the row, which has none any more; None where it has to keep it."""
        order = _order_of(write, key)
        if order is None or order.state not in _FREE:
            return None
        write.execute("UPDATE basket SET order_uuid = NULL WHERE key = ?", (key,))
        return move(write, order.uuid, State.QUEUED, State.UNSENT, WITHDRAWN, self._clock.now()) or order


def expect_as_queued(write: sqlite3.Connection, order: Order) -> None:
    """Raise JournalError where a queued order is not what the user has confirmed any more.

    Until it is sent no receipt tells of it, so that a flipped bit in its row would be ordered.
    """
    sql = "SELECT evidence FROM events WHERE uuid = ? AND after = 'queued' ORDER BY number LIMIT 1"
    row = write.execute(sql, (order.uuid,)).fetchone()
    try:
        check = msgspec.json.decode(row[0], type=dict[str, str]).get(_CHECK, "")
    except UNREADABLE as error:
        raise JournalError(_SPOILT) from error
    # Orders that were queued by the first version have none.
    if check not in ("", _check_of(order)):
        raise JournalError(_SPOILT)


def troubles(database: Database) -> list[str]:
    """Return in words which rows of the basket cannot be read, or have lost their order; changes nothing."""
    found = database.rows(f"SELECT {BASKET_COLUMNS} FROM basket")  # noqa: S608 own names
    unreadable = sum(not _reads(row) for row in found)
    lost = database.number(
        "SELECT count(*) FROM basket WHERE order_uuid IS NOT NULL AND order_uuid NOT IN (SELECT uuid FROM orders)"
    )
    return [
        *([_("Rows of the basket that cannot be read: {count}.", count=unreadable)] if unreadable else ()),
        *([_("Rows of the basket whose order the journal does not have: {count}.", count=lost)] if lost else ()),
    ]


def _reads(row: Row) -> bool:
    try:
        typed_from(row)
    except UNREADABLE:
        return False
    return True


def _check_of(order: Order) -> str:
    """A checksum of what the panel is sent, and of what it was said to cost."""
    confirmed = json.dumps([order.fields, rows.from_money(order.rate), rows.from_money(order.estimate)])
    return f"{zlib.crc32(confirmed.encode()):08x}"


def typed_from(row: Row) -> TypedRow:
    """Return the row of `BASKET_COLUMNS`; raises ValueError where it is not as it was typed any more."""
    key, text, checksum, order = row
    if checksum != _checksum(key, text):
        raise ValueError(_("its checksum is wrong"))
    return replace(msgspec.json.decode(text, type=TypedRow), order=order)


def _encoded(typed: Iterable[TypedRow]) -> Iterator[tuple[int, str, str, int, str | None]]:
    for row in typed:
        text = msgspec.json.encode(replace(row, order=None)).decode()
        yield row.place, row.name, text, _checksum(row.name, text), row.order


def _checksum(key: str, text: str) -> int:
    return zlib.crc32(f"{key} {text}".encode())


def _next_revision(write: sqlite3.Connection) -> int:
    write.execute(
        """INSERT INTO preferences VALUES ('basket revision', '1')
        ON CONFLICT (key) DO UPDATE SET value = CAST(value AS INTEGER) + 1"""
    )
    revision: tuple[int] = write.execute(_REVISION).fetchone()
    return revision[0]


def _stored(write: sqlite3.Connection, key: str) -> TypedRow | None:
    row = write.execute(f"SELECT {BASKET_COLUMNS} FROM basket WHERE key = ?", (key,)).fetchone()  # noqa: S608 own names
    try:
        return None if row is None else typed_from(row)
    except UNREADABLE as error:
        wrong = _("The journal's row {key} of the basket cannot be read ({why}).", key=key, why=error)
        raise Damaged(wrong) from error


def _expect_same(write: sqlite3.Connection, row: TypedRow) -> None:
    if _stored(write, row.name) != row or row.order is not None:
        raise JournalError(_CHANGED)


def _order_of(write: sqlite3.Connection, key: str) -> Order | None:
    row = write.execute("SELECT order_uuid FROM basket WHERE key = ?", (key,)).fetchone()
    return None if row is None or row[0] is None else rows.fetch_order(write, row[0])
