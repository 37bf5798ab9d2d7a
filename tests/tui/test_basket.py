"""The basket as a user sees it: what is read after which key or paste, and what the panel's ledger says."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from urllib.parse import parse_qs

import httpx
import pytest
from msgspec.structs import replace
from textual.events import Paste
from textual.pilot import Pilot

from smmtui.demo import DemoPanel, Market
from smmtui.domain.foreign_text import is_unsafe
from smmtui.domain.records import Order, Outcome
from smmtui.errors import JournalError
from smmtui.journal.journal import Journal
from smmtui.tui.app import SmmtuiApp
from smmtui.tui.confirmation import Confirmation
from smmtui.tui.screens.basket import BasketScreen
from smmtui.tui.screens.edit_row import EditRow
from smmtui.tui.screens.order_form import OrderForm
from smmtui.tui.widgets.order_field import OrderField
from tests.tui.hostile import STRINGS
from tests.tui.support import Hands, Stage, press, see, text_of, until

SIZE = (140, 36)
LIKES, OTHER = "18423", "11726"
LINK = "https://instagram.com/p/"
SHOWN = LINK.removeprefix("https://")


def lines(number: int, quantity: int = 100) -> str:
    """So many lines of one service, each with a link of its own."""
    return "\n".join(f"{LIKES} | {LINK}{each} | {quantity}" for each in range(1, number + 1))


async def paste(pilot: Pilot[None], text: str) -> None:
    """Paste as a terminal does: in one event, wherever the user is."""
    await see(pilot, "online")
    pilot.app.post_message(Paste(text))


async def pasted(pilot: Pilot[None], text: str, rows: int) -> None:
    """Paste, and wait for the basket with so many rows."""
    await see(pilot, "5,000 services")
    await paste(pilot, text)
    await until(pilot, lambda: isinstance(pilot.app.screen, BasketScreen))
    await see(pilot, f"{rows} rows" if rows > 1 else "1 row")


async def place(pilot: Pilot[None], number: int) -> None:
    """Ask for the placing and confirm it by its one key."""
    await press(pilot, "f9")
    await see(pilot, f"Place {number} orders?" if number > 1 else "Place 1 order?", " y  Yes")
    await press(pilot, "y")


class Gate:
    """A panel that answers orders only while it is open, and tells how many wait before it.

    The order that is to wait first is `first`, counted from 1.
    """

    def __init__(self, stage: Stage, first: int = 1) -> None:
        self._panel = DemoPanel(stage.market)
        self._passes = first - 1
        self.open = asyncio.Event()
        self.waiting = 0
        stage.transport = lambda: httpx.MockTransport(self._handle)

    async def _handle(self, request: httpx.Request) -> httpx.Response:
        if parse_qs(request.content.decode())["action"] == ["add"]:
            self._passes -= 1
            if self._passes < 0:
                self.waiting += 1
                await self.open.wait()
                self.waiting -= 1
        body = self._panel.answer(request.method, request.headers["content-type"], request.content)
        return httpx.Response(200, content=body)


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """The App on the demo panel."""
    return Stage(tmp_path)


def kept(stage: Stage) -> Stage:
    """The same on a panel that is no demo, so that the basket outlives the program."""
    stage.profile = replace(stage.profile, demo=False)
    stage.app = SmmtuiApp(stage._open, stage.profile)
    return stage


def placed(stage: Stage) -> list[tuple[str, str, int]]:
    """What the panel's books say was placed."""
    return [(row.service, row.link, row.quantity) for row in stage.market.ledger]


# ── into the basket ───────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_paste_on_the_catalog_opens_the_basket_and_sends_nothing(stage: Stage) -> None:
    """Both orders of columns are read, each row has its estimate or its problem in words, and totals stand below."""
    text = f"{LIKES} | {LINK}1 | 1000\n{LIKES} | 2000 | {LINK}2\n{LIKES} | {LINK}3 | 5\n9999999 | {LINK}4 | 100"
    async with stage.app.run_test(size=SIZE) as pilot:
        await pasted(pilot, text, 4)
        await see(pilot, f"{SHOWN}1", f"{SHOWN}2", "0.37", "0.74", "under the minimum of 10", "no service 9999999")
        await see(pilot, "2 ok · 2 problems · $1.11 of $100.84292")
        assert "Instagram Followers [Bot]" in text_of(pilot)
    assert stage.market.ledger == []


