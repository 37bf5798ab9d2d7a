"""The second copy of the only handle to the money: one JSON line per intent, outcome and settlement, append-only.

Every line tells all that is known of its order, so that the newest readable line alone brings the order back. It
ends in a checksum, for a flipped bit in an id still reads as an id.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterator
from pathlib import Path

from smmtui.domain.records import Record
from smmtui.durable import sync, sync_folder
from smmtui.errors import JournalError
from smmtui.words import _

_END = b'"}\n'
_TAIL = 4096


class ReceiptLine(Record, frozen=True, gc=False):
    """One line of the file: `number` from 1; `content` is None where it is damaged.

    `torn` tells of a line that was not written to its end, which a kill or a full disk leaves behind.
    """

    number: int
    content: dict[str, object] | None
    torn: bool


class Receipts:
    """The file `receipts.jsonl`, which anybody can read without smmtui."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "receipts.jsonl"

    def append(self, *contents: dict[str, object]) -> None:
        """Write one line for each of `contents` and return when they are durable; raises JournalError."""
        try:
            self._append(b"".join(map(_line, contents)))
        except OSError as error:
            raise JournalError(
                _(
                    "The receipt could not be written to {path} ({why}). "
                    "Make room on the disk or mend the folder, then try again.",
                    path=self.path,
                    why=error.strerror or error,
                )
            ) from error

    def _append(self, data: bytes) -> None:
        new = not self.path.exists()
        # Opened anew for every line: a file that was moved away is not written into unseen.
        descriptor = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            if _torn(descriptor):
                data = b"\n" + data
            while data:
                data = data[os.write(descriptor, data) :]
            sync(descriptor)
        finally:
            os.close(descriptor)
        if new:
            sync_folder(self.path.parent)

    def size(self) -> int:
        """Return the length in bytes, 0 where there is no file; raises JournalError."""
        try:
            return self.path.stat().st_size
        except FileNotFoundError:
            return 0
        except OSError as error:
            raise self._unreadable(error) from error

    def tail(self, end: int) -> bytes:
        """Return up to 4 KiB before the byte `end`, by which a file is known to be the same; raises JournalError."""
        start = max(0, end - _TAIL)
        try:
            with self.path.open("rb") as file:
                file.seek(start)
                return file.read(end - start)
        except FileNotFoundError:
            return b""
        except OSError as error:
            raise self._unreadable(error) from error

    def read(self, start: int = 0) -> Iterator[ReceiptLine]:
        """Yield the lines from the byte `start` on, damaged ones without content; raises JournalError.

        Where `start` is not 0 the numbers count from there. Blank lines, the repair of a torn one, are passed over.
        """
        try:
            with self.path.open("rb") as file:
                file.seek(start)
                for number, raw in enumerate(file, 1):
                    if raw.strip():
                        yield ReceiptLine(number, _content(raw), not raw.endswith(_END))
        except FileNotFoundError:
            return
        except OSError as error:
            raise self._unreadable(error) from error

    def lines_before(self, end: int) -> int:
        """Return how many lines end before the byte `end`; raises JournalError."""
        try:
            with self.path.open("rb") as file:
                return file.read(end).count(b"\n")
        except OSError as error:
            raise self._unreadable(error) from error

    def _unreadable(self, error: OSError) -> JournalError:
        why = error.strerror or error
        return JournalError(
            _("{path} cannot be read ({why}). Check the disk and its permissions.", path=self.path, why=why)
        )


def _torn(descriptor: int) -> bool:
    size = os.fstat(descriptor).st_size
    return size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"


def _line(content: dict[str, object]) -> bytes:
    text = json.dumps(content, separators=(",", ":"))
    return f'{text[:-1]},"check":"{zlib.crc32(text.encode()):08x}"}}\n'.encode()


def _content(raw: bytes) -> dict[str, object] | None:
    try:
        content = json.loads(raw)
        if not isinstance(content, dict):
            return None
        check = content.pop("check", None)
        text = json.dumps(content, separators=(",", ":"))
    except (ValueError, RecursionError):
        return None
    return content if check == f"{zlib.crc32(text.encode()):08x}" else None
