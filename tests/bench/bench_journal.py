"""How much dearer the journal's promises are than the disk itself: `python -m tests.bench.bench_journal [FOLDER]`.

Prints ratios, not milliseconds, for they hold from one machine to the next. The unit of the first is one append of
4 KiB with fdatasync in the same folder; of the second, one durable INSERT by SQLite into a file of the same size.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

from msgspec.structs import replace

from smmtui.domain.clock import SystemClock
from smmtui.domain.records import Order, State
from smmtui.domain.statuses import Status
from smmtui.journal.database import Database
from smmtui.journal.journal import Journal
from smmtui.journal.rows import insert_order, new_uuid
from smmtui.journal.transitions import intended
from tests.journal.support import accepted, draft

STORED = 100_000
ROUNDS = 60


def median(action: Callable[[], object]) -> float:
    """The median seconds of one call."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def raw_append(folder: Path) -> float:
    """One append of 4 KiB and fdatasync."""
    descriptor = os.open(folder / "raw", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    # macOS has no fdatasync.
    sync = getattr(os, "fdatasync", os.fsync)
    try:
        return median(lambda: (os.write(descriptor, bytes(4096)), sync(descriptor)))
    finally:
        os.close(descriptor)


def stored_order(number: int) -> Order:
    """A finished order like thousands of others."""
    order = intended(draft(f"https://example.com/p/{number}"), new_uuid(), number, SystemClock().now(), State.ACCEPTED)
    return replace(order, id=f"9{number:07}", status=Status.COMPLETED, word="Completed", charge=Decimal("0.27"))


def fill(folder: Path) -> None:
    """Store the orders of years at once."""
    Journal.open(folder, clock=SystemClock()).close()
    database = Database(folder / "journal.db")
    with database.transaction() as write:
        for number in range(1, STORED + 1):
            insert_order(write, stored_order(number))
    database.close()


def durable_insert(folder: Path) -> float:
    """One small row in a transaction of its own, in a file as large as the journal."""
    database = Database(folder / "journal.db")

    def insert() -> None:
        with database.transaction() as write:
            write.execute("INSERT INTO preferences VALUES (?, ?)", (new_uuid(), "1"))

    try:
        return median(insert)
    finally:
        database.close()


def main() -> None:
    """Measure and print."""
    parent = Path(sys.argv[1]) if len(sys.argv) > 1 else Path.cwd()
    with tempfile.TemporaryDirectory(dir=parent) as name:
        folder = Path(name)
        unit = raw_append(folder)
        journal = Journal.open(folder / "empty", clock=SystemClock())
        print(
            f"intent + receipt / append + fdatasync: {median(lambda: journal.intend(draft())) / unit:.1f} (at most 8)"
        )
        uuids = iter([journal.intend(draft()).uuid for _ in range(ROUNDS)])
        ids = iter(range(ROUNDS))
        outcome = median(lambda: journal.conclude(next(uuids), accepted(str(next(ids)))))
        print(f"outcome + receipt / append + fdatasync: {outcome / unit:.1f} (at most 8)")
        journal.close()

        fill(folder / "full")
        insert = durable_insert(folder / "full")
        journal = Journal.open(folder / "full", clock=SystemClock())
        newest = journal.orders(limit=10_000)
        for name, orders in (("newest", newest[:100]), ("scattered over 10,000", newest[::100])):
            turns = iter(range(ROUNDS))

            def statuses(orders: list[Order] = orders, turns: Iterator[int] = turns) -> None:
                remains = next(turns)
                journal.record([replace(order, remains=remains) for order in orders], SystemClock().now())

            print(f"100 status rows, {name} / one durable insert: {median(statuses) / insert:.1f} (at most 4)")
        journal.close()


if __name__ == "__main__":
    main()
