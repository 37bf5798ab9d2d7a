"""Prints what it costs to take orders from a paste, against `csv.reader` over the same text.

    python -m tests.bench.bench_basket [lines ...]

The ratios hold on any machine, milliseconds don't. "longest pause" is the longest time that the event loop did not turn
while the text was recognised, checked and put into the basket, and while it was written to the disk.
"""

from __future__ import annotations

import asyncio
import csv
import gc
import io
import sys
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from smmtui.desk.desk import Desk
from smmtui.domain.basket import Surroundings, check
from smmtui.domain.basket_text import recognise
from smmtui.domain.catalog import Catalog
from smmtui.domain.records import Service
from tests.desk.support import Rig

SERVICES = Catalog(
    [Service(str(n), f"Service {n}", rate=Decimal(n) / 100, min=10, max=100_000) for n in range(1, 5000)]
)
BEST_OF = 3
TICK = 0.001


def text_of(lines: int) -> str:
    """Return so many lines as people paste them: both orders of the columns, duplicates, bad ones, some quoted."""
    spellings = (
        "{service} | https://instagram.com/p/{n} | 100",
        "{service} | 250 | https://instagram.com/p/{n}",
        '{service} | "https://tiktok.com/@user/video/{n}" | 1.5k',
        "{service} | https://t.me/same | 100",
        "{service} | https://youtu.be/{n} | 3",
    )
    rows = (spellings[n % len(spellings)].format(service=n % 5200 + 1, n=n) for n in range(lines))
    return "\n".join(rows)


def seconds(call: Callable[[], object]) -> float:
    """Return the least time of a few calls."""
    times = []
    for _ in range(BEST_OF):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return min(times)


async def longest_pause(work: Callable[[], object], desk: Desk) -> float:
    """Return the longest time in which the loop did not turn while the basket took something in and was saved."""
    worst, last, done = 0.0, time.perf_counter(), asyncio.Event()

    async def watch() -> None:
        nonlocal worst, last
        while not done.is_set():
            await asyncio.sleep(TICK)
            now = time.perf_counter()
            worst, last = max(worst, now - last - TICK), now

    watching = asyncio.create_task(watch())
    await asyncio.sleep(0.1)
    worst = 0.0
    result = work()
    if asyncio.iscoroutine(result):
        await result
    await desk.basket._rows.flush()
    done.set()
    await watching
    return worst


async def pauses(text: str) -> dict[str, float]:
    """Return the longest pause of each thing that a user does to a large basket."""
    with tempfile.TemporaryDirectory() as folder:
        rig, _ = Rig.on_demo(Path(folder))
        async with rig.desk(online=False) as desk:
            desk.catalog = SERVICES
            gc.collect()
            gc.freeze()

            async def paste() -> None:
                await desk.basket.take(await desk.basket.recognise(text))

            found = {"paste": await longest_pause(paste, desk)}
            key = desk.basket.rows[0].key
            edited = {"link": "https://a.test/1", "quantity": "50"}
            found["edit a row"] = await longest_pause(lambda: desk.basket.edit(key, "1", edited), desk)
            found["remove a row"] = await longest_pause(lambda: desk.basket.remove([key]), desk)
            return found


def report(lines: int) -> None:
    """Print the table for so many lines."""
    text = text_of(lines)
    yardstick = seconds(lambda: list(csv.reader(io.StringIO(text), delimiter="|", skipinitialspace=True)))
    reading = seconds(lambda: recognise(text, SERVICES))
    rows = recognise(text, SERVICES).rows
    around = Surroundings(SERVICES)
    checking = seconds(lambda: check(rows, around))
    known = check(rows, around)
    again = seconds(lambda: check(rows, around, known))
    print(f"{lines:,} lines, {len(text):,} characters: csv.reader {yardstick * 1e3:.1f} ms")
    for name, took in (("recognised", reading), ("checked", checking), ("checked again, unchanged", again)):
        print(f"  {name:<26} {took * 1e3:8.1f} ms  {took / yardstick:6.1f} x")
    for name, pause in asyncio.run(pauses(text)).items():
        print(f"  longest pause: {name:<11} {pause * 1e3:8.1f} ms  {pause / yardstick:6.1f} x")


def main(*counts: int) -> None:
    """Print a table for each number of lines."""
    for count in counts or (500, 10_000):
        report(count)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
