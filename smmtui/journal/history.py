"""Orders of long ago: counted where they are, and read a piece at a time."""

from __future__ import annotations

from smmtui.domain.records import Order, Request, State
from smmtui.domain.statuses import Status
from smmtui.journal import rows
from smmtui.journal.database import Database, Row


class History:
    """What the journal holds beside the orders that a window has loaded; all raise JournalError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def counts(self) -> dict[tuple[State, Status | None], int]:
        """Return how many orders there are of each state and status."""
        sql = "SELECT state, status, count(*) FROM orders GROUP BY state, status"
        return dict(self._database.records(_counted, sql))

    def before(self, sequence: int, limit: int) -> list[Order]:
        """Return at most `limit` orders that are older than the one of this sequence, newest first."""
        sql = f"SELECT {rows.ORDER_COLUMNS} FROM orders WHERE sequence < ? ORDER BY sequence DESC LIMIT ?"  # noqa: S608
        return self._database.records(rows.order_from, sql, (sequence, limit))

    def refused(self) -> list[tuple[str, Request]]:
        """Return every refused refill and cancel with its order's service, oldest first."""
        columns = ", ".join(f"requests.{name.strip()}" for name in rows.REQUEST_COLUMNS.split(","))
        sql = f"""SELECT orders.service, {columns} FROM requests JOIN orders ON orders.uuid = requests.order_uuid
            WHERE requests.state = 'refused' AND orders.service != '' ORDER BY requests.number"""  # noqa: S608 own names
        return self._database.records(lambda row: (row[0], rows.request_from(row[1:])), sql)


def _counted(row: Row) -> tuple[tuple[State, Status | None], int]:
    return (State(row[0]), None if row[1] is None else Status(row[1])), row[2]
