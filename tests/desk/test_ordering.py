"""Every order that is placed goes out once or not at all, and what came of it is on the disk before it is told."""

from __future__ import annotations

import asyncio
import json
import shutil
import threading
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from smmtui.desk.desk import Desk
from smmtui.desk.topics import Topic
from smmtui.domain.records import Balance, Service, State
from smmtui.errors import JournalError
from tests.desk.support import HASTY, ONCE, START, Rig, draft_for, until
from tests.faults.server import CONNECT, FAULTS, KEY, Fault, FaultServer, Ledger, nothing_listening

SERVICE = Service("1", "Followers", rate=Decimal("0.90"), min=50, max=10_000)
DRAFT = draft_for(SERVICE)
OTHER = draft_for(SERVICE, link="https://example.com/2")


def adds(ledger: Ledger) -> list[dict[str, str]]:
    """The fields of every `add` that reached the panel."""
    return [dict(request.fields) for request in ledger.requests if request.action == "add"]


def receipts(rig: Rig) -> list[dict[str, Any]]:
    """The lines of the second copy."""
    return [json.loads(line) for line in (rig.folder / "journal" / "receipts.jsonl").read_text().splitlines()]


async def arrived(server: FaultServer, count: int = 1) -> None:
    """Return when so many `add` requests have reached the panel."""
    await until(lambda: len(adds(server.ledger)) == count)


# ── the four outcomes ─────────────────────────────────────────────────────────────────────────────────────────────


async def test_an_accepted_order_is_in_the_panels_books_and_in_ours(server: FaultServer, rig: Rig) -> None:
    """One request with exactly the draft's fields, one order in the ledger, its id in the journal and the receipts."""
    async with rig.desk() as desk:
        order = await desk.place(DRAFT)
        assert (order.state, order.estimate) == (State.ACCEPTED, Decimal("0.09"))
    (placed,) = server.ledger.orders
    assert adds(server.ledger) == [dict(DRAFT.fields)]
    assert (placed.id, placed.link, placed.quantity) == (order.id, DRAFT.link, "100")
    (stored,) = rig.stored()
    assert (stored.state, stored.id, stored.fields, stored.placed) == (State.ACCEPTED, placed.id, DRAFT.fields, START)
    assert [(line["kind"], line.get("id")) for line in receipts(rig)] == [("intent", None), ("outcome", placed.id)]
    assert KEY not in (rig.folder / "journal" / "receipts.jsonl").read_text()
    assert KEY.encode() not in (rig.folder / "journal" / "journal.db").read_bytes()


async def test_a_rejected_order_keeps_the_panels_words(server: FaultServer, rig: Rig, desk: Desk) -> None:
    """The panel's no is an outcome and no exception, and nothing is in its books."""
    order = await desk.place(draft_for(SERVICE, quantity=10))
    assert (order.state, order.reason) == (State.REJECTED, "Quantity less than minimal 50")
    assert server.ledger.orders == []
    assert len(adds(server.ledger)) == 1
    assert [(each.state, each.reason) for each in rig.stored()] == [(State.REJECTED, "Quantity less than minimal 50")]


async def test_an_order_to_nobody_is_unsent(tmp_path: Path) -> None:
    """Where nothing listens nothing can have been placed, and that is what the disk says."""
    with nothing_listening() as url:
        rig = Rig.at(tmp_path, url, KEY)
        async with rig.desk() as desk:
            order = await desk.place(DRAFT)
    assert order.state is State.UNSENT
    assert "Nothing was sent" in order.reason
    assert [each.state for each in rig.stored()] == [State.UNSENT]


