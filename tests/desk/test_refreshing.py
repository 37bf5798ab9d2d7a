"""The one loop that keeps everything fresh: what it asks, when it is silent, and what it tells of trouble."""

from __future__ import annotations

import asyncio
from contextlib import closing
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from unittest.mock import Mock

import pytest
from msgspec.structs import replace

from smmtui.desk.desk import Desk
from smmtui.desk.health import Condition
from smmtui.desk.topics import Topic, Wanted
from smmtui.domain.records import Balance, Order, Service, State, Tracked
from smmtui.domain.statuses import Status
from smmtui.errors import JournalError
from smmtui.panel.client import PanelClient
from smmtui.secret import Secret
from tests.desk.support import HASTY, ONCE, START, Rig, WatchedPanel, draft_for, heard, idle, refreshed, until
from tests.faults.server import CONNECT, FAULTS, KEY, Fault, FaultServer, nothing_listening

ALL = Wanted.ALL
HOUR = 3600.0


def asked(server: FaultServer) -> list[str]:
    """The action of every request that reached the panel."""
    return [request.action for request in server.ledger.requests]


def cheap(desk: Desk) -> Service:
    """A service of the demo's of which 100 can be had for little."""
    return next(
        service
        for service in desk.catalog.services
        if service.type == "Default" and service.rate and service.rate < 1 and service.min and service.min <= 100
    )


# ── orders that move ──────────────────────────────────────────────────────────────────────────────────────────────


async def test_an_order_runs_to_its_end_while_time_passes(demo: tuple[Rig, WatchedPanel]) -> None:
    """Pending, in progress, done: told each time, on the disk each time, and the balance fell by its charge."""
    rig, panel = demo
    async with rig.desk() as desk:
        await idle(desk)
        assert desk.balance is not None
        before = desk.balance.amount
        placed = await desk.place(draft_for(cheap(desk)))
        await until(lambda: desk.orders[0].status)
        assert desk.orders[0].status is Status.PENDING
        seen = [Status.PENDING]
        topics = heard(desk)
        for _ in range(9):
            rig.clock.wait(5)
            await refreshed(desk)
            order = desk.orders[0]
            if order.status is not seen[-1]:
                assert order.status is not None
                seen.append(order.status)
                assert rig.journal.orders()[0] == order
        assert seen == [Status.PENDING, Status.IN_PROGRESS, Status.COMPLETED]
        assert Topic.ORDERS in topics
        assert (order.delivered, order.remains) == (100, 0)
        assert order.charge == placed.estimate == panel.market.ledger[0].charge
        assert desk.balance.amount == before - panel.market.ledger[0].charge == panel.market.balance
        events = await desk.events(order.uuid)
        assert [event.evidence.get("status") for event in events[2:]] == ["Pending", "In progress", "Completed"]
    (stored,) = rig.stored()
    assert (stored.id, stored.status, stored.charge) == (order.id, Status.COMPLETED, order.charge)


async def test_a_pass_in_which_nothing_changed_writes_and_tells_nothing(demo: tuple[Rig, WatchedPanel]) -> None:
    """Not a byte of the journal moves, no other window is disturbed, and no table is drawn anew."""
    rig, panel = demo
    async with rig.desk() as desk:
        await idle(desk)
        await desk.place(draft_for(cheap(desk)))
        await until(lambda: desk.orders[0].status)
        await idle(desk)
        with closing(rig.reopened()) as other:
            version, data, asked = other.data_version(), other.path.read_bytes(), panel.asked["status"]
            topics = heard(desk)
            rig.clock.wait(1)
            await refreshed(desk, ALL)
            assert panel.asked["status"] == asked + 1
            assert (other.data_version(), other.path.read_bytes()) == (version, data)
            assert not any(Topic.ORDERS in topic for topic in topics)
            assert desk.orders[0].checked == rig.clock.now()


async def test_orders_placed_elsewhere_are_watched(demo: tuple[Rig, WatchedPanel]) -> None:
    """An id that the panel knows gets its status, one that it does not know gets the panel's words as a note."""
    rig, panel = demo
    past = panel.market.history[-1]
    async with rig.desk() as desk:
        await idle(desk)
        known, strange = await desk.track([Tracked(past.order, quantity=past.quantity), Tracked("999")])
        await until(lambda: all(order.status or order.trouble for order in desk.orders))
        orders = {order.uuid: order for order in desk.orders}
        assert orders[known.uuid].status is Status.IN_PROGRESS
        assert orders[strange.uuid].trouble == "Incorrect order ID"
        again = await desk.track([Tracked(past.order)])
        assert [order.uuid for order in again] == [known.uuid]
        assert len(desk.orders) == 2


