"""Orders as a file, and back from it: CSV to look at and to compute with, JSON lines exact.

Both hold everything the journal knows of an order but its history and what was asked for it. CSV cannot tell an
unknown text from an empty one; JSON can.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, cast

import msgspec
from msgspec import structs

from smmtui.domain.foreign_text import clean
from smmtui.domain.order_notes import read_note, read_tags
from smmtui.domain.records import Order, Record, State
from smmtui.domain.row_forms import Value, csv_line, json_line, json_text, unguarded
from smmtui.words import _

# The uuid is last because its length is known: a file that was cut short shows it.
COLUMNS = (
    *("id", "status", "state", "placed", "service", "service_name", "link", "quantity", "runs"),
    *("charge", "estimate", "currency", "rate", "start_count", "remains", "word", "reason", "trouble"),
    *("note", "tags", "checked", "changed", "fields", "repeats", "batch", "sequence", "uuid"),
)
_COUNTS = ("sequence", "quantity", "runs", "start_count", "remains")
_MONEY = ("rate", "estimate", "charge")
_TIMES = ("placed", "checked", "changed")
# Link and fields stay as they were sent, to the letter; the rest is only ever shown.
_SHOWN = ("reason", "service", "service_name", "currency", "word", "trouble")

_COUNT = re.compile(r"-?[0-9]{1,19}", re.ASCII)
_LARGEST_COUNT = (1 << 63) - 1
_AMOUNT = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,60})?", re.ASCII)
_PANEL_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_UUID = re.compile(r"[0-9a-f]{32}")
_NO_LIMIT = 1 << 31


class OrdersFile(Record, frozen=True, gc=False):
    """What a file holds: the orders that could be read, and in words what could not, both with their line from 1."""

    orders: list[tuple[int, Order]]
    problems: list[tuple[int, str]]


class _Unreadable(Exception):
    """A row is no order; the text says why."""


def orders_as_csv(orders: Iterable[Order]) -> Iterator[str]:
    """Yield the head and a line per order; money is exact, times are ISO 8601 in UTC."""
    yield csv_line(COLUMNS)
    for order in orders:
        plain = _plain(order)
        plain["fields"] = json_text(order.fields) if order.fields else None
        plain["tags"] = " ".join(order.tags)
        yield csv_line([cast("Value", plain[name]) for name in COLUMNS])


def orders_as_json(orders: Iterable[Order]) -> Iterator[str]:
    """Yield a JSON object per order, a line each."""
    return (json_line(_plain(order)) for order in orders)


def _plain(order: Order) -> dict[str, object]:
    plain: dict[str, object] = msgspec.to_builtins(order, builtin_types=(Decimal,))
    return plain


def read_orders(data: bytes) -> OrdersFile:
    """Return the orders of a file that `orders_as_csv` or `orders_as_json` has made; a bad row costs that row.

    Whether it is CSV or JSON shows in its first character. Panel ids, uuids, amounts and times are taken in the form
    they are exported in, and in no other: what a spreadsheet has made of them is a problem, not a guess.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return OrdersFile([], [(line, _("not UTF-8 text; save the file as UTF-8"))])
    if not text.strip():
        return OrdersFile([], [(1, _("the file is empty"))])
    found = OrdersFile([], [])
    rows = _json_rows(text) if text.lstrip()[:1] in ("{", "[") else _csv_rows(text)
    try:
        for line, row in rows:
            _take(found, line, row)
    except csv.Error as error:
        found.problems.append((_last_line(text), _("the rest cannot be read as CSV ({error})", error=error)))
    return found


def _last_line(text: str) -> int:
    return len(text.splitlines())


def _take(found: OrdersFile, line: int, row: Mapping[str, object] | str) -> None:
    try:
        found.orders.append((line, _order(row)))
    except _Unreadable as unreadable:
        found.problems.append((line, str(unreadable)))


# ── the rows of both forms ────────────────────────────────────────────────────────────────────────────────────────


def _json_rows(text: str) -> Iterator[tuple[int, Mapping[str, object] | str]]:
    """Each line's object, or in words why it is none; an array of them has brackets and commas around the lines."""
    # Not splitlines: a line separator may stand inside of a text.
    for line, raw in enumerate(text.split("\n"), 1):
        raw = raw.strip().removesuffix(",")
        if raw in ("", "[", "]"):
            continue
        try:
            row = json.loads(raw, parse_float=Decimal)
        except (ValueError, RecursionError):
            yield line, _("not a JSON object on a line of its own")
        else:
            yield line, _named_as_now(row) if isinstance(row, dict) else _("not a JSON object")


