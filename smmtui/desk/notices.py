"""What has happened that deserves telling, and which orders the user watches."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Protocol

from msgspec.structs import replace

from smmtui.desk.health import Condition
from smmtui.desk.known import Known
from smmtui.desk.remembered import Remembered
from smmtui.desk.topics import Topic
from smmtui.domain.notices import Kind, Notice, balance_notice, order_notice, request_notice
from smmtui.domain.records import Order, Request, State

_WATCHED = "watched"
_LONGEST_WAIT = 30.0
"""Seconds after which what a pass has brought is told although it is still under way."""


class Asking(Protocol):
    """Whoever asks the panel, as far as it has to be known here."""

    @property
    def following(self) -> bool:
        """Whether another window asks the panel."""
        ...

    @property
    def paused(self) -> bool:
        """Whether the automatic refresh is paused, wherever it runs."""
        ...

    @property
    def next_at(self) -> float | None:
        """The monotonic second of the next pass, None while one is under way or none is planned."""
        ...


class Notices:
    """Compares what is known with what was, once for each pass; begins with what is known when it is made."""

    def __init__(self, known: Known, asking: Asking, remembered: Remembered) -> None:
        self._known = known
        self._asking = asking
        self._remembered = remembered
        self._news = Topic.NOTHING
        self._since = 0.0
        self._orders: dict[str, Order | None] = {order.uuid: order for order in known.orders}
        self._restless = self._now_restless()
        self._balance = known.balance
        known.subscribe(self._hear)

    # ── watching ──────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def watched(self) -> Collection[str]:
        """The uuids of the orders of which every change of the status is told."""
        remembered = self._remembered.get(_WATCHED)
        return remembered if isinstance(remembered, list) else ()

    def watch(self, uuids: Iterable[str], on: bool) -> None:
        """Watch these orders, or do so no more."""
        changed = dict.fromkeys(uuids)
        if on:
            # What the user has watched from is how they are now.
            self._orders.update((uuid, order) for uuid in changed if (order := self._known.book.get(uuid)))
        others = [uuid for uuid in self.watched if uuid not in changed]
        self._remembered.set(_WATCHED, [*others, *(changed if on else ())] or None)

    # ── telling ───────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def leads(self) -> bool:
        """Whether it is for this window to tell whoever is not in front of it: not while another one asks the panel."""
        return not self._asking.following

    def take(self) -> list[Notice]:
        """Return what is to be told now; nothing while a pass is under way, so that all it brings is told at once."""
        if not self._news or (self._passing() and self._known.clock.monotonic() - self._since < _LONGEST_WAIT):
            return []
        news, self._news = self._news, Topic.NOTHING
        notices: list[Notice] = []
        if Topic.ORDERS in news:
            notices += self._of_requests()
            notices += self._of_orders()
        if Topic.BALANCE in news:
            notices += self._of_balance()
        return notices

    def _hear(self, topic: Topic) -> None:
        if Topic.ORDERS in topic:
            self._meet()
        if topic & (Topic.ORDERS | Topic.BALANCE):
            if not self._news:
                self._since = self._known.clock.monotonic()
            self._news |= topic & (Topic.ORDERS | Topic.BALANCE)

    def _meet(self) -> None:
        """Begin with new orders as they are now; with nothing, where nobody knows of them, for that is news."""
        orders = self._known.orders
        new = len(orders) - len(self._orders)
        for order in orders:
            if not new:
                return
            if order.uuid not in self._orders:
                self._orders[order.uuid] = None if order.state is State.UNKNOWN else order
                new -= 1

    def _passing(self) -> bool:
        waits_for_user = self._asking.paused or self._known.health.condition is Condition.BAD_KEY
        return self._asking.next_at is None and not waits_for_user

    def _of_orders(self) -> list[Notice]:
        before, orders = self._orders, self._known.orders
        watched = frozenset(self.watched)
        notices = [
            notice
            for order in orders
            # Most are the very same value as before.
            if (old := before.get(order.uuid)) is not order and (notice := self._of_order(old, order, watched))
        ]
        self._orders = {order.uuid: order for order in orders}
        done = {
            notice.order.uuid
            for notice in notices
            if Kind.WATCHED in notice.kinds and notice.order is not None and not notice.order.active
        }
        if done:
            self.watch(done, False)
        return notices

    def _of_order(self, before: Order | None, after: Order, watched: Collection[str]) -> Notice | None:
        uuid = after.uuid
        cancel = next((each for each in reversed(self._known.requests.every(uuid)) if each.kind == "cancel"), None)
        sent_here = uuid in self._known.sent_here
        notice = order_notice(before, after, cancel, watched=uuid in watched, sent_here=sent_here)
        listed = None if notice is None or after.service_name else self._known.catalog.by_id(after.service)
        if notice is None or listed is None:
            return notice
        return replace(notice, order=replace(after, service_name=listed.name))

    def _of_requests(self) -> list[Notice]:
        """Of the requests that were waited for, or are waited for now; no other one can have changed."""
        before, self._restless = self._restless, self._now_restless()
        notices = []
        for uuid, was in {**self._restless, **before}.items():
            now = next((each for each in self._known.requests.every(was.order) if each.uuid == uuid), was)
            sent_here = uuid in self._known.sent_here
            told = request_notice(before.get(uuid), now, self._known.book.get(now.order), sent_here=sent_here)
            notices += [] if told is None else [told]
        return notices

    def _now_restless(self) -> dict[str, Request]:
        requests = self._known.requests
        return {each.uuid: each for each in (*requests.unknown, *requests.followed(self._known.clock.now()))}

    def _of_balance(self) -> list[Notice]:
        before, self._balance = self._balance, self._known.balance
        if self._balance is None:
            return []
        told = balance_notice(before, self._balance, self._known.profile.notify.low_balance)
        return [] if told is None else [told]
