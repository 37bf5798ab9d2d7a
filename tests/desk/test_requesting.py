"""Every refill and cancel is asked for once or not at all, and what came of it is on the disk before it is told."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Sequence
from contextlib import closing
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from smmtui.desk.desk import Desk
from smmtui.desk.topics import Topic, Wanted
from smmtui.domain.records import Order, Request, Service, State, Tracked
from smmtui.domain.requests import Asked
from smmtui.domain.statuses import Status
from smmtui.errors import JournalError
from tests.desk.support import HASTY, ONCE, Rig, draft_for, heard, idle, refreshed, until
from tests.faults.server import FAULTS, KEY, Fault, FaultServer, nothing_listening

SERVICE = Service("2", "Followers, refill and cancel", rate=Decimal("1.25"), min=10, max=50_000)
PLAIN = Service("1", "Followers", rate=Decimal("0.90"), min=50, max=10_000)


def writes(server: FaultServer) -> list[str]:
    """The ids in every refill and cancel request that reached the panel."""
    return [each.fields["orders"] for each in server.ledger.requests if each.action in ("refill", "cancel")]


def stored(rig: Rig) -> list[Request]:
    """Every request that the disk knows, as the next start will find it."""
    with closing(rig.reopened()) as journal:
        return journal.requests.all()


def receipts(rig: Rig) -> list[tuple[str, str]]:
    """Kind and state of every line of the second copy that tells of a request."""
    lines = map(json.loads, (rig.folder / "journal" / "receipts.jsonl").read_text().splitlines())
    return [(line["kind"], line["state"]) for line in lines if "request" in line]


def states(asked: Asked) -> list[tuple[str, str | None, str]]:
    """What came of each request."""
    return [(request.state, request.id, request.reason) for request in asked.requests]


async def placed(desk: Desk, *services: Service) -> list[Order]:
    """An order of each service."""
    return [
        await desk.place(draft_for(service, link=f"https://example.com/{number}"))
        for number, service in enumerate(services)
    ]


async def tracked(desk: Desk, count: int) -> Sequence[Order]:
    """Orders with the ids 1 to `count`, which this panel does not know."""
    desk.pause(True)
    return await desk.track([Tracked(str(id)) for id in range(1, count + 1)])


# ── outcomes ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_refill_that_is_taken_has_the_panels_id(server: FaultServer, rig: Rig, desk: Desk) -> None:
    """One request with all ids; each order gets its own answer, and the disk has it before the caller."""
    orders = await placed(desk, SERVICE, PLAIN, SERVICE)
    asked = await desk.refill(orders)
    assert states(asked) == [
        ("requested", "1", ""),
        ("refused", None, "Refill is not available for this order"),
        ("requested", "2", ""),
    ]
    assert asked.left_out == {}
    assert writes(server) == [",".join(order.id or "" for order in orders)]
    assert [(refill.id, refill.order) for refill in server.ledger.refills] == [("1", orders[0].id), ("2", orders[2].id)]
    assert stored(rig) == list(asked.requests)
    assert [desk.requests.of(order.uuid) for order in orders] == list(asked.requests)
    assert receipts(rig) == [("refill", "sending")] * 3 + [
        ("refill", "requested"),
        ("refill", "refused"),
        ("refill", "requested"),
    ]


async def test_a_cancel_that_is_taken_is_requested_and_no_more(server: FaultServer, rig: Rig, desk: Desk) -> None:
    """`cancel: 1` is no id, and the order is as active as before."""
    orders = await placed(desk, SERVICE, PLAIN)
    asked = await desk.cancel(orders)
    assert states(asked) == [("requested", None, ""), ("refused", None, "Cancel is not available for this order")]
    assert [cancel.order for cancel in server.ledger.cancels] == [orders[0].id]
    assert all(order.active for order in desk.orders)


UNKNOWN = {
    "reset, carried out": FAULTS["reset_before_reply"](carried_out=True),
    "reset, not carried out": FAULTS["reset_before_reply"](carried_out=False),
    "cut short": FAULTS["reset_mid_reply"](carried_out=True),
    "a gateway's page": FAULTS["html_502"](carried_out=True),
    "an empty answer": Fault.reply(200, carried_out=True),
    "no list": Fault.reply(200, body=b'{"ok": true}', carried_out=True),
    "silence": FAULTS["stall_before_reply"](carried_out=True),
}


@pytest.mark.parametrize("name", UNKNOWN)
@pytest.mark.parametrize("kind", ["refill", "cancel"])
async def test_what_cannot_be_known_is_unknown_and_never_asked_again(
    kind: str, name: str, server: FaultServer, tmp_path: Path
) -> None:
    """Neither by the program nor by a second press; a new start finds it unknown as well."""
    rig = Rig.at(tmp_path, server.url, KEY, HASTY if name == "silence" else ONCE)
    async with rig.desk() as desk:
        await idle(desk)
        orders = await placed(desk, SERVICE, SERVICE)
        server.plan(kind, [UNKNOWN[name]])
        ask = desk.refill if kind == "refill" else desk.cancel
        asked = await ask(orders)
        assert [request.state for request in asked.requests] == ["unknown", "unknown"]
        assert all(request.reason for request in asked.requests)
        again = await ask(orders)
        assert again.requests == ()
        assert all("settle that first" in why for why in again.left_out.values())
    async with rig.desk(online=False) as desk:
        assert [request.order for request in desk.requests.unknown] == [order.uuid for order in orders]
    assert len(writes(server)) == 1


async def test_a_row_without_an_answer_is_unknown_alone(server: FaultServer, desk: Desk) -> None:
    """The other rows of the same reply keep what the panel said of them."""
    first, second = await placed(desk, SERVICE, SERVICE)
    body = json.dumps([{"order": int(first.id or ""), "refill": 77}]).encode()
    server.plan("refill", [Fault.reply(200, body=body, carried_out=True)])
    asked = await desk.refill([first, second])
    assert [(request.state, request.id) for request in asked.requests] == [("requested", "77"), ("unknown", None)]


async def test_a_refill_to_nobody_is_unsent_and_can_be_asked_for_again(tmp_path: Path, server: FaultServer) -> None:
    """Where nothing listens nothing was asked for, and that is what the disk says."""
    rig = Rig.at(tmp_path, server.url, KEY)
    async with rig.desk() as desk:
        await idle(desk)
        orders = await placed(desk, SERVICE)
    with nothing_listening() as url:
        nowhere = Rig.at(tmp_path, url, KEY)
        async with nowhere.desk() as desk:
            asked = await desk.refill(orders)
            assert [request.state for request in asked.requests] == ["unsent"]
            assert [request.state for request in stored(nowhere)] == ["unsent"]
    async with rig.desk() as desk:
        assert [request.state for request in (await desk.refill(orders)).requests] == ["requested"]


# ── many ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_many_are_asked_for_in_hundreds(server: FaultServer, desk: Desk) -> None:
    """Each order once, whatever was given twice; every one has its outcome."""
    orders = await tracked(desk, 250)
    asked = await desk.cancel([*orders, *orders[:3]])
    assert [len(ids.split(",")) for ids in writes(server)] == [100, 100, 50]
    assert [request.order_id for request in asked.requests] == [order.id for order in orders]
    assert {request.reason for request in asked.requests} == {"Incorrect order ID"}


@pytest.mark.parametrize(("fault", "state"), [("reset_before_reply", "unknown"), ("json_error_400", "refused")])
async def test_after_a_request_that_failed_no_further_one_is_sent(
    server: FaultServer, rig: Rig, desk: Desk, fault: str, state: str
) -> None:
    """The orders of later requests are told as not asked, without a trace on the disk."""
    orders = await tracked(desk, 250)
    server.plan("cancel", [None, FAULTS[fault]])
    asked = await desk.cancel(orders)
    assert [request.state for request in asked.requests] == ["refused"] * 100 + [state] * 100
    assert list(asked.left_out) == [order.uuid for order in orders[200:]]
    assert len(stored(rig)) == 200
    assert len(writes(server)) == 2


# ── never twice ───────────────────────────────────────────────────────────────────────────────────────────────────


async def test_while_one_is_open_there_is_no_second(server: FaultServer, rig: Rig, desk: Desk) -> None:
    """A refill is open until the panel says so of it, a cancel until its order is done; the other kind is free."""
    (order,) = await placed(desk, SERVICE)
    assert desk.requests.why_not("refill", order, rig.clock.now()) == ""
    await desk.refill([order])
    again = await desk.refill([order])
    assert (again.requests, again.left_out) == ((), {order.uuid: "A refill is requested already."})
    assert len((await desk.cancel([order])).requests) == 1
    assert (await desk.cancel([order])).left_out == {order.uuid: "A cancel is requested already."}
    server.set_refill_status("1", "Rejected")
    await idle(desk)
    rig.clock.wait(301)
    await refreshed(desk)
    assert [request.id for request in (await desk.refill([order])).requests] == ["2"]


async def test_two_windows_do_not_ask_for_the_same(server: FaultServer, rig: Rig, desk: Desk) -> None:
    """The journal decides, also before the second window has seen what the first one asked for."""
    (order,) = await placed(desk, SERVICE)
    looked = asyncio.Event()

    async def for_ever(_: float) -> None:
        looked.set()
        await asyncio.Event().wait()

    rig.sleep = for_ever
    async with rig.desk() as second:
        await looked.wait()
        await desk.refill([order])
        assert second.requests.of(order.uuid) is None
        asked = await second.refill([order])
        assert asked.requests == ()
        assert "another window" in asked.left_out[order.uuid]
    assert len(server.ledger.refills) == 1


async def test_an_order_without_an_id_is_left_out(server: FaultServer, desk: Desk) -> None:
    """What the panel does not know it cannot be asked for."""
    server.plan("add", [FAULTS["html_502"]])
    orders = await placed(desk, SERVICE)
    assert orders[0].state is State.UNKNOWN
    asked = await desk.refill(orders)
    assert (asked.requests, list(asked.left_out)) == ((), [orders[0].uuid])
    assert writes(server) == []


@pytest.mark.parametrize("carried_out", [True, False])
async def test_ended_in_mid_request_it_is_unknown(server: FaultServer, rig: Rig, desk: Desk, carried_out: bool) -> None:
    """The task that asks ends only when that is on the disk."""
    orders = await placed(desk, SERVICE, SERVICE)
    server.plan("refill", [FAULTS["stall_before_reply"](carried_out=carried_out)])
    asking = asyncio.create_task(desk.refill(orders))
    await until(lambda: writes(server))
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert [request.state for request in desk.requests.unknown] == ["unknown", "unknown"]
    assert [request.state for request in stored(rig)] == ["unknown", "unknown"]
    assert len(writes(server)) == 1


async def test_ended_before_its_turn_nothing_is_asked(server: FaultServer, rig: Rig, desk: Desk) -> None:
    """One that waits behind another leaves no trace."""
    first, second = await placed(desk, SERVICE, SERVICE)
    server.plan("refill", [FAULTS["stall_before_reply"]])
    asking = asyncio.create_task(desk.refill([first]))
    await until(lambda: writes(server))
    waiting = asyncio.create_task(desk.refill([second]))
    await asyncio.sleep(0)
    for task in (waiting, asking):
        task.cancel()
        await asyncio.wait([task])
    assert [request.order for request in stored(rig)] == [first.uuid]


# ── a disk that fails ─────────────────────────────────────────────────────────────────────────────────────────────


async def test_without_a_durable_intent_nothing_is_asked(server: FaultServer, rig: Rig, desk: Desk) -> None:
    """The caller hears why, and afterwards it can be asked for."""
    orders = await placed(desk, SERVICE)
    path = rig.folder / "journal" / "receipts.jsonl"
    aside = path.rename(path.with_suffix(".aside"))
    path.mkdir()
    with pytest.raises(JournalError, match=r"receipts\.jsonl"):
        await desk.refill(orders)
    assert writes(server) == []
    shutil.rmtree(path)
    aside.rename(path)
    assert [request.state for request in (await desk.refill(orders)).requests] == ["requested"]


async def test_an_outcome_that_cannot_be_saved_stops_all_asking(
    server: FaultServer, rig: Rig, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is told all the same, and stands among what is not saved."""
    first, second = await placed(desk, SERVICE, SERVICE)

    def full(_: object) -> None:
        raise JournalError("The disk is full.")

    monkeypatch.setattr(rig.journal.requests, "conclude", full)
    asked = await desk.refill([first])
    assert [(request.state, request.id) for request in asked.requests] == [("requested", "1")]
    assert list(desk.unsaved_requests) == list(asked.requests)
    with pytest.raises(JournalError, match="could not be saved"):
        await desk.refill([second])
    assert len(writes(server)) == 1


