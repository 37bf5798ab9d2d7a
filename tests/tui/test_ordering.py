"""Ordering as a user sees it: the ladder, the cap, drafts, repeats, and the user's own notes."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec import structs
from msgspec.structs import replace
from textual.events import Key, Paste
from textual.pilot import Pilot

from smmtui.domain.catalog import Catalog
from smmtui.domain.records import Order, Service, State
from smmtui.domain.statuses import Status
from smmtui.tui.outcomes import outcome_words
from smmtui.tui.screens.catalog import CatalogScreen
from smmtui.tui.screens.order_details import OrderDetails
from smmtui.tui.screens.order_form import OrderForm
from smmtui.tui.screens.order_note import OrderNote
from smmtui.tui.screens.review_order import ReviewOrder
from tests.tui.support import NOON, Stage, press, see, text_of, until

SIZE = (120, 40)
LINK = "https://example.com/post"
CHEAP = "instagram followers type:default min<=100 max>=10000"


def stage_with(folder: Path, **settings: Decimal) -> Stage:
    """A stage whose profile has these settings."""
    stage = Stage(folder)
    stage.profile = replace(stage.profile, **settings)
    stage.app._profile = stage.profile
    return stage


async def form(pilot: Pilot[None], words: str = CHEAP) -> None:
    """Filter the catalog by these words and open the form of the first service."""
    await see(pilot, "5,000 services", "online")
    await press(pilot, "/", words, "enter", "enter")
    await until(pilot, lambda: isinstance(pilot.app.screen, OrderForm))


async def review(pilot: Pilot[None]) -> None:
    """Go on from a filled form until the review hears."""
    await press(pilot, "f9")
    await see(pilot, "Place this order?", "Yes, place it")


async def placed(pilot: Pilot[None], stage: Stage, quantity: str = "100", link: str = LINK) -> Order:
    """Place an order by keys, and return it."""
    await form(pilot)
    await press(pilot, link, "enter", quantity)
    await review(pilot)
    await press(pilot, "y")
    await until(pilot, lambda: newest(stage).state is State.ACCEPTED and newest(stage).link == link)
    return newest(stage)


def newest(stage: Stage) -> Order:
    """The order that was placed last."""
    assert stage.desk is not None
    return max(stage.desk.orders, key=lambda order: order.sequence)


def become(stage: Stage, order: Order, **changes: object) -> Order:
    """Have the Desk know something else of an order."""
    assert stage.desk is not None
    changed = structs.replace(order, **changes)
    stage.desk.take_orders([changed])
    return changed


def list_anew(stage: Stage, old: Service, new: Service | None) -> None:
    """Have the catalog list another service, or none, in place of one."""
    assert stage.desk is not None
    services = [each for each in stage.desk.catalog.services if each.id != old.id]
    stage.desk.catalog = Catalog((*services, new) if new else tuple(services))
    stage.desk.catalog.index()


def current(stage: Stage) -> Service:
    """The service of the form or review in front."""
    screen = stage.app.screen
    assert isinstance(screen, OrderForm)
    return screen._entry.service


# ── the ladder ────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_dear_order_is_confirmed_by_its_total(tmp_path: Path) -> None:
    """Over `confirm_over` neither `y` nor fifty Enters place it, a wrong total says so, the right one places one."""
    stage = stage_with(tmp_path, confirm_over=Decimal("0.01"))
    async with stage.app.run_test(size=SIZE) as pilot:
        await form(pilot)
        await press(pilot, LINK, "enter", "1000")
        await review(pilot)
        total = re.search(r"Type the total, ([\d.]+), and press Enter", text_of(pilot))
        assert total
        await press(pilot, *["y"] * 5, *["enter"] * 50)
        await see(pilot, f"That is not {total[1]}; nothing was sent.")
        assert stage.market.ledger == []
        await press(pilot, *["backspace"] * 5, total[1], *["enter"] * 50)
        await until(pilot, lambda: stage.market.ledger)
        await pilot.pause(0.1)
    assert len(stage.market.ledger) == 1


async def test_a_held_y_does_nothing_but_confirm(tmp_path: Path) -> None:
    """Its repeats do not reach the screen below, where `y` copies ids; after another key it does that again."""
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=SIZE, notifications=True) as pilot:
        await form(pilot)
        await press(pilot, LINK, "enter", "100")
        await review(pilot)
        await press(pilot, *["y"] * 51)
        await until(pilot, lambda: stage.market.ledger)
        assert "opied" not in text_of(pilot)
        await press(pilot, "down", "y")
        await see(pilot, "1 id")
    assert len(stage.market.ledger) == 1


async def test_a_held_enter_does_nothing_but_confirm(tmp_path: Path) -> None:
    """The Enter behind the total opens no form for the next order while it is held; a later one does."""
    stage = stage_with(tmp_path, confirm_over=Decimal("0.01"))
    async with stage.app.run_test(size=SIZE) as pilot:
        await form(pilot)
        await press(pilot, LINK, "enter", "1000")
        await review(pilot)
        total = re.search(r"Type the total, ([\d.]+), and press Enter", text_of(pilot))
        assert total
        await press(pilot, total[1], *["enter"] * 50)
        await until(pilot, lambda: stage.market.ledger)
        assert isinstance(stage.app.screen, CatalogScreen)
        await later(pilot, "enter", "\r")
        await until(pilot, lambda: isinstance(stage.app.screen, OrderForm))
    assert len(stage.market.ledger) == 1


async def test_the_key_that_opened_a_question_does_not_answer_it_while_it_is_held(tmp_path: Path) -> None:
    """However long that is; after a pause the same key is an answer."""
    stage = Stage(tmp_path)
    # No configuration may say so; what a key is held for must not hang on that alone.
    stage.app.set_keymap({"table.copy_ids": "f7", "basket.place": "y"})
    async with stage.app.run_test(size=SIZE) as pilot:
        await see(pilot, "5,000 services", "online")
        pilot.app.post_message(Paste(f"18423 | {LINK} | 100"))
        await see(pilot, "1 row")
        first, *repeats = keys_at("y", 0, 0.6, 1.2, 1.8, 2.4)
        pilot.app.post_message(first)
        await see(pilot, "Place 1 order?", " y  Yes")
        for key in repeats:
            pilot.app.post_message(key)
            await press(pilot)
            await see(pilot, "Place 1 order?")
        assert stage.market.ledger == []
        await later(pilot, "y", "y", 60)
        await until(pilot, lambda: stage.market.ledger)
    assert len(stage.market.ledger) == 1


def keys_at(name: str, *seconds: float) -> list[Key]:
    """The same key, pressed at these times from now on."""
    keys, now = [Key(name, name) for _each in seconds], Key(name, name).time
    for key, after in zip(keys, seconds, strict=True):
        key.time = now + after
    return keys


async def later(pilot: Pilot[None], name: str, character: str, seconds: float = 1) -> None:
    """Press a key so many seconds after all that were pressed before."""
    key = Key(name, character)
    key.time += seconds
    pilot.app.post_message(key)


async def test_a_total_that_is_typed_ahead_places_nothing(tmp_path: Path) -> None:
    """What comes before the review hears is not an answer to it, and is gone when it does."""
    stage = stage_with(tmp_path, confirm_over=Decimal(0))
    async with stage.app.run_test(size=SIZE) as pilot:
        await form(pilot)
        await press(pilot, LINK, "enter", "1000")
        shown = re.search(r"Estimate\s+\$([\d.]+)", text_of(pilot))
        assert shown
        await press(pilot, "f9", shown[1], "enter", "enter")
        await until(pilot, lambda: isinstance(stage.app.screen, ReviewOrder))
        await see(pilot, "Enter  Yes, place it")
        await press(pilot, "enter")
        assert isinstance(stage.app.screen, ReviewOrder)
        await press(pilot, "escape")
        await until(pilot, lambda: isinstance(stage.app.screen, OrderForm))
    assert stage.market.ledger == []


async def test_an_unknown_price_is_never_confirmed_by_one_key(tmp_path: Path) -> None:
    """Where the panel's price cannot be read, the number of orders is typed."""
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=SIZE) as pilot:
        await form(pilot)
        service = current(stage)
        await press(pilot, "escape")
        list_anew(stage, service, structs.replace(service, rate=None))
        assert stage.desk is not None
        await until(pilot, lambda: not isinstance(stage.app.screen, OrderForm))
        stage.app.errands.run(stage.app._flows.ordering.order(structs.replace(service, rate=None)))  # type: ignore[union-attr]
        await until(pilot, lambda: isinstance(stage.app.screen, OrderForm))
        await press(pilot, LINK, "enter", "100")
        await see(pilot, "The panel's price could not be read exactly.")
        await review(pilot)
        await see(pilot, "The price is not known", "Type the number of orders, 1, and press Enter")
        await press(pilot, "y", "enter")
        assert stage.market.ledger == []
        await press(pilot, "backspace", "1", "enter")
        await until(pilot, lambda: stage.market.ledger)


