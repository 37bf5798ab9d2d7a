"""A start with the last catalogue: rows at once, and nothing the user has done moves when the rest comes."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest
from textual.pilot import Pilot

from smmtui.desk.topics import Wanted
from smmtui.panel.catalog_rows import Services, read_services
from smmtui.tui.arrangement import Sorting
from smmtui.tui.screens.catalog import CatalogScreen
from tests.tui.support import Stage, press, see, text_of, until
from tests.tui.terminal import PROGRAM, Terminal, clean_environment

SIZE = (120, 36)
KEY = "k" * 30
# A test that fails must end all the same.
PATIENCE = 20


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """What the reading of a whole catalogue waits for; open at the end, whatever happens."""
    event = threading.Event()
    yield event
    event.set()


class Place(NamedTuple):
    """What the user has done to the catalog: the current row, its line on the screen, the marks, the filter."""

    current: str | None
    line: int
    marks: frozenset[str]
    filter: str


def where(pilot: Pilot[None]) -> Place:
    """Return where the user is."""
    screen = pilot.app.screen
    assert isinstance(screen, CatalogScreen)
    table = screen.table
    return Place(table.current_id, table.view.cursor - table.view.offset, table.marks, screen.text)


async def keep_catalog(folder: Path) -> None:
    """Have a start behind us, whose catalogue is kept."""
    async with Stage(folder).app.run_test(size=SIZE) as pilot:
        await see(pilot, "5,000 services", "online")


async def test_the_first_rows_can_be_worked_with_until_the_rest_has_come(tmp_path: Path, gate: threading.Event) -> None:
    """Before the whole catalogue has been read its first rows are filtered and marked; then only the count changes."""
    await keep_catalog(tmp_path)
    stage = Stage(tmp_path)

    def read_late(raw: bytes) -> Services:
        gate.wait(PATIENCE)
        return read_services(raw)

    stage.read_services = read_late
    async with stage.app.run_test(size=SIZE) as pilot:
        await see(pilot, "100 services so far")
        await press(pilot, "/", "followers hq", "enter", "down", "down", " ", "down")
        await see(pilot, "of 100 services so far")
        before = where(pilot)
        assert before.current is not None and before.marks
        gate.set()
        await see(pilot, "of 5,000 services")
        assert where(pilot) == before
        assert "so far" not in text_of(pilot)


async def test_keys_work_on_the_first_rows_before_the_rest_of_the_program_is_loaded(
    tmp_path: Path, gate: threading.Event
) -> None:
    """The first key that needs the basket, the orders or a form has what is needed made."""
    await keep_catalog(tmp_path)
    stage = Stage(tmp_path)
    stage.has_history = False
    stage.after_rows = partial(threading.Event.wait, gate, PATIENCE)
    async with stage.app.run_test(size=SIZE) as pilot:
        await see(pilot, "100 services so far", "connecting")
        await press(pilot, "plus")
        await press(pilot, "3")
        await see(pilot, "1 row", "The catalog is not here yet")
        await press(pilot, "2")
        await see(pilot, "15 orders")
        await press(pilot, "1", "enter")
        await see(pilot, "Estimate", "min 10")
        await press(pilot, "escape")
        gate.set()
        await see(pilot, "5,000 services", "online")
        await press(pilot, "3")
        await see(pilot, "1 row", "Instagram Follower", "Link is needed")


async def test_a_sorting_waits_for_all_rows(tmp_path: Path, gate: threading.Event) -> None:
    """The cheapest of the first rows would not be the cheapest: nothing is listed before all are there."""
    async with Stage(tmp_path).app.run_test(size=SIZE) as pilot:
        await see(pilot, "5,000 services", "online")
        screen = pilot.app.screen
        assert isinstance(screen, CatalogScreen)
        screen.sort_by(Sorting("rate"))
        await see(pilot, "Rate /1000 ▲")
        cheapest = where(pilot)
    stage = Stage(tmp_path)

    def read_late(raw: bytes) -> Services:
        gate.wait(PATIENCE)
        return read_services(raw)

    stage.read_services = read_late
    async with stage.app.run_test(size=SIZE) as pilot:
        await see(pilot, "Loading the catalog")
        gate.set()
        await see(pilot, "5,000 services")
        assert where(pilot).current == cheapest.current


async def test_a_refresh_moves_nothing(tmp_path: Path) -> None:
    """When the panel's catalogue comes anew, with other services before the cursor, the user's place is kept."""
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=SIZE) as pilot:
        await see(pilot, "5,000 services", "online")
        await press(pilot, "/", "instagram", "enter", *["down"] * 40, " ", "down")
        before = where(pilot)
        assert stage.desk is not None
        held = {before.current, *before.marks}
        kept = [each for each in stage.desk.catalog.services if int(each.id) % 7 or each.id in held]
        body = json.dumps([{"service": each.id, "name": each.name} for each in kept]).encode()
        await stage.desk.take_services(read_services(body), stage.hands.now())
        await until(pilot, lambda: f"of {len(kept):,} services" in text_of(pilot))
        assert where(pilot) == before
        stage.desk.refresh(Wanted.CATALOG)
        await see(pilot, "of 5,000 services")
        assert where(pilot) == before


@pytest.mark.parametrize("rows", [30, 3_000])
def test_rows_do_not_wait_for_the_http_library(tmp_path: Path, rows: int) -> None:
    """With a library that takes for ever to load, the last catalogue is shown and filtered all the same."""
    hanging = tmp_path / "hanging"
    hanging.mkdir()
    (hanging / "httpx.py").write_text("import threading\nthreading.Event().wait()\n")
    config = tmp_path / "config" / "smmtui" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text(f'[profiles.test]\naccount = "test"\nurl = "https://panel.example/api"\nkey = "{KEY}"\n')
    config.chmod(0o600)
    kept = tmp_path / "cache" / "smmtui" / "test" / "services.json"
    kept.parent.mkdir(parents=True)
    kept.write_text(json.dumps([{"service": number, "name": f"Likes no. {number}"} for number in range(1, rows + 1)]))
    env = {**clean_environment(tmp_path), "PYTHONPATH": str(hanging)}
    with Terminal([str(PROGRAM)], env=env) as terminal:
        terminal.wait(rf"(?<!of ){rows:,} services *$[\s\S]*Likes no\. 1 ")
        terminal.press("/", f"no. {rows}", "enter")
        terminal.wait(rf" 1 of {rows:,} services")