# ── afterwards ────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_refill_is_followed_to_its_end(server: FaultServer, rig: Rig, desk: Desk) -> None:
    """Its status is asked for now and then and on the user's word, stored when it changes, and not once it is final."""
    (order,) = await placed(desk, SERVICE)
    await desk.refill([order])
    await until(lambda: (request := desk.requests.of(order.uuid)) and request.status is Status.PENDING)
    await idle(desk)
    count = _asked(server, "refill_status")
    topics = heard(desk)
    await refreshed(desk)
    assert _asked(server, "refill_status") == count + 1
    server.set_refill_status("1", "Completed")
    await idle(desk)
    rig.clock.wait(301)
    await refreshed(desk)
    assert Topic.ORDERS in topics
    request = desk.requests.of(order.uuid)
    assert request is not None
    assert (request.status, request.word) == (Status.COMPLETED, "Completed")
    assert stored(rig) == [request]
    count = _asked(server, "refill_status")
    rig.clock.wait(301)
    await refreshed(desk)
    assert _asked(server, "refill_status") == count


async def test_many_refills_are_followed_together(server: FaultServer, desk: Desk) -> None:
    """One request asks for all of them."""
    orders = await placed(desk, *[SERVICE] * 5)
    await desk.refill(orders)
    await until(lambda: all((request := desk.requests.of(order.uuid)) and request.status for order in orders))
    assert _asked(server, "refill_status") == 1


