"""Clients of the same API by other hands work against the served demo panel as they are."""

from collections.abc import Iterator
from typing import Any

import pytest
import safesmm
import smm
import smmpy

from smmtui.demo import DEMO_KEY
from tests.demo.customer import Customer
from tests.demo.served import serve

_OUTSIDE_PROXIES = ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY")


@pytest.fixture
def customer(monkeypatch: pytest.MonkeyPatch) -> Customer:
    """The owner of the panel, who holds its clock."""
    for name in _OUTSIDE_PROXIES:
        monkeypatch.delenv(name, raising=False)
    return Customer()


@pytest.fixture
def url(customer: Customer) -> Iterator[str]:
    """Where the panel is served."""
    with serve(customer.panel) as url:
        yield url


def _check_statuses(customer: Customer, one: Any, many: Any, order: str) -> None:
    assert one == many[order] == customer.ask("status", order=order)
    assert many["7"] == {"error": "Incorrect order ID"}


def _check_requests_client(client: Any, customer: Customer) -> None:
    """What both `requests`-based clients can do, by the method names they share."""
    service = customer.plain()
    assert len(client.get_services()) == 5_000
    assert client.get_balance() == {"balance": "100.84292", "currency": "USD"}
    order = client.add_order(service.service, "https://example.com/f", 100, runs=2, interval=1)["order"]
    assert customer.market.ledger[-1].order == str(order)
    assert customer.market.ledger[-1].quantity == 200
    _check_statuses(customer, client.get_status(order), client.get_multi_status([order, 7]), str(order))

    done = customer.order_until("Completed", service)
    assert client.create_refill(done) == {"refill": "1"}
    assert client.create_multi_refill([done, 7])[1] == {"order": 7, "refill": {"error": "Incorrect order ID"}}
    assert client.get_refill_status(1) == {"status": "Pending"}
    assert client.get_multi_refill_status([1])[0] == {"refill": 1, "status": "Pending"}

    running = client.add_order(service.service, "https://example.com/g", 100)["order"]
    assert client.cancel_orders([running]) == [{"order": running, "cancel": 1}]
    with pytest.raises(Exception, match="Incorrect service ID"):
        client.add_order(1, "https://example.com/h", 100)


def test_smmpy(url: str, customer: Customer) -> None:
    """smmpy 0.1.0 reads the catalogue, orders, follows, refills and cancels."""
    _check_requests_client(smmpy.smm(url, DEMO_KEY), customer)


def test_babismm(url: str, customer: Customer) -> None:
    """babismm 1.0.1 does the same, and orders comments and subscriptions."""
    with smm.SMM(url, DEMO_KEY) as client:
        _check_requests_client(client, customer)
        comments = customer.pick(lambda s: s.type == "Custom Comments" and s.min <= 2)
        client.add_order(comments.service, "https://example.com/c", comments="Çok güzel\nReal 🔥")
        assert customer.market.ledger[-1].quantity == 2
        assert customer.market.ledger[-1].fields["comments"] == "Çok güzel\nReal 🔥"
        standing = customer.pick(lambda s: s.type == "Subscriptions" and s.min <= 100 and s.max >= 200)
        client.add_order(standing.service, username="ada", min=100, max=200, posts=2, delay=0)
        assert customer.market.ledger[-1].link == "ada"


def test_babismm_meets_a_wrong_key(url: str) -> None:
    """A wrong key reaches the client as an error of the API, not of the network."""
    with smm.SMM(url, "wrong") as client, pytest.raises(smm.SMMAPIError, match="Invalid API key"):
        client.get_balance()


def test_safesmm(url: str, customer: Customer) -> None:
    """safesmm 0.1.0 reads the catalogue, orders, follows, refills and cancels."""
    client = safesmm.SafeSMM(DEMO_KEY, url)
    service = customer.plain()
    assert len(client.services()) == 5_000
    assert client.balance() == {"balance": "100.84292", "currency": "USD"}
    order = client.add_order(service.service, "https://example.com/s", 100)["order"]
    assert customer.market.ledger[-1].order == str(order)
    _check_statuses(customer, client.status(order), client.multi_status([order, 7]), str(order))
    assert client.cancel([order, 7]) == [
        {"order": order, "cancel": 1},
        {"order": 7, "cancel": {"error": "Incorrect order ID"}},
    ]
    assert client.refill(customer.order_until("Completed", service)) == {"refill": "1"}
    with pytest.raises(safesmm.SafeSMMError, match="Quantity less than minimal"):
        client.add_order(service.service, "https://example.com/t", 1)
