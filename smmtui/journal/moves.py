"""Single changes of orders inside a transaction: the row, and the event that tells of it."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from msgspec.structs import replace

from smmtui.domain.records import Event, Order, State
from smmtui.errors import JournalError
from smmtui.journal import rows
from smmtui.words import _


def next_sequence(write: sqlite3.Connection) -> int:
    """Return the sequence of the next intent."""
    row: tuple[int] = write.execute("SELECT coalesce(max(sequence), 0) + 1 FROM orders").fetchone()
    return row[0]


def expect(write: sqlite3.Connection, uuid: str) -> Order:
    """Return the order; raises JournalError where there is none of that uuid."""
    order = rows.fetch_order(write, uuid)
    if order is None:
        raise JournalError(_("The journal has no order {uuid}.", uuid=uuid))
    return order


def change(write: sqlite3.Connection, order: Order, before: State, evidence: dict[str, str], at: datetime) -> None:
    """Store the order as it is from `at` on."""
    rows.update_order(write, order)
    rows.append_event(write, order.uuid, Event(at, before, order.state, evidence))


def move(write: sqlite3.Connection, uuid: str, before: State, after: State, reason: str, at: datetime) -> Order | None:
    """Take the order from one state to another and return it; None where it is not in the first any more."""
    order = expect(write, uuid)
    if order.state is not before:
        return None
    order = replace(order, state=after, reason=reason)
    change(write, order, before, rows.evidence(reason=reason), at)
    return order
