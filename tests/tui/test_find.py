"""Services and orders by id or by words, from the palette."""

from __future__ import annotations

from pathlib import Path

import pytest

from smmtui.tui.screens.catalog import CatalogScreen
from smmtui.tui.screens.order_details import OrderDetails
from tests.tui.support import Stage, press, see, text_of, until

SIZE = (120, 36)
SERVICE = "10505"


@pytest.mark.parametrize("mark", ["", "#"])
async def test_an_order_is_opened_by_its_id(tmp_path: Path, mark: str) -> None:
    """With a # or without; also from another screen than that of the orders."""
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=SIZE) as pilot:
        await see(pilot, "5,000 services")
        assert stage.desk is not None
        order = stage.desk.orders[0]
        await press(pilot, "ctrl+p", f"{mark}{order.id}")
        await see(pilot, f"Order {order.id}: ")
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, OrderDetails))
        await see(pilot, f"{order.id}", "Timeline")


async def test_the_cursor_goes_to_a_service_of_this_id(tmp_path: Path) -> None:
    """From any screen, and also where a filter would hide it."""
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=SIZE) as pilot:
        await see(pilot, "5,000 services")
        await press(pilot, "/zzzzzz", "enter", "2")
        await see(pilot, "15 orders")
        await press(pilot, "ctrl+p", SERVICE)
        await see(pilot, f"Service {SERVICE}: ")
        await press(pilot, "enter")
        await see(pilot, "5,000 services")
        screen = pilot.app.screen
        assert isinstance(screen, CatalogScreen)
        assert screen.table.current_id == SERVICE
        assert screen.table.has_focus


async def test_services_are_found_by_words_behind_the_commands(tmp_path: Path) -> None:
    """By the catalog's own search, the first few; never in front of a dialog, where they could not be shown."""
    async with Stage(tmp_path).app.run_test(size=SIZE) as pilot:
        await see(pilot, "5,000 services")
        await press(pilot, "ctrl+p", "poll votes -bot")
        await see(pilot, "Story Poll Votes")
        found = [line for line in text_of(pilot).splitlines() if "Service " in line]
        assert found and len(found) <= 12
        assert not any("[Bot]" in line for line in found)
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, CatalogScreen))
        await press(pilot, "enter")
        await see(pilot, "Quantity")
        await press(pilot, "ctrl+p", SERVICE)
        await see(pilot, "No matches found")
