"""The order form for every type of service: what a user reads, types, and what the panel's ledger then says."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest
from textual.pilot import Pilot

from smmtui.domain.records import Service
from smmtui.tui.screens.order_form import OrderForm
from smmtui.tui.screens.review_order import ReviewOrder
from tests.tui.support import Stage, press, see, text_of, until

SIZE = (120, 50)
LINK = "https://example.com/p/1"

Q = ("Quantity", "q", "quantity")
LINES = "one\ntwo\n\nthree\nfour\nfive"
# The type → what a user reads and types into it, in order, and the request field; then what the rate is multiplied
# with: "q" the quantity, "lines", "once", "posts". In a quantity `q` stands for the service's minimum.
FORMS: dict[str, tuple[list[tuple[str, str, str]], str]] = {
    "Default": ([("Link", LINK, "link"), Q], "q"),
    "Package": ([("Link", LINK, "link")], "once"),
    "SEO": ([("Link", LINK, "link"), Q, ("Keywords", "tea\ncoffee", "keywords")], "q"),
    "Custom Comments": ([("Link", LINK, "link"), ("Comments", LINES, "comments")], "lines"),
    "Custom Comments Package": ([("Link", LINK, "link"), ("Comments", LINES, "comments")], "once"),
    "Mentions": ([("Link", LINK, "link"), Q, ("Usernames", "ada\nbob", "usernames")], "q"),
    "Mentions with Hashtags": (
        [("Link", LINK, "link"), Q, ("Usernames", "ada\nbob", "usernames"), ("Hashtags", "a\nb", "hashtags")],
        "q",
    ),
    "Mentions Custom List": ([("Link", LINK, "link"), ("Usernames", LINES, "usernames")], "lines"),
    "Mentions Hashtag": ([("Link", LINK, "link"), Q, ("Hashtag", "tea", "hashtag")], "q"),
    "Mentions User Followers": ([("Link", LINK, "link"), Q, ("Username", "ada", "username")], "q"),
    "Mentions Media Likers": ([("Link", LINK, "link"), Q, ("Media", "https://example.com/p/2", "media")], "q"),
    "Comment Likes": ([("Link", LINK, "link"), Q, ("Username", "ada", "username")], "q"),
    "Comment Replies": (
        [("Link", LINK, "link"), ("Username", "ada", "username"), ("Comments", LINES, "comments")],
        "lines",
    ),
    "Poll": ([("Link", LINK, "link"), Q, ("Answer number", "2", "answer_number")], "q"),
    "Invites from Groups": ([("Link", LINK, "link"), Q, ("Groups", "t.me/a\nt.me/b", "groups")], "q"),
    "Subscriptions": (
        [
            ("Username", "ada", "username"),
            ("Least per post", "q", "min"),
            ("Most per post", "q", "max"),
            ("New posts", "3", "posts"),
            ("Delay", "0", "delay"),
            ("Old posts", "2", "old_posts"),
            ("Expiry", "31/12/2026", "expiry"),
        ],
        "posts",
    ),
    "Web Traffic": (
        [
            ("Link", LINK, "link"),
            Q,
            ("Country", "TR", "country"),
            ("Device", "1", "device"),
            ("Type of traffic", "2", "type_of_traffic"),
            ("Google keyword", "tea", "google_keyword"),
            ("Referring address", "https://example.com", "referring_url"),
        ],
        "q",
    ),
}


def cheapest(stage: Stage, kind: str) -> Service:
    """The service of that type of which the least costs least, with five lines allowed where lines count."""
    assert stage.desk is not None
    fitting = [
        service
        for service in stage.desk.catalog.services
        if service.type == kind and service.rate and (service.min or 1) <= 100 and (service.max or 0) not in (2, 3, 4)
    ]
    return min(fitting, key=lambda service: ((service.min or 1) > 5, service.rate or 0))


def labels(screen: str) -> list[str]:
    """The labels of the fields, read from the screen between the service's facts and the first switch."""
    lines = [line.strip(" │╭╮╰╯─").rstrip() for line in screen.splitlines()]
    top = next(number for number, line in enumerate(lines) if " · min " in line)
    end = next(number for number, line in enumerate(lines) if line.startswith("[ ]"))
    return [found[1] for line in lines[top + 1 : end] if (found := re.match(r"([A-Z][a-z]+( [a-z]+)*)(  |$)", line))]


