"""Any sequence of orders, faults, kills, windows, decisions and clock changes: the model is the panel's ledger."""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import signal
import tempfile
from collections import Counter
from contextlib import ExitStack, suppress
from decimal import Decimal
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from smmtui.desk.ordering import Ordering
from smmtui.desk.own_thread import OwnThread
from smmtui.domain.records import Order, State
from smmtui.domain.typed_row import TypedRow
from smmtui.errors import JournalError
from smmtui.journal.journal import Journal
from smmtui.journal.transitions import Settlement
from smmtui.panel.client import PanelClient
from smmtui.panel.exchange import Limits
from smmtui.secret import Secret
from tests.desk.support import profile_of
from tests.faults.forks import Placers
from tests.faults.placer import draft
from tests.faults.plans import SILENT, random_fault
from tests.faults.server import KEY, FaultServer
from tests.faults.test_kill_points import POINTS
from tests.faults.verdict import judge
from tests.journal.support import HandClock

EXAMPLES, STEPS = 30, 30
EXAMPLES_LONG, STEPS_LONG = 300, 60
# Short, for a fault that hangs costs all of it; whoever is late by it is unknown.
HURRIED = Limits(add=0.15, tries=1)
WINDOWS = st.integers(0, 1)
PICKS = st.integers(0, 1000)
SEEDS = st.integers(0, 1 << 20)


class Window:
    """One smmtui on the account: its journal and its write door."""

    def __init__(self, folder: Path, clock: HandClock) -> None:
        self.journal = Journal.open(folder, clock=clock)
        self._thread = OwnThread("journal")
        self.ordering = Ordering(self.journal, self._thread, lambda order: None)

    async def close(self) -> None:
        """Leave in order."""
        self.journal.close()
        await self._thread.close()

    async def die(self) -> None:
        """Leave as a kill leaves: the files are closed by the system, nothing is said and nothing removed."""
        lease = self.journal._lease
        self.journal._database.close()
        os.close(lease._descriptor)
        lease._descriptor = -1
        await self._thread.close()


