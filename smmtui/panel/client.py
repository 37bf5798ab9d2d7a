"""The panel's API as typed calls."""

from __future__ import annotations

import asyncio
import random as randomness
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from types import TracebackType
from typing import Self

import httpx

from smmtui.config import Profile
from smmtui.domain.clock import Clock, SystemClock
from smmtui.domain.records import Balance, OrderStatus, Placed, RefillStatus, Requested
from smmtui.errors import BadAnswer, NotSent, PanelError, Refused
from smmtui.panel import wire
from smmtui.panel.batched_reads import BatchedReads, chunks
from smmtui.panel.catalog_rows import Services, read_services
from smmtui.panel.doors import Doors, Fields
from smmtui.panel.exchange import Limits, Reply
from smmtui.panel.pacing import Pacing, Sleep, TokenBucket, Tokens
from smmtui.panel.refusals import refusal
from smmtui.panel.row_memory import RowMemory
from smmtui.panel.strict_json import Document, map_strings, read_document, strings_in
from smmtui.secret import Secret
from smmtui.words import _

OnSending = Callable[[], None]
DEFAULT_LIMITS = Limits()


class PanelClient:
    """One account on one panel: every action of its API, paced, bounded in time and memory, careful with money.

    All calls raise `PanelError` only. Reads are tried up to `limits.tries` times; a write goes out once or not at
    all. After a `BadKey` every read raises it again, without a request, until `accept_key` is called.

    `on_sending` of a write is called at most once per request, when its headers are about to leave: a write that is
    cancelled before that was certainly not sent.
    """

    def __init__(
        self,
        profile: Profile,
        key: Secret,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        tokens: Tokens | None = None,
        limits: Limits = DEFAULT_LIMITS,
        clock: Clock | None = None,
        sleep: Sleep = asyncio.sleep,
        random: Callable[[], float] = randomness.random,
    ) -> None:
        """Check the profile and connect to nothing yet; ConfigError where the key must not be sent to its URL.

        A `transport` gives no proof of what was sent, so with one every failure is `NoAnswer`. `tokens` shares the
        pace with other windows; without it the pace is this client's own.
        """
        clock = clock or SystemClock()
        tokens = tokens or TokenBucket(profile.requests_per_minute, profile.burst, clock)
        self._key = key
        self._doors = Doors(
            profile,
            key,
            pacing=Pacing(tokens, sleep),
            limits=limits,
            clock=clock,
            sleep=sleep,
            random=random,
            transport=transport,
        )
        self._rows = RowMemory()
        self._statuses: BatchedReads[OrderStatus | Refused] = BatchedReads(
            self.status, self._status_list, lambda _id, refused: refused
        )
        self._refills = BatchedReads(
            self.refill_status,
            self._refill_status_list,
            lambda refill, refused: RefillStatus(refill, error=str(refused)),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close every connection; nothing may be asked afterwards."""
        await self._doors.aclose()

    @property
    def host(self) -> str:
        """The panel's host name, for sentences."""
        return self._doors.host

    def accept_key(self) -> None:
        """Let reads out again after a `BadKey`, because the user said so."""
        self._doors.accept_key()

    async def services(self) -> Services:
        """Return the whole catalogue; BadAnswer where there is none, for an empty one never means "all vanished"."""

        def understand(reply: Reply) -> Services:
            raw = self._key.mask_bytes(bytes(reply.body))
            # It may be as large as all that is made of it, and nobody looks at it again.
            reply.body.clear()
            return read_services(raw, reply.failed)

        return await self._doors.read("services", (), understand)

    async def balance(self) -> Balance:
        """Return the account's money; a balance that cannot be read exactly is a `BadAnswer`, never 0."""
        return await self._doors.read("balance", (), lambda reply: wire.read_balance(self._value(reply), reply.failed))

    async def status(self, order: str) -> OrderStatus:
        """Return the status of one order; Refused in the panel's words where it has none."""
        return await self._doors.read(
            "status", [("order", order)], lambda reply: wire.read_order_status(self._value(reply), reply.failed)
        )

    async def statuses(self, orders: Iterable[str]) -> dict[str, OrderStatus | Refused]:
        """Return the status of each order, or why there is none for it; any number of orders, 100 per request.

        Where the panel cannot answer for many at once they are asked one by one. If the panel falls silent on the
        way, what has been answered is returned and the rest is missing; the next call meets the trouble at once.
        """
        return await self._statuses.ask(orders)

    @property
    def orders_per_request(self) -> int:
        """How many orders one request of `statuses` asks for: 1 on a panel that was found unable to take lists."""
        return self._statuses.size

    def slowest_answer(self) -> float:
        """Return the seconds that the slowest answer to a read took since the last call, without waits for our pace."""
        return self._doors.slowest_answer()

    async def _status_list(self, orders: list[str]) -> dict[str, OrderStatus | Refused] | None:
        def understand(reply: Reply) -> dict[str, OrderStatus | Refused] | None:
            known = self._rows.recall(reply.body, orders)
            if known is not None and not reply.failed:
                return {**known}
            answers = wire.read_order_statuses(self._value(reply), orders, reply.failed)
            self._rows.keep(reply.body, answers or {})
            return answers

        return await self._doors.read("status", [("orders", ",".join(orders))], understand)

    async def refill_status(self, refill: str) -> RefillStatus:
        """Return the status of one refill; Refused in the panel's words where it has none."""
        return await self._doors.read(
            "refill_status",
            [("refill", refill)],
            lambda reply: wire.read_refill_status(self._value(reply), refill, reply.failed),
        )

    async def refill_statuses(self, refills: Iterable[str]) -> dict[str, RefillStatus]:
        """Return the status of each refill, as `statuses` does for orders; a row without one says why in `error`."""
        return await self._refills.ask(refills)

    async def _refill_status_list(self, refills: list[str]) -> dict[str, RefillStatus] | None:
        return await self._doors.read(
            "refill_status",
            [("refills", ",".join(refills))],
            lambda reply: wire.read_refill_statuses(self._value(reply), refills, reply.failed),
        )

    async def write_turn(self) -> None:
        """Wait until the pace lets a write out, and keep that turn for the next write; nothing is sent."""
        await self._doors.write_turn()

    async def add(self, fields: Fields, on_sending: OnSending | None = None) -> Placed:
        """Place one order, with `fields` exactly as given; at most one request leaves this machine.

        Refused (RateLimited, BadKey) means not placed, NotSent that nothing was sent. Anything else (NoAnswer,
        BadAnswer, Redirected) may have been placed. A `Placed` with a warning was placed all the same.
        """

        def understand(reply: Reply) -> Placed:
            document = self._document(reply)
            order, remark = wire.read_order(document.value, reply.failed, page=document.page)
            warning = " ".join(filter(None, (remark, *_oddities(reply, document))))
            seen = reply.evidence
            return Placed(id=order, warning=warning, status=reply.status, elapsed=seen.elapsed, reply=seen.reply)

        return await self._doors.write("add", fields, understand, on_sending)

    async def refill(self, order: str, on_sending: OnSending | None = None) -> Requested:
        """Ask for a refill of one order, once; Refused in the panel's words where it will not."""

        def understand(reply: Reply) -> Requested:
            row = wire.read_requests(self._value(reply), [order], "refill", reply.failed)[order]
            if isinstance(row, BadAnswer):
                raise BadAnswer(_("it does not tell what became of the refill"))
            if row.refused:
                raise refusal(row.refused)
            return row

        return await self._doors.write("refill", [("order", order)], understand, on_sending)

    def refills(
        self, orders: Iterable[str], on_sending: OnSending | None = None
    ) -> AsyncIterator[dict[str, Requested | PanelError]]:
        """Ask for refills, 100 orders per request, and yield what came of each request as soon as it is known.

        Every order appears once. A `PanelError` in place of a `Requested` says why: NotSent and Refused mean that
        nothing was asked for, anything else that it may have been. After a request that failed no further one is
        sent: the orders left are yielded as NotSent.
        """
        return self._requests(orders, "refill", on_sending)

    def cancels(
        self, orders: Iterable[str], on_sending: OnSending | None = None
    ) -> AsyncIterator[dict[str, Requested | PanelError]]:
        """Ask for cancels as `refills` does; taken means requested, never cancelled and refunded."""
        return self._requests(orders, "cancel", on_sending)

    async def _requests(
        self, orders: Iterable[str], action: str, on_sending: OnSending | None
    ) -> AsyncIterator[dict[str, Requested | PanelError]]:
        failure: PanelError | None = None
        for chunk in chunks(orders):
            if failure is not None:
                yield {order: NotSent(_("Not sent, because the request before it failed.")) for order in chunk}
                continue
            rows: dict[str, Requested | PanelError] = {}
            try:
                rows |= await self._request_chunk(chunk, action, on_sending)
            except PanelError as error:
                failure = error
                rows |= dict.fromkeys(chunk, error)
            yield rows

    async def _request_chunk(
        self, chunk: list[str], action: str, on_sending: OnSending | None
    ) -> dict[str, Requested | BadAnswer]:
        def understand(reply: Reply) -> dict[str, Requested | BadAnswer]:
            rows = wire.read_requests(self._value(reply), chunk, action, reply.failed)
            for row in rows.values():
                if isinstance(row, BadAnswer):
                    row.evidence = reply.evidence
            return rows

        return await self._doors.write(action, [("orders", ",".join(chunk))], understand, on_sending)

    def _document(self, reply: Reply) -> Document:
        document = read_document(reply.body)
        texts = "\n".join(strings_in(document.value))
        if self._key.mask(texts) == texts:
            return document
        return Document(map_strings(document.value, self._key.mask), document.noise, document.page)

    def _value(self, reply: Reply) -> object:
        document = self._document(reply)
        if document.page:
            raise BadAnswer(_("it is a web page"))
        return document.value


def _oddities(reply: Reply, document: Document) -> Iterator[str]:
    if not 200 <= reply.status < 300:
        yield _("The panel answered HTTP {status}.", status=reply.status)
    if document.noise:
        yield _("The answer stood among other text.")
