"""Unknown orders are settled by the user only, with the evidence on the screen and in the journal, and reversibly."""

from __future__ import annotations

from contextlib import closing
from decimal import Decimal

import pytest

from smmtui.desk.desk import Desk
from smmtui.domain.records import Balance, Event, Order, Service, State
from smmtui.domain.statuses import Status
from smmtui.errors import JournalError, NoAnswer
from tests.desk.support import START, Rig, draft_for, idle, refreshed, until
from tests.faults.server import FAULTS, Fault, FaultServer

SERVICE = Service("2", "Followers, refill and cancel", rate=Decimal("1.25"), min=10, max=50_000)
MINUTE = 60.0


async def lost(desk: Desk, server: FaultServer, fault: str = "html_502", *, carried_out: bool = True) -> Order:
    """An order of which nobody knows whether the panel took it."""
    server.plan("add", [FAULTS[fault](carried_out=carried_out)])
    order = await desk.place(draft_for(SERVICE, link="https://example.com/lost"))
    assert order.state is State.UNKNOWN
    return order


def last_event(rig: Rig, order: Order) -> Event:
    """What stands last in the order's history on the disk."""
    return rig.journal.events(order.uuid)[-1]


def the_receipts(rig: Rig) -> str:
    """The second copy."""
    return (rig.folder / "journal" / "receipts.jsonl").read_text()


# ── placed ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_an_id_is_attached_after_the_panel_was_asked_about_it(server: FaultServer, rig: Rig, desk: Desk) -> None:
    """The user sees what the panel says of the id; then the order has it, its status, and is followed."""
    order = await lost(desk, server)
    (placed,) = server.ledger.orders
    check = await desk.settling.check(order.uuid, f" {placed.id} ")
    assert check.status is not None
    assert (check.id, check.status.status, check.doubts) == (placed.id, Status.PENDING, ())
    assert [each.state for each in desk.orders] == [State.UNKNOWN]
    settled = await desk.settling.placed(check)
    assert (settled.state, settled.id, settled.status) == (State.SETTLED, placed.id, Status.PENDING)
    assert desk.orders == (settled,)
    server.set_status(placed.id, {"status": "Completed", "remains": "0"})
    await refreshed(desk)
    assert desk.orders[0].status is Status.COMPLETED
    assert [(each.state, each.id, each.status) for each in rig.stored()] == [
        (State.SETTLED, placed.id, Status.COMPLETED)
    ]
    assert '"kind":"settled"' in the_receipts(rig)


async def test_an_id_that_the_panel_does_not_know_is_not_attached(server: FaultServer, rig: Rig, desk: Desk) -> None:
    """Its words are shown instead, and the order stays unknown."""
    order = await lost(desk, server)
    check = await desk.settling.check(order.uuid, "999")
    assert (check.status, check.refused) == (None, "Incorrect order ID")
    with pytest.raises(JournalError, match="does not know an order 999"):
        await desk.settling.placed(check)
    assert [each.state for each in rig.stored()] == [State.UNKNOWN]


async def test_an_id_of_another_order_is_refused_before_the_panel_is_asked(server: FaultServer, desk: Desk) -> None:
    """One id belongs to one order."""
    other = await desk.place(draft_for(SERVICE, link="https://example.com/other"))
    order = await lost(desk, server)
    await idle(desk)
    count = len(server.ledger.requests)
    with pytest.raises(JournalError, match=r"another order here, to https://example\.com/other"):
        await desk.settling.check(order.uuid, other.id or "")
    for strange in ("", "12 34", "1;2", "x" * 65):
        with pytest.raises(JournalError, match="An id is made of"):
            await desk.settling.check(order.uuid, strange)
    assert len(server.ledger.requests) == count


async def test_where_the_panel_is_silent_nothing_is_settled(server: FaultServer, rig: Rig, desk: Desk) -> None:
    """The error says why, and the user tries again."""
    order = await lost(desk, server)
    await idle(desk)
    server.plan("status", [FAULTS["close_before_reply"]])
    with pytest.raises(NoAnswer):
        await desk.settling.check(order.uuid, "23501")
    assert [each.state for each in rig.stored()] == [State.UNKNOWN]