class Account(RuleBasedStateMachine):
    """One account, up to two windows on it, and a panel that fails as it likes."""

    placers: Placers
    tally: Counter[str]

    def __init__(self) -> None:
        super().__init__()
        self._open = ExitStack()
        self._runner = self._open.enter_context(asyncio.Runner())
        self.server = self._open.enter_context(FaultServer(balance=Decimal(10**9)))
        self.folder = Path(tempfile.mkdtemp(prefix="smmtui-machine-"))
        self._open.callback(shutil.rmtree, self.folder)
        self.clock = HandClock()
        self.client = PanelClient(profile_of(self.server.url), Secret(KEY), limits=HURRIED)
        self.windows: list[Window] = []
        self._numbers = count()
        self._intended: list[str] = []

    # ── windows and time ──────────────────────────────────────────────────────────────────────────────────────────

    @rule()
    def open_a_window(self) -> None:
        if len(self.windows) < 2:
            self.windows.append(Window(self.folder, self.clock))

    @precondition(lambda self: self.windows)
    @rule(which=WINDOWS)
    def close_a_window(self, which: int) -> None:
        self._runner.run(self._take(which).close())

    @precondition(lambda self: self.windows)
    @rule(which=WINDOWS)
    def kill_an_idle_window(self, which: int) -> None:
        self._runner.run(self._take(which).die())

    @rule(hours=st.integers(-1000, 1000))
    def change_the_clock(self, hours: int) -> None:
        self.clock.tick(hours * 3600)

    @precondition(lambda self: self.windows)
    @rule(which=WINDOWS)
    def look_for_the_dead(self, which: int) -> None:
        self._window(which).journal.recover()

    # ── orders ────────────────────────────────────────────────────────────────────────────────────────────────────

    @precondition(lambda self: self.windows)
    @rule(which=WINDOWS, seed=SEEDS)
    def place(self, which: int, seed: int) -> None:
        self._plan(seed)
        self._runner.run(self._window(which).ordering.place(draft(self._link()), self.client, None, None))

    @precondition(lambda self: self.windows)
    @rule(which=WINDOWS, rows=st.integers(1, 3))
    def fill_the_basket(self, which: int, rows: int) -> None:
        basket = self._window(which).journal.basket
        typed = [TypedRow(self._link()) for _ in range(rows)]
        basket.put(typed)
        basket.queue([draft(row.name) for row in typed], typed)

    @precondition(lambda self: self.windows)
    @rule(which=WINDOWS, pick=PICKS, seed=SEEDS)
    def send_from_the_basket(self, which: int, pick: int, seed: int) -> None:
        if row := self._some(pick, State.QUEUED):
            self._plan(seed)
            self._runner.run(self._send(self._window(which), row))

    @precondition(lambda self: len(self.windows) == 2)
    @rule(pick=PICKS, seed=SEEDS)
    def send_from_both_windows(self, pick: int, seed: int) -> None:
        if row := self._some(pick, State.QUEUED):
            self._plan(seed)
            self._runner.run(self._send_from_all(row))

    @precondition(lambda self: self.windows)
    @rule(which=WINDOWS, pick=PICKS)
    def kill_a_window_that_sends(self, which: int, pick: int) -> None:
        if row := self._some(pick, State.QUEUED):
            window = self._take(which)
            window.journal.start_sending(row.uuid)
            self._plan(pick)
            with suppress(Exception):
                self._runner.run(self.client.add(draft(row.link).fields))
            self._runner.run(window.die())

    @rule(seed=SEEDS, point=st.sampled_from(list(POINTS)))
    def kill_a_process_that_places(self, seed: int, point: str) -> None:
        link = self._link()
        self._plan(seed, silence=False)
        pid = self.placers.start("placing", folder=self.folder, url=self.server.url, link=link, point=point)
        ended = self.placers.wait(pid)
        assert ended in (0, -signal.SIGKILL)
        self.tally["killed while placing"] += ended != 0

    # ── decisions ─────────────────────────────────────────────────────────────────────────────────────────────────

    @precondition(lambda self: self.windows)
    @rule(which=WINDOWS, pick=PICKS, written_off=st.booleans())
    def settle(self, which: int, pick: int, written_off: bool) -> None:
        if row := self._some(pick, State.UNKNOWN):
            id = next((entry.id for entry in self.server.ledger.orders if entry.link == row.link), None)
            how: Settlement = "written off" if written_off else "placed" if id else "not placed"
            self._window(which).journal.settle(row.uuid, how, id if how == "placed" else None, {})

    @precondition(lambda self: self.windows)
    @rule(which=WINDOWS, pick=PICKS, other=PICKS)
    def settle_with_the_id_of_another(self, which: int, pick: int, other: int) -> None:
        row, taken = self._some(pick, State.UNKNOWN), self._some(other, State.ACCEPTED)
        if row and taken:
            with pytest.raises(JournalError, match="belongs to another order"):
                self._window(which).journal.settle(row.uuid, "placed", taken.id, {})

    @precondition(lambda self: self.windows)
    @rule(which=WINDOWS, pick=PICKS)
    def take_a_settlement_back(self, which: int, pick: int) -> None:
        if row := self._some(pick, State.SETTLED):
            self._window(which).journal.unsettle(row.uuid)

    @precondition(lambda self: self.windows)
    @rule(which=WINDOWS, pick=PICKS)
    def withdraw(self, which: int, pick: int) -> None:
        if row := self._some(pick, State.QUEUED):
            self._window(which).journal.basket.remove([row.link])

    @precondition(lambda self: self.windows)
    @rule(which=WINDOWS, pick=PICKS)
    def queue_again(self, which: int, pick: int) -> None:
        if row := self._some(pick, State.UNSENT):
            self._window(which).journal.basket.requeue(row.uuid)

    # ── what always holds ─────────────────────────────────────────────────────────────────────────────────────────

    @invariant()
    def the_ledger_and_every_window_agree(self) -> None:
        self.tally["steps"] += 1
        seen = [window.journal.orders() for window in self.windows]
        for window, orders in zip(self.windows, seen, strict=True):
            verdict = judge(self.server.ledger, orders, in_flight=True)
            assert verdict.kept, verdict
            assert (window.journal.damage, window.journal.check()) == ("", [])
            placed = [order.link for order in reversed(orders)]
            assert placed == [link for link in self._intended if link in placed], "not in the order of confirmation"
        assert seen[1:] == seen[:-1]

    def teardown(self) -> None:
        try:
            for window in self.windows:
                self._runner.run(window.close())
            self._finish()
        finally:
            self._runner.run(self.client.aclose())
            self._open.close()

    def _finish(self) -> None:
        """The last start leaves nothing open; and all that the panel has can be told without the database."""
        before = self._at_start()
        self.tally.update(order.state.value for order in before)
        self.tally["in the panel's books"] += len(self.server.ledger.orders)
        assert judge(self.server.ledger, before).kept
        (self.folder / "journal.db").unlink()
        after = {(order.link, order.state, order.id) for order in self._at_start()}
        assert after >= {(order.link, order.state, order.id) for order in before if order.id}
        assert {link for link, *_ in after} >= {entry.link for entry in self.server.ledger.orders}

    def _at_start(self) -> list[Order]:
        journal = Journal.open(self.folder, clock=self.clock)
        try:
            return journal.orders()
        finally:
            journal.close()

    # ── inside ────────────────────────────────────────────────────────────────────────────────────────────────────

    def _window(self, which: int) -> Window:
        return self.windows[which % len(self.windows)]

    def _take(self, which: int) -> Window:
        return self.windows.pop(which % len(self.windows))

    def _link(self) -> str:
        link = f"https://a.test/{next(self._numbers):04}"
        self._intended.append(link)
        return link

    def _plan(self, seed: int, *, silence: bool = True) -> None:
        fault = random_fault(random.Random(seed))
        if fault is not None and fault.name in SILENT and not silence:
            fault = None
        self.server.plan("add", [fault])

    def _some(self, pick: int, state: State) -> Order | None:
        rows = [order for order in self.windows[0].journal.orders() if order.state is state] if self.windows else []
        return rows[pick % len(rows)] if rows else None

    async def _send(self, window: Window, row: Order) -> bool:
        return await window.ordering.send_queued(row.uuid, self.client, None, None) is not None

    async def _send_from_all(self, row: Order) -> None:
        sent = await asyncio.gather(*(self._send(window, row) for window in self.windows))
        assert sent.count(True) == 1


@pytest.mark.timeout(3600)
def test_no_sequence_of_events_loses_or_doubles_an_order(long: bool) -> None:
    """After each step the windows agree with each other and with the panel; at the end also without the database."""
    chosen = settings(
        max_examples=EXAMPLES_LONG if long else EXAMPLES,
        stateful_step_count=STEPS_LONG if long else STEPS,
        deadline=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )
    Account.tally = Counter()
    with Placers() as Account.placers:
        run_state_machine_as_test(Account, settings=chosen)
    print(dict(Account.tally))
