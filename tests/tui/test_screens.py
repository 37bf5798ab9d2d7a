"""The screens as a user sees them: what is read after which key."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from decimal import Decimal
from pathlib import Path

import httpx
import msgspec
import pytest
from textual.pilot import Pilot

from smmtui.demo import DemoPanel, Market
from smmtui.domain.records import Event
from smmtui.errors import JournalError
from smmtui.journal.journal import Journal
from smmtui.panel.wire import Services
from smmtui.tui.screens.order_form import OrderForm
from smmtui.tui.screens.review_order import ReviewOrder
from tests.tui.support import Hands, Stage, press, see, text_of, until

SIZE = (120, 36)
LINK = "https://example.com/post"

Reply = Callable[[httpx.Request], httpx.Response]


async def order_form(pilot: Pilot[None], words: str) -> None:
    """Filter the catalog by these words and open the form of the first service."""
    await see(pilot, "5,000 services", "online")
    await press(pilot, "/", words, "enter", "enter")
    await until(pilot, lambda: isinstance(pilot.app.screen, OrderForm))


async def review(pilot: Pilot[None]) -> None:
    """Go on from a filled form until the review can be confirmed."""
    await press(pilot, "f9")
    await see(pilot, "Place this order?", "Yes, place it")


async def test_the_catalog_is_filtered_as_one_types(tmp_path: Path) -> None:
    """Every key narrows the list, Esc leaves the filter and a second Esc clears it."""
    async with Stage(tmp_path).app.run_test(size=SIZE) as pilot:
        await see(pilot, "5,000 services")
        await press(pilot, "/", "telegram rate<0.3")
        found = re.search(r"(\d+) of 5,000 services", text_of(pilot))
        assert found and 0 < int(found[1]) < 500
        rows = [line for line in text_of(pilot).splitlines() if " Default " in line]
        assert rows and all("Telegram" in row for row in rows)
        await press(pilot, "escape")
        assert "telegram × " in text_of(pilot) and "rate<0.3 × " in text_of(pilot)
        await press(pilot, "escape")
        assert "of 5,000" not in text_of(pilot)


async def test_what_the_filter_cannot_read_is_said_and_left_out(tmp_path: Path) -> None:
    """A bad term is named and does not empty the table."""
    async with Stage(tmp_path).app.run_test(size=SIZE) as pilot:
        await see(pilot, "5,000 services")
        await press(pilot, "/", "telegram rate<cheap")
        await see(pilot, "✕", "of 5,000 services")
        assert "Nothing matches" not in text_of(pilot)


async def test_nothing_found_has_words_and_a_way_out(tmp_path: Path) -> None:
    """An empty list says why it is empty and which key helps."""
    async with Stage(tmp_path).app.run_test(size=SIZE) as pilot:
        await see(pilot, "5,000 services")
        await press(pilot, "/", "zzzzzz")
        await see(pilot, "Nothing matches “zzzzzz”. esc clears the filter.")


async def test_keys_typed_ahead_reach_what_they_were_meant_for(tmp_path: Path) -> None:
    """Keys that arrive in one go go to the filter, the form and its fields as if they had been typed slowly."""
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=SIZE) as pilot:
        await see(pilot, "5,000 services", "online")
        await press(pilot, "/", "instagram", "enter", "enter", "link1", "tab", "100", "f9")
        await see(pilot, "Place this order?", "link1", "100")


async def test_the_form_prices_while_one_types_and_names_the_bounds(tmp_path: Path) -> None:
    """The estimate follows the quantity; one over the maximum is a problem with the bound in it, and stays unsent."""
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=SIZE) as pilot:
        await order_form(pilot, "instagram followers type:default max<=10000")
        await press(pilot, LINK, "enter", "1k")
        await see(pilot, "1,000 units", "afterwards")
        await press(pilot, "backspace", "000000")
        await see(pilot, "is over the maximum of")
        await press(pilot, "f9")
        await pilot.pause()
        assert isinstance(stage.app.screen, OrderForm)
    assert stage.market.ledger == []


async def test_custom_comments_are_counted_and_priced_by_line(tmp_path: Path) -> None:
    """Blank lines are not counted, not sent and not paid."""
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=SIZE) as pilot:
        await order_form(pilot, 'type:"custom comments" min<=10')
        await see(pilot, "Comments")
        comments = [f"comment {number}" for number in range(12)]
        await press(pilot, LINK, "enter")
        stage.app.screen.query_one("#field-comments LinesArea").text = "\n\n".join(comments)  # type: ignore[attr-defined]
        await see(pilot, "12 lines")
        await review(pilot)
        await press(pilot, "y")
        await until(pilot, lambda: len(stage.market.ledger) == 1)
    placed = stage.market.ledger[0]
    assert placed.fields["comments"] == "\n".join(comments)
    assert placed.quantity == 12


async def test_an_order_is_placed_followed_and_charged(tmp_path: Path) -> None:
    """From the catalog to a completed order, with the balance lower by what the panel charged."""
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=SIZE, notifications=True) as pilot:
        await order_form(pilot, "instagram followers type:default min<=100")
        await press(pilot, LINK, "enter", "100")
        await review(pilot)
        await press(pilot, "y")
        await see(pilot, "Order 23501 accepted")
        await press(pilot, "2")
        await see(pilot, "23501", LINK[:20])
        stage.hands.move(41)
        await press(pilot, "r")
        await see(pilot, "✓ Completed    ━━━━━━━━ 100%")
        charge = stage.market.ledger[0].charge
        await see(pilot, f"${Decimal('100.84292') - charge}")
        await press(pilot, "enter")
        await see(pilot, "Order 23501", "Timeline", "accepted", "Sent")


async def test_fifty_enters_place_nothing_and_fifty_y_place_one(tmp_path: Path) -> None:
    """Enter never confirms; of many `y` one counts."""
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=SIZE) as pilot:
        await order_form(pilot, "instagram followers type:default min<=100")
        await press(pilot, LINK, "enter", "100")
        await press(pilot, *["enter"] * 50)
        await press(pilot, "escape", "escape", "escape")
        assert stage.market.ledger == []
        await until(pilot, lambda: len(stage.app.screen_stack) == 1)
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(stage.app.screen, OrderForm))
        await review(pilot)
        await press(pilot, *["y"] * 50)
        await until(pilot, lambda: stage.market.ledger)
        await pilot.pause(0.1)
    assert len(stage.market.ledger) == 1


async def test_the_review_is_deaf_to_the_key_that_comes_too_soon(tmp_path: Path) -> None:
    """A `y` typed together with the key that opens the review does not place the order."""
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=SIZE) as pilot:
        await order_form(pilot, "instagram followers type:default min<=100")
        await press(pilot, LINK, "enter", "100")
        await press(pilot, "f9", "y")
        await until(pilot, lambda: isinstance(stage.app.screen, ReviewOrder))
        await see(pilot, "Yes, place it")
        assert stage.market.ledger == []
        await press(pilot, "n")
        await until(pilot, lambda: isinstance(stage.app.screen, OrderForm))
        assert LINK in text_of(pilot)
    assert stage.market.ledger == []


async def test_what_was_typed_survives_esc(tmp_path: Path) -> None:
    """The form keeps its draft per service."""
    async with Stage(tmp_path).app.run_test(size=SIZE) as pilot:
        await order_form(pilot, "instagram followers type:default min<=100")
        await press(pilot, LINK, "escape")
        await until(pilot, lambda: not isinstance(pilot.app.screen, OrderForm))
        await press(pilot, "enter")
        await see(pilot, LINK)


async def test_several_lines_pasted_into_one_field_are_a_problem(tmp_path: Path) -> None:
    """A paste of several lines is said to be one, and no line is taken silently."""
    from textual.events import Paste

    async with Stage(tmp_path).app.run_test(size=SIZE) as pilot:
        await order_form(pilot, "instagram followers type:default min<=100")
        pilot.app.post_message(Paste("https://a.example\nhttps://b.example"))
        await see(pilot, "2 lines were pasted")
        assert "a.example" not in text_of(pilot)


async def test_a_refusal_is_shown_in_the_panels_words(tmp_path: Path) -> None:
    """An order that the panel refuses says why, and that nothing was charged."""
    hands = Hands()
    stage = Stage(tmp_path, Market(clock=hands.timestamp, balance=Decimal("0.00001")), hands)
    async with stage.app.run_test(size=SIZE, notifications=True) as pilot:
        await order_form(pilot, "instagram followers type:default min<=100")
        await press(pilot, LINK, "enter", "100")
        await see(pilot, "the panel will probably refuse")
        await review(pilot)
        await press(pilot, "y")
        await see(pilot, "Order rejected", "Not enough funds on balance", "was charged")
        await press(pilot, "2")
        await see(pilot, "✕ rejected")


async def test_help_finds_a_key_by_name_and_runs_it(tmp_path: Path) -> None:
    """`?` lists what works here; a search and Enter runs the hit."""
    async with Stage(tmp_path).app.run_test(size=SIZE) as pilot:
        await see(pilot, "5,000 services")
        await press(pilot, "?")
        await see(pilot, "Search by name or key", "Filter the rows")
        await press(pilot, "your orders", "enter")
        await see(pilot, "15 orders")


async def test_the_palette_has_every_action_of_the_screen(tmp_path: Path) -> None:
    """ctrl+p finds an action by name and runs it."""
    async with Stage(tmp_path).app.run_test(size=SIZE) as pilot:
        await see(pilot, "5,000 services")
        await press(pilot, "ctrl+p", "your orders")
        await see(pilot, "Your orders")
        await press(pilot, "enter")
        await see(pilot, "15 orders")


def replies(reply: Reply) -> Callable[[], httpx.AsyncBaseTransport]:
    """A transport that answers every request in one way."""
    return lambda: httpx.MockTransport(reply)


async def refuse(request: httpx.Request) -> httpx.Response:
    """Nobody listens."""
    raise httpx.ConnectError("connection refused")


TROUBLES: dict[str, tuple[Callable[..., Awaitable[httpx.Response]] | Reply, str, tuple[str, ...]]] = {
    "refused connection": (refuse, "○ offline", ("r tries again",)),
    "wrong key": (
        lambda request: httpx.Response(200, json={"error": "Invalid API key"}),
        "✖ key refused",
        ("Invalid API key", "Check the key", "refresh to try once more"),
    ),
    "a web page": (
        lambda request: httpx.Response(200, text="<html><body>Welcome</body></html>"),
        "◑ not understood",
        ("API address",),
    ),
    "nonsense": (lambda request: httpx.Response(200, json=[1, 2, 3]), "◑ not understood", ("API address",)),
    "another address": (
        lambda request: httpx.Response(301, headers={"Location": "https://other.example/api"}),
        "○ offline",
        ("https://other.example/api", "not followed"),
    ),
}


@pytest.mark.parametrize("name", TROUBLES)
async def test_trouble_at_the_start_is_said_and_survived(tmp_path: Path, name: str) -> None:
    """The app stays up; header and screen say what is wrong and what to do; it recovers when the panel does."""
    reply, word, words = TROUBLES[name]
    stage = Stage(tmp_path)
    broken = True

    async def handle(request: httpx.Request) -> httpx.Response:
        if broken:
            answer = reply(request)
            return answer if isinstance(answer, httpx.Response) else await answer
        body = DemoPanel(stage.market).answer(request.method, request.headers["content-type"], request.content)
        return httpx.Response(200, content=body)

    stage.transport = replies(handle)  # type: ignore[arg-type]
    async with stage.app.run_test(size=SIZE) as pilot:
        await see(pilot, word, *words)
        assert "Traceback" not in text_of(pilot)
        await press(pilot, "/", "abc", "escape", "escape", "2")
        await see(pilot, word, "15 orders")
        broken = False
        await press(pilot, "1", "r")
        await see(pilot, "● online", "5,000 services")


async def test_the_frame_is_painted_before_anything_is_opened(tmp_path: Path) -> None:
    """The first paint needs neither journal nor network."""
    stage = Stage(tmp_path)
    seen: list[str] = []

    def connect() -> httpx.AsyncBaseTransport:
        seen.append("connected")
        return httpx.ASGITransport(app=DemoPanel(stage.market))

    stage.transport = connect
    async with stage.app.run_test(size=SIZE) as pilot:
        assert stage.desk is None or not seen
        await see(pilot, "5,000 services")
        assert seen == ["connected"]


async def test_what_is_typed_after_coming_back_goes_into_a_field_in_view(tmp_path: Path) -> None:
    """Back from the review the cursor stands in the quantity, not in a field that a switch hides."""
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=SIZE) as pilot:
        await order_form(pilot, "instagram followers type:default min<=100 max>=10000")
        await press(pilot, LINK, "enter", "100")
        await review(pilot)
        await press(pilot, "escape")
        await until(pilot, lambda: isinstance(stage.app.screen, OrderForm))
        await press(pilot, "0")
        await see(pilot, "1,000 units")
        await review(pilot)
        await press(pilot, "y")
        await until(pilot, lambda: stage.market.ledger)
    assert (stage.market.ledger[0].link, stage.market.ledger[0].quantity) == (LINK, 1000)
    assert "runs" not in stage.market.ledger[0].fields


async def test_the_price_is_in_view_on_the_lowest_screen(tmp_path: Path) -> None:
    """At 60 columns and 16 lines the review still shows what it costs, and both answers."""
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=(60, 16)) as pilot:
        await order_form(pilot, "instagram followers type:default min<=100")
        await press(pilot, f"{LINK}/{'x' * 200}", "enter", "100")
        await review(pilot)
        await see(pilot, "Estimate", "Balance", "No, back")


async def test_a_refused_order_can_be_mended(tmp_path: Path) -> None:
    """What was typed for an order that the panel refused is there again."""
    hands = Hands()
    stage = Stage(tmp_path, Market(clock=hands.timestamp, balance=Decimal("0.00001")), hands)
    async with stage.app.run_test(size=SIZE, notifications=True) as pilot:
        await order_form(pilot, "instagram followers type:default min<=100")
        await press(pilot, LINK, "enter", "100")
        await review(pilot)
        await press(pilot, "y")
        await see(pilot, "Order rejected")
        await press(pilot, "enter")
        await see(pilot, LINK, "100 units")


async def test_a_kept_draft_is_priced_anew(tmp_path: Path) -> None:
    """What was typed is kept, the price is the panel's latest: form, review and estimate show what is listed now."""
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=SIZE) as pilot:
        await order_form(pilot, "instagram followers type:default min<=100 max>=10000")
        await press(pilot, LINK, "enter", "100")
        await see(pilot, "$0.037 ")
        await press(pilot, "escape")
        await until(pilot, lambda: not isinstance(pilot.app.screen, OrderForm))
        desk = stage.desk
        assert desk is not None
        dearer = [msgspec.structs.replace(each, rate=Decimal("9.99")) for each in desk.catalog.services]
        await desk.take_services(Services(tuple(dearer), 0, 0, b""), desk.clock.now())
        await press(pilot, "enter")
        await see(pilot, "$9.99 per 1000", "$0.999 ")
        await review(pilot)
        await see(pilot, "$0.999")


