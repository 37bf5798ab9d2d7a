"""What the windows on one account tell each other beside the journal; a power cut may lose it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from uuid import uuid4

import msgspec

from smmtui.domain.records import Balance, Record


class Shown(Record, frozen=True, gc=False):
    """What the window that asks the panel shows of it.

    `condition` is the name of its health, `words` its sentences. `retry_at` and `next_at` are monotonic seconds, which
    all processes of one machine share.
    """

    condition: str
    words: str = ""
    retry_at: float | None = None
    next_at: float | None = None
    paused: bool = False
    balance: Balance | None = None
    balance_at: datetime | None = None


class Wish(Record, frozen=True, gc=False):
    """What another window wants of the one that asks the panel.

    `wanted` are the names of what is to be fresh, `by_user` whether a person said so; `pause` is None where the pause
    is to stay as it is.
    """

    wanted: tuple[str, ...] = ()
    by_user: bool = False
    pause: bool | None = None


class Board:
    """Small files in the journal's folder. A disk that is full or read-only costs the news, and raises nothing."""

    def __init__(self, folder: Path) -> None:
        self._shown = folder / "shown.json"
        self._wishes = folder / "wishes"

    def show(self, shown: Shown) -> None:
        """Put up what this window, the one that asks the panel, shows."""
        with suppress(OSError):
            _replace(self._shown, msgspec.json.encode(shown))

    def shown(self) -> Shown | None:
        """Return what was put up last, None where that was nothing readable."""
        with suppress(OSError, msgspec.MsgspecError):
            return msgspec.json.decode(self._shown.read_bytes(), type=Shown)
        return None

    def wish(self, wish: Wish) -> None:
        """Leave a wish for the window that asks the panel."""
        with suppress(OSError):
            self._wishes.mkdir(mode=0o700, exist_ok=True)
            _replace(self._wishes / f"{uuid4().hex}.json", msgspec.json.encode(wish))

    def take_wishes(self) -> list[Wish]:
        """Return the wishes of other windows and take them off the board."""
        return list(self._taken())

    def _taken(self) -> Iterator[Wish]:
        # A file per wish: one that is left in this moment is either whole or not there yet, and no lock is needed.
        with suppress(OSError):
            for path in self._wishes.glob("*.json"):
                with suppress(OSError, msgspec.MsgspecError):
                    data = path.read_bytes()
                    path.unlink()
                    yield msgspec.json.decode(data, type=Wish)


def _replace(path: Path, data: bytes) -> None:
    """Put a whole file in the place of the old one, without waiting for the disk."""
    fresh = path.with_suffix(".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        os.write(descriptor, data)
    finally:
        os.close(descriptor)
    os.replace(fresh, path)
