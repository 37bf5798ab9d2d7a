"""The one async service object that every screen shares."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from smmtui.desk.stages import Stages
from smmtui.desk.topics import Topic, Wanted
from smmtui.domain.records import Draft, Event, Order, Request, Tracked
from smmtui.domain.requests import Asked, Kind
from smmtui.errors import NotSent
from smmtui.words import _

if TYPE_CHECKING:
    from smmtui.domain.basket import Progress

_NOT_OPEN = _("The journal is not open yet, so nothing was sent.")


class Desk(Stages):
    """Holds what is true of one account, and does what a user can ask for.

    `connect` makes the panel's client; it runs in a thread, once there are rows on the screen, because that is where
    the HTTP library is loaded. `after_rows` is called in a thread before that. `sleep` is what passes between two looks
    at the other windows. `first_services` reads rows of a catalogue's beginning, to be shown until the rest has been
    read; without it `open` reads all at once.
    """

    # ── what is shown beside what is known ────────────────────────────────────────────────────────────────────────

    @property
    def unsaved(self) -> Sequence[Order]:
        """Orders whose outcome could not be written; while there are any, nothing more is sent."""
        return () if self._parts is None else self._parts.ordering.unsaved

    @property
    def unsaved_requests(self) -> Sequence[Request]:
        """Refills and cancels whose outcome could not be written; while there are any, no more are asked for."""
        return () if self._parts is None else self._parts.requesting.unsaved

    @property
    def next_refresh(self) -> float | None:
        """Seconds until the next pass, None while one is under way or none is planned."""
        at = None if self._parts is None else self._parts.windows.next_at
        return None if at is None else max(0.0, at - self.clock.monotonic())

    @property
    def paused(self) -> bool:
        """Whether the automatic refresh is paused."""
        return self._parts is not None and self._parts.windows.paused

    @property
    def damage(self) -> str:
        """What happened to the journal, in words, "" for nothing; nothing is sent until it has been acknowledged."""
        return self._journal.damage if self._is_open and self._journal is not None else ""

    @property
    def progress(self) -> Progress | None:
        """How far the sending of the basket is, None where nothing is queued and nothing was sent since the start."""
        return None if self._parts is None else self._parts.basket.progress

    # ── use cases ─────────────────────────────────────────────────────────────────────────────────────────────────

    async def place(self, draft: Draft) -> Order:
        """Send one order, once, and return it with its outcome; see `Ordering.place`.

        Raises JournalError where it could not be written down first, NotSent where there is no way to the panel.
        """
        if not self._is_open:
            raise NotSent(_NOT_OPEN)
        client = await self._connection.client()
        order = await self._expect_parts().ordering.place(draft, client, self.balance, self.balance_at)
        self._expect_parts().windows.soon(Wanted.BALANCE | Wanted.ORDERS)
        return order

    async def refill(self, orders: Sequence[Order]) -> Asked:
        """Ask for a refill of each of these orders, once, and return what came of it; see `Requesting.ask`.

        Raises JournalError where nothing could be written down first, NotSent where there is no way to the panel.
        """
        return await self._ask("refill", orders)

    async def cancel(self, orders: Sequence[Order]) -> Asked:
        """Ask for a cancel as `refill` does; taken means requested, never cancelled and refunded."""
        return await self._ask("cancel", orders)

    async def _ask(self, kind: Kind, orders: Sequence[Order]) -> Asked:
        if not self._is_open:
            raise NotSent(_NOT_OPEN)
        asked = await self._expect_parts().requesting.ask(kind, orders, await self._connection.client())
        self._expect_parts().windows.soon(Wanted.BALANCE | Wanted.ORDERS)
        return asked

    async def track(self, tracked: Iterable[Tracked]) -> list[Order]:
        """Watch orders that were placed elsewhere, by the panel's ids; those known already are not doubled."""
        orders = await self._thread.call(self._expect_parts().journal.track, tuple(tracked))
        self.take_orders(orders)
        self._expect_parts().windows.soon(Wanted.ORDERS)
        return orders

    async def events(self, uuid: str) -> list[Event]:
        """Return what has happened to an order, oldest first. Raises JournalError."""
        return await self._thread.call(self._expect_parts().journal.events, uuid)

    async def annotate(self, uuid: str, note: str, tags: Sequence[str]) -> None:
        """Replace the user's note and tags of an order. Raises JournalError."""
        self.take_over([await self._thread.call(self._expect_parts().journal.notes.set, uuid, note, tags)], ())

    def refresh(self, wanted: Wanted) -> None:
        """Have these fresh now, on the user's word; it also ends the silence after a refused key."""
        self._expect_parts().windows.act(wanted)

    async def acknowledge_damage(self) -> None:
        """Allow ordering again, now that the user has read what happened to the journal. Raises JournalError."""
        await self._thread.call(self._expect_parts().journal.acknowledge_damage)
        self.tell(Topic.HEALTH)

    def pause(self, on: bool) -> None:
        """Stop or resume the automatic refresh."""
        self._expect_parts().windows.pause(on)

    def look_at(self, uuids: Iterable[str]) -> None:
        """Say which orders are on the screen, so that they are asked for first."""
        self._expect_parts().loop.look_at(uuids)
