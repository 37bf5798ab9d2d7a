"""Records to rows of the tables and back."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

from smmtui.domain.records import Event, Order, Request, State
from smmtui.domain.statuses import Status
from smmtui.journal.database import UNREADABLE, Damaged, Row
from smmtui.words import _

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_INT64 = 1 << 63

# The column `note` is from before users had notes of their own.
_COLUMNS = {"trouble": "note", "note": "own_note"}
ORDER_COLUMNS = ", ".join(_COLUMNS.get(name, name) for name in Order.__struct_fields__)
ADDED = {"own_note": "", "tags": ""}
"""What an order has in columns that the files of older versions lack."""
REQUEST_COLUMNS = ", ".join(Request.__struct_fields__).replace("order,", "order_uuid,")
EVENT_COLUMNS = "at, before, after, evidence"
_WAITING = (State.QUEUED, State.SENDING, State.UNSENT, State.UNKNOWN)


def new_uuid() -> str:
    """Return a name that nothing else has."""
    return uuid4().hex


def from_time(time: datetime) -> int:
    """Return microseconds since 1970 UTC."""
    return (time - _EPOCH) // _MICROSECOND


def to_time(microseconds: int) -> datetime:
    """Return the UTC time of microseconds since 1970."""
    return _EPOCH + microseconds * _MICROSECOND


def from_money(money: Decimal | None) -> str | None:
    """Return the exact decimal without an exponent."""
    return None if money is None else format(money, "f")


def to_money(text: str | None) -> Decimal | None:
    """Return the decimal that was written."""
    return None if text is None else Decimal(text)


def countable(number: int | None) -> int | None:
    """Return the number, None (unknown) for one that is larger than any counter."""
    return number if number is not None and -_INT64 <= number < _INT64 else None


def storable(text: str) -> str:
    """Return the text with a ? for each half of a surrogate pair, which SQLite does not take."""
    return text.encode("utf-8", "replace").decode()


def order_values(order: Order) -> dict[str, object]:
    """Return the order as SQLite stores it, by column."""
    runs = countable(order.runs)
    return {
        "uuid": order.uuid,
        "sequence": order.sequence,
        "state": order.state.value,
        "placed": from_time(order.placed),
        "id": order.id,
        "reason": storable(order.reason),
        "service": storable(order.service),
        "service_name": storable(order.service_name),
        "link": storable(order.link),
        "quantity": countable(order.quantity),
        # A row that says 0 is damaged, and is not to look like one that says 1.
        "runs": 1 if runs is None else runs,
        "fields": json.dumps(order.fields),
        "rate": from_money(order.rate),
        "estimate": from_money(order.estimate),
        "repeats": order.repeats,
        "batch": order.batch,
        **note_values(order),
        **_status_values(order),
    }


def _status_values(order: Order) -> dict[str, object]:
    """What a status changes, by column; `watched` follows from it."""
    return {
        "status": None if order.status is None else order.status.value,
        "word": storable(order.word),
        "charge": from_money(order.charge),
        "currency": _optional_text(order.currency),
        "start_count": countable(order.start_count),
        "remains": countable(order.remains),
        "checked": None if order.checked is None else from_time(order.checked),
        "changed": None if order.changed is None else from_time(order.changed),
        "note": storable(order.trouble),
        "watched": _watched(order),
    }


def note_values(order: Order) -> dict[str, object]:
    """Return the user's note and tags, by column; a tag has no blanks in it."""
    return {"own_note": storable(order.note), "tags": storable(" ".join(order.tags))}


def order_from(row: Row) -> Order:
    """Return the order of a row of `ORDER_COLUMNS`; raises ValueError or KeyError where it cannot be one."""
    return Order(
        uuid=row[0],
        sequence=row[1],
        state=State(row[2]),
        placed=to_time(row[3]),
        id=row[4],
        reason=row[5],
        service=row[6],
        service_name=row[7],
        link=row[8],
        quantity=row[9],
        runs=row[10],
        fields=tuple((name, value) for name, value in json.loads(row[11])),
        rate=to_money(row[12]),
        estimate=to_money(row[13]),
        currency=row[14],
        repeats=row[15],
        status=None if row[16] is None else Status(row[16]),
        word=row[17],
        charge=to_money(row[18]),
        start_count=row[19],
        remains=row[20],
        checked=None if row[21] is None else to_time(row[21]),
        changed=None if row[22] is None else to_time(row[22]),
        trouble=row[23],
        batch=row[24],
        note=row[25],
        tags=tuple(row[26].split()),
    )


