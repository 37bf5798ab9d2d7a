"""What is pasted stays a paste: no escape character inside it can become a key.

Terminals wrap a paste in two sequences. Textual's parser takes an escape character between them for the end of the
text, and the letters behind it for keys: a clipboard could press them, `y` among them. Most terminals strip escape
characters from a paste; not all do.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from textual._xterm_parser import XTermParser
from textual.drivers import linux_driver
from textual.message import Message

from smmtui.terminal_background import TerminalBackground

_ESCAPE = "\x1b"
_BEGIN = "\x1b[200~"
_END = "\x1b[201~"


class PasteGuard:
    """Takes the escape characters out of pastes, however the input is cut into reads."""

    def __init__(self) -> None:
        self._inside = False
        self._before = ""
        self._held = ""

    def clean(self, data: str) -> str:
        """Return the next piece of the terminal's input, harmless; an end of paste may wait for the piece after it."""
        out = ""
        data, self._held = self._held + data, ""
        while data:
            piece, data = self._pasted(data) if self._inside else self._typed(data)
            out += piece
        return out

    def _typed(self, data: str) -> tuple[str, str]:
        # The beginning of a paste may have been cut; its first part has been passed on already.
        seen = self._before + data
        start = seen.find(_BEGIN)
        if start < 0:
            self._before = seen[1 - len(_BEGIN) :]
            return data, ""
        self._inside, self._before = True, ""
        cut = len(data) - (len(seen) - start - len(_BEGIN))
        return data[:cut], data[cut:]

    def _pasted(self, data: str) -> tuple[str, str]:
        end = data.find(_END)
        if end >= 0:
            self._inside = False
            return data[:end].replace(_ESCAPE, "") + _END, data[end + len(_END) :]
        held = next((size for size in range(len(_END) - 1, 0, -1) if data.endswith(_END[:size])), 0)
        self._held = data[len(data) - held :]
        return data[: len(data) - held].replace(_ESCAPE, ""), ""


class GuardedParser(XTermParser):
    """Textual's parser behind the guard, and behind the ear for what the terminal says of its background."""

    class BackgroundTold(Message):
        """The terminal has said whether it is dark."""

    def __init__(self, debug: bool = False, background: TerminalBackground | None = None) -> None:
        """`background` has been asked for, and may have read the beginning of the input."""
        super().__init__(debug)
        self._guard = PasteGuard()
        self._background = background or TerminalBackground()

    def feed(self, data: str) -> Iterable[Message]:
        """Parse the next piece of input; "" is the end of all input."""
        if not data:
            return super().feed("")
        return self._passed_on(self._background.take_read() + data)

    def tick(self) -> Iterable[Message]:
        """Parse what has waited for long enough; called many times a second."""
        yield from super().tick()
        yield from self._passed_on(self._background.take_read())
        if held := self._background.answer.let_go():
            yield from super().feed(held)

    def _passed_on(self, data: str) -> Iterable[Message]:
        answer = self._background.answer
        passed = answer.take_out(self._guard.clean(data))
        # An empty piece that was not the end must not be taken for it.
        if passed:
            yield from super().feed(passed)
        if answer.dark not in (None, self._background.dark):
            self._background.dark = answer.dark
            yield self.BackgroundTold()


def install(background: TerminalBackground | None = None) -> None:
    """Have the driver read through the guard. Textual offers no other place to stand between terminal and parser."""
    linux_driver.XTermParser = partial(GuardedParser, background=background)  # type: ignore[attr-defined,assignment]