async def test_an_answer_that_does_not_fit_is_doubted(server: FaultServer, desk: Desk) -> None:
    """Another charge, or more that remains than was ordered, is said before anything is attached."""
    order = await lost(desk, server)
    server.set_status("23501", {"charge": "3.75", "remains": "500"})
    check = await desk.settling.check(order.uuid, "23501")
    assert check.doubts == (
        "500 remain there, but only 100 were ordered.",
        "It was charged 3.75, the estimate is 0.125.",
    )


# ── not placed, written off, taken back ───────────────────────────────────────────────────────────────────────────


async def test_not_placed_takes_ten_minutes_and_a_word(server: FaultServer, rig: Rig, desk: Desk) -> None:
    """Before that an order can still turn up; afterwards the word must be typed."""
    order = await lost(desk, server, carried_out=False)
    rig.clock.wait(10 * MINUTE - 1)
    with pytest.raises(JournalError, match="can turn up late"):
        await desk.settling.not_placed(order.uuid, "not placed")
    rig.clock.wait(1)
    for typed in ("", "yes", "placed"):
        with pytest.raises(JournalError, match="Type “not placed”"):
            await desk.settling.not_placed(order.uuid, typed)
    assert [each.state for each in desk.orders] == [State.UNKNOWN]
    settled = await desk.settling.not_placed(order.uuid, " Not placed ")
    assert (settled.state, settled.reason, settled.id) == (State.SETTLED, "not placed", None)
    assert rig.stored() == [settled]


async def test_a_clock_that_was_set_back_does_not_shorten_the_ten_minutes(
    server: FaultServer, rig: Rig, desk: Desk
) -> None:
    """An order from the future has to wait."""
    order = await lost(desk, server)
    rig.clock.jump(-3600)
    with pytest.raises(JournalError, match="In 70 min"):
        await desk.settling.not_placed(order.uuid, "not placed")


async def test_an_order_is_written_off_and_taken_back(server: FaultServer, rig: Rig, desk: Desk) -> None:
    """Every way out leads back: it is unknown again, and can be settled otherwise."""
    order = await lost(desk, server)
    written_off = await desk.settling.write_off(order.uuid)
    assert (written_off.state, written_off.reason) == (State.SETTLED, "written off")
    with pytest.raises(JournalError, match="not unknown any more"):
        await desk.settling.write_off(order.uuid)
    back = await desk.settling.unsettle(order.uuid)
    assert (back.state, back.id) == (State.UNKNOWN, None)
    placed = await desk.settling.placed(await desk.settling.check(order.uuid, "23501"))
    assert placed.id == "23501"
    back = await desk.settling.unsettle(order.uuid)
    assert (back.state, back.id, back.status) == (State.UNKNOWN, None, None)
    assert desk.orders == (back,)
    assert [event.after for event in await desk.events(order.uuid)][-4:] == [
        State.UNKNOWN,
        State.SETTLED,
        # The status that came with the id.
        State.SETTLED,
        State.UNKNOWN,
    ]
    with pytest.raises(JournalError, match="no settlement to take back"):
        await desk.settling.unsettle(order.uuid)


async def test_what_is_not_unknown_cannot_be_settled(server: FaultServer, desk: Desk) -> None:
    """Neither an accepted order nor one that nobody has heard of."""
    order = await desk.place(draft_for(SERVICE))
    for uuid in (order.uuid, "no such order"):
        with pytest.raises(JournalError, match="not unknown any more"):
            await desk.settling.evidence(uuid)
        with pytest.raises(JournalError, match="not unknown any more"):
            await desk.settling.check(uuid, "1")
        with pytest.raises(JournalError, match="not unknown any more"):
            await desk.settling.write_off(uuid)
    assert desk.orders[0].state is State.ACCEPTED


