"""The catalog as a user works with it: favourites, categories, details, own orders, and words for its state."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import httpx
from textual.pilot import Pilot

from smmtui.demo import DemoPanel
from tests.tui.support import Stage, press, see, text_of, until

SIZE = (120, 36)
WIDE = (160, 36)


def rows(pilot: Pilot[None]) -> list[str]:
    """The lines of the table that hold a row."""
    return [line for line in text_of(pilot).splitlines() if " Default" in line or " Custom" in line]


async def gone(pilot: Pilot[None], text: str) -> None:
    """Wait until a text is no longer on the screen."""
    await until(pilot, lambda: text not in text_of(pilot))


async def test_favourites_have_a_star_and_a_filter(tmp_path: Path) -> None:
    """`*` marks the current service or the marked ones, `f` lists only these, and the next start knows them."""
    async with Stage(tmp_path).app.run_test(size=SIZE) as pilot:
        await see(pilot, "5,000 services")
        await press(pilot, "*", "down", "down", " ", " ", "*", "U")
        assert sum("★ I" in row for row in rows(pilot)) == 3
        await press(pilot, "f")
        await see(pilot, "★ favourites × ", "3 of 5,000 services")
        await press(pilot, "*")
        await see(pilot, "2 of 5,000 services")
        await press(pilot, "f")
        await see(pilot, " 5,000 services", "words, cat:…")
    async with Stage(tmp_path).app.run_test(size=SIZE) as pilot:
        await see(pilot, "5,000 services")
        assert sum("★ I" in row for row in rows(pilot)) == 2


async def test_services_ordered_before_show_how_often(tmp_path: Path) -> None:
    """The count of own orders stands in its column, and `ordered:` finds them; a new order counts at once."""
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=SIZE) as pilot:
        await see(pilot, "5,000 services", "online")
        await press(pilot, "/", "ordered:", "enter")
        await see(pilot, "ordered before × ")
        assert rows(pilot) and all(" 1 " in row or " 2 " in row for row in rows(pilot))
        before = text_of(pilot)
        await press(
            pilot, "/", *["backspace"] * 8, "instagram followers type:default -ordered: min<=10", "enter", "enter"
        )
        await see(pilot, "Link")
        await press(pilot, "https://example.com/post", "enter", "100", "f9")
        await see(pilot, "Yes, place it")
        await press(pilot, "y")
        await until(pilot, lambda: stage.market.ledger)
        await press(pilot, "/", *["backspace"] * 60, "ordered:", "enter")
        await until(pilot, lambda: found(text_of(pilot)) == found(before) + 1)


def found(screen: str) -> int:
    """The number of services found."""
    return int(screen.split(" of 5,000 services")[0].split()[-1])


async def test_a_category_is_chosen_from_all_of_them(tmp_path: Path) -> None:
    """`c` lists the categories with their counts; a choice replaces the one before, and all can come back."""
    async with Stage(tmp_path).app.run_test(size=SIZE) as pilot:
        await see(pilot, "5,000 services")
        await press(pilot, "/", "rate<1", "enter", "c")
        await see(pilot, "All categories", "5,000", "YouTube | Views")
        await press(pilot, "telegram", "down", "enter")
        await see(pilot, "rate<1 × ", "Telegram | Invites")
        assert all("Telegram" in row for row in rows(pilot))
        await press(pilot, "c", "youtube | subs", "enter")
        await see(pilot, "YouTube | Subscribers")
        await gone(pilot, "Telegram")
        await press(pilot, "c", "zzzz")
        await see(pilot, "No category has these words")
        await press(pilot, "enter", "escape", "c", "enter")
        await gone(pilot, "YouTube | Subscribers")
        await see(pilot, "rate<1 × ")


async def test_the_details_of_the_current_service_are_beside_the_table(tmp_path: Path) -> None:
    """On a wide screen they are there by themselves and follow the cursor, with the description as text."""
    async with Stage(tmp_path).app.run_test(size=WIDE) as pilot:
        await see(pilot, "5,000 services", "Drip-feed", "Description")
        assert "<br" not in text_of(pilot)
        await press(pilot, "down")
        current = rows(pilot)[1].split()[0].strip("▌")
        await see(pilot, f"Id           {current}")


async def test_the_details_are_shown_and_hidden_by_a_key_and_stay_so(tmp_path: Path) -> None:
    """`i` turns them on and off; wide and narrow screens are remembered apart."""
    async with Stage(tmp_path).app.run_test(size=SIZE) as pilot:
        await see(pilot, "5,000 services")
        assert "Drip-feed" not in text_of(pilot)
        await press(pilot, "i")
        # Below the table, which keeps its columns.
        await see(pilot, "Drip-feed", "Max Refill  Cancel")
    async with Stage(tmp_path).app.run_test(size=SIZE) as pilot:
        await see(pilot, "5,000 services", "Drip-feed")
    async with Stage(tmp_path).app.run_test(size=WIDE) as pilot:
        await see(pilot, "5,000 services", "Drip-feed")
        await press(pilot, "i")
        await gone(pilot, "Drip-feed")
        await pilot.resize_terminal(*SIZE)
        await see(pilot, "Drip-feed")
        await pilot.resize_terminal(*WIDE)
        await gone(pilot, "Drip-feed")


async def test_long_details_are_read_by_keys(tmp_path: Path) -> None:
    """Tab goes to the details, the arrows scroll them, Esc goes back, and the filter stays as it was."""
    async with Stage(tmp_path).app.run_test(size=(80, 24)) as pilot:
        await see(pilot, "5,000 services")
        await press(pilot, "/", "rate<1", "enter", "i")
        await see(pilot, "Category ")
        assert "Drip-feed" not in text_of(pilot)
        await press(pilot, "tab", *["down"] * 8)
        await see(pilot, "Drip-feed")
        await press(pilot, "escape", "down")
        await see(pilot, "rate<1 × ")
        assert text_of(pilot).splitlines()[5].startswith("▌")


async def test_the_details_tell_of_own_orders(tmp_path: Path) -> None:
    """The latest orders of the service stand below its facts."""
    async with Stage(tmp_path).app.run_test(size=(160, 50)) as pilot:
        await see(pilot, "5,000 services", "online")
        await press(pilot, "2", "r")
        await see(pilot, "Partial")
        await press(pilot, "1", "/", "ordered:", "enter")
        await see(pilot, "Your orders (1)", " ago ")


Change = Callable[[list[dict[str, object]]], list[dict[str, object]]]


def listing(stage: Stage, change: Change) -> Callable[[], httpx.AsyncBaseTransport]:
    """A transport to the demo panel that changes what is listed."""

    def handle(request: httpx.Request) -> httpx.Response:
        body = DemoPanel(stage.market).answer(request.method, request.headers["content-type"], request.content)
        if b"action=services" not in request.content:
            return httpx.Response(200, content=body)
        return httpx.Response(200, json=change(json.loads(body)))

    return lambda: httpx.MockTransport(handle)


async def test_rows_that_could_not_be_read_are_counted(tmp_path: Path) -> None:
    """A catalog with broken rows says how many are missing."""
    stage = Stage(tmp_path)
    stage.transport = listing(stage, lambda services: [*services, {"service": None}, {"nothing": 1}])
    async with stage.app.run_test(size=SIZE) as pilot:
        await see(pilot, "5,000 services", "2 rows of the catalog could not be read and are not shown")


async def test_hostile_categories_are_text_and_can_be_chosen(tmp_path: Path) -> None:
    """A category named like mark-up or like a filter is shown as it is, and found."""
    stage = Stage(tmp_path)
    name = '[@click=app.quit]"a" | -b[/]'
    stage.transport = listing(stage, lambda services: [{**services[0], "category": name}, *services[1:20]])
    async with stage.app.run_test(size=SIZE) as pilot:
        await see(pilot, "20 services")
        await press(pilot, "c", "click")
        await see(pilot, name)
        await press(pilot, "enter")
        await see(pilot, "1 of 20 services")


async def test_an_old_catalog_says_so_while_the_panel_cannot_be_reached(tmp_path: Path) -> None:
    """Offline, the rows of before stay with their time and the key that tries again."""
    stage = Stage(tmp_path)
    broken = False

    def handle(request: httpx.Request) -> httpx.Response:
        if broken:
            raise httpx.ConnectError("connection refused")
        body = DemoPanel(stage.market).answer(request.method, request.headers["content-type"], request.content)
        return httpx.Response(200, content=body)

    stage.transport = lambda: httpx.MockTransport(handle)
    async with stage.app.run_test(size=SIZE) as pilot:
        await see(pilot, "5,000 services", "online")
        assert "catalog of" not in text_of(pilot)
        broken = True
        stage.hands.move(7200)
        await press(pilot, "r")
        await see(pilot, "○ offline", "catalog of ", " · r tries again", "5,000 services")
        broken = False
        await press(pilot, "r")
        await see(pilot, "● online")
        await gone(pilot, "catalog of ")


async def test_the_cached_catalog_of_another_day_is_dated(tmp_path: Path) -> None:
    """At a start with an old catalog its day is told until the new one is there."""
    async with Stage(tmp_path).app.run_test(size=SIZE) as pilot:
        await see(pilot, "5,000 services", "online")
    stage = Stage(tmp_path)
    stage.hands.move(3 * 86_400)

    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("connection refused")

    stage.transport = lambda: httpx.MockTransport(refuse)
    async with stage.app.run_test(size=SIZE) as pilot:
        await see(pilot, "5,000 services", "catalog of 14 Mar ", "r tries again")


async def test_an_old_catalog_is_there_while_the_new_one_comes(tmp_path: Path) -> None:
    """At a start the rows of before are used at once, and it is said that they are being refreshed."""
    async with Stage(tmp_path).app.run_test(size=SIZE) as pilot:
        await see(pilot, "5,000 services", "online")
    stage = Stage(tmp_path)
    stage.hands.move(7200)
    answered = asyncio.Event()

    async def handle(request: httpx.Request) -> httpx.Response:
        if b"action=services" in request.content:
            await answered.wait()
        body = DemoPanel(stage.market).answer(request.method, request.headers["content-type"], request.content)
        return httpx.Response(200, content=body)

    stage.transport = lambda: httpx.MockTransport(handle)
    async with stage.app.run_test(size=SIZE) as pilot:
        await see(pilot, "5,000 services", "catalog of ", " · refreshing")
        await press(pilot, "/", "telegram", "enter", "down")
        await see(pilot, "telegram × ", " · refreshing")
        answered.set()
        await gone(pilot, "refreshing")
        await see(pilot, "telegram × ")
        assert rows(pilot)[1].startswith("▌")
