"""The fault server as a process of its own, for tests that kill the client."""

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Self

from tests.faults.controls import Command, Controls
from tests.faults.ledger import Ledger

PROJECT = Path(__file__).parents[2]


class FaultProcess(Controls):
    """`python -m tests.faults.server`, from start to end of the `with` block; the same words as FaultServer has.

    `options` are those of the command line: `FaultProcess(file, first_order=5, lifetime=60)`.
    """

    def __init__(self, ledger: Path, **options: object) -> None:
        self._file = ledger
        self._options = [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
        self.url = ""
        """The API's address, once started."""
        self.control_url = ""

    @property
    def ledger(self) -> Ledger:
        """What the ledger file says now."""
        return Ledger.read(self._file)

    def wait_for(self, condition: Callable[[Ledger], object], timeout: float = 10) -> None:
        """Block until the ledger is as wanted; TimeoutError after `timeout` seconds."""
        deadline = time.monotonic() + timeout
        while not condition(self.ledger):
            if time.monotonic() > deadline:
                raise TimeoutError("the ledger never came to that state")
            time.sleep(0.01)

    def command(self, command: Command) -> None:
        request = urllib.request.Request(self.control_url, json.dumps(command).encode(), method="POST")  # noqa: S310 - our own http URL
        try:
            with urllib.request.urlopen(request, timeout=10):  # noqa: S310 - our own http URL
                pass
        except urllib.error.HTTPError as refusal:
            with refusal:
                raise ValueError(refusal.read().decode()) from None

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.server", f"--ledger={self._file}", *self._options],
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,  # signals to the group of the client under test are not meant for it
        )
        assert self._process.stdout
        self.url = self._process.stdout.readline().strip()
        self.control_url = self._process.stdout.readline().strip()
        if not self.control_url:
            self.__exit__()
            raise RuntimeError("the fault server did not start")
        return self

    def __exit__(self, *exc: object) -> None:
        with self._process as process:  # closes its standard input, which ends it
            try:
                process.communicate(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
