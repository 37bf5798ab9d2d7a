"""Work in a thread that may never end, as where a keyring waits to be unlocked: the program ends without it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

Result = TypeVar("Result")


async def by_daemon(work: Callable[[], Result]) -> Result:
    """Return what the work returns, or raise what it raises; it goes on when nobody waits for it any more."""
    done: Future[Result] = Future()
    # One that runs cannot be cancelled by whoever stops waiting.
    done.set_running_or_notify_cancel()

    def run() -> None:
        try:
            done.set_result(work())
        except BaseException as error:
            done.set_exception(error)

    Thread(target=run, daemon=True).start()
    return await asyncio.wrap_future(done)