UNKNOWN: dict[str, Fault] = {
    "reset, placed": FAULTS["reset_before_reply"](carried_out=True),
    "reset, not placed": FAULTS["reset_before_reply"](carried_out=False),
    "closed, placed": FAULTS["close_before_reply"](carried_out=True),
    "silent, placed": FAULTS["stall_before_reply"](carried_out=True),
    "silent, not placed": FAULTS["stall_before_reply"](carried_out=False),
    "cut short": FAULTS["reset_mid_reply"],
    "stuck in mid-body": FAULTS["stall_mid_body"],
    "trickling past the deadline": FAULTS["trickle"](interval=0.05),
    "a gateway's page, placed": FAULTS["html_502"](carried_out=True),
    "a 500 with an error text, placed": FAULTS["json_error_500"](carried_out=True),
    "a challenge": FAULTS["challenge_403"],
    "a redirect": FAULTS["redirect_307_cross_origin"],
    "an empty answer": Fault.reply(200, carried_out=True),
    "an id of true": Fault.reply(200, body=b'{"order": true}', carried_out=True),
    "two ids": Fault.reply(200, body=b'{"order": 1, "order": 2}', carried_out=True),
}


@pytest.mark.parametrize("name", UNKNOWN)
async def test_what_cannot_be_known_is_unknown_and_never_sent_again(
    name: str, server: FaultServer, rig: Rig, tmp_path: Path
) -> None:
    """Whether the ledger has the order or not: one request, one unknown order, and the next start sends no second."""
    server.plan("add", [UNKNOWN[name]])
    hangs = UNKNOWN[name].name in ("stall_before_reply", "stall_mid_body", "trickle")
    async with Rig.at(tmp_path, server.url, KEY, HASTY if hangs else ONCE).desk() as desk:
        order = await desk.place(DRAFT)
        assert order.state is State.UNKNOWN
        assert order.reason
        assert [each.uuid for each in desk.orders] == [order.uuid]
    async with rig.desk() as desk:
        assert [(each.uuid, each.state, each.link) for each in desk.orders] == [(order.uuid, order.state, DRAFT.link)]
        await until(lambda: desk.balance)
    assert len(adds(server.ledger)) == 1
    assert len(server.ledger.orders) == UNKNOWN[name].carried_out
    assert server.ledger.followed == []


@pytest.mark.parametrize("name", ["answer_500", "answer_404", "late", "chunked", "gzip", "http_1_0", "huge_header"])
async def test_an_id_is_never_thrown_away(name: str, server: FaultServer, rig: Rig, desk: Desk) -> None:
    """Whatever the answer is wrapped in, an order with an id was accepted."""
    server.plan("add", [FAULTS[name]])
    order = await desk.place(DRAFT)
    assert (order.state, order.id) == (State.ACCEPTED, server.ledger.orders[0].id)
    assert bool(order.reason) == name.startswith("answer_")
    assert [each.id for each in rig.stored()] == [order.id]


async def test_an_id_that_the_journal_has_already_is_not_believed(server: FaultServer, rig: Rig, desk: Desk) -> None:
    """A panel that answers with the id of another order leaves this one unknown, and the other as it was."""
    first = await desk.place(DRAFT)
    body = json.dumps({"order": first.id}).encode()
    server.plan("add", [Fault.reply(200, body=body, carried_out=True)])
    second = await desk.place(OTHER)
    assert (second.state, second.id) == (State.UNKNOWN, None)
    assert first.id is not None
    assert first.id in second.reason
    assert [(each.state, each.id) for each in rig.stored()] == [(State.UNKNOWN, None), (State.ACCEPTED, first.id)]


async def test_a_connection_that_ends_before_a_word_is_unknown(server: FaultServer, rig: Rig, desk: Desk) -> None:
    """The headers had been started, so nobody can prove that nothing arrived."""
    server.plan(CONNECT, [FAULTS["close_at_once"]])
    order = await desk.place(DRAFT)
    assert order.state is State.UNKNOWN
    assert adds(server.ledger) == []


# ── what is told, and when ────────────────────────────────────────────────────────────────────────────────────────


async def test_every_state_is_on_the_disk_before_it_is_told(server: FaultServer, rig: Rig, desk: Desk) -> None:
    """Whoever hears of the order can be killed in that moment, and the next start knows as much."""
    told: list[tuple[State, State]] = []

    def hear(topic: Topic) -> None:
        if Topic.ORDERS in topic:
            (shown,) = desk.orders
            stored = rig.journal.order(shown.uuid)
            told.append((shown.state, stored.state if stored else State.DRAFT))

    desk.subscribe(hear)
    await desk.place(DRAFT)
    assert told[:2] == [(State.SENDING, State.SENDING), (State.ACCEPTED, State.ACCEPTED)]


