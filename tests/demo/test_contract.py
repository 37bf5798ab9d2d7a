"""The replies of the demo panel, exactly: shapes, types, words."""

import json
from typing import Any

import httpx
import pytest

from smmtui.demo import DEMO_KEY
from tests.demo.customer import DAY, Customer


@pytest.fixture
def customer() -> Customer:
    """A customer with a panel of their own."""
    return Customer()


def test_services_rows_have_the_documented_fields_and_types(customer: Customer) -> None:
    """Every row of the catalogue has the eleven documented fields, with numbers as strings except the id."""
    rows = customer.ask("services")
    assert len(rows) == 5_000
    types = {
        "service": int, "name": str, "type": str, "category": str, "rate": str, "min": str, "max": str,
        "refill": bool, "cancel": bool, "description": str, "refill_time": str,
    }  # fmt: skip
    assert all({field: type(value) for field, value in row.items()} == types for row in rows)


def test_add_answers_with_a_new_id(customer: Customer) -> None:
    """An accepted order is answered with its id as a number, and ids grow."""
    service = customer.plain().service
    assert customer.ask("add", service=service, link="a", quantity=100) == {"order": 23501}
    assert customer.ask("add", service=service, link="b", quantity=100) == {"order": 23502}


def test_status_of_one_order(customer: Customer) -> None:
    """A fresh order is Pending, with every figure a string."""
    service = customer.pick(lambda s: s.type == "Default" and s.rate == "0.040" and s.min <= 100)
    order = customer.order(service, 500)
    assert customer.ask("status", order=order) == {
        "charge": "0.02000", "start_count": "0", "status": "Pending", "remains": "500", "currency": "USD",
    }  # fmt: skip


def test_status_of_many_orders(customer: Customer) -> None:
    """A batch is an object keyed by id; an unknown id is that row's error."""
    order = customer.order(customer.plain())
    reply = customer.ask("status", orders=f"{order}, 7,x")
    assert list(reply) == [order, "7", "x"]
    assert reply[order] == customer.ask("status", order=order)
    assert reply["7"] == reply["x"] == {"error": "Incorrect order ID"}


def test_refill_of_one_and_many(customer: Customer) -> None:
    """A refill id is a string for one order and a number in a batch."""
    service = customer.plain()
    first, second = customer.order_until("Completed", service), customer.order_until("Completed", service)
    assert customer.ask("refill", order=first) == {"refill": "1"}
    assert customer.ask("refill", orders=f"{second},3") == [
        {"order": int(second), "refill": 2},
        {"order": 3, "refill": {"error": "Incorrect order ID"}},
    ]
    assert customer.ask("refill", order=3) == {"error": "Incorrect order ID"}


def test_refill_status_of_one_and_many(customer: Customer) -> None:
    """A refill moves from Pending over In progress to its end in about a minute."""
    customer.ask("refill", order=customer.order_until("Completed", customer.plain()))
    assert customer.ask("refill_status", refill="1") == {"status": "Pending"}
    customer.wait(30)
    assert customer.ask("refill_status", refill="1") == {"status": "In progress"}
    customer.wait(60)
    assert customer.ask("refill_status", refills="1,3") == [
        {"refill": 1, "status": "Completed"},
        {"refill": 3, "status": {"error": "Refill not found"}},
    ]
    assert customer.ask("refill_status", refill="3") == {"error": "Refill not found"}


def test_cancel(customer: Customer) -> None:
    """A cancel request is answered row by row, with 1 where it was taken."""
    order = customer.order(customer.plain())
    assert customer.ask("cancel", orders=f"9,{order}") == [
        {"order": 9, "cancel": {"error": "Incorrect order ID"}},
        {"order": int(order), "cancel": 1},
    ]


def test_balance(customer: Customer) -> None:
    """The balance is a string with five decimals."""
    assert customer.ask("balance") == {"balance": "100.84292", "currency": "USD"}


def test_batches_are_cut_silently_after_100_ids(customer: Customer) -> None:
    """Only the first hundred ids of a batch are answered."""
    ids = ",".join(str(number) for number in range(1, 151))
    assert len(customer.ask("status", orders=ids)) == 100
    for action, field in (("refill", "orders"), ("cancel", "orders"), ("refill_status", "refills")):
        assert len(customer.ask(action, **{field: ids})) == 100


@pytest.mark.parametrize(
    ("action", "fields"),
    [
        ("", {}),
        ("orders", {}),
        ("status", {}),
        ("refill", {}),
        ("refill_status", {}),
        ("cancel", {}),
        ("cancel", {"order": "1"}),
    ],
)
def test_incomplete_or_unknown_requests(customer: Customer, action: str, fields: dict[str, str]) -> None:
    """An unknown action and an action without its ids are an incorrect request."""
    assert customer.ask(action, **fields) == {"error": "Incorrect request"}


def _client(customer: Customer) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(customer.panel), base_url="http://demo")


ADD: dict[str, Any] = {"key": DEMO_KEY, "action": "add", "link": "https://x.com/çay", "quantity": 100}


