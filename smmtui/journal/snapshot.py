"""The last catalogue as the panel's raw bytes, in the cache folder: rows to show before the panel has answered."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from smmtui.domain.records import Record
from smmtui.durable import private_folder, write_whole

LARGEST = 64 * 1024 * 1024


class Kept(Record, frozen=True, gc=False):
    """The bytes of a `services` answer, and when it came."""

    data: bytes
    at: datetime


class Snapshot:
    """The file `services.json` in `folder`; its modification time is when the panel answered.

    A cache that is missing, too large or unreadable is none: the panel will be asked anyway.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / "services.json"

    def at(self) -> datetime | None:
        """Return when the kept catalogue came, None where there is none."""
        try:
            return datetime.fromtimestamp(self._path.stat().st_mtime, UTC)
        except OSError:
            return None

    def read(self) -> Kept | None:
        """Return the last catalogue, None where there is none to be read."""
        try:
            with self._path.open("rb") as file:
                stat = os.fstat(file.fileno())
                data = file.read(LARGEST + 1)
        except OSError:
            return None
        if not 0 < len(data) <= LARGEST:
            return None
        return Kept(data, datetime.fromtimestamp(stat.st_mtime, UTC))

    def head(self, size: int) -> bytes:
        """Return at most so many bytes of the last catalogue's beginning, none where there is none to be read."""
        try:
            with self._path.open("rb") as file:
                return file.read(size)
        except OSError:
            return b""

    def write(self, data: bytes, at: datetime) -> bool:
        """Keep the bytes of an answer that came at `at`; return whether they are on the disk now."""
        if len(data) > LARGEST:
            return False
        try:
            private_folder(self._path.parent)
            write_whole(self._path, data)
            os.utime(self._path, (at.timestamp(), at.timestamp()))
        except OSError:
            return False
        return True
