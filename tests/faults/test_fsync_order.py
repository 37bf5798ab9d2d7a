"""Nothing leaves before the intent is on the medium, nothing is told before the outcome is."""

from __future__ import annotations

import asyncio
import json
import random
import re
import shutil
import subprocess
import sys
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from smmtui.desk.desk import Desk
from smmtui.desk.topics import Topic
from smmtui.domain.records import Order, Placed, State
from smmtui.durable import sync
from smmtui.journal import receipts
from smmtui.journal.database import Database
from smmtui.journal.journal import Journal
from smmtui.panel.client import PanelClient
from smmtui.panel.exchange import Limits
from tests.desk.support import Rig, until
from tests.faults.forks import PROJECT
from tests.faults.placer import draft
from tests.faults.plans import random_faults
from tests.faults.server import KEY, FaultServer
from tests.faults.taps import tap_wire
from tests.tui.support import Stage, press, see, text_of
from tests.tui.support import until as until_shown

ORDERS = 100
RICH = Decimal(10**9)


class Witness:
    """Writes down, per link and in order, what was made durable, what left, and what was told.

    A row counts as durable when its transaction has ended, and its receipt when it was synced after that, both in
    the same call.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.seen: defaultdict[str, list[str]] = defaultdict(list)
        self._link = ""
        self._steps: list[str] = []
        monkeypatch.setattr(Database, "transaction", self._committing(Database.transaction))
        monkeypatch.setattr(receipts, "sync", self._syncing(sync))
        monkeypatch.setattr(Journal, "intend", self._durable("intent", Journal.intend))
        monkeypatch.setattr(Journal, "conclude", self._durable("outcome", Journal.conclude))

    def _committing(self, transaction: Callable[[Database], Any]) -> Callable[[Database], Any]:
        @contextmanager
        def committed(database: Database) -> Iterator[object]:
            with transaction(database) as write:
                yield write
            self._steps.append("committed")

        return committed

    def _syncing(self, sync: Callable[[int], None]) -> Callable[[int], None]:
        def synced(descriptor: int) -> None:
            sync(descriptor)
            self._steps.append("synced")

        return synced

    def _durable(self, what: str, method: Callable[..., Order]) -> Callable[..., Order]:
        def called(journal: Journal, *args: Any, **kwargs: Any) -> Order:
            self._steps.clear()
            order = method(journal, *args, **kwargs)
            self.seen[order.link].append(f"{what} {', '.join(self._steps)}")
            return order

        return called

    def connected(self, connect: Callable[[], PanelClient]) -> PanelClient:
        """The panel's client, whose every write is heard; orders go out one by one."""
        client = connect()
        tap_wire(client, self._reach)
        add = client.add

        async def named(fields: Sequence[tuple[str, str]], **rest: Any) -> Placed:
            self._link = dict(fields)["link"]
            return await add(fields, **rest)

        client.add = named  # type: ignore[method-assign,assignment]  # to know which order goes out
        return client

    def _reach(self, point: str) -> None:
        if point.startswith("request"):
            self.seen[self._link].append(point)

    def listen(self, desk: Desk) -> None:
        """Hear what a subscriber is told, which is what a screen shows."""

        def hear(topic: Topic) -> None:
            if Topic.ORDERS in topic:
                for order in desk.orders:
                    told = f"told {'sending' if order.state is State.SENDING else 'the outcome'}"
                    if told not in self.seen[order.link]:
                        self.seen[order.link].append(told)

        desk.subscribe(hear)


async def test_in_this_order_for_a_hundred_orders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chance: random.Random
) -> None:
    """Row and receipt, then the first byte; row and receipt again, then the news; whatever the panel does."""
    witness = Witness(monkeypatch)
    with FaultServer(balance=RICH) as server:
        # Whoever answers later than this has not answered, which is as good a fault as any.
        rig = Rig.at(tmp_path, server.url, KEY, Limits(add=0.3, tries=1))
        rig.connect = partial(witness.connected, rig.connect)
        async with rig.desk() as desk:
            await until(lambda: desk.balance)
            witness.listen(desk)
            server.plan("add", random_faults(chance, ORDERS))
            assert rig.journal._database.number("PRAGMA synchronous") == 2
            assert rig.journal._database.row("PRAGMA journal_mode") == ("truncate",)
            links = [f"https://a.test/{number:03}" for number in range(ORDERS)]
            for start in range(0, ORDERS, 10):
                await asyncio.gather(*(desk.place(draft(link)) for link in links[start : start + 10]))
    for link in links:
        seen = witness.seen[link]
        intent = seen.index("intent committed, synced")
        first_byte = seen.index("request: before its head")
        outcome = seen.index("outcome committed, synced")
        assert intent < seen.index("told sending"), seen
        assert intent < first_byte < outcome < seen.index("told the outcome"), seen
        assert seen.count("request: before its head") == 1, seen


