"""Everything known of one order, as it is read when something has gone wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec import structs
from textual.pilot import Pilot

from smmtui.desk.topics import Wanted
from smmtui.domain.records import Event, Order, Request, State
from smmtui.domain.statuses import Status
from smmtui.tui.confirmation import Confirmation
from smmtui.tui.order_timeline import last_reply, timeline
from smmtui.tui.screens.order_details import OrderDetails
from smmtui.tui.screens.order_form import OrderForm
from smmtui.tui.screens.order_note import OrderNote
from tests.tui.support import Stage, press, see, text_of, until

SIZE = (120, 44)
LINK = "https://example.com/post"
NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)


@asynccontextmanager
async def placed(stage: Stage, size: tuple[int, int] = SIZE) -> AsyncIterator[Pilot[None]]:
    """Order 23501, 100 for a link, just accepted, under the cursor of the orders."""
    async with stage.app.run_test(size=size, notifications=True) as pilot:
        await see(pilot, "5,000 services", "online")
        await press(pilot, "/", "instagram followers type:default min<=100 refill:yes cancel:yes", "enter", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, OrderForm))
        await press(pilot, LINK, "enter", "100", "f9")
        await see(pilot, " y  Yes")
        await press(pilot, "y")
        await until(pilot, lambda: stage.desk and any(order.id == "23501" for order in stage.desk.orders))
        await press(pilot, "2", "/", "id:23501", "enter")
        await see(pilot, "1 of ", "23501")
        yield pilot


async def details(pilot: Pilot[None]) -> None:
    """Open them."""
    await press(pilot, "enter")
    await until(pilot, lambda: isinstance(pilot.app.screen, OrderDetails))
    await see(pilot, "Order 23501")


def current(stage: Stage) -> Order:
    """The order as the Desk knows it now."""
    assert stage.desk is not None
    return next(order for order in stage.desk.orders if order.id == "23501")


def become(stage: Stage, **changes: object) -> Order:
    """Have the Desk know something else of it, and ask the panel no more."""
    assert stage.desk is not None
    stage.desk.pause(True)
    order = structs.replace(current(stage), **changes)
    stage.desk.take_orders([order])
    return order


async def test_what_was_sent_and_what_came_of_it_is_told_in_words(tmp_path: Path) -> None:
    """The fields as sent, the timeline with times and ages, and the panel's own reply."""
    stage = Stage(tmp_path)
    async with placed(stage) as pilot:
        await details(pilot)
        await see(pilot, f"link = {LINK}", "quantity = 100", "Rate", "per 1000", "Estimate", "Refill")
        await see(pilot, "confirmed, and sent; balance 100.84292 USD", "accepted by the panel as 23501", "HTTP 200")
        await see(pilot, "The panel's last raw reply", '{"order":')
        assert "evidence" not in text_of(pilot)


async def test_they_follow_the_order_while_they_are_open(tmp_path: Path) -> None:
    """Status, delivery and timeline move on without a key; the reader's place stays."""
    stage = Stage(tmp_path)
    async with placed(stage) as pilot:
        await details(pilot)
        stage.hands.move(42)
        assert stage.desk is not None
        stage.desk.refresh(Wanted.ORDERS)
        await see(pilot, "✓ Completed", "100%", "the panel says Completed", "42 s ago")


async def test_charge_and_estimate_are_compared(tmp_path: Path) -> None:
    """More than 1 % above is flagged; what a partial order gives back is expected, never promised."""
    stage = Stage(tmp_path)
    async with placed(stage) as pilot:
        await details(pilot)
        become(stage, estimate=Decimal("1.00"), charge=Decimal("1.02"), currency="USD")
        await see(pilot, "$1.02  $0.02 above the estimate, which is more than 1 %")
        become(stage, charge=Decimal("0.60"), status=Status.PARTIAL, word="Partial", remains=40, rate=Decimal("10"))
        await see(pilot, "$0.40 below the estimate: the panel has taken that off", "≈$0.40 for 40 not delivered")


async def test_a_subscription_is_told_by_its_posts(tmp_path: Path) -> None:
    """Its quantity is a ceiling, what remains are posts, and nothing is compared before something is charged."""
    stage = Stage(tmp_path)
    async with placed(stage) as pilot:
        await details(pilot)
        fields = (("username", "ada"), ("min", "100"), ("max", "100"), ("posts", "10"), ("delay", "0"))
        running = {"status": Status.ACTIVE, "word": "Active", "remains": 9, "charge": Decimal(0)}
        become(stage, fields=fields, quantity=1_000, **running)
        await see(pilot, "Quantity    at most 1,000", "Remains     9 posts", "Delivered   –")
        assert "below the estimate" not in text_of(pilot)


async def test_baskets_and_repeats_are_named(tmp_path: Path) -> None:
    """Which order this one repeats, which repeat it, and how many were placed together."""
    stage = Stage(tmp_path)
    async with placed(stage) as pilot:
        assert stage.desk is not None
        order = become(stage, batch="basket")
        again = structs.replace(order, uuid="again", sequence=99_999, id="777", repeats=order.uuid)
        stage.desk.take_orders([again])
        await details(pilot)
        await see(pilot, "repeated by 777", "placed together with 1 other order")
        become(stage, state=State.REJECTED, id=None)
        await see(pilot, "✕ rejected")
        await press(pilot, "R")
        await see(pilot, "Repeats a rejected order")


