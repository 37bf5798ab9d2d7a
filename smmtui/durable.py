"""Writing that survives a power cut: folders and files for this user only, whole or not at all."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

_STALE_SECONDS = 3600


def private_folder(path: Path) -> Path:
    """Create the folder, closed to everyone else, and return it; raises OSError."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.chmod(0o700)
    return path


def sync(descriptor: int) -> None:
    """Return when the file's bytes are on the medium; raises OSError."""
    # On macOS fsync stops at the drive's cache; only F_FULLFSYNC empties that.
    if sys.platform == "darwin":
        import fcntl

        fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
    else:
        os.fsync(descriptor)


def sync_folder(path: Path) -> None:
    """Return when the names in the folder are on the medium; raises OSError."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        sync(descriptor)
    finally:
        os.close(descriptor)


def write_whole(path: Path, data: bytes) -> None:
    """Replace the file by `data`, mode 0600: a reader and a crash see the old bytes or the new ones; raises OSError."""
    _sweep(path)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".new")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            sync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise
    sync_folder(path.parent)


def write_new(path: Path, data: bytes) -> None:
    """Write a file as `write_whole` does; raises FileExistsError, and leaves it alone, where there is one already."""
    # The name is taken first, in one step, so that no file that comes in between is replaced.
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        write_whole(path, data)
    except BaseException:
        with suppress(OSError):
            os.unlink(path)
        raise


def _sweep(path: Path) -> None:
    """Remove what a kill in mid-write left behind; a younger file may be another window's, still being written."""
    for leftover in path.parent.glob(f".{path.name}.*.new"):
        with suppress(OSError):
            if time.time() - leftover.stat().st_mtime > _STALE_SECONDS:
                leftover.unlink()
