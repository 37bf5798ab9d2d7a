"""Writes `screenshots/`: every screen, dark and light, from the demo panel with a fixed seed and clock.

Run it with `python -m tests.screenshots`; the pictures change only when the screens do.
"""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from textual.events import Paste
from textual.pilot import Pilot

from smmtui.theme_choice import DARK, LIGHT
from smmtui.tui.app import SmmtuiApp
from smmtui.tui.screens.messages import MessagesScreen
from smmtui.tui.screens.order_details import OrderDetails
from smmtui.tui.screens.order_form import OrderForm
from smmtui.tui.screens.setup import SetupScreen
from tests.tui.configured import app_on, folders
from tests.tui.support import Stage, press, see, until
from tests.tui.test_attention import losing_answers
from tests.tui.test_basket import Gate

FOLDER = Path(__file__).parent.parent / "screenshots"
SIZE = (120, 32)
# What stands on the setup screen, wherever the pictures are made.
HOME = Path("/home/me")
THEMES = {"": DARK, "-light": LIGHT}


@asynccontextmanager
async def _started(app: SmmtuiApp, theme: str) -> AsyncIterator[Pilot[None]]:
    """The app in a theme's colours."""
    async with app.run_test(size=SIZE) as pilot:
        app.theme = theme
        yield pilot


def _save(pilot: Pilot[None], name: str) -> None:
    """Write what is on the screen; the ids inside are derived from the content, so they are the same every time."""
    name += next(suffix for suffix, theme in THEMES.items() if theme == pilot.app.theme)
    svg = pilot.app.export_screenshot(title="smmtui", simplify=True)
    unique = re.search(r"terminal-(\d+)-", svg)
    if unique:
        svg = svg.replace(unique[1], name)
    # The pictures are shown where no web font can be had: the reader's own fixed-width font has to do.
    svg = re.sub(r"@font-face \{.*?\}\n", "", svg, flags=re.DOTALL)
    (FOLDER / f"{name}.svg").write_text("\n".join(line.rstrip() for line in svg.splitlines()) + "\n", "utf-8")


async def _walk(folder: Path, theme: str) -> None:
    stage = Stage(folder)
    async with _started(stage.app, theme) as pilot:
        await see(pilot, "5,000 services", "online")
        await press(pilot, "/", "instagram rate<1 refill:yes", "enter", "down", "down")
        await see(pilot, "of 5,000 services")
        _save(pilot, "catalog")

        await press(pilot, "?")
        await see(pilot, "Search by name or key")
        _save(pilot, "help")
        await press(pilot, "escape")
        await until(pilot, lambda: len(stage.app.screen_stack) == 1)

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

        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(stage.app.screen, OrderDetails))
        await see(pilot, "Start count", "accepted by the panel")
        _save(pilot, "order-details")
        await press(pilot, "escape", "!")
        await until(pilot, lambda: isinstance(stage.app.screen, MessagesScreen))
        await see(pilot, "Catalog refreshed")
        _save(pilot, "messages")


async def _lose(folder: Path, theme: str) -> None:
    """An order whose answer got lost, on the screen that settles it."""
    stage = Stage(folder)
    losing_answers(stage)
    async with _started(stage.app, theme) as pilot:
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


async def _fill_basket(folder: Path, theme: str) -> None:
    """A pasted list half-way to the panel, with what was wrong in it beside the rows."""
    stage = Stage(folder)
    gate = Gate(stage, 4)
    links = [f"https://instagram.com/p/{name}" for name in ("lake", "harbour", "market", "bridge", "tower", "garden")]
    wanted = zip(links, (1000, 500, 250, 2500, 800, 5), strict=True)
    lines = [f"18423 | {link} | {quantity}" for link, quantity in wanted]
    lines += [f'11726,{links[0]},"Great shot\nLove the light"', f"18423\t300\t{links[1]}", f"99999 | {links[2]} | 100"]
    async with _started(stage.app, theme) as pilot:
        await see(pilot, "5,000 services", "online")
        pilot.app.post_message(Paste("\n".join(lines)))
        await see(pilot, "6 ok · 1 warn · 2 problems")
        await press(pilot, "f9")
        await see(pilot, "Place 7 orders?", " y  Yes")
        await press(pilot, "y")
        await until(pilot, lambda: gate.waiting == 1)
        await see(pilot, "3 of 7", "basket 3/7", "… sending")
        _save(pilot, "basket")
        gate.open.set()


async def _set_up(theme: str) -> None:
    """The first run."""
    app = app_on(folders(HOME), None)
    async with _started(app, theme) as pilot:
        await until(pilot, lambda: isinstance(app.screen, SetupScreen) and app.screen.is_mounted)
        await see(pilot, "Set up a panel", "roicmedya.key")
        _save(pilot, "setup")


def main() -> None:
    """Write all pictures."""
    os.environ["TZ"] = "UTC"
    time.tzset()
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for theme in THEMES.values():
            home = Path(folder) / theme
            asyncio.run(_walk(home / "walk", theme))
            asyncio.run(_lose(home / "lose", theme))
            asyncio.run(_fill_basket(home / "basket", theme))
            asyncio.run(_set_up(theme))


if __name__ == "__main__":
    main()
