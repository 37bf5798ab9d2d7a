"""Refill and cancel requests: one call to the panel may carry a hundred, each has its own intent and outcome."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from smmtui.domain.clock import Clock
from smmtui.domain.reasons import NO_RECEIPT
from smmtui.domain.records import Order, Request
from smmtui.domain.requests import Kind, is_open
from smmtui.errors import JournalError
from smmtui.journal.copies import request_copy, request_in
from smmtui.journal.database import Database
from smmtui.journal.receipts import Receipts
from smmtui.journal.rows import REQUEST_COLUMNS, fetch_order, new_uuid, request_from, request_values


class Requests:
    """What was asked for orders that exist; every method is one durable transaction and raises JournalError."""

    def __init__(self, database: Database, receipts: Receipts, owner: str, clock: Clock) -> None:
        self._database = database
        self._receipts = receipts
        self._owner = owner
        self._clock = clock

    def intend(self, kind: Kind, uuids: Sequence[str]) -> list[Request]:
        """Make one intent for each order durable, all `sending`; where this raises, nothing may be sent.

        `uuids` name orders; one that the panel has given no id is left out, and so is one for which the same is being
        asked for already, in whichever window.
        """
        now = self._clock.now()
        requests = []
        with self._database.transaction() as write:
            for uuid in uuids:
                order = fetch_order(write, uuid)
                if order is None or order.id is None or _open(write, kind, order, now):
                    continue
                request = Request(new_uuid(), uuid, order.id, kind, "sending", now)
                _insert(write, request, self._owner)
                requests.append(request)
        self._hand_receipts(requests)
        return requests

    def conclude(self, requests: Sequence[Request]) -> None:
        """Store what came of requests; only what is `sending` takes any outcome, what is unknown one with an id."""
        with self._database.transaction() as write:
            for request in requests:
                write.execute(
                    """UPDATE requests SET state = :state, id = :id, reason = :reason WHERE uuid = :uuid
                    AND (state = 'sending' OR (state = 'unknown' AND :state IN ('requested', 'settled')))""",
                    request_values(request),
                )
        self._receipts.append(*(request_copy(request, self._clock.now()) for request in requests))

    def record(self, requests: Sequence[Request]) -> None:
        """Store what `refill_status` said of requests."""
        with self._database.transaction() as write:
            for request in requests:
                write.execute(
                    "UPDATE requests SET status = :status, word = :word WHERE uuid = :uuid", request_values(request)
                )

    def of(self, order: str) -> list[Request]:
        """Return the requests for the order of this uuid, oldest first."""
        return self._select("order_uuid = ?", order)

    def all(self) -> list[Request]:
        """Return every request, oldest first."""
        return self._select("TRUE")

    def recent(self, limit: int) -> list[Request]:
        """Return the last `limit` requests and all that somebody still waits for, oldest first."""
        newest = "number > (SELECT max(number) FROM requests) - ?"
        return self._select(f"{newest} OR state IN ('sending', 'unknown')", limit)

    def _select(self, condition: str, *values: object) -> list[Request]:
        # S608: the condition is one of this class's own texts.
        sql = f"SELECT {REQUEST_COLUMNS} FROM requests WHERE {condition} ORDER BY number"  # noqa: S608
        return self._database.records(request_from, sql, values)

    def _hand_receipts(self, requests: list[Request]) -> None:
        try:
            self._receipts.append(*(request_copy(request, self._clock.now()) for request in requests))
        except JournalError:
            self._take_back(requests)
            raise

    def _take_back(self, requests: list[Request]) -> None:
        """Without its receipt nothing may be sent; where this fails too, the next start makes them unknown."""
        with self._database.transaction() as write:
            for request in requests:
                write.execute(
                    "UPDATE requests SET state = :state, reason = :reason WHERE uuid = :uuid",
                    request_values(replace(request, state="unsent", reason=NO_RECEIPT)),
                )


def restore(database: Database, receipts: Receipts) -> None:
    """Bring back the requests that only the receipts know; raises JournalError."""
    found = (request_in(line.content) for line in receipts.read() if line.content is not None)
    newest = {request.uuid: request for request in found if request is not None}
    known = {uuid for (uuid,) in database.rows("SELECT uuid FROM requests")}
    with database.transaction() as write:
        for uuid, request in newest.items():
            if uuid not in known:
                _insert(write, request, "")


def _open(write: sqlite3.Connection, kind: Kind, order: Order, now: datetime) -> bool:
    sql = f"SELECT {REQUEST_COLUMNS} FROM requests WHERE order_uuid = ? AND kind = ?"  # noqa: S608 own names
    known = map(request_from, write.execute(sql, (order.uuid, kind)))
    return any(is_open(request, order, now) for request in known)


def _insert(write: sqlite3.Connection, request: Request, owner: str) -> None:
    values = request_values(request) | {"owner": owner}
    names, places = ", ".join(values), ", ".join(f":{name}" for name in values)
    # S608: the names are this package's own columns.
    write.execute(f"INSERT INTO requests ({names}) VALUES ({places})", values)  # noqa: S608