async def test_a_final_order_is_left_alone_and_a_running_one_is_not(demo: tuple[Rig, WatchedPanel]) -> None:
    """The user's refresh asks for what is active or on the screen; a day later the final one is looked at again."""
    rig, panel = demo
    async with rig.desk() as desk:
        await idle(desk)
        await desk.track([Tracked(panel.market.history[0].order)])
        await until(lambda: desk.orders[0].status)
        await idle(desk)
        count = panel.asked["status"]
        rig.clock.wait(HOUR)
        await refreshed(desk)
        assert panel.asked["status"] == count
        desk.look_at([desk.orders[0].uuid])
        await refreshed(desk)
        assert panel.asked["status"] == count + 1
        desk.look_at([])
        rig.clock.wait(24 * HOUR)
        await refreshed(desk)
        assert panel.asked["status"] == count + 2


async def test_an_order_does_not_have_all_the_others_asked_for(server: FaultServer, rig: Rig, desk: Desk) -> None:
    """After a placement one request tells of the new order, and of as many others as go along for nothing."""
    await desk.track([Tracked(str(number)) for number in range(1, 251)])
    await until(lambda: all(order.checked for order in desk.orders))
    await idle(desk)
    before = asked(server).count("status")
    placed = await desk.place(draft_for(desk.catalog.services[0]))
    await until(lambda: desk.book.get(placed.uuid) and desk.orders[0].checked)
    await idle(desk)
    lists = [each.fields for each in server.ledger.requests if each.action == "status"][before:]
    assert lists == [{"order": placed.id}]
    await refreshed(desk)
    sizes = [each.fields["orders"].count(",") + 1 for each in server.ledger.requests if "orders" in each.fields]
    assert sizes[-3:] == [100, 100, 51]


