"""A real pseudo-terminal with a program in it, its screen as text, and keys to press."""

from __future__ import annotations

import codecs
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import pyte

# Sequences that pyte 0.8 prints as text: kitty keyboard, mode queries, OSC, DCS and APC strings.
_UNKNOWN_TO_PYTE = re.compile(
    r"\x1b\[[<>=][0-9;]*[A-Za-z]|\x1b\[\?[0-9;]*\$p|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[P_][^\x1b]*\x1b\\"
)
_UNFINISHED = re.compile(r"\x1b(?:\[[0-9;?<>=$]*|[\]P_][^\x07\x1b]*\x1b?)?\Z")
PROGRAM = Path(sys.executable).with_name("smmtui")
KEYS = {
    "enter": "\r",
    "escape": "\x1b",
    "tab": "\t",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "f1": "\x1bOP",
    "f9": "\x1b[20~",
    "ctrl+q": "\x11",
}


class Terminal:
    """Runs a command in a pseudo-terminal; `wait` reads until the screen shows what is looked for.

    `output` is everything the program wrote, byte for byte. The deadline of `wait` only ends a hung test; nothing is
    asserted about time.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        env: Mapping[str, str],
        columns: int = 120,
        rows: int = 36,
        deadline: float = 60,
    ) -> None:
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.Stream(self._screen)
        self._deadline = deadline
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._held = ""
        self.output = b""
        self._parent, child = pty.openpty()
        fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.before = termios.tcgetattr(child)
        self._child = child
        self.process = subprocess.Popen(
            command, stdin=child, stdout=child, stderr=child, env=dict(env), start_new_session=True, close_fds=True
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        os.close(self._child)
        os.close(self._parent)

    @property
    def text(self) -> str:
        """The screen as it stands, a line per row."""
        return "\n".join(line.rstrip() for line in self._screen.display)

    def cells(self, row: int) -> list[str]:
        """What stands in each cell of a row; the second cell of a wide character is empty."""
        return [self._screen.buffer[row][column].data for column in range(self._screen.columns)]

    def press(self, *keys: str) -> None:
        """Send keys: a name of `KEYS`, or text as it is typed."""
        for key in keys:
            os.write(self._parent, KEYS.get(key, key).encode())

    def wait(self, pattern: str) -> re.Match[str]:
        """Read until the screen matches and return the match; fails with the screen when the deadline is over."""
        until = time.monotonic() + self._deadline
        while True:
            if found := re.search(pattern, self.text, re.MULTILINE):
                return found
            if time.monotonic() > until or not self._read(until):
                raise AssertionError(f"never saw {pattern!r}; the screen:\n{self.text}")

    def wait_for_output(self, data: bytes) -> None:
        """Read until the program has written these bytes; fails with the screen when the deadline is over."""
        until = time.monotonic() + self._deadline
        while data not in self.output:
            if time.monotonic() > until or not self._read(until):
                raise AssertionError(f"never wrote {data!r}; the screen:\n{self.text}")

    def ends(self) -> int:
        """Read until the program has ended and return its exit code."""
        until = time.monotonic() + self._deadline
        while self.process.poll() is None:
            if time.monotonic() > until:
                raise AssertionError(f"never ended; the screen:\n{self.text}")
            self._read(time.monotonic() + 0.05)
        while self._read(time.monotonic() + 0.05):
            pass
        return self.process.returncode

    def modes(self) -> list[object]:
        """The terminal's modes as they are now, to compare with `before`."""
        return list(termios.tcgetattr(self._child))

    def _read(self, until: float) -> bool:
        ready, _, _ = select.select([self._parent], [], [], max(0.0, until - time.monotonic()))
        if not ready:
            return False
        # All there is, before anyone looks at the screen: turning it into text costs more than reading.
        while select.select([self._parent], [], [], 0.01)[0]:
            try:
                data = os.read(self._parent, 65536)
            except OSError:
                return False
            self.output += data
            self._feed(data)
        return True

    def _feed(self, data: bytes) -> None:
        text = self._held + self._decoder.decode(data)
        # A sequence may be cut by the read; its beginning waits for the rest.
        cut = _UNFINISHED.search(text)
        self._held = cut.group() if cut else ""
        self._stream.feed(_UNKNOWN_TO_PYTE.sub("", text[: len(text) - len(self._held)]))


def clean_environment(home: Path) -> dict[str, str]:
    """An environment with an empty home, as on a fresh machine."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "LC_ALL", "TMPDIR")}
    folders = {f"XDG_{name}_HOME": str(home / name.lower()) for name in ("CONFIG", "DATA", "STATE", "CACHE")}
    return {**kept, **folders, "HOME": str(home), "TERM": "xterm-256color", "COLORTERM": "truecolor"}