async def fill(pilot: Pilot[None], typed: str) -> None:
    """Type into the field that has the cursor, lines and all, and go on to the next."""
    for number, line in enumerate(typed.split("\n")):
        await press(pilot, *(["enter"] if number else []), *([line] if line else []))
    await press(pilot, "tab")


async def open_form(pilot: Pilot[None], words: str) -> None:
    """Filter the catalog by these words and open the form of the first service."""
    await press(pilot, "/", words, "enter", "enter")
    await until(pilot, lambda: isinstance(pilot.app.screen, OrderForm))


def has_placed(stage: Stage, number: int) -> bool:
    """Whether the panel's ledger has so many orders."""
    return len(stage.market.ledger) == number


async def place(pilot: Pilot[None]) -> None:
    """Review and confirm, by what the ladder asks for."""
    await press(pilot, "f9")
    await see(pilot, "Place this order?", "Yes, place it")
    asked = re.search(r"Type the [a-z ]+, ([\d,.]+), and press Enter", text_of(pilot))
    await press(pilot, *([asked[1], "enter"] if asked else ["y"]))
    await until(pilot, lambda: not isinstance(pilot.app.screen, ReviewOrder))


@pytest.mark.timeout(180)
async def test_each_type_shows_sends_and_prices_its_own_fields(tmp_path: Path) -> None:
    """For all 17 types: the labels in their order, the request as typed, and an estimate that the panel charges.

    A subscription's is a ceiling, with its old posts.
    """
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=SIZE) as pilot:
        await see(pilot, "5,000 services", "online")
        for kind, (fields, priced) in FORMS.items():
            service = cheapest(stage, kind)
            await press(pilot, "escape")
            await open_form(pilot, f"id:{service.id}")
            await see(pilot, f" {service.id}  ", f" · {kind}", "Estimate")
            assert labels(text_of(pilot)) == [label for label, _, _ in fields], kind
            typed = {name: str(service.min) if value == "q" else value for _, value, name in fields}
            for value in typed.values():
                await fill(pilot, value)
            lines = [line for line in LINES.split("\n") if line]
            units = {"q": service.min, "lines": len(lines), "once": None, "posts": (3 + 2) * (service.min or 0)}[priced]
            assert service.rate is not None
            cost = service.rate if units is None else service.rate * units / 1000
            shown = re.search(r"Estimate\s+\$([\d,.]+)", text_of(pilot))
            assert shown and Decimal(shown[1].replace(",", "")) == cost, (kind, text_of(pilot))
            await place(pilot)
            number = list(FORMS).index(kind) + 1
            await until(pilot, partial(has_placed, stage, number))
            placed = stage.market.ledger[-1]
            sent = {name: value.replace("\n\n", "\n") for name, value in typed.items()}
            assert placed.fields == {"action": "add", "service": service.id, **sent}, kind
            assert list(placed.fields)[2:] == list(sent), kind
            if priced != "posts":
                assert placed.charge == cost.quantize(Decimal("0.00001"), "ROUND_HALF_UP"), kind
    assert list(FORMS) == [placed_kind(stage, row.service) for row in stage.market.ledger]


def placed_kind(stage: Stage, service: str) -> str:
    """The type of a service by its id."""
    return next(each.type for each in stage.market.services if str(each.service) == service)


async def test_the_estimate_and_the_description_are_at_hand_on_a_small_terminal(tmp_path: Path) -> None:
    """The longest form scrolls under the estimate, and F2 opens what the panel wrote about the service."""
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=(80, 24)) as pilot:
        await see(pilot, "5,000 services", "online")
        await open_form(pilot, "type:web")
        await press(pilot, LINK, "tab", "1000")
        await see(pilot, "Link", "Estimate   $0.", "Balance    $100.")
        assert "Link must be public" not in text_of(pilot)
        await pilot.press("f2")
        await see(pilot, "Link must be public", "Estimate   $0.")
        await pilot.press("f2")
        await until(pilot, lambda: "Link must be public" not in text_of(pilot))
        await press(pilot, "7")
        await see(pilot, "10007")
