"""The three ways out of an unknown order, each the user's word, each reversible."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from msgspec.structs import replace

from smmtui.desk.known import Known
from smmtui.desk.own_thread import OwnThread
from smmtui.domain.evidence import NOT_PLACED_WORD, Evidence, gather, mismatches
from smmtui.domain.reasons import SETTLED_BY_USER
from smmtui.domain.records import Order, OrderStatus, Record, Request, State
from smmtui.errors import JournalError, Refused
from smmtui.words import _

if TYPE_CHECKING:
    from smmtui.journal.journal import Journal
    from smmtui.journal.transitions import Settlement
    from smmtui.panel.client import PanelClient

_ID = r"[A-Za-z0-9_-]{1,64}"


class Check(Record, frozen=True, gc=False):
    """What the panel says of an id that is to be attached to an unknown order, for the user to confirm.

    `status` is None where it knows no such order; `refused` are its words then. `doubts` tell in words where its
    answer does not fit the order.
    """

    order: str
    id: str
    status: OrderStatus | None
    refused: str
    doubts: tuple[str, ...]


class Settling:
    """Settles what nobody knows. Everything raises JournalError where it is not, or no longer, to be settled so."""

    def __init__(
        self, known: Known, client: Callable[[], Awaitable[PanelClient]], journal: Journal, thread: OwnThread
    ) -> None:
        self._known = known
        self._client = client
        self._journal = journal
        self._thread = thread

    async def evidence(self, uuid: str) -> Evidence:
        """Return everything that is known of the order: to be shown, never concluded from."""
        order = self._order(uuid)
        events = await self._thread.call(self._journal.events, uuid)
        return gather(order, events, self._known.orders, self._known.balance, self._known.balance_at)

    async def check(self, uuid: str, panel_id: str) -> Check:
        """Ask the panel, once, what it knows of the id; nothing is settled by it. Raises PanelError as well."""
        order, id = self._order(uuid), panel_id.strip()
        if not re.fullmatch(_ID, id):
            raise JournalError(
                _("An id is made of up to 64 letters, digits, - and _. Copy it from the panel's own list.")
            )
        holder = await self._thread.call(self._journal.by_panel_id, id)
        if holder is not None:
            link = holder.link or _("an unknown link")
            raise JournalError(_("{id} is already the id of another order here, to {link}.", id=id, link=link))
        try:
            status = await (await self._client()).status(id)
        except Refused as refused:
            if refused.meaning in ("bad key", "rate limit"):
                raise
            return Check(uuid, id, None, str(refused), ())
        return Check(uuid, id, status, "", mismatches(order, status))

    async def placed(self, check: Check) -> Order:
        """Attach the id that was checked: the order is settled as placed and followed from now on."""
        if check.status is None:
            raise JournalError(_("The panel does not know an order {id}, so it cannot be this one.", id=check.id))
        order = await self._settle(check.order, "placed", check.id, {"panel_said": check.status.word})
        return await self._follow(order, check.status)

    async def not_placed(self, uuid: str, typed: str) -> Order:
        """Settle the order as never placed, ten minutes after it was sent at the earliest; `typed` is the word."""
        await self.late_enough(uuid)
        if typed.strip().casefold() != NOT_PLACED_WORD:
            raise JournalError(_("Type “{word}” to settle it so.", word=NOT_PLACED_WORD))
        return await self._settle(uuid, "not placed", None, {"typed": typed.strip()})

    async def late_enough(self, uuid: str) -> None:
        """Raise JournalError, which says when, where it is too early to settle the order as never placed."""
        evidence = await self.evidence(uuid)
        left = (evidence.not_placed_from - self._known.clock.now()).total_seconds()
        if left > 0:
            raise JournalError(
                _(
                    "An order can turn up late. In {minutes} min it can be settled as not placed, "
                    "if the panel's own list still does not show it.",
                    minutes=max(1, round(left / 60)),
                )
            )

    async def write_off(self, uuid: str) -> Order:
        """Settle the order as never to be known."""
        return await self._settle(uuid, "written off", None, {})

    async def unsettle(self, uuid: str) -> Order:
        """Take a settlement back: the order is unknown again."""
        order = await self._thread.call(self._journal.unsettle, uuid)
        self._known.take_orders([order])
        return order

    async def request(self, uuid: str) -> Request:
        """Settle an unknown refill or cancel request, by its own uuid: the user has looked at the panel's site."""
        found = next((request for request in self._known.requests.unknown if request.uuid == uuid), None)
        if found is None:
            raise JournalError(_("This request is not unknown any more; look at it again."))
        request = replace(found, state="settled", reason=SETTLED_BY_USER)
        await self._thread.call(self._journal.requests.conclude, [request])
        self._known.take_requests([request])
        return request

    async def _follow(self, order: Order, status: OrderStatus) -> Order:
        """Take over what the check has brought, so that the order shows it without being asked for again."""
        at = self._known.clock.now()
        changed = self._known.book.advance([order], {order.id or "": status}, at)
        await self._thread.call(self._journal.record, changed, at)
        self._known.take_orders(changed)
        return changed[0] if changed else order

    def _order(self, uuid: str) -> Order:
        order = self._known.book.get(uuid)
        if order is None or order.state is not State.UNKNOWN:
            raise JournalError(_("This order is not unknown any more; look at it again."))
        return order

    async def _settle(self, uuid: str, how: Settlement, id: str | None, more: dict[str, str]) -> Order:
        shown = (await self.evidence(uuid)).shown(self._known.clock.now())
        order = await self._thread.call(self._journal.settle, uuid, how, id, shown | more)
        self._known.take_orders([order])
        return order
