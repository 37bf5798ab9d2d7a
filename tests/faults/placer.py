"""A smmtui without a screen that places orders and is killed on the way; started a hundred times at little cost.

`python -m tests.faults.placer` loads everything once and then forks a process for every line of JSON on its standard
input: `{"role": name, ...}` is answered with the process's id, `{"wait": id}` with how it ended (negative: by which
signal). Forked before any thread or event loop exists, so that a child is as good as a fresh start. With such a line
as its argument it plays that role itself.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import random
import resource
import signal
import sys
import threading
import traceback
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from smmtui.desk.ordering import Ordering
from smmtui.desk.own_thread import OwnThread
from smmtui.domain.clock import SystemClock
from smmtui.domain.records import Draft, Order, Service
from smmtui.errors import JournalError
from smmtui.journal.journal import Journal
from smmtui.panel.client import PanelClient
from smmtui.panel.exchange import Limits
from smmtui.secret import Secret
from tests.desk.support import Rig, Turns, draft_for, profile_of, until
from tests.faults.server import KEY
from tests.faults.taps import tap_journal, tap_wire, told

SERVICE = Service("1", "Followers", rate=Decimal("0.90"), min=50, max=10_000)
# Faults that hang are over soon; a panel that answers at all answers much faster, also on a busy machine.
HASTY = Limits(add=1.0, services=5.0, other=5.0, tries=1)


def draft(link: str) -> Draft:
    """An order of 100 for the link, as the form makes it."""
    return draft_for(SERVICE, link=link)


@dataclass
class Door:
    """All that placing an order takes."""

    journal: Journal
    client: PanelClient
    ordering: Ordering

    async def place(self, link: str) -> Order:
        """One whole order."""
        return await self.ordering.place(draft(link), self.client, None, None)


@asynccontextmanager
async def door(folder: Path, url: str, tell: Callable[[Order], None] = lambda order: None) -> AsyncIterator[Door]:
    """The write door of the account in `folder`, without the rest of the Desk."""
    thread = OwnThread("journal")
    async with PanelClient(profile_of(url), Secret(KEY), limits=HASTY) as client:
        with closing(Journal.open(folder, clock=SystemClock())) as journal:
            yield Door(journal, client, Ordering(journal, thread, tell))
    await thread.close()


async def storming(folder: str, url: str, run: int) -> None:
    """A whole Desk, online, that orders on and on until it is killed; links are of one length."""
    async with Rig.at(Path(folder), url, KEY, HASTY).desk() as desk:
        for number in range(100_000):
            await desk.place(draft(f"https://example.com/{run:05}/{number:05}"))


async def basketing(folder: str, url: str, orders: int) -> None:
    """A whole Desk that fills an empty basket and places it, or goes on with what it finds; until that stops."""
    async with Rig.at(Path(folder), url, KEY, HASTY).desk() as desk:
        await until(lambda: len(desk.catalog))
        if desk.basket.rows:
            await desk.basket.resume([row.key for row in desk.basket.rows if row.state == "unsent"])
            return
        lines = (f"1 | https://a.test/{number:03} | 100" for number in range(orders))
        await desk.basket.take(await desk.basket.recognise("\n".join(lines)))
        await desk.basket.place(desk.basket.check_place())


async def awaiting(folder: str, url: str) -> None:
    """A whole Desk whose basket has sent one order of three and waits for its turn; it says so by a file."""
    rig, turns = Rig.at(Path(folder), url, KEY, HASTY), Turns()
    rig.connect = lambda: turns.client(url, KEY, HASTY)
    async with rig.desk() as desk:
        await until(lambda: len(desk.catalog))
        await until(lambda: desk.next_refresh is not None)
        text = "\n".join(f"1 | https://a.test/{number} | 100" for number in range(3))
        await desk.basket.take(await desk.basket.recognise(text))
        turns.left = 1
        sending = asyncio.create_task(desk.basket.place(desk.basket.check_place()))
        await until(lambda: desk.basket.rows[0].state == "accepted" and turns.waiting)
        (Path(folder) / "waiting").touch()
        await sending


class Points:
    """Kills this process at the wanted point; where none is wanted, remembers which were passed."""

    def __init__(self, wanted: str) -> None:
        self._wanted = wanted
        self.passed: dict[str, None] = {}

    def reach(self, point: str) -> None:
        self.passed[point] = None
        if point == self._wanted:
            os.kill(os.getpid(), signal.SIGKILL)


async def placing(folder: str, url: str, link: str, point: str = "") -> None:
    """Place one order and be killed at the point; with none, leave the points passed in the file `points`."""
    points = Points(point)
    async with door(Path(folder), url, told(points.reach)) as opened:
        tap_journal(opened.journal, points.reach)
        tap_wire(opened.client, points.reach)
        await opened.place(link)
    if not point:
        (Path(folder) / "points").write_text("\n".join(points.passed))


async def starting(folder: str, uuid: str, point: str) -> None:
    """Start sending a queued order and be killed at the point."""
    journal = Journal.open(Path(folder), clock=SystemClock())
    tap_journal(journal, Points(point).reach)
    journal.start_sending(uuid)


async def settling(folder: str, uuid: str, id: str, point: str) -> None:
    """Settle an unknown order as placed and be killed at the point."""
    journal = Journal.open(Path(folder), clock=SystemClock())
    tap_journal(journal, Points(point).reach)
    journal.settle(uuid, "placed", id, {"shown": "nothing"})


async def reporting(folder: str, url: str, orders: int) -> None:
    """Place so many orders and say aloud what each is told to be."""

    def tell(order: Order) -> None:
        os.write(1, f"told {order.state.value} {order.link}\n".encode())

    async with door(Path(folder), url, tell) as opened:
        for number in range(orders):
            await opened.place(f"https://a.test/{number:03}")


async def running_out(folder: str, url: str, room: int) -> int:
    """Order until something is refused, while no file may be written beyond `room` bytes; return what is unsaved."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
    with suppress(JournalError):
        async with door(Path(folder), url) as opened:
            with suppress(JournalError):
                for number in range(8):
                    await opened.place(f"https://a.test/full/{number:03}")
            return len(opened.ordering.unsaved)
    return 0


ROLES: dict[str, Callable[..., Any]] = {
    role.__name__: role for role in (storming, basketing, awaiting, placing, starting, settling, reporting, running_out)
}


def play(order: dict[str, Any]) -> int:
    """Be what the order says until that is done, and return the exit code."""
    return asyncio.run(ROLES[order.pop("role")](**order)) or 0


def fork(order: dict[str, Any]) -> int:
    """Start a child in its role and return its process id."""
    assert threading.active_count() == 1
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        os.dup2(os.open(os.devnull, os.O_RDWR), 0)
        os.dup2(2, 1)
        random.seed()
        code = play(order)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


async def _warm_up() -> None:
    """Load what is loaded at first use; nothing listens at this address."""
    async with PanelClient(profile_of("http://127.0.0.1:9/api/v2"), Secret(KEY), limits=HASTY) as client:
        await asyncio.gather(client.balance(), return_exceptions=True)


def main() -> None:
    """Play the one role that is given as an argument, or fork until the standard input ends."""
    if sys.argv[1:]:
        sys.exit(play(json.loads(sys.argv[1])))
    asyncio.run(_warm_up())
    gc.collect()
    gc.freeze()
    print("ready", flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        answer = os.waitstatus_to_exitcode(os.waitpid(order["wait"], 0)[1]) if "wait" in order else fork(order)
        print(answer, flush=True)


if __name__ == "__main__":
    main()
