"""The clock that everything with an age or a deadline is given, so that a test can hold the hands."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Protocol

_JUMP_SECONDS = 5.0


class Clock(Protocol):
    """Wall time for what is shown and stored, monotonic time for durations."""

    def now(self) -> datetime:
        """Return the wall time in UTC; it can jump."""
        ...

    def monotonic(self) -> float:
        """Return seconds that never run backwards, for durations only."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the machine's wall time in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return the machine's monotonic seconds."""
        return time.monotonic()


class JumpWatch:
    """Notices that the wall clock was set or the machine slept: wall time and monotonic time then part."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._apart = self._difference()

    def jumped(self) -> bool:
        """Return whether that has happened since the last call, by more than five seconds."""
        before, self._apart = self._apart, self._difference()
        return abs(self._apart - before) > _JUMP_SECONDS

    def _difference(self) -> float:
        return self._clock.now().timestamp() - self._clock.monotonic()
