"""What other windows have written since the last look."""

from __future__ import annotations

from smmtui.domain.records import Order
from smmtui.journal import rows
from smmtui.journal.database import Database


class Changes:
    """Remembers how far this window has read; raises JournalError."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._version = self._now()
        self._event = self._last_event()

    def look(self) -> list[Order] | None:
        """Return the orders that may read differently since the last look, None where no other window has written.

        They are those to which anything happened, this window's own among them, and all that the panel still works on.
        """
        version = self._now()
        if version == self._version:
            return None
        last = self._last_event()
        # S608: own names.
        sql = f"""SELECT {rows.ORDER_COLUMNS} FROM orders
            WHERE watched = 1 OR uuid IN (SELECT uuid FROM events WHERE number > ?) ORDER BY sequence"""  # noqa: S608
        orders = self._database.records(rows.order_from, sql, (self._event,))
        self._version, self._event = version, last
        return orders

    def _now(self) -> int:
        """A number that changes when another connection has written."""
        return self._database.number("PRAGMA data_version")

    def _last_event(self) -> int:
        return self._database.number("SELECT max(number) FROM events")
