"""A second smmtui on one account, without a screen.

Run as `python -m tests.desk.window FOLDER URL`. It says `open` on standard output, then does what it is told on
standard input, a word per line: `order LINK` sends an order, `refill` asks for one of every order, `orders` prints
every order as JSON (link, id, state, status), `health` prints the condition. The end of standard input ends it.
"""

from __future__ import annotations

import asyncio
import json
import sys
from decimal import Decimal
from pathlib import Path

from smmtui.desk.desk import Desk
from smmtui.domain.clock import SystemClock
from smmtui.domain.records import Service
from smmtui.journal.journal import Journal
from smmtui.journal.pace import SharedTokens
from smmtui.journal.snapshot import Snapshot
from smmtui.panel.catalog_rows import read_services
from smmtui.panel.client import PanelClient
from smmtui.secret import Secret
from tests.desk.support import draft_for, profile_of
from tests.faults.server import KEY

SERVICE = Service("2", "Followers, refill and cancel", rate=Decimal("1.25"), min=10, max=50_000)


async def window(folder: Path, url: str) -> None:
    """Be a window until standard input ends."""
    clock, profile = SystemClock(), profile_of(url)
    tokens = SharedTokens(folder / "journal", profile.requests_per_minute, profile.burst, clock)
    desk = Desk(
        profile,
        clock,
        lambda: Journal.open(folder / "journal", clock=clock),
        Snapshot(folder / "cache"),
        lambda: PanelClient(profile, Secret(KEY), tokens=tokens),
        read_services,
    )
    await desk.open()
    desk.go_online()
    print("open", flush=True)
    sending: list[asyncio.Task[object]] = []
    while line := await asyncio.to_thread(sys.stdin.readline):
        word, *rest = line.split()
        if word == "order":
            sending.append(asyncio.create_task(desk.place(draft_for(SERVICE, link=rest[0]))))
        elif word == "refill":
            sending.append(asyncio.create_task(desk.refill(desk.orders)))
        elif word == "health":
            print(json.dumps(desk.health.condition.name), flush=True)
        else:
            rows = [
                (order.link, order.id, order.state.value, order.status and order.status.value) for order in desk.orders
            ]
            print(json.dumps(rows), flush=True)
    for task in sending:
        task.cancel()
    await asyncio.gather(*sending, return_exceptions=True)
    await desk.close()


if __name__ == "__main__":
    asyncio.run(window(Path(sys.argv[1]), sys.argv[2]))