async def test_a_paste_into_the_filter_stays_there(stage: Stage) -> None:
    """Inside an input a paste is text."""
    async with stage.app.run_test(size=SIZE) as pilot:
        await see(pilot, "5,000 services", "online")
        await press(pilot, "/")
        await paste(pilot, "telegram")
        await see(pilot, "/ telegram", "of 5,000 services")
        assert not isinstance(pilot.app.screen, BasketScreen)


async def test_a_paste_over_a_dialog_does_not_open_the_basket(stage: Stage) -> None:
    """Only the screens with a number take a paste."""
    async with stage.app.run_test(size=SIZE, notifications=True) as pilot:
        await pasted(pilot, lines(2), 2)
        await press(pilot, "f9")
        await until(pilot, lambda: isinstance(pilot.app.screen, Confirmation))
        await paste(pilot, lines(5))
        await press(pilot, "escape")
        await see(pilot, "2 rows")


async def test_what_is_no_order_is_said_and_left_out(stage: Stage) -> None:
    """A paste in which nothing can be read is told with the format, and the basket stays empty."""
    async with stage.app.run_test(size=SIZE, notifications=True) as pilot:
        await see(pilot, "5,000 services")
        await paste(pilot, "good morning everyone")
        await see(pilot, "Nothing to order in what was pasted", "service | link | quantity")
        await press(pilot, "3")
        await see(pilot, "The basket is empty")


async def test_hostile_lines_are_read_as_they_stand(stage: Stage) -> None:
    """Markup, controls and reversed text in a paste are literal in grid, dialog and review, and bind nothing."""
    texts = [text.replace("\x1b", "").replace("\n", " ").replace("\r", " ") for text in STRINGS]
    text = "\n".join(f'{LIKES}\t"{each.replace(chr(34), "")}"\t100' for each in ["[@click=app.quit]x[/]", *texts])
    async with stage.app.run_test(size=(200, 120), notifications=True) as pilot:
        await see(pilot, "5,000 services")
        await paste(pilot, text)
        await see(pilot, "[@click=app.quit]x[/]")
        assert text_of(pilot).count("✕ problem") + text_of(pilot).count("· ok") > 60
        assert all(not is_unsafe(char) for char in text_of(pilot) if char != "\n")
        await press(pilot, "home", "enter")
        await see(pilot, "[@click=app.quit]x[/]", "Link")
        await press(pilot, "escape", "f9")
        await see(pilot, "[@click=app.quit]x[/]", "Place")
    assert stage.market.ledger == []


async def test_the_same_paste_again_is_recognised(stage: Stage) -> None:
    """It says which rows were sent, and adds nothing unless the user says so."""
    async with stage.app.run_test(size=SIZE, notifications=True) as pilot:
        await pasted(pilot, lines(3), 3)
        await press(pilot, " ", "down", " ")
        await place(pilot, 2)
        await until(pilot, lambda: len(stage.market.ledger) == 2)
        await see(pilot, "2 accepted")
        await press(pilot, "1")
        await paste(pilot, lines(3))
        await see(pilot, "again?", "2 of its 3 rows were sent", "rows 1, 3", " y  Yes")
        await press(pilot, "escape", "3")
        await see(pilot, "3 rows")
        await paste(pilot, lines(3))
        await see(pilot, "again?", " y  Yes")
        await press(pilot, "y")
        await see(pilot, "6 rows")
    assert len(stage.market.ledger) == 2


