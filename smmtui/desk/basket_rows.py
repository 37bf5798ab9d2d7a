"""The rows of the basket: kept on the disk, shared by the windows, checked against everything that is known."""

from __future__ import annotations

import asyncio
import operator
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from smmtui.desk.first_look import BasketLook
from smmtui.desk.known import Known
from smmtui.desk.own_thread import OwnThread
from smmtui.domain.basket import BasketRow, Surroundings, check
from smmtui.domain.records import Order
from smmtui.domain.running import placed_before, running_by_link
from smmtui.domain.typed_row import TypedRow
from smmtui.errors import JournalError
from smmtui.words import _

if TYPE_CHECKING:
    from smmtui.journal.journal import Journal

_DELAY = 0.5
"""Seconds in which edits gather before they are written."""
_AT_ONCE = 300
"""So many rows are checked between two keys; more than these in a thread."""
_LATELY = timedelta(days=1)
"""What was placed within this time on the same link is said of a row; what this basket has placed, always."""


class BasketRows:
    """Rows by key, in the user's order; `news` hears when what is shown has changed.

    `trouble` says in words that they could not be written, "" while they can: until then they last as long as the
    window.
    """

    def __init__(self, known: Known, journal: Journal, thread: OwnThread, news: Callable[[], None]) -> None:
        self._known = known
        self._journal = journal
        self._thread = thread
        self._news = news
        self._typed: dict[str, TypedRow] = {}
        self._rows: dict[str, BasketRow] = {}
        self._others: tuple[dict[str, list[Order]], dict[tuple[str, str], Order]] | None = None
        self._revision = -1
        self._pending: dict[str, TypedRow] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._writing: asyncio.Task[None] | None = None
        self._checking: asyncio.Task[None] | None = None
        self._again = False
        self.shown: tuple[BasketRow, ...] = ()
        """Every row; the same tuple until one of them changes."""
        self.trouble = ""

    # ── reading ───────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def typed(self) -> Mapping[str, TypedRow]:
        """Every row as it was typed, by key, those among them that are not checked yet."""
        return self._typed

    def get(self, key: str) -> BasketRow | None:
        """Return the row of this key, None where there is none."""
        return self._rows.get(key)

    def as_if(self, row: TypedRow) -> BasketRow:
        """Return the row as it would be judged among the others; nothing is kept."""
        return check(list({**self._typed, row.name: row}.values()), self.around, self._rows)[row.name]

    @property
    def around(self) -> Surroundings:
        """What rows are checked against now."""
        known = self._known
        if self._others is None:
            here = {row.order for row in self._typed.values() if row.order is not None}
            placed = placed_before(known.orders, known.clock.now() - _LATELY, here)
            self._others = running_by_link(known.orders), placed
        running, placed = self._others
        return Surroundings(known.catalog, running, known.book.get, known.profile.parameters, placed)

    # ── checking ──────────────────────────────────────────────────────────────────────────────────────────────────

    def put(self, rows: Iterable[TypedRow]) -> None:
        """Add or replace rows; they are on the disk soon."""
        new = {row.name: row for row in rows}
        self._pending |= new
        self._typed = dict(sorted({**self._typed, **new}.items(), key=lambda item: item[1].place))
        if self._pending and self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_DELAY, self._begin_writing)
        self._check(many=len(new) > _AT_ONCE)

    def catalog_changed(self) -> None:
        """Check every row against another catalogue."""
        self._check(many=len(self._typed) > _AT_ONCE)

    def orders_changed(self, *, sending: bool) -> None:
        """Take over what became of orders; while rows are sent, other rows are not compared with them."""
        if not sending:
            self._others = None
        if self._typed:
            self._check()

    async def checked(self) -> None:
        """Return when every row has been checked."""
        while self._checking is not None:
            await asyncio.wait([self._checking])

    def _check(self, *, many: bool = False) -> None:
        """Check what has changed; with `many` rows to look at, in a thread."""
        if self._checking is None and not many:
            self._take(check(list(self._typed.values()), self.around, self._rows))
            return
        self._again = True
        if self._checking is None:
            self._checking = asyncio.create_task(self._check_aside(), name="basket check")

    async def _check_aside(self) -> None:
        try:
            while self._again:
                self._again = False
                rows = list(self._typed.values())
                checked = await asyncio.to_thread(check, rows, self.around, self._rows)
                self._take({key: row for key, row in checked.items() if self._typed.get(key) is row.typed})
        finally:
            self._checking = None

    def _take(self, rows: dict[str, BasketRow]) -> None:
        self._rows, shown = rows, tuple(rows.values())
        if len(shown) != len(self.shown) or not all(map(operator.is_, shown, self.shown)):
            self.shown = shown
            self._news()

    # ── the disk ──────────────────────────────────────────────────────────────────────────────────────────────────

    async def load(self) -> None:
        """Read the rows as they stand on the disk, but for edits that are not written yet; raises JournalError."""
        look = await self._thread.call(BasketLook.take, self._journal, self._is_loaded)
        if look.orders:
            self._known.take_orders(look.orders)
        self.take(look)

    def _is_loaded(self, uuid: str) -> bool:
        return self._known.book.get(uuid) is not None

    def take(self, look: BasketLook) -> None:
        """Take over the rows as they stand on the disk, but for edits that are not written yet."""
        self._revision = look.revision
        typed = {row.name: row for row in look.rows}
        edited = {key: row for key, row in self._pending.items() if key not in typed or typed[key].order is None}
        # What has not changed stays the same object, so that it is not checked anew.
        self._typed = {key: self._known_as(row) for key, row in {**typed, **edited}.items()}
        self._check(many=len(self._typed) > _AT_ONCE)

    def _known_as(self, row: TypedRow) -> TypedRow:
        known = self._typed.get(row.name)
        return known if known is not None and known == row else row

    async def look(self) -> None:
        """Take over what another window has changed, if any has; raises JournalError."""
        if await self._thread.call(lambda: self._journal.basket.revision) != self._revision:
            await self.load()

    def _begin_writing(self) -> None:
        self._writing = asyncio.create_task(self._write(), name="basket")

    async def _write(self) -> None:
        with suppress(JournalError):
            await self.flush()

    async def flush(self) -> None:
        """Write what was edited, and return once it is on the disk; raises JournalError, and tries again next time."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if not self._pending:
            return
        pending, self._pending = self._pending, {}
        try:
            revision = await self._thread.call(self._journal.basket.put, list(pending.values()))
        except JournalError as error:
            self._pending = {**pending, **self._pending}
            self.trouble = _("The basket could not be saved: {why}", why=error)
            self._news()
            raise
        self.trouble = ""
        mine = revision == self._revision + 1
        self._revision = revision
        if not mine:
            await self.load()

    async def close(self) -> None:
        """Write what is left, and end."""
        tasks = [task for task in (self._writing, self._checking) if task is not None]
        if tasks:
            await asyncio.wait(tasks)
        await self._write()
