"""What is asked of the panel to keep everything fresh, one kind of it at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from typing import TYPE_CHECKING

from msgspec.structs import replace

from smmtui.desk.known import Known
from smmtui.desk.own_thread import OwnThread
from smmtui.desk.topics import Topic
from smmtui.domain.records import Order, RefillStatus, Request
from smmtui.domain.requests import cancel_ended
from smmtui.domain.schedule import BATCH
from smmtui.errors import NoAnswer, Refused
from smmtui.words import _

if TYPE_CHECKING:
    from smmtui.journal.journal import Journal
    from smmtui.journal.snapshot import Snapshot
    from smmtui.panel.client import PanelClient

# In refresh intervals: refills take hours or days.
_REFILL_EVERY = 10
# A panel that does not know the refill, or knows no refill statuses at all, is asked again this seldom.
_REFILL_IN_VAIN = 3600.0
_REFILLS_AT_ONCE = 100


class Fetching:
    """Asks the panel, stores what is new, and hands it over as known; used by the refresh loop of one window only.

    Everything raises PanelError, and JournalError where the answer could not be stored.
    """

    def __init__(
        self,
        known: Known,
        client: Callable[[], Awaitable[PanelClient]],
        journal: Journal,
        thread: OwnThread,
        snapshot: Snapshot,
    ) -> None:
        self._known = known
        self._client = client
        self._journal = journal
        self._thread = thread
        self._snapshot = snapshot
        self._asked: PanelClient | None = None
        self._unstored: set[str] = set()
        # The monotonic second from which on each refill is to be asked about again.
        self._refill_due: dict[str, float] = {}
        self._in_vain: set[str] = set()
        self.show_health = known.show_health

    def catalog_due(self) -> float:
        """Return the seconds until the catalogue is too old; not positive when it is, or lies in the future."""
        at = self._known.catalog_at
        if at is None:
            return 0.0
        age = (self._known.clock.now() - at).total_seconds()
        return self._known.profile.catalog_max_age - age if age >= 0 else 0.0

    @property
    def orders_per_request(self) -> int:
        """How many orders one request asks for on this panel."""
        return BATCH if self._asked is None else self._asked.orders_per_request

    def awaited(self) -> Collection[str]:
        """Return the uuids of the orders that the panel was asked to cancel and has not said what came of."""
        return self._known.requests.awaited(self._known.clock.now())

    def slowest_answer(self) -> float:
        """Return the seconds that the slowest answer since the last call took."""
        return 0.0 if self._asked is None else self._asked.slowest_answer()

    async def _panel(self) -> PanelClient:
        self._asked = await self._client()
        return self._asked

    async def fetch_balance(self) -> None:
        """Ask for the balance; only a new one is stored."""
        balance = await (await self._panel()).balance()
        changed, at = balance != self._known.balance, self._known.clock.now()
        self._known.take_balance(balance, at)
        if changed:
            await self._thread.call(self._journal.preferences.save_balance, balance, at)

    async def fetch_catalog(self) -> None:
        """Ask for the services and keep the panel's bytes for the next start."""
        services = await (await self._panel()).services()
        at = self._known.clock.now()
        await asyncio.to_thread(self._snapshot.write, services.raw, at)
        services = services.without_bytes()
        await self._known.take_services(services, at)

    async def fetch_statuses(self, orders: list[Order]) -> None:
        """Ask for the status of these orders; only what changed is stored and told, at the latest by a later call.

        What was answered counts also where it then raises, because the panel has fallen silent.
        """
        book = self._known.book
        ids = [order.id for order in orders if order.id is not None]
        answers = await (await self._panel()).statuses(ids) if ids else {}
        at = self._known.clock.now()
        words = {id: str(each) if isinstance(each, Refused) else each for id, each in answers.items()}
        changed = book.advance(orders, words, at)
        self._unstored |= {order.uuid for order in changed}
        if changed:
            self._known.tell(Topic.ORDERS)
        stored = [order for uuid in self._unstored if (order := book.get(uuid)) is not None]
        if stored:
            await self._thread.call(self._journal.record, stored, at)
            self._unstored.clear()
        await self._end_cancels()
        if len(answers) < len(ids):
            told, asked = f"{len(answers):,}", f"{len(ids):,}"
            raise NoAnswer(_("The panel fell silent after {told} of {asked} orders.", told=told, asked=asked))

    def refills_due(self) -> list[Request]:
        """Return the refills to ask about now, at most 100."""
        now = self._known.clock.monotonic()
        followed = self._known.requests.followed(self._known.clock.now())
        return [each for each in followed if self._refill_due.get(each.uuid, now) <= now][:_REFILLS_AT_ONCE]

    def refills_wanted(self) -> None:
        """Have every refill asked about in the next pass, on the user's word, but for those asked about in vain."""
        self._refill_due = {uuid: due for uuid, due in self._refill_due.items() if uuid in self._in_vain}

    async def fetch_refills(self) -> None:
        """Ask how far the refills are that are due."""
        due = self.refills_due()
        answers = await (await self._panel()).refill_statuses([each.id for each in due if each.id is not None])
        told = [(request, answer) for request in due if (answer := answers.get(request.id or "")) is not None]
        changed = [after for request, answer in told if (after := _advanced(request, answer)) != request]
        if changed:
            await self._thread.call(self._journal.requests.record, changed)
            self._known.take_requests(changed)
        now = self._known.clock.monotonic()
        for request, answer in told:
            (self._in_vain.add if answer.error else self._in_vain.discard)(request.uuid)
            self._refill_due[request.uuid] = now + (
                _REFILL_IN_VAIN if answer.error else _REFILL_EVERY * self._known.profile.refresh_seconds
            )

    async def _end_cancels(self) -> None:
        """Store what came of every cancel whose order the panel has been done with since."""
        ended = [
            after
            for request in self._known.requests.cancels
            if (order := self._known.book.get(request.order)) is not None
            and (after := cancel_ended(request, order)) != request
        ]
        settled = [request for request in ended if request.state == "settled"]
        if settled:
            await self._thread.call(self._journal.requests.conclude, settled)
        if len(settled) < len(ended):
            await self._thread.call(self._journal.requests.record, ended)
        if ended:
            self._known.take_requests(ended)


def _advanced(request: Request, answer: RefillStatus) -> Request:
    """The refill after the panel's answer; one that says nothing of it changes nothing."""
    return request if answer.error else replace(request, status=answer.status, word=answer.word)
