"""A hundred thousand spoilt replies: nothing but the declared errors comes out, and no record holds what it must not.

`SMMTUI_FUZZ_SEED=<number> pytest tests/panel/test_fuzz.py` repeats a run; the seed and the body of a failure are shown.
"""

from __future__ import annotations

import gzip
import json
import os
import random
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from smmtui.domain.foreign_text import terminal_safe
from smmtui.errors import PanelError
from smmtui.panel import wire
from smmtui.panel.exchange import Inflater
from smmtui.panel.strict_json import map_strings, read_document
from smmtui.secret import Secret

SEED = int(os.environ.get("SMMTUI_FUZZ_SEED", "20260101"))
ROUNDS, PER_ROUND = 20, 5_500
KEY = Secret("0123456789abcdef0123456789abcdef")
ID = re.compile(r"[A-Za-z0-9_-]{1,64}")

STATUS: dict[str, object] = {
    "charge": "0.27",
    "start_count": "3572",
    "status": "Partial",
    "remains": "157",
    "currency": "USD",
}
SERVICE: dict[str, object] = {
    "service": 1,
    "name": "Followers &amp; <b>more</b>",
    "type": "Default",
    "category": "First",
    "rate": "0.90",
    "min": "50",
    "max": "10000",
    "refill": True,
    "cancel": "1",
    "description": "<p>Fast</p>",
    "refill_time": "30",
}
ERROR: dict[str, object] = {"error": "Incorrect order ID"}


def _add(value: object) -> object:
    return wire.read_order(value)[0]


# How each action's reply is read, and what an honest one looks like.
READERS: dict[str, tuple[Callable[[Any], object], list[object]]] = {
    "add": (_add, [{"order": 23501}, {"order": "ORD-1", "error": "odd"}, ERROR, {"data": {"order": 5}}]),
    "balance": (wire.read_balance, [{"balance": "100.84292", "currency": "USD"}, {"error": {"code": 1, "text": "no"}}]),
    "status": (wire.read_order_status, [STATUS, {"status": "Active", "runs": 2, "orders": [1, "2"]}, ERROR]),
    "statuses": (
        lambda value: wire.read_order_statuses(value, ["1", "2", "3"]),
        [{"1": STATUS, "2": ERROR, "3": "Gone"}, [{"order": 1, **STATUS}, {"order": 2, "error": "x"}], [STATUS]],
    ),
    "refill": (lambda value: wire.read_requests(value, ["1"], "refill"), [{"refill": "1"}, {"refill": ERROR}]),
    "refills": (
        lambda value: wire.read_requests(value, ["1", "3"], "refill"),
        [[{"order": 1, "refill": 1}, {"order": 3, "refill": ERROR}]],
    ),
    "refill_status": (lambda value: wire.read_refill_status(value, "1"), [{"status": "Completed"}, {"status": ERROR}]),
    "refill_statuses": (
        lambda value: wire.read_refill_statuses(value, ["1", "3"]),
        [
            [{"refill": 1, "status": "Completed"}, {"refill": 3, "status": ERROR}],
            {"1": {"status": "x"}, "3": "Pending"},
        ],
    ),
    "cancel": (
        lambda value: wire.read_requests(value, ["9", "2"], "cancel"),
        [[{"order": 9, "cancel": ERROR}, {"order": 2, "cancel": 1}], {"9": 1, "2": {"status": "ok"}}],
    ),
    "services": (lambda value: value, [[SERVICE, {**SERVICE, "service": "x-2"}], {"data": [SERVICE]}, {"5": SERVICE}]),
}
ODD_VALUES: list[object] = [
    None,
    True,
    False,
    0,
    1,
    -1,
    1.5,
    10**30,
    10**70,
    1e308,
    "",
    "0",
    "x" * 300,
    "null",
    "1,250.50",
    "1e5",
    "\x1b]0;x\x07",
    "\u202e\u200b",
    "\ud800",
    "\x00",
    [],
    {},
    [[]],
    [{}],
    {"error": "x"},
    {"error": None},
    {"order": 7},
    [1, 2],
    "Error",
    "error",
    "Invalid API key",
    "Too many requests",
    "&#x1b;[2J&#0;&#xd800;",
    "<b",
    "٣",
    "e\u0301" * 50,
]
ODD_KEYS = [
    "error",
    "errors",
    "order",
    "orders",
    "status",
    "data",
    "service",
    "services",
    "success",
    "message",
    "1",
    "id",
    "",
]
TOKENS = [
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b'"',
    b"null",
    b"NaN",
    b"-Infinity",
    b"1e400",
    b"1e-99999999",
    b"\\u0000",
    b"\\ud800",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\x00",
    b"9" * 500,
    b"[" * 2000,
    b'{"a":' * 1500,
    b"<br />",
    b"<html>",
    b'{"order":5}',
    b'"order":6,',
    b"\n",
    b"//",
    b"'",
]
SCALAR = re.compile(rb'"[^"\\]*"(?!\s*:)|(?<=[:,\[])[0-9]+')
LITERALS = [
    b"1e400",
    b"1E+1000000",
    b"1e-99999999",
    b"0e9999999",
    b"-0.0",
    b"9" * 5000,
    b"0." + b"1" * 300,
    b"NaN",
    b"-5",
]


