"""Standard output as a place that others read: a file, a program or a terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable

from smmtui.domain.foreign_text import terminal_safe
from smmtui.words import _


def write_out(lines: Iterable[str]) -> int:
    """Write the lines, each with its own line end, and return 0; 1 where not all could be written, which is said.

    They are UTF-8 and written to the letter, but to a terminal, which gets them one by one and without what it would
    obey.
    """
    terminal = sys.stdout.isatty()
    try:
        for line in lines:
            sys.stdout.buffer.write((terminal_safe(line) if terminal else line).encode("utf-8", "replace"))
            if terminal:
                sys.stdout.buffer.flush()
        sys.stdout.buffer.flush()
    except OSError as error:
        # Else Python tries again when it closes the stream, and complains in its own words.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        # Whoever reads from a pipe, such as head, may have seen enough.
        if not isinstance(error, BrokenPipeError):
            said = _("standard output could not be written ({why}): what is there is not whole.", why=error.strerror)
            print(f"smmtui: {said}", file=sys.stderr)
        return 1
    return 0
