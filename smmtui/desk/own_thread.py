"""A thread for slow calls that must come one after the other, so that an fsync never holds up a key."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")


class OwnThread:
    """One thread; what is called in it runs whole and in order, also when its caller has been cancelled."""

    def __init__(self, name: str) -> None:
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)

    async def call(self, function: Callable[_Given, _Result], *args: _Given.args, **kwargs: _Given.kwargs) -> _Result:
        """Return what the function returns, or raise what it raises."""
        work = asyncio.get_running_loop().run_in_executor(self._executor, partial(function, *args, **kwargs))
        # A queued call is durable work: a cancelled caller stops waiting for it, it is not taken back.
        return await asyncio.shield(work)

    async def close(self) -> None:
        """Return when everything that was called has ended."""
        await asyncio.to_thread(self._executor.shutdown)
