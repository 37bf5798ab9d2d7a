"""Work that is carried to its end though its caller was cancelled, and what is known of a request cut off meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, TypeVar

_Result = TypeVar("_Result")


class Headers:
    """Whether the POST's headers have been started: from then on nobody can say "unsent"."""

    started = False

    def start(self) -> None:
        """Note that they are about to leave."""
        self.started = True


async def to_end(work: Coroutine[Any, Any, _Result]) -> _Result:
    """Return the result of work that a cancelled caller still waits for; `cancelled` tells afterwards."""
    task = asyncio.create_task(work)
    while not task.done():
        with suppress(asyncio.CancelledError):
            await asyncio.wait({task})
    return task.result()


def cancelled() -> bool:
    """Whether the current task is to end."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
