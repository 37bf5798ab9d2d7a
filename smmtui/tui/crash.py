"""How a fault is told: in a file, without the values of variables and without the key; on the screen, where that is."""

from __future__ import annotations

import os
import sys
import threading
import traceback
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from smmtui import __version__
from smmtui.config import Paths, Start
from smmtui.domain.foreign_text import terminal_safe
from smmtui.durable import private_folder, write_whole
from smmtui.secret import Secret
from smmtui.words import _

_KEPT = 5


class Faults:
    """Tells what nobody caught, in this thread, in another one or while an object was deleted.

    Each fault gets a file in the state folder, of which the newest five are kept. Where that cannot be written, and on
    the demo panel, which leaves nothing behind, it is printed on standard error.
    """

    def __init__(self) -> None:
        self._start: Start | None = None
        self._keys: list[Secret] = []
        self._typed: Secret | None = None
        self.last_words: list[str] = []
        """What could not be printed, since the screen was in use; for the end."""

    def install(self) -> None:
        """Take the place of Python's own printing of faults."""
        sys.excepthook = self._ended
        threading.excepthook = lambda fault: self._survived(fault.exc_value)
        sys.unraisablehook = lambda fault: self._survived(fault.exc_value)

    def started(self, start: Start) -> None:
        """Note a key that is to be masked from now on, and where the orders are."""
        self._start = start
        if start.key not in self._keys:
            self._keys.append(start.key)

    def mask(self, key: Secret) -> None:
        """Mask a key that is being typed too, in place of what it was before."""
        self._typed = key

    def masked(self, text: str) -> str:
        """Return the text without any key of this run."""
        return Secret.mask_all([key for key in (self._typed, *self._keys) if key is not None], text)

    def text(self, error: BaseException) -> str:
        """Return the error with its causes and where each came from, the key masked, safe for a terminal."""
        if not self._keys:
            # Nobody can mask a key that is not known yet, and any message could hold it.
            told = "".join([*traceback.format_tb(error.__traceback__), f"{type(error).__name__}\n"])
        else:
            told = self.masked("".join(traceback.format_exception(error)))
        return terminal_safe(told)

    def tell(self, error: BaseException, said: Sequence[str] = ()) -> None:
        """Tell of the fault that ended the program, and where to look for what was under way.

        `said` are the titles of what the user was told before, newest first.
        """
        file = self._written(error, said)
        if file is None:
            print(self.text(error), end="", file=sys.stderr)
            words = _("smmtui ended because of a fault of its own, shown above without your key.")
        else:
            words = _("smmtui ended because of a fault of its own, written down without your key in {file}.", file=file)
        print(" ".join(filter(None, (words, self._where()))), file=sys.stderr)

    def _where(self) -> str:
        if self._start is None or self._start.profile.demo:
            return ""
        journal = terminal_safe(str(self._start.paths.journal(self._start.profile.account)))
        return _(
            "Your orders are in {journal}; one that was being sent is shown as unknown at the next start.",
            journal=journal,
        )

    def _ended(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if not issubclass(kind, KeyboardInterrupt):
            self.tell(error)

    def _survived(self, error: BaseException | None) -> None:
        """Tell of a fault that did not end the program."""
        if error is None:
            return
        file = self._written(error, ())
        told = self.text(error).rstrip()
        if file is not None:
            told = _("a fault of its own is written down without your key in {file}.", file=file)
        # While the screen is in use, what is printed goes nowhere.
        if sys.stderr is sys.__stderr__:
            print(f"smmtui: {told}", file=sys.stderr)
        else:
            self.last_words.append(told)

    def _written(self, error: BaseException, said: Sequence[str]) -> str | None:
        """Write the fault down and return the file's path, None where there is no file."""
        if self._start is not None and self._start.profile.demo:
            return None
        now = datetime.now(UTC)
        lines = (*_surroundings(now), "", self.text(error).rstrip(), "", *self._titles(said))
        try:
            folder = private_folder((self._start.paths if self._start else Paths.of_platform()).state)
            file = folder / f"crash-{now:%Y%m%dT%H%M%S-%f}Z.txt"
            write_whole(file, "\n".join(lines).encode("utf-8", "replace") + b"\n")
            _sweep(folder)
        except OSError:
            return None
        return terminal_safe(str(file))

    def _titles(self, said: Sequence[str]) -> list[str]:
        return ["Said before, newest first:", *(terminal_safe(self.masked(title)) for title in said)] if said else []


def _surroundings(now: datetime) -> tuple[str, ...]:
    """What a report of a fault needs besides the fault; in English, for it is sent to those who mend it."""
    # Only now: nothing that is needed in the worst case is to hold up the start.
    import platform
    import shutil

    columns, rows = shutil.get_terminal_size((0, 0))
    return (
        f"smmtui {__version__}, {now:%Y-%m-%d %H:%M:%S} UTC",
        f"Python {platform.python_version()} on {platform.platform()}",
        terminal_safe(f"terminal {os.environ.get('TERM', '')} of {columns} × {rows}"),
    )


def _sweep(folder: Path) -> None:
    for old in sorted(folder.glob("crash-*.txt"))[:-_KEPT]:
        old.unlink(missing_ok=True)
