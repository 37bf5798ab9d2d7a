"""The keys that every table has, pressed on the Catalog and on Orders."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path

import pytest
from textual.pilot import Pilot

from smmtui.domain.money import show_amount
from smmtui.domain.records import Order, Service
from smmtui.tui.screens.catalog import CatalogScreen, ServiceTable
from smmtui.tui.screens.choose_columns import ChooseColumns
from smmtui.tui.screens.choose_sort import ChooseSort
from smmtui.tui.screens.save_file import SaveFile
from smmtui.tui.screens.tracker import OrderTable, TrackerScreen
from tests.tui.support import Stage, press, see, text_of, until

SIZE = (150, 30)


@pytest.fixture(autouse=True)
def bare_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No desktop, no programs but those a test puts into `bin`, and an empty current folder."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
        monkeypatch.delenv(name, raising=False)
    for name in ("bin", "here"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.chdir(tmp_path / "here")


def install(folder: Path, name: str, script: str) -> None:
    """Put a program there."""
    path = folder / "bin" / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def write(name: str, text: str) -> None:
    """Make a file in the current folder."""
    Path(name).write_text(text, encoding="utf-8")


def read(name: str) -> str:
    """What a file in the current folder holds."""
    return Path(name).read_bytes().decode()


@asynccontextmanager
async def catalog(stage: Stage, size: tuple[int, int] = SIZE) -> AsyncIterator[Pilot[None]]:
    """The Catalog of the demo panel, fresh."""
    async with stage.app.run_test(size=size, notifications=True) as pilot:
        await see(pilot, "5,000 services", "online")
        yield pilot


@asynccontextmanager
async def orders(stage: Stage, size: tuple[int, int] = SIZE) -> AsyncIterator[Pilot[None]]:
    """The Orders of the demo panel, after their first check."""
    async with catalog(stage, size) as pilot:
        await press(pilot, "2")
        await see(pilot, "15 orders", "checked", "✓ Completed")
        yield pilot


def table_of(pilot: Pilot[None]) -> ServiceTable | OrderTable:
    screen = pilot.app.screen
    assert isinstance(screen, CatalogScreen | TrackerScreen)
    return screen.table


def services(pilot: Pilot[None]) -> list[Service]:
    """The services listed, in order."""
    table = table_of(pilot)
    assert isinstance(table, ServiceTable)
    return list(table.shown_rows())


def listed(pilot: Pilot[None]) -> list[Order]:
    """The orders listed, in order."""
    table = table_of(pilot)
    assert isinstance(table, OrderTable)
    return list(table.shown_rows())


def head(pilot: Pilot[None]) -> str:
    """The titles of the table."""
    return table_of(pilot).render_line(0).text


# ── marks ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def least(found: list[Service]) -> str:
    """What these cost together at their minimum quantity, computed here."""
    total = sum((service.rate * service.min / 1000 for service in found if service.rate and service.min), Decimal(0))
    return show_amount(Decimal(format(total.normalize(), "f")), "USD")


async def test_the_bar_tells_marks_and_their_sum(tmp_path: Path) -> None:
    """Marked services are counted with their least cost, also those that a filter hides; none is no bar."""
    async with catalog(Stage(tmp_path)) as pilot:
        before = services(pilot)
        assert "marked" not in text_of(pilot)
        await press(pilot, "   ")
        await see(pilot, f"● 3 marked, {least(before[:3])} at minimum quantity")
        await press(pilot, "/", f"id:{before[1].id}", "enter")
        await see(pilot, f"● 3 marked (2 hidden by the filter), {least(before[:3])} at")
        await press(pilot, "I")
        await see(pilot, "● 2 marked (2 hidden by the filter)")
        await press(pilot, "escape", "M")
        await see(pilot, "● 5,000 marked, ")
        await press(pilot, "U")
        await until(pilot, lambda: "marked" not in text_of(pilot))


async def test_marks_stay_with_their_rows(tmp_path: Path) -> None:
    """Sorting, filtering and a new catalogue leave the marks on the services they were put on."""
    stage = Stage(tmp_path)
    async with catalog(stage) as pilot:
        await press(pilot, " ", "down", "shift+down", "shift+down")
        marks = table_of(pilot).marks
        assert marks == {service.id for service in services(pilot)[:1] + services(pilot)[2:5]}
        await press(pilot, "s", "r", "S", "/", "telegram", "enter", "escape")
        assert stage.desk
        old = stage.desk.catalog
        await press(pilot, "r")
        await until(pilot, lambda: stage.desk and stage.desk.catalog is not old)
        assert table_of(pilot).marks == marks
        await see(pilot, "● 4 marked, ")


async def test_a_marked_service_that_is_gone_is_told_and_left_out(tmp_path: Path) -> None:
    """A key never takes the current row instead of marked ones that the panel does not list any more."""
    stage = Stage(tmp_path)
    async with catalog(stage) as pilot:
        table_of(pilot).set_marks({"no-such-service"})
        await see(pilot, "● 1 marked (1 not listed any more)")
        await press(pilot, "y", "x")
        await see(pilot, "There are no services here")
        assert pilot.app.clipboard == ""


async def test_marked_orders_are_added_up(tmp_path: Path) -> None:
    """The bar of Orders is the sum of what the panel charged."""
    async with orders(Stage(tmp_path)) as pilot:
        await press(pilot, "M")
        charged = sum((order.charge for order in listed(pilot) if order.charge is not None), Decimal(0))
        await see(pilot, f"● 15 marked, {show_amount(charged, 'USD')} charged")


# ── sorting ───────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_services_are_sorted_by_one_key(tmp_path: Path) -> None:
    """`s` and a letter sort, numbers as numbers; the same again or `S` turns it around, a filter keeps it."""
    async with catalog(Stage(tmp_path)) as pilot:
        first = services(pilot)
        await press(pilot, "s")
        await see(pilot, "Sort by", "p  • Panel's order", "r    Rate /1000")
        await press(pilot, "r")
        await see(pilot, "Rate /1000▲", "sorted by Rate /1000 ▲")
        rates = [service.rate for service in services(pilot)]
        assert rates == sorted(rate for rate in rates if rate is not None)
        await press(pilot, "s", "r")
        await see(pilot, "Rate /1000▼")
        assert [service.rate for service in services(pilot)] == rates[::-1]
        await press(pilot, "S", "/", "telegram", "enter")
        await see(pilot, "Rate /1000▲", "of 5,000")
        found = [service.rate for service in services(pilot)]
        assert found == sorted(rate for rate in found if rate is not None)
        await press(pilot, "escape", "s", "p")
        await until(pilot, lambda: "▲" not in text_of(pilot))
        assert services(pilot) == first


async def test_a_click_on_a_title_sorts(tmp_path: Path) -> None:
    """A click sorts by the column, another one reverses; the chip takes the sorting away again."""
    async with catalog(Stage(tmp_path)) as pilot:
        where = (head(pilot).index("Max") + 1, 0)
        for arrow, reverse in (("▲", False), ("▼", True)):
            await pilot.click(ServiceTable, offset=where)
            await see(pilot, f"Max {arrow}")
            most = [service.max or 0 for service in services(pilot)]
            assert most == sorted(most, reverse=reverse)
        chip = next(line for line in text_of(pilot).splitlines() if "sorted by Max" in line)
        row = text_of(pilot).splitlines().index(chip)
        await pilot.click(offset=(chip.index("sorted by") + 2, row))
        await until(pilot, lambda: "▼" not in text_of(pilot))


async def test_sorting_keeps_the_cursors_row_but_not_the_first(tmp_path: Path) -> None:
    """Whoever stands on a row stays on it; whoever has not moved sees the new first row."""
    async with catalog(Stage(tmp_path)) as pilot:
        await press(pilot, "s", "n")
        assert table_of(pilot).view.cursor == 0
        await press(pilot, "down", "down")
        here = table_of(pilot).current_id
        await press(pilot, "s", "i", "S")
        assert table_of(pilot).current_id == here
        assert table_of(pilot).view.cursor > 2


async def test_the_sort_dialog_can_be_left_and_moved_in(tmp_path: Path) -> None:
    """Esc changes nothing; j and Enter choose; a Cyrillic letter is its key."""
    async with catalog(Stage(tmp_path)) as pilot:
        first = services(pilot)
        await press(pilot, "s", "escape")
        assert services(pilot) == first
        await press(pilot, "s", "j", "j", "k", "enter")
        await see(pilot, "sorted by Id ▲")
        await press(pilot, "ы", "т")
        await see(pilot, "sorted by Name ▲")


async def test_orders_are_sorted_and_stay_so(tmp_path: Path) -> None:
    """Orders sort by what a column shows, unknown last, also after news; the way back is the natural order."""
    stage = Stage(tmp_path)
    async with orders(stage) as pilot:
        natural = listed(pilot)
        await press(pilot, "s")
        await see(pilot, "• Active first, newest first")
        await press(pilot, "q")
        await see(pilot, "Quantity▲")
        totals = [order.total for order in listed(pilot)]
        assert totals == sorted(total for total in totals if total is not None)
        stage.hands.move(30)
        await press(pilot, "r")
        await until(pilot, lambda: listed(pilot) != natural)
        assert [order.total for order in listed(pilot)] == totals
        await press(pilot, "s", "a")
        await until(pilot, lambda: "▲" not in head(pilot))
        assert [order.id for order in listed(pilot)] == [order.id for order in natural]


# ── columns ───────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_columns_are_chosen(tmp_path: Path) -> None:
    """Columns are hidden, moved and widened in a dialog, which Esc leaves without a change and `r` empties."""
    async with catalog(Stage(tmp_path)) as pilot:
        before = head(pilot).split()
        await press(pilot, "C", "j", " ", "K", "escape")
        assert head(pilot).split() == before
        await press(pilot, "C")
        await until(pilot, lambda: isinstance(pilot.app.screen, ChooseColumns))
        await press(pilot, "jj", "K", "K", "==", "down", " ", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, CatalogScreen))
        assert head(pilot).split()[:3] == ["Name", "★", "Rate"]
        shown = table_of(pilot).drawn_widths["name"]
        await press(pilot, "C", "r", "enter")
        await until(pilot, lambda: head(pilot).split() == before)
        assert shown == table_of(pilot).drawn_widths["name"] + 2


async def test_one_column_is_always_left(tmp_path: Path) -> None:
    """The last column cannot be hidden, and the words say so."""
    async with catalog(Stage(tmp_path)) as pilot:
        await press(pilot, "C", " " * 10)
        await see(pilot, "· Id", "· Type", "✓ Category")
        await press(pilot, " ")
        await see(pilot, "One column has to be left", "✓ Category")


async def test_sorting_and_columns_are_there_at_the_next_start(tmp_path: Path) -> None:
    """How a table was arranged is remembered for each screen by itself."""
    async with catalog(Stage(tmp_path)) as pilot:
        await press(pilot, "s", "x", "s", "a", "S", "C", " ", "enter", "2", "s", "q")
        await see(pilot, "Quantity▲")
    async with catalog(Stage(tmp_path)) as pilot:
        await see(pilot, "Max ▼")
        assert head(pilot).split()[0] == "★"
        assert (services(pilot)[0].max or 0) >= (services(pilot)[1].max or 0) > 10
        await press(pilot, "2")
        await see(pilot, "Quantity▲", " Id ")


async def test_a_dragged_edge_is_remembered(tmp_path: Path) -> None:
    """A column takes the width that its edge is dragged to, and has it at the next start."""
    async with catalog(Stage(tmp_path)) as pilot:
        widths = table_of(pilot).drawn_widths
        edge = 3 + widths["id"] + 1 + widths["favourite"] + 1 + widths["name"]
        await pilot.mouse_down(ServiceTable, offset=(edge, 0))
        await pilot.hover(ServiceTable, offset=(edge - 9, 0))
        await pilot.mouse_up(ServiceTable, offset=(edge - 9, 0))
        await until(pilot, lambda: table_of(pilot).drawn_widths["name"] == widths["name"] - 9)
        assert "▲" not in head(pilot)
    async with catalog(Stage(tmp_path)) as pilot:
        assert table_of(pilot).drawn_widths["name"] == widths["name"] - 9


# ── copies, links, files ──────────────────────────────────────────────────────────────────────────────────────────────


async def test_ids_are_copied_by_the_desktops_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`y` hands the ids of the marked rows, in the order shown, to the desktop's program and names it."""
    monkeypatch.setenv("DISPLAY", ":7")
    out = tmp_path / "copied"
    install(tmp_path, "xclip", f'IFS= read -r line; printf "%s|%s" "$*" "$line" > {out}')
    async with catalog(Stage(tmp_path)) as pilot:
        await press(pilot, "s", "r", "   ", "y")
        await see(pilot, "3 ids, by xclip.")
        assert out.read_text() == f"-selection clipboard|{','.join(service.id for service in services(pilot)[:3])}"


