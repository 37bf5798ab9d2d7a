"""From a folder to a database that can be trusted: inspected, salvaged, migrated, audited, recovered."""

from __future__ import annotations

from pathlib import Path

from smmtui.domain.clock import Clock
from smmtui.errors import JournalError
from smmtui.journal.audit import audit
from smmtui.journal.damage import salvage, suspicion
from smmtui.journal.database import Damaged, Database
from smmtui.journal.lease import living, sweep
from smmtui.journal.preferences import Preferences
from smmtui.journal.receipts import Receipts
from smmtui.journal.recovery import recover
from smmtui.journal.requests import restore
from smmtui.journal.schema import migrate
from smmtui.words import _

DAMAGE = "damage"
_ADVICE = _("Compare the newest orders with the panel's own site before you order again.")
_CLOSE = _("Close every smmtui window, then start it again: it salvages the file.")


def open_database(path: Path, receipts: Receipts, leases: Path, clock: Clock) -> Database:
    """Open the database, made where there is none; only while holding the `OpeningLock`. Raises JournalError.

    What was lost or mended is remembered in words under the preference `DAMAGE`.
    """
    try:
        return _open(path, receipts, leases, clock)
    except Damaged:
        # Damage that showed itself only in reading has left the file under suspicion, so this time it is salvaged.
        return _open(path, receipts, leases, clock)


def _open(path: Path, receipts: Receipts, leases: Path, clock: Clock) -> Database:
    alone = not living(leases)
    wrong = suspicion(path, receipts)
    if wrong and not alone:
        raise JournalError(f"{wrong} {_CLOSE}")
    told = [f"{wrong} {salvage(path, receipts, clock)}"] if wrong else []
    database = Database(path)
    try:
        migrate(database, clock)
        if alone:
            told += audit(database, receipts, clock.now(), whole=bool(wrong))
            _remember(database, told)
        if wrong:
            restore(database, receipts)
        recover(database, receipts, leases, clock)
        sweep(leases)
    except BaseException:
        database.close()
        raise
    return database


def _remember(database: Database, told: list[str]) -> None:
    """Keep it until it was read: the window that found it may be killed before anyone has."""
    if told:
        preferences = Preferences(database)
        earlier = preferences.get(DAMAGE)
        preferences.set(DAMAGE, " ".join([*([earlier] if earlier else []), *told, _ADVICE]))