async def test_the_intent_is_on_the_disk_before_the_request_leaves(server: FaultServer, rig: Rig) -> None:
    """While the panel holds the request, the journal and the receipts have the order with all its parameters."""
    server.plan("add", [FAULTS["stall_before_reply"]])
    async with rig.desk() as desk:
        await until(lambda: desk.balance)
        sending = asyncio.create_task(desk.place(DRAFT))
        await arrived(server)
        (order,) = rig.journal.orders()
        (event,) = rig.journal.events(order.uuid)
        assert (order.state, order.fields) == (State.SENDING, DRAFT.fields)
        assert event.evidence["balance"] == "1000"
        assert [line["kind"] for line in receipts(rig)] == ["intent"]
        sending.cancel()
        await asyncio.wait([sending])


async def test_the_balance_is_asked_for_after_an_order(server: FaultServer, desk: Desk) -> None:
    """It falls by the charge without anybody pressing a key."""
    assert desk.balance == Balance(Decimal(1000), "USD")
    await desk.place(DRAFT)
    await until(lambda: desk.balance == Balance(Decimal("999.91"), "USD"))


async def test_two_orders_at_once_are_two_orders(server: FaultServer, rig: Rig, desk: Desk) -> None:
    """Each goes out once, one after the other, and each gets its own id."""
    first, second = await asyncio.gather(desk.place(DRAFT), desk.place(OTHER))
    assert {first.id, second.id} == {order.id for order in server.ledger.orders}
    assert {(order.id, order.link) for order in (first, second)} == {
        (order.id, order.link) for order in server.ledger.orders
    }
    assert len(adds(server.ledger)) == 2


# ── cancelled on the way ──────────────────────────────────────────────────────────────────────────────────────────


async def cancelled(task: asyncio.Task[Any]) -> None:
    """Cancel the task, and see that it ends as cancelled."""
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.parametrize("carried_out", [True, False])
async def test_ended_in_mid_request_an_order_is_unknown(server: FaultServer, rig: Rig, carried_out: bool) -> None:
    """The task that places it ends only when that is on the disk, and nothing is sent again."""
    server.plan("add", [FAULTS["stall_before_reply"](carried_out=carried_out)])
    async with rig.desk() as desk:
        sending = asyncio.create_task(desk.place(DRAFT))
        await arrived(server)
        await cancelled(sending)
        assert [order.state for order in desk.orders] == [State.UNKNOWN]
        assert [line["kind"] for line in receipts(rig)] == ["intent", "outcome"]
    (stored,) = rig.stored()
    assert stored.state is State.UNKNOWN
    assert "had not answered yet" in stored.reason
    assert len(adds(server.ledger)) == 1
    assert len(server.ledger.orders) == carried_out


async def test_ended_before_its_turn_an_order_is_unsent(server: FaultServer, rig: Rig) -> None:
    """While another order is being sent, one that waits has certainly not left."""
    server.plan("add", [FAULTS["stall_before_reply"](carried_out=True)])
    async with rig.desk() as desk:
        first = asyncio.create_task(desk.place(DRAFT))
        await arrived(server)
        second = asyncio.create_task(desk.place(OTHER))
        await until(lambda: len(desk.orders) == 2)
        await cancelled(second)
        assert [order.state for order in desk.orders] == [State.UNSENT, State.SENDING]
        await cancelled(first)
    assert [order.state for order in rig.stored()] == [State.UNSENT, State.UNKNOWN]
    assert len(adds(server.ledger)) == 1


class Gate:
    """Holds a call of the journal's thread until it is opened."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, owner: object, name: str) -> None:
        self._inner: Callable[..., object] = getattr(owner, name)
        self.reached = threading.Event()
        self.open = threading.Event()
        monkeypatch.setattr(owner, name, self._call)

    def _call(self, *args: object, **kwargs: object) -> object:
        self.reached.set()
        self.open.wait(10)
        return self._inner(*args, **kwargs)


async def test_ended_while_the_intent_is_written_an_order_is_unsent(
    server: FaultServer, rig: Rig, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow disk does not leave an order behind that nobody sends and that looks as if it were being sent."""
    gate = Gate(monkeypatch, rig.journal, "intend")
    sending = asyncio.create_task(desk.place(DRAFT))
    await until(gate.reached.is_set)
    sending.cancel()
    await asyncio.sleep(0)
    assert not sending.done()
    gate.open.set()
    with pytest.raises(asyncio.CancelledError):
        await sending
    assert [order.state for order in desk.orders] == [State.UNSENT]
    assert [order.state for order in rig.stored()] == [State.UNSENT]
    assert adds(server.ledger) == []