async def test_ids_are_copied_through_the_terminal(tmp_path: Path) -> None:
    """Without such a program the terminal gets them, and the words say so; services have no links to copy."""
    async with catalog(Stage(tmp_path)) as pilot:
        await press(pilot, "down", "y")
        await see(pilot, "1 id, through the terminal (OSC 52)")
        assert pilot.app.clipboard == services(pilot)[1].id
        await press(pilot, "?", "copy links")
        await see(pilot, "(not now) Copy their links")


async def test_links_are_copied(tmp_path: Path) -> None:
    """`Y` copies the links of the marked orders, a line each, also of those that the filter hides."""
    async with orders(Stage(tmp_path)) as pilot:
        rows = listed(pilot)
        await press(pilot, "   ", "/", f"id:{rows[1].id}", "enter", "Y")
        await see(pilot, "3 links, through the terminal")
        assert pilot.app.clipboard == "\n".join(rows[place].link for place in (1, 0, 2))


async def test_a_link_is_opened_after_its_host_was_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`o` shows where the link leads; only `y` opens it, in the system's browser."""
    monkeypatch.setenv("DISPLAY", ":7")
    out = tmp_path / "opened"
    install(tmp_path, "xdg-open", f'printf "%s" "$1" > {out}')
    async with orders(Stage(tmp_path)) as pilot:
        link = listed(pilot)[0].link
        await press(pilot, "o")
        await see(pilot, "Open this link in your browser?", link.split("/")[2], link, " y  Open it ")
        await press(pilot, "escape", "o")
        await see(pilot, " y  Open it ")
        assert not out.exists()
        await press(pilot, "y")
        await until(pilot, lambda: out.exists() and out.read_text() == link)


