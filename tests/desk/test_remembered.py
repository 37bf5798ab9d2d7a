"""What is remembered of how the user works: kept per account, through quits and kills."""

from __future__ import annotations

import asyncio
from pathlib import Path

from smmtui.desk.remembered import Remembered
from smmtui.desk.topics import Topic
from smmtui.domain.clock import SystemClock
from smmtui.journal.journal import Journal
from tests.desk.support import Rig, WatchedPanel, heard, idle, until


async def test_it_is_there_at_once_and_after_the_next_start(demo: tuple[Rig, WatchedPanel]) -> None:
    """A value is read back in the same breath, survives closing, and is gone when forgotten."""
    rig, _ = demo
    async with rig.desk(online=False) as desk:
        assert desk.remembered.get("favourites", []) == []
        desk.remembered.set("favourites", ["12", "7"])
        desk.remembered.set("history.catalog", ["rate<1"])
        assert desk.remembered.get("favourites") == ["12", "7"]
    async with rig.desk(online=False) as desk:
        assert desk.remembered.get("favourites") == ["12", "7"]
        assert desk.remembered.get("history.catalog") == ["rate<1"]
        desk.remembered.set("favourites", None)
        assert desk.remembered.get("favourites") is None
    async with rig.desk(online=False) as desk:
        assert desk.remembered.get("favourites") is None


async def test_it_does_not_wait_for_the_end(demo: tuple[Rig, WatchedPanel]) -> None:
    """Another window, opened while this one still runs, reads what was changed here: a kill takes nothing."""
    rig, _ = demo
    async with rig.desk(online=False) as desk:
        desk.remembered.set("drafts", {"1": {"link": "https://example.com/a"}})
        desk.remembered.set("drafts", {"1": {"link": "https://example.com/ab"}})

        async def read() -> object:
            async with rig.desk(online=False) as other:
                return other.remembered.get("drafts")

        for _ in range(100):
            if await read() is not None:
                break
            await asyncio.sleep(0.1)
        assert await read() == {"1": {"link": "https://example.com/ab"}}


async def test_a_spoilt_value_costs_only_itself(tmp_path: Path) -> None:
    """What is no JSON any more is as if it had never been set."""
    journal = Journal.open(tmp_path, clock=SystemClock())
    journal.preferences.set_user_values({"one": 1, "two": {"a": [True, None, "ş"]}})
    with journal._database.transaction() as write:
        write.execute("UPDATE preferences SET value = '{{' WHERE key = 'user:one'")
    assert journal.preferences.user_values() == {"two": {"a": [True, None, "ş"]}}
    journal.close()


async def test_a_full_disk_is_told_and_tried_again(demo: tuple[Rig, WatchedPanel]) -> None:
    """The user reads that it could not be saved; with the next change everything is written, and the words go."""
    rig, _ = demo
    async with rig.desk() as desk:
        await idle(desk)
        topics = heard(desk)
        journal = desk._expect_parts().journal
        with journal._database.transaction() as write:
            write.execute("CREATE TRIGGER full BEFORE INSERT ON preferences BEGIN SELECT raise(ABORT, 'full'); END")
        desk.remembered.set("favourites", ["1"])
        await until(lambda: desk.remembered.fault != "")
        assert desk.remembered.fault.startswith("Columns, filters and drafts could not be saved.")
        assert Topic.HEALTH in topics
        with journal._database.transaction() as write:
            write.execute("DROP TRIGGER full")
        desk.remembered.set("view.catalog", {"sort": "rate"})
        await until(lambda: desk.remembered.fault == "")
    async with rig.desk(online=False) as desk:
        assert desk.remembered.get("favourites") == ["1"]
        assert desk.remembered.get("view.catalog") == {"sort": "rate"}


def test_nothing_is_written_before_it_was_read() -> None:
    """Before the journal is open a value is kept in memory only, and nothing fails."""

    remembered = Remembered(None, lambda: None)  # type: ignore[arg-type]
    remembered.set("favourites", ["1"])
    assert remembered.get("favourites") == ["1"]
