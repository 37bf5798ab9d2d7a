"""One account of a user: its configuration, its folders, and smmtui run on it as a user runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from smmtui.domain.clock import SystemClock
from smmtui.domain.records import Draft, Order, Outcome, Service, State
from smmtui.journal.journal import Journal

KEY = "sk-0123456789abcdefghij"
_PATIENCE = 60.0


class Account:
    """The account "main" of a user whose home is `home`; nothing but the configuration exists in the beginning."""

    def __init__(self, home: Path, settings: str = f'key = "{KEY}"\n') -> None:
        self.home = home
        self.config = home / ".config" / "smmtui" / "config.toml"
        self.data = home / ".local" / "share" / "smmtui" / "main"
        self.cache = home / ".cache" / "smmtui" / "main"
        folders = {f"XDG_{name}_HOME": str(home / path) for name, path in _XDG.items()}
        self.environ = {**folders, "HOME": str(home), "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
        self.config.parent.mkdir(parents=True)
        self.configure("https://panel.example/api/v2", settings)

    def configure(self, url: str, settings: str) -> None:
        """Write the configuration: the panel's address and further lines."""
        self.config.write_text(f'[profiles.main]\nurl = "{url}"\naccount = "main"\n{settings}')
        self.config.chmod(0o600)

    def run(self, *words: str, python: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
        """Run smmtui with these words to its end; the line ends of its output are kept."""
        command = [sys.executable, *python, "-m", "smmtui", *words]
        done = subprocess.run(
            command, env=self.environ, stdin=subprocess.DEVNULL, capture_output=True, timeout=_PATIENCE
        )
        return subprocess.CompletedProcess(command, done.returncode, done.stdout.decode(), done.stderr.decode())

    @contextmanager
    def journal(self) -> Iterator[Journal]:
        """The journal, opened as a window opens it."""
        journal = Journal.open(self.data, clock=SystemClock())
        try:
            yield journal
        finally:
            journal.close()

    def files(self) -> dict[str, tuple[bytes, int]]:
        """Every file below the home with its content and mode."""
        return {str(path): (path.read_bytes(), path.stat().st_mode) for path in self.home.rglob("*") if path.is_file()}


_XDG = {"CONFIG": ".config", "DATA": ".local/share", "STATE": ".local/state", "CACHE": ".cache"}


def draft(link: str = "https://example.com/p/1") -> Draft:
    """An order of 1000 likes for the link."""
    fields = (("service", "17"), ("link", link), ("quantity", "1000"))
    return Draft(Service("17", "Likes"), link, fields, quantity=1000, currency="USD")


def place(journal: Journal, link: str, id: str) -> Order:
    """An order that the panel took."""
    return journal.conclude(journal.intend(draft(link)).uuid, Outcome(State.ACCEPTED, id=id, status=200))
