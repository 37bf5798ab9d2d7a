"""The rows against the receipts: what one has lost, the other brings back."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import compress

from msgspec import ValidationError, convert, to_builtins
from msgspec.structs import replace

from smmtui.domain.reasons import NO_RECEIPT, WITHDRAWN
from smmtui.domain.records import Event, Order, Record, State
from smmtui.journal import rows
from smmtui.journal.basket import troubles
from smmtui.journal.copies import order_copy, order_in, with_outcome
from smmtui.journal.database import Damaged, Database
from smmtui.journal.preferences import Preferences
from smmtui.journal.receipts import Receipts
from smmtui.words import _, ngettext

_CHECKPOINT = "audited"
_FIXED = (
    *("sequence", "placed", "service", "service_name", "link", "quantity", "runs", "fields", "rate", "estimate"),
    *("repeats", "batch"),
)
# No order goes on from here.
_FINAL = (State.ACCEPTED, State.REJECTED)
# The panel never heard of these, so no receipt tells of them.
_UNTOLD = (NO_RECEIPT, WITHDRAWN)
# Killed between the row and its receipt, or refused for want of a receipt: no line is to be expected.
_MAY_LACK = (State.QUEUED, State.SENDING, State.UNSENT, State.UNKNOWN)


class Copies(Record, frozen=True, gc=False):
    """What the receipts say: the newest copy of each order by uuid, and which lines are damaged, from 1."""

    orders: dict[str, Order]
    damaged: list[int]


class Findings(Record, frozen=True, gc=False):
    """Where rows and receipts differ.

    `lost` and `altered` are copies whose rows are missing or say something else, `ahead` copies of outcomes that
    their rows never got, `uncopied` rows that have no receipt, `behind` rows whose receipt is older than they are.
    """

    lost: list[Order]
    altered: list[Order]
    ahead: list[Order]
    uncopied: list[Order]
    behind: list[Order]


class _Checkpoint(Record, frozen=True, gc=False):
    """Up to which byte, sequence and event all was compared; `tail` tells whether the receipts are the same file."""

    offset: int
    sequence: int
    tail: int
    event: int = 0


def read_copies(receipts: Receipts, start: int = 0) -> Copies:
    """Read the receipts from a byte on; a torn line is no damage, for whatever it was to tell was not done."""
    orders: dict[str, Order] = {}
    damaged = []
    for line in receipts.read(start):
        if line.content is None:
            if not line.torn:
                damaged.append(line.number)
            continue
        uuid = str(line.content.get("uuid", ""))
        order = with_outcome(orders[uuid], line.content) if uuid in orders else order_in(line.content)
        if order is not None:
            orders[uuid] = order
    if damaged and start:
        before = receipts.lines_before(start)
        damaged = [before + number for number in damaged]
    return Copies(orders, damaged)


def compare(known: Iterable[Order], copies: Copies) -> Findings:
    """Return where the rows `known` and the copies differ; both ways."""
    findings = Findings([], [], [], [], [])
    unmet = dict(copies.orders)
    for row in known:
        copy = unmet.pop(row.uuid, None)
        if copy is None:
            if row.state is not State.QUEUED:
                findings.uncopied.append(row)
        else:
            _judge(row, copy, findings)
    findings.lost.extend(unmet.values())
    return findings


def _judge(row: Order, copy: Order, findings: Findings) -> None:
    ids = row.id, copy.id
    if _changed(row, copy) or (None not in ids and row.id != copy.id) or _before_sending(row, copy):
        findings.altered.append(copy)
    elif (copy.id is not None and row.id is None) or (row.state is State.SENDING and copy.state is not State.SENDING):
        findings.ahead.append(copy)
    elif copy.state in _FINAL and row.state is not copy.state:
        findings.altered.append(copy)
    elif row.state is State.QUEUED:
        # It was unsent, and is to be sent again.
        return
    elif row.state is not copy.state or row.id != copy.id:
        findings.behind.append(row)
    elif row.reason != rows.storable(copy.reason):
        findings.behind.append(row) if row.reason in _UNTOLD else findings.altered.append(copy)


def _before_sending(row: Order, copy: Order) -> bool:
    """Whether the copy tells of a sending that the row knows nothing of: the database is an older one put back."""
    if row.state is State.QUEUED:
        return copy.state in (State.SENDING, State.UNKNOWN, State.SETTLED)
    return row.state is State.UNSENT and copy.state in (State.UNKNOWN, State.SETTLED)


def _changed(row: Order, copy: Order) -> bool:
    """Whether the row says something else than what was fixed for ever when it was written."""
    names = set(_FIXED)
    if not row.checked:
        # The panel may name another currency later, in a status.
        names.add("currency")
    if copy.state is State.UNSENT:
        # It may have been tried again later, and have ended before the receipt of that.
        names.discard("placed")
    if all(getattr(row, name) == getattr(copy, name) for name in names):
        return False
    # A copy may hold what SQLite does not take, and the row then what it takes instead.
    one, other = rows.order_values(row), rows.order_values(copy)
    return any(one[name] != other[name] for name in names)


def audit(database: Database, receipts: Receipts, now: datetime, *, whole: bool = False) -> list[str]:
    """Mend rows and receipts from each other, those since the last audit or all, and return what was lost in words.

    What a kill or a full disk leaves behind is mended without a word. Only while no other window has the journal
    open, since a row is older than its receipt by a moment. Raises JournalError.
    """
    preferences = Preferences(database)
    offset, sequence, event = (0, 0, 0) if whole else _checkpoint(preferences, receipts)
    copies = read_copies(receipts, offset)
    known = {order.uuid: order for order in _rows_since(database, sequence)}
    known |= {order.uuid: order for order in _rows_named(database, copies.orders.keys() - known.keys())}
    findings = compare(known.values(), copies)
    # Killed between a decision on an older order and its receipt: the receipt from before the last audit is outdated.
    findings.behind.extend(_rows_named(database, _moved_since(database, event) - known.keys()))
    copied = (*findings.lost, *findings.altered, *findings.ahead)
    with database.transaction() as write:
        restored = [restore(write, copy, known.get(copy.uuid), now) for copy in copied]
    moved = [order for order, copy in zip(restored, copied, strict=True) if order != copy]
    fresh = [*findings.uncopied, *findings.behind, *moved]
    if fresh:
        receipts.append(*(order_copy("restored", order, now) for order in fresh))
    _save_checkpoint(database, preferences, receipts)
    return in_sentences(findings, copies)


def in_sentences(findings: Findings, copies: Copies) -> list[str]:
    """Return what a person has to know of the differences; ids first."""
    uncopied = [order for order in findings.uncopied if order.state not in _MAY_LACK]
    told = [
        ngettext(
            "{count} order missing in the journal, known from the receipts: {orders}.",
            "{count} orders missing in the journal, known from the receipts: {orders}.",
            len(findings.lost),
            orders=_names(findings.lost),
        ),
        ngettext(
            "{count} order different in the journal and the receipts (the receipts count): {orders}.",
            "{count} orders different in the journal and the receipts (the receipts count): {orders}.",
            len(findings.altered),
            orders=_names(findings.altered),
        ),
        ngettext(
            "{count} order without a receipt, known from the journal: {orders}.",
            "{count} orders without a receipt, known from the journal: {orders}.",
            len(uncopied),
            orders=_names(uncopied),
        ),
    ]
    sentences = list(compress(told, (findings.lost, findings.altered, uncopied)))
    if copies.damaged:
        lines = ", ".join(map(str, copies.damaged[:10]))
        count = len(copies.damaged)
        sentences.append(_("{count} damaged line(s) in the receipts ({lines}).", count=count, lines=lines))
    return sentences


def check(database: Database, receipts: Receipts) -> list[str]:
    """Compare everything, change nothing, and return what is wrong in words."""
    try:
        found = [str(row[0]) for row in database.rows("PRAGMA integrity_check(20)") if row[0] != "ok"]
        # A row is there before its receipt. So that an order placed meanwhile is not taken for a loss on either side,
        # the receipts are read after the newest row is known and before the rows are.
        newest = database.number("SELECT max(sequence) FROM orders")
        copies = read_copies(receipts)
        known = [row for row in _rows_since(database, 0) if row.sequence <= newest or row.uuid in copies.orders]
        # A row that has moved since the last audit may be waiting for its receipt; the next audit writes it.
        moved = _moved_since(database, _checkpoint(Preferences(database), receipts)[2])
    except Damaged as damaged:
        return [str(damaged)]
    findings = compare(known, copies)
    behind = [order for order in findings.behind if order.uuid not in moved]
    return [
        *(_("The database: {line}.", line=line) for line in found),
        *troubles(database),
        *in_sentences(findings, copies),
        *_outdated(findings.ahead, behind),
    ]


def _outdated(ahead: list[Order], behind: list[Order]) -> Iterable[str]:
    told = (
        ngettext(
            "{count} order without the outcome that the receipts know: {orders}.",
            "{count} orders without the outcome that the receipts know: {orders}.",
            len(ahead),
            orders=_names(ahead),
        ),
        ngettext(
            "{count} order newer in the journal than in the receipts: {orders}.",
            "{count} orders newer in the journal than in the receipts: {orders}.",
            len(behind),
            orders=_names(behind),
        ),
    )
    return compress(told, (ahead, behind))


def copies_since_audit(database: Database, receipts: Receipts) -> Copies:
    """Return what the receipts say of everything that was sent since the last audit; raises JournalError."""
    return read_copies(receipts, _checkpoint(Preferences(database), receipts)[0])


def restore(write: sqlite3.Connection, copy: Order, row: Order | None, now: datetime) -> Order:
    """Write what the receipt says and return it; an id that meanwhile is another order's leaves this one unknown."""
    holder = write.execute("SELECT uuid FROM orders WHERE id = ? AND uuid <> ?", (copy.id, copy.uuid)).fetchone()
    if holder is not None:
        copy = replace(copy, state=State.UNKNOWN, id=None, reason=f"its id {copy.id} is another order's as well")
    taken = write.execute("SELECT 1 FROM orders WHERE sequence = ? AND uuid <> ?", (copy.sequence, copy.uuid))
    if taken.fetchone() is not None:
        (after,) = write.execute("SELECT max(sequence) + 1 FROM orders").fetchone()
        copy = replace(copy, sequence=after)
    # The status goes with the row: it may be of the wrong id, and the panel is asked for it again.
    write.execute("DELETE FROM orders WHERE uuid = ?", (copy.uuid,))
    rows.insert_order(write, copy)
    before = None if row is None else row.state
    rows.append_event(write, copy.uuid, Event(now, before, copy.state, rows.evidence(restored="receipts", id=copy.id)))
    return copy


