"""smmtui with a fault in one place, for the tests of how it ends: `python -m tests.tui.crashing PLACE`."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from typing import Any

import smmtui.__main__ as program
from smmtui.desk.desk import Desk
from smmtui.desk.refreshing import RefreshLoop
from smmtui.tui.app import SmmtuiApp
from smmtui.tui.screens.catalog import CatalogScreen
from smmtui.tui.screens.help import HelpScreen
from smmtui.tui.screens.order_details import OrderDetails
from smmtui.tui.screens.order_form import OrderForm
from smmtui.tui.screens.review_order import ReviewOrder
from smmtui.tui.screens.tracker import TrackerScreen
from smmtui.tui.widgets.row_table import RowTable
from tests.tui.canary import KEY


def fail(*_: object, **__: object) -> Any:
    """Raise what has the key in its text, in its cause and in a local variable."""
    local = [KEY]
    try:
        raise KeyError(KEY)
    except KeyError as cause:
        raise RuntimeError(f"cannot go on with {local[0]}") from cause


async def fail_later(*_: object) -> None:
    """The same, in a task."""
    await asyncio.sleep(0)
    fail()


def _in_place_of(owner: object, name: str, by: Callable[..., Any] = fail) -> Callable[[], None]:
    return lambda: setattr(owner, name, by)


def _online(start: Callable[[], object]) -> Callable[[], None]:
    """Have it happen once the rows are on the screen."""

    def go_online(desk: Desk) -> None:
        start()

    return lambda: setattr(Desk, "go_online", go_online)


PLACES: dict[str, Callable[[], None]] = {
    "before the key is known": _in_place_of(program, "choose"),
    "the first paint": _in_place_of(SmmtuiApp, "get_default_screen"),
    "opening": _in_place_of(Desk, "open"),
    "showing": _in_place_of(CatalogScreen, "show"),
    "a key": _in_place_of(CatalogScreen, "action_refresh"),
    "drawing": _in_place_of(RowTable, "render_line"),
    "a mode": _in_place_of(TrackerScreen, "show"),
    "the form": _in_place_of(OrderForm, "compose"),
    "the review": _in_place_of(ReviewOrder, "compose"),
    "the details": _in_place_of(OrderDetails, "compose"),
    "the help": _in_place_of(HelpScreen, "compose"),
    "the refreshing": _in_place_of(RefreshLoop, "run", fail_later),
    "the sending": _in_place_of(Desk, "place"),
    "a task that nobody waits for": _online(lambda: asyncio.ensure_future(fail_later())),
    "a callback of the loop": _online(lambda: asyncio.get_running_loop().call_soon(fail)),
    "closing": _in_place_of(Desk, "close"),
}


def main() -> None:
    """Break the place that is named, and run."""
    PLACES[sys.argv.pop(1)]()
    program.main()


if __name__ == "__main__":
    main()
