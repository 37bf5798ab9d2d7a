"""Writes `screenshots/`: the screens as a user sees them, from the demo panel with a fixed seed and clock.

Run it with `python -m tests.screenshots`; the pictures change only when the screens do.
"""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
import time
from pathlib import Path

from textual.pilot import Pilot

from smmtui.tui.screens.order_form import OrderForm
from tests.tui.support import Stage, press, see, until
from tests.tui.test_attention import losing_answers

FOLDER = Path(__file__).parent.parent / "screenshots"
SIZE = (120, 32)


def _save(pilot: Pilot[None], name: str) -> None:
    """Write what is on the screen; the ids inside are derived from the content, so they are the same every time."""
    svg = pilot.app.export_screenshot(title="smmtui", simplify=True)
    unique = re.search(r"terminal-(\d+)-", svg)
    if unique:
        svg = svg.replace(unique[1], name)
    # The pictures are shown where no web font can be had: the reader's own fixed-width font has to do.
    svg = re.sub(r"@font-face \{.*?\}\n", "", svg, flags=re.DOTALL)
    (FOLDER / f"{name}.svg").write_text("\n".join(line.rstrip() for line in svg.splitlines()) + "\n", "utf-8")


async def _walk(folder: Path) -> None:
    stage = Stage(folder)
    async with stage.app.run_test(size=SIZE) as pilot:
        await see(pilot, "5,000 services", "online")
        await press(pilot, "/", "instagram rate<1 refill:yes", "enter", "down", "down")
        await see(pilot, "of 5,000 services")
        _save(pilot, "catalog")

        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(stage.app.screen, OrderForm))
        await press(pilot, "https://instagram.com/example", "enter", "1k")
        await see(pilot, "1,000 units", "afterwards")
        _save(pilot, "order-form")

        await press(pilot, "f9")
        await see(pilot, "Place this order?", "Yes, place it")
        _save(pilot, "review")

        await press(pilot, "y")
        await until(pilot, lambda: stage.market.ledger)
        await press(pilot, "2")
        await see(pilot, "23501")
        stage.hands.move(22)
        await press(pilot, "r")
        await see(pilot, "23501", "In progress")
        _save(pilot, "tracker")


async def _lose(folder: Path) -> None:
    """An order whose answer got lost, on the screen that settles it."""
    stage = Stage(folder)
    losing_answers(stage)
    async with stage.app.run_test(size=SIZE) as pilot:
        await see(pilot, "5,000 services", "online")
        await press(pilot, "/", "instagram followers type:default min<=100", "enter", "enter")
        await press(pilot, "https://instagram.com/example", "enter", "100", "f9")
        await see(pilot, "Yes, place it")
        await press(pilot, "y")
        await see(pilot, "⚠ 1 unknown")
        stage.hands.move(95)
        await press(pilot, "4", "r")
        await see(pilot, "Balance then", "(1 min ago)", "Balance now", "just now")
        _save(pilot, "attention")


def main() -> None:
    """Write all pictures."""
    os.environ["TZ"] = "UTC"
    time.tzset()
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_walk(Path(folder) / "walk"))
        asyncio.run(_lose(Path(folder) / "lose"))


if __name__ == "__main__":
    main()