async def test_a_settlement_is_seen_in_the_other_window(server: FaultServer, rig: Rig, desk: Desk) -> None:
    """Also that it was taken back, with the id gone."""
    looked = 0

    async def at_once(_: float) -> None:
        nonlocal looked
        looked += 1
        await until(lambda: True)

    order = await lost(desk, server)
    rig.sleep = at_once
    async with rig.desk() as second:
        await until(lambda: looked)
        await second.settling.placed(await second.settling.check(order.uuid, "23501"))
        assert second.orders[0].id == "23501"
        await desk.settling.unsettle(order.uuid)
        await until(lambda: second.orders == desk.orders)
        assert [(each.state, each.id, each.status) for each in desk.orders] == [(State.UNKNOWN, None, None)]


# ── evidence ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_evidence_is_all_that_is_known(server: FaultServer, rig: Rig, desk: Desk) -> None:
    """Balance then and now with their ages, what was sent around it, and the raw reply."""
    long_ago = await desk.place(draft_for(SERVICE, link="https://example.com/long-ago"))
    await until(lambda: desk.balance and desk.balance.amount < 1000)
    rig.clock.wait(3600)
    before = await desk.place(draft_for(SERVICE, link="https://example.com/before"))
    await refreshed(desk)
    server.plan("add", [Fault.reply(502, body=b"<h1>Bad gateway</h1>", carried_out=True)])
    order = await desk.place(draft_for(SERVICE, link="https://example.com/lost"))
    rig.clock.wait(MINUTE)
    after = await desk.place(draft_for(SERVICE, link="https://example.com/after"))
    await refreshed(desk)
    evidence = await desk.settling.evidence(order.uuid)
    assert evidence.order == order
    assert (evidence.before, evidence.after) == (
        Balance(Decimal("999.75000"), "USD"),
        Balance(Decimal("999.50000"), "USD"),
    )
    assert evidence.before_at == evidence.sent
    assert evidence.after_at == rig.clock.now()
    assert evidence.difference == Decimal("-0.25")
    assert [each.id for each in evidence.around] == [before.id, after.id]
    assert long_ago.id not in [each.id for each in evidence.around]
    assert evidence.reply == "<h1>Bad gateway</h1>"
    assert evidence.http_status == "502"
    assert "May have been placed" in evidence.likelihood


async def test_the_evidence_that_was_shown_is_kept(server: FaultServer, rig: Rig, desk: Desk) -> None:
    """Whoever asks later why it was settled so finds it in the order's history."""
    order = await lost(desk, server)
    await refreshed(desk)
    rig.clock.wait(600)
    await desk.settling.not_placed(order.uuid, "not placed")
    event = last_event(rig, order)
    assert event.after is State.SETTLED
    assert event.evidence | {"reason": ""} == {
        "reason": "",
        "balance_then": "1000 USD",
        "balance_then_age": "600 s",
        "balance_now": "999.87500 USD",
        "balance_now_age": "600 s",
        "decision": "not placed",
        "typed": "not placed",
    }
    assert event.at == rig.clock.now() != START


async def test_after_a_kill_an_order_was_probably_placed(server: FaultServer, rig: Rig, desk: Desk) -> None:
    """What was being sent when its window died had mostly reached the panel, and the evidence says so."""
    with closing(rig.reopened()) as dying:
        order = dying.intend(draft_for(SERVICE))
    await until(lambda: [each.state for each in desk.orders] == [State.UNKNOWN])
    evidence = await desk.settling.evidence(order.uuid)
    assert evidence.likelihood.startswith("Probably placed")
    assert (evidence.before, evidence.difference) == (None, None)


async def test_a_double_is_warned_of_by_service_and_link(server: FaultServer, desk: Desk) -> None:
    """An unknown order on the same link counts as running, for its own service."""
    order = await lost(desk, server)
    assert desk.book.running_on(order.link) == [order]
    assert desk.book.running_on(order.link, SERVICE.id) == [order]
    assert desk.book.running_on(order.link, "1") == []
    await desk.settling.write_off(order.uuid)
    assert desk.book.running_on(order.link) == []