async def test_each_list_is_stored_and_told_by_itself(
    server: FaultServer, rig: Rig, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the first request brought does not wait for the last one; one transaction each, for what changed in it."""
    monkeypatch.setattr("smmtui.panel.batched_reads.BATCH", 4)
    orders = [await desk.place(draft_for(desk.catalog.services[0], link=f"https://a.test/{n}")) for n in range(6)]
    await refreshed(desk)
    for order in orders:
        server.set_status(order.id or "", {"remains": "7"})
    record = Mock(wraps=rig.journal.record)
    monkeypatch.setattr(rig.journal, "record", record)
    topics = heard(desk)
    await refreshed(desk)
    assert [len(call.args[0]) for call in record.call_args_list] == [4, 2]
    assert topics.count(Topic.ORDERS) == 2
    await refreshed(desk)
    assert record.call_count == 2


async def test_the_balance_is_asked_for_after_ten_intervals(server: FaultServer, rig: Rig, desk: Desk) -> None:
    """However often the orders are looked at in between."""
    count = asked(server).count("balance")
    for _ in range(9):
        rig.clock.wait(30)
        await refreshed(desk, Wanted.NOTHING)
    assert asked(server).count("balance") == count
    rig.clock.wait(30)
    await refreshed(desk, Wanted.NOTHING)
    assert asked(server).count("balance") == count + 1


# ── the catalogue ─────────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_catalog_is_fetched_only_when_it_is_too_old(demo: tuple[Rig, WatchedPanel]) -> None:
    """Once at the first start, again an hour later, and on demand; not at a start within the hour."""
    rig, panel = demo
    async with rig.desk() as desk:
        await idle(desk)
        assert panel.asked["services"] == 1
        assert (len(desk.catalog.services), desk.catalog_at) == (5000, START)
        rig.clock.wait(HOUR - 1)
        await refreshed(desk)
        assert panel.asked["services"] == 1
    async with rig.desk() as desk:
        assert (len(desk.catalog.services), desk.catalog_at) == (5000, START)
        await idle(desk)
        assert panel.asked["services"] == 1
        rig.clock.wait(1)
        topics = heard(desk)
        await refreshed(desk)
        assert panel.asked["services"] == 2
        assert any(Topic.CATALOG in topic for topic in topics)
        await refreshed(desk, ALL)
        assert panel.asked["services"] == 3
        assert desk.catalog_at == START + timedelta(hours=1)


async def test_a_catalog_from_the_future_is_too_old(demo: tuple[Rig, WatchedPanel]) -> None:
    """After the wall clock was set back nobody knows its age."""
    rig, panel = demo
    rig.clock.wait(HOUR)
    async with rig.desk() as desk:
        await idle(desk)
    rig.clock.wait(-60)
    async with rig.desk() as desk:
        await idle(desk)
        assert panel.asked["services"] == 2


async def test_a_catalog_that_cannot_be_read_keeps_the_old_one(server: FaultServer, rig: Rig, desk: Desk) -> None:
    """Rows stay on the screen, the words say what is wrong, and balance and orders are asked for all the same."""
    rows = desk.catalog.services
    assert rows
    order = await desk.place(draft_for(rows[0]))
    await until(lambda: desk.orders[0].status)
    for body in (b"[]", b"{}", b"null", b'[{"service": 1}]'):
        server.plan("services", [Fault.reply(body=body)])
        server.set_status(order.id or "", {"remains": str(len(body))})
        server.set_balance(Decimal(len(body)))
        await refreshed(desk, ALL)
        assert desk.catalog.services == rows
        assert desk.health.condition is Condition.CONFUSED
        assert desk.balance == Balance(Decimal(len(body)), "USD")
        assert desk.orders[0].remains == len(body)
    await refreshed(desk, ALL)
    assert desk.health.condition is Condition.ONLINE


# ── presses ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_presses_of_refresh_coalesce(server: FaultServer, desk: Desk) -> None:
    """Fifty presses, before and during a pass, are that pass and one more, and no two are ever in flight."""
    before = asked(server).count("balance")
    server.plan("balance", [FAULTS["late"](delay=0.1)])
    for _ in range(25):
        desk.refresh(Wanted.BALANCE)
    await until(lambda: asked(server).count("balance") == before + 1)
    for _ in range(25):
        desk.refresh(Wanted.BALANCE)
    await until(lambda: asked(server).count("balance") == before + 2)
    await idle(desk)
    assert asked(server).count("balance") == before + 2
    requests = [(entry.at, 1) for entry in server.ledger.requests]
    answers = [(entry.at, -1) for entry in server.ledger.answers]
    in_flight = 0
    for _, step in sorted(requests + answers):
        in_flight += step
        assert in_flight <= 1


async def test_what_is_wanted_during_a_pass_is_asked_again_after_it(server: FaultServer, desk: Desk) -> None:
    """The answer under way may be from before whatever made it wanted."""
    server.plan("balance", [FAULTS["late"](delay=0.1)])
    before = asked(server).count("balance")
    desk.refresh(Wanted.BALANCE)
    # The slow answer has been made by now, and does not know of the change.
    await until(lambda: asked(server).count("balance") == before + 1)
    server.set_balance(Decimal(7))
    desk.refresh(Wanted.BALANCE)
    await until(lambda: desk.balance is not None and desk.balance.amount == 7)


async def test_what_was_wanted_in_vain_is_wanted_still(server: FaultServer, desk: Desk) -> None:
    """A refresh that met trouble is made good by the next pass that gets through."""
    server.set_balance(Decimal(7))
    services = asked(server).count("services")
    server.plan("balance", [FAULTS["html_502"]])
    server.plan("services", [FAULTS["close_before_reply"]])
    await refreshed(desk, ALL)
    assert not desk.health.well
    await refreshed(desk, Wanted.NOTHING)
    assert desk.balance == Balance(Decimal(7), "USD")
    assert asked(server).count("services") == services + 2
    assert desk.health.well


async def test_paused_nothing_is_asked_but_what_the_user_wants(server: FaultServer, rig: Rig, desk: Desk) -> None:
    """A pause is said, a press of refresh goes through, and afterwards the balance is fresh at once."""
    desk.pause(True)
    assert (desk.paused, desk.health.condition) == (True, Condition.PAUSED)
    await until(lambda: desk.next_refresh is None)
    server.set_balance(Decimal(7))
    desk.refresh(Wanted.BALANCE)
    await until(lambda: desk.balance is not None and desk.balance.amount == 7)
    await until(lambda: desk.health.condition is Condition.PAUSED)
    assert desk.next_refresh is None
    server.set_balance(Decimal(8))
    desk.pause(False)
    await until(lambda: desk.balance is not None and desk.balance.amount == 8)
    await idle(desk)
    assert (desk.paused, desk.health.condition) == (False, Condition.ONLINE)


# ── trouble ───────────────────────────────────────────────────────────────────────────────────────────────────────

TROUBLE: dict[str, tuple[str, Fault, Condition, str]] = {
    "no answer": ("balance", FAULTS["close_before_reply"], Condition.OFFLINE, "may be busy or down"),
    "a web page": ("balance", FAULTS["html_404"], Condition.CONFUSED, "url"),
    "a gateway's page": ("balance", FAULTS["html_502"], Condition.CONFUSED, "API address"),
    "no JSON": ("balance", Fault.reply(body=b"OK"), Condition.CONFUSED, "API address"),
    "no balance": ("balance", Fault.reply(body=b'{"balance": null}'), Condition.CONFUSED, "balance"),
    "a redirect": ("balance", FAULTS["redirect_302_cross_origin"], Condition.OFFLINE, "was not followed"),
    "a rate limit": ("balance", FAULTS["too_many_requests"], Condition.LIMITED, "fewer requests"),
    "a refusal": ("balance", Fault.reply(body=b'{"error": "No way"}'), Condition.REFUSED, "No way. What is shown"),
    "a refused connection": (CONNECT, FAULTS["reset_before_reading"], Condition.OFFLINE, "What is shown was known"),
}


@pytest.mark.parametrize("name", TROUBLE)
async def test_trouble_is_said_in_words_and_passes(name: str, server: FaultServer, rig: Rig, desk: Desk) -> None:
    """The header gets a word and a time, the screen a sentence; what was known stays, and all is well again after."""
    action, fault, condition, words = TROUBLE[name]
    before = desk.balance
    topics = heard(desk)
    # The kept connection goes, so that a fault of new ones is met.
    server.plan("services", [FAULTS["close_before_reply"]])
    await refreshed(desk, Wanted.CATALOG)
    server.plan(action, [fault])
    await refreshed(desk, Wanted.BALANCE)
    assert desk.health.condition is condition
    assert words in desk.health.words
    assert desk.health.retry_at is not None
    assert desk.balance == before
    assert Topic.HEALTH in topics
    assert KEY not in desk.health.words
    rig.clock.wait(10)
    await refreshed(desk, Wanted.BALANCE)
    assert desk.health.well
    assert server.ledger.followed == []


async def test_a_panel_that_is_silent_is_offline(server: FaultServer, tmp_path: Path) -> None:
    """Its silence has an end, and is said."""
    server.always("balance", FAULTS["stall_before_reply"])
    async with Rig.at(tmp_path, server.url, KEY, HASTY).desk() as desk:
        await idle(desk)
        assert desk.health.condition is Condition.OFFLINE
        assert "may be busy or down" in desk.health.words


async def test_a_panel_that_nobody_can_reach_is_offline_and_what_is_known_is_shown(tmp_path: Path) -> None:
    """The words say what to check, and no error comes out of the start."""
    with nothing_listening() as url:
        rig = Rig.at(tmp_path, url, KEY)
        async with rig.desk() as desk:
            await idle(desk)
            assert desk.health.condition is Condition.OFFLINE
            assert "Check the network" in desk.health.words
            assert desk.next_refresh is not None
            assert (desk.balance, desk.orders) == (None, ())


async def test_a_refused_key_ends_all_asking_until_the_user_acts(server: FaultServer, tmp_path: Path) -> None:
    """One request, then silence, whatever happens by itself; one more for every refresh of the user's."""
    rig = Rig.at(tmp_path, server.url, "another-key-altogether")
    async with rig.desk() as desk:
        await until(lambda: desk.health.condition is Condition.BAD_KEY)
        assert "Check the key" in desk.health.words
        assert desk.next_refresh is None
        assert asked(server) == ["balance"]
        desk.pause(True)
        desk.pause(False)
        await desk.track([Tracked("23501")])
        assert desk.health.condition is Condition.BAD_KEY
        desk.refresh(Wanted.BALANCE)
        assert desk.health.well
        await until(lambda: desk.health.condition is Condition.BAD_KEY)
        assert asked(server) == ["balance", "balance"]
        server.key = "another-key-altogether"
        desk.refresh(Wanted.BALANCE)
        await until(lambda: desk.health.condition is Condition.ONLINE)
        assert asked(server)[:4] == ["balance", "balance", "balance", "status"]


async def test_a_key_refused_while_placing_ends_all_asking_as_well(server: FaultServer, desk: Desk) -> None:
    """The reads that would follow an order do not go out with a key that was just refused."""
    server.key = "the panel made a new one"
    order = await desk.place(draft_for(Service("1", "Followers", rate=Decimal(1), min=50)))
    assert (order.state, order.reason) == (State.REJECTED, "Invalid API key")
    await until(lambda: desk.health.condition is Condition.BAD_KEY)
    assert asked(server)[-1] == "add"


async def test_a_rate_limit_is_waited_out(server: FaultServer, rig: Rig, desk: Desk) -> None:
    """Until the time is over neither an order's wake nor a press of refresh sends a read; then the wanted one goes."""
    server.plan("balance", [FAULTS["too_many_requests"](retry_after="120")])
    server.set_balance(Decimal(7))
    await refreshed(desk, Wanted.BALANCE)
    reads = len(asked(server))
    assert desk.health.retry_at == rig.clock.monotonic() + 120
    await desk.track([Tracked("23501")])
    desk.refresh(ALL)
    rig.clock.wait(119)
    desk.refresh(ALL)
    await until(lambda: desk.next_refresh == 1)
    assert len(asked(server)) == reads
    rig.clock.wait(1)
    desk.refresh(Wanted.NOTHING)
    await until(lambda: desk.balance is not None and desk.balance.amount == 7)


async def test_a_journal_that_fails_is_said_and_caught_up_with(
    server: FaultServer, rig: Rig, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The loop does not die of a full disk: statuses are shown, and stored as soon as it works again."""
    order = await desk.place(draft_for(desk.catalog.services[0]))
    await until(lambda: desk.orders[0].status)
    await idle(desk)
    record = rig.journal.record

    def full(changed: list[Order], at: object) -> None:
        raise JournalError("The disk is full.")

    monkeypatch.setattr(rig.journal, "record", full)
    server.set_status(order.id or "", {"status": "Completed", "remains": "0"})
    await refreshed(desk)
    assert desk.orders[0].status is Status.COMPLETED
    assert (desk.health.condition, "The disk is full." in desk.health.words) == (Condition.UNSAVED, True)
    assert rig.journal.orders()[0].status is Status.PENDING
    monkeypatch.setattr(rig.journal, "record", record)
    desk.look_at([order.uuid])
    await refreshed(desk)
    assert desk.health.condition is Condition.ONLINE
    assert rig.journal.orders()[0].status is Status.COMPLETED


async def test_a_row_that_is_refused_is_a_note_and_no_trouble(server: FaultServer, rig: Rig, desk: Desk) -> None:
    """An order that the panel does not find says so in its own row; the others and the health are as ever."""
    placed = await desk.place(draft_for(desk.catalog.services[0]))
    await desk.track([Tracked("1")])
    await until(lambda: all(order.checked for order in desk.orders))
    notes = {order.id: order.trouble for order in desk.orders}
    assert notes == {placed.id: "", "1": "Incorrect order ID"}
    assert desk.health.condition is Condition.ONLINE


async def test_a_slow_panel_is_called_slow(server: FaultServer, rig: Rig) -> None:
    """An answer that takes longer than five seconds makes it so; the waits for our own pace do not."""
    rig.connect = lambda: PanelClient(rig.profile, Secret(KEY), limits=ONCE, clock=rig.clock)
    async with rig.desk() as desk:
        await idle(desk)
        server.plan("balance", [FAULTS["late"](delay=0.1)])
        before = len(asked(server))
        desk.refresh(Wanted.BALANCE)
        await until(lambda: len(asked(server)) > before)
        rig.clock.wait(12)
        await idle(desk)
        slow = desk.health
        assert (slow.condition, slow.well) == (Condition.SLOW, True)
        await refreshed(desk, Wanted.BALANCE)
        assert desk.health.condition is Condition.ONLINE


async def test_our_own_pace_makes_no_panel_slow(server: FaultServer, rig: Rig) -> None:
    """A request that had to wait for its turn for twelve seconds is answered as quickly as any."""

    async def sleep(seconds: float) -> None:
        rig.clock.wait(seconds)

    rig.profile = replace(rig.profile, requests_per_minute=5, burst=1)
    rig.connect = lambda: PanelClient(rig.profile, Secret(KEY), limits=ONCE, clock=rig.clock, sleep=sleep)
    async with rig.desk() as desk:
        await refreshed(desk, ALL)
        assert (rig.clock.monotonic() >= 12, desk.health.condition) == (True, Condition.ONLINE)


async def test_closing_in_mid_pass_leaves_nothing_behind(server: FaultServer, tmp_path: Path) -> None:
    """Quitting does not wait for a panel that is silent."""
    server.always("balance", FAULTS["stall_before_reply"])
    rig = Rig.at(tmp_path, server.url, KEY)
    async with rig.desk():
        await until(lambda: asked(server) == ["balance"])
    assert len(asyncio.all_tasks()) == 1