def _spoil_value(chance: random.Random, value: object) -> object:
    """The value with one random place in it replaced, dropped, renamed or doubled."""
    if isinstance(value, dict) and value and chance.random() < 0.8:
        row = dict(value)
        name = chance.choice(list(row))
        match chance.randrange(4):
            case 0:
                del row[name]
            case 1:
                row[chance.choice(ODD_KEYS)] = row.pop(name)
            case 2:
                row[chance.choice(ODD_KEYS)] = chance.choice(ODD_VALUES)
            case _:
                row[name] = _spoil_value(chance, row[name])
        return row
    if isinstance(value, list) and value and chance.random() < 0.8:
        rows = list(value)
        place = chance.randrange(len(rows))
        match chance.randrange(3):
            case 0:
                rows[place] = _spoil_value(chance, rows[place])
            case 1:
                rows.append(rows[place])
            case _:
                rows[place] = chance.choice(ODD_VALUES)
        return rows
    return chance.choice([chance.choice(ODD_VALUES), [value], {chance.choice(ODD_KEYS): value}])


def _spoil_bytes(chance: random.Random, body: bytes) -> bytes:
    """The body with a piece cut out, doubled, replaced by a token or with a bit turned over."""
    start = chance.randrange(len(body) + 1)
    end = min(len(body), start + chance.choice([0, 1, 1, 2, 8, 40]))
    match chance.randrange(5):
        case 0:
            return body[:start]
        case 1:
            return body[:start] + body[end:]
        case 2:
            return body[:start] + body[start:end] * 2 + body[end:]
        case 3 if end > start:
            return body[:start] + bytes([body[start] ^ (1 << chance.randrange(8))]) + body[start + 1 :]
        case _:
            return body[:start] + chance.choice(TOKENS) + body[end:]


def _body(chance: random.Random, value: object) -> bytes:
    if chance.random() < 0.002:
        for _ in range(chance.choice([40, 60, 400, 900])):
            value = {"data": value} if chance.random() < 0.7 else [value]
    for _ in range(chance.choice([0, 1, 1, 2, 3])):
        value = _spoil_value(chance, value)
    body = json.dumps(value, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass")
    if chance.random() < 0.1 and (scalars := list(SCALAR.finditer(body))):
        place = chance.choice(scalars)
        body = body[: place.start()] + chance.choice(LITERALS) + body[place.end() :]
    for _ in range(chance.choice([0, 0, 1, 2])):
        body = _spoil_bytes(chance, body)
    return body


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, PanelError):
        yield str(value)
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from _texts(getattr(value, name))
    elif isinstance(value, dict):
        yield from _texts(list(value.values()))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item)


def _check(action: str, answer: object) -> None:
    for text in _texts(answer):
        assert terminal_safe(text) == text
        text.encode()
    if action == "add":
        assert isinstance(answer, str)
        assert ID.fullmatch(answer)
    if action == "balance":
        amount = getattr(answer, "amount", None)
        assert isinstance(amount, Decimal)
        assert amount.is_finite()


@pytest.mark.parametrize("part", range(ROUNDS))
def test_spoilt_replies_raise_the_declared_errors_only(part: int) -> None:
    """Whatever comes, the reader returns a clean record or raises a PanelError with clean words."""
    seed = SEED + part
    chance = random.Random(seed)
    actions = list(READERS)
    for number in range(PER_ROUND):
        action = actions[number % len(actions)]
        read, honest = READERS[action]
        body = _body(chance, chance.choice(honest))
        try:
            if action == "services":
                answer: object = list(wire.read_services(body).services)
            else:
                answer = read(map_strings(read_document(body).value, KEY.mask))
            _check(action, answer)
        except PanelError as error:
            assert terminal_safe(str(error)) == str(error)
        except Exception as escaped:
            raise AssertionError(f"seed {seed}, {action}: {escaped!r} from {body[:2000]!r}") from escaped


def test_spoilt_packings_raise_bad_answer_only() -> None:
    """A damaged gzip stream is unreadable or reads as no more than its cap; zlib's own errors stay inside."""
    chance = random.Random(SEED)
    whole = gzip.compress(json.dumps([SERVICE] * 50).encode())
    for _ in range(5_000):
        packed = _spoil_bytes(chance, whole)
        inflater = Inflater("gzip", 20_000)
        unpacked = 0
        try:
            for start in range(0, len(packed), 100):
                unpacked += sum(map(len, inflater.feed(packed[start : start + 100])))
            inflater.finish()
        except PanelError:
            pass
        assert unpacked <= 20_000
