"""Who is alive: locks that the system frees when their process ends.

`flock` belongs to the open file: it is freed by every end of the process, `kill -9` included, kept while the process
is stopped (Ctrl+Z), and not inherited by programs started from here. It says nothing across machines, so the folder
must not be shared over a network.
"""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from smmtui.durable import private_folder
from smmtui.errors import JournalError
from smmtui.words import _

_SUFFIX = ".lease"
# The first comparison of 100,000 orders with their receipts takes 6 s; a salvage takes longer.
_TRIES = 600
_PAUSE_SECONDS = 0.05


class Lease:
    """One running smmtui on one journal; its name stands in every row that it is sending."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self._path = path
        self._descriptor = descriptor
        self.name = path.stem

    @classmethod
    def acquire(cls, folder: Path) -> Lease:
        """Create and lock a file of a new name in the folder; raises OSError."""
        path = private_folder(folder) / f"{uuid4().hex}{_SUFFIX}"
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        return cls(path, descriptor)

    def release(self) -> None:
        """Say that this process is done; harmless when said twice."""
        if self._descriptor >= 0:
            with suppress(OSError):
                self._path.unlink()
            os.close(self._descriptor)
            self._descriptor = -1


def is_alive(folder: Path, name: str) -> bool:
    """Return whether the process that took the lease still runs, stopped ones included."""
    try:
        descriptor = os.open(folder / f"{name}{_SUFFIX}", os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def living(folder: Path) -> set[str]:
    """Return the names of all leases whose processes run."""
    return {path.stem for path in folder.glob(f"*{_SUFFIX}") if is_alive(folder, path.stem)}


def sweep(folder: Path) -> None:
    """Remove the files of processes that ended without saying so; only while holding the `OpeningLock`."""
    for path in folder.glob(f"*{_SUFFIX}"):
        if not is_alive(folder, path.stem):
            with suppress(FileNotFoundError):
                path.unlink()


class _FileLock:
    """A lock on one file which at most one open holder has."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def try_acquire(self) -> bool:
        """Take the lock without waiting and return whether it is held now; raises OSError."""
        if self._descriptor is not None:
            return True
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        return True

    def release(self) -> None:
        """Let another have it; harmless when not held."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


class PollerLock(_FileLock):
    """Held by the one window that asks the panel; another takes it over when its holder ends."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / "poller.lock")


class BasketLock(_FileLock):
    """Held by the one window that sends the basket, while it does."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / "basket.lock")


class OpeningLock(_FileLock):
    """Held while a journal is opened, so that two windows never migrate, recover or salvage at once."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / "opening.lock")

    def __enter__(self) -> OpeningLock:
        """Wait up to 30 s for the lock; raises JournalError when another window keeps it."""
        for _attempt in range(_TRIES):
            if self.try_acquire():
                return self
            time.sleep(_PAUSE_SECONDS)
        raise JournalError(
            _(
                "Another smmtui window has been opening {folder} for too long. If it was stopped with "
                "Ctrl+Z, bring it back with fg or end it, then try again.",
                folder=self._path.parent,
            )
        )

    def __exit__(self, *_error: object) -> None:
        self.release()
