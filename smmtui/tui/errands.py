"""Work that no screen owns: what has been begun here goes on, whatever is dismissed or switched."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine


class Errands:
    """Runs work in tasks of its own; `on_fault` hears of an exception that nobody expected."""

    def __init__(self, on_fault: Callable[[BaseException], None]) -> None:
        self._on_fault = on_fault
        self._tasks: set[asyncio.Task[None]] = set()
        self._sending: set[asyncio.Task[None]] = set()

    def run(self, work: Coroutine[object, object, None], *, sends: bool = False) -> None:
        """Begin the work; with `sends` it is work that costs money or changes an order, which quitting waits for."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        if sends:
            self._sending.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._sending.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._on_fault(error)

    @property
    def under_way(self) -> int:
        """How many have not ended, dialogs that wait for an answer among them."""
        return len(self._tasks)

    @property
    def sending(self) -> int:
        """How many are being sent."""
        return len(self._sending)

    async def all_sent(self) -> None:
        """Return when nothing is being sent any more."""
        while self._sending:
            await asyncio.wait(set(self._sending))

    async def end(self) -> None:
        """Cancel everything and wait for its end: what was being sent writes down that its outcome is unknown."""
        tasks = set(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
