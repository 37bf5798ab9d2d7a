"""The Desk as every screen sees it: what it shows before it is online, whom it tells, and how it ends."""

from __future__ import annotations

import asyncio
import threading
from decimal import Decimal
from pathlib import Path

import pytest

from smmtui.desk.health import Condition
from smmtui.desk.topics import Topic, Wanted
from smmtui.domain.records import Balance, Service, State, Tracked
from smmtui.errors import ConfigError, JournalError, NotSent
from smmtui.panel.client import PanelClient
from tests.desk.support import PATIENCE, START, Rig, WatchedPanel, draft_for, heard, idle, refreshed, until
from tests.faults.server import KEY, FaultServer

SERVICE = Service("1", "Followers", rate=Decimal(1))


async def test_what_was_known_is_shown_before_the_panel_is_asked(demo: tuple[Rig, WatchedPanel]) -> None:
    """Orders, catalogue and their ages come from this machine's disk alone."""
    rig, panel = demo
    async with rig.desk() as desk:
        await idle(desk)
        first, second = [service for service in desk.catalog.services if service.type == "Default"][:2]
        old = await desk.place(draft_for(first, quantity=first.min or 1))
        rig.clock.wait(1)
        new = await desk.place(draft_for(second, quantity=second.min or 1, link="https://example.com/2"))
    asked = panel.asked.total()
    async with rig.desk(online=False) as desk:
        assert [order.uuid for order in desk.orders] == [new.uuid, old.uuid]
        assert (len(desk.catalog), desk.catalog_at, desk.catalog_skipped) == (5000, START, 0)
        assert desk.catalog.by_id(first.id) == first
        assert desk.health.condition is Condition.STARTING
        assert desk.next_refresh is None
        assert [event.after for event in await desk.events(old.uuid)][:2] == [State.SENDING, State.ACCEPTED]
    assert panel.asked.total() == asked


@pytest.mark.parametrize("kept", [b"", b"not JSON", b"[]", b'{"error": "Invalid API key"}', b"[[[[", b"\xff\xfe"])
async def test_a_spoilt_cache_is_no_error(tmp_path: Path, kept: bytes) -> None:
    """It is as if there were none: the panel is asked anyway."""
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "services.json").write_bytes(kept)
    with FaultServer() as server:
        rig = Rig.at(tmp_path, server.url, KEY)
        async with rig.desk(online=False) as desk:
            assert len(desk.catalog) == 0
            assert desk.catalog_at is None
        async with rig.desk() as desk:
            await until(lambda: len(desk.catalog) > 0)


async def test_news_is_told_until_unsubscribed(demo: tuple[Rig, WatchedPanel]) -> None:
    """Every subscriber hears the topics in the same order; one that has left hears no more, and disturbs nobody."""
    rig, _ = demo
    async with rig.desk() as desk:
        await idle(desk)
        topics = heard(desk)
        others: list[Topic] = []

        def once(topic: Topic) -> None:
            others.append(topic)
            leave()

        leave = desk.subscribe(once)
        last = heard(desk)
        await desk.track([Tracked("1")])
        await refreshed(desk)
        assert others == [Topic.ORDERS]
        assert topics == last
        assert topics[0] is Topic.ORDERS
        assert Topic.BALANCE in topics


async def test_what_is_told_is_there_to_be_pulled(demo: tuple[Rig, WatchedPanel]) -> None:
    """When a topic is told, the Desk already holds the news."""
    rig, _ = demo
    seen: list[object] = []
    async with rig.desk(online=False) as desk:

        def pull(topic: Topic) -> None:
            shown = {
                Topic.BALANCE: desk.balance,
                Topic.CATALOG: desk.catalog.services,
                Topic.HEALTH: desk.health.condition,
            }
            if topic is not Topic.MESSAGES:
                seen.append(shown[topic])

        desk.subscribe(pull)
        desk.go_online()
        await idle(desk)
        assert seen == [desk.balance, desk.catalog.services, Condition.ONLINE]