async def test_the_daily_cap_refuses_before_anything_is_sent(tmp_path: Path) -> None:
    """What today has cost and this order together are over it: said while typing, and there is no review."""
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=SIZE) as pilot:
        await see(pilot, "online")
        assert stage.desk is not None
        stage.desk.profile = replace(stage.profile, daily_cap=Decimal("0.05"))
        await form(pilot)
        await press(pilot, LINK, "enter", "1000")
        await see(pilot, "is over the daily cap of", "daily_cap", "in the configuration)")
        await press(pilot, "f9")
        assert isinstance(stage.app.screen, OrderForm)
        await press(pilot, "backspace")
        await until(pilot, lambda: "daily cap" not in text_of(pilot))
        await review(pilot)
        await press(pilot, "y")
        await until(pilot, lambda: newest(stage).state is State.ACCEPTED)
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(stage.app.screen, OrderForm))
        await press(pilot, f"{LINK}/2", "enter", "100")
        await see(pilot, "is over the daily cap of")
    assert len(stage.market.ledger) == 1


async def test_a_price_that_changes_during_the_review_is_not_paid_unseen(tmp_path: Path) -> None:
    """`y` on a review that is out of date leads back to the form at the new price."""
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=SIZE, notifications=True) as pilot:
        await form(pilot)
        service = current(stage)
        await press(pilot, LINK, "enter", "100")
        await review(pilot)
        list_anew(stage, service, structs.replace(service, rate=Decimal(900)))
        await press(pilot, "y")
        await see(pilot, "The service has changed")
        await until(pilot, lambda: isinstance(stage.app.screen, OrderForm))
        assert stage.market.ledger == []
        await review(pilot)
        await see(pilot, "$90.00", "Type the total, 90.00, and press Enter")
        list_anew(stage, service, None)
        await press(pilot, "90.00", "enter")
        await see(pilot, "Not listed any more")
        await until(pilot, lambda: isinstance(stage.app.screen, OrderForm))
    assert stage.market.ledger == []


