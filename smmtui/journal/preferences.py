"""What is remembered of one account beside its orders, shared by all windows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from decimal import Decimal
from typing import Any

from smmtui.domain.records import Balance
from smmtui.journal.database import UNREADABLE, Database
from smmtui.journal.rows import evidence, from_money, from_time, to_time

_BALANCE = "last balance"
# Names of the user's own values, apart from the names in here.
_USER = "user:"


class Preferences:
    """Small values by name, as JSON; a name that was never set is None. Raises JournalError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def set(self, key: str, value: object) -> None:
        """Remember a JSON value; None forgets it."""
        with self._database.transaction() as write:
            if value is None:
                write.execute("DELETE FROM preferences WHERE key = ?", (key,))
            else:
                write.execute("INSERT OR REPLACE INTO preferences VALUES (?, ?)", (key, json.dumps(value)))

    def get(self, key: str) -> Any:
        """Return what was last set, None for nothing and for what a flipped bit has spoilt."""
        row = self._database.row("SELECT value FROM preferences WHERE key = ?", (key,))
        try:
            return None if row is None else json.loads(row[0])
        except ValueError:
            return None

    def user_values(self) -> dict[str, Any]:
        """Return everything that `set_user_values` has stored; what a flipped bit has spoilt is left out."""
        values = {}
        for key, text in self._database.rows("SELECT key, value FROM preferences WHERE key >= ?", (_USER,)):
            if str(key).startswith(_USER):
                with suppress(ValueError):
                    values[str(key).removeprefix(_USER)] = json.loads(text)
        return values

    def set_user_values(self, values: Mapping[str, object]) -> None:
        """Store JSON values by name, all or none of them; None forgets one."""
        with self._database.transaction() as write:
            for name, value in values.items():
                if value is None:
                    write.execute("DELETE FROM preferences WHERE key = ?", (_USER + name,))
                else:
                    write.execute("INSERT OR REPLACE INTO preferences VALUES (?, ?)", (_USER + name, json.dumps(value)))

    def save_balance(self, balance: Balance, at: datetime) -> None:
        """Remember the account's money as the panel said it at `at`."""
        known = evidence(amount=from_money(balance.amount), currency=balance.currency)
        self.set(_BALANCE, {**known, "at": from_time(at)})

    def last_balance(self) -> tuple[Balance, datetime] | None:
        """Return the last known balance and when the panel said it, None before the first."""
        known = self.get(_BALANCE)
        try:
            return Balance(Decimal(known["amount"]), known.get("currency")), to_time(known["at"])
        except UNREADABLE:
            # There is none, or a flipped bit has spoilt it.
            return None
