"""The fault server's books: a catalogue, a balance, orders, refills, cancels, and the honest answer to every action."""

import itertools
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from tests.faults.ledger import Cancel, Ledger, Order, Refill

ACTIONS = ("services", "add", "status", "refill", "refill_status", "cancel", "balance")
WRITES = frozenset({"add", "refill", "cancel"})
NOT_DONE = {"error": "Something went wrong. Please try again later."}
"""The answer to a write that was not carried out."""
BATCH = 100


class Kind(NamedTuple):
    """What a service type needs beside `service`, and what its rate, minimum and maximum count."""

    required: tuple[str, ...]
    counted: str | None
    """A number field, or a field of lines (then the lines count); None: the rate is the price of the whole."""


LINES = frozenset({"comments", "usernames"})
KINDS: Mapping[str, Kind] = {
    "Default": Kind(("link", "quantity"), "quantity"),
    "Package": Kind(("link",), None),
    "SEO": Kind(("link", "quantity", "keywords"), "quantity"),
    "Custom Comments": Kind(("link", "comments"), "comments"),
    "Custom Comments Package": Kind(("link", "comments"), None),
    "Mentions": Kind(("link", "quantity", "usernames"), "quantity"),
    "Mentions with Hashtags": Kind(("link", "quantity", "usernames", "hashtags"), "quantity"),
    "Mentions Custom List": Kind(("link", "usernames"), "usernames"),
    "Mentions Hashtag": Kind(("link", "quantity", "hashtag"), "quantity"),
    "Mentions User Followers": Kind(("link", "quantity", "username"), "quantity"),
    "Mentions Media Likers": Kind(("link", "quantity", "media"), "quantity"),
    "Comment Likes": Kind(("link", "quantity", "username"), "quantity"),
    "Comment Replies": Kind(("link", "username", "comments"), "comments"),
    "Poll": Kind(("link", "quantity", "answer_number"), "quantity"),
    "Invites from Groups": Kind(("link", "quantity", "groups"), "quantity"),
    "Subscriptions": Kind(("username", "min", "max", "posts", "delay"), "max"),
    "Web Traffic": Kind(("link", "quantity", "country", "device", "type_of_traffic"), "quantity"),
}


def _service(number: int, name: str, kind: str, rate: str, least: int, most: int, **more: object) -> dict[str, object]:
    return {
        "service": number,
        "name": name,
        "type": kind,
        "category": "Instagram" if number < 10 else "Others",
        "rate": rate,
        "min": str(least),
        "max": str(most),
        "refill": False,
        "cancel": False,
        "description": f"{name}, made for tests",
        "refill_time": "0",
        **more,
    }


SERVICES: tuple[Mapping[str, object], ...] = (
    _service(1, "Followers", "Default", "0.90", 50, 10000),
    _service(
        2, "Followers, refill and cancel", "Default", "1.25", 10, 50000, refill=True, cancel=True, refill_time="30"
    ),
    _service(3, "Likes, drip-feed", "Default", "0.0101", 10, 5000, dripfeed=True),
    _service(4, "Starter package", "Package", "12.50", 1, 1),
    _service(5, "Comments of your own", "Custom Comments", "8.00", 1, 500),
    *(
        _service(10 + place, f"{kind} service", kind, "2.40", 1, 10000)
        for place, kind in enumerate(kind for kind in KINDS if kind not in {"Default", "Package", "Custom Comments"})
    ),
    _service(30, "Beğeni – ürün ✨", "Default", "3.33333", 100, 1000000),
)


