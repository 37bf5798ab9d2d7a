"""Orders placed elsewhere are pasted and followed; how far orders are is copied for a customer."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from textual.events import Paste
from textual.pilot import Pilot

from smmtui.demo import DemoPanel
from smmtui.tui.screens.track_ids import TrackIds
from smmtui.tui.screens.waiting import Waiting
from tests.tui.support import Stage, press, see, text_of, until

SIZE = (120, 36)
LINK = "https://example.com/elsewhere"


@pytest.fixture(autouse=True)
def no_desktop(monkeypatch: pytest.MonkeyPatch) -> None:
    """Copies go through the terminal."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)


def placed_elsewhere(stage: Stage, number: int = 1) -> list[str]:
    """Place orders past the App."""
    service = next(each for each in stage.market.services if each.type == "Default" and each.min <= 100)
    fields = {"service": str(service.service), "quantity": "100"}
    return [stage.market.place({**fields, "link": f"{LINK}/{each}"}) for each in range(number)]


async def dialog(pilot: Pilot[None]) -> None:
    """Go to the orders and ask to track ids."""
    await see(pilot, "5,000 services", "online")
    await press(pilot, "2")
    await see(pilot, "active 3", "completed 8")
    await press(pilot, "t")
    await until(pilot, lambda: isinstance(pilot.app.screen, TrackIds))


async def test_pasted_ids_are_looked_up_and_told_apart(tmp_path: Path) -> None:
    """New ones are followed, known ones said to be so, and those that the panel does not know are named."""
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=SIZE, notifications=True) as pilot:
        first, second = placed_elsewhere(stage, 2)
        await dialog(pilot)
        pilot.app.post_message(Paste(f"{first}\n#{second}, 23497 and 999999\n"))
        await see(pilot, "4 ids · No ids, and left out: and")
        await press(pilot, "f9")
        await see(pilot, "2 orders tracked", "1 here already: 23497.", "1 left out", "999999", "Incorrect order ID")
        await see(pilot, "active 5", first, second)
        row = next(line for line in text_of(pilot).splitlines() if f" {first} " in line)
        assert row.count(" – ") + row.count(" –") >= 2
        await press(pilot, "t")
        await see(pilot, "0 ids")


async def test_a_line_tells_what_the_panel_does_not(tmp_path: Path) -> None:
    """Service, link and quantity of `id service link quantity` stand in the table."""
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=SIZE) as pilot:
        (id,) = placed_elsewhere(stage)
        await dialog(pilot)
        service = stage.desk and stage.desk.catalog.services[0]
        assert service
        await press(pilot, f"{id} {service.id} t.me/elsewhere 100", "f9")
        await see(pilot, "active 4", "t.me/elsewhere", f"{service.id} {service.name[:8]}", " 100 ")


async def test_without_an_id_nothing_is_asked(tmp_path: Path) -> None:
    """The dialog says what an id looks like, and Esc leaves it."""
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=SIZE) as pilot:
        await dialog(pilot)
        await press(pilot, "no ids here", "f9")
        await see(pilot, "✕ There is no id in this")
        await press(pilot, "escape")
        await until(pilot, lambda: not isinstance(pilot.app.screen, TrackIds))
        assert "active 3" in text_of(pilot)


async def test_a_panel_that_is_not_there_leaves_nothing_and_the_text_is_kept(tmp_path: Path) -> None:
    """The words say so; the same dialog again has what was typed, and then it works."""
    stage = Stage(tmp_path)
    panel = DemoPanel(stage.market)
    gone: list[bool] = []

    async def handle(request: httpx.Request) -> httpx.Response:
        if gone:
            raise httpx.ConnectError("no route")
        body = panel.answer(request.method, request.headers["content-type"], request.content)
        return httpx.Response(200, content=body)

    stage.transport = lambda: httpx.MockTransport(handle)
    async with stage.app.run_test(size=SIZE, notifications=True) as pilot:
        (id,) = placed_elsewhere(stage)
        await dialog(pilot)
        gone.append(True)
        await press(pilot, id, "f9")
        await until(pilot, lambda: isinstance(pilot.app.screen, Waiting))
        await until(pilot, lambda: "Nothing is tracked" in text_of(pilot), turns=3000)
        assert "active 3" in text_of(pilot)
        gone.clear()
        await press(pilot, "t")
        await see(pilot, "1 id")
        await press(pilot, "f9")
        await see(pilot, "1 order tracked", "active 4")


async def test_a_summary_for_a_customer_is_copied(tmp_path: Path) -> None:
    """Of the current order, or of those that are marked, with their total; never a price."""
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=SIZE, notifications=True) as pilot:
        await see(pilot, "5,000 services", "online")
        await press(pilot, "2")
        await see(pilot, "active 3", "completed 8")
        await press(pilot, "ctrl+y")
        await see(pilot, "1 status summary, through the terminal")
        order = next(each for each in stage.desk.orders if each.id == "23497") if stage.desk else None
        assert order is not None
        lines = stage.app.clipboard.splitlines()
        assert lines[0] == "Order: 23497" and lines[-1] == "Status: In progress"
        assert f"Link: {order.link}" in lines and "Ordered: 20,000" in lines
        assert any(line.startswith("Service: Instagram Reel") for line in lines)
        assert str(order.charge) not in stage.app.clipboard
        await press(pilot, "  ", "ctrl+y")
        await see(pilot, "1 status summary of 2 orders, through")
        assert stage.app.clipboard.splitlines()[-1].startswith("Total: 2 orders, 22,000 ordered, ")