async def test_the_keys_of_the_table_work_there(tmp_path: Path) -> None:
    """Refill, cancel, note, watch and repeat are asked from where one reads."""
    stage = Stage(tmp_path)
    async with placed(stage) as pilot:
        assert stage.desk is not None
        stage.desk.pause(True)
        await details(pilot)
        await press(pilot, "F")
        await see(pilot, "No refill was asked for", "not done yet")
        await press(pilot, "X")
        await until(pilot, lambda: isinstance(pilot.app.screen, Confirmation))
        await see(pilot, "Ask the panel for a cancel of order 23501?", " y  Yes, cancel")
        await press(pilot, "y")
        await see(pilot, "cancel asked for: cancel requested")
        assert isinstance(pilot.app.screen, OrderDetails)
        await press(pilot, "w")
        await see(pilot, "◎ watched")
        await press(pilot, "m")
        await until(pilot, lambda: isinstance(pilot.app.screen, OrderNote))
        await press(pilot, "call Ada", "enter", "vip", "enter")
        await see(pilot, "call Ada", "#vip")
        await press(pilot, "o")
        await see(pilot, "Open this link in your browser?")
        await press(pilot, "escape", "R")
        await until(pilot, lambda: isinstance(pilot.app.screen, OrderForm))
        await see(pilot, "Repeats order 23501")


@pytest.mark.parametrize("size", [(60, 16), (80, 24)])
async def test_a_long_text_is_scrolled_by_the_usual_keys(tmp_path: Path, size: tuple[int, int]) -> None:
    """On a small terminal `G` shows the end, `g` the beginning; the footer is whole."""
    stage = Stage(tmp_path)
    async with placed(stage, size) as pilot:
        await details(pilot)
        await press(pilot, "G")
        await see(pilot, '{"order":')
        assert "Status " not in text_of(pilot)
        await press(pilot, "g")
        await see(pilot, "Status ")
        await press(pilot, "j", "j")
        await until(pilot, lambda: "Status " not in text_of(pilot))
        await press(pilot, "q")
        await until(pilot, lambda: not isinstance(pilot.app.screen, OrderDetails))


ORDER = Order("ours", 1, State.ACCEPTED, NOON, id="7")


@pytest.mark.parametrize(
    ("before", "after", "evidence", "words"),
    [
        (None, State.QUEUED, {}, "queued in a basket"),
        (None, State.SENDING, {}, "confirmed, and sent"),
        (State.SENDING, State.UNSENT, {"reason": "No network."}, "not sent: No network."),
        (
            State.SENDING,
            State.REJECTED,
            {"reason": "Bad link", "status": "400"},
            "refused by the panel: “Bad link” (HTTP 400)",
        ),
        (
            State.SENDING,
            State.UNKNOWN,
            {"reason": "no answer", "elapsed": "90.0"},
            "outcome unknown: no answer (after 90.0 s)",
        ),
        (State.SENDING, State.ACCEPTED, {"id": "7", "warning": "odd"}, "accepted by the panel as 7; odd"),
        (
            State.ACCEPTED,
            State.ACCEPTED,
            {"status": "Partial", "was": "Pending"},
            "the panel says Partial, was Pending",
        ),
        (State.UNKNOWN, State.SETTLED, {"decision": "placed", "id": "7"}, "settled by you: placed as 7"),
        (State.SETTLED, State.UNKNOWN, {"decision": "the settlement was taken back"}, "the settlement was taken back"),
        (State.ACCEPTED, State.ACCEPTED, {"note": "Ali", "tags": "vip june"}, "you noted “Ali”, tags #vip #june"),
        (State.ACCEPTED, State.ACCEPTED, {"note": "", "tags": ""}, "your note is empty, no tags"),
        (None, State.ACCEPTED, {"tracked": "7"}, "placed elsewhere, followed from here on as 7"),
        (None, State.ACCEPTED, {"restored": "receipts", "id": "7"}, "restored from the receipts"),
        (State.SENDING, State.ACCEPTED, {"id": "7", "new_thing": "x"}, "accepted by the panel as 7; new thing: x"),
        (State.SENDING, State.UNKNOWN, {"elapsed": "spoilt"}, "unknown again"),
    ],
)
def test_every_event_has_words(before: State | None, after: State, evidence: dict[str, str], words: str) -> None:
    """What is found and not told by them stands behind."""
    shown = timeline(ORDER, [Event(NOON, before, after, evidence)], [], NOON + timedelta(minutes=3)).plain
    assert shown.endswith(f"   3 min ago  {words}")


def test_requests_stand_in_the_timeline_where_they_belong() -> None:
    """Between the events around them; the latest reply is the one that is shown."""
    events = [
        Event(NOON, None, State.SENDING, {"reply": "first"}),
        Event(NOON + timedelta(hours=2), State.ACCEPTED, State.ACCEPTED, {"status": "Completed"}),
    ]
    refill = Request("r", "ours", "7", "refill", "refused", NOON + timedelta(hours=1), reason="Too early")
    lines = timeline(ORDER, events, [refill], NOON + timedelta(hours=3)).plain.splitlines()
    assert [line.split("ago  ")[1] for line in lines] == [
        "confirmed, and sent",
        "refill asked for: refill refused: Too early",
        "the panel says Completed",
    ]
    assert last_reply(events) == "first"
