"""A day with 500 running orders on the screen: nothing grows that should not."""

from __future__ import annotations

import asyncio
import gc
import json
import os
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qsl

import httpx
import pytest
from msgspec.structs import replace

from smmtui.desk.desk import Desk
from smmtui.desk.topics import Wanted
from smmtui.domain.records import Tracked
from tests.tui.support import Stage, press, see, text_of, until

ORDERS = 500
DAY = 24 * 3600
MIB = 1 << 20
WORDS = ("Pending", "In progress", "Processing")
STATEMENTS = Path("/proc/self/statm")


class Vitals(NamedTuple):
    """What must not grow: resident bytes, tasks, open files."""

    memory: int
    tasks: int
    files: int


def vitals() -> Vitals:
    """Take them now (Linux)."""
    gc.collect()
    pages = int(STATEMENTS.read_text().split()[1])
    return Vitals(pages * os.sysconf("SC_PAGESIZE"), len(asyncio.all_tasks()), len(os.listdir("/proc/self/fd")))


class Busy(Stage):
    """The App on a panel on which 500 orders run all day, some of which move in every interval."""

    def __init__(self, folder: Path, interval: float) -> None:
        super().__init__(folder)
        self.profile = replace(self.profile, refresh_seconds=interval)
        self.asked = 0
        self.transport = lambda: httpx.MockTransport(self._answer)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        fields = dict(parse_qsl(request.content.decode()))
        self.asked += "orders" in fields
        if fields["action"] == "balance":
            return httpx.Response(200, json={"balance": f"{100 + self.hands.monotonic() % 7:.2f}", "currency": "USD"})
        if fields["action"] == "services":
            rows = [{"service": 1, "name": "Followers", "type": "Default", "rate": "0.9", "min": "10", "max": "1000"}]
            return httpx.Response(200, json=rows)
        ids = fields.get("orders", fields.get("order", "")).split(",")
        return httpx.Response(200, content=json.dumps({id: self._row(int(id)) for id in ids}).encode())

    def _row(self, order: int) -> dict[str, str]:
        # Every tenth order moves now and then, each at another time.
        step = int(self.hands.monotonic() // 1800) + order if order % 10 == 0 else order
        return {"charge": "0.27", "start_count": "1", "status": WORDS[step % 3], "remains": str(step % 900)}


async def a_pass(desk: Desk) -> None:
    """Have what is due asked for, and wait until that is done."""
    desk.refresh(Wanted.NOTHING)
    async with asyncio.timeout(10):
        # Nothing tells that a pass in which nothing changed is over.
        while desk.next_refresh is None:  # noqa: ASYNC110
            await asyncio.sleep(0)


@pytest.mark.skipif(not STATEMENTS.exists(), reason="reads Linux's account of memory")
@pytest.mark.timeout(1800)
async def test_a_day_leaves_memory_tasks_and_files_as_they_were(tmp_path: Path, long: bool) -> None:
    """Polls, redraws and keys of 24 hours: less than 10 MiB more after a warm-up of a quarter, tasks and files equal.

    The clock moves by ten minutes at a time, in full by half a minute.
    """
    interval = 30 if long else 600
    stage = Busy(tmp_path, interval)
    async with stage.app.run_test(size=(120, 36)) as pilot:
        await see(pilot, "● online")
        desk = stage.desk
        assert desk is not None
        await desk.track(
            Tracked(str(number), "1", "Followers", f"https://example.com/{number}", 1_000)
            for number in range(1, ORDERS + 1)
        )
        await press(pilot, "2")
        await until(pilot, lambda: desk.orders and all(order.checked for order in desk.orders))
        passes, warm, asked, drawn = DAY // interval, Vitals(0, 0, 0), 0, set()
        for number in range(passes):
            stage.hands.move(interval)
            await a_pass(desk)
            await pilot.pause()
            if number % 12 == 0:
                await press(pilot, "j", "1", "2", "/", "https", "escape", "escape", "g")
                drawn.add(text_of(pilot))
            if number == passes // 4:
                warm, asked = vitals(), stage.asked
        after = vitals()
    assert stage.asked - asked >= (passes - passes // 4) * ORDERS // 100 // 2
    assert len(drawn) > passes // 24
    assert (after.tasks, after.files) == (warm.tasks, warm.files)
    assert after.memory - warm.memory < 10 * MIB, f"{(after.memory - warm.memory) / MIB:.1f} MiB more"
    print(f"{(after.memory - warm.memory) / MIB:.1f} MiB more after {stage.asked} lists, {len(drawn)} screens")
