"""When garbage is collected: between keys, not in the middle of one.

Python collects when so many objects were made, which is while a key draws rows: two milliseconds more for every third
key, and thirty for some. Until the first rows are on the screen it does not collect at all.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from contextvars import Context

# After so many seconds a key is on the screen, and the next one is seldom there.
_PAINTED = 0.03
# Whoever has not pressed a key for so long will not notice a collection of everything.
_RESTING = 5.0
# By then the HTTP library has been loaded, in a thread of its own.
_ONLINE = 5.0
# What was of a panel is let go one by one; and asyncio keeps what a timer was made with until it would be due, which
# for those of a screen is half a minute, also when it was cancelled.
_LET_GO, _TIMERS_GONE = 2.0, 35.0
_YOUNG, _OLDER, _ALL = 0, 1, 2
_TURNS_OF_YOUNG = 8
_WORTH_ALL = 100
# What still collects in the middle: a key that is held down for long, and what comes without any key.
_AT_LAST = (10_000, 10, 10)


class Tidying:
    """Collects what the start and a panel that was left leave behind, and every key once it is on the screen.

    What is loaded lives as long as the App, or its panel: no later collection looks at it.
    """

    def __init__(self) -> None:
        self._turns = 0
        self._since_all = 0
        self._timers: list[asyncio.TimerHandle] = []
        self._settling: asyncio.TimerHandle | None = None

    def after_first_rows(self) -> None:
        """Collect what the start has left behind."""
        gc.collect()
        gc.freeze()
        self._settling = _later(_ONLINE, self.after_loading)

    def after_loading(self) -> None:
        """Let all that is loaded by now be; from here on garbage is collected."""
        gc.freeze()
        self._enable()

    def _enable(self) -> None:
        gc.set_threshold(*_AT_LAST)
        gc.enable()

    def before_leaving(self) -> None:
        """What is of the panel may be garbage soon."""
        if self._settling is not None:
            self._settling.cancel()
        gc.unfreeze()

    def after_leaving(self) -> None:
        """Collect what is left of the panel before, once all of it has been let go."""
        self._settling = _later(_LET_GO, self._collect_panel)

    def _collect_panel(self) -> None:
        gc.collect()
        self._enable()
        self._settling = _later(_TIMERS_GONE, self._collect_rest)

    def _collect_rest(self) -> None:
        gc.collect()
        self.after_loading()

    def soon(self) -> None:
        """Collect after a moment, and everything after a rest, unless another key comes before."""
        self.wait()
        self._timers = [_later(_PAINTED, self._collect_young), _later(_RESTING, self._collect_all)]

    def wait(self) -> None:
        """Collect nothing, for a key has come."""
        for timer in self._timers:
            timer.cancel()

    def _collect_young(self) -> None:
        if gc.isenabled():
            self._turns += 1
            self._since_all += 1
            gc.collect(_YOUNG if self._turns % _TURNS_OF_YOUNG else _OLDER)

    def _collect_all(self) -> None:
        if gc.isenabled() and self._since_all >= _WORTH_ALL:
            self._since_all = 0
            gc.collect(_ALL)


def _later(seconds: float, do: Callable[[], None]) -> asyncio.TimerHandle:
    # In Textual's context a timer would keep the screen that it was made on, and its panel.
    return asyncio.get_running_loop().call_later(seconds, do, context=Context())
