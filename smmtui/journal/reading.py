"""The journal for a reader who must not touch it: no recovery, no migration, no salvage, beside any window."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

from smmtui.domain.records import Order
from smmtui.errors import JournalError
from smmtui.journal import rows
from smmtui.journal.audit import check
from smmtui.journal.damage import suspicion
from smmtui.journal.database import Database, ReadOnlyDatabase, in_words
from smmtui.journal.lease import is_alive
from smmtui.journal.opening import DAMAGE
from smmtui.journal.preferences import Preferences
from smmtui.journal.receipts import Receipts
from smmtui.journal.schema import MIGRATIONS
from smmtui.words import _

_ORDERS = f"SELECT {rows.ORDER_COLUMNS} FROM orders ORDER BY sequence"  # noqa: S608 own names
_COPY_TRIES = 5


class ReadOnlyJournal:
    """The orders of one account as they stand on the disk; nothing in its folder changes, not even the mark of damage.

    Every method raises JournalError, and all of them do where the file is damaged or gone.
    """

    def __init__(self, folder: Path, database: ReadOnlyDatabase | None, wrong: str) -> None:
        self._folder = folder
        self._wrong = wrong
        self._database = database

    @classmethod
    @contextmanager
    def open(cls, folder: Path) -> Iterator[ReadOnlyJournal]:
        """Yield the journal in `folder`, without orders where there is none yet; raises JournalError."""
        path, database = folder / "journal.db", None
        with ExitStack() as opened:
            with in_words(path, marks_damage=False):
                file = opened.enter_context(_readable(path))
                wrong = suspicion(path, Receipts(folder), lambda path: ReadOnlyDatabase(path, file))
                if not wrong and path.exists() and path.stat().st_size:
                    database = opened.enter_context(closing(ReadOnlyDatabase(path, file)))
                    _refuse_older(database)
            yield cls(folder, database, wrong)

    def orders(self) -> list[Order]:
        """Return every order, oldest first."""
        database = self._whole()
        return [] if database is None else database.records(rows.order_from, _ORDERS)

    def check(self) -> list[str]:
        """Compare every row with the receipts and the file with itself; return what is wrong, in words."""
        database = self._whole()
        return [] if database is None else check(database, Receipts(self._folder))

    def abandoned(self) -> int:
        """Return how many orders are `sending` whose process has ended; the next start calls them unknown."""
        database = self._whole()
        owners = [] if database is None else database.rows("SELECT owner FROM orders WHERE state = 'sending'")
        return sum(not is_alive(self._folder / "leases", owner) for (owner,) in owners)

    def unread_damage(self) -> str:
        """Return what was found damaged at a start and has not been read by the user, else ""."""
        database = self._whole()
        return "" if database is None else Preferences(database).get(DAMAGE) or ""

    def _whole(self) -> ReadOnlyDatabase | None:
        """The database, None where nothing was ever written."""
        if self._wrong:
            remedy = _("Start smmtui: it salvages what can be read.")
            raise JournalError(f"{self._wrong} {remedy}")
        return self._database


def _refuse_older(database: ReadOnlyDatabase) -> None:
    if database.number("PRAGMA user_version") < len(MIGRATIONS):
        raise JournalError(
            _("{path} was written by an older smmtui. Start smmtui once: it brings it up to date.", path=database.path)
        )


@contextmanager
def _readable(path: Path) -> Iterator[Path]:
    """The file; or, where a process died while writing, a copy in which SQLite has taken the half of a change back."""
    if not path.exists() or not _interrupted(path):
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="smmtui-") as folder:
        copy = _copied(path, Path(folder))
        # What else may be wrong with it shows when it is judged.
        with suppress(JournalError), closing(Database(copy)) as database:
            database.number("PRAGMA user_version")
        yield copy


def _interrupted(path: Path) -> bool:
    try:
        with closing(ReadOnlyDatabase(path)) as database:
            database.number("PRAGMA user_version")
    except JournalError as error:
        return getattr(error.__cause__, "sqlite_errorcode", 0) == sqlite3.SQLITE_READONLY_ROLLBACK
    return False


def _copied(path: Path, folder: Path) -> Path:
    """A copy of the file and of the change that was not finished, both of the same moment."""
    files = (path, Path(f"{path}-journal"))
    for _attempt in range(_COPY_TRIES):
        before = [(file.stat().st_mtime_ns, file.stat().st_size) for file in files]
        for file in files:
            shutil.copyfile(file, folder / file.name)
        if before == [(file.stat().st_mtime_ns, file.stat().st_size) for file in files]:
            return folder / path.name
    raise JournalError(_("{path} is being written to without a pause. Try again.", path=path))
