"""What a pass over 10,000 running orders costs: processor time beside bare httpx, pauses of the loop, keys meanwhile.

    python -m tests.bench.bench_refresh [orders]

The panel lives in a process of its own and our pace is off, so a pass is a hundred requests as fast as they come. The
yardstick makes the same requests with `httpx.AsyncClient` and decodes what comes with `json`; it and the passes take
turns. In the second half the whole app runs in a terminal and shows the orders.
"""

from __future__ import annotations

import asyncio
import gc
import json
import re
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median

import httpx

from smmtui.config import Profile
from smmtui.desk.desk import Desk
from smmtui.desk.topics import Topic, Wanted
from smmtui.domain.clock import SystemClock
from smmtui.domain.records import Tracked
from smmtui.domain.tracking import advance
from smmtui.journal.journal import Journal
from smmtui.journal.snapshot import Snapshot
from smmtui.panel.client import PanelClient
from smmtui.panel.wire import read_order_status, read_services
from smmtui.secret import Secret
from tests.bench.bench_pauses import PAUSE_LOG
from tests.bench.home import ACCOUNT, KEY, Home
from tests.bench.orders_panel import orders_panel, status_row
from tests.bench.pty import Program
from tests.bench.report import limit, line, ms

ORDERS = 10_000
BATCH = 100
RUNS = 9
KEYS = 15
FIRST_ID = 100_000
MONTH = timedelta(days=30)
DOWN = b"\x1b[B"
CURSOR = r"^[▌▏]\S* *(?:★ *)?{id} "


def ids(count: int) -> list[str]:
    """The panel's ids of the orders."""
    return [str(FIRST_ID + number) for number in range(count)]


def remember(folder: Path, count: int) -> None:
    """Fill a journal with running orders of the last month, of which the panel has nothing new to say."""
    clock = SystemClock()
    journal, now = Journal.open(folder, clock=clock), clock.now()
    orders = journal.track(
        [
            Tracked(id, "1", "Followers", f"https://example.com/{id}", 1_000, now - MONTH * (count - number) / count)
            for number, id in enumerate(ids(count))
        ]
    )
    said = {id: read_order_status(json.loads(status_row(id))) for id in ids(count)}
    journal.record([advance(order, said[order.id or ""], order.placed) for order in orders], now)
    journal.close()


# ── the desk alone ────────────────────────────────────────────────────────────────────────────────────────────────


@asynccontextmanager
async def desk_at(url: str, folder: Path) -> AsyncIterator[Desk]:
    """A desk that has every order's status, and as few objects for the collector as the app leaves it."""
    profile = Profile("bench", ACCOUNT, url, requests_per_minute=1_000_000_000, burst=1_000_000_000)
    clock = SystemClock()
    desk = Desk(
        profile,
        clock,
        lambda: Journal.open(folder / "data", clock=clock),
        Snapshot(folder / "cache"),
        lambda: PanelClient(profile, Secret(KEY)),
        read_services,
    )
    try:
        await desk.open()
        desk.go_online()
        await idle(desk)
        await one_pass(desk)
        gc.collect()
        gc.freeze()
        yield desk
    finally:
        await desk.close()


async def idle(desk: Desk) -> None:
    """Return once the refresh loop waits for its next pass."""
    # No event tells that; a look at it costs next to nothing.
    while desk.next_refresh is None:  # noqa: ASYNC110
        await asyncio.sleep(0.01)


async def one_pass(desk: Desk) -> float:
    """Press refresh; return the processor time until every order was asked for."""
    await idle(desk)
    began = time.process_time()
    desk.refresh(Wanted.ORDERS)
    await idle(desk)
    return time.process_time() - began


async def bare(client: httpx.AsyncClient, url: str, count: int) -> float:
    """Make the same requests; return their processor time."""
    began, wanted = time.process_time(), ids(count)
    for start in range(0, count, BATCH):
        fields = {"key": KEY, "action": "status", "orders": ",".join(wanted[start : start + BATCH])}
        (await client.post(url, data=fields)).json()
    return time.process_time() - began


async def longest_pause(desk: Desk) -> float:
    """The longest time for which the loop did nothing else during a pass, in seconds."""
    longest, beating = 0.0, True

    async def beat() -> None:
        nonlocal longest
        while beating:
            before = time.perf_counter()
            await asyncio.sleep(0.001)
            longest = max(longest, time.perf_counter() - before - 0.001)

    beats = asyncio.create_task(beat())
    await one_pass(desk)
    beating = False
    await beats
    return longest


