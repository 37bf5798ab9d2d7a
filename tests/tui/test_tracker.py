"""The orders as an operator watches them all day."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
from msgspec import structs
from textual.pilot import Pilot

from smmtui.demo import Market
from smmtui.desk.health import Condition, Health
from smmtui.domain.records import Order, OrderStatus, Request, State, Tracked
from smmtui.domain.statuses import Status, read_status
from smmtui.journal.journal import Journal
from smmtui.tui.arrangement import Sorting
from smmtui.tui.screens.tracker import TrackerScreen
from tests.tui.support import NOON, Stage, press, see, text_of, until

SIZE = (160, 40)


@asynccontextmanager
async def tracker(
    stage: Stage, orders: Sequence[Order] = (), size: tuple[int, int] = SIZE
) -> AsyncIterator[Pilot[None]]:
    """The orders of the demo panel and these, after the first check; the panel is not asked again by itself."""
    async with stage.app.run_test(size=size, notifications=True) as pilot:
        await see(pilot, "5,000 services", "online")
        await press(pilot, "2")
        await see(pilot, "active 3", "checked", "✓ Completed")
        assert stage.desk is not None
        stage.desk.pause(True)
        take(stage, *orders)
        await until(pilot, lambda: "paused" in text_of(pilot))
        yield pilot


def take(stage: Stage, *orders: Order) -> None:
    """Have the Desk know these orders as they are now."""
    assert stage.desk is not None
    stage.desk.take_orders(orders)


def order(number: int, status: Status | None = Status.IN_PROGRESS, minutes: float = 0, **more: object) -> Order:
    """An order like many; `minutes` is how old it is at noon."""
    known = Order(
        f"uuid-{number}",
        1_000 + number,
        State.ACCEPTED,
        NOON - timedelta(minutes=minutes),
        id=str(70_000 + number),
        service="5",
        service_name="Likes",
        link=f"https://example.com/p/{number}",
        quantity=1_000,
        status=status,
        word="" if status is None else status.value,
        checked=NOON,
        changed=NOON,
    )
    return structs.replace(known, **more)


def screen_of(pilot: Pilot[None]) -> TrackerScreen:
    screen = pilot.app.screen
    assert isinstance(screen, TrackerScreen)
    return screen


def line_of(pilot: Pilot[None], text: str) -> str:
    """The line of the screen that holds the text."""
    return next((line for line in text_of(pilot).splitlines() if text in line), "")


# ── what is looked at stays where it is ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("sorting", [Sorting(), Sorting("remains", reverse=True)])
async def test_cursor_marks_and_scroll_survive_a_hundred_refreshes(tmp_path: Path, sorting: Sorting) -> None:
    """New orders, new statuses and another order of the rows move neither what is looked at nor what is marked."""
    stage, chance = Stage(tmp_path), Random(7)
    moving = {number: order(number, minutes=number, remains=chance.randrange(1_000)) for number in range(200)}
    # In the middle, for at an end of the list the rows around it decide where it stands.
    moving[100] = order(100, minutes=100, remains=500)
    async with tracker(stage, list(moving.values())) as pilot:
        await see(pilot, "active 203")
        screen = screen_of(pilot)
        screen.sort_by(sorting)
        table = screen.table
        assert table.move_to("uuid-100")
        marked = {f"uuid-{number}" for number in (3, 100, 150)}
        table.set_marks(marked)
        await pilot.pause()
        line = table.view.cursor - table.view.offset
        assert table.view.offset > 0
        for turn in range(100):
            new = order(1_000 + turn, Status.PENDING, -turn, remains=chance.randrange(1_000))
            some = chance.sample([number for number in moving if number != 100], 10)
            for number in some:
                status = chance.choice((Status.IN_PROGRESS, Status.COMPLETED, Status.PARTIAL))
                changes = {"status": status, "remains": chance.randrange(1_000), "changed": stage.hands.now()}
                moving[number] = structs.replace(moving[number], **changes)
            stage.hands.move(1)
            take(stage, new, *(moving[number] for number in some))
            while new.uuid not in table.shown_ids():  # noqa: ASYNC110  turns of this loop are all there is to wait for
                await asyncio.sleep(0)
            assert (table.current_id, table.view.cursor - table.view.offset) == ("uuid-100", line)
            assert table.marks == marked
            if turn == 50:
                screen.sort_by(sorting.turned() if sorting.key else Sorting("charge"))
                line = table.view.cursor - table.view.offset
        await until(pilot, lambda: "all 315" in text_of(pilot))
        assert len(list(table.shown_ids())) == 315


async def test_new_orders_wait_above_until_they_are_looked_at(tmp_path: Path) -> None:
    """While scrolled down they are counted and move nothing; going up shows them, and the count is gone."""
    stage = Stage(tmp_path)
    async with tracker(stage, [order(number, minutes=number) for number in range(100)]) as pilot:
        await press(pilot, "G")
        before = text_of(pilot).splitlines()[5:36]
        take(stage, *(order(number, minutes=-1) for number in range(200, 203)))
        await see(pilot, "3 new ↑", "active 106")
        assert [line[:80] for line in text_of(pilot).splitlines()[5:36]] == [line[:80] for line in before]
        await press(pilot, "g")
        await until(pilot, lambda: "new ↑" not in text_of(pilot))
        await see(pilot, "70200", "70201", "70202")


async def test_at_the_top_a_new_order_is_seen_at_once(tmp_path: Path) -> None:
    """It stands above the cursor, which stays with its row."""
    stage = Stage(tmp_path)
    async with tracker(stage, [order(1)]) as pilot:
        await press(pilot, "g")
        current = screen_of(pilot).table.current_id
        take(stage, order(2, minutes=-1))
        await see(pilot, "70002", "70001")
        assert "new ↑" not in text_of(pilot)
        assert screen_of(pilot).table.current_id == current
        assert "▌" in line_of(pilot, "70001")


async def test_a_change_is_signed_for_one_interval(tmp_path: Path) -> None:
    """The sign is a glyph before the row; it goes by itself."""
    stage = Stage(tmp_path)
    async with tracker(stage, [order(1), order(2)]) as pilot:
        await see(pilot, "70001")
        take(stage, order(1, changed=NOON + timedelta(seconds=1), remains=500))
        await until(pilot, lambda: "•" in line_of(pilot, "70001"))
        assert "•" not in line_of(pilot, "70002")
        assert "50%" in line_of(pilot, "70001")
        stage.hands.move(stage.profile.refresh_seconds + 1)
        await until(pilot, lambda: "•" not in line_of(pilot, "70001"))


async def test_ages_move_on_by_themselves(tmp_path: Path) -> None:
    """Of the rows and of the last check, without any news."""
    stage = Stage(tmp_path)
    async with tracker(stage, [order(1)]) as pilot:
        await until(pilot, lambda: " now " in line_of(pilot, "70001"))
        stage.hands.move(125)
        await until(pilot, lambda: " 2 min " in line_of(pilot, "70001"))
        await see(pilot, "checked 2 min ago")


async def test_ages_are_those_of_now_when_one_comes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also before the first second is over, and of the row under the cursor as of the others."""
    monkeypatch.setattr(TrackerScreen, "_tick", lambda _: None)
    stage = Stage(tmp_path)
    async with tracker(stage, [order(1), order(2)]) as pilot:
        await until(pilot, lambda: " now " in line_of(pilot, "70001"))
        await press(pilot, "1")
        stage.hands.move(3 * 3600)
        await press(pilot, "2")
        await see(pilot, "70001", "70002")
        assert " 3 h " in line_of(pilot, "70001") and " 3 h " in line_of(pilot, "70002")


