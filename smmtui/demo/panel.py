"""The demo panel as an ASGI app: the SMM panel API v2 over the books of a Market."""

import json
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from functools import cached_property
from typing import Any

from smmtui.demo import refusals
from smmtui.demo.form import Unreadable, read_fields
from smmtui.demo.kinds import Fields
from smmtui.demo.market import Market
from smmtui.demo.refusals import Refusal

DEMO_KEY = "demo-panel-key-000000000000000000"
CURRENCY = "USD"
_MOST_IDS = 100

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class DemoPanel:
    """An ASGI app that answers POST requests on any path with JSON; what it refuses it refuses with HTTP status 200.

    It knows one account, whose key is DEMO_KEY, and keeps its books in `market`.
    """

    def __init__(self, market: Market) -> None:
        self.market = market
        self._actions: dict[str, Callable[[Fields], object]] = {
            "add": self._add,
            "status": self._status,
            "refill": self._refill,
            "refill_status": self._refill_status,
            "cancel": self._cancel,
            "balance": self._balance,
        }

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one ASGI scope: an HTTP request or the lifespan of the server."""
        if scope["type"] == "lifespan":
            await _live(receive, send)
        elif scope["type"] == "http":
            body = await _read_body(receive)
            if body is not None:
                await _reply(send, self.answer(scope["method"], _content_type(scope), body))
        else:
            raise ValueError(f"the demo panel does not speak {scope['type']}")

    def answer(self, method: str, content_type: str, body: bytes) -> bytes:
        """The JSON reply to one request."""
        try:
            if method != "POST":
                raise Refusal(refusals.INCORRECT_REQUEST)
            fields = read_fields(content_type, body)
            if fields.get("key") != DEMO_KEY:
                raise Refusal(refusals.INVALID_KEY)
            if fields.get("action") == "services":
                return self._catalogue
            action = self._actions.get(fields.get("action", ""))
            if action is None:
                raise Refusal(refusals.INCORRECT_REQUEST)
            return _encode(action(fields))
        except Unreadable:
            return _encode({"error": refusals.INCORRECT_REQUEST})
        except Refusal as refusal:
            return _encode({"error": str(refusal)})

    @cached_property
    def _catalogue(self) -> bytes:
        rows = [service.row() for service in self.market.services]
        return json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()

    def _add(self, fields: Fields) -> object:
        return {"order": int(self.market.place(fields))}

    def _status(self, fields: Fields) -> object:
        if "orders" in fields:
            return {order: _or_error(self._status_of, order) for order in _ids(fields["orders"])}
        return self._status_of(_one(fields, "order"))

    def _status_of(self, order: str) -> object:
        report = self.market.status(order)
        return {
            "charge": f"{report.charge:.5f}",
            "start_count": str(report.start_count),
            "status": report.status,
            "remains": str(report.remains),
            "currency": CURRENCY,
        }

    def _refill(self, fields: Fields) -> object:
        if "orders" in fields:
            return [{"order": _id(o), "refill": _or_error(self._refill_of, o)} for o in _ids(fields["orders"])]
        return {"refill": self.market.refill(_one(fields, "order"))}

    def _refill_of(self, order: str) -> object:
        return int(self.market.refill(order))

    def _refill_status(self, fields: Fields) -> object:
        status = self.market.refill_status
        if "refills" in fields:
            return [{"refill": _id(refill), "status": _or_error(status, refill)} for refill in _ids(fields["refills"])]
        return {"status": status(_one(fields, "refill"))}

    def _cancel(self, fields: Fields) -> object:
        orders = _ids(_one(fields, "orders"))
        return [{"order": _id(order), "cancel": _or_error(self._cancel_of, order)} for order in orders]

    def _cancel_of(self, order: str) -> object:
        self.market.cancel(order)
        return 1

    def _balance(self, _: Fields) -> object:
        return {"balance": f"{self.market.balance:.5f}", "currency": CURRENCY}


def _or_error(action: Callable[[str], object], name: str) -> object:
    """The answer for one id of a batch, whose refusal is that row's own affair."""
    try:
        return action(name)
    except Refusal as refusal:
        return {"error": str(refusal)}


def _one(fields: Fields, field: str) -> str:
    if field not in fields:
        raise Refusal(refusals.INCORRECT_REQUEST)
    return fields[field].strip()


def _ids(text: str) -> Iterable[str]:
    """The ids of a batch; what is over the limit is dropped without a word, as panels do."""
    return [name.strip() for name in text.split(",") if name.strip()][:_MOST_IDS]


def _id(name: str) -> int | str:
    return int(name) if name.isascii() and name.isdigit() and len(name) <= 18 else name


def _encode(document: object) -> bytes:
    return json.dumps(document).encode()


def _content_type(scope: Message) -> str:
    headers = {bytes(name).lower(): bytes(value) for name, value in scope["headers"]}
    return headers.get(b"content-type", b"").decode("latin-1")


async def _read_body(receive: Receive) -> bytes | None:
    """The whole body, or None if the client left before it was sent."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if not message.get("more_body", False):
            return bytes(body)


async def _reply(send: Send, body: bytes) -> None:
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