def _rows_since(database: Database, sequence: int) -> list[Order]:
    sql = f"SELECT {rows.ORDER_COLUMNS} FROM orders WHERE sequence > ? ORDER BY sequence"  # noqa: S608 own names
    return database.records(rows.order_from, sql, (sequence,))


def _moved_since(database: Database, event: int) -> set[str]:
    sql = "SELECT DISTINCT uuid FROM events WHERE number > ? AND before IS NOT after AND after <> 'queued'"
    return {uuid for (uuid,) in database.rows(sql, (event,))}


def _rows_named(database: Database, uuids: Iterable[str]) -> Iterator[Order]:
    sql = f"SELECT {rows.ORDER_COLUMNS} FROM orders WHERE uuid = ?"  # noqa: S608 own names
    for uuid in uuids:
        yield from database.records(rows.order_from, sql, (uuid,))


def _checkpoint(preferences: Preferences, receipts: Receipts) -> tuple[int, int, int]:
    """The byte, sequence and event up to which all was compared, zeros where the receipts are not the same file."""
    try:
        kept = convert(preferences.get(_CHECKPOINT), _Checkpoint)
    except ValidationError:
        # There is none, or a flipped bit has spoilt it.
        return 0, 0, 0
    same = kept.offset >= 0 and kept.tail == zlib.crc32(receipts.tail(kept.offset))
    return (kept.offset, kept.sequence, kept.event) if same else (0, 0, 0)


def _save_checkpoint(database: Database, preferences: Preferences, receipts: Receipts) -> None:
    size = receipts.size()
    checkpoint = to_builtins(
        _Checkpoint(
            offset=size,
            sequence=database.number("SELECT max(sequence) FROM orders"),
            tail=zlib.crc32(receipts.tail(size)),
            event=database.number("SELECT max(number) FROM events"),
        )
    )
    if preferences.get(_CHECKPOINT) != checkpoint:
        preferences.set(_CHECKPOINT, checkpoint)


def _names(orders: list[Order]) -> str:
    shown = ", ".join(order.id or order.uuid for order in orders[:10])
    return shown if len(orders) <= 10 else f"{shown}, …"
