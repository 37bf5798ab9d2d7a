"""Sending what is queued, one order after the other, until it is done, the user stops it, or somebody has to look."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from decimal import Decimal
from typing import TYPE_CHECKING

from smmtui.desk.known import Known
from smmtui.desk.ordering import Ordering, Sent
from smmtui.desk.windows import Sleep
from smmtui.domain.reasons import shown_reason
from smmtui.domain.records import Order, Service, State
from smmtui.domain.service_types import service_type
from smmtui.errors import BadKey, JournalError, NotSent, RateLimited, Refused
from smmtui.journal.lease import BasketLock
from smmtui.words import _, ngettext

if TYPE_CHECKING:
    from smmtui.panel.client import PanelClient

_ELSEWHERE = _("The basket is being sent in another window. Wait until it is through there, or stop it there.")
_STOPPED = _("You have stopped it.")
_SAME_REFUSALS = 3
"""So many refusals in the same words say that the next one will be refused as well."""
_PAUSE = 60.0
_PACE_SECONDS = 10.0
_PACE_ORDERS = 10
"""After so much time or so many orders there is a pace; what goes out in the first moment says nothing of it."""
_GOES_ON = _("Resume goes on with the rows that are left.")
_QUEUED = _("The rest is still queued.")
_TAKE_BACK = _("Take its rows back, and place them again as they are now.")
_NOT_CHARGED = _("It was not charged.")


class BasketSending:
    """Sends queued orders through the write door; of all windows on the account one at a time does.

    `next_order` gives the order to send now, None when there is none; `news` hears of every change of what is public
    here. `batches` are those of which anything was sent since the start.
    """

    def __init__(
        self,
        known: Known,
        ordering: Ordering,
        client: Callable[[], Awaitable[PanelClient]],
        lock: BasketLock,
        next_order: Callable[[], Order | None],
        reread: Callable[[Order], Awaitable[None]],
        news: Callable[[], None],
        sleep: Sleep,
    ) -> None:
        self._known = known
        self._ordering = ordering
        self._client = client
        self._lock = lock
        self._next_order = next_order
        self._reread = reread
        self._news = news
        self._sleep = sleep
        self._stop = asyncio.Event()
        self._stop_words = _STOPPED
        self._refusals: Counter[str] = Counter()
        self._began = 0.0
        self._sent = 0
        self.running = False
        self.batches: set[str | None] = set()
        self.current: str | None = None
        """The uuid of the order under way."""
        self.pause = ""
        """What is waited for, in words."""
        self.stopped = ""
        """Why it has ended before the end, in words."""

    @property
    def stopping(self) -> bool:
        """Whether it ends after the order under way."""
        return self.running and self._stop.is_set()

    @property
    def per_minute(self) -> float | None:
        """How many orders can be sent in a minute, None before that can be told."""
        seconds = self._known.clock.monotonic() - self._began
        if not self._sent or not seconds or (seconds < _PACE_SECONDS and self._sent < _PACE_ORDERS):
            return None
        # The first of them may have gone out in one burst.
        return min(self._sent * 60 / seconds, self._known.profile.requests_per_minute)

    def hold(self) -> None:
        """Keep other windows from sending; raises NotSent where one is, JournalError where there can be no lock."""
        try:
            held = self._lock.try_acquire()
        except OSError as error:
            raise JournalError(
                _("The basket's lock cannot be had: {why}. Nothing was sent.", why=error.strerror)
            ) from error
        if not held:
            raise NotSent(_ELSEWHERE)

    def let_go(self) -> None:
        """Let other windows send again, unless this one is sending."""
        if not self.running:
            self._lock.release()

    def begin(self) -> None:
        """Forget an earlier `stop`: the user wants to send now. One that comes before `run` counts."""
        if not self.running:
            self._stop.clear()

    def stop(self, why: str = _STOPPED) -> None:
        """End after the order under way; `why` is for `stopped`."""
        self._stop_words = why
        self._stop.set()
        self._news()

    async def run(self) -> None:
        """Send until there is nothing left or something stops it; then `stopped` says why.

        `begin` and `hold` come first.
        """
        self._refusals.clear()
        self._began, self._sent, self.stopped, self.running = self._known.clock.monotonic(), 0, "", True
        # Also before the first order: the user can stop it while that waits for its turn.
        self._news()
        try:
            self.stopped = await self._send_all()
        except (NotSent, JournalError) as error:
            self.stopped = f"{error} {_QUEUED} {_GOES_ON}"
        finally:
            self.running, self.current, self.pause = False, None, ""
            self._lock.release()
            self._news()

    async def _send_all(self) -> str:
        """Why it stopped, "" at the end."""
        client = await self._client()
        while self._next_order() is not None:
            # Before it is written down as being sent: what only waits for its turn has certainly not left.
            await self._unless_stopped(client.write_turn())
            if (order := self._next_order()) is None:
                break
            if self._stop.is_set():
                return f"{self._stop_words} {_GOES_ON}"
            if wrong := self._not_as_confirmed(order) or self._over_cap(order):
                return wrong
            self.current = order.uuid
            self.batches.add(order.batch)
            sent = await self._send_one(order, client)
            self.current = None
            if sent is None:
                # Another window has sent it or taken it back, and this one has not heard of it yet.
                await self._reread(order)
                continue
            self._sent += 1
            self._news()
            if why := self._why_stop(sent):
                return why
            if isinstance(sent.error, RateLimited):
                await self._wait(sent.error.retry_after)
        return ""

    async def _send_one(self, order: Order, client: PanelClient) -> Sent | None:
        try:
            return await self._ordering.send_queued(order.uuid, client, self._known.balance, self._known.balance_at)
        except JournalError:
            # Nothing was sent; but it may have been taken from the queue before that was known.
            with suppress(JournalError):
                await self._reread(order)
            raise

    def _not_as_confirmed(self, order: Order) -> str:
        """Why the order would not be what the user has confirmed, as far as the catalog tells."""
        catalog = self._known.catalog
        service = catalog.by_id(order.service)
        if not len(catalog) or (service is not None and _price(service) == (order.rate, order.quantity is None)):
            return ""
        if service is None:
            changed = _("Service {id} is gone since you confirmed these orders.", id=order.service)
        else:
            changed = _("The price of service {id} has changed since you confirmed these orders.", id=order.service)
        return f"{changed} {_TAKE_BACK}"

    def _over_cap(self, order: Order) -> str:
        """Why it must wait for another day: what is placed beside the basket counts as well."""
        refused = self._known.over_cap(order.estimate)
        return f"{refused} {_QUEUED} {_GOES_ON}" if refused else ""

    def _why_stop(self, sent: Sent) -> str:
        order, error = sent
        if self._ordering.unsaved:
            return _("What came of an order could not be saved, so nothing more is sent. Make room on the disk first.")
        if order.state is State.UNKNOWN:
            unknown = _("Nobody knows whether an order was placed: settle it in Attention, it is not sent again.")
            return f"{unknown} {_GOES_ON}"
        if order.state is State.UNSENT:
            return f"{shown_reason(order.reason)} {_NOT_CHARGED} {_GOES_ON}"
        return self._why_stop_refused(error) if isinstance(error, Refused) else ""

    def _why_stop_refused(self, error: Refused) -> str:
        said = _("The panel says: {words}.", words=str(error).rstrip("."))
        if isinstance(error, RateLimited):
            return ""
        if isinstance(error, BadKey):
            advice = _("It refuses the key, so nothing more is sent. Check the key, then resume.")
            return f"{said} {advice}"
        if error.meaning == "funds":
            advice = _("Top up the balance; the refused row can be taken back and placed again.")
            return f"{said} {advice} {_GOES_ON}"
        self._refusals[str(error)] += 1
        if self._refusals[str(error)] < _SAME_REFUSALS:
            return ""
        many = ngettext(
            "{count} order was refused in these words.", "{count} orders were refused in these words.", _SAME_REFUSALS
        )
        return f"{said} {many} {_GOES_ON}"

    async def _wait(self, seconds: float | None) -> None:
        """Wait as long as the panel wants, or until the user stops it."""
        wait = _PAUSE if seconds is None else seconds
        shown = f"{wait:,.0f}"
        self.pause = _("The panel wants fewer requests: the next order goes out after {seconds} s.", seconds=shown)
        self._news()
        try:
            await self._unless_stopped(self._sleep(wait))
        finally:
            self.pause = ""

    async def _unless_stopped(self, event: Awaitable[object]) -> None:
        """Wait for it, or until the user stops the basket."""
        waits = {asyncio.ensure_future(event), asyncio.create_task(self._stop.wait())}
        try:
            over, _waiting = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            for each in over:
                each.result()
        finally:
            for each in waits:
                each.cancel()
            await asyncio.gather(*waits, return_exceptions=True)


def _price(service: Service) -> tuple[Decimal | None, bool]:
    """What the panel asks, and whether for a package and not for a thousand."""
    return service.rate, service_type(service).price == "once"
