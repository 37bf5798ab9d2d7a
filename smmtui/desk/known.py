"""What is true of one account, as far as is known, and who hears of news."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from logging import INFO, WARNING
from typing import TYPE_CHECKING

from smmtui.config import Profile
from smmtui.desk.health import Health
from smmtui.desk.order_book import OrderBook
from smmtui.desk.refusals import Refusals
from smmtui.desk.request_book import RequestBook
from smmtui.desk.topics import News, Topic
from smmtui.domain.catalog import Catalog
from smmtui.domain.clock import Clock
from smmtui.domain.ladder import over_cap
from smmtui.domain.records import Balance, Order, Request, State
from smmtui.domain.tracking import Spent
from smmtui.log import log

if TYPE_CHECKING:
    from smmtui.panel.catalog_rows import Services


# Whoever shows the catalogue has heard of the new one within so many seconds.
_IN_USE = 0.5
_FREED_AT_ONCE = 2_000
_BREATH = 0.005


def _let_go(parts: list[object]) -> None:
    """Free a catalogue that nobody uses any more; all at once would be felt in the next key."""
    del parts[-_FREED_AT_ONCE:]
    if parts:
        asyncio.get_running_loop().call_later(_BREATH, _let_go, parts)


class Known:
    """The catalogue, orders, requests, balance and health of one account.

    Values are frozen and replaced whole. Outside of the desk they are only read; the `take_` methods are how the desk
    hands over what is new, which everyone who subscribed hears of. `refusals` tells which services' refills and cancels
    were refused last.
    """

    def __init__(self, profile: Profile, clock: Clock) -> None:
        self.profile = profile
        self.clock = clock
        self.catalog = Catalog(())
        self.catalog_at: datetime | None = None
        self.catalog_skipped = 0
        self.catalog_kept = 0
        """How many of its services were in the catalogue before it, too."""
        self.preview: Catalog | None = None
        """The first services of the last catalogue, until all of it has been read; None at any other time."""
        self.balance: Balance | None = None
        self.balance_at: datetime | None = None
        self.health = Health()
        self.book = OrderBook()
        self.requests = RequestBook()
        self.refusals = Refusals(self._service_of)
        self.sent_here: set[str] = set()
        """The uuids of the orders and requests that this window has sent."""
        news = News()
        self.subscribe = news.subscribe
        self.tell = news.tell

    @property
    def orders(self) -> tuple[Order, ...]:
        """Every order that is loaded, newest first."""
        return self.book.newest_first

    @property
    def midnight(self) -> datetime:
        """When today began here."""
        return self.clock.now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0)

    @property
    def spent_today(self) -> Spent:
        """What the orders placed here have cost since local midnight, in the currency of the balance."""
        return self.book.spent_since(self.midnight, None if self.balance is None else self.balance.currency)

    def over_cap(self, total: Decimal | None) -> str:
        """Return in words why orders of this total are over the profile's daily cap now, "" where they are not."""
        currency = None if self.balance is None else self.balance.currency
        return over_cap(total, self.spent_today, self.profile.daily_cap, currency)

    @property
    def listed(self) -> Catalog:
        """The services that can be shown now: all of the catalogue, or its beginning while that is being read."""
        return self.catalog if self.preview is None else self.preview

    def show_health(self, health: Health) -> None:
        """Take over what is known of how the panel answers."""
        if health != self.health:
            log.log(INFO if health.well else WARNING, "health: %s", health.condition.name)
            self.health = health
            self.tell(Topic.HEALTH)

    def take_balance(self, balance: Balance, at: datetime) -> None:
        """Take over the balance that the panel told at `at`."""
        self.balance, self.balance_at = balance, at
        self.tell(Topic.BALANCE)

    async def take_services(self, services: Services, at: datetime) -> None:
        """Take over the catalogue that the panel told at `at`."""
        catalog = Catalog(services.services)
        await asyncio.to_thread(catalog.prepare)
        before = self.catalog
        kept = await asyncio.to_thread(catalog.shared_with, before)
        self.catalog, self.catalog_at, self.catalog_skipped = catalog, at, services.skipped
        self.catalog_kept = kept
        self.preview = None
        self.tell(Topic.CATALOG)
        asyncio.get_running_loop().call_later(_IN_USE, _let_go, before.parts())

    def take_orders(self, orders: Iterable[Order]) -> None:
        """Take over orders in place of what was known of them."""
        orders = tuple(orders)
        self.sent_here.update(order.uuid for order in orders if order.state is State.SENDING)
        self.book.take(orders)
        self.tell(Topic.ORDERS)

    def take_requests(self, requests: Iterable[Request]) -> None:
        """Take over refills and cancels in place of what was known of them."""
        requests = tuple(requests)
        self.sent_here.update(request.uuid for request in requests if request.state == "sending")
        self.requests.take(requests)
        self.refusals.take(requests)
        self.tell(Topic.ORDERS)

    def _service_of(self, uuid: str) -> str | None:
        order = self.book.get(uuid)
        return None if order is None else order.service

    def take_over(self, orders: Iterable[Order], requests: Iterable[Request]) -> None:
        """Take over what another window has stored; told only where it reads differently."""
        requests = tuple(requests)
        orders_new, requests_new = self.book.take_over(orders), self.requests.take(requests)
        self.refusals.take(requests)
        if orders_new or requests_new:
            self.tell(Topic.ORDERS)