async def test_ended_while_the_outcome_is_written_an_order_keeps_its_id(
    server: FaultServer, rig: Rig, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once the panel has answered, nothing but its answer counts, however often it is cancelled."""
    gate = Gate(monkeypatch, rig.journal, "conclude")
    sending = asyncio.create_task(desk.place(DRAFT))
    await until(gate.reached.is_set)
    for _ in range(3):
        sending.cancel()
        await asyncio.sleep(0)
    gate.open.set()
    with pytest.raises(asyncio.CancelledError):
        await sending
    (placed,) = server.ledger.orders
    assert [(order.state, order.id) for order in desk.orders] == [(State.ACCEPTED, placed.id)]
    assert [line["kind"] for line in receipts(rig)] == ["intent", "outcome"]
    assert [(order.state, order.id) for order in rig.stored()] == [(State.ACCEPTED, placed.id)]


async def test_a_fault_of_ours_leaves_an_order_unknown_and_is_loud(
    server: FaultServer, rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever breaks after sending, the order does not stay as if it were still being sent."""

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("smmtui.panel.wire.read_order", broken)
    async with rig.desk() as desk:
        with pytest.raises(ZeroDivisionError):
            await desk.place(DRAFT)
        assert [order.state for order in desk.orders] == [State.UNKNOWN]
    assert [order.state for order in rig.stored()] == [State.UNKNOWN]
    assert len(server.ledger.orders) == 1


# ── a disk that fails ─────────────────────────────────────────────────────────────────────────────────────────────


def break_receipts(rig: Rig) -> Callable[[], None]:
    """Put a folder where the receipts are written; the returned function mends it."""
    path = rig.folder / "journal" / "receipts.jsonl"
    aside = path.with_suffix(".aside")
    if path.exists():
        path.rename(aside)
    path.mkdir()

    def mend() -> None:
        shutil.rmtree(path)
        if aside.exists():
            aside.rename(path)

    return mend


async def test_without_a_durable_intent_nothing_is_sent(server: FaultServer, rig: Rig, desk: Desk) -> None:
    """The panel hears nothing, the caller hears why, and the order is unsent; mended, the next one goes out."""
    mend = break_receipts(rig)
    with pytest.raises(JournalError, match=r"receipts\.jsonl"):
        await desk.place(DRAFT)
    assert adds(server.ledger) == []
    assert desk.unsaved == []
    mend()
    order = await desk.place(OTHER)
    assert order.state is State.ACCEPTED
    assert [each.state for each in rig.stored()] == [State.ACCEPTED, State.UNSENT]
    assert len(adds(server.ledger)) == 1


async def test_an_outcome_that_cannot_be_saved_stops_all_sending(
    server: FaultServer, rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The id is handed out all the same; no further order leaves, also none that was waiting for its turn."""
    async with rig.desk() as desk:
        await until(lambda: desk.balance)
        gate = Gate(monkeypatch, rig.journal, "conclude")
        first = asyncio.create_task(desk.place(DRAFT))
        second = asyncio.create_task(desk.place(OTHER))
        await until(gate.reached.is_set)
        mend = break_receipts(rig)
        gate.open.set()
        order = await first
        (placed,) = server.ledger.orders
        assert (order.state, order.id) == (State.ACCEPTED, placed.id)
        assert order in desk.unsaved
        assert order in desk.orders
        assert (await second).state is State.UNSENT
        with pytest.raises(JournalError, match="Write its id down"):
            await desk.place(OTHER)
        mend()
    assert len(adds(server.ledger)) == 1
    assert [each.id for each in rig.stored() if each.link == DRAFT.link] == [placed.id]
