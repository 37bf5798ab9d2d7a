"""What is true of one account, as far as is known, and who hears of news."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from smmtui.config import Profile
from smmtui.desk.health import Health
from smmtui.desk.order_book import OrderBook
from smmtui.desk.request_book import RequestBook
from smmtui.desk.topics import News, Topic
from smmtui.domain.catalog import Catalog
from smmtui.domain.clock import Clock
from smmtui.domain.records import Balance, Order, Request

if TYPE_CHECKING:
    from smmtui.panel.catalog_rows import Services


class Known:
    """The catalogue, orders, requests, balance and health of one account.

    Values are frozen and replaced whole. Outside of the desk they are only read; the `take_` methods are how the desk
    hands over what is new, which everyone who subscribed hears of.
    """

    def __init__(self, profile: Profile, clock: Clock) -> None:
        self.profile = profile
        self.clock = clock
        self.catalog = Catalog(())
        self.catalog_at: datetime | None = None
        self.catalog_skipped = 0
        self.balance: Balance | None = None
        self.balance_at: datetime | None = None
        self.health = Health()
        self.book = OrderBook()
        self.requests = RequestBook()
        news = News()
        self.subscribe = news.subscribe
        self.tell = news.tell

    @property
    def orders(self) -> tuple[Order, ...]:
        """Every order that is loaded, newest first."""
        return self.book.newest_first

    def show_health(self, health: Health) -> None:
        """Take over what is known of how the panel answers."""
        if health != self.health:
            self.health = health
            self.tell(Topic.HEALTH)

    def take_balance(self, balance: Balance, at: datetime) -> None:
        """Take over the balance that the panel told at `at`."""
        self.balance, self.balance_at = balance, at
        self.tell(Topic.BALANCE)

    async def take_services(self, services: Services, at: datetime) -> None:
        """Take over the catalogue that the panel told at `at`."""
        catalog = Catalog(services.services)
        await asyncio.to_thread(catalog.index)
        self.catalog, self.catalog_at, self.catalog_skipped = catalog, at, services.skipped
        self.tell(Topic.CATALOG)

    def take_orders(self, orders: Iterable[Order]) -> None:
        """Take over orders in place of what was known of them."""
        self.book.take(orders)
        self.tell(Topic.ORDERS)

    def take_requests(self, requests: Iterable[Request]) -> None:
        """Take over refills and cancels in place of what was known of them."""
        self.requests.take(requests)
        self.tell(Topic.ORDERS)

    def take_over(self, orders: Iterable[Order], requests: Iterable[Request]) -> None:
        """Take over what another window has stored; told only where it reads differently."""
        orders_new, requests_new = self.book.take_over(orders), self.requests.take(requests)
        if orders_new or requests_new:
            self.tell(Topic.ORDERS)