async def test_the_last_hours_for_a_refill_go_down_by_themselves(tmp_path: Path) -> None:
    """While the age, in days, reads the same."""
    stage = Stage(tmp_path)
    async with tracker(stage, size=(240, 40)) as pilot:
        assert stage.desk is not None
        service = next(each for each in stage.desk.catalog.services if (each.refill_days or 0) > 1)
        days = service.refill_days or 0
        since = (days - 1) * 24 * 60 + 125
        take(stage, order(1, Status.COMPLETED, since, service=service.id), order(2))
        await until(pilot, lambda: "21 h left" in line_of(pilot, "70001"))
        stage.hands.move(3600)
        await until(pilot, lambda: "20 h left" in line_of(pilot, "70001"))


async def test_nothing_is_drawn_while_nothing_changes(tmp_path: Path) -> None:
    """A second in which no age reads differently costs no line of the table."""
    stage = Stage(tmp_path)
    async with tracker(stage, [order(1)]) as pilot:
        await see(pilot, "70001")
        # The demo's own orders are whole days old at noon.
        stage.hands.move(30)
        screen = screen_of(pilot)
        screen._tick()
        await pilot.pause()
        drawn: list[int] = []
        own = screen.table.render_line
        screen.table.render_line = lambda y: drawn.append(y) or own(y)  # type: ignore[method-assign,func-returns-value]
        screen._tick()
        await pilot.pause()
        assert drawn == []
        stage.hands.move(3)
        screen._tick()
        await until(pilot, lambda: drawn)
        assert len(set(drawn)) == 1


