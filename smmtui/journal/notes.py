"""The user's own words about an order."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from smmtui.domain.clock import Clock
from smmtui.domain.records import Event, Order
from smmtui.errors import JournalError
from smmtui.journal import rows
from smmtui.journal.copies import note_copy
from smmtui.journal.database import Database
from smmtui.journal.receipts import Receipts
from smmtui.words import _


class Notes:
    """The way into the journal for notes and tags."""

    def __init__(self, database: Database, receipts: Receipts, clock: Clock) -> None:
        self._database = database
        self._receipts = receipts
        self._clock = clock

    def set(self, uuid: str, note: str, tags: Sequence[str]) -> Order:
        """Replace an order's note and tags, and return the order; raises JournalError."""
        now = self._clock.now()
        with self._database.transaction() as write:
            before = rows.fetch_order(write, uuid)
            if before is None:
                raise JournalError(_("The journal has no order {uuid}.", uuid=uuid))
            order = replace(before, note=rows.storable(note), tags=tuple(map(rows.storable, tags)))
            if order == before:
                return order
            rows.update_note(write, order)
            said = {"note": order.note, "tags": " ".join(order.tags)}
            rows.append_event(write, uuid, Event(now, before.state, before.state, said))
        self._receipts.append(note_copy(order, now))
        return order