async def test_what_a_sum_buys_is_said_before_the_review_and_in_it(tmp_path: Path) -> None:
    """`$0.10` is rounded down to whole units, which are read before they are ordered."""
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=SIZE) as pilot:
        await form(pilot)
        rate = current(stage).rate
        assert rate
        units = int(Decimal("0.10") * 1000 / rate)
        await press(pilot, LINK, "enter", "$0.10")
        await see(pilot, f"$0.10 buys {units:,} units")
        await review(pilot)
        await see(pilot, f"{units:,} (what $0.10 buys)")
        await press(pilot, "y")
        await until(pilot, lambda: stage.market.ledger)
    assert stage.market.ledger[0].fields["quantity"] == str(units)
    assert stage.market.ledger[0].charge <= Decimal("0.10")


def test_a_refusal_that_names_the_order_style_says_where_to_give_one() -> None:
    """The form shows no such field, so the words lead to where it can be typed."""
    order = Order("a", 1, State.REJECTED, NOON, reason="The order_style field is required")
    assert "order_style=…" in outcome_words(order).text
    assert "order_style" not in outcome_words(structs.replace(order, reason="Not enough funds")).text


# ── drafts ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_draft_survives_quitting_and_is_gone_when_placed(tmp_path: Path) -> None:
    """All that was typed, behind switches too, is there in the next session; a placed order leaves an empty form."""
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=SIZE) as pilot:
        await form(pilot)
        await press(pilot, LINK, "enter", "1k", "tab", "tab", "enter", "server=2")
        await press(pilot, "tab", "enter", "for Ada", "tab", "vip june", "escape")
        await until(pilot, lambda: not isinstance(pilot.app.screen, OrderForm))
    again = Stage(tmp_path, stage.market, stage.hands)
    async with again.app.run_test(size=SIZE) as pilot:
        await form(pilot)
        await see(pilot, LINK, "1,000 units", "server=2", "for Ada", "vip june")
        await review(pilot)
        await see(pilot, "server", "for Ada", "#vip #june")
        await press(pilot, "y")
        await until(pilot, lambda: stage.market.ledger)
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, OrderForm))
        assert LINK not in text_of(pilot) and "for Ada" not in text_of(pilot)
        order = newest(again)
    assert (order.note, order.tags) == ("for Ada", ("vip", "june"))
    sent = stage.market.ledger[0].fields
    assert set(sent) == {"action", "service", "link", "quantity", "server"}


async def test_several_pasted_lines_are_offered_to_the_basket(tmp_path: Path) -> None:
    """The field says how many they were and which key takes them there; that key opens the basket with them."""
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=SIZE) as pilot:
        await form(pilot)
        assert "To the basket" not in text_of(pilot)
        stage.app.post_message(Paste("1 | https://a.example | 100\n2 | https://b.example | 200"))
        await see(pilot, "2 lines were pasted", "press f6 to take them to the basket", "To the basket")
        await press(pilot, "f6")
        await see(pilot, "a.example", "b.example", "2 problems")
        assert not isinstance(stage.app.screen, OrderForm)
    assert stage.market.ledger == []


# ── repeats ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def to_orders(pilot: Pilot[None], order: Order) -> None:
    """Go to the orders, with this one under the cursor."""
    await press(pilot, "2", "/", "ctrl+u", f"id:{order.id}", "enter")
    await see(pilot, "1 of ")


