"""What a start reads in one go."""

from __future__ import annotations

import asyncio
import threading
from datetime import UTC, datetime
from pathlib import Path

from smmtui.config import demo_profile
from smmtui.desk.desk import Desk
from smmtui.desk.first_look import FirstLook
from smmtui.domain.clock import SystemClock
from smmtui.journal.journal import Journal
from smmtui.journal.lease import living
from smmtui.journal.snapshot import Snapshot
from smmtui.panel.catalog_rows import read_services
from smmtui.panel.client import PanelClient
from tests.desk.support import PATIENCE

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def test_an_empty_journal_has_nothing_to_show(tmp_path: Path) -> None:
    """At the very first start there is neither order nor balance."""
    first = FirstLook.take(lambda: Journal.open(tmp_path, clock=SystemClock()), lambda: b"[]", LONG_AGO, 10)
    first.journal.close()
    assert (first.values, first.orders, first.requests, first.refused, first.balance) == ({}, [], [], [], None)
    assert first.head == b"[]"


async def test_a_start_that_is_given_up_leaves_no_journal_open(tmp_path: Path) -> None:
    """Whoever leaves while the orders are being read is not taken for a living window for the rest of the run."""
    reading, go_on = threading.Event(), threading.Event()

    def opened() -> Journal:
        journal = Journal.open(tmp_path / "data", clock=SystemClock())
        reading.set()
        go_on.wait(PATIENCE)
        return journal

    desk = Desk(demo_profile(), SystemClock(), opened, Snapshot(tmp_path), never, read_services)
    opening = asyncio.create_task(desk.open())
    assert await asyncio.to_thread(reading.wait, PATIENCE)
    opening.cancel()
    await asyncio.wait([opening])
    go_on.set()
    await desk.close()
    assert living(tmp_path / "data" / "leases") == set()


def never() -> PanelClient:
    """There is no panel to be asked."""
    raise AssertionError
