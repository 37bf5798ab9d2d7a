"""Files that the user names: read whole, as text, or refused in words."""

from __future__ import annotations

import codecs
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from smmtui.words import _

LARGEST = 8 * 1024 * 1024
"""Bytes; 10,000 orders take one or two million."""

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True, slots=True)
class ReadFile:
    """What a file holds; where it could not be read, `trouble` says why in words and `text` is ""."""

    path: Path
    text: str = ""
    trouble: str = ""


def read_file(typed: str) -> ReadFile:
    """Read the file of this path, `~` being the home folder; it blocks, so call it in a thread.

    UTF-8, or UTF-16 where the file begins with its mark, as spreadsheets write it.
    """
    path = Path(typed)
    try:
        path = path.expanduser()
        # A named pipe would be waited for, a device never ends.
        if not stat.S_ISREG(path.stat().st_mode):
            return ReadFile(path, trouble=_("This is not a file."))
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except FileNotFoundError:
        return ReadFile(path, trouble=_("There is no such file."))
    except PermissionError:
        return ReadFile(path, trouble=_("You are not allowed to read this file."))
    except (OSError, ValueError, RuntimeError) as error:
        words = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)
        return ReadFile(path, trouble=_("It could not be read: {reason}.", reason=words))
    if len(data) > LARGEST:
        size = LARGEST // 1024 // 1024
        return ReadFile(path, trouble=_("It is larger than {size} MiB: open it in parts.", size=size))
    return _decoded(path, data)


def _decoded(path: Path, data: bytes) -> ReadFile:
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    try:
        return ReadFile(path, data.decode(encoding))
    except UnicodeDecodeError:
        return ReadFile(path, trouble=_("It is not text in UTF-8: save it as “CSV UTF-8” and open it again."))
