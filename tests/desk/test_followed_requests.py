"""What becomes of refills and cancels after the panel took them, and what is remembered of those that it refused."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from smmtui.desk.desk import Desk
from smmtui.domain.records import Request, Service, Tracked
from smmtui.domain.requests import not_honoured
from smmtui.domain.statuses import Status
from tests.desk.support import START, Rig, draft_for, idle, refreshed, until
from tests.faults.server import Fault, FaultServer

SERVICE = Service("2", "Followers, refill and cancel", rate=Decimal("1.25"), min=10, max=50_000)
PLAIN = Service("1", "Followers", rate=Decimal("0.90"), min=50, max=10_000)


def latest(desk: Desk) -> Request:
    """The only request that there is."""
    request = desk.requests.of(desk.orders[0].uuid)
    assert request is not None
    return request


@pytest.mark.parametrize(
    ("word", "kept"), [("Completed", False), ("Canceled", True), ("Partial", True), ("Refunded", True)]
)
async def test_a_cancel_is_over_when_its_order_is(
    server: FaultServer, rig: Rig, desk: Desk, word: str, kept: bool
) -> None:
    """Until then it is requested and no more; an order that completes all the same has not honoured it. All of it is
    on the disk."""
    order = await desk.place(draft_for(SERVICE))
    await desk.cancel([order])
    server.set_status(order.id or "", {"status": "In progress"})
    await refreshed(desk)
    assert (latest(desk).state, latest(desk).status) == ("requested", None)
    assert not not_honoured(latest(desk))
    server.set_status(order.id or "", {"status": word})
    await refreshed(desk)
    ended = latest(desk)
    assert (ended.state, ended.word, not_honoured(ended)) == ("requested", word, not kept)
    assert rig.journal.requests.all() == [ended]
    assert desk.requests.cancels == []


async def test_an_order_that_was_asked_to_be_cancelled_is_watched(server: FaultServer, rig: Rig, desk: Desk) -> None:
    """In every interval for a day, though nothing else has changed for hours; then as any other."""
    order = await desk.place(draft_for(SERVICE))
    await refreshed(desk)
    rig.clock.wait(20 * 3600)
    await refreshed(desk)
    await desk.cancel([order])
    await idle(desk)
    for seconds, seen in ((30, True), (30, True), (24 * 3600, True), (30, False)):
        before = desk.orders[0].checked
        rig.clock.wait(seconds)
        desk.pause(False)
        await idle(desk)
        assert (desk.orders[0].checked != before) == seen


async def test_a_refill_is_requested_until_the_panel_says_more(server: FaultServer, rig: Rig, desk: Desk) -> None:
    """Its status is asked for alone and kept on the disk, and what comes of it is the panel's word."""
    order = await desk.place(draft_for(SERVICE))
    asked = await desk.refill([order])
    (request,) = asked.requests
    assert (request.state, request.status) == ("requested", None)
    for word, status in (("Awaiting", Status.AWAITING), ("Rejected", Status.REJECTED)):
        server.set_refill_status(request.id or "", word)
        await refreshed(desk)
        await until(lambda word=word: latest(desk).word == word)  # type: ignore[misc]  # bound at once
        assert rig.journal.requests.all()[0].status is status
    fields = [each.fields for each in server.ledger.requests if each.action == "refill_status"]
    assert fields == [{"refill": request.id}] * len(fields)


async def test_a_refusal_is_remembered_on_the_service(server: FaultServer, rig: Rig) -> None:
    """When and in what words, per kind, after a restart too."""
    async with rig.desk() as desk:
        await idle(desk)
        order, other = await desk.place(draft_for(PLAIN)), await desk.place(draft_for(SERVICE, link="https://b.test/2"))
        rig.clock.wait(60)
        await desk.refill([order, other])
        refused = desk.refusals.last("1", "refill")
        assert refused is not None
        assert (refused.at, refused.reason) == (START + timedelta(seconds=60), "Refill is not available for this order")
        assert desk.refusals.last("1", "cancel") is None
        assert desk.refusals.last("2", "refill") is None
    async with rig.desk(online=False) as desk:
        assert desk.refusals.last("1", "refill") == refused


@pytest.mark.parametrize("words", ["Too many requests", "Something went wrong", "Incorrect order ID"])
async def test_what_is_not_about_the_service_is_not_held_against_it(
    server: FaultServer, desk: Desk, words: str
) -> None:
    """A panel in a hurry or in trouble, and an order that it does not find, say nothing of what the service can do."""
    order = await desk.place(draft_for(SERVICE))
    server.plan("refill", [Fault.reply(body=f'{{"error": "{words}"}}'.encode())])
    (request,) = (await desk.refill([order])).requests
    assert request.reason == words
    assert desk.refusals.last("2", "refill") is None


async def test_a_service_that_nobody_knows_remembers_nothing(server: FaultServer, desk: Desk) -> None:
    """An order that was placed elsewhere may have none."""
    await desk.place(draft_for(PLAIN))
    orders = await desk.track([Tracked("1")])
    await desk.refill(orders)
    assert desk.refusals.last("", "refill") is None
