"""The most memory that the app has had, beside a Textual app of one Static in the same run (Linux).

    python -m tests.bench.bench_memory [rows ...]

"kept" starts with a catalogue in the cache folder, "downloaded" has to fetch it; both have the HTTP library loaded and
the panel's balance on the screen.
"""

from __future__ import annotations

import sys
from statistics import median

from tests.bench.bench_start import MINIMAL
from tests.bench.home import Home, home
from tests.bench.pty import Program
from tests.bench.report import line

RUNS = 3
TARGETS = {10_000: 2.0, 100_000: 6.0}
MIB = 1024 * 1024


def peak(command: list[str], home: Home, *patterns: str) -> int:
    """Return the most memory that a program has had until the screen showed all of these."""
    with Program(command, home.env) as program:
        program.wait(*patterns)
        # What follows the last paint: freeing, the next tick of a clock.
        program.catch_up()
        return program.peak_memory()


def main(*sizes: int) -> None:
    """Print one table."""
    with home() as place:
        minimal = median(peak(list(MINIMAL), place, "painted") for _ in range(RUNS)) / MIB
    for rows in sizes or (10_000, 100_000):
        seen = (rf"(?<!of ){rows:,} services *$", r"100\.50")
        with home(rows) as place:
            for how, kept in (("kept", rows), ("downloaded", 0)):
                peaks = []
                for _ in range(RUNS):
                    place.cache(kept)
                    peaks.append(peak(place.command, place, *seen))
                line(f"{rows:,} services {how}", median(peaks) / MIB, "minimal", minimal, TARGETS.get(rows, 6.0), "MiB")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
