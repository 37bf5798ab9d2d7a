"""How long each kind of question is held back after it has met trouble, so that no panel is hammered with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from msgspec import Struct

from smmtui.domain.clock import Clock
from smmtui.errors import JournalError, PanelError

_FIRST_WAIT = 5.0
_MOST_DOUBLINGS = 10

Kind = TypeVar("Kind")


class Trouble(Struct, frozen=True):
    """What a kind of question has met: how often in a row, the last time with which error, and when it is tried again.

    `retry_at` is in monotonic seconds.
    """

    times: int
    error: PanelError | JournalError
    retry_at: float


class Backoff(Generic[Kind]):
    """The troubles of each kind: five seconds after the first one, then twice as long every time, with jitter."""

    def __init__(self, clock: Clock, jitter: Callable[[], float]) -> None:
        self._clock = clock
        self._jitter = jitter
        self._troubles: dict[Kind, Trouble] = {}

    @property
    def trouble(self) -> Trouble | None:
        """The oldest trouble that is not over, None where all is well."""
        return next(iter(self._troubles.values()), None)

    def left(self, kind: Kind) -> float:
        """Return the seconds for which this kind is not to be asked for; 0 where it may be."""
        trouble = self._troubles.get(kind)
        return 0.0 if trouble is None else max(0.0, trouble.retry_at - self._clock.monotonic())

    def failed(self, kind: Kind, error: PanelError | JournalError, longest: float) -> None:
        """Hold this kind back, for `longest` seconds at most."""
        before = self._troubles.get(kind)
        times = 1 if before is None else before.times + 1
        wait = min(longest, _FIRST_WAIT * 2.0 ** min(times - 1, _MOST_DOUBLINGS)) * (0.75 + self._jitter() / 2)
        self._troubles[kind] = Trouble(times, error, self._clock.monotonic() + wait)

    def well(self, kind: Kind) -> None:
        """Forget the troubles of this kind: it was answered."""
        self._troubles.pop(kind, None)

    def allow(self) -> None:
        """Let every kind be asked for at once, because the user said so; what is wrong stays known until it is not."""
        now = self._clock.monotonic()
        self._troubles = {kind: Trouble(0, each.error, now) for kind, each in self._troubles.items()}