class Books:
    """What the panel knows and owes; every real change is written to the ledger before it is answered.

    Not safe for threads by itself: the server asks under its lock.
    """

    def __init__(self, ledger: Ledger, *, balance: Decimal = Decimal("1000"), first_order: int = 23501) -> None:
        self.balance = balance
        self._ledger = ledger
        self._order_ids = itertools.count(first_order)
        self._refill_ids = itertools.count(1)
        self._orders: dict[str, dict[str, Any]] = {}
        self._order_services: dict[str, Mapping[str, object]] = {}
        self._refills: dict[str, str] = {}
        self._actions: Mapping[str, Callable[[Mapping[str, str]], object]] = {
            "services": lambda fields: SERVICES,
            "add": self._add,
            "status": self._status,
            "refill": self._refill,
            "refill_status": self._refill_status,
            "cancel": self._cancel,
            "balance": lambda fields: {"balance": str(self.balance), "currency": "USD"},
        }

    def answer(self, action: str, fields: Mapping[str, str]) -> object:
        """Carry the action out and say what the panel says to it, as JSON values."""
        act = self._actions.get(action)
        return act(fields) if act else {"error": "Incorrect request"}

    def set_status(self, order: str, changes: Mapping[str, object]) -> None:
        """Change members of an order's status row; KeyError if there is no such order."""
        self._orders[order].update(changes)

    def set_refill_status(self, refill: str, status: str) -> None:
        """Give a refill another status; KeyError if there is no such refill."""
        if refill not in self._refills:
            raise KeyError(refill)
        self._refills[refill] = status

    def _add(self, fields: Mapping[str, str]) -> object:
        service = next((row for row in SERVICES if str(row["service"]) == fields.get("service")), None)
        if service is None:
            return {"error": "Incorrect service ID"}
        try:
            charge = _charge(service, fields)
        except ValueError as refusal:
            return {"error": str(refusal)}
        if charge > self.balance:
            return {"error": "Not enough funds on balance"}
        number = next(self._order_ids)
        link, quantity = fields.get("link", ""), fields.get("quantity", "")
        self._ledger.write(
            Order(
                id=str(number),
                service=fields["service"],
                link=link,
                quantity=quantity,
                charge=charge,
                fields=dict(fields),
            )
        )
        self.balance -= charge
        self._order_services[str(number)] = service
        self._orders[str(number)] = {
            "charge": str(charge),
            "start_count": None,
            "status": "Pending",
            "remains": quantity or "0",
            "currency": "USD",
        }
        return {"order": number}

    def _status(self, fields: Mapping[str, str]) -> object:
        if "orders" in fields:
            return {order: self._status_row(order) for order in _ids(fields["orders"])}
        return self._status_row(fields.get("order", ""))

    def _status_row(self, order: str) -> object:
        return self._orders.get(order, {"error": "Incorrect order ID"})

    def _refill(self, fields: Mapping[str, str]) -> object:
        if "orders" not in fields:
            outcome = self._refill_one(fields.get("order", ""))
            return outcome if isinstance(outcome, dict) else {"refill": str(outcome)}
        return [{"order": _number(order), "refill": self._refill_one(order)} for order in _ids(fields["orders"])]

    def _refill_one(self, order: str) -> object:
        if order not in self._orders:
            return {"error": "Incorrect order ID"}
        if not self._order_services[order]["refill"]:
            return {"error": "Refill is not available for this order"}
        number = next(self._refill_ids)
        self._ledger.write(Refill(id=str(number), order=order))
        self._refills[str(number)] = "Pending"
        return number

    def _refill_status(self, fields: Mapping[str, str]) -> object:
        if "refills" in fields:
            return [{"refill": _number(each), "status": self._refill_word(each)} for each in _ids(fields["refills"])]
        word = self._refill_word(fields.get("refill", ""))
        return word if isinstance(word, dict) else {"status": word}

    def _refill_word(self, refill: str) -> object:
        return self._refills.get(refill, {"error": "Refill not found"})

    def _cancel(self, fields: Mapping[str, str]) -> object:
        return [
            {"order": _number(order), "cancel": self._cancel_one(order)} for order in _ids(fields.get("orders", ""))
        ]

    def _cancel_one(self, order: str) -> object:
        if order not in self._orders:
            return {"error": "Incorrect order ID"}
        if not self._order_services[order]["cancel"]:
            return {"error": "Cancel is not available for this order"}
        self._ledger.write(Cancel(order=order))
        return 1


def _charge(service: Mapping[str, object], fields: Mapping[str, str]) -> Decimal:
    """What the order costs; ValueError with the panel's refusal if the order is not as the service demands."""
    kind = KINDS[str(service["type"])]
    missing = [name for name in kind.required if not fields.get(name, "").strip()]
    if missing:
        raise ValueError(f"neworder.error.{missing[0]}")
    rate = Decimal(str(service["rate"]))
    if kind.counted is None:
        return rate
    count = _count(kind.counted, fields)
    if count < int(str(service["min"])):
        raise ValueError(f"Quantity less than minimal {service['min']}")
    if count > int(str(service["max"])):
        raise ValueError(f"Quantity more than maximum {service['max']}")
    if service["type"] == "Subscriptions":
        return Decimal(0)  # charged per post, later
    runs = _whole(fields.get("runs", "1"))
    return (rate * count * runs / 1000).quantize(Decimal("0.00001"))


def _count(counted: str, fields: Mapping[str, str]) -> int:
    if counted in LINES:
        return sum(1 for line in fields[counted].splitlines() if line.strip())
    return _whole(fields[counted])


def _whole(text: str) -> int:
    try:
        return int(Decimal(text))
    except (InvalidOperation, OverflowError, ValueError):
        raise ValueError("Incorrect quantity") from None


def _ids(text: str) -> list[str]:
    return [part.strip() for part in text.split(",")][:BATCH]


def _number(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdigit() else text
