"""What stands in the basket: rows that are pasted, edited, removed, taken back; none of this sends anything."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING
from uuid import uuid4

from msgspec.structs import replace

from smmtui.desk.basket_rows import BasketRows
from smmtui.desk.first_look import BasketLook
from smmtui.desk.known import Known
from smmtui.desk.own_thread import OwnThread
from smmtui.desk.topics import Topic
from smmtui.domain.basket import OWN, BasketRow, Removed, Seen, Totals, totals_of
from smmtui.domain.order_entry import OrderEntry
from smmtui.domain.records import Order, Service, State
from smmtui.domain.service_types import DRIP_FIELDS, known_types
from smmtui.domain.typed_row import TypedRow

if TYPE_CHECKING:
    from smmtui.domain.basket_text import Recognised
    from smmtui.journal.journal import Journal

_NAMES = frozenset(
    (*(each.name for kind in known_types() for each in kind.fields), *(each.name for each in DRIP_FIELDS), *OWN)
)
_FAILED = ("rejected", "unsent", "problem")
_NOT_SENT = (State.QUEUED, State.UNSENT, State.REJECTED)


class BasketContents:
    """The rows of one account's basket, kept on the disk; every change is told as Topic.BASKET."""

    def __init__(self, known: Known, journal: Journal, thread: OwnThread) -> None:
        self._known = known
        self._journal = journal
        self._thread = thread
        self._rows = BasketRows(known, journal, thread, self._tell)
        self._totals: Totals | None = None

    def begin(self, look: BasketLook) -> None:
        """Go on with the basket as it was left."""
        self._rows.take(look)
        rows = {row.order for row in self._rows.typed.values()}
        waiting = [order for order in self._known.orders if order.state is State.QUEUED and order.uuid not in rows]
        if waiting:
            # Their rows were lost with a damaged journal; the orders themselves still wait for the user's word.
            self._rows.put(_row_of(order) for order in reversed(waiting))

    async def close(self) -> None:
        """Write what is left; what is being sent must have been waited for."""
        await self._rows.close()

    # ── what is shown ─────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def rows(self) -> tuple[BasketRow, ...]:
        """Every row, in the user's order; the same tuple until one of them changes."""
        return self._rows.shown

    @property
    def totals(self) -> Totals:
        """What the rows amount to."""
        if self._totals is None:
            self._totals = totals_of(self.rows, self._known.balance, self._known.over_cap)
        return self._totals

    @property
    def trouble(self) -> str:
        """Why the basket could not be saved, in words, "" while it can."""
        return self._rows.trouble

    def row(self, key: str) -> BasketRow | None:
        """Return the row of this key, None where there is none."""
        return self._rows.get(key)

    def entry(self, key: str) -> OrderEntry | None:
        """Return a row as an order form holds it, None where the catalog does not list its service."""
        typed = self._rows.typed.get(key)
        return None if typed is None else self._rows.around.entry(typed)

    def preview(self, key: str, service_id: str, values: Mapping[str, str], extra: str = "") -> BasketRow:
        """Return the row as `edit` would make it; nothing is kept."""
        return self._rows.as_if(self._edited(key, service_id, values, extra))

    def failures(self) -> str:
        """Return what was rejected, unsent or has a problem, as text that `recognise` reads; "" for nothing."""
        from smmtui.domain.basket_text import as_text

        return as_text(row for row in self.rows if row.state in _FAILED)

    # ── filling and editing ───────────────────────────────────────────────────────────────────────────────────────

    def add(self, services: Iterable[Service]) -> list[str]:
        """Add a row for each service, without link and quantity, and return their keys."""
        place = self._next_place()
        rows = [TypedRow(uuid4().hex, place + n, each.id, rate=each.rate) for n, each in enumerate(services)]
        self._rows.put(rows)
        return [row.name for row in rows]

    async def recognise(self, text: str) -> Recognised:
        """Read a text into rows; nothing is added. `seen` tells of an earlier time, by the text's content."""
        # Wanted seldom, and the first rows on the screen would wait for it.
        from smmtui.domain.basket_text import recognise

        found = await asyncio.to_thread(recognise, text, self._known.catalog)
        orders = await self._thread.call(self._journal.basket.pasted, found.paste)
        sent = {number: order.placed for number, order in orders if order.state not in _NOT_SENT}
        rows = [row for row in self.rows if found.paste and row.typed.paste == found.paste]
        waiting = sum(1 for row in rows if row.typed.number not in sent)
        if not sent and not waiting:
            return found
        return replace(found, seen=Seen(min(sent.values(), default=None), tuple(sorted(sent)), waiting))

    async def take(self, found: Recognised) -> list[str]:
        """Add what was recognised, and return the keys of its rows once they are checked."""
        place = self._next_place()
        self._rows.put(replace(row, place=place + n) for n, row in enumerate(found.rows))
        await self._rows.checked()
        return [row.name for row in found.rows]

    def edit(self, key: str, service_id: str, values: Mapping[str, str], extra: str = "") -> None:
        """Change a row; one that is an order by now stays as it is, and so do note and tags that are not given."""
        typed = self._rows.typed.get(key)
        if typed is not None and typed.order is None:
            self._rows.put([self._edited(key, service_id, values, extra)])

    def _edited(self, key: str, service_id: str, values: Mapping[str, str], extra: str) -> TypedRow:
        before = self._rows.typed.get(key) or TypedRow(key, self._next_place())
        own = {name: before.values[name] for name in OWN if name in before.values}
        service = self._known.catalog.by_id(service_id)
        return replace(
            before,
            service=service_id,
            values={name: value for name, value in {**own, **values}.items() if value or name not in OWN},
            extra=extra,
            rate=None if service is None else service.rate,
            text="",
            wrong="",
        )

    def _next_place(self) -> int:
        return max((row.place for row in self._rows.typed.values()), default=0) + 1

    async def remove(self, keys: Iterable[str]) -> Removed:
        """Take rows out; queued ones are not sent any more, the one being sent stays. Raises JournalError."""
        await self._rows.flush()
        rows, withdrawn = await self._thread.call(self._journal.basket.remove, list(keys))
        await self._rows.load()
        self._known.take_orders(withdrawn)
        return Removed(tuple(rows))

    async def clear_done(self) -> Removed:
        """Take out the rows that the panel has accepted, and those that were settled. Raises JournalError."""
        return await self.remove([row.key for row in self.rows if row.state in ("accepted", "settled")])

    async def restore(self, removed: Removed) -> None:
        """Put rows back where they were; none of them is queued."""
        self._rows.put(removed.rows)
        await self._rows.checked()

    async def take_back(self, keys: Iterable[str]) -> None:
        """Make queued, unsent and rejected rows ordinary ones, to be confirmed anew. Raises JournalError."""
        await self._rows.flush()
        orders = await self._thread.call(self._journal.basket.take_back, list(keys))
        await self._rows.load()
        self._known.take_orders(orders)

    def _tell(self) -> None:
        self._known.tell(Topic.BASKET)


def _row_of(order: Order) -> TypedRow:
    """The row that an order has come of; every window makes the same one of it."""
    own = {"note": order.note, "tags": " ".join(order.tags)}
    values = {name: value for name, value in (*order.fields, *own.items()) if name in _NAMES and value}
    extra = [f"{name}={value}" for name, value in order.fields if name not in (*_NAMES, "service")]
    return TypedRow(order.uuid, 0, order.service, values, "\n".join(extra), order.rate, order=order.uuid)
