"""Text that others wrote, on every screen: it is read as it stands, it does nothing, and nothing moves for it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import ClassVar
from unicodedata import normalize

import httpx
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from rich.cells import cell_len
from rich.segment import Segment
from textual.binding import Binding, BindingType
from textual.color import Color
from textual.events import Paste
from textual.pilot import Pilot

from smmtui.config import demo_profile
from smmtui.demo.form import read_fields
from smmtui.domain.foreign_text import is_unsafe
from smmtui.errors import PanelError, Redirected
from smmtui.panel.client import PanelClient
from smmtui.panel.exchange import Limits
from smmtui.secret import Secret
from smmtui.tui import app
from smmtui.tui.app import SmmtuiApp
from smmtui.tui.last_filter import LastFilter
from smmtui.tui.screens.order_form import OrderForm
from smmtui.tui.show import literal, styled
from tests.tui.hostile import BUNCHES, KEY, STRINGS, HostilePanel
from tests.tui.support import Stage, press, see, text_of, until

# Wide enough for every column to show the whole of its canary.
SIZE = (340, 60)
Reply = object | httpx.Response


def canary(field: str) -> str:
    """A word that says where it came from, changes colour, quits the app when clicked, and never ends."""
    return f"{field}[@click=app.quit]x[/][red]\x1b[5m\x9b["


def shown(field: str) -> str:
    """The same as it is to be read on the screen."""
    return canary(field).replace("\x1b", "\ufffd").replace("\x9b", "\ufffd")


SERVICE: dict[str, object] = {
    "service": 7,
    "rate": "0.5",
    "min": "10",
    "max": "1000",
    **{
        field: canary(field)
        for field in ("name", "type", "category", "description", "average_time", "refill", "cancel")
    },
}
STATUS = {"charge": "0.05", "remains": "3", "status": canary("status"), "currency": canary("currency")}
BALANCE = {"balance": "100", "currency": "[/][$\x1b"}


class Answers(httpx.MockTransport):
    """Gives each action the one answer it is told to give."""

    def __init__(self, **replies: Reply) -> None:
        self.replies: dict[str, Reply] = {"services": [SERVICE], "balance": BALANCE, **replies}
        super().__init__(self._reply)

    def _reply(self, request: httpx.Request) -> httpx.Response:
        fields = read_fields(request.headers["content-type"], request.content)
        reply = self.replies.get(fields["action"])
        if reply is None:
            ids = fields["orders"].split(",") if "orders" in fields else []
            reply = dict.fromkeys(ids, STATUS) if ids else STATUS
        return reply if isinstance(reply, httpx.Response) else httpx.Response(200, content=json.dumps(reply))


def stage_of(folder: Path, **replies: Reply) -> Stage:
    """The App on a panel with these answers."""
    stage = Stage(folder)
    stage.transport = lambda: Answers(**replies)
    return stage


async def order(pilot: Pilot[None], link: str = "a-link") -> None:
    """Order the one service, up to the confirmation."""
    await see(pilot, "1 service", "online")
    await press(pilot, "enter")
    await until(pilot, lambda: isinstance(pilot.app.screen, OrderForm))
    await press(pilot, link, "enter", "100", "f9")
    await see(pilot, "Place this order?", "Yes, place it")


async def test_the_catalog_and_the_way_to_an_order_are_read_as_they_stand(tmp_path: Path) -> None:
    """Name, category, type and currency of a service are literal in table, form, review, toast, tracker and details."""
    stage = stage_of(tmp_path, add={"order": 41, "error": canary("remark")})
    async with stage.app.run_test(size=SIZE, notifications=True) as pilot:
        await see(pilot, "100.00 [/][$\ufffd", shown("name"), shown("category"))
        await press(pilot, "enter")
        await see(pilot, f"7  {shown('name')}", f"{shown('category')} · {shown('type')}", f"type “{shown('type')}”")
        await press(pilot, "escape")
        await until(pilot, lambda: not isinstance(pilot.app.screen, OrderForm))
        await order(pilot)
        await see(pilot, f"7  {shown('name')}", f"“{shown('type')}”", "[/][$\ufffd → ")
        await press(pilot, "y")
        await see(pilot, "Order 41 accepted", shown("remark"))
        await press(pilot, "2")
        await see(pilot, f"7 {shown('name')}", f"? {shown('status')[:11]}")
        await press(pilot, "enter")
        await see(pilot, "Order 41", f"? {shown('status')}", f"7  {shown('name')}", shown("remark"))


async def test_a_refusal_is_read_as_it_stands(tmp_path: Path) -> None:
    """The panel's own words for a no are literal in the toast and in the order's details."""
    async with stage_of(tmp_path, add={"error": canary("no")}).app.run_test(size=SIZE, notifications=True) as pilot:
        await order(pilot, "[red]link[/]")
        await press(pilot, "y")
        await see(pilot, "Order rejected", f"“{shown('no')}”", shown("name"))
        await press(pilot, "2", "/", "rejected", "enter", "enter")
        await see(pilot, "✕ rejected", f"Why         {shown('no')}", "Link        [red]link[/]", "link = [red]link[/]")


async def test_an_unreadable_reply_is_read_as_it_stands(tmp_path: Path) -> None:
    """A reply that makes no sense is literal in the evidence, wherever that is shown."""
    reply = httpx.Response(200, content=f"<b>{canary('reply')}")
    async with stage_of(tmp_path, add=reply).app.run_test(size=SIZE, notifications=True) as pilot:
        await order(pilot, "[@click=app.quit]link")
        await press(pilot, "y")
        await see(pilot, "Outcome unknown", "[@click=app.quit]link")
        await press(pilot, "2", "enter")
        await see(pilot, "? unknown", f"<b>{shown('reply')}")


async def test_an_orders_own_error_is_read_as_it_stands(tmp_path: Path) -> None:
    """What the panel says instead of a status is literal in the details."""
    rows = {past.order: {"error": canary("note")} for past in Stage(tmp_path).market.history}
    async with stage_of(tmp_path, status=rows).app.run_test(size=SIZE) as pilot:
        await see(pilot, "1 service")
        await press(pilot, "2")
        await see(pilot, "checked")
        await press(pilot, "enter")
        await see(pilot, f"Panel says  {shown('note')}")


BANNERS = {
    "error": {"error": canary("trouble")},
    "redirect": httpx.Response(302, headers={"Location": "https://e.example/[@click=app.quit]x[/]"}),
    "redirect to nowhere": httpx.Response(302, headers={"Location": "ht\x1b[5mtp://[@click=app.quit]x[/]"}),
    "encoding": httpx.Response(200, headers={"Content-Type": "[@click=app.quit]x[/]"}, content=canary("page")),
}


@pytest.mark.parametrize("name", BANNERS)
async def test_trouble_is_read_as_it_stands(tmp_path: Path, name: str) -> None:
    """Errors of the whole panel and addresses that it points to are literal in the banner."""
    texts = {"error": shown("trouble"), "redirect": "e.example/", "redirect to nowhere": "x[/]"}
    stage = stage_of(tmp_path, services=BANNERS[name], balance=BANNERS[name], status=BANNERS[name])
    async with stage.app.run_test(size=SIZE) as pilot:
        await see(pilot, texts.get(name, "cannot be used"))
        assert "\x1b" not in text_of(pilot)


# Short, for the list of keys is narrow; the first sorts before all others.
ODD = ("A[@click=app.quit]x[/]", "what[red]\x1b[5m[")


class OddKeys(SmmtuiApp):
    """An App with an action whose words are no words of ours."""

    CSS_PATH = str(Path(app.__file__).with_name("smmtui.tcss"))
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left_square_bracket", "quit", ODD[0], id="odd", key_display="[/]", tooltip=ODD[1])
    ]


async def test_help_and_palette_are_read_as_they_stand(tmp_path: Path) -> None:
    """Keys, names and explanations of actions are literal in the list of keys, and in the palette, found or not."""
    stage = stage_of(tmp_path)
    stage.app = OddKeys(stage._open, stage.profile)
    async with stage.app.run_test(size=SIZE) as pilot:
        await see(pilot, "1 service")
        name, what = ODD[0], ODD[1].replace("\x1b", "\ufffd")
        await press(pilot, "?", "what[")
        await see(pilot, f"[/]              {name} {what}")
        await press(pilot, "escape", "ctrl+p")
        await see(pilot, f"{name}: {what}", "[/]")
        await press(pilot, "what[red")
        await see(pilot, f"{name}: {what}", "[/]")


@pytest.mark.parametrize("name", ["[red]\x1b[5m", "[/]", "[@click=app.quit]x"])
async def test_the_profiles_name_is_read_as_it_stands(tmp_path: Path, name: str) -> None:
    """A name out of the configuration is literal in the header."""
    stage = stage_of(tmp_path)
    stage.profile = replace(stage.profile, name=name)
    stage.app = SmmtuiApp(stage._open, stage.profile)
    async with stage.app.run_test(size=SIZE) as pilot:
        await see(pilot, f" {name} ".replace("\x1b", "\ufffd"), "1 service")


async def test_pasted_controls_are_harmless_in_every_field(tmp_path: Path) -> None:
    """Whatever is pasted into filter, search, link, or comments: the lines keep their width and show no control."""
    service = {**SERVICE, "type": "Custom Comments"}
    async with stage_of(tmp_path, services=[service]).app.run_test(size=(100, 40)) as pilot:
        await see(pilot, "1 service")
        for field in ("/", "?", "form", "comments"):
            if field == "form":
                await press(pilot, "escape", "enter")
                await until(pilot, lambda: isinstance(pilot.app.screen, OrderForm))
            else:
                await press(pilot, "tab" if field == "comments" else field)
            for text in BUNCHES:
                pilot.app.post_message(Paste(text.encode("utf-8", "replace").decode()))
                await press(pilot)
                assert_sound(pilot)
            await press(pilot, "escape") if field in "/?" else None
        await press(pilot, "f9")
        assert_sound(pilot)


def assert_sound(pilot: Pilot[None]) -> None:
    """Every line of the screen is as wide as the screen, and holds nothing that a terminal obeys."""
    size = pilot.app.size
    for strip in pilot.app.screen._compositor.render_strips(size):
        text = "".join(segment.text for segment in strip)
        assert not any(map(is_unsafe, text)), repr(text)
        assert sum(cell_len(segment.text) for segment in strip) == size.width, repr(text)


@given(st.lists(st.text(st.one_of(st.characters(exclude_categories=()), st.sampled_from("".join(STRINGS[:70]))))))
def test_the_last_filter_moves_nothing(texts: Sequence[str]) -> None:
    """What is dropped from a line leaves its place empty."""
    line = [Segment(text) for text in texts]
    filtered = LastFilter().apply(line, Color(0, 0, 0))
    assert [cell_len(segment.text) for segment in filtered] == [cell_len(segment.text) for segment in line]
    assert not any(is_unsafe(char) for segment in filtered for char in segment.text.replace("\u200d", ""))


@pytest.mark.parametrize(
    ("drawn", "sent"),
    [
        ("♻️ Refill", "♻  Refill"),
        ("1️⃣ First", "1⃣  First"),
        ("☺️☺️", "☺ ☺ "),
        ("⚡️ Instant", "⚡ Instant"),
        ("❤️‍🔥 Hot", "❤️‍🔥 Hot"),
        ("🇹🇷 Türk", "🇹🇷 Türk"),
    ],
)
def test_a_sign_is_as_wide_in_every_terminal(drawn: str, sent: str) -> None:
    """What only an emoji selector would widen goes without it and leaves its second cell blank."""
    [segment] = LastFilter().apply([Segment(drawn)], Color(0, 0, 0))
    assert segment.text == sent
    assert cell_len(sent) == cell_len(drawn)


@pytest.mark.parametrize("text", [text for text in STRINGS if len(text) < 100])
def test_the_helpers_show_text_as_it_stands(text: str) -> None:
    """Markup is text, a control is a visible sign or a blank, and an ordinary text is itself."""
    for content in (literal(f"ab {text} cd"), styled(f"ab {text} cd", "bold")):
        assert content.plain.startswith("ab ") and content.plain.endswith(" cd")
        assert not any(is_unsafe(char) for char in content.plain if char != "\n")
        if text.isprintable() and text.isascii():
            assert content.plain == f"ab {text} cd"
    assert literal("a\nb").plain == "a\nb"


def texts_of(value: object) -> Iterator[str]:
    """Every text inside of a record or an error, at whatever depth."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, PanelError):
        yield from (str(value), value.evidence.reply, value.to if isinstance(value, Redirected) else "")
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from texts_of(each)
    elif isinstance(value, msgspec.Struct):
        yield from texts_of(msgspec.structs.asdict(value))
    elif isinstance(value, tuple | list):
        for each in value:
            yield from texts_of(each)