async def test_a_check_that_brings_nothing_new_is_seen_as_one(tmp_path: Path) -> None:
    """The age of the last check begins anew, though no news is told."""
    stage = Stage(tmp_path)
    async with tracker(stage, [order(1)]) as pilot:
        stage.hands.move(300)
        await see(pilot, "checked 5 min ago")
        assert stage.desk is not None
        known = order(1)
        answer = OrderStatus(Status.IN_PROGRESS, "In progress")
        assert stage.desk.book.advance([known], {"70001": answer}, stage.hands.now()) == []
        await see(pilot, "checked just now")


# ── every word of the panel ───────────────────────────────────────────────────────────────────────────────────────

WORDS = {
    "Pending": ("○ Pending", "active"),
    "In progress": ("◐ In progress", "active"),
    "Inprogress": ("◐ In progress", "active"),
    "in_progress": ("◐ In progress", "active"),
    "Processing": ("◐ Processing", "active"),
    "Awaiting": ("○ Awaiting", "active"),
    "Active": ("◐ Active", "active"),
    "Paused": ("⏸ Paused", "active"),
    "Error": ("! Error", "failed"),
    "Fail": ("! Failed", "failed"),
    "Failed": ("! Failed", "failed"),
    "Completed": ("✓ Completed", "completed"),
    "Partial": ("◒ Partial", "partial"),
    "Canceled": ("✕ Canceled", "canceled"),
    "Cancelled": ("✕ Canceled", "canceled"),
    "Refunded": ("↩ Refunded", "refunded"),
    "Refunds": ("↩ Refunded", "refunded"),
    "Expired": ("✕ Expired", "expired"),
    "0": ("○ Pending", "active"),
    "1": ("◐ Processing", "active"),
    "2": ("✓ Completed", "completed"),
    "3": ("◒ Partial", "partial"),
    "4": ("✕ Canceled", "canceled"),
    "5": ("↩ Refunded", "refunded"),
    "Tamamlandı": ("✓ Completed", "completed"),
    "частично": ("◒ Partial", "partial"),
    "On hold": ("? On hold", "active"),
}


async def test_every_status_word_lands_where_it_should(tmp_path: Path) -> None:
    """In the row by glyph and word, above the table in its group, and moving ones before those that are done."""
    stage = Stage(tmp_path, Market(clock=lambda: NOON.timestamp()))
    orders = [
        order(number, read_status(word), number, word=word, link=f"https://example.com/{number}")
        for number, word in enumerate(WORDS)
    ]
    async with tracker(stage, orders, (160, 60)) as pilot:
        await press(pilot, "/", "https://example.com/", "enter")
        await see(pilot, f"{len(WORDS)} of {len(WORDS) + 15} orders")
        lines = text_of(pilot).splitlines()
        places = {}
        for number, (word, (badge, _)) in enumerate(WORDS.items()):
            place, line = next((place, line) for place, line in enumerate(lines) if f" {70_000 + number} " in line)
            assert badge in line, word
            places[word] = place
        moving = [places[word] for word, (_, group) in WORDS.items() if group in ("active", "failed")]
        done = [places[word] for word, (_, group) in WORDS.items() if group not in ("active", "failed")]
        assert max(moving) < min(done)
        for group in ("completed", "partial", "canceled", "refunded", "expired", "failed"):
            await press(pilot, "/", "ctrl+u", f"is:{group} https://example.com/", "enter")
            expected = [word for word, (_, of) in WORDS.items() if of == group]
            await see(pilot, f"{len(expected)} of {len(WORDS) + 15} orders")
        # Three active orders, eight completed, three partial and one canceled are the demo panel's own.
        counts = line_of(pilot, "all ")
        for count in ("active 17", "failed 3", "completed 11", "partial 6", "canceled 4", "refunded 3", "expired 1"):
            assert count in counts


