"""The write door: the intent is durable before the panel hears of it, the outcome before anyone is told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import msgspec

from smmtui.desk.own_thread import OwnThread
from smmtui.desk.unbroken import Headers, cancelled, to_end
from smmtui.domain.reasons import FAULT, INTERRUPTED, NOT_STARTED
from smmtui.domain.records import Balance, Draft, Order, Outcome, Placed, State
from smmtui.errors import JournalError, NotSent, PanelError, Refused
from smmtui.log import log
from smmtui.words import _

if TYPE_CHECKING:
    from smmtui.journal.journal import Journal
    from smmtui.panel.client import PanelClient

_UNSAVED = _(
    "The outcome of an order could not be saved, so no further one is sent. Write its id down, make room on the disk, "
    "then start smmtui again."
)


_Intent = TypeVar("_Intent", Order, Order | None)


class Sent(NamedTuple):
    """An order with its outcome, and the error that the panel or the way to it gave, if any did."""

    order: Order
    error: PanelError | None


class Ordering:
    """Places orders, each exactly once; `tell` hears of every state an order goes through, once it is durable.

    `unsaved` holds outcomes that could not be written: while there are any, nothing more is sent.
    """

    def __init__(self, journal: Journal, thread: OwnThread, tell: Callable[[Order], None]) -> None:
        self._journal = journal
        self._thread = thread
        self._tell = tell
        # From sending to the outcome on the disk, one after the other: whether the next may be sent depends on it.
        self._turn = asyncio.Lock()
        self.unsaved: list[Order] = []

    async def place(
        self, draft: Draft, client: PanelClient, balance: Balance | None, balance_at: datetime | None
    ) -> Order:
        """Send one order and return it with its outcome; nothing is ever sent a second time.

        Raises JournalError where the intent could not be made durable: then nothing was sent. An outcome that could
        not be made durable is returned all the same and kept in `unsaved`. When cancelled, it ends once the outcome,
        as far as it is known, is durable.
        """
        intend = partial(self._journal.intend, draft, balance=balance, balance_at=balance_at)
        return (await self._send(await self._begin(intend), client)).order

    async def send_queued(
        self, uuid: str, client: PanelClient, balance: Balance | None, balance_at: datetime | None
    ) -> Sent | None:
        """Send an order that was queued, as `place` does; None where it is not queued any more: nothing was sent."""
        intend = partial(self._journal.start_sending, uuid, balance=balance, balance_at=balance_at)
        order = await self._begin(intend)
        return None if order is None else await self._send(order, client)

    async def _begin(self, intend: Callable[[], _Intent]) -> _Intent:
        """Make the intent durable; where this raises, nothing may be sent."""
        if self.unsaved:
            raise JournalError(_UNSAVED)
        return await to_end(self._thread.call(intend))

    async def _send(self, order: Order, client: PanelClient) -> Sent:
        """Send what is `sending` on the disk, once, and make its outcome durable."""
        log.info("order %s: %s", order.uuid, order.state.value)
        self._tell(order)
        try:
            async with self._turn:
                outcome, error = await self._outcome(order, client)
                order = await to_end(self._conclude(order, outcome))
        except asyncio.CancelledError:
            # Only the wait for the turn is given up like this.
            error = None
            order = await to_end(self._conclude(order, Outcome(State.UNSENT, reason=NOT_STARTED)))
        except Exception:
            await self._conclude(order, Outcome(State.UNKNOWN, reason=FAULT))
            raise
        if cancelled():
            raise asyncio.CancelledError
        return Sent(order, error)

    async def _outcome(self, order: Order, client: PanelClient) -> tuple[Outcome, PanelError | None]:
        """Send the order and return what came of it, also when cancelled meanwhile."""
        if cancelled():
            return Outcome(State.UNSENT, reason=NOT_STARTED), None
        if self.unsaved:
            return Outcome(State.UNSENT, reason=_UNSAVED), None
        headers = Headers()
        try:
            return _accepted(await client.add(order.fields, on_sending=headers.start)), None
        except PanelError as error:
            return _outcome_of(error), error
        except asyncio.CancelledError:
            if headers.started:
                return Outcome(State.UNKNOWN, reason=INTERRUPTED), None
            return Outcome(State.UNSENT, reason=NOT_STARTED), None

    async def _conclude(self, order: Order, outcome: Outcome) -> Order:
        try:
            order = await self._thread.call(self._journal.conclude, order.uuid, outcome)
        except JournalError:
            order = msgspec.structs.replace(order, state=outcome.state, id=outcome.id, reason=outcome.reason)
            self.unsaved.append(order)
            log.error("order %s: the outcome could not be saved", order.uuid)
        log.info("order %s: %s, id %s, HTTP %s", order.uuid, order.state.value, order.id, outcome.status)
        self._tell(order)
        return order


def _accepted(placed: Placed) -> Outcome:
    return Outcome(
        State.ACCEPTED,
        id=placed.id,
        warning=placed.warning,
        status=placed.status,
        elapsed=placed.elapsed,
        reply=placed.reply,
    )


def _outcome_of(error: PanelError) -> Outcome:
    if isinstance(error, NotSent):
        state = State.UNSENT
    elif isinstance(error, Refused):
        state = State.REJECTED
    else:
        state = State.UNKNOWN
    seen = error.evidence
    return Outcome(state, reason=str(error), status=seen.status, elapsed=seen.elapsed, reply=seen.reply)