async def test_an_order_is_repeated_for_another_link(tmp_path: Path) -> None:
    """`R` opens the form as it was sent, with the link selected; what is typed takes its place."""
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=SIZE) as pilot:
        first = await placed(pilot, stage)
        await to_orders(pilot, first)
        await press(pilot, "R")
        await see(pilot, f"Repeats order {first.id}", LINK, "An order on this link is still running")
        await press(pilot, "https://example.com/other")
        await review(pilot)
        await see(pilot, "https://example.com/other", f"order {first.id}")
        await press(pilot, "y")
        await until(pilot, lambda: len(stage.market.ledger) == 2)
        await until(pilot, lambda: newest(stage).state is State.ACCEPTED)
        second = newest(stage)
        assert second.repeats == first.uuid
        await to_orders(pilot, second)
        await press(pilot, "enter")
        await see(pilot, "Repeats", f"order {first.id}")
    one, two = (row.fields for row in stage.market.ledger)
    assert two == {**one, "link": "https://example.com/other"}


async def test_a_partial_order_is_filled_in_from_its_details(tmp_path: Path) -> None:
    """`R` there takes what is missing, at least the minimum, and says so."""
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=SIZE) as pilot:
        first = await placed(pilot, stage, "1000")
        become(stage, first, status=Status.PARTIAL, word="Partial", remains=457)
        await to_orders(pilot, first)
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, OrderDetails))
        await press(pilot, "R")
        await see(pilot, f"Order {first.id} is partial: 457 of 1,000 are missing.", "457 units")
        await press(pilot, "escape")
        become(stage, first, status=Status.PARTIAL, word="Partial", remains=3)
        await press(pilot, "R")
        await see(pilot, "3 of 1,000 are missing; the minimum is")


async def test_a_look_at_a_repeat_costs_no_draft(tmp_path: Path) -> None:
    """What was typed for the service before is still there after `R` and Esc."""
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=SIZE) as pilot:
        first = await placed(pilot, stage)
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, OrderForm))
        await press(pilot, "half-typed", "escape")
        await to_orders(pilot, first)
        await press(pilot, "R")
        await see(pilot, f"Repeats order {first.id}")
        await press(pilot, "escape", "1", "enter")
        await see(pilot, "half-typed")


async def test_a_service_that_is_gone_cannot_be_repeated(tmp_path: Path) -> None:
    """Words instead of a form."""
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=SIZE, notifications=True) as pilot:
        first = await placed(pilot, stage)
        assert stage.desk is not None
        listed = stage.desk.catalog.by_id(first.service)
        assert listed
        list_anew(stage, listed, None)
        await to_orders(pilot, first)
        await press(pilot, "R")
        await see(pilot, "This order cannot be repeated", "has no such service now")
        assert not isinstance(pilot.app.screen, OrderForm)


# ── notes and tags ────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_note_is_changed_later_found_and_kept(tmp_path: Path) -> None:
    """`m` takes a note and tags for the current order; `note:` and `tag:` find it; Esc changes nothing."""
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=SIZE) as pilot:
        order = await placed(pilot, stage)
        await to_orders(pilot, order)
        await press(pilot, "m")
        await until(pilot, lambda: isinstance(pilot.app.screen, OrderNote))
        await press(pilot, "call [b]Ada[/]", "enter", "#vip, june", "enter")
        await until(pilot, lambda: newest(stage).tags)
        await press(pilot, "m", "x", "escape", "/", *["backspace"] * 20)
        for words, found in (("note:ada", "1 of"), ("tag:vip tag:june", "1 of"), ("tag:may", "0 of")):
            await press(pilot, words)
            await see(pilot, found)
            await press(pilot, *["backspace"] * len(words))
        await press(pilot, "tag:vip", "enter", "enter")
        await see(pilot, "call [b]Ada[/]", "#vip #june")
    again = Stage(tmp_path, stage.market, stage.hands)
    async with again.app.run_test(size=SIZE) as pilot:
        await see(pilot, "5,000 services")
        assert (newest(again).note, newest(again).tags) == ("call [b]Ada[/]", ("vip", "june"))


@pytest.mark.parametrize("size", [(60, 16), (80, 24)])
async def test_what_has_to_be_typed_is_in_view_on_low_screens(tmp_path: Path, size: tuple[int, int]) -> None:
    """The cost, what to type, the field for it and the way back are all on the screen."""
    stage = stage_with(tmp_path, confirm_over=Decimal(0))
    async with stage.app.run_test(size=size) as pilot:
        await form(pilot)
        await press(pilot, LINK, "enter", "1000")
        await review(pilot)
        await see(pilot, "Estimate", "Type the", "press Enter", "the total", "No, back")
