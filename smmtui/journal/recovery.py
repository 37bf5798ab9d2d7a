"""What becomes of orders and requests whose sender ended without a word."""

from __future__ import annotations

from pathlib import Path

from smmtui.domain.clock import Clock
from smmtui.domain.reasons import ENDED_WHILE_SENDING
from smmtui.domain.records import Event, Order, State
from smmtui.journal import rows
from smmtui.journal.audit import copies_since_audit, restore
from smmtui.journal.copies import order_copy
from smmtui.journal.database import Database, Row
from smmtui.journal.lease import is_alive
from smmtui.journal.receipts import Receipts
from smmtui.journal.transitions import interrupted

_SENDING_ORDERS = f"SELECT owner, {rows.ORDER_COLUMNS} FROM orders WHERE state = 'sending'"  # noqa: S608 own names
_SENDING_REQUESTS = "SELECT uuid, owner FROM requests WHERE state = 'sending'"
_GIVE_UP_REQUEST = "UPDATE requests SET state = 'unknown', reason = ? WHERE uuid = ? AND state = 'sending'"


def recover(database: Database, receipts: Receipts, leases: Path, clock: Clock) -> list[Order]:
    """Make unknown what a dead process was sending and return those orders; a living one's are left to it.

    An id that only the receipts have is taken from there.
    """
    now = clock.now()
    sending = database.records(_owned_order, _SENDING_ORDERS)
    orphans = [order.uuid for owner, order in sending if not is_alive(leases, owner)]
    requests = [uuid for uuid, owner in database.rows(_SENDING_REQUESTS) if not is_alive(leases, owner)]
    if not orphans and not requests:
        return []
    recovered = []
    copies = copies_since_audit(database, receipts)
    with database.transaction() as write:
        for uuid in orphans:
            order = rows.fetch_order(write, uuid)
            # Its outcome may have come between the question and this transaction.
            if order is None or order.state is not State.SENDING:
                continue
            copy = copies.orders.get(uuid)
            if copy is not None and copy.id is not None:
                # The database did not take this outcome any more, but the receipts did.
                recovered.append(restore(write, copy, order, now))
                continue
            order = interrupted(order)
            rows.update_order(write, order)
            rows.append_event(write, uuid, Event(now, State.SENDING, State.UNKNOWN, {"reason": ENDED_WHILE_SENDING}))
            recovered.append(order)
        write.executemany(_GIVE_UP_REQUEST, [(ENDED_WHILE_SENDING, uuid) for uuid in requests])
    if recovered:
        receipts.append(*(order_copy("recovered", order, now) for order in recovered))
    return recovered


def _owned_order(row: Row) -> tuple[str, Order]:
    return row[0], rows.order_from(row[1:])
