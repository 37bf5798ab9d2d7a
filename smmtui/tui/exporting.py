"""Rows into a file that the user names, as CSV, as JSON, or as JSON lines."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from smmtui.durable import write_new
from smmtui.tui.row_kind import RowKind
from smmtui.words import _


def suggested_name(kind: RowKind[Any], now: datetime) -> str:
    """Return a name in the current folder that no file has yet: "orders-2026-03-14.csv"."""
    stem = f"{kind.name}-{now.astimezone():%Y-%m-%d}"
    number, name = 1, f"{stem}.csv"
    while Path(name).exists():
        number += 1
        name = f"{stem}-{number}.csv"
    return name


def export(kind: RowKind[Any], rows: Sequence[Any], typed: str) -> Path:
    """Write the rows to a new file, mode 0600, and return its whole path; it blocks, so call it in a thread.

    The ending of the name decides: CSV, JSON as one array, or JSON lines. Raises ValueError in words
    that can be shown; then there is no such file, and whatever was there is untouched.
    """
    try:
        path = Path(typed).expanduser().absolute()
    except RuntimeError:
        raise ValueError(_("There is no such home folder.")) from None
    lines_of = kind.forms.get(path.suffix.lower())
    if lines_of is None:
        *others, last = kind.forms
        endings = _(" or ").join(filter(None, (", ".join(others), last)))
        raise ValueError(_("The name has to end in {endings}.", endings=endings))
    try:
        write_new(path, "".join(lines_of(rows)).encode("utf-8", "replace"))
    except FileExistsError:
        text = _("There is a file of this name already; nothing was overwritten. Choose another one.")
        raise ValueError(text) from None
    except FileNotFoundError:
        raise ValueError(_("There is no such folder.")) from None
    except PermissionError:
        raise ValueError(_("You are not allowed to write there.")) from None
    except (OSError, ValueError) as error:
        words = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)
        raise ValueError(_("It could not be written: {reason}.", reason=words)) from None
    return path
