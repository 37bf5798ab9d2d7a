"""A second smmtui: orders, and may be killed or meet a full disk on the way.

Run as `python -m tests.journal.child FOLDER MODE NUMBER`. What reaches the panel goes to the file `wire` in FOLDER,
one `link id` per line, so that the test can compare the panel's books with the journal.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from smmtui.domain.clock import SystemClock
from smmtui.errors import JournalError
from smmtui.journal.journal import Journal
from tests.journal.support import accepted, draft


class Steps:
    """Kills this process at the given step: a statement of SQLite, a write or a sync."""

    def __init__(self, last: int) -> None:
        self._left = last

    def step(self, *_: object) -> None:
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def before(self, call: Callable[..., Any]) -> Callable[..., Any]:
        """The call, with a step before it; a write first puts half of its bytes down."""

        def counted(descriptor: int, *rest: bytes) -> Any:
            if self._left == 1 and rest:
                call(descriptor, rest[0][: len(rest[0]) // 2])
            self.step()
            return call(descriptor, *rest)

        return counted


def order(journal: Journal, wire: Path, link: str, id: str) -> None:
    """One whole order, the panel being the file `wire`."""
    sent = journal.intend(draft(link))
    with wire.open("a") as file:
        file.write(f"{link} {id}\n")
    journal.conclude(sent.uuid, accepted(id))


def killed_at(folder: Path, step: int) -> None:
    """Order until the step comes; exit 0 where it did not within one order."""
    journal = Journal.open(folder, clock=SystemClock())
    steps = Steps(step)
    journal._database._connection.set_trace_callback(steps.step)
    os.write, os.fsync = steps.before(os.write), steps.before(os.fsync)
    order(journal, folder / "wire", f"link-{step}", f"{step}")


def killed_any_time(folder: Path, run: int) -> None:
    """Order on and on, until killed from outside."""
    journal = Journal.open(folder, clock=SystemClock())
    print("open", flush=True)
    for number in range(100_000):
        order(journal, folder / "wire", f"link-{run}-{number}", f"{run}{number:06}")


def holding(folder: Path, _: int) -> None:
    """Be sending one order, until killed from outside."""
    journal = Journal.open(folder, clock=SystemClock())
    print(journal.intend(draft("held")).uuid, flush=True)
    time.sleep(600)


def sending_the_queue(folder: Path, _: int) -> None:
    """Start every queued order that is not taken yet, and print its link."""
    journal = Journal.open(folder, clock=SystemClock())
    print("ready", flush=True)
    sys.stdin.readline()
    for queued in journal.orders()[::-1]:
        if journal.start_sending(queued.uuid) is not None:
            print(queued.link, flush=True)
    journal.close()


def out_of_room(folder: Path, extra: int) -> None:
    """Order while no file may grow beyond what the journal has now, plus `extra` bytes."""
    journal = Journal.open(folder, clock=SystemClock())
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    largest = max(path.stat().st_size for path in folder.iterdir())
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest + extra, largest + extra))
    for number in range(1000):
        try:
            order(journal, folder / "wire", f"full-{extra}-{number}", f"{extra}{number:06}")
        except JournalError as error:
            print(error, flush=True)
            break
    journal.close()


if __name__ == "__main__":
    modes = (killed_at, killed_any_time, holding, sending_the_queue, out_of_room)
    {mode.__name__: mode for mode in modes}[sys.argv[2]](Path(sys.argv[1]), int(sys.argv[3]))