async def test_a_file_is_opened_by_its_path(stage: Stage, tmp_path: Path) -> None:
    """What cannot be read is said under the path; a CSV file with a header, quotes and CRLF is read."""
    good = tmp_path / "orders.csv"
    good.write_bytes(
        f'service,link,comments\r\n{OTHER},{LINK}1,"first one\r\nsecond, one"\r\n{OTHER},{LINK}2,third\r\n'.encode()
    )
    (tmp_path / "bad.csv").write_bytes(b"\xff\xfe\xfa\xfb\xd8")
    async with stage.app.run_test(size=SIZE, notifications=True) as pilot:
        await see(pilot, "5,000 services", "online")
        await press(pilot, "3", "o")
        await see(pilot, "Open a CSV or TSV file")
        await press(pilot, str(tmp_path / "none.csv"), "enter")
        await see(pilot, "There is no such file.")
        for name, words in (("", "This is not a file."), ("bad.csv", "not text in UTF-8")):
            await press(pilot, "ctrl+u", str(tmp_path / name), "enter")
            await see(pilot, words)
        await press(pilot, "ctrl+u", str(good), "enter")
        await see(pilot, "2 rows", "2 ok", "$0.0053304 of")
        await press(pilot, "home")
        await place(pilot, 2)
        await until(pilot, lambda: len(stage.market.ledger) == 2)
    assert [row.fields["comments"] for row in stage.market.ledger] == ["first one\nsecond, one", "third"]


async def test_plus_on_the_catalog_puts_services_into_the_basket(stage: Stage) -> None:
    """Marked services, else the current one; Enter there begins with the link, which is still empty."""
    async with stage.app.run_test(size=SIZE, notifications=True) as pilot:
        await see(pilot, "5,000 services", "online")
        await press(pilot, "/", f"id:{LIKES}", "enter", "plus")
        await see(pilot, "In the basket")
        await press(pilot, "3")
        await see(pilot, "1 row", "Link is needed")
        await press(pilot, "enter", f"{LINK}7", "enter", "1k", "enter")
        await see(pilot, "1 ok", f"{SHOWN}7", "0.37")


async def test_lines_pasted_into_a_form_can_go_to_the_basket(stage: Stage) -> None:
    """A one-line field takes none of them and offers the basket, which has them all."""
    async with stage.app.run_test(size=SIZE, notifications=True) as pilot:
        await see(pilot, "5,000 services", "online")
        await press(pilot, "/", f"id:{LIKES}", "enter", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, OrderForm))
        await paste(pilot, lines(3))
        await see(pilot, "3 lines were pasted", "basket")
        await press(pilot, "f6")
        await see(pilot, "3 rows", "3 ok")


# ── in the basket ─────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_row_is_mended_in_its_dialog(stage: Stage) -> None:
    """Enter opens it at what is wrong, problems and estimate follow the typing, Esc changes nothing."""
    async with stage.app.run_test(size=SIZE) as pilot:
        await pasted(pilot, f"{LIKES} | {LINK}1 | 5", 1)
        await press(pilot, "enter", "0")
        await see(pilot, "50 in all", "$0.0185")
        await press(pilot, "escape")
        await see(pilot, "under the minimum of 10", "1 problem")
        await press(pilot, "enter", "0", "f9")
        await see(pilot, "1 ok · $0.0185")


async def test_another_service_brings_its_own_fields(stage: Stage) -> None:
    """With the id of another type the dialog asks for what that type needs, and the link stays."""
    async with stage.app.run_test(size=SIZE) as pilot:
        await pasted(pilot, f"{LIKES} | {LINK}1 | 500", 1)
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, EditRow))
        await press(pilot, "shift+tab", "ctrl+u", OTHER)
        await see(pilot, "Comments", "Custom Comments [Organic]")
        await until(pilot, lambda: not pilot.app.screen.query("#field-quantity"))
        await press(pilot, "tab", "tab", "well done", "f9")
        await see(pilot, "1 ok", "0.0017768")


async def test_rows_are_removed_and_come_back(stage: Stage) -> None:
    """Marked rows or the current one are removed by one key, and put back by another."""
    async with stage.app.run_test(size=SIZE, notifications=True) as pilot:
        await pasted(pilot, lines(4), 4)
        await press(pilot, "  ", "d")
        await see(pilot, "2 rows", "2 ok", "u puts them back")
        await press(pilot, "d")
        await see(pilot, "1 row", "1 ok")
        await press(pilot, "u", "u")
        await see(pilot, "4 rows", "4 ok")


