"""The orders that are loaded, by our uuid, and what follows from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from smmtui.domain.records import Order, OrderStatus, State
from smmtui.domain.tracking import Spent, advance, differs, spent_since


class OrderBook:
    """The latest value of every loaded order; replaced one by one, handed out newest first."""

    def __init__(self) -> None:
        self._orders: dict[str, Order] = {}
        self._newest: tuple[Order, ...] | None = ()
        self._sending: set[str] = set()

    @property
    def newest_first(self) -> tuple[Order, ...]:
        """Every loaded order, newest first."""
        if self._newest is None:
            self._newest = tuple(sorted(self._orders.values(), key=_newness))
        return self._newest

    def get(self, uuid: str) -> Order | None:
        """Return the order of this uuid, None where it is not loaded."""
        return self._orders.get(uuid)

    def take(self, orders: Iterable[Order]) -> None:
        """Take over these orders in place of what was known of them."""
        for order in orders:
            self._orders[order.uuid] = order
            if order.state is State.SENDING:
                self._sending.add(order.uuid)
            else:
                self._sending.discard(order.uuid)
        self._newest = None

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
            after = advance(before, answer, at)
            self._orders[after.uuid] = after
            if differs(before, after):
                changed.append(after)
        self._newest = None
        return changed

    def spent_since(self, moment: datetime, currency: str | None) -> Spent:
        """Return what orders placed since then have cost and what was given back, in one currency."""
        return spent_since(self.newest_first, moment, currency)

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
_SAID = ("status", "word", "charge", "currency", "start_count", "remains", "checked", "changed", "note")


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
