"""A journal that cannot be trusted: how it is recognised, kept aside, and what is read from it all the same."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import quote

from smmtui.domain.clock import Clock
from smmtui.durable import sync_folder
from smmtui.journal import rows
from smmtui.journal.audit import read_copies
from smmtui.journal.basket import BASKET_COLUMNS, typed_from
from smmtui.journal.database import FAILURES, UNREADABLE, Damaged, Database, Row, in_words, suspicion_file
from smmtui.journal.receipts import Receipts
from smmtui.journal.schema import APPLICATION, migrate, refuse_newer, stamp, tables_at
from smmtui.words import _

_KEYS = {
    "orders": "sequence",
    "events": "number",
    "requests": "number",
    "preferences": "rowid",
    "basket": "number",
    "pasted": "rowid",
}
_DECODED: dict[str, tuple[Callable[[Row], object], str]] = {
    "orders": (rows.order_from, rows.ORDER_COLUMNS),
    "events": (rows.event_from, rows.EVENT_COLUMNS),
    "requests": (rows.request_from, rows.REQUEST_COLUMNS),
    "basket": (typed_from, BASKET_COLUMNS),
}
_EVENTS_PER_ORDER = 10
_CHUNK = 200


def suspicion(path: Path, receipts: Receipts, connect: Callable[[Path], Database] = Database) -> str:
    """Return in words what is wrong with the file, "" where it is whole or never was; JournalError for a newer one.

    An empty file is a valid database without tables for SQLite, so it is judged by the receipts beside it.
    """
    if not path.exists() or not path.stat().st_size:
        missing = _("The journal {path} is missing or empty, but there are receipts.", path=path)
        return missing if receipts.size() else ""
    if suspicion_file(path).exists():
        return _("The journal {path} was found damaged in use.", path=path)
    try:
        with closing(connect(path)) as database:
            return _suspicion(database)
    except Damaged as damaged:
        return _("The journal {path} is damaged ({why}).", path=path, why=damaged.__cause__)


def _suspicion(database: Database) -> str:
    if database.number("PRAGMA application_id") != APPLICATION:
        return _("{path} is not a journal of smmtui.", path=database.path)
    version = refuse_newer(database)
    found = database.row("PRAGMA quick_check(1)")
    if found != ("ok",):
        why = found[0] if found else _("it cannot be checked")
        return _("The journal {path} is damaged ({why}).", path=database.path, why=why)
    if tables_at(version) != set(database.rows("SELECT name, sql FROM sqlite_schema")):
        return _("The journal {path} is damaged (its tables are not as they were made).", path=database.path)
    return ""


def salvage(path: Path, receipts: Receipts, clock: Clock) -> str:
    """Put a new database in the file's place, with every row that can be read, and return in words what was done.

    The old file is kept under another name before the new one takes its place, so a kill leaves one of the two.
    Rows that are known from the receipts only are left to the audit. Raises JournalError.
    """
    if not path.exists():
        suspicion_file(path).unlink(missing_ok=True)
        return _("Nothing of it could be kept aside.")
    fresh, aside = path.with_name(f"{path.name}.new"), path.with_name(f"{path.name}.damaged-{stamp(clock)}")
    with in_words(path):
        _remove(fresh)
        with closing(Database(fresh)) as target:
            migrate(target, clock)
            read = _copy_readable(path, target, receipts)
            rows_read = target.number("SELECT count(*) FROM basket")
        os.link(path, aside)
        rollback = Path(f"{path}-journal")
        if rollback.exists() and rollback.stat().st_size:
            # Beside the new file it would be played back into it.
            os.rename(rollback, f"{aside}-journal")
        os.replace(fresh, path)
        _remove(fresh)
        suspicion_file(path).unlink(missing_ok=True)
        sync_folder(path.parent)
    return _(
        "It is kept as {file}; {orders} orders and {rows} rows of the basket could be read from it.",
        file=aside.name,
        orders=read,
        rows=rows_read,
    )


def _remove(path: Path) -> None:
    for leftover in (path, Path(f"{path}-journal")):
        leftover.unlink(missing_ok=True)


def _copy_readable(path: Path, target: Database, receipts: Receipts) -> int:
    newest = max((order.sequence for order in read_copies(receipts).orders.values()), default=0)
    # Immutable: reading must not change the evidence, and a lock or a leftover journal is not to be obeyed.
    with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro&immutable=1", uri=True)) as source:
        newest = max(newest, _highest(source, "orders"))
        for table, key in _KEYS.items():
            last = max(_highest(source, table), newest if table == "orders" else newest * _EVENTS_PER_ORDER)
            with target.transaction() as write:
                for names, row in _readable(source, table, key, last):
                    _insert(write, table, names, row)
    return target.number("SELECT count(*) FROM orders")


def _highest(source: sqlite3.Connection, table: str) -> int:
    try:
        row = source.execute(f"SELECT max({_KEYS[table]}) FROM {table}").fetchone()  # noqa: S608 own names
    except FAILURES:
        return 0
    return row[0] if isinstance(row[0], int) else 0


def _readable(source: sqlite3.Connection, table: str, key: str, last: int) -> Iterator[tuple[list[str], Row]]:
    """Every row that can be had: in chunks where they are whole, one by one around a damaged page."""
    if not _has(source, table):
        return
    for first in range(1, last + 1, _CHUNK):
        span = (first, min(first + _CHUNK - 1, last))
        try:
            found = _between(source, table, key, *span)
        except FAILURES:
            found = [row for number in range(span[0], span[1] + 1) for row in _alone(source, table, key, number)]
        yield from found


def _has(source: sqlite3.Connection, table: str) -> bool:
    try:
        _between(source, table, _KEYS[table], 1, 0)
    except FAILURES:
        return False
    return True


def _alone(source: sqlite3.Connection, table: str, key: str, number: int) -> list[tuple[list[str], Row]]:
    with suppress(*FAILURES):
        return _between(source, table, key, number, number)
    return []


def _between(source: sqlite3.Connection, table: str, key: str, first: int, last: int) -> list[tuple[list[str], Row]]:
    sql = f"SELECT * FROM {table} WHERE {key} BETWEEN ? AND ?"  # noqa: S608 own names
    cursor = source.execute(sql, (first, last))
    names = [column[0] for column in cursor.description]
    return [(names, row) for row in cursor]


def _insert(write: sqlite3.Connection, table: str, names: list[str], row: Row) -> None:
    """Take a row over if it can be one of ours: the right types, and readable as a record."""
    places = ", ".join("?" * len(names))
    # Each row alone can fail: a flipped bit can make a text a number, or two ids one.
    with suppress(*FAILURES, *UNREADABLE):
        if table in _DECODED:
            decode, columns = _DECODED[table]
            known = rows.ADDED | dict(zip(names, row, strict=True))
            decode(tuple(known[name] for name in columns.split(", ")))
        write.execute(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({places})", row)  # noqa: S608 own names