async def test_the_basket_is_filtered_like_the_other_screens(stage: Stage) -> None:
    """By words and by state; the key for the next problem finds it."""
    async with stage.app.run_test(size=SIZE) as pilot:
        await pasted(pilot, f"{lines(5)}\n{LIKES} | {LINK}6 | 1", 6)
        await press(pilot, "n", "enter")
        await see(pilot, "under the minimum", f"{SHOWN}6")
        await press(pilot, "escape", "/", "state:problem")
        await see(pilot, "1 of 6 rows")


async def test_a_duplicate_is_said_and_may_be_placed(stage: Stage) -> None:
    """The second row of one service and link carries a warning, and the review says so before anything is sent."""
    async with stage.app.run_test(size=SIZE) as pilot:
        await pasted(pilot, f"{lines(1)}\n{lines(1)}", 2)
        await see(pilot, "1 ok · 1 warn", "Duplicate in this basket")
        await press(pilot, "f9")
        await see(pilot, "Place 2 orders?", "1 of these 2 orders has a warning", "Duplicate in this basket")


async def test_of_marked_rows_none_may_be_ready(stage: Stage) -> None:
    """Where only rows with a problem are marked nothing else is offered; what was placed is no longer marked."""
    async with stage.app.run_test(size=SIZE, notifications=True) as pilot:
        await pasted(pilot, f"{LIKES} | {LINK}9 | 1\n{lines(3)}", 4)
        await press(pilot, " ", "f9")
        await see(pilot, "None of the marked rows can be placed.")
        assert isinstance(pilot.app.screen, BasketScreen)
        await press(pilot, "home", " ", " ")
        await place(pilot, 1)
        await see(pilot, "1 accepted")
        await press(pilot, "f9")
        await see(pilot, "Place 2 orders?")
    assert placed(stage) == [(LIKES, f"{LINK}1", 100)]


async def test_a_row_has_a_note_and_tags(stage: Stage) -> None:
    """They are typed beside the other fields, go with the order and not to the panel, and can be emptied."""
    async with stage.app.run_test(size=SIZE, notifications=True) as pilot:
        await pasted(pilot, lines(1), 1)
        assert stage.desk is not None
        for typed, kept in ((("for Ann",), "for Ann"), (("ctrl+u",), None), (("Bob",), "Bob")):
            await press(pilot, "enter")
            await until(pilot, lambda: isinstance(pilot.app.screen, EditRow))
            pilot.app.screen.query_one("#field-note", OrderField).take_focus()
            await press(pilot, *typed, "f9")
            await until(pilot, lambda: isinstance(pilot.app.screen, BasketScreen))
            assert stage.desk.basket.rows[0].values.get("note") == kept
        await place(pilot, 1)
        await see(pilot, "1 accepted")
        assert stage.desk.orders[0].note == "Bob"
    assert "note" not in stage.market.ledger[0].fields


async def test_that_no_row_has_failed_is_said(stage: Stage) -> None:
    """The key that saves failures does not ask for a file where there are none."""
    async with stage.app.run_test(size=(80, 24), notifications=True) as pilot:
        await see(pilot, "online")
        await press(pilot, "3")
        await see(pilot, "o opens a CSV or TSV", "before you confirm it.")
        await press(pilot, "f")
        await see(pilot, "No row has failed.")


async def test_a_refused_row_is_edited_and_placed_again(stage: Stage) -> None:
    """Enter on it opens the same dialog, and after saving it is an ordinary row; a row that was accepted shows its
    order instead."""
    async with stage.app.run_test(size=SIZE, notifications=True) as pilot:
        await pasted(pilot, f"{lines(1)}\n{LIKES} | {LINK}1 | 200", 2)
        await place(pilot, 2)
        await see(pilot, "1 accepted", "1 rejected", "active order with this link")
        await press(pilot, "home", "enter")
        await see(pilot, "Order 23501", "Timeline")
        await press(pilot, "escape", "down", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, EditRow))
        await press(pilot, "ctrl+u", f"{LINK}2", "f9")
        await see(pilot, "1 ok", "1 accepted")
        await place(pilot, 1)
        await see(pilot, "2 accepted")
        await press(pilot, "c")
        await see(pilot, "The basket is empty")
    assert placed(stage) == [(LIKES, f"{LINK}1", 100), (LIKES, f"{LINK}2", 200)]


