"""The parameters that a profile sends with every order: seen before money is spent, and in what the panel got."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace
from textual.events import Paste

from smmtui.tui.screens.order_form import OrderForm
from tests.tui.support import Stage, press, see, until
from tests.tui.test_basket import Gate

SIZE = (120, 36)
LINK = "https://instagram.com/p/1"


def stage_with(folder: Path) -> Stage:
    """The demo panel by a profile with parameters of its own."""
    stage = Stage(folder)
    stage.profile = replace(stage.profile, extra=(("server", "2"), ("mode", "safe")), order_style="fast")
    stage.app = type(stage.app)(stage._open, stage.profile)
    return stage


async def test_an_order_has_them_in_its_review_and_in_what_is_sent(tmp_path: Path) -> None:
    """All but those that the order names itself, of which its own are sent."""
    stage = stage_with(tmp_path)
    async with stage.app.run_test(size=SIZE) as pilot:
        await see(pilot, "5,000 services", "online")
        await press(pilot, "/", "instagram followers type:default min<=100 rate<1", "enter", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, OrderForm))
        await press(pilot, LINK, "enter", "100", "tab", "tab", " ", "mode=other", "f9")
        await see(pilot, "Place this order?", "Yes, place it")
        await see(pilot, "server          2", "mode            other", "order_style     fast", " y  Yes")
        await press(pilot, "y")
        await until(pilot, lambda: stage.market.ledger)
    (placed,) = stage.market.ledger
    assert {"server": "2", "mode": "other", "order_style": "fast"}.items() <= dict(placed.fields).items()


async def test_a_basket_says_what_only_some_of_its_orders_carry(tmp_path: Path) -> None:
    """Before they are placed, and again before those that were left are gone on with: so they are sent."""
    stage = stage_with(tmp_path)
    gate = Gate(stage)
    async with stage.app.run_test(size=SIZE) as pilot:
        await see(pilot, "5,000 services", "online")
        own = ("", " | mode=other", " | server=3")
        pilot.app.post_message(Paste("\n".join(f"18423 | {LINK}{at} | 100{text}" for at, text in enumerate(own))))
        await see(pilot, "3 rows")
        await press(pilot, "f9")
        await see(
            pilot, "With each order_style=fast", "mode=safe (2)", "server=2 (2)", "mode=other (1)", "server=3 (1)"
        )
        await see(pilot, " y  Yes")
        await press(pilot, "y")
        await until(pilot, lambda: gate.waiting)
        await press(pilot, "escape")
        gate.open.set()
        await see(pilot, "2 left: R goes on")
        await press(pilot, "R")
        await see(pilot, "Go on with 2 orders?", "With each order_style=fast", " y  Yes")
        await see(pilot, "With some mode=other (1), server=2 (1), server=3 (1), mode=safe (1)")
        await press(pilot, "y")
        await until(pilot, lambda: len(stage.market.ledger) == 3)
    sent = [dict(placed.fields) for placed in stage.market.ledger]
    assert [(each["server"], each["mode"]) for each in sent] == [("2", "safe"), ("2", "other"), ("3", "safe")]
    assert {each["order_style"] for each in sent} == {"fast"}


async def test_a_basket_says_them_once_and_sends_them_with_each(tmp_path: Path) -> None:
    """With the rows of the basket as with orders of the form."""
    stage = stage_with(tmp_path)
    async with stage.app.run_test(size=SIZE) as pilot:
        await see(pilot, "5,000 services", "online")
        pilot.app.post_message(Paste(f"18423 | {LINK} | 100\n18423 | {LINK}2 | 100"))
        await see(pilot, "2 rows")
        await press(pilot, "f9")
        await see(pilot, "Place 2 orders?", "server=2, mode=safe, order_style=fast", " y  Yes")
        await press(pilot, "y")
        await until(pilot, lambda: len(stage.market.ledger) == 2)
    for placed in stage.market.ledger:
        assert {"server": "2", "mode": "safe", "order_style": "fast"}.items() <= dict(placed.fields).items()