# ── as the system sees it ─────────────────────────────────────────────────────────────────────────────────────────

# A call on a file or a connection: its name, the file's name if it has one, and the beginning of what was written.
_CALL = re.compile(rb'(?P<call>\w+)\(\d+<(?P<file>[^>]*)>(?:, "(?P<data>[^"]*)")?')
_KINDS = (
    (re.compile(rb"f(data)?sync .*/journal\.db "), "row synced"),
    (re.compile(rb"f(data)?sync .*/receipts\.jsonl "), "receipt synced"),
    (re.compile(rb"ftruncate .*/journal\.db-journal "), "row committed"),
    (re.compile(rb"f(data)?sync .*/journal\.db-journal "), "undo log synced"),
    (re.compile(rb".* POST /"), "sent"),
    (re.compile(rb"write .* told sending"), "told sending"),
    (re.compile(rb"write .* told accepted"), "told accepted"),
)
# The undo log is on the medium before the row is, so that a commit that was cut short can be taken back; cutting the
# log off is the commit.
DURABLE = ["undo log synced", "row synced", "row committed", "undo log synced", "receipt synced"]
IN_ORDER = [*DURABLE, "told sending", "sent", *DURABLE, "told accepted"]


def _kinds(log: bytes) -> Iterator[str]:
    for found in _CALL.finditer(log):
        line = b"%b %b %b" % (found["call"], found["file"], found["data"] or b"")
        yield from (name for pattern, name in _KINDS if pattern.match(line))


def _traced(command: list[str], log: Path) -> None:
    calls = "trace=fsync,fdatasync,ftruncate,write,sendto,sendmsg"
    options = ["-f", "-y", "-s", "32", "-o", str(log), "-e", calls]
    if shutil.which("strace") is None or subprocess.run(["strace", *options, "true"], capture_output=True).returncode:
        pytest.skip("needs a strace that may trace")
    subprocess.run(["strace", *options, *command], cwd=PROJECT, check=True, capture_output=True)


def test_the_system_sees_the_same_order(tmp_path: Path) -> None:
    """Between two orders the kernel is asked for exactly this: syncs, the request, syncs, the news."""
    with FaultServer(balance=RICH) as server:
        role = {"role": "reporting", "folder": str(tmp_path / "journal"), "url": server.url, "orders": ORDERS}
        _traced([sys.executable, "-m", "tests.faults.placer", json.dumps(role)], tmp_path / "log")
    orders = (tmp_path / "log").read_bytes().split(b"told accepted")[:-1]
    assert len(orders) == ORDERS == len(server.ledger.orders)
    for number, log in enumerate(orders):
        # The first one has the making of the journal before it.
        kinds = [kind for kind, _ in groupby([*_kinds(log), "told accepted"])][-len(IN_ORDER) :]
        assert kinds == IN_ORDER, (number, kinds)


# ── on the screen ─────────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_screen_says_accepted_only_when_the_disk_has_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the outcome's receipt is being synced the order is still being sent, on every screen; then accepted."""
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=(120, 36), notifications=True) as pilot:
        await see(pilot, "5,000 services", "online")
        await press(pilot, "/", "instagram followers type:default min<=100", "enter", "enter")
        await press(pilot, LINK, "enter", "100", "f9")
        await see(pilot, "Place this order?", "Yes, place it")
        outcome, disk = threading.Event(), threading.Event()
        monkeypatch.setattr(receipts, "sync", partial(_slow_disk, iter((False, True)), outcome, disk))
        await press(pilot, "y")
        await until_shown(pilot, outcome.is_set)
        assert len(stage.market.ledger) == 1
        await pilot.press("2")
        await see(pilot, LINK, "sending")
        assert "accepted" not in text_of(pilot)
        disk.set()
        await see(pilot, "Order 23501 accepted")


LINK = "https://a.test/slow"


def _slow_disk(slow: Iterator[bool], reached: threading.Event, done: threading.Event, descriptor: int) -> None:
    """Sync at once the first time, which is the intent; then say that it was asked, and take until it is let go."""
    if next(slow, False):
        reached.set()
        assert done.wait(30)
    sync(descriptor)
