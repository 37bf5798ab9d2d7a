"""A walk through every screen and dialog there is, with something to see on each of them."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

from textual.events import Paste
from textual.pilot import Pilot
from textual.screen import Screen

import smmtui.tui
from smmtui.tui.confirmation import Confirmation
from smmtui.tui.screens.edit_row import EditRow
from smmtui.tui.screens.messages import MessagesScreen
from smmtui.tui.screens.open_file import OpenFile
from smmtui.tui.screens.order_details import OrderDetails
from smmtui.tui.screens.order_form import OrderForm
from smmtui.tui.screens.order_note import OrderNote
from smmtui.tui.screens.pick_category import PickCategory
from smmtui.tui.screens.save_file import SaveFile
from smmtui.tui.screens.track_ids import TrackIds
from smmtui.tui.screens.unsaved import Unsaved
from smmtui.tui.screens.waiting import Waiting
from tests.tui.support import Stage, press, see, until
from tests.tui.test_attention import losing_answers

LINK = "https://example.com/post"
LINES = (
    f"18423 | {LINK}/1 | 1000",
    f"18423 | {LINK}/2 | 5",
    f"18423 | {LINK}/1 | 500",
    f"99999 | {LINK}/3 | 100",
    f'11726,{LINK}/4,"Great shot\nLove the light"',
)


def screens() -> Iterator[type[Screen[Any]]]:
    """Every class of screens in the package, but for those that others are built upon."""
    for module in pkgutil.walk_packages(smmtui.tui.__path__, "smmtui.tui."):
        for thing in vars(importlib.import_module(module.name)).values():
            own = isinstance(thing, type) and issubclass(thing, Screen) and thing.__module__ == module.name
            if own and (thing is Confirmation or not thing.__subclasses__()):
                yield thing


async def on(pilot: Pilot[None], kind: type[Screen[Any]], *texts: str) -> None:
    """Wait until a screen of this kind is in front, with these texts on it."""
    await until(pilot, lambda: isinstance(pilot.app.screen, kind))
    await see(pilot, *texts)


async def leave(pilot: Pilot[None]) -> None:
    """Go back from every dialog."""
    while len(pilot.app.screen_stack) > 1:
        before = pilot.app.screen
        await press(pilot, "escape")
        await until(pilot, lambda before=before: pilot.app.screen is not before)  # type: ignore[misc]


async def walk(folder: Path, stage: Stage | None = None, size: tuple[int, int] = (120, 36)) -> AsyncIterator[Stop]:
    """Go from one screen to the next, and stop in front of each."""
    stage = stage or Stage(folder)
    losing_answers(stage)
    async with stage.app.run_test(size=size, notifications=True) as pilot:
        for part in (_catalog, _ordering, _orders, _attention, _basket, _elsewhere):
            async for name in part(stage, pilot):
                yield Stop(name, stage, pilot)
            await leave(pilot)


class Stop:
    """Where the walk has stopped."""

    def __init__(self, name: str, stage: Stage, pilot: Pilot[None]) -> None:
        self.name = name
        self.stage = stage
        self.pilot = pilot

    @property
    def screen(self) -> Screen[Any]:
        """The screen in front."""
        return self.pilot.app.screen


async def _catalog(stage: Stage, pilot: Pilot[None]) -> AsyncIterator[str]:
    await see(pilot, "5,000 services", "online")
    await press(pilot, " ", "down", " ", "*")
    yield "catalog"
    await press(pilot, "/", "telegram -premium rate<cheap")
    await see(pilot, "✕")
    yield "catalog while filtering"
    await press(pilot, "ctrl+s")
    await see(pilot, "Save this filter as")
    yield "a filter is named"
    await press(pilot, "escape", "escape", "escape")
    for key, seen, name in (
        ("?", "Search by name or key", "help"),
        ("s", "Sort", "sorting"),
        ("C", "Columns", "columns"),
        ("ctrl+p", "Search for commands", "palette"),
    ):
        await press(pilot, key)
        await see(pilot, seen)
        yield name
        await leave(pilot)
    await press(pilot, "c")
    await on(pilot, PickCategory)
    yield "categories"


async def _ordering(stage: Stage, pilot: Pilot[None]) -> AsyncIterator[str]:
    await press(pilot, "/", "instagram followers type:default min<=100", "enter", "enter")
    await on(pilot, OrderForm)
    await press(pilot, "not a link", "enter", "9999999999")
    await see(pilot, "is over")
    yield "order form with a problem"
    await press(pilot, *["backspace"] * 10, "100", "f9")
    await see(pilot, "Place this order?", "Yes, place it")
    yield "review"
    await press(pilot, "y")
    await see(pilot, "⚠ 1 unknown")
    yield "catalog with a toast"
    pilot.app.clear_notifications()


async def _orders(stage: Stage, pilot: Pilot[None]) -> AsyncIterator[str]:
    await press(pilot, "2")
    await see(pilot, "16 orders")
    await press(pilot, " ", "w")
    yield "orders"
    await press(pilot, "enter")
    await on(pilot, OrderDetails, "Placed")
    yield "order details"
    await leave(pilot)
    await press(pilot, "m")
    await on(pilot, OrderNote)
    yield "note"
    await leave(pilot)
    await press(pilot, "t")
    await on(pilot, TrackIds)
    yield "tracking"
    await leave(pilot)
    await press(pilot, "U", "down", "o")
    await on(pilot, Confirmation, "No, back")
    yield "a link is opened"
    await leave(pilot)
    await press(pilot, "x")
    await on(pilot, SaveFile)
    yield "export"


async def _attention(stage: Stage, pilot: Pilot[None]) -> AsyncIterator[str]:
    await press(pilot, "4")
    await see(pilot, "? unknown")
    yield "attention"
    await press(pilot, "a")
    await see(pilot, "the id, such as 23501")
    yield "an id is attached"


async def _basket(stage: Stage, pilot: Pilot[None]) -> AsyncIterator[str]:
    await press(pilot, "3")
    yield "empty basket"
    pilot.app.post_message(Paste("\n".join(LINES)))
    await see(pilot, "problem")
    yield "basket"
    await press(pilot, "enter")
    await on(pilot, EditRow)
    yield "a row is edited"
    await leave(pilot)
    await press(pilot, "o")
    await on(pilot, OpenFile)
    yield "a file is opened"
    await leave(pilot)
    await press(pilot, "f9")
    await on(pilot, Confirmation)
    await see(pilot, "No, back")
    yield "orders are confirmed"


async def _elsewhere(stage: Stage, pilot: Pilot[None]) -> AsyncIterator[str]:
    assert stage.desk is not None
    await press(pilot, "!")
    await on(pilot, MessagesScreen, "messages")
    yield "messages"
    waiting = Waiting("Asking the panel about 3 orders …")
    await pilot.app.push_screen(waiting)
    await on(pilot, Waiting)
    yield "waiting"
    await leave(pilot)
    order = next(order for order in stage.desk.orders if order.id)
    await pilot.app.push_screen(Unsaved(order))
    await see(pilot, "I have written it down")
    yield "an order that is not saved"
    await press(pilot, "W")
    await until(pilot, lambda: not isinstance(pilot.app.screen, Unsaved))
