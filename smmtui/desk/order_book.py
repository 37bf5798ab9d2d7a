"""The orders that are loaded, by our uuid, and what follows from them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import takewhile

import msgspec

from smmtui.domain.records import Order, OrderStatus, State
from smmtui.domain.tracking import Spent, advance, differs, may_cost, ordered_by_us, spent_since


class OrderBook:
    """The latest value of every loaded order; replaced one by one, handed out newest first."""

    def __init__(self) -> None:
        # Newest first, but for those that have come since it was last asked for so.
        self._orders: dict[str, Order] = {}
        self._sorted = True
        self._newest: tuple[Order, ...] | None = ()
        self._ordered: Mapping[str, int] | None = None
        self._sending: set[str] = set()
        self._said: dict[str, OrderStatus | str] = {}
        self._spent: tuple[tuple[int, datetime, str | None], Spent] | None = None
        self._imported: set[str] = set()
        self.revision = 0
        """Grows with everything that reads differently."""

    @property
    def newest_first(self) -> tuple[Order, ...]:
        """Every loaded order, newest first."""
        if not self._sorted:
            self._orders = {order.uuid: order for order in sorted(self._orders.values(), key=_newness)}
            self._sorted = True
        if self._newest is None:
            self._newest = tuple(self._orders.values())
        return self._newest

    @property
    def ordered(self) -> Mapping[str, int]:
        """How many loaded orders there are of each service, by its id; those that surely were not placed are left out.

        It is the same object until orders are taken over again.
        """
        if self._ordered is None:
            self._ordered = Counter(order.service for order in self._orders.values() if may_cost(order))
        return self._ordered

    def of_service(self, service: str) -> list[Order]:
        """Return the orders of a service that were placed, or may have been, newest first."""
        return [order for order in self.newest_first if order.service == service and may_cost(order)]

    def get(self, uuid: str) -> Order | None:
        """Return the order of this uuid, None where it is not loaded."""
        return self._orders.get(uuid)

    def take(self, orders: Iterable[Order]) -> None:
        """Take over these orders in place of what was known of them."""
        for order in orders:
            known = self._orders.get(order.uuid)
            # What was queued is placed when it is sent.
            self._sorted = self._sorted and known is not None and known.placed == order.placed
            self._orders[order.uuid] = order
            self._said.pop(order.uuid, None)
            if order.state is State.SENDING:
                self._sending.add(order.uuid)
            else:
                self._sending.discard(order.uuid)
        self._newest = self._ordered = None
        self.revision += 1

    def take_imported(self, uuids: Iterable[str]) -> None:
        """Take over which orders were brought in from another journal; before the orders themselves."""
        self._imported.update(uuids)

    def take_over(self, orders: Iterable[Order]) -> bool:
        """Take over what stands in the journal, where that is news; return whether anything reads differently."""
        news = [(self._orders.get(order.uuid), order) for order in orders]
        changed = [after for before, order in news if (after := _later(before, order)) != before]
        if changed:
            self.take(changed)
        return bool(changed)

    @property
    def sending(self) -> bool:
        """Whether any order is being sent, here or in another window."""
        return bool(self._sending)

    def watched(self) -> list[Order]:
        """Return every order that the panel can be asked about."""
        return [order for order in self._orders.values() if order.id is not None]

    def advance(self, asked: Sequence[Order], answers: Mapping[str, OrderStatus | str], at: datetime) -> list[Order]:
        """Take over what `status` answered, by panel id; return the orders of which a user reads something new."""
        changed = []
        for order in asked:
            before = self._orders.get(order.uuid)
            answer = None if order.id is None else answers.get(order.id)
            if before is None or answer is None:
                continue
            if answer is self._said.get(order.uuid):
                # An answer that is known to have come before needs no second look.
                self._orders[order.uuid] = msgspec.structs.replace(before, checked=at)
                continue
            after = advance(before, answer, at)
            self._orders[after.uuid] = after
            self._said[after.uuid] = answer
            if differs(before, after):
                changed.append(after)
        self._newest = None
        self.revision += bool(changed)
        return changed

    def spent_since(self, moment: datetime, currency: str | None) -> Spent:
        """Return what orders placed here since then have cost and what was given back, in one currency.

        Those that were placed elsewhere and are only followed, and those that were imported, are left out.
        """
        asked = (self.revision, moment, currency)
        if self._spent is None or self._spent[0] != asked:
            since = takewhile(lambda order: order.placed >= moment, self.newest_first)
            here = (order for order in since if ordered_by_us(order) and order.uuid not in self._imported)
            self._spent = (asked, spent_since(here, moment, currency))
        return self._spent[1]

    def running_on(self, link: str, service: str | None = None) -> list[Order]:
        """Return the orders on this link, and for this service if one is given, that the panel is or may be doing."""
        return [
            order
            for order in self.newest_first
            if order.link == link
            and service in (None, order.service)
            and (order.active or order.state in (State.SENDING, State.UNKNOWN))
        ]


_CONCLUDED = (State.ACCEPTED, State.REJECTED, State.UNKNOWN, State.SETTLED)
_SAID = ("status", "word", "charge", "currency", "start_count", "remains", "checked", "changed", "trouble")


def _later(known: Order | None, stored: Order) -> Order:
    """The order as it is stored, but with what the panel said later than that.

    An answer in which nothing is new is not stored, and one that is new is shown before it is.
    """
    if known is not None and known.state in _CONCLUDED and stored.state is State.SENDING:
        # Read before its outcome was written, or that could not be written.
        return known
    if known is None or known.id != stored.id or known.checked is None:
        return stored
    if stored.checked is not None and stored.checked >= known.checked:
        return stored
    return msgspec.structs.replace(stored, **{name: getattr(known, name) for name in _SAID})


def _newness(order: Order) -> tuple[float, int]:
    return (-order.placed.timestamp(), -order.sequence)
