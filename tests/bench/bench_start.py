"""What a start costs until the shell, and until the rows of the last catalogue, are on the screen.

    python -m tests.bench.bench_start [runs]

Compared with a Textual app of one Static in the same run, the programs taking turns. That the HTTP library is loaded
after the rows were painted is seen in the program itself, in starts that are not measured.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import NamedTuple

from tests.bench.home import Home, home
from tests.bench.pty import Program
from tests.bench.report import line, ms

RUNS = 21
SIZES = (0, 10_000, 100_000)
SHELL = ("◌ opening",)
HERE = Path(__file__).parent
MINIMAL = (sys.executable, str(HERE / "minimal.py"))


class Start(NamedTuple):
    """Seconds from the spawn until the frame, the first rows, and the whole catalogue with its count were there.

    Without a catalogue all three are the frame's.
    """

    shell: float
    rows: float
    whole: float


def screens(rows: int) -> list[tuple[str, ...]]:
    """What stands on the screen at each of these moments."""
    first = r"^[▌▏] +1 "
    return [SHELL, (first,), (first, rf"(?<!of ){rows:,} services *$")] if rows else [SHELL] * 3


def started(home: Home, rows: int) -> Start:
    """Start smmtui once with a catalogue of so many services kept, or none."""
    home.cache(rows)
    with Program(home.command, home.env) as program:
        return Start(*program.wait_each(*screens(rows)))


def imported(home: Home, rows: int) -> tuple[float, float, float]:
    """Return when the shell and the rows were painted, and when the HTTP library began to be loaded."""
    home.cache(rows)
    log = home.folder / "imports"
    with Program([sys.executable, str(HERE / "import_log.py"), str(log)], home.env) as program:
        # That it has been loaded shows on the screen only when the panel has answered.
        shell, painted, _, _ = program.wait_each(*screens(rows), (r"100\.50",))
        return shell, painted, float(log.read_text()) - program.spawned


def peer(command: tuple[str, ...], home: Home, pattern: str) -> float:
    """Return the seconds until another program has painted."""
    env = {name: value for name, value in home.env.items() if name != "PYTHONPATH"}
    with Program(command, env) as program:
        return program.wait(pattern)


def main(runs: int = RUNS) -> None:
    """Print one table."""
    posting = shutil.which("posting")
    starts: dict[int, list[Start]] = {rows: [] for rows in SIZES}
    minimal: list[float] = []
    others: list[float] = []
    with home() as place:
        # Once for nothing, so that every file has been read and compiled.
        started(place, SIZES[0]), peer(MINIMAL, place, "painted")
        for _ in range(runs):
            for rows in SIZES:
                minimal.append(peer(MINIMAL, place, "painted"))
                starts[rows].append(started(place, rows))
            if posting is not None:
                others.append(peer((posting,), place, "\\^p Commands"))
        logs = [imported(place, 10_000) for _ in range(2)]
    yardstick = ms(minimal)
    for rows in SIZES:
        line(f"shell painted, {rows:,} services kept", ms([s.shell for s in starts[rows]]), "minimal", yardstick, 1.15)
    for rows, target in ((10_000, 1.5), (100_000, 3.0)):
        line(f"{rows:,} rows painted", ms([s.rows for s in starts[rows]]), "minimal", yardstick, target)
    line("10,000 rows painted", ms([s.rows for s in starts[10_000]]), "posting", ms(others) if others else None, 0.5)
    for rows in SIZES[1:]:
        print(f"all {rows:,} services read and searchable after {ms([s.whole for s in starts[rows]]):.0f} ms")
    for shell, painted, loaded in logs:
        verdict = "met" if shell < painted < loaded else "NOT MET"
        print(
            f"httpx loaded {(loaded - shell) * 1e3:.0f} ms after the shell, {(loaded - painted) * 1e3:.0f} ms after"
            f" the rows were painted: {verdict}"
        )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
