"""The panel's catalogue, row by row: one bad row costs one row, and nothing holds the interpreter for long.

Well-formed JSON is split by msgspec, which is fast but keeps the last of two equal keys and gives up on NaN; what it
does not take goes through the strict reader instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

import msgspec

from smmtui.domain.money import read_amount
from smmtui.domain.records import Service
from smmtui.errors import BadAnswer
from smmtui.panel.readings import NAME_LIMIT, first, read_count, read_flag, read_id, read_prose, read_word
from smmtui.panel.refusals import error_text, refusal
from smmtui.panel.strict_json import exact_number, read_rows

_WRAPPERS = ("data", "services", "result", "response")
_ERROR_KEYS = ("error", "errors", "status", "success", "message", "msg", "detail")
_EMPTY = "its catalogue is empty"

_LIST = msgspec.json.Decoder(list[msgspec.Raw])
_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])
_ROW: msgspec.json.Decoder[Any] = msgspec.json.Decoder(float_hook=exact_number)
_BLANKS_LOOKED_THROUGH = 1024
_UNREADABLE = (msgspec.MsgspecError, ValueError, ArithmeticError, RecursionError)

Rows = list[tuple[str, object]]


@dataclass(frozen=True, slots=True)
class Services:
    """A whole catalogue as the panel sent it.

    `skipped` counts rows that could not be read, `duplicates` rows left out because their id came before. `raw` is
    the reply's body, key masked, from which `read_services` makes the same catalogue again.
    """

    services: tuple[Service, ...]
    skipped: int
    duplicates: int
    raw: bytes


def read_services(raw: bytes, failed: bool = False) -> Services:
    """Return the catalogue in a reply's body or in a stored copy of it.

    BadAnswer where it is none or holds no usable row at all: an empty catalogue never means that every service
    vanished. Refused where the panel says no instead.
    """
    services: dict[str, Service] = {}
    skipped = duplicates = 0
    for service in each_service(raw, failed):
        if service is None:
            skipped += 1
        elif service.id in services:
            duplicates += 1
        else:
            services[service.id] = service
    if not services:
        raise BadAnswer("none of its services can be read" if skipped else _EMPTY)
    return Services(tuple(services.values()), skipped, duplicates, raw)


def each_service(raw: bytes, failed: bool = False) -> Iterator[Service | None]:
    """Yield the services of a reply's body one by one, None for each row that cannot be read."""
    for key, row in _split(raw, failed):
        yield _service(key, row)


def _split(raw: bytes, failed: bool) -> Rows:
    try:
        return _rows(raw, failed)
    except _UNREADABLE:
        return _rows(read_rows(raw), failed)


def _rows(value: object, failed: bool) -> Rows:
    """The rows of a list, of an object keyed by id, or of what a wrapper's name holds; with their keys, else ""."""
    opened = _opened(value)
    if isinstance(opened, list):
        return [("", row) for row in opened]
    if not isinstance(opened, dict):
        raise BadAnswer(_EMPTY if opened is None else "it is no catalogue")
    for name in _WRAPPERS:
        inner = _opened(opened.get(name))
        if inner and isinstance(inner, list | dict):
            return _rows(inner, failed)
    text = error_text({name: _whole(opened[name]) for name in _ERROR_KEYS if name in opened}, failed)
    if text:
        raise refusal(text)
    return [(key, row) for key, row in opened.items() if _is_object(row)]


def _opened(value: object) -> object:
    """The value with its outermost layer decoded; what is inside stays as it came."""
    if not isinstance(value, bytes | msgspec.Raw):
        return value
    match bytes(memoryview(value)[:_BLANKS_LOOKED_THROUGH]).lstrip()[:1]:
        case b"[":
            return _LIST.decode(value)
        case b"{":
            return _OBJECT.decode(value)
        case _:
            return _ROW.decode(value)


def _whole(value: object) -> object:
    return _ROW.decode(value) if isinstance(value, msgspec.Raw) else value


def _is_object(value: object) -> bool:
    return bytes(memoryview(value)[:1]) == b"{" if isinstance(value, msgspec.Raw) else isinstance(value, dict)


def _service(key: str, row: object) -> Service | None:
    """The record of one row, None where it has no usable id or no name."""
    try:
        row = _whole(row)
        return _record(key, cast("dict[str, object]", row)) if isinstance(row, dict) else None
    except _UNREADABLE:
        return None


def _record(key: str, row: dict[str, object]) -> Service | None:
    identity = read_id(first(row, "service", "id", "service_id")) or read_id(key)
    name = read_word(row.get("name"), NAME_LIMIT)
    if identity is None or not name:
        return None
    rate = read_amount(row.get("rate"))
    return Service(
        id=identity,
        name=name,
        type=read_word(row.get("type")) or "Default",
        category=read_word(row.get("category"), NAME_LIMIT),
        rate=None if rate is not None and rate < 0 else rate,
        min=read_count(row.get("min")),
        max=read_count(row.get("max")),
        refill=read_flag(row.get("refill")),
        cancel=read_flag(row.get("cancel")),
        dripfeed=read_flag(first(row, "dripfeed", "drip_feed")),
        description=read_prose(first(row, "description", "desc")),
        refill_days=read_count(row.get("refill_time")),
        average_time=read_word(row.get("average_time")),
    )
