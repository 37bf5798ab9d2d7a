"""What is remembered of how the user works with one account: columns, filters, favourites, half-typed orders."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from smmtui.desk.own_thread import OwnThread
from smmtui.errors import JournalError
from smmtui.words import _

if TYPE_CHECKING:
    from smmtui.journal.preferences import Preferences

_DELAY = 0.5
"""Seconds in which changes gather before they are written: one write for a word, not one for each letter."""


class Remembered:
    """JSON values by name; read from memory, written soon after, at the latest at the end.

    Of two windows that change the same name the later one counts; a window reads the values once, when it opens.
    `fault` says in words that they could not be written, "" where they could: until then they last as long as the
    window. `told` is called when it changes.
    """

    def __init__(self, thread: OwnThread, told: Callable[[], None]) -> None:
        self._thread = thread
        self._told = told
        self.fault = ""
        self._preferences: Preferences | None = None
        self._values: dict[str, Any] = {}
        self._changed: set[str] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._writing: asyncio.Task[None] | None = None

    def begin(self, preferences: Preferences, values: dict[str, Any]) -> None:
        """Start from what the journal holds; changes are written there."""
        self._values = values
        self._preferences = preferences

    def get(self, name: str, default: Any = None) -> Any:
        """Return what is remembered under the name; it must not be changed in place."""
        return self._values.get(name, default)

    def set(self, name: str, value: object) -> None:
        """Remember a JSON value; None forgets it."""
        if self._values.get(name) == value:
            return
        if value is None:
            self._values.pop(name, None)
        else:
            self._values[name] = value
        self._changed.add(name)
        if self._timer is None and self._preferences is not None:
            self._timer = asyncio.get_running_loop().call_later(_DELAY, self._begin)

    def _begin(self) -> None:
        self._writing = asyncio.create_task(self.flush(), name="remembered")

    async def flush(self) -> None:
        """Write what has changed; return once it is on the disk."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._preferences is None or not self._changed:
            return
        changed, self._changed = self._changed, set()
        values = {name: self._values.get(name) for name in changed}
        try:
            await self._thread.call(self._preferences.set_user_values, values)
        except JournalError as error:
            # Tried again with the next change.
            self._changed |= changed
            self._tell(_("Columns, filters and drafts could not be saved. {why}", why=error))
        else:
            self._tell("")

    def _tell(self, fault: str) -> None:
        if fault != self.fault:
            self.fault = fault
            self._told()

    async def close(self) -> None:
        """Write what is left."""
        if self._writing is not None:
            await asyncio.wait([self._writing])
        await self.flush()