async def test_a_panel_without_refill_statuses_is_not_asked_on_and_on(
    server: FaultServer, rig: Rig, desk: Desk
) -> None:
    """It is asked once an hour, and its refusal is no trouble of the panel's."""
    orders = await placed(desk, SERVICE)
    server.always("refill_status", Fault.reply(body=b'{"error": "Incorrect request"}'))
    await desk.refill(orders)
    await idle(desk)
    assert _asked(server, "refill_status") == 1
    for _ in range(5):
        rig.clock.wait(600)
        await refreshed(desk)
    assert _asked(server, "refill_status") == 1
    assert desk.health.well
    rig.clock.wait(601)
    await refreshed(desk)
    assert _asked(server, "refill_status") == 2


async def test_an_unknown_cancel_settles_itself_when_its_order_is_done(
    server: FaultServer, rig: Rig, desk: Desk
) -> None:
    """A final status is the answer, whatever became of the request; an unknown refill waits for the user."""
    (order,) = await placed(desk, SERVICE)
    for kind in ("cancel", "refill"):
        server.plan(kind, [FAULTS["reset_before_reply"](carried_out=True)])
    await desk.cancel([order])
    await desk.refill([order])
    await refreshed(desk)
    assert [request.kind for request in desk.requests.unknown] == ["cancel", "refill"]
    server.set_status(order.id or "", {"status": "Canceled", "remains": "100"})
    await refreshed(desk)
    assert [request.kind for request in desk.requests.unknown] == ["refill"]
    cancel, refill = stored(rig)
    assert (cancel.state, cancel.reason) == ("settled", "the order is Canceled")
    settled = await desk.settling.request(refill.uuid)
    assert settled.state == "settled"
    assert desk.requests.unknown == []
    assert [request.state for request in stored(rig)] == ["settled", "settled"]
    with pytest.raises(JournalError, match="not unknown any more"):
        await desk.settling.request(refill.uuid)


async def test_a_request_of_another_window_is_seen(server: FaultServer, rig: Rig, desk: Desk) -> None:
    """With its outcome, and what the panel says of it later."""

    async def at_once(_: float) -> None:
        await asyncio.sleep(0.002)

    (order,) = await placed(desk, SERVICE)
    rig.sleep = at_once
    async with rig.desk() as second:
        await desk.refill([order])
        await until(lambda: (request := second.requests.of(order.uuid)) and request.status is Status.PENDING)
        assert second.requests.of(order.uuid) == desk.requests.of(order.uuid)


async def test_what_was_taken_without_a_trace_can_be_asked_for_again_the_next_day(
    server: FaultServer, rig: Rig, desk: Desk
) -> None:
    """A panel that forgets a cancel does not make it impossible for ever."""
    (order,) = await placed(desk, SERVICE)
    await desk.cancel([order])
    rig.clock.wait(timedelta(days=1).total_seconds() - 1)
    assert desk.requests.why_not("cancel", order, rig.clock.now())
    rig.clock.wait(1)
    assert len((await desk.cancel([order])).requests) == 1
    desk.refresh(Wanted.ORDERS)


def _asked(server: FaultServer, action: str) -> int:
    return [request.action for request in server.ledger.requests].count(action)
