"""The write door of refills and cancels: intents are durable before the panel hears of them, outcomes before anyone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from smmtui.desk.own_thread import OwnThread
from smmtui.desk.request_book import RequestBook
from smmtui.desk.unbroken import Headers, cancelled, to_end
from smmtui.domain.clock import Clock
from smmtui.domain.reasons import FAULT, INTERRUPTED, NOT_STARTED
from smmtui.domain.records import Order, Request, Requested
from smmtui.domain.requests import Asked, Kind
from smmtui.errors import JournalError, NoAnswer, NotSent, PanelError, Refused
from smmtui.log import log
from smmtui.words import _

if TYPE_CHECKING:
    from smmtui.journal.journal import Journal
    from smmtui.panel.client import PanelClient

BATCH = 100
"""How many orders one request carries."""

_ELSEWHERE = _("It was asked for in another window meanwhile.")
_STOPPED = _("Not asked, because the request before it failed.")
_UNSAVED = _(
    "The outcome of a refill or cancel could not be saved, so no further one is asked for. Make room on the disk, "
    "then start smmtui again."
)

_Answers = dict[str, Requested | PanelError]


class Requesting:
    """Asks for refills and cancels, each once; `tell` hears of every state a request goes through, once it is durable.

    `unsaved` holds outcomes that could not be written: while there are any, nothing more is asked for.
    """

    def __init__(
        self,
        journal: Journal,
        thread: OwnThread,
        book: RequestBook,
        clock: Clock,
        tell: Callable[[list[Request]], None],
    ) -> None:
        self._journal = journal
        self._thread = thread
        self._book = book
        self._clock = clock
        self._tell = tell
        # From the intents to the outcomes on the disk, one batch after the other.
        self._turn = asyncio.Lock()
        self.unsaved: list[Request] = []

    async def ask(self, kind: Kind, orders: Sequence[Order], client: PanelClient) -> Asked:
        """Ask for a refill or a cancel of each order, 100 per request, and return what came of it, order by order.

        Orders for which one is open already are left out. After a request that failed as a whole no further one is
        sent. Raises JournalError where no intent could be made durable: then nothing was sent. When cancelled, it
        ends once the outcomes, as far as they are known, are durable.
        """
        now = self._clock.now()
        left_out = {order.uuid: why for order in orders if (why := self._book.why_not(kind, order, now))}
        uuids = [uuid for uuid in dict.fromkeys(order.uuid for order in orders) if uuid not in left_out]
        asked: list[Request] = []
        stopped = False
        for start in range(0, len(uuids), BATCH):
            batch = uuids[start : start + BATCH]
            if stopped:
                left_out |= dict.fromkeys(batch, _STOPPED)
                continue
            requests, stopped = await self._ask_in_turn(kind, batch, client, first=not asked)
            asked += requests
            known = {request.order for request in requests}
            why = _STOPPED if stopped and not requests else _ELSEWHERE
            left_out |= dict.fromkeys((uuid for uuid in batch if uuid not in known), why)
        return Asked(tuple(asked), left_out)

    async def _ask_in_turn(
        self, kind: Kind, uuids: list[str], client: PanelClient, first: bool
    ) -> tuple[list[Request], bool]:
        """The requests of one batch, and whether no further one is to be sent."""
        async with self._turn:
            try:
                if self.unsaved:
                    raise JournalError(_UNSAVED)
                requests = await to_end(self._thread.call(self._journal.requests.intend, kind, uuids))
            except JournalError:
                # What earlier batches have brought is not thrown away for this one.
                if first:
                    raise
                return [], True
            self._tell(requests)
            answers = await self._answers(kind, requests, client)
            outcomes = [_concluded(request, answers[request.order_id]) for request in requests]
            await to_end(self._conclude(outcomes))
        if cancelled():
            raise asyncio.CancelledError
        return outcomes, bool(self.unsaved) or _failed_whole(answers)

    async def _answers(self, kind: Kind, requests: list[Request], client: PanelClient) -> _Answers:
        """Send one request and return what came of it for each order, also when cancelled meanwhile."""
        ids = [request.order_id for request in requests]
        if not ids:
            return {}
        if cancelled():
            return dict.fromkeys(ids, NotSent(NOT_STARTED))
        headers, answers = Headers(), _Answers()
        send = client.refills if kind == "refill" else client.cancels
        try:
            async for rows in send(ids, headers.start):
                answers |= rows
        except asyncio.CancelledError:
            return dict.fromkeys(ids, NoAnswer(INTERRUPTED) if headers.started else NotSent(NOT_STARTED))
        except Exception:
            await self._conclude([replace(request, state="unknown", reason=FAULT) for request in requests])
            raise
        return answers

    async def _conclude(self, outcomes: list[Request]) -> None:
        try:
            await self._thread.call(self._journal.requests.conclude, outcomes)
        except JournalError:
            self.unsaved += outcomes
            log.error("%d outcomes of refills or cancels could not be saved", len(outcomes))
        for each in outcomes:
            log.info("%s %s of order %s: %s, id %s", each.kind, each.uuid, each.order, each.state, each.id)
        self._tell(outcomes)


def _concluded(request: Request, answer: Requested | PanelError) -> Request:
    if isinstance(answer, Requested):
        if answer.refused:
            return replace(request, state="refused", reason=answer.refused)
        return replace(request, state="requested", id=answer.id)
    return replace(request, state=_state_after(answer), reason=str(answer))


def _state_after(error: PanelError) -> str:
    if isinstance(error, NotSent):
        return "unsent"
    return "refused" if isinstance(error, Refused) else "unknown"


def _failed_whole(answers: _Answers) -> bool:
    """Whether one error stands for all: the request failed, not some of its orders."""
    first = next(iter(answers.values()), None)
    return isinstance(first, PanelError) and all(answer is first for answer in answers.values())
