"""The longest pause of the event loop while a catalogue is downloaded, decoded, indexed and shown, keys being pressed.

    python -m tests.bench.bench_pauses [rows ...]

The app shows a catalogue of as many services when `r` is pressed; every one of them is replaced. A beat in the app's
own loop writes down whenever it comes late, whether another callback or another thread held it up.
"""

from __future__ import annotations

import re
import sys
from itertools import cycle
from pathlib import Path
from typing import NamedTuple

from tests.bench.home import home
from tests.bench.pty import Program
from tests.bench.report import limit

RUNS = 5
TARGETS = {10_000: 33.0, 100_000: 50.0}
PAUSE_LOG = str(Path(__file__).with_name("pause_log.py"))
KEYS = (b"\x1b[B", b"\x1b[B", b"\x1b[6~", b"\x1b[A")


class Seen(NamedTuple):
    """What one refresh did to the loop: its longest pause, and how long it took, both in milliseconds."""

    longest: float
    took: float


def refreshed(rows: int) -> Seen:
    """Have a catalogue replaced while keys are pressed."""
    with home(rows + 1) as place:
        place.cache(rows)
        log = place.folder / "pauses"
        with Program([sys.executable, PAUSE_LOG, str(log)], place.env) as program:
            program.wait(rf"(?<!of ){rows:,} services *$", r"100\.50")
            program.catch_up()
            since = until = program.press(b"r")
            for key in cycle(KEYS):
                program.catch_up()
                if re.search(rf"\b{rows + 1:,} services", program.text):
                    break
                until = program.press(key)
            program.catch_up()
        beats = [tuple(map(float, each.split())) for each in log.read_text().splitlines()]
    late = [length * 1000 for at, length in beats if at > since]
    return Seen(max(late, default=0.0), (until - since) * 1000)


def main(*sizes: int) -> None:
    """Print for each size the longest pause of a run, as the median of some runs, and that of each run."""
    for rows in sizes or (10_000, 100_000):
        runs = [refreshed(rows) for _ in range(RUNS)]
        worst = sorted(run.longest for run in runs)
        limit(f"longest pause, {rows:,} services", worst[len(worst) // 2], TARGETS.get(rows, 50.0))
        print(
            f"  each run: {', '.join(f'{each:.0f}' for each in worst)} ms;"
            f" the refresh took {min(run.took for run in runs):.0f} ms and more"
        )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