def _csv_rows(text: str) -> Iterator[tuple[int, Mapping[str, object] | str]]:
    # The limit on a cell is a knob of the whole csv module; the comments of one order can exceed its 128 KiB.
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    head = next(reader, [])
    if wrong := _wrong_head(head):
        yield 1, wrong
        return
    head, line = _as_now(head), reader.line_num + 1
    for cells in reader:
        if len(cells) == len(head):
            yield line, _values(head, cells)
        elif cells:
            yield line, _("{columns} columns instead of {expected}", columns=len(cells), expected=len(head))
        line = reader.line_num + 1


def _named_as_now(row: Mapping[str, object]) -> Mapping[str, object]:
    return dict(zip(_as_now(row), row.values(), strict=True))


def _as_now(names: Collection[str]) -> list[str]:
    """The names as they are now: before users had notes of their own, the panel's words were called so."""
    old = not {"trouble", "tags"} & set(names)
    return ["trouble" if old and name == "note" else name for name in names]


def _wrong_head(head: Sequence[str]) -> str:
    strange = [name for name in head if name not in COLUMNS]
    missing = [name for name in ("uuid", "sequence", "state", "placed") if name not in head]
    if missing:
        return _("no export of orders: its first line does not name the column {column}", column=missing[0])
    if strange:
        return _("the first line names columns that are not known here: {columns}", columns=", ".join(strange))
    return _("the first line names a column twice") if len(set(head)) < len(head) else ""


def _values(head: Sequence[str], cells: Sequence[str]) -> Mapping[str, object] | str:
    """A row's cells as JSON would have them; empty ones are unknown."""
    row: dict[str, object] = {}
    for name, cell in zip(head, cells, strict=True):
        if not cell:
            continue
        if name in _COUNTS:
            if not _COUNT.fullmatch(cell):
                return _("{column} is not a whole number: {value}", column=name, value=cell)
            row[name] = int(cell)
        elif name == "tags":
            row[name] = unguarded(cell).split()
        elif name == "fields":
            try:
                row[name] = json.loads(cell)
            except (ValueError, RecursionError):
                return _("{column} are not a list of names and values in JSON", column=name)
        else:
            row[name] = unguarded(cell)
    return row


# ── a row as an order ─────────────────────────────────────────────────────────────────────────────────────────────


def _order(row: Mapping[str, object] | str) -> Order:
    if isinstance(row, str):
        raise _Unreadable(row)
    if strange := sorted(row.keys() - set(COLUMNS)):
        raise _Unreadable(_("names what is not known here: {columns}", columns=", ".join(strange)))
    for name in _MONEY:
        amount = row.get(name)
        if amount is not None and not _AMOUNT.fullmatch(str(amount)):
            raise _Unreadable(_("{column} is not an amount: {value}", column=name, value=amount))
    try:
        order = msgspec.convert(row, Order)
    except msgspec.ValidationError as error:
        raise _Unreadable(str(error)) from error
    return _checked(order)


def _checked(order: Order) -> Order:
    """The order with its texts cleaned and its times in UTC, if it is one that a journal may hold."""
    if not _UUID.fullmatch(order.uuid):
        raise _Unreadable(_("{column} is not 32 hexadecimal digits: {value}", column="uuid", value=order.uuid))
    if order.id is not None and not _PANEL_ID.fullmatch(order.id):
        raise _Unreadable(_("{column} is not an id of a panel: {value}", column="id", value=order.id))
    if order.state is State.ACCEPTED and order.id is None:
        raise _Unreadable(_("an accepted order has an id"))
    if any(abs(getattr(order, name) or 0) > _LARGEST_COUNT for name in _COUNTS):
        raise _Unreadable(_("a number is larger than any counter"))
    shown = {name: clean(text, _NO_LIMIT) for name in _SHOWN if (text := getattr(order, name)) is not None}
    times = {name: _in_utc(name, time) for name in _TIMES if (time := getattr(order, name)) is not None}
    own = {"note": read_note(order.note), "tags": read_tags(" ".join(order.tags))}
    changes: dict[str, Any] = {**shown, **times, **own}
    return structs.replace(order, **changes)


def _in_utc(name: str, time: datetime) -> datetime:
    try:
        if time.tzinfo is not None:
            return time.astimezone(UTC)
    except OverflowError:
        pass
    raise _Unreadable(_("{column} is not a time with its zone", column=name))
