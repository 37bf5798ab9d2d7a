"""The first rows of a large catalogue, shown until all of it has been read."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from smmtui.desk import known
from smmtui.desk.desk import Desk
from smmtui.desk.topics import Topic
from smmtui.journal.snapshot import Snapshot
from smmtui.panel.catalog_rows import first_services, read_services
from tests.desk.support import START, Rig, WatchedPanel, heard, idle, until

ROWS = [{"service": number, "name": f"Instagram Likes {number} {'.' * 100}"} for number in range(1, 2_001)]
RAW = json.dumps(ROWS).encode()
BY_ID = json.dumps({row["service"]: row for row in ROWS}).encode()


@asynccontextmanager
async def started(rig: Rig, kept: bytes) -> AsyncIterator[Desk]:
    """The open Desk on an account whose last catalogue was this, as the app opens it."""
    snapshot = Snapshot(rig.folder / "cache")
    snapshot.write(kept, START)
    desk = Desk(
        rig.profile,
        rig.clock,
        open_journal=rig.reopened,
        snapshot=snapshot,
        connect=rig.connect,
        read_services=read_services,
        first_services=first_services,
    )
    try:
        await desk.open()
        yield desk
    finally:
        await desk.close()


async def test_the_first_rows_are_there_before_the_whole(demo: tuple[Rig, WatchedPanel]) -> None:
    """A large catalogue begins with its first rows; they are no catalogue, and give way to it, told as news."""
    rig, panel = demo
    async with started(rig, RAW) as desk:
        assert [service.id for service in desk.listed.services] == [str(number) for number in range(1, 101)]
        assert (len(desk.catalog), desk.catalog_at) == (0, None)
        topics = heard(desk)
        desk.go_online()
        await until(lambda: desk.catalog_at is not None)
        assert desk.listed is desk.catalog
        assert len(desk.listed) == 2_000
        assert any(Topic.CATALOG in topic for topic in topics)
        await idle(desk)
        # It is fresh: the rows that came first are no reason to ask.
        assert panel.asked["services"] == 0


@pytest.mark.parametrize("kept", [RAW[:-9], RAW.replace(b'"service": 1999', b'"service" 1999')])
async def test_rows_of_a_catalogue_damaged_behind_them_do_not_stay(demo: tuple[Rig, WatchedPanel], kept: bytes) -> None:
    """Where the rest cannot be read, the panel is asked, and what it lists is shown."""
    rig, panel = demo
    async with started(rig, kept) as desk:
        assert len(desk.listed) == 100
        desk.go_online()
        await until(lambda: desk.preview is None)
        await until(lambda: len(desk.listed) == 5_000)
        assert panel.asked["services"] == 1


@pytest.mark.parametrize("kept", [json.dumps(ROWS[:9]).encode(), BY_ID])
async def test_what_has_no_telling_beginning_is_read_at_once(demo: tuple[Rig, WatchedPanel], kept: bytes) -> None:
    """A small catalogue, or one that is no list, is whole from the start."""
    rig, _ = demo
    async with started(rig, kept) as desk:
        assert desk.preview is None
        assert desk.catalog_at == START
        assert len(desk.catalog) == len(json.loads(kept))


async def test_an_old_catalogue_is_let_go_without_harm(
    demo: tuple[Rig, WatchedPanel], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What somebody still holds of the catalogue before is whole, also when its parts have been freed."""
    monkeypatch.setattr(known, "_IN_USE", 0.0)
    rig, _ = demo
    async with rig.desk() as desk:
        await until(lambda: len(desk.catalog))
        before, services = desk.catalog, desk.catalog.services
        await idle(desk)
        await desk.take_services(read_services(RAW), START)
        await until(lambda: len(desk.catalog) == 2_000)
        assert len(before) == 5_000
        assert before.by_id(services[-1].id) is services[-1]
