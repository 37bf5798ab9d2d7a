"""Every screen in every size of terminal that it is made for, and what is said where it is too small."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from textual.pilot import Pilot
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Button, Input, TextArea
from textual.widgets._toast import Toast

from smmtui.tui.confirmation import Confirmation
from smmtui.tui.shell import Shell
from smmtui.tui.widgets.row_table import RowTable
from tests.tui.support import Stage, press, see, text_of, until
from tests.tui.test_attention import losing_answers
from tests.tui.test_screens import order_form, review
from tests.tui.tour import screens, walk

SIZES = ((60, 16), (80, 24), (200, 60), (120, 36))
# Those of a panel's setup are walked through by their own tests; the shell is gone before anyone could.
ELSEWHERE = {"Shell", "SetupScreen", "PickPanel"}


async def resize(pilot: Pilot[None], width: int, height: int) -> None:
    """Give the terminal another size, and wait until everything has its place."""
    await pilot.resize_terminal(width, height)
    await until(pilot, lambda: pilot.app.screen.size == (width, height))


def misplaced(screen: Screen[Any]) -> Iterator[str]:
    """What is outside of the screen, and what is to be used and cannot be seen whole."""
    for child in screen.children:
        if child.display and not screen.region.contains_region(child.region):
            yield f"{child} is at {child.region}"
    for widget in screen.walk_children():
        if widget not in screen._compositor.full_map or not (widget is screen.focused or isinstance(widget, Button)):
            continue
        place = screen.find_widget(widget)
        if place.visible_region.size != place.region.size or not _in_front(screen, widget):
            yield f"{widget} is seen at {place.visible_region} of {place.region}"


def _in_front(screen: Screen[Any], widget: Widget) -> bool:
    top, _ = screen.get_widget_at(*widget.region.offset)
    # A toast goes away by itself.
    return widget in top.ancestors_with_self or isinstance(top, Toast)


def kept(screen: Screen[Any]) -> list[object]:
    """What a user has done on a screen: the focus, cursors, marks and typed texts."""
    tables = [(table.current, sorted(table.marks)) for table in screen.query(RowTable)]
    return [
        screen.focused,
        tables,
        [each.value for each in screen.query(Input)],
        [a.text for a in screen.query(TextArea)],
    ]


async def test_every_screen_fits_every_terminal(tmp_path: Path) -> None:
    """At each size all buttons and the focused field are in view, and nothing that was typed or marked is lost."""
    wrong, seen = [], set()
    async for stop in walk(tmp_path):
        before = kept(stop.screen)
        seen.add(type(stop.screen))
        for size in SIZES:
            await resize(stop.pilot, *size)
            wrong += [(stop.name, size, what) for what in misplaced(stop.screen)]
            if kept(stop.screen) != before:
                wrong.append((stop.name, size, f"{before} became {kept(stop.screen)}"))
    assert wrong == []
    assert {screen.__name__ for screen in screens() if screen not in seen} <= ELSEWHERE


async def test_below_sixty_by_sixteen_it_says_how_much_room_it_needs(tmp_path: Path) -> None:
    """Balance and warning still stand at 40 columns; what is typed into the unseen is dropped, and nothing is lost."""
    stage = Stage(tmp_path)
    losing_answers(stage)
    async with stage.app.run_test(size=(120, 36)) as pilot:
        await order_form(pilot, "instagram followers type:default min<=100")
        await press(pilot, "https://example.com/post", "enter", "100")
        await review(pilot)
        await press(pilot, "y")
        await see(pilot, "⚠ 1 unknown")
        await press(pilot, " ")
        await resize(pilot, 40, 10)
        await see(pilot, "smmtui needs 60 × 16; this", "has 40 × 10", "$100.80592", "⚠ 1 unknown")
        await press(pilot, "/", "abc", "enter", "2")
        await resize(pilot, 30, 4)
        await see(pilot, "smmtui needs 60 × 16")
        await resize(pilot, 120, 36)
        await see(pilot, "● 1 marked", "117 of 5,000 services", "1 Catalog")
        assert "smmtui needs" not in text_of(pilot)
        assert "abc" not in text_of(pilot)


async def test_a_dialog_that_cannot_be_seen_cannot_be_confirmed(tmp_path: Path) -> None:
    """The terminal is made tiny while an order waits for its `y`: the key does nothing until the dialog is seen."""
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=(120, 36)) as pilot:
        await order_form(pilot, "instagram followers type:default min<=100")
        await press(pilot, "https://example.com/post", "enter", "100")
        await review(pilot)
        await resize(pilot, 59, 36)
        await see(pilot, "smmtui needs 60 × 16")
        await press(pilot, "y", "escape")
        assert isinstance(stage.app.screen, Confirmation)
        assert stage.market.ledger == []
        await resize(pilot, 60, 16)
        await see(pilot, "Place this order?")
        await press(pilot, "y")
        await until(pilot, lambda: len(stage.market.ledger) == 1)


async def test_a_start_in_a_tiny_terminal_can_be_left(tmp_path: Path) -> None:
    """From the first paint on it says so, on each screen that comes, and ctrl+q quits."""
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=(50, 12)) as pilot:
        await see(pilot, "smmtui needs 60 × 16")
        await until(pilot, lambda: not isinstance(stage.app.screen, Shell))
        await see(pilot, "smmtui needs 60 × 16")
        await press(pilot, "q")
        assert stage.app.return_code is None
        await press(pilot, "ctrl+q")
        await until(pilot, lambda: stage.app.return_code == 0)