# ── to the panel ──────────────────────────────────────────────────────────────────────────────────────────────────


async def test_what_is_ok_is_placed_once_confirmed(stage: Stage) -> None:
    """The review shows total and balance; outcomes stand in the same grid; the row with a problem stays behind."""
    async with stage.app.run_test(size=SIZE, notifications=True) as pilot:
        await pasted(pilot, f"{lines(4)}\n{LIKES} | {LINK}5 | 1", 5)
        await press(pilot, "f9")
        await see(pilot, "Place 4 orders?", "$0.148", "$100.84292 → $100.69492", "1 other row stays behind", " y  Yes")
        assert stage.market.ledger == []
        await press(pilot, "y")
        await see(pilot, "The basket is through")
        await see(pilot, "4 accepted · ", "1 problem", "order 23501", "order 23504")
        await press(pilot, "2")
        await see(pilot, *(order.order for order in stage.market.ledger), LINK[:20])
    assert placed(stage) == [(LIKES, f"{LINK}{each}", 100) for each in range(1, 5)]


async def test_enter_held_places_nothing_and_fifty_y_place_the_batch_once(stage: Stage) -> None:
    """Enter never confirms from any point of the basket; of many `y` one counts."""
    async with stage.app.run_test(size=SIZE) as pilot:
        await pasted(pilot, lines(3), 3)
        await press(pilot, *["enter"] * 50)
        await press(pilot, "escape", "escape", "f9", *["enter"] * 50)
        await press(pilot, "escape", "escape")
        assert stage.market.ledger == []
        await until(pilot, lambda: isinstance(pilot.app.screen, BasketScreen))
        await press(pilot, "f9")
        await see(pilot, "Place 3 orders?", " y  Yes")
        await press(pilot, *["y"] * 50)
        await see(pilot, "3 accepted")
        await press(pilot, "f9", *["y"] * 20)
    assert len(stage.market.ledger) == 3


async def test_a_large_total_is_typed(stage: Stage) -> None:
    """Over the amount of the profile, or with more than 20 orders, one key is not enough."""
    async with stage.app.run_test(size=SIZE) as pilot:
        await pasted(pilot, lines(21), 21)
        await press(pilot, "f9")
        await see(pilot, "Place 21 orders?", "more than 20 orders", "Type the total", "Enter  Yes, place 21")
        await press(pilot, *["y"] * 5, *["enter"] * 5)
        assert stage.market.ledger == []
        await press(pilot, "ctrl+u", "0.777", "enter")
        await see(pilot, "21 accepted")
    assert len(stage.market.ledger) == 21


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (140, 36)])
async def test_a_long_review_takes_the_height_there_is(stage: Stage, size: tuple[int, int]) -> None:
    """What is to be typed and the answers are in view, and the list has every line that is left."""
    async with stage.app.run_test(size=size) as pilot:
        await until(pilot, lambda: stage.desk and len(stage.desk.catalog.services))
        await paste(pilot, lines(60))
        await see(pilot, "60 ok")
        await press(pilot, "f9")
        await see(pilot, "Type the total", "Enter  Yes, place 60")
        await press(pilot, "1", "enter")
        await see(pilot, "That is not", "No, back", "Enter  Yes, place 60")
        screen = pilot.app.screen
        assert isinstance(screen, Confirmation)
        await until(pilot, lambda: screen.query_one("#confirmation").outer_size.height == size[1] - 1)
        await see(pilot, "Place 60 orders?", "Total", "No, back", "Enter  Yes, place 60")


