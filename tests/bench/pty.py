"""A program in a real pseudo-terminal, measured from outside: when did the screen show what was waited for?

Every read is stamped as it arrives and kept; the terminal is emulated only once the program has fallen quiet, so what
the emulation costs is in no figure. All times are seconds; `since` and `spawned` are on `time.perf_counter`.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import pyte
from wcwidth import wcwidth

SIZE = (160, 48)
QUIET = 0.1
# Shorter than a blinking cursor's period, so that a screen on which one blinks is looked at all the same.
LONGEST_BURST = 0.6
DEADLINE = 30.0

# What pyte would print as text.
_UNKNOWN_TO_PYTE = re.compile(
    rb"\x1b\[[<>=][0-9;]*[a-zA-Z]|\x1b\[\??[0-9;]*\$[a-z]|\x1b\[\?[0-9;]*u|\x1b[\]P_^][^\x07\x1b]*(?:\x07|\x1b\\)"
)
_UNFINISHED = re.compile(rb"\x1b(?:\[[0-9;?<>=$: ]*|[\]P_^][^\x07\x1b]*\x1b?)?\Z")
_ASKS_FOR_MODE = re.compile(rb"\x1b\[\?(\d+)\$p")
_SYNCHRONISED = b"2026"


class Screen(pyte.Screen):
    """A screen that keeps the text after a character without width; pyte drops it."""

    def draw(self, data: str) -> None:
        """Show text at the cursor."""
        if not data.isascii():
            data = "".join(char for char in data if wcwidth(char) > 0 or unicodedata.combining(char))
        super().draw(data)

    @property
    def text(self) -> str:
        """A line per row; unlike `display` also where half of a wide character was overwritten."""
        rows = ([self.buffer[y][x].data for x in range(self.columns)] for y in range(self.lines))
        return "\n".join("".join(row).rstrip() for row in rows)


class Program:
    """Runs a command; use it as a context manager, which ends it."""

    def __init__(self, command: Sequence[str], env: Mapping[str, str], size: tuple[int, int] = SIZE) -> None:
        self._screen = Screen(*size)
        self._stream = pyte.ByteStream(self._screen)
        self._reads: list[tuple[float, bytes]] = []
        self._unfinished = b""
        self.spawned = time.perf_counter()
        self.pid, self._terminal = pty.fork()
        if self.pid == 0:
            try:
                fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
                os.execvpe(command[0], list(command), dict(env))  # noqa: S606  # a command of the bench's own
            finally:
                os._exit(127)
        os.set_blocking(self._terminal, False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self._terminal)

    @property
    def text(self) -> str:
        """What the screen shows, as far as it has been read."""
        return self._screen.text

    def press(self, keys: bytes) -> float:
        """Send keys as they are; return when."""
        now = time.perf_counter()
        os.write(self._terminal, keys)
        return now

    def wait(self, *patterns: str, since: float | None = None) -> float:
        """Return the seconds from `since`, the start by default, until the screen showed all of these patterns."""
        return self.wait_each(patterns, since=since)[0]

    def wait_each(self, *screens: Sequence[str], since: float | None = None) -> list[float]:
        """Return for each of these screens, named by its patterns, when it was first shown, as `wait` does."""
        until = time.perf_counter() + DEADLINE
        seen: dict[int, float] = {}
        while len(seen) < len(screens):
            alive = self._read_until_quiet()
            reads, self._reads = self._reads, []
            for stamp, data in reads:
                self._feed(data)
                text = self.text if len(seen) < len(screens) else ""
                for number, patterns in enumerate(screens):
                    if all(re.search(each, text, re.MULTILINE) for each in patterns):
                        seen.setdefault(number, stamp)
            if len(seen) < len(screens) and (not alive or time.perf_counter() > until):
                raise SystemExit(f"The screen never showed {screens}:\n{self.text}")
        return [seen[number] - (self.spawned if since is None else since) for number in range(len(screens))]

    def painted(self, since: float) -> float:
        """Return the seconds from `since` until the last output before the program fell quiet."""
        while not self._reads:
            self._read_until_quiet()
        last = self._reads[-1][0]
        self.catch_up()
        return last - since

    def catch_up(self) -> None:
        """Read until the program is quiet and show it all."""
        self._read_until_quiet()
        for _, data in self._reads:
            self._feed(data)
        self._reads.clear()

    def peak_memory(self) -> int:
        """Return the most memory that the process has had resident so far, in bytes (Linux)."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        found = re.search(r"VmHWM:\s+(\d+)", status)
        return int(found[1]) * 1024 if found else 0

    def _read_until_quiet(self) -> bool:
        """Keep every read with its time; return whether there can be more."""
        until = time.perf_counter() + LONGEST_BURST
        while select.select([self._terminal], [], [], QUIET)[0]:
            try:
                data = os.read(self._terminal, 1 << 20)
            except OSError:
                return False
            now = time.perf_counter()
            self._reads.append((now, data))
            for mode in _ASKS_FOR_MODE.findall(data):
                os.write(self._terminal, b"\x1b[?%s;%d$y" % (mode, 2 if mode == _SYNCHRONISED else 0))
            if now > until:
                break
        return True

    def _feed(self, data: bytes) -> None:
        data = self._unfinished + data
        tail = _UNFINISHED.search(data)
        self._unfinished = tail[0] if tail else b""
        self._stream.feed(_UNKNOWN_TO_PYTE.sub(b"", data[: len(data) - len(self._unfinished)]))
