"""The SQLite file: how it is opened, written in whole transactions, and how its failures read in words."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from smmtui.errors import JournalError
from smmtui.log import log
from smmtui.words import _

_BUSY_SECONDS = 5.0
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_REMEDY = _("Close every smmtui window, then start it again: it salvages what can be read.")
# What reading raises; the second where a damaged name stands in SQLite's own message.
FAILURES = (sqlite3.Error, UnicodeDecodeError)
# What the decoding of a row raises when a bit of it has flipped.
UNREADABLE = (ValueError, KeyError, TypeError, ArithmeticError)

Row = tuple[Any, ...]
Record = TypeVar("Record")


class Damaged(JournalError):
    """The file is no database, or no whole one."""


class Database:
    """One connection to the journal's file; everything it raises is a JournalError in words."""

    _marks_damage = True

    def __init__(self, path: Path) -> None:
        self.path = path
        with self._in_words():
            create_private(path)
            self._connection = sqlite3.connect(
                path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
        try:
            with self._in_words():
                self._prepare()
        except JournalError:
            self._connection.close()
            raise

    def _prepare(self) -> None:
        # TRUNCATE, not WAL: before SQLite 3.51.3 two connections can corrupt a WAL database.
        self._connection.execute("PRAGMA journal_mode=TRUNCATE")
        self._connection.execute("PRAGMA synchronous=FULL")
        self._connection.execute("PRAGMA trusted_schema=OFF")
        if sys.platform == "darwin":
            self._connection.execute("PRAGMA fullfsync=ON")

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Yield the connection inside BEGIN IMMEDIATE; durable when the block has ended, undone if it raises."""
        with self._in_words():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException as error:
                with suppress(sqlite3.Error):
                    self._connection.execute("ROLLBACK")
                if isinstance(error, Damaged) and self._marks_damage:
                    _suspect(self.path)
                raise

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[Row]:
        """Return every row of a query."""
        with self._in_words():
            return self._connection.execute(sql, values).fetchall()

    def row(self, sql: str, values: Sequence[object] = ()) -> Row | None:
        """Return the first row of a query, None where there is none."""
        with self._in_words():
            found: Row | None = self._connection.execute(sql, values).fetchone()
            return found

    def records(self, decode: Callable[[Row], Record], sql: str, values: Sequence[object] = ()) -> list[Record]:
        """Return every row of a query as what `decode` makes of it; a row that cannot be read is damage."""
        try:
            return [decode(row) for row in self.rows(sql, values)]
        except UNREADABLE as error:
            if self._marks_damage:
                _suspect(self.path)
            wrong = _("The journal {path} has a row that cannot be read ({why}).", path=self.path, why=error)
            raise Damaged(f"{wrong} {_REMEDY}") from error

    def number(self, sql: str, values: Sequence[object] = ()) -> int:
        """Return the one integer that a query is for."""
        row = self.row(sql, values)
        return 0 if row is None or row[0] is None else int(row[0])

    def copy(self, path: Path) -> None:
        """Write a durable copy of the file; by SQLite itself, since closing the file would drop its locks."""
        with in_words(path):
            create_private(path)
            with closing(sqlite3.connect(path)) as target:
                target.execute("PRAGMA synchronous=FULL")
                self._connection.backup(target)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _in_words(self) -> AbstractContextManager[None]:
        return in_words(self.path, marks_damage=self._marks_damage)


class ReadOnlyDatabase(Database):
    """A connection that changes nothing on the disk, not even the mark of a damage it has met.

    `file` is what is read where that is a copy of `path`.
    """

    _marks_damage = False

    def __init__(self, path: Path, file: Path | None = None) -> None:
        self.path = path
        with self._in_words():
            self._connection = sqlite3.connect(
                f"file:{quote(str(file or path))}?mode=ro", uri=True, timeout=_BUSY_SECONDS, isolation_level=None
            )


def create_private(path: Path) -> None:
    """Create an empty file, mode 0600, where there is none: SQLite would make it readable for others."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))


def suspicion_file(path: Path) -> Path:
    """Return the file whose existence says that the database was seen to be damaged."""
    return path.with_name(f"{path.name}.suspect")


def _suspect(path: Path) -> None:
    # SQLite's quick check sees neither a spoilt text nor a spoilt index, so the next start is told by a file.
    with suppress(OSError):
        suspicion_file(path).touch(0o600)


@contextmanager
def in_words(path: Path, *, marks_damage: bool = True) -> Iterator[None]:
    """Turn what SQLite and the system say about `path` into a JournalError with a sentence and a remedy."""
    try:
        yield
    except FAILURES as error:
        log.error("journal %s: %s", path, error)
        if not _tells_damage(error):
            raise JournalError(_sentence(path, error)) from error
        if marks_damage:
            _suspect(path)
        wrong = _("The journal {path} is damaged ({why}).", path=path, why=error)
        raise Damaged(f"{wrong} {_REMEDY}") from error
    except OSError as error:
        why = error.strerror or error
        log.error("%s: %s", path, why)
        raise JournalError(
            _("{path} cannot be used: {why}. Check the disk and the folder.", path=path, why=why)
        ) from error


def _tells_damage(error: Exception) -> bool:
    # Python's complaint about a text that is no UTF-8 any more has no code.
    return _code(error) in _DAMAGED or "decode" in str(error)


def _code(error: Exception) -> int:
    """SQLite's primary result code, 0 where the error has none."""
    code: int = getattr(error, "sqlite_errorcode", 0)
    return code & 0xFF


def _sentence(path: Path, error: Exception) -> str:
    code = _code(error)
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return _(
            "Another smmtui window holds {path} and does not let go. If it was stopped with Ctrl+Z, "
            "bring it back with fg or end it, then try again.",
            path=path,
        )
    if code == sqlite3.SQLITE_FULL:
        return _("The disk is full: {path} could not be written. Make room and try again.", path=path)
    if code == sqlite3.SQLITE_CANTOPEN:
        return _("{path} cannot be opened. Check its owner and its permissions, then try again.", path=path)
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH):
        return _(
            "{path} cannot be written ({why}). Check its owner and its permissions, then try again.",
            path=path,
            why=error,
        )
    return _("The journal {path} failed ({why}). Check the disk, then start smmtui again.", path=path, why=error)