async def test_a_client_that_cannot_be_made_is_said_and_nothing_is_sent(demo: tuple[Rig, WatchedPanel]) -> None:
    """What is known is still shown; an order is refused with the reason, and leaves no trace."""
    rig, _ = demo

    def refused() -> PanelClient:
        raise ConfigError("The proxy needs another package.")

    rig.connect = refused
    async with rig.desk() as desk:
        await until(lambda: desk.health.condition is Condition.OFFLINE)
        assert "The proxy needs another package. Correct it" in desk.health.words
        for _ in range(2):
            with pytest.raises(NotSent, match="The proxy needs another package"):
                await desk.place(draft_for(SERVICE))
        desk.refresh(Wanted.ALL)
        assert desk.orders == ()
    assert rig.stored() == []


async def test_an_order_waits_until_the_desk_is_online(demo: tuple[Rig, WatchedPanel]) -> None:
    """Confirmed while the client is still being made, it is sent once that is done."""
    rig, panel = demo
    ready, connect = threading.Event(), rig.connect

    def slowly() -> PanelClient:
        ready.wait(PATIENCE)
        return connect()

    rig.connect = slowly
    async with rig.desk() as desk:
        sending = asyncio.create_task(desk.place(draft_for(SERVICE)))
        await asyncio.sleep(0)
        assert desk.orders == ()
        ready.set()
        order = await sending
        assert order.state is State.REJECTED
    assert panel.asked["add"] == 1


async def test_an_order_that_waits_for_the_desk_in_vain_is_not_sent(demo: tuple[Rig, WatchedPanel]) -> None:
    """Closed before the client was made, the Desk says so instead of leaving the order to wait for ever."""
    rig, panel = demo
    ready, connect = threading.Event(), rig.connect

    def slowly() -> PanelClient:
        ready.wait(PATIENCE)
        return connect()

    rig.connect = slowly
    async with rig.desk() as desk:
        sending = asyncio.create_task(desk.place(draft_for(SERVICE)))
        await asyncio.sleep(0)
    ready.set()
    with pytest.raises(NotSent):
        await sending
    assert rig.stored() == []
    assert panel.asked["add"] == 0


async def test_a_journal_that_cannot_be_opened_ends_the_start(demo: tuple[Rig, WatchedPanel]) -> None:
    """The error comes out with its words, and nothing is left open."""
    rig, panel = demo
    (rig.folder / "journal").write_text("a file in the way")
    with pytest.raises(JournalError, match="journal"):
        async with rig.desk():
            raise AssertionError("not reached")
    assert panel.asked.total() == 0
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("journal")]


async def test_before_it_is_open_nothing_can_be_sent(demo: tuple[Rig, WatchedPanel]) -> None:
    """Without a journal there is nothing that an order could be written into."""
    rig, _ = demo
    desk = rig.unopened()
    with pytest.raises(NotSent, match="not open yet"):
        await desk.place(draft_for(SERVICE))
    assert desk.unsaved == ()
    await desk.close()


async def test_what_runs_on_a_link_is_found(demo: tuple[Rig, WatchedPanel]) -> None:
    """A new order for the same link can be warned about until the first one is done."""
    rig, panel = demo
    past = panel.market.history[-1]
    async with rig.desk() as desk:
        await idle(desk)
        (order,) = await desk.track([Tracked(past.order, link=past.link, quantity=past.quantity)])
        assert [each.uuid for each in desk.book.running_on(past.link)] == [order.uuid]
        assert desk.book.running_on("https://example.com/other") == []
        rig.clock.wait(2 * 3600)
        await refreshed(desk)
        assert desk.orders[0].status is not None
        assert desk.orders[0].status.final
        assert desk.book.running_on(past.link) == []


async def test_the_last_balance_is_shown_with_its_age_until_there_is_a_newer_one(
    demo: tuple[Rig, WatchedPanel],
) -> None:
    """A start without the panel knows how much there was, and when."""
    rig, _ = demo
    async with rig.desk() as desk:
        await idle(desk)
    rig.clock.wait(60)
    async with rig.desk(online=False) as desk:
        assert (desk.balance, desk.balance_at) == (Balance(Decimal(100), "USD"), START)
        desk.go_online()
        await idle(desk)
        assert desk.balance_at == rig.clock.now()