async def test_a_long_review_can_be_read_by_keys(tmp_path: Path) -> None:
    """On a low screen the arrows bring the rest into view, and the price stands first."""
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=(60, 16)) as pilot:
        await order_form(pilot, "instagram followers type:default min<=100")
        await press(pilot, f"{LINK}/{'x' * 400}", "enter", "100")
        await review(pilot)
        await see(pilot, "Estimate")
        assert "Quantity" not in text_of(pilot)
        await press(pilot, *["pagedown"] * 4)
        await see(pilot, "Quantity")
    assert stage.market.ledger == []


async def test_the_palette_cannot_confirm(tmp_path: Path) -> None:
    """What costs money is confirmed by `y` alone, not by Enter on a command."""
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=SIZE) as pilot:
        await order_form(pilot, "instagram followers type:default min<=100")
        await press(pilot, LINK, "enter", "100")
        await review(pilot)
        await press(pilot, "ctrl+p", "place")
        await see(pilot, "No matches found")
        await press(pilot, "enter")
    assert stage.market.ledger == []


async def test_a_journal_that_cannot_be_read_is_said_and_survived(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asking for the details of an order then is a toast, not the end."""

    def busy(self: Journal, uuid: str) -> list[Event]:
        raise JournalError("The journal is in use by another window.")

    async with Stage(tmp_path).app.run_test(size=SIZE, notifications=True) as pilot:
        await see(pilot, "5,000 services", "online")
        monkeypatch.setattr(Journal, "events", busy)
        await press(pilot, "2", "enter")
        await see(pilot, "in use by another window")
        await press(pilot, "1")
        await see(pilot, "5,000 services")
