"""A customer of the demo panel who speaks plain API and holds the panel's clock in hand."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from smmtui.demo import DEMO_KEY, DemoPanel, Market
from smmtui.demo.shelf import Service

FORM = "application/x-www-form-urlencoded"
DAY = 86400.0

FILLED: dict[str, str] = {
    "link": "https://example.com/p/1",
    "quantity": "",
    "keywords": "coffee\nharbour",
    "comments": "Lovely\n\n  \nGreat place\r\nÇok güzel",
    "usernames": "ada\n\nbob\ncem",
    "hashtags": "#coffee\n#harbour",
    "hashtag": "coffee",
    "username": "harbour.coffee",
    "media": "https://example.com/p/2",
    "answer_number": "2",
    "groups": "https://t.me/one\nhttps://t.me/two",
    "min": "",
    "max": "",
    "posts": "3",
    "delay": "0",
    "country": "TR",
    "device": "1",
    "type_of_traffic": "2",
}


class Customer:
    """Asks a panel of its own; `clock` is the panel's time in epoch seconds and moves only by `wait`."""

    def __init__(self, seed: int = 1, balance: str = "100.84292", now: float = 1_700_000_000.0) -> None:
        self.clock = now
        self.market = Market(seed=seed, clock=lambda: self.clock, balance=Decimal(balance))
        self.panel = DemoPanel(self.market)

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.clock += seconds

    def ask(self, action: str, **fields: object) -> Any:
        """The panel's reply to a form-encoded request."""
        body = urlencode({"key": DEMO_KEY, "action": action, **fields})
        return json.loads(self.panel.answer("POST", FORM, body.encode()))

    def pick(self, wanted: Callable[[Service], object]) -> Service:
        """The first service of the catalogue that is as wanted."""
        return next(service for service in self.market.services if wanted(service))

    def plain(self) -> Service:
        """A cheap service of the type Default with refill and cancel that takes 100 and 100,000."""
        return self.pick(
            lambda s: s.type == "Default" and s.refill and s.cancel and s.min <= 100 and s.max >= 100_000
            and Decimal(s.rate) < Decimal("0.05")
        )  # fmt: skip

    def order(self, service: Service, quantity: int = 100, link: str = "https://example.com/1") -> str:
        """Place an order that the panel has to accept, and return its id."""
        return str(self.ask("add", service=service.service, link=link, quantity=quantity)["order"])

    def order_until(self, status: str, service: Service, quantity: int = 100) -> str:
        """Place orders until one has run to that status, and return its id."""
        for number in range(200):
            order = self.order(service, quantity, f"https://example.com/{status}/{number}")
            self.wait(DAY / 4)
            if self.ask("status", order=order)["status"] == status:
                return order
        raise AssertionError(f"no order came to be {status}")

    def balance(self) -> Decimal:
        """The balance as the panel tells it."""
        return Decimal(self.ask("balance")["balance"])