async def test_sending_goes_on_behind_other_screens_and_stops_by_esc(stage: Stage) -> None:
    """The header counts on every screen; Esc lets the order under way end; resuming sends the rest, nothing twice."""
    gate = Gate(stage)
    async with stage.app.run_test(size=SIZE, notifications=True) as pilot:
        await pasted(pilot, lines(4), 4)
        await place(pilot, 4)
        await until(pilot, lambda: gate.waiting == 1)
        await see(pilot, "basket 0/4", "0 of 4", "esc stops", "… sending", "○ queued")
        await press(pilot, "1")
        await see(pilot, "basket 0/4", "5,000 services")
        await press(pilot, "3", "escape")
        await see(pilot, "stopping after this order")
        gate.open.set()
        await see(pilot, "1 of 4", "1 accepted", "3 queued", "3 left: R goes on")
        assert len(stage.market.ledger) == 1
        await press(pilot, "R")
        await see(pilot, "Go on with 3 orders?", " y  Yes")
        await press(pilot, "y")
        await see(pilot, "4 accepted")
        assert "basket 4/4" not in text_of(pilot)
    assert [row.link for row in stage.market.ledger] == [f"{LINK}{each}" for each in range(1, 5)]


async def test_it_stops_at_what_nobody_knows_and_says_what_to_do(stage: Stage) -> None:
    """An answer that was lost stops the basket; the row reads unknown, the rest stays queued until resumed."""
    panel = DemoPanel(stage.market)
    answers: Iterator[int] = iter([200, 502, *[200] * 9])

    async def handle(request: httpx.Request) -> httpx.Response:
        body = panel.answer(request.method, request.headers["content-type"], request.content)
        if parse_qs(request.content.decode())["action"] == ["add"] and next(answers) == 502:
            return httpx.Response(502, text="<html>Bad gateway</html>")
        return httpx.Response(200, content=body)

    stage.transport = lambda: httpx.MockTransport(handle)
    async with stage.app.run_test(size=SIZE, notifications=True) as pilot:
        await pasted(pilot, lines(4), 4)
        await place(pilot, 4)
        await see(pilot, "The basket has stopped", "? unknown", "2 queued", "⚠ 1 unknown", "R goes on")
        await press(pilot, "R")
        await see(pilot, "Go on with 2 orders?", " y  Yes")
        await press(pilot, "y")
        await see(pilot, "3 accepted", "1 unknown")
    assert [row.link for row in stage.market.ledger] == [f"{LINK}{each}" for each in range(1, 5)]


async def test_what_the_dialog_counts_is_what_is_placed(stage: Stage) -> None:
    """Rows queued by an earlier run stay queued when others are placed, and are counted by the key that goes on."""
    gate = Gate(stage)
    async with stage.app.run_test(size=SIZE, notifications=True) as pilot:
        await pasted(pilot, lines(3), 3)
        await place(pilot, 3)
        await until(pilot, lambda: gate.waiting == 1)
        await press(pilot, "escape")
        gate.open.set()
        await see(pilot, "1 accepted", "2 queued", "2 left: R goes on")
        await paste(pilot, f"{LIKES} | {LINK}new | 100")
        await see(pilot, "4 rows")
        await place(pilot, 1)
        await see(pilot, "2 accepted", "2 queued", "2 left: R goes on", "The basket is through")
        assert [row.link for row in stage.market.ledger] == [f"{LINK}1", f"{LINK}new"]
        await press(pilot, "R")
        await see(pilot, "Go on with 2 orders?", " y  Yes")
        await press(pilot, "y")
        await see(pilot, "4 accepted")
    assert [row.link for row in stage.market.ledger] == [f"{LINK}{each}" for each in ("1", "new", "2", "3")]


async def test_empty_funds_stop_it_and_failures_can_be_saved(tmp_path: Path) -> None:
    """The panel's words stand beside the row; what failed is written as a file that the basket reads again."""
    hands = Hands()
    stage = Stage(tmp_path, Market(clock=hands.timestamp, balance=Decimal("0.05")), hands)
    file = tmp_path / "again.csv"
    async with stage.app.run_test(size=SIZE, notifications=True) as pilot:
        await pasted(pilot, lines(3), 3)
        await see(pilot, "more than the balance of $0.05")
        await place(pilot, 3)
        await see(pilot, "The basket has stopped", "Not enough funds", "1 accepted", "1 rejected", "1 queued")
        await press(pilot, "f")
        await until(pilot, lambda: not isinstance(pilot.app.screen, BasketScreen))
        await press(pilot, "ctrl+u", str(file), "enter")
        await until(pilot, file.exists)
        assert f"{LINK}2" in file.read_text() and f"{LINK}1" not in file.read_text()
    assert len(stage.market.ledger) == 1


