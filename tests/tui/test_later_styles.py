"""What is not read before the first paint."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from textual.screen import Screen

import smmtui.tui
from smmtui.tui.desk_screen import DeskScreen
from smmtui.tui.filtered_screen import FilteredScreen
from smmtui.tui.later_styles import LATER_STYLES
from smmtui.tui.screens.catalog import CatalogScreen
from smmtui.tui.screens.help import HelpScreen
from smmtui.tui.shell import Shell
from smmtui.tui.table_screen import TableScreen
from smmtui.tui.with_filter import WithFilter
from tests.tui.support import Stage, press, see, until

# The first screens, and what others are made of.
EARLY = {Shell, CatalogScreen, DeskScreen, TableScreen, WithFilter, FilteredScreen}


def screens() -> set[type[Screen[Any]]]:
    """Every screen there is."""
    for module in pkgutil.walk_packages(smmtui.tui.__path__, "smmtui.tui."):
        import_module(module.name)
    found: set[type[Screen[Any]]] = set()
    waiting: list[type[Screen[Any]]] = [Screen]
    while waiting:
        for kind in waiting.pop().__subclasses__():
            waiting.append(kind)
            found.add(kind)
    return {kind for kind in found if kind.__module__.startswith("smmtui.")}


@pytest.mark.parametrize("kind", sorted(screens() - EARLY, key=str))
def test_every_later_screen_brings_its_styles(kind: type[Screen[Any]]) -> None:
    """Whoever opens it before they have been read sees it in them all the same."""
    assert kind.CSS_PATH == LATER_STYLES


async def test_the_first_screen_does_without_the_later_styles(tmp_path: Path) -> None:
    """They are read once the rows are there, and one of them is seen in a dialog."""
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await see(pilot, "online")
        assert stage.app.stylesheet.has_source(str(LATER_STYLES))
        await press(pilot, "?")
        await until(pilot, lambda: isinstance(pilot.app.screen, HelpScreen))
        assert str(pilot.app.screen.query_one("#help").styles.width) == "90w"