async def outcomes(client: PanelClient) -> list[object]:
    """What comes of asking a panel for everything."""
    found: list[object] = [(await client.services()).services]
    asked = (
        client.balance(),
        client.statuses(["1", "2", "3"]),
        client.status("3"),
        client.refill_statuses(["1"]),
        client.add((("service", "1000"), ("link", "x"))),
    )
    found += await asyncio.gather(*asked, return_exceptions=True)
    for batches in (client.refills(["1", "2"]), client.cancels(["1", "2"])):
        found += [batch async for batch in batches]
    return found


class Chatty(HostilePanel):
    """Also refills and cancels are answered in words."""

    def answer(self, fields: Mapping[str, str]) -> object:
        text = self.strings[0]
        match fields["action"]:
            case "refill" | "cancel" as action:
                return [{"order": 1, action: {"error": text}}, {"order": 2, action: {"status": text}}]
            case "refill_status":
                return [{"refill": 1, "status": text}]
        return super().answer(fields)


async def test_every_field_of_every_record_is_clean() -> None:
    """Whatever a panel says in any field of any answer, no record and no error brings an unsafe code point in."""
    profile = replace(demo_profile(), burst=10_000, requests_per_minute=60_000)
    for text in STRINGS:
        transport = httpx.ASGITransport(app=Chatty([text]))
        async with PanelClient(profile, Secret(KEY), transport=transport, limits=Limits(tries=1)) as client:
            words = [word for outcome in await outcomes(client) for word in texts_of(outcome)]
        assert len(words) > 12
        for word in words:
            assert not [char for char in word if is_unsafe(char) and char != "\n"], (text, word)
            assert normalize("NFC", word) == word