async def test_form_json_and_multipart_say_the_same(customer: Customer) -> None:
    """An order is understood in each of the three encodings, on any path, with unknown fields ignored."""
    add = ADD | {"service": customer.plain().service, "order_style": "whatever"}
    parts = {name: (None, f"{value}") for name, value in (add | {"link": "https://x.com/çay/3"}).items()}
    async with _client(customer) as client:
        for path, body in (
            ("/api/v2", {"data": add}),
            ("/", {"json": add | {"link": "https://x.com/çay/2", "comments": None, "test": True}}),
            ("/any/where.php", {"files": parts}),
        ):
            reply = await client.post(path, **body)
            assert (reply.status_code, reply.headers["content-type"]) == (200, "application/json")
            assert list(reply.json()) == ["order"]
    assert [row.link for row in customer.market.ledger] == [f"https://x.com/çay{end}" for end in ("", "/2", "/3")]
    assert customer.market.ledger[1].fields == {
        "action": "add", "service": str(add["service"]), "link": "https://x.com/çay/2", "quantity": "100",
        "order_style": "whatever", "test": "1",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("request_", "error"),
    [
        ({"method": "GET", "url": "/api/v2"}, "Incorrect request"),
        ({"method": "GET", "url": f"/?key={DEMO_KEY}&action=balance"}, "Incorrect request"),
        ({"method": "POST", "url": "/"}, "Invalid API key"),
        ({"method": "POST", "url": "/", "data": {"action": "balance"}}, "Invalid API key"),
        ({"method": "POST", "url": "/", "data": {"key": "wrong", "action": "balance"}}, "Invalid API key"),
        ({"method": "POST", "url": "/", "json": [1]}, "Incorrect request"),
        ({"method": "POST", "url": "/", "json": {"key": DEMO_KEY, "action": ["balance"]}}, "Incorrect request"),
        (
            {"method": "POST", "url": "/", "content": b"[" * 100_000, "headers": {"content-type": "application/json"}},
            "Incorrect request",
        ),
        (
            {"method": "POST", "url": "/", "content": b"\xff{", "headers": {"content-type": "application/json"}},
            "Incorrect request",
        ),
    ],
)
async def test_refusals_before_any_action(customer: Customer, request_: dict[str, Any], error: str) -> None:
    """What is no POST, has no valid key or cannot be read is refused in JSON with status 200."""
    async with _client(customer) as client:
        reply = await client.request(**request_)
    assert (reply.status_code, reply.json()) == (200, {"error": error})


async def test_the_catalogue_states_its_length(customer: Customer) -> None:
    """The one large reply has a content length and is the same bytes each time."""
    async with _client(customer) as client:
        first = await client.post("/", data={"key": DEMO_KEY, "action": "services"})
        second = await client.post("/", data={"key": DEMO_KEY, "action": "services"})
    assert int(first.headers["content-length"]) == len(first.content) > 1_000_000
    assert first.content == second.content


def test_odd_ids_are_echoed_not_choked_on(customer: Customer) -> None:
    """Ids that are no numbers come back as the text they were sent as."""
    odd = "ORD-1,ı,\ud800,²"
    body = json.dumps({"key": DEMO_KEY, "action": "cancel", "orders": odd}).encode()
    reply = json.loads(customer.panel.answer("POST", "application/json", body))
    assert [row["order"] for row in reply] == odd.split(",")


def test_refill_refusals(customer: Customer) -> None:
    """A refill is for completed orders of services that have it, within their days, and once a day."""
    service = customer.plain()
    running = customer.order(service, link="running")
    assert "not completed" in customer.ask("refill", order=running)["error"]
    without = customer.pick(lambda s: s.type == "Default" and not s.refill and s.min <= 100)
    assert "disabled" in customer.ask("refill", order=customer.order(without))["error"]
    partial = customer.order_until("Partial", service)
    assert "not completed" in customer.ask("refill", order=partial)["error"]

    order = customer.order_until("Completed", service)
    assert "refill" in customer.ask("refill", order=order)
    assert "pending" in customer.ask("refill", order=order)["error"]
    customer.wait(3600)
    assert "once in 24 hours" in customer.ask("refill", order=order)["error"]
    customer.wait(DAY)
    assert customer.ask("refill", order=order) == {"refill": "2"}
    customer.wait(DAY * (service.refill_time + 1))
    assert "expired" in customer.ask("refill", order=order)["error"]


def test_cancel_refusals(customer: Customer) -> None:
    """A cancel is for running orders of services that have it, and once."""

    def cancel(order: str) -> str:
        return str(customer.ask("cancel", orders=order)[0]["cancel"]["error"])

    without = customer.pick(lambda s: s.type == "Default" and not s.cancel and s.min <= 100)
    assert "disabled" in cancel(customer.order(without))
    order = customer.order(customer.plain(), 100_000)
    customer.ask("cancel", orders=order)
    assert "already" in cancel(order)
    customer.wait(60)
    assert "cannot be canceled" in cancel(order)
