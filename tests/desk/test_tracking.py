"""Ids of orders placed elsewhere: looked up first, followed afterwards."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from pathlib import Path

import pytest

from smmtui.domain.records import Tracked
from smmtui.domain.statuses import Status
from smmtui.domain.tracking import Spent
from smmtui.errors import PanelError
from tests.desk.support import Rig, WatchedPanel, draft_for, idle, until
from tests.faults.server import FAULTS, KEY, FaultServer


def rows(*ids: str) -> list[Tracked]:
    """Rows of nothing but ids."""
    return [Tracked(id) for id in ids]


async def test_known_new_and_unknown_ids_are_told_apart(demo: tuple[Rig, WatchedPanel]) -> None:
    """The journal's own are not asked about, and nothing is stored by looking."""
    rig, panel = demo
    first, second, third, *_ = panel.market.history
    async with rig.desk() as desk:
        await idle(desk)
        await desk.track([Tracked(first.order)])
        await idle(desk)
        panel.asked.clear()
        service = desk.catalog.services[0]
        wanted = [*rows(first.order, second.order, "424242"), Tracked(third.order, service.id, "", "t.me/x", 5)]
        found = await desk.tracking.look_up(wanted)
        assert [order.id for order in found.known] == [first.order]
        assert [each.id for each, _ in found.new] == [second.order, third.order]
        assert found.new[1][0] == Tracked(third.order, service.id, service.name, "t.me/x", 5)
        assert list(found.refused) == ["424242"] and found.refused["424242"]
        assert panel.asked["status"] == 1
    assert [order.id for order in rig.stored()] == [first.order]


async def test_followed_orders_have_their_status_at_once_and_on_the_disk(demo: tuple[Rig, WatchedPanel]) -> None:
    """What was looked up is not asked for again, and is no news."""
    rig, panel = demo
    past = next(each for each in panel.market.history if panel.market.status(each.order).status == "Completed")
    async with rig.desk() as desk:
        await idle(desk)
        found = await desk.tracking.look_up(rows(past.order))
        (order,) = await desk.tracking.follow(found.new)
        assert (order.id, order.status) == (past.order, Status.COMPLETED)
        assert desk.book.get(order.uuid) == order
        assert desk.notices.take() == []
        assert [each.id for each in (await desk.tracking.look_up(rows(past.order))).known] == [past.order]
    (stored,) = rig.stored()
    assert (stored.status, stored.service, stored.link, stored.quantity) == (Status.COMPLETED, "", "", None)
    assert isinstance(stored.charge, Decimal)


async def test_what_was_placed_elsewhere_is_not_spent_here(rig: Rig, server: FaultServer, tmp_path: Path) -> None:
    """Neither tracked nor imported orders count for today and its cap, in this window, a second one, or a restart."""
    other = Rig.at(tmp_path / "other", server.url, KEY)
    async with other.desk() as desk:
        await idle(desk)
        exported = [await desk.place(draft_for(desk.catalog.services[0], link=f"@{n}")) for n in range(2)]
    rig.sleep = lambda seconds: asyncio.sleep(0.01)
    async with rig.desk() as desk:
        await idle(desk)
        (tracked,) = await desk.track([Tracked(exported[0].id or "")])
        await until(lambda: (known := desk.book.get(tracked.uuid)) is not None and known.charge is not None)
        journal = rig.reopened()
        assert journal.imports.add(exported[1:]) == [None]
        journal.close()
        await until(lambda: desk.book.get(exported[1].uuid))
        assert desk.spent_today == Spent()
        mine = await desk.place(draft_for(desk.catalog.services[0]))
        assert desk.spent_today.amount == mine.estimate
    async with rig.desk(online=False) as desk:
        assert len(desk.orders) == 3
        assert desk.spent_today.amount == mine.estimate


async def test_many_are_asked_in_batches_of_a_hundred(demo: tuple[Rig, WatchedPanel]) -> None:
    """250 ids are three requests."""
    rig, panel = demo
    async with rig.desk() as desk:
        await idle(desk)
        panel.asked.clear()
        found = await desk.tracking.look_up(rows(*map(str, range(900_000, 900_250))))
        assert (len(found.refused), panel.asked["status"]) == (250, 3)


@pytest.mark.parametrize("answered", [0, 1])
async def test_a_panel_that_falls_silent_leaves_nothing_behind(rig: Rig, server: FaultServer, answered: int) -> None:
    """Also where it has answered for the first hundred."""
    async with rig.desk() as desk:
        await idle(desk)
        server.plan("status", [None] * answered)
        server.always("status", FAULTS["reset_before_reply"]())
        with pytest.raises(PanelError):
            await desk.tracking.look_up(rows(*map(str, range(1, 151))))
    assert rig.stored() == []