async def test_an_outcome_that_cannot_be_saved_stops_it_and_stays_on_the_screen(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The id is shown large until it is written down, the rest is not sent, and both are said again at the end."""

    def full(self: Journal, uuid: str, outcome: Outcome) -> Order:
        raise JournalError("The disk is full.")

    stage = kept(stage)
    async with stage.app.run_test(size=SIZE, notifications=True) as pilot:
        await pasted(pilot, lines(3), 3)
        monkeypatch.setattr(Journal, "conclude", full)
        await place(pilot, 3)
        await see(pilot, "Write down its id:", "id 23501", "The basket has stopped", "I have written it down")
        await press(pilot, "W")
        await see(pilot, "2 queued")
    assert len(stage.market.ledger) == 1
    assert any("23501" in words for words in stage.app.last_words)
    assert any("2 orders of the basket are queued" in words for words in stage.app.last_words)


# ── over quitting ─────────────────────────────────────────────────────────────────────────────────────────────────


async def test_quitting_waits_for_the_order_under_way_and_the_rest_is_there_again(tmp_path: Path) -> None:
    """`q` says what happens, leaves when the panel has answered; the next start shows what is left and sends nothing
    by itself."""
    stage = kept(Stage(tmp_path))
    gate = Gate(stage)
    async with stage.app.run_test(size=SIZE, notifications=True) as pilot:
        await pasted(pilot, lines(3), 3)
        await place(pilot, 3)
        await until(pilot, lambda: gate.waiting == 1)
        await press(pilot, "q")
        await see(pilot, "Still sending", "basket stays queued")
        gate.open.set()
        await until(pilot, lambda: stage.app._exit)
    assert len(stage.market.ledger) == 1
    assert any("2 orders of the basket are queued and not sent" in words for words in stage.app.last_words)

    again = Stage(tmp_path, stage.market, stage.hands)
    async with again.app.run_test(size=SIZE) as pilot:
        await see(pilot, "online")
        await press(pilot, "3")
        await see(pilot, "1 accepted", "2 queued", "2 left: R goes on", "You left smmtui before all of it was sent.")
        assert len(stage.market.ledger) == 1
        await press(pilot, "R")
        await see(pilot, "Go on with 2 orders?", " y  Yes")
        await press(pilot, "y")
        await see(pilot, "3 accepted")
    assert [row.link for row in stage.market.ledger] == [f"{LINK}{each}" for each in range(1, 4)]


async def test_rows_that_are_not_placed_survive_quitting(tmp_path: Path) -> None:
    """What was pasted and mended is there at the next start."""
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=SIZE) as pilot:
        await pasted(pilot, f"{LIKES} | {LINK}1 | 5", 1)
        await press(pilot, "enter", "0", "f9")
        await see(pilot, "1 ok")
    async with Stage(tmp_path, stage.market, stage.hands).app.run_test(size=SIZE) as pilot:
        await see(pilot, "online")
        await press(pilot, "3")
        await see(pilot, "1 ok · $0.0185", f"{SHOWN}1")


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (200, 60)])
async def test_it_fits_every_screen(stage: Stage, size: tuple[int, int]) -> None:
    """State, totals and the current row's problem are in view, and the footer is whole."""
    async with stage.app.run_test(size=size) as pilot:
        await see(pilot, "online")
        await until(pilot, lambda: stage.desk and len(stage.desk.catalog.services))
        await paste(pilot, f"{LIKES} | {LINK}9 | 5\n{lines(2)}")
        await see(pilot, "3 Basket", "✕ problem", "under the minimum of 10", "2 ok", "of $100.84292")
        await see(pilot, "⏎ Edit", "f9 Place", "d Remove", "? Help", "q Quit")
        assert all(len(line) <= size[0] for line in text_of(pilot).splitlines())
