"""Whether the terminal is dark or light: asked before the start, heard whenever the answer comes.

The question is OSC 11 of xterm. Its answer arrives among what the user types, so it is taken out of that: at the start
here, later wherever the input is read. Nobody waits for it, for some terminals never answer.
"""

from __future__ import annotations

import codecs
import os
import re
import select
import signal
import sys
import termios
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

_QUESTION = b"\x1b]11;?\x1b\\"
_BEGIN = "\x1b]11;"
_ENDS = ("\x07", "\x1b\\")
_BODY = re.compile(r"[0-9A-Za-z:/#?]{0,40}")
_COLOUR = r"rgba?:([0-9A-Fa-f]{1,4})/([0-9A-Fa-f]{1,4})/([0-9A-Fa-f]{1,4})(?:/[0-9A-Fa-f]{1,4})?"
_MUTE = ("", "dumb", "linux")
_READ = 4096
# Seconds. An escape that may begin the answer is held back only while one is to be expected; what is hardly anything
# else is waited for longer.
_EXPECTED = 5.0
_ESCAPE_HELD = 0.1
_BEGUN_HELD = 0.5
_REST_OF_A_LETTER = 0.1


class BackgroundAnswer:
    """Takes the terminal's answer out of its input, however that is cut; what was typed comes out as it went in."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` tells monotonic seconds."""
        self._clock = clock
        self._expected_until = clock() + _EXPECTED
        self._held = ""
        self._held_since = 0.0
        self.dark: bool | None = None
        """What the terminal has said, None as long as it has said nothing that could be understood."""

    def take_out(self, data: str) -> str:
        """Return the next piece of the input without the answer; what may be a part of that is held back."""
        if not data:
            # Nothing has come: what is held has waited since before.
            return ""
        data, self._held, out = self._held + data, "", ""
        while (start := self._start(data)) >= 0:
            out, data = out + data[:start], data[start:]
            end = self._end(data)
            if end is None:
                self._held, self._held_since = data, self._clock()
                return out
            data = data[end:]
        return out + data

    def let_go(self) -> str:
        """Return what was held back for too long to be a part of the answer; "" mostly."""
        patience = _ESCAPE_HELD if self._held == "\x1b" else _BEGUN_HELD
        if not self._held or self._clock() - self._held_since < patience:
            return ""
        held, self._held = self._held, ""
        # An answer that broke off is no typing of anyone.
        return "" if held.startswith(_BEGIN) else held

    def _start(self, data: str) -> int:
        """Where the answer begins, or the end of the data may be a beginning of it; -1 for nowhere."""
        start = data.find(_BEGIN)
        if start >= 0:
            return start
        least = 1 if self._clock() < self._expected_until else 2
        sizes = range(len(_BEGIN) - 1, least - 1, -1)
        return next((len(data) - size for size in sizes if data.endswith(_BEGIN[:size])), -1)

    def _end(self, data: str) -> int | None:
        """Where the answer that the data begin with is over, None for not yet."""
        if len(data) < len(_BEGIN):
            return None
        body = _BODY.match(data, len(_BEGIN))
        assert body is not None  # noqa: S101  # it also matches nothing
        rest = data[body.end() :]
        for end in _ENDS:
            if rest.startswith(end):
                self._understand(body[0])
                return body.end() + len(end)
        # What cannot belong to an answer any more was typed.
        return body.end() if rest and rest != "\x1b" else None

    def _understand(self, body: str) -> None:
        self._expected_until = self._clock()
        colour = re.fullmatch(_COLOUR, body)
        if colour is not None:
            red, green, blue = (int(digits, 16) / (16 ** len(digits) - 1) for digits in colour.groups())
            self.dark = 0.2126 * red + 0.7152 * green + 0.0722 * blue < 0.5


class TerminalBackground:
    """Asks the terminal of the standard input, and keeps what has been read of that until somebody reads on.

    `answer` is for whoever reads on. `dark` is what the terminal has said so far, None for nothing. `modes_before` are
    the terminal's modes to be given back in the end, None where they were not changed.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._read = ""
        self.answer = BackgroundAnswer(clock)
        self.dark: bool | None = None
        self.modes_before: list[Any] | None = None

    def ask(self, environ: Mapping[str, str]) -> None:
        """Ask, if there is a terminal that may answer, and have it show no answer; returns at once."""
        screen, keyboard = sys.__stderr__, sys.__stdin__
        if screen is None or keyboard is None or environ.get("TERM", "") in _MUTE:
            return
        if not (screen.isatty() and keyboard.isatty()):
            return
        try:
            self.modes_before = termios.tcgetattr(keyboard.fileno())
            termios.tcsetattr(keyboard.fileno(), termios.TCSANOW, _silent(self.modes_before))
            os.write(screen.fileno(), _QUESTION)
        except (termios.error, OSError):
            # Then the theme is chosen without an answer.
            return

    def hear(self) -> None:
        """Take in what has come by now, without waiting."""
        if self.modes_before is None or sys.__stdin__ is None:
            return
        keyboard = sys.__stdin__.fileno()
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        wait = 0.0
        with suppress(OSError):
            while select.select([keyboard], [], [], wait)[0] and (data := os.read(keyboard, _READ)):
                self._read += decoder.decode(data)
                # Who reads on later begins with a whole letter.
                wait = _REST_OF_A_LETTER if decoder.getstate()[0] else 0.0
        heard = BackgroundAnswer(self._clock)
        heard.take_out(self._read)
        self.dark = heard.dark

    def take_read(self) -> str:
        """Return what was read of the input, the answer still in it; once."""
        read, self._read = self._read, ""
        return read

    def give_back(self) -> None:
        """Give the terminal its modes back."""
        if self.modes_before is not None and sys.__stdin__ is not None:
            with suppress(termios.error):
                termios.tcsetattr(sys.__stdin__.fileno(), termios.TCSANOW, self.modes_before)


def _silent(modes: list[Any]) -> list[Any]:
    """These modes, but for echo and lines: what is typed arrives as it does in the program itself."""
    input_modes, output_modes, control, local, *rest = modes
    local &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN)
    return [input_modes & ~(termios.ICRNL | termios.INLCR | termios.IGNCR), output_modes, control, local, *rest]


@contextmanager
def asked_background(environ: Mapping[str, str], *, ask: bool) -> Iterator[TerminalBackground]:
    """The background, asked for where that is wanted; the terminal is as before in the end, also by a signal."""
    background = TerminalBackground()
    signals = {number: signal.signal(number, _end) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        if ask:
            background.ask(environ)
        yield background
    finally:
        background.give_back()
        for number, handler in signals.items():
            signal.signal(number, handler)


def _end(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def dark_by_environment(environ: Mapping[str, str]) -> bool:
    """Return whether `COLORFGBG` says that the background is dark, which is also believed where it says nothing."""
    background = environ.get("COLORFGBG", "").rpartition(";")[2]
    return background not in ("7", "9", "10", "11", "12", "13", "14", "15")
