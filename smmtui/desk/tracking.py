"""Orders that were placed elsewhere: looked up with the panel first, then followed like any other."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from smmtui.desk.known import Known
from smmtui.desk.own_thread import OwnThread
from smmtui.domain.records import Order, OrderStatus, Record, Tracked
from smmtui.domain.tracking import advance
from smmtui.errors import NoAnswer, Refused
from smmtui.words import _

if TYPE_CHECKING:
    from smmtui.journal.journal import Journal
    from smmtui.panel.client import PanelClient


class LookedUp(Record, frozen=True, gc=False):
    """What is known of ids: orders that the journal has already, new ones with their status, and those that the panel
    does not know, each with its words for it."""

    known: tuple[Order, ...]
    new: tuple[tuple[Tracked, OrderStatus], ...]
    refused: dict[str, str]


class Tracking:
    """Looks ids up, and begins to follow them. Both raise JournalError; nothing is half done then."""

    def __init__(
        self, known: Known, client: Callable[[], Awaitable[PanelClient]], journal: Journal, thread: OwnThread
    ) -> None:
        self._known = known
        self._client = client
        self._journal = journal
        self._thread = thread

    async def order(self, panel_id: str) -> Order | None:
        """Return the order that the panel knows by this id, also one that is not loaded; None where there is none."""
        stored = await self._thread.call(self._journal.by_panel_id, panel_id)
        return stored if stored is None else self._known.book.get(stored.uuid) or stored

    async def look_up(self, tracked: Sequence[Tracked]) -> LookedUp:
        """Ask the panel for the status of those that the journal does not have, 100 at a time; nothing is stored.

        Raises PanelError where the panel has not answered for all of them.
        """
        found = await self._thread.call(self._in_journal, [each.id for each in tracked])
        missing = [each for each in tracked if each.id not in found]
        answers = await (await self._client()).statuses(each.id for each in missing) if missing else {}
        if len(answers) < len(missing):
            told, asked = f"{len(answers):,}", f"{len(missing):,}"
            raise NoAnswer(_("The panel fell silent after {told} of {asked} ids.", told=told, asked=asked))
        new, refused = [], {}
        for each in missing:
            answer = answers[each.id]
            if isinstance(answer, Refused):
                refused[each.id] = str(answer)
            else:
                new.append((self._named(each), answer))
        return LookedUp(tuple(found.values()), tuple(new), refused)

    async def follow(self, new: Iterable[tuple[Tracked, OrderStatus]]) -> list[Order]:
        """Follow these orders from now on, with the status that was looked up, and return them."""
        rows, at = tuple(new), self._known.clock.now()
        orders = await self._thread.call(self._journal.track, [tracked for tracked, _status in rows])
        followed = [advance(order, status, at) for order, (_tracked, status) in zip(orders, rows, strict=True)]
        # At once with its status, so that this is where its story begins here.
        self._known.take_orders(followed)
        await self._thread.call(self._journal.record, followed, at)
        return followed

    def _in_journal(self, ids: Iterable[str]) -> dict[str, Order]:
        return {id: order for id in ids if (order := self._journal.by_panel_id(id)) is not None}

    def _named(self, tracked: Tracked) -> Tracked:
        service = self._known.catalog.by_id(tracked.service)
        return tracked if service is None else replace(tracked, service_name=service.name)