@pytest.mark.parametrize(
    ("state", "badge"),
    [
        (State.SENDING, "… sending"),
        (State.QUEUED, "· queued"),
        (State.REJECTED, "✕ rejected"),
        (State.UNSENT, "↺ not sent"),
        (State.UNKNOWN, "? unknown"),
        (State.SETTLED, "= settled"),
    ],
)
async def test_states_of_ours_stand_in_place_of_a_status(tmp_path: Path, state: State, badge: str) -> None:
    """And they are counted under the same word."""
    stage = Stage(tmp_path)
    async with tracker(stage, [order(1, None, state=state, id=None)]) as pilot:
        await until(pilot, lambda: badge in line_of(pilot, "example.com/p/1"))
        await see(pilot, f"{badge[2:]} 1")


# ── groups, remarks ───────────────────────────────────────────────────────────────────────────────────────────────


async def test_groups_are_gone_through_by_keys_and_by_mouse(tmp_path: Path) -> None:
    """`]` and `[` show one group after the other, a click any; the rest of the filter stays, and "all" ends it."""
    stage = Stage(tmp_path)
    async with tracker(stage) as pilot:
        await see(pilot, "[all 15]")
        await press(pilot, "]")
        await see(pilot, "[active 3]", "3 of 15 orders", "is:active ×")
        await press(pilot, ".", ".")
        await see(pilot, "[partial 3]", "3 of 15 orders", "◒ Partial")
        assert "✓ Completed" not in text_of(pilot)
        await press(pilot, "[")
        await see(pilot, "[completed 8]", "8 of 15 orders")
        await press(pilot, "/", " instagram", "enter")
        await see(pilot, "3 of 15 orders")
        column = line_of(pilot, "canceled 1").index("canceled 1")
        await pilot.click("#summary", offset=(column + 2, 0))
        await see(pilot, "[canceled 1]", "0 of 15 orders", "instagram")
        await pilot.click("#summary", offset=(2, 0))
        await see(pilot, "[all 15]", "5 of 15 orders")


async def test_pause_and_back_off_are_said_in_words(tmp_path: Path) -> None:
    """Beside the counts, with the seconds that are left, which count down."""
    stage = Stage(tmp_path)
    async with tracker(stage) as pilot:
        await see(pilot, "⏸ paused")
        assert stage.desk is not None
        stage.desk.pause(False)
        await see(pilot, "● online")
        until_then = stage.hands.monotonic() + 40
        stage.desk.show_health(Health(Condition.LIMITED, "Too many requests.", until_then))
        await see(pilot, "rate-limited, next in 40 s")
        assert "⏸ paused" not in text_of(pilot)


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (200, 60)])
async def test_the_counts_fit_every_width(tmp_path: Path, size: tuple[int, int]) -> None:
    """The group shown and the most important remark are never cut; what is left out is counted."""
    stage = Stage(tmp_path)
    orders = [order(number, status, number) for number, status in enumerate(Status)]
    async with tracker(stage, orders, size) as pilot:
        await press(pilot, "[")
        current = {60: "[rejected 1]", 80: "[rejected 1]", 200: "[rejected 1]"}[size[0]]
        await see(pilot, current, "⏸ paused")
        line = line_of(pilot, current)
        assert len(line) <= size[0]
        assert ("+" in line) == (size[0] < 200)
        footer = text_of(pilot).splitlines()[-1]
        assert footer.rstrip().endswith("q Quit")


# ── orders that are not loaded ────────────────────────────────────────────────────────────────────────────────────


def journal_with(folder: Path, stage: Stage, number: int) -> None:
    """Fill the journal with finished orders; of every hundred one is partial."""
    journal = Journal.open(folder / "data", clock=stage.hands)
    long_ago = NOON - timedelta(days=60)
    known = journal.track([Tracked(str(100_000 + n), "5", "Likes", "", 10, long_ago) for n in range(number)])
    done = [
        structs.replace(each, status=status, word=status.value, checked=NOON, changed=long_ago)
        for place, each in enumerate(known)
        for status in [Status.COMPLETED if place % 100 else Status.PARTIAL]
    ]
    journal.record(done, NOON)
    journal.close()


