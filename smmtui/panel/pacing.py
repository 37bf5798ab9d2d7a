"""How often and how many at once: a token bucket, at most two reads and one write in flight, writes first."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Protocol

from smmtui.domain.clock import Clock

Sleep = Callable[[float], Awaitable[object]]

READS_IN_FLIGHT = 2
# A token that is due "now" by the bucket's arithmetic may be a rounding error away.
_SHORTEST_WAIT = 0.001


class Tokens(Protocol):
    """Where tokens come from; several windows on one panel may share one source."""

    async def take(self) -> float:
        """Take a token and return 0.0, or take none and return the seconds until there may be one."""
        ...


class TokenBucket:
    """Tokens of one process: `burst` at once, then `per_minute` evenly."""

    def __init__(self, per_minute: float, burst: int, clock: Clock) -> None:
        self._per_second = per_minute / 60.0
        self._burst = float(burst)
        self._clock = clock
        self._tokens = self._burst
        self._at = clock.monotonic()

    async def take(self) -> float:
        """Take a token and return 0.0, or take none and return the seconds until there may be one."""
        now = self._clock.monotonic()
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._per_second)
        self._at = now
        if self._tokens >= 1.0:
            self._tokens -= 1.0
            return 0.0
        return max(_SHORTEST_WAIT, (1.0 - self._tokens) / self._per_second)


class Pacing:
    """Lets requests through one by one: `async with pacing.read()` or `.write()` around each exchange."""

    def __init__(self, tokens: Tokens, sleep: Sleep = asyncio.sleep) -> None:
        self._tokens = tokens
        self._sleep = sleep
        self._reads = asyncio.Semaphore(READS_IN_FLIGHT)
        self._head = asyncio.Lock()
        self._writes = asyncio.Lock()
        self._no_write_waits = asyncio.Event()
        self._no_write_waits.set()
        # Taken by `write_turn`, and not used yet.
        self._kept = False

    @asynccontextmanager
    async def read(self) -> AsyncIterator[None]:
        """Wait for a place and a token; a write that waits goes first."""
        async with self._reads:
            async with self._head:
                await self._no_write_waits.wait()
                while wait := await self._tokens.take():
                    await self._sleep(wait)
                    await self._no_write_waits.wait()
            yield

    @asynccontextmanager
    async def write(self) -> AsyncIterator[None]:
        """Wait until no other write is in flight, then take the very next token."""
        async with self._writes:
            if not self._kept:
                await self._take_next()
            self._kept = False
            yield

    async def write_turn(self) -> None:
        """Wait as `write` does, and keep the token for the next write, which then has nothing to wait for.

        Cancelled, it has taken none; again before that write, it takes no second one.
        """
        async with self._writes:
            if not self._kept:
                await self._take_next()
                self._kept = True

    async def _take_next(self) -> None:
        self._no_write_waits.clear()
        try:
            while wait := await self._tokens.take():
                await self._sleep(wait)
        finally:
            self._no_write_waits.set()
