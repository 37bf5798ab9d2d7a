"""What only a person can settle, and what is asked of the panel for an order: refills and cancels."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs

import httpx
import pytest
from textual.pilot import Pilot

from smmtui.demo import DemoPanel
from smmtui.tui.confirmation import Confirmation
from tests.tui.support import Stage, press, see, text_of, until

SIZE = (140, 40)
LINK = "https://example.com/lost"


def losing_answers(stage: Stage) -> None:
    """Have the panel take every order and lose its answer on the way."""
    panel = DemoPanel(stage.market)

    async def handle(request: httpx.Request) -> httpx.Response:
        body = panel.answer(request.method, request.headers["content-type"], request.content)
        if parse_qs(request.content.decode())["action"] == ["add"]:
            return httpx.Response(502, text="<html>Bad gateway</html>")
        return httpx.Response(200, content=body)

    stage.transport = lambda: httpx.MockTransport(handle)


async def confirm(pilot: Pilot[None], words: str) -> None:
    """Answer the dialog with these words by `y`, once it hears."""
    await until(pilot, lambda: isinstance(pilot.app.screen, Confirmation))
    await see(pilot, words, " y  Yes")
    await press(pilot, "y")


async def order(pilot: Pilot[None], words: str) -> None:
    """Place an order of 100 for the first service that these words find."""
    await see(pilot, "5,000 services", "online")
    await press(pilot, "/", words, "enter", "enter", LINK, "enter", "100", "f9")
    await confirm(pilot, "Yes, place it")


async def lost_order(pilot: Pilot[None]) -> None:
    """Place an order whose answer is lost, and go to the screen that settles it."""
    await order(pilot, "instagram followers type:default min<=100 cancel:yes")
    await see(pilot, "⚠ 1 unknown")
    await press(pilot, "4")
    await see(pilot, "May have been placed", LINK, "Bad gateway", "Balance then", "Balance now")


async def test_ages_move_on_by_themselves(tmp_path: Path) -> None:
    """Of every row, while one looks at them and when one comes back."""
    stage = Stage(tmp_path)
    losing_answers(stage)

    def aged(pilot: Pilot[None], age: str) -> bool:
        rows = [line for line in text_of(pilot).splitlines() if "? unknown" in line]
        return len(rows) == 2 and all(f" {age} " in row for row in rows)

    async with stage.app.run_test(size=SIZE) as pilot:
        await lost_order(pilot)
        await press(pilot, "1", "enter", "https://example.com/other", "enter", "100", "f9")
        await confirm(pilot, "Yes, place it")
        await see(pilot, "⚠ 2 unknown")
        await press(pilot, "4")
        await until(pilot, lambda: aged(pilot, "now"))
        stage.hands.move(125)
        await until(pilot, lambda: aged(pilot, "2 min"))
        await press(pilot, "2")
        stage.hands.move(3 * 3600)
        await press(pilot, "4")
        await until(pilot, lambda: aged(pilot, "3 h"))


async def test_an_unknown_order_is_settled_by_its_id(tmp_path: Path) -> None:
    """The id is checked with the panel, confirmed, attached; the order is followed; and it can be taken back.

    A wrong one leaves the question open with the words, so that another can be typed at once.
    """
    stage = Stage(tmp_path)
    losing_answers(stage)
    async with stage.app.run_test(size=SIZE, notifications=True) as pilot:
        await lost_order(pilot)
        await press(pilot, "a")
        await see(pilot, "Which id has this order on the panel?")
        await press(pilot, "99999", "enter")
        await see(pilot, "✕ The panel says of 99999: “Incorrect order ID”", "Which id has this order on the panel?")
        await press(pilot, "23501", "enter")
        await confirm(pilot, "Yes, attach it")
        await until(pilot, lambda: "⚠" not in text_of(pilot))
        await press(pilot, "2")
        stage.hands.move(41)
        await press(pilot, "r")
        await see(pilot, "23501", "Completed")
        await press(pilot, "4")
        await see(pilot, "u takes it back")
        await press(pilot, "u")
        await see(pilot, "⚠ 1 unknown", "May have been placed")
    assert len(stage.market.ledger) == 1


async def test_the_ways_out_are_told_with_the_users_own_keys(tmp_path: Path) -> None:
    """Beside the evidence, of what was settled, and where there is nothing to settle."""
    stage = Stage(tmp_path)
    losing_answers(stage)
    own = {"attach": "alt+a", "not_placed": "alt+n", "write_off": "alt+w", "undo": "alt+u"}
    stage.app.set_keymap({f"attention.{name}": key for name, key in own.items()})
    async with stage.app.run_test(size=SIZE, notifications=True) as pilot:
        await lost_order(pilot)
        await see(pilot, "alt+a attaches its id, alt+n settles it as not placed, alt+w")
        await press(pilot, "alt+w")
        await confirm(pilot, "Yes, write it off")
        await see(pilot, "alt+u takes it back.")
        await press(pilot, "alt+w")
        await see(pilot, "alt+u takes a settlement back.")


async def test_not_placed_wants_ten_minutes_and_a_word(tmp_path: Path) -> None:
    """It cannot be said too early, which is told before anything is typed, nor by a slip of the finger."""
    stage = Stage(tmp_path)
    losing_answers(stage)
    async with stage.app.run_test(size=SIZE, notifications=True) as pilot:
        await lost_order(pilot)
        await press(pilot, "n")
        await see(pilot, "An order can turn up late")
        assert "Type “not placed”" not in text_of(pilot)
        stage.hands.move(601)
        await press(pilot, "n")
        await see(pilot, "Type “not placed”")
        await press(pilot, "no", "enter")
        await see(pilot, "⚠ 1 unknown", "✕ Type “not placed”")
        await press(pilot, "not placed", "enter")
        await until(pilot, lambda: "⚠" not in text_of(pilot))


async def test_an_order_is_written_off(tmp_path: Path) -> None:
    """After one confirmation it is settled, and nothing was sent for it."""
    stage = Stage(tmp_path)
    losing_answers(stage)
    async with stage.app.run_test(size=SIZE) as pilot:
        await lost_order(pilot)
        await press(pilot, "w")
        await confirm(pilot, "Write this order off?")
        await until(pilot, lambda: "⚠" not in text_of(pilot))
    assert len(stage.market.ledger) == 1


async def test_a_new_order_on_the_link_of_an_unknown_one_warns(tmp_path: Path) -> None:
    """Before the same is ordered again the form says that it may have been placed already."""
    stage = Stage(tmp_path)
    losing_answers(stage)
    async with stage.app.run_test(size=SIZE) as pilot:
        await lost_order(pilot)
        await press(pilot, "1", "enter", LINK)
        await see(pilot, "may have been placed already")


async def test_a_refill_is_followed_to_its_end(tmp_path: Path) -> None:
    """`F` asks once, says "requested" until the panel says more, and a second one is not asked for meanwhile."""
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=SIZE, notifications=True) as pilot:
        await order(pilot, "instagram followers type:default min<=100 refill:yes")
        await see(pilot, "Order 23501 accepted")
        await press(pilot, "2")
        stage.hands.move(45)
        await press(pilot, "r")
        await see(pilot, "Completed")
        await press(pilot, "/", "23501", "enter", "F")
        await confirm(pilot, "Ask the panel for a refill of order 23501?")
        await see(pilot, "Refill: 1 requested")
        await press(pilot, "F")
        await see(pilot, "A refill is requested already")
        await press(pilot, "escape")
        for _ in range(6):
            stage.hands.move(30)
            await press(pilot, "r")
        await until(pilot, lambda: any(f"refill {word}" in text_of(pilot) for word in ("Completed", "Rejected")))


@pytest.mark.parametrize("able", ["yes", "no"])
async def test_a_cancel_is_a_request_until_the_status_says_more(tmp_path: Path, able: str) -> None:
    """`X` on a running order says what the panel answered beside the order, and the refund is the status's word."""
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=SIZE, notifications=True) as pilot:
        await order(pilot, f"instagram followers type:default min<=100 cancel:{able}")
        await see(pilot, "Order 23501 accepted")
        await press(pilot, "2", "/", "23501", "enter", "X")
        await confirm(pilot, "Ask the panel for a cancel of order 23501?")
        if able == "no":
            await see(pilot, "cancel refused")
            return
        await see(pilot, "cancel requested")
        stage.hands.move(15)
        await press(pilot, "r")
        await until(pilot, lambda: any(word in text_of(pilot) for word in ("✕ Canceled", "◒ Partial")))