def insert_order(write: sqlite3.Connection, order: Order, owner: str = "") -> None:
    """Add the order; `owner` is the lease of the process that sends it."""
    values = order_values(order) | {"owner": owner}
    names = ", ".join(values)
    places = ", ".join(f":{name}" for name in values)
    # S608: the names are this module's own columns.
    write.execute(f"INSERT INTO orders ({names}) VALUES ({places})", values)  # noqa: S608


def update_order(write: sqlite3.Connection, order: Order) -> None:
    """Store everything but what an intent fixed for ever, and the user's note."""
    write.execute(
        """UPDATE orders SET state = :state, id = :id, reason = :reason, status = :status, word = :word,
        charge = :charge, start_count = :start_count, remains = :remains, checked = :checked, changed = :changed,
        note = :note, currency = :currency, watched = :watched WHERE uuid = :uuid""",
        order_values(order),
    )


def update_note(write: sqlite3.Connection, order: Order) -> None:
    """Store the user's note and tags, and nothing else."""
    values = {"uuid": order.uuid, **note_values(order)}
    write.execute("UPDATE orders SET own_note = :own_note, tags = :tags WHERE uuid = :uuid", values)


def update_status(write: sqlite3.Connection, order: Order) -> None:
    """Store what the panel last said, and leave alone what another window may have done to the order since."""
    write.execute(
        """UPDATE orders SET status = :status, word = :word, charge = :charge, start_count = :start_count,
        remains = :remains, checked = :checked, changed = :changed, note = :note, currency = :currency,
        watched = :watched WHERE uuid = :uuid""",
        {"uuid": order.uuid, **_status_values(order)},
    )


def fetch_order(read: sqlite3.Connection, uuid: str) -> Order | None:
    """Return the order, None where there is none of that uuid; raises Damaged where it cannot be read."""
    row = read.execute(f"SELECT {ORDER_COLUMNS} FROM orders WHERE uuid = ?", (uuid,)).fetchone()  # noqa: S608
    try:
        return None if row is None else order_from(row)
    except UNREADABLE as error:
        wrong = _("The journal's row of the order {uuid} cannot be read ({why}).", uuid=uuid, why=error)
        raise Damaged(wrong) from error


def append_event(write: sqlite3.Connection, uuid: str, event: Event) -> None:
    """Add one event to an order's or a request's history."""
    before = None if event.before is None else event.before.value
    write.execute(
        "INSERT INTO events (uuid, at, before, after, evidence) VALUES (?, ?, ?, ?, ?)",
        (uuid, from_time(event.at), before, event.after.value, json.dumps(event.evidence)),
    )


def event_from(row: Row) -> Event:
    """Return the event of a row of `EVENT_COLUMNS`."""
    return Event(to_time(row[0]), None if row[1] is None else State(row[1]), State(row[2]), json.loads(row[3]))


def request_values(request: Request) -> dict[str, object]:
    """Return the request as SQLite stores it, by column."""
    return {
        "uuid": request.uuid,
        "order_uuid": request.order,
        "order_id": request.order_id,
        "kind": request.kind,
        "state": request.state,
        "at": from_time(request.at),
        "id": request.id,
        "reason": storable(request.reason),
        "status": None if request.status is None else request.status.value,
        "word": storable(request.word),
    }


def request_from(row: Row) -> Request:
    """Return the request of a row of `REQUEST_COLUMNS`."""
    status = None if row[8] is None else Status(row[8])
    return Request(row[0], row[1], row[2], row[3], row[4], to_time(row[5]), row[6], row[7], status, row[9])


def evidence(**found: object) -> dict[str, str]:
    """Return what was found as texts, without what was not."""
    return {name: str(value) for name, value in found.items() if value not in (None, "")}


def _watched(order: Order) -> int:
    """1 for what is always shown: the panel still works on it, or it waits for somebody here."""
    return int(order.active or order.state in _WAITING)


def _optional_text(text: str | None) -> str | None:
    return None if text is None else storable(text)
