"""A file in a folder that may not be searched, also for root, to whom nothing is closed."""

from __future__ import annotations

import errno
import io
import os
from pathlib import Path
from typing import Any

import pytest


def close(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the system refuse every look at this path."""

    def refuse(seen: object) -> None:
        if isinstance(seen, str | Path) and Path(seen) == path:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))

    def refusing(real: Any) -> Any:
        def called(seen: Any, *args: Any, **kwargs: Any) -> Any:
            refuse(seen)
            return real(seen, *args, **kwargs)

        return called

    monkeypatch.setattr(os, "stat", refusing(os.stat))
    monkeypatch.setattr(io, "open", refusing(io.open))
