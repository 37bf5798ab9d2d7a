"""The test's end of `tests.faults.placer`: start a placer, kill it, see how it ended."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Self

PROJECT = Path(__file__).parents[2]


class Placers:
    """The process that forks placers, for as long as the `with` block lasts; those that still run are killed then."""

    def __init__(self) -> None:
        self._running: set[int] = set()

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "tests.faults.placer"]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, cwd=PROJECT, stdin=pipe, stdout=pipe, text=True)
        assert self._answer() == "ready"
        return self

    def __exit__(self, *_: object) -> None:
        for pid in list(self._running):
            self.kill(pid)
        with self._process as process:
            process.communicate(timeout=10)

    def start(self, role: str, **given: object) -> int:
        """Start a placer in one of the roles of `tests.faults.placer` and return its process id."""
        pid = int(self._ask({"role": role, **given}))
        self._running.add(pid)
        return pid

    def kill(self, pid: int) -> int:
        """Kill a placer, unless it has ended already, and return how it ended."""
        os.kill(pid, signal.SIGKILL)
        return self.wait(pid)

    def wait(self, pid: int) -> int:
        """Return how a placer ended: its exit code, or the negative number of the signal that killed it."""
        self._running.discard(pid)
        return int(self._ask({"wait": pid}))

    def _ask(self, question: Mapping[str, object]) -> str:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(question, default=str) + "\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()