async def untouched(desk: Desk, folder: Path) -> list[str]:
    """What a pass in which nothing changed has written or told all the same."""
    files = [folder / "data" / name for name in ("journal.db", "receipts.jsonl")]
    before = [file.read_bytes() for file in files]
    told: list[Topic] = []
    unsubscribe = desk.subscribe(told.append)
    await one_pass(desk)
    unsubscribe()
    written = [file.name for file, was in zip(files, before, strict=True) if file.read_bytes() != was]
    return written + [str(topic) for topic in told if Topic.ORDERS in topic]


async def measure_desk(count: int) -> None:
    """Print what a pass costs without a screen."""
    with orders_panel() as url, tempfile.TemporaryDirectory(prefix="smmtui-bench-") as name:
        folder = Path(name)
        remember(folder / "data", count)
        async with desk_at(url, folder) as desk, httpx.AsyncClient() as client:
            await bare(client, url, count)
            turns = [(await bare(client, url, count), await one_pass(desk)) for _ in range(RUNS)]
            pauses = [await longest_pause(desk) for _ in range(RUNS)]
            done = await untouched(desk, folder)
    # The least of each: what else the machine does can only add to it.
    yardstick, ours = (min(each) * 1000 for each in zip(*turns, strict=True))
    line(f"a pass over {count:,} orders, processor time", ours, "bare httpx and json", yardstick, 1.3)
    limit("longest pause of the loop, the desk alone", median(pauses) * 1000, 33.0)
    print(f"  each pass: {', '.join(f'{each * 1000:.0f}' for each in sorted(pauses))} ms")
    print(
        f"a pass in which nothing changed writes or tells: {', '.join(done) or 'nothing'}: "
        f"{'NOT MET' if done else 'met'}",
        flush=True,
    )


# ── the app in a terminal ─────────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def app_at(url: str, count: int) -> Iterator[tuple[Program, Path]]:
    """smmtui showing the orders, and the log of its loop's pauses."""
    with tempfile.TemporaryDirectory(prefix="smmtui-bench-") as name:
        place = Home(Path(name), url)
        with (place.folder / "config" / "smmtui" / "config.toml").open("a") as config:
            config.write("requests_per_minute = 6000\nburst = 1000\nrefresh_seconds = 86400\n")
        remember(place.folder / "data" / "smmtui" / ACCOUNT, count)
        log = place.folder / "pauses"
        with Program([sys.executable, PAUSE_LOG, str(log)], place.env) as program:
            program.wait(r"100\.5")
            program.press(b"2")
            program.wait(CURSOR.format(id=r"\d+"), since=program.spawned)
            settle(program)
            yield program, log


def settle(program: Program) -> None:
    """Let the pass that is under way end; nothing tells on the screen when it does."""
    until = time.perf_counter() + 1.5
    while time.perf_counter() < until:
        # A terminal that is not read holds up whoever writes to it.
        program.catch_up()


def stepped(program: Program, refreshing: bool) -> Iterator[float]:
    """Yield the seconds from each press of ↓ to the cursor on the next row, alone or right after a press of `r`."""
    for number in range(KEYS):
        program.catch_up()
        found = re.search(CURSOR.format(id=r"(\d+)"), program.text, re.MULTILINE)
        assert found is not None, program.text
        if refreshing:
            program.press(b"r")
            # Into the pass, somewhere, and beyond what the press itself draws.
            time.sleep(0.05 + number * 0.01)
        yield program.wait(CURSOR.format(id=rf"(?!{found[1]} )\d+"), since=program.press(DOWN))
        if refreshing:
            settle(program)


def measure_app(count: int) -> None:
    """Print what a pass costs whoever presses keys meanwhile."""
    with orders_panel() as url, app_at(url, count) as (program, log):
        idle = list(stepped(program, False))
        began = time.perf_counter()
        busy = list(stepped(program, True))
        late = [float(length) for at, length in map(str.split, log.read_text().splitlines()) if float(at) > began]
    line("a key while a pass runs", ms(busy), "the key alone", ms(idle), 2.0)
    limit(f"longest pause of the app's loop in {KEYS} passes", max(late, default=0.0) * 1000, 33.0)


def main(count: int = ORDERS) -> None:
    """Print both halves."""
    asyncio.run(measure_desk(count))
    measure_app(count)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
