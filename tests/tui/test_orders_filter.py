"""The filter of the orders, as a user sees it."""

from __future__ import annotations

from pathlib import Path

from tests.tui.support import Stage, press, see, text_of


async def test_the_orders_are_filtered_in_the_language_of_the_catalog(tmp_path: Path) -> None:
    """Fields are compared, words are looked for, and what cannot be read is named and left out."""
    async with Stage(tmp_path).app.run_test(size=(160, 36)) as pilot:
        await see(pilot, "5,000 services", "online")
        await press(pilot, "2")
        await see(pilot, "15 orders", "Partial")
        await press(pilot, "/", "status:partial charge<0.9")
        await see(pilot, "2 of 15 orders", "0.31441", "0.67890")
        assert "Completed" not in text_of(pilot) and "0.99600" not in text_of(pilot)
        await press(pilot, " colour:x")
        await see(pilot, "no field “colour” here", "2 of 15 orders")
