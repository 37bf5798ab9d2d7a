"""Runs smmtui with a beat in its event loop, and writes into the file named first when one came late, and by how much.

A line is the time at which it came (`time.perf_counter`) and the seconds it was late.
"""

from __future__ import annotations

import asyncio
import sys
import time
from typing import Any

BEAT = 0.002
LATE = 0.003


class _Beating(asyncio.DefaultEventLoopPolicy):
    def __init__(self, path: str) -> None:
        super().__init__()
        self._log = open(path, "a", buffering=1)  # noqa: SIM115  # closed with the process, which is killed

    def new_event_loop(self) -> asyncio.AbstractEventLoop:
        loop = super().new_event_loop()
        loop.call_soon(self._beat, loop, time.perf_counter())
        return loop

    def _beat(self, loop: Any, due: float) -> None:
        now = time.perf_counter()
        if now - due > LATE:
            self._log.write(f"{now!r} {now - due!r}\n")
        loop.call_later(BEAT, self._beat, loop, now + BEAT)


if __name__ == "__main__":
    asyncio.set_event_loop_policy(_Beating(sys.argv.pop(1)))
    from smmtui.program import main

    main()
