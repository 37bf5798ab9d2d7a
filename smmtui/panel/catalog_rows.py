"""The panel's catalogue, row by row: one bad row costs one row, and nothing holds the interpreter for long.

Well-formed JSON is split by msgspec, which is fast but keeps the last of two equal keys and gives up on NaN; what it
does not take goes through the strict reader instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar, cast

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from smmtui.domain.money import read_amount
from smmtui.domain.records import Service
from smmtui.errors import BadAnswer
from smmtui.panel.readings import NAME_LIMIT, first, read_count, read_flag, read_id, read_prose, read_word
from smmtui.panel.strict_json import exact_number, leading_rows, read_rows
from smmtui.words import _

_WRAPPERS = ("data", "services", "result", "response")
_ERROR_KEYS = ("error", "errors", "status", "success", "message", "msg", "detail")
_EMPTY = _("its catalogue is empty")

_LIST = msgspec.json.Decoder(list[msgspec.Raw])
_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])
_ROW: msgspec.json.Decoder[Any] = msgspec.json.Decoder(float_hook=exact_number)
_BLANKS_LOOKED_THROUGH = 1024
_BETWEEN_ROWS = b"},{"
_PART = 256 * 1024
_REMEMBERED = 4_096
_UNREADABLE = (msgspec.MsgspecError, ValueError, ArithmeticError, RecursionError)

Rows = list[tuple[str, object]]
Value = TypeVar("Value")


class Services(Struct, frozen=True):
    """A whole catalogue as the panel sent it.

    `skipped` counts rows that could not be read, `duplicates` rows left out because their id came before. `raw` is
    the reply's body, key masked, from which `read_services` makes the same catalogue again.
    """

    services: tuple[Service, ...]
    skipped: int
    duplicates: int
    raw: bytes

    def without_bytes(self) -> Services:
        """Return the same without `raw`, which takes as much memory as a good part of what is made of it."""
        return replace(self, raw=b"")


def read_services(raw: bytes, failed: bool = False) -> Services:
    """Return the catalogue in a reply's body or in a stored copy of it.

    BadAnswer where it is none or holds no usable row at all: an empty catalogue never means that every service
    vanished. Refused where the panel says no instead.
    """
    try:
        return _collected(_each(_by_parts(raw)), raw)
    except _UNREADABLE:
        return _collected(each_service(raw, failed), raw)


def _collected(rows: Iterable[Service | None], raw: bytes) -> Services:
    services: dict[str, Service] = {}
    skipped = duplicates = 0
    for service in rows:
        if service is None:
            skipped += 1
        elif service.id in services:
            duplicates += 1
        else:
            services[service.id] = service
    if not services:
        raise BadAnswer(_("none of its services can be read") if skipped else _EMPTY)
    return Services(tuple(services.values()), skipped, duplicates, raw)


def _by_parts(raw: bytes) -> Iterator[tuple[str, object]]:
    """The rows of a plain list, split a part at a time: the whole at once would hold the interpreter for too long.

    Whether a place is one between two rows shows in the part before it: cut anywhere else, that is no JSON. Raises
    one of `_UNREADABLE` where it cannot be read like this.
    """
    start = raw.find(b"[")
    if start < 0 or raw[:start].strip():
        raise ValueError("no plain list")
    while True:
        end = raw.find(_BETWEEN_ROWS, start + _PART)
        part = raw[start + 1 :] if end < 0 else raw[start + 1 : end + 1] + b"]"
        for row in _LIST.decode(b"[" + part):
            yield "", row
        if end < 0:
            return
        start = end + 1


def first_services(beginning: bytes, most: int) -> tuple[Service, ...]:
    """Return the first services of a stored copy of which only the beginning is there, at most so many.

    There are none where the copy is no plain list: then only all of it can be read.
    """
    services: dict[str, Service] = {}
    reader = _Reader()
    for row in leading_rows(beginning):
        service = reader.service("", row)
        if service is not None:
            services.setdefault(service.id, service)
        if len(services) == most:
            break
    return tuple(services.values())


def each_service(raw: bytes, failed: bool = False) -> Iterator[Service | None]:
    """Yield the services of a reply's body one by one, None for each row that cannot be read."""
    return _each(_split(raw, failed))


def _each(rows: Iterable[tuple[str, object]]) -> Iterator[Service | None]:
    reader = _Reader()
    return (reader.service(key, row) for key, row in rows)


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
        raise BadAnswer(_EMPTY if opened is None else _("it is no catalogue"))
    for name in _WRAPPERS:
        inner = _opened(opened.get(name))
        if inner and isinstance(inner, list | dict):
            return _rows(inner, failed)
    # Seldom needed, and slow to load: the first rows on the screen would wait for it.
    from smmtui.panel.refusals import error_text, refusal

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


class _Reader:
    """Reads the rows of one catalogue; what recurs in many of them is read once, and held in memory once."""

    def __init__(self) -> None:
        self._word = _once_each(read_word)
        self._category = _once_each(lambda value: read_word(value, NAME_LIMIT))
        self._count = _once_each(read_count)

    def service(self, key: str, row: object) -> Service | None:
        """Return the record of one row, None where it has no usable id or no name."""
        try:
            row = _whole(row)
            return self._record(key, cast("dict[str, object]", row)) if isinstance(row, dict) else None
        except _UNREADABLE:
            return None

    def _record(self, key: str, row: dict[str, object]) -> Service | None:
        get = row.get
        identity = read_id(first(row, "service", "id", "service_id")) or read_id(key)
        name = read_word(get("name"), NAME_LIMIT)
        if identity is None or not name:
            return None
        rate = read_amount(get("rate"))
        return Service(
            id=identity,
            name=name,
            type=self._word(get("type")) or "Default",
            category=self._category(get("category")),
            rate=None if rate is not None and rate < 0 else rate,
            min=self._count(get("min")),
            max=self._count(get("max")),
            refill=read_flag(get("refill")),
            cancel=read_flag(get("cancel")),
            dripfeed=read_flag(first(row, "dripfeed", "drip_feed")),
            description=read_prose(first(row, "description", "desc")),
            refill_days=self._count(get("refill_time")),
            average_time=self._word(get("average_time")),
        )


def _once_each(read: Callable[[object], Value]) -> Callable[[object], Value]:
    """The same reading, which remembers what it has made of a text; 1 and true are equal, but not the same."""
    known: dict[str, Value] = {}

    def look(value: object) -> Value:
        if not isinstance(value, str):
            return read(value)
        if value not in known:
            if len(known) == _REMEMBERED:
                known.clear()
            known[value] = read(value)
        return known[value]

    return look