async def test_no_link_is_told(tmp_path: Path) -> None:
    """A service whose description has no link opens nothing and says so."""
    async with catalog(Stage(tmp_path)) as pilot:
        await press(pilot, "o")
        await see(pilot, "There is no link here")
        assert isinstance(pilot.app.screen, CatalogScreen)


async def test_what_is_shown_is_exported(tmp_path: Path) -> None:
    """`x` writes the rows as filtered and sorted; an existing file stays as it is, and the dialog says so."""
    async with catalog(Stage(tmp_path)) as pilot:
        await press(pilot, "/", "telegram reactions", "enter", "s", "r", "x")
        await see(pilot, "Export to a file", "services (shown)", "services-2026-03-14.csv")
        write("services-2026-03-14.csv", "mine")
        await press(pilot, "enter")
        await see(pilot, "There is a file of this name already")
        assert read("services-2026-03-14.csv") == "mine"
        await press(pilot, *["backspace"] * 4, "-2.csv", "enter")
        await see(pilot, "Exported", "services-2026-03-14-2.csv")
        rows = list(csv.DictReader(io.StringIO(read("services-2026-03-14-2.csv"), newline="")))
        assert [row["id"] for row in rows] == [service.id for service in services(pilot)]
        assert len(rows) > 3


async def test_marked_orders_are_exported_as_json(tmp_path: Path) -> None:
    """Where rows are marked only these are written; Esc writes nothing."""
    async with orders(Stage(tmp_path)) as pilot:
        await press(pilot, "down", "  ", "x", "escape")
        assert os.listdir() == []
        await press(pilot, "x")
        await until(pilot, lambda: isinstance(pilot.app.screen, SaveFile))
        await press(pilot, *["backspace"] * 3, "json", "enter")
        await see(pilot, "Exported", "2 orders to")
        written = [order["id"] for order in json.loads(read(*os.listdir()))]
        assert written == [order.id for order in listed(pilot)[1:3]]


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (200, 60)])
async def test_every_line_fits_the_screen(tmp_path: Path, size: tuple[int, int]) -> None:
    """With marks, a sorting and each dialog open, nothing is wider than the screen and the footer is whole."""
    async with catalog(Stage(tmp_path), size) as pilot:
        await press(pilot, "   ", "s")
        await until(pilot, lambda: isinstance(pilot.app.screen, ChooseSort))
        await see(pilot, "Sort by", "esc Back")
        await press(pilot, "r", "C")
        await see(pilot, "Columns", "⏎ Done", "esc Back")
        await press(pilot, "escape", "x")
        await see(pilot, "Export to a file", "esc Back")
        await press(pilot, "escape")
        await see(pilot, "● 3 marked", "? Help", "q Quit")
