"""The pace that all windows on one account keep together: a token bucket in a small file."""

from __future__ import annotations

import fcntl
import math
import os
import struct
from pathlib import Path

from smmtui.domain.clock import Clock

_STATE = struct.Struct("<dd")
_SHORTEST_WAIT = 0.001
# Another window holds the lock for microseconds, unless it was stopped (Ctrl+Z) in that very moment.
_BUSY_WAIT = 0.01
_PATIENCE = 1.0


class SharedTokens:
    """Tokens of all processes that were given the same folder: `burst` at once, then `per_minute` evenly.

    The file holds the tokens left and the monotonic second of that count, which all processes of one machine share;
    it is never synced. Where it cannot be used the pace is this process's own, for a pace is no reason not to send.
    """

    def __init__(self, folder: Path, per_minute: float, burst: int, clock: Clock) -> None:
        self._path = folder / "pace"
        self._per_second = per_minute / 60.0
        self._burst = float(burst)
        self._clock = clock
        self._own = (self._burst, clock.monotonic())
        self._busy_since: float | None = None

    async def take(self) -> float:
        """Take a token and return 0.0, or take none and return the seconds until there may be one."""
        try:
            wait = self._take_shared()
        except BlockingIOError:
            return self._wait_for_lock()
        except OSError:
            return self._take_own()
        self._busy_since = None
        return wait

    def _take_shared(self) -> float:
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            wait, self._own = self._taken(self._read(descriptor))
            os.pwrite(descriptor, _STATE.pack(*self._own), 0)
            return wait
        finally:
            os.close(descriptor)

    def _take_own(self) -> float:
        wait, self._own = self._taken(self._own)
        return wait

    def _wait_for_lock(self) -> float:
        now = self._clock.monotonic()
        self._busy_since = now if self._busy_since is None else self._busy_since
        return _BUSY_WAIT if now - self._busy_since < _PATIENCE else self._take_own()

    def _read(self, descriptor: int) -> tuple[float, float]:
        data = os.pread(descriptor, _STATE.size, 0)
        if len(data) < _STATE.size:
            return self._burst, self._clock.monotonic()
        tokens, at = _STATE.unpack(data)
        return (tokens, at) if math.isfinite(tokens) and math.isfinite(at) else (0.0, self._clock.monotonic())

    def _taken(self, state: tuple[float, float]) -> tuple[float, tuple[float, float]]:
        """How long to wait, and the count afterwards."""
        tokens, at = state
        now = self._clock.monotonic()
        # After a restart of the machine the count is from the future.
        passed = max(0.0, now - at)
        tokens = min(self._burst, max(0.0, tokens) + passed * self._per_second)
        if tokens >= 1.0:
            return 0.0, (tokens - 1.0, now)
        return max(_SHORTEST_WAIT, (1.0 - tokens) / self._per_second), (tokens, now)
