"""The tables of the journal, and how an older file becomes a newer one.

Money is TEXT (exact decimals), times are INTEGER microseconds UTC, texts are as cleaned when they entered.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing

from smmtui.domain.clock import Clock
from smmtui.errors import JournalError
from smmtui.journal.database import Database, Row
from smmtui.words import _

# "SMMT": tells our file from any other SQLite file.
APPLICATION = 0x534D4D54

# One script per version; a released one is never edited.
MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        f"PRAGMA application_id = {APPLICATION}",
        """CREATE TABLE orders (
            sequence INTEGER PRIMARY KEY, uuid TEXT NOT NULL UNIQUE, state TEXT NOT NULL, placed INTEGER NOT NULL,
            id TEXT, reason TEXT NOT NULL, service TEXT NOT NULL, service_name TEXT NOT NULL, link TEXT NOT NULL,
            quantity INTEGER, runs INTEGER NOT NULL, fields TEXT NOT NULL, rate TEXT, estimate TEXT, currency TEXT,
            repeats TEXT, status TEXT, word TEXT NOT NULL, charge TEXT, start_count INTEGER, remains INTEGER,
            checked INTEGER, changed INTEGER, note TEXT NOT NULL, batch TEXT,
            owner TEXT NOT NULL, watched INTEGER NOT NULL
        ) STRICT""",
        # One panel id belongs to one order, whatever a panel answers.
        "CREATE UNIQUE INDEX orders_id ON orders (id) WHERE id IS NOT NULL",
        "CREATE INDEX orders_placed ON orders (placed)",
        "CREATE INDEX orders_watched ON orders (sequence) WHERE watched = 1",
        "CREATE INDEX orders_state ON orders (state) WHERE state IN ('queued', 'sending', 'unsent', 'unknown')",
        """CREATE TABLE events (
            number INTEGER PRIMARY KEY, uuid TEXT NOT NULL, at INTEGER NOT NULL, before TEXT, after TEXT NOT NULL,
            evidence TEXT NOT NULL
        ) STRICT""",
        "CREATE INDEX events_uuid ON events (uuid)",
        """CREATE TABLE requests (
            number INTEGER PRIMARY KEY, uuid TEXT NOT NULL UNIQUE, order_uuid TEXT NOT NULL, order_id TEXT NOT NULL,
            kind TEXT NOT NULL, state TEXT NOT NULL, at INTEGER NOT NULL, id TEXT, reason TEXT NOT NULL, status TEXT,
            word TEXT NOT NULL, owner TEXT NOT NULL
        ) STRICT""",
        "CREATE INDEX requests_order ON requests (order_uuid)",
        "CREATE INDEX requests_state ON requests (state) WHERE state IN ('sending', 'unknown')",
        "CREATE TABLE preferences (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT",
    ),
    (
        # The column `note` holds the panel's words for a status that could not be had, and has kept its first name.
        "ALTER TABLE orders ADD COLUMN own_note TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE orders ADD COLUMN tags TEXT NOT NULL DEFAULT ''",
    ),
    (
        # What was typed is one JSON object; `order_uuid` is the order that the row has become. A flipped bit in what is
        # to be ordered would read as another order: no receipt tells of it before it is sent.
        """CREATE TABLE basket (
            number INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, place INTEGER NOT NULL, row TEXT NOT NULL,
            checksum INTEGER NOT NULL, order_uuid TEXT
        ) STRICT""",
        # Which orders came of which row of a pasted text, by the text's mark; kept when the basket is empty again.
        "CREATE TABLE pasted (paste TEXT NOT NULL, number INTEGER NOT NULL, order_uuid TEXT NOT NULL) STRICT",
        "CREATE INDEX pasted_paste ON pasted (paste)",
    ),
)


def migrate(database: Database, clock: Clock) -> None:
    """Bring the tables to the newest version, after a copy of a file that has any; raises JournalError."""
    version = refuse_newer(database)
    if version == len(MIGRATIONS):
        return
    if version:
        database.copy(database.path.with_name(f"{database.path.name}.v{version}-{stamp(clock)}"))
    with database.transaction() as write:
        _run(write, MIGRATIONS[version:])
        write.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")


def refuse_newer(database: Database) -> int:
    """Return the version of the file; raises JournalError where this program does not know it."""
    version = database.number("PRAGMA user_version")
    if version > len(MIGRATIONS):
        raise JournalError(
            _(
                "{path} was written by a newer smmtui (its version is {version}, this one knows {known}). "
                "Update smmtui; the file was not touched.",
                path=database.path,
                version=version,
                known=len(MIGRATIONS),
            )
        )
    return version


def tables_at(version: int) -> set[Row]:
    """Return name and definition of everything that a file of this version consists of."""
    with closing(sqlite3.connect(":memory:")) as model:
        _run(model, MIGRATIONS[:version])
        return set(model.execute("SELECT name, sql FROM sqlite_schema"))


def _run(write: sqlite3.Connection, scripts: tuple[tuple[str, ...], ...]) -> None:
    for script in scripts:
        for statement in script:
            write.execute(statement)


def stamp(clock: Clock) -> str:
    """Return the time as it stands in the names of files kept aside."""
    return clock.now().strftime("%Y%m%dT%H%M%S.%fZ")