async def test_what_is_not_loaded_is_counted_and_loaded_at_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The counts are over the whole journal; at the last row older ones are loaded, again and again."""
    monkeypatch.setattr("smmtui.desk.stages.Stages.most_orders", 50)
    stage = Stage(tmp_path)
    journal_with(tmp_path, stage, 700)
    async with stage.app.run_test(size=SIZE) as pilot:
        await see(pilot, "5,000 services", "online")
        await press(pilot, "2")
        await see(pilot, "65 orders", "650 older: L", "all 715", "completed 701", "partial 10")
        await press(pilot, "G")
        await see(pilot, "550 orders", "165 older: L", "completed 701")
        await press(pilot, "G")
        await see(pilot, "715 orders", "completed 701", "partial 10")
        await until(pilot, lambda: "older: L" not in text_of(pilot))


async def test_a_filter_says_that_it_has_not_looked_at_everything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`L` has it look through the rest; then it says that there is no more."""
    monkeypatch.setattr("smmtui.desk.stages.Stages.most_orders", 50)
    stage = Stage(tmp_path)
    journal_with(tmp_path, stage, 700)
    async with stage.app.run_test(size=SIZE) as pilot:
        await see(pilot, "5,000 services", "online")
        await press(pilot, "2")
        await see(pilot, "65 orders", "650 older: L")
        await press(pilot, "/", "is:partial", "enter")
        await see(
            pilot, "3 of 65 orders", "650 older orders are not loaded, so they were not looked at. L looks there."
        )
        await press(pilot, "L")
        await see(pilot, "10 of 72 orders", "643 older orders that are not loaded have no more of these")
        await press(pilot, "escape")
        await see(pilot, "72 orders", "643 older: L")


# ── refills and cancels ───────────────────────────────────────────────────────────────────────────────────────────


async def test_orders_that_it_does_not_apply_to_are_left_out_with_the_reason(tmp_path: Path) -> None:
    """A refill of all shown is asked for those that are done; the window of each is told, over 20 are typed."""
    stage = Stage(tmp_path)
    orders = [order(number, Status.COMPLETED, number) for number in range(21)]
    async with tracker(stage, orders) as pilot:
        await press(pilot, "M", "F")
        await see(pilot, "Ask the panel for a refill of 32 orders?", "4 of the orders are left out")
        await see(pilot, "Type the number of orders, 32")
        await pilot.press(*["pagedown"] * 12)
        await see(pilot, "Left out", "It is In progress, not done yet.", "It is Canceled: nothing to refill.")
        await press(pilot, "escape", "U", "g", "F")
        await see(pilot, "No refill was asked for", "It is In progress, not done yet.")


async def test_a_refusal_is_remembered_for_the_service(tmp_path: Path) -> None:
    """It stands beside the row, and before the same service is asked again, with its date."""
    stage = Stage(tmp_path)
    async with tracker(stage, [order(1, Status.COMPLETED), order(2, Status.COMPLETED)]) as pilot:
        assert stage.desk is not None
        refused = Request("r", "uuid-1", "70001", "refill", "refused", NOON, reason="Refill disabled")
        stage.desk.take_requests([refused])
        await until(pilot, lambda: "refill refused" in line_of(pilot, "70001"))
        await press(pilot, "/", "id:70002", "enter", "F")
        await see(pilot, "refill of order 70002?", "! refused for this service on 2026-03-14: “Refill disabled”")


async def test_requests_are_followed_beside_their_rows(tmp_path: Path) -> None:
    """Requested until the panel says more; a cancel after which the order was completed was not honoured."""
    stage = Stage(tmp_path)
    async with tracker(stage, [order(1), order(2, Status.COMPLETED)]) as pilot:
        assert stage.desk is not None
        cancel = Request("c", "uuid-1", "70001", "cancel", "requested", NOON)
        refill = Request("r", "uuid-2", "70002", "refill", "requested", NOON, id="9")
        stage.desk.take_requests([cancel, refill])
        await until(pilot, lambda: "cancel requested" in line_of(pilot, "70001"))
        await until(pilot, lambda: "refill requested" in line_of(pilot, "70002"))
        done = structs.replace(cancel, status=Status.COMPLETED, word="Completed")
        take(stage, order(1, Status.COMPLETED))
        stage.desk.take_requests([done, structs.replace(refill, status=Status.IN_PROGRESS, word="In progress")])
        await until(pilot, lambda: "cancel not honoured" in line_of(pilot, "70001"))
        await until(pilot, lambda: "refill In progress" in line_of(pilot, "70002"))


async def test_a_charge_above_the_estimate_is_flagged_in_its_row(tmp_path: Path) -> None:
    """More than 1 % above gets a sign, less does not."""
    stage = Stage(tmp_path)
    dear = order(1, estimate=Decimal("1.00"), charge=Decimal("1.02"))
    fair = order(2, estimate=Decimal("1.00"), charge=Decimal("1.005"))
    async with tracker(stage, [dear, fair]) as pilot:
        await until(pilot, lambda: "! 1.02" in line_of(pilot, "70001"))
        assert re.search(r"[^!] 1\.005", line_of(pilot, "70002"))
