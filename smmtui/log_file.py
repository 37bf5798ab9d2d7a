"""The log file: rotating, for this user only, each line a time in UTC, a level and what happened.

A thread of its own writes it, so that a slow disk holds up nobody.
"""

from __future__ import annotations

import logging
import os
import queue
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from io import TextIOWrapper
from logging.handlers import QueueHandler, QueueListener, RotatingFileHandler
from pathlib import Path

from smmtui.domain.foreign_text import terminal_safe
from smmtui.log import SILENT, log
from smmtui.words import _

_BYTES = 1_000_000
_KEPT = 3
# A line is evidence, not a copy of what a panel can say.
_LONGEST = 2_000


class _Line(logging.Formatter):
    """One line for each record, with nothing in it that a terminal would obey, and without the key."""

    def __init__(self, mask: Callable[[str], str]) -> None:
        super().__init__()
        self._mask = mask

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC)
        # Masked first, so that no cleaning or cutting leaves a part of the key that is not known as one.
        said = " ".join(terminal_safe(self._mask(record.getMessage())).split())[:_LONGEST]
        return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z {record.levelname:<7} {said}"


class _File(RotatingFileHandler):
    """Tells the first failure in words, and goes on trying."""

    def __init__(self, path: Path, trouble: Callable[[str], None]) -> None:
        self._trouble = trouble
        super().__init__(path, maxBytes=_BYTES, backupCount=_KEPT, encoding="utf-8", errors="replace", delay=True)

    def _open(self) -> TextIOWrapper:
        missing = [folder for folder in self._path.parents if not folder.exists()]
        for folder in reversed(missing):
            folder.mkdir(mode=0o700)
        return open(self._path, "a", encoding="utf-8", errors="replace", opener=_private)

    @property
    def _path(self) -> Path:
        return Path(self.baseFilename)

    def handleError(self, record: logging.LogRecord) -> None:
        error = sys.exc_info()[1]
        reason = error.strerror if isinstance(error, OSError) else str(error)
        self._trouble(
            _("The log {file} cannot be written: {reason}. Everything else goes on.", file=self._path, reason=reason)
        )


def _private(path: str, flags: int) -> int:
    descriptor = os.open(path, flags | os.O_CREAT, 0o600)
    os.fchmod(descriptor, 0o600)
    return descriptor


@contextmanager
def written_log(path: Path, mask: Callable[[str], str], trouble: Callable[[str], None]) -> Iterator[None]:
    """Write the log to this file until left; `mask` takes the key out of a text.

    Where it cannot be written, `trouble` gets one sentence, once, in another thread; nothing else comes of it.
    """
    told: list[str] = []

    def tell_once(words: str) -> None:
        if not told:
            told.append(words)
            trouble(words)

    file = _File(path, tell_once)
    file.setFormatter(_Line(mask))
    records: queue.SimpleQueue[logging.LogRecord] = queue.SimpleQueue()
    listener, handler = QueueListener(records, file), QueueHandler(records)
    listener.start()
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    try:
        yield
    finally:
        log.setLevel(SILENT)
        log.removeHandler(handler)
        listener.stop()
        file.close()
