"""How a fault is told: where it happened, without the values of variables and without the key, and where to look."""

from __future__ import annotations

import sys
import threading
import traceback
from types import TracebackType

from smmtui.config import Start
from smmtui.domain.foreign_text import terminal_safe


class Faults:
    """Prints on standard error what nobody caught, in this thread, in another one or while an object was deleted."""

    def __init__(self) -> None:
        self._start: Start | None = None

    def install(self) -> None:
        """Take the place of Python's own printing of faults."""
        sys.excepthook = self._ended
        threading.excepthook = lambda fault: self._print(fault.exc_value)
        sys.unraisablehook = lambda fault: self._print(fault.exc_value)

    def started(self, start: Start) -> None:
        """Note which key is to be masked from now on, and where the orders are."""
        self._start = start

    def text(self, error: BaseException) -> str:
        """Return the error with its causes and where each came from, the key masked, safe for a terminal."""
        if self._start is None:
            # Nobody can mask a key that is not known yet, and any message could hold it.
            told = "".join([*traceback.format_tb(error.__traceback__), f"{type(error).__name__}\n"])
        else:
            told = self._start.key.mask("".join(traceback.format_exception(error)))
        return terminal_safe(told)

    def tell(self, error: BaseException) -> None:
        """Print the fault that ended the program, and where to look for what was under way."""
        self._print(error)
        words = f"smmtui ended because of a fault of its own, shown above without your key.{self._where()}"
        print(words, file=sys.stderr)

    def _where(self) -> str:
        if self._start is None or self._start.profile.demo:
            return ""
        journal = terminal_safe(str(self._start.paths.journal(self._start.profile.account)))
        return f" Your orders are in {journal}; one that was being sent is shown as unknown at the next start."

    def _ended(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if not issubclass(kind, KeyboardInterrupt):
            self.tell(error)

    def _print(self, error: BaseException | None) -> None:
        if error is not None:
            print(self.text(error), end="", file=sys.stderr)
