"""The big table, driven by keys and the mouse as a user would."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import pytest
from msgspec.structs import replace
from rich.color import Color
from textual import events, on
from textual.app import App, ComposeResult
from textual.content import Content
from textual.message import Message
from textual.pilot import Pilot
from textual.strip import Strip
from textual.theme import Theme
from textual.widgets import Input

from smmtui.tui.widgets.row_columns import Column
from smmtui.tui.widgets.row_table import RowTable


@dataclass(frozen=True)
class Fruit:
    id: str
    name: str = "apple"
    weight: str = "1"


COLUMNS: list[Column[Fruit]] = [
    Column("id", "Id", 5, attrgetter("id")),
    Column("name", "Name", 12, attrgetter("name"), grow=1, min_width=8),
    Column("weight", "Weight", 8, attrgetter("weight"), align="right"),
]


def fruits(count: int) -> list[Fruit]:
    return [Fruit(str(number), f"fruit {number}", f"{number}.50") for number in range(count)]


class TableApp(App[None]):
    """A filter box above one table, and a note of all its messages."""

    def __init__(self, rows: list[Fruit], columns: list[Column[Fruit]] = COLUMNS) -> None:
        super().__init__()
        self.table = RowTable(columns, attrgetter("id"), id="fruit")
        self.rows = rows
        self.told: list[Message] = []

    def compose(self) -> ComposeResult:
        yield Input()
        yield self.table

    def on_mount(self) -> None:
        self.table.show_rows(self.rows)
        self.table.focus()

    @on(RowTable.Selected, "#fruit")
    @on(RowTable.CursorMoved, "#fruit")
    @on(RowTable.MarksChanged, "#fruit")
    @on(RowTable.HeaderClicked, "#fruit")
    @on(RowTable.ColumnResized, "#fruit")
    def note(self, message: Message) -> None:
        self.told.append(message)

    def heard(self, kind: type[Any]) -> list[Any]:
        """Return the messages of one kind so far, and forget all."""
        heard = [message for message in self.told if isinstance(message, kind)]
        self.told.clear()
        return heard


@asynccontextmanager
async def shown(
    rows: list[Fruit], columns: list[Column[Fruit]] = COLUMNS, size: tuple[int, int] = (40, 14)
) -> AsyncIterator[tuple[RowTable[Fruit], Pilot[None]]]:
    """Run the app with ten lines for rows."""
    app = TableApp(rows, columns)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        yield app.table, pilot


def app_of(pilot: Pilot[None]) -> TableApp:
    assert isinstance(pilot.app, TableApp)
    return pilot.app


def text(table: RowTable[Fruit]) -> list[str]:
    """Return the lines as a user sees them, header first."""
    return [table.render_line(y).text for y in range(table.size.height)]


def ids_on_screen(table: RowTable[Fruit]) -> list[str]:
    return [line[3:8].strip() for line in text(table)[1:]]


def cursor_line(table: RowTable[Fruit]) -> int:
    """Return the line of the screen which carries the sign of the cursor."""
    (line,) = (y for y, line in enumerate(text(table)) if line[0] in "▌▏")
    return line


def current(table: RowTable[Fruit]) -> str:
    assert table.current is not None
    return table.current.id


async def wheel_down(table: RowTable[Fruit], pilot: Pilot[None], *, shift: bool = False) -> None:
    table.post_message(events.MouseScrollDown(table, 5, 5, 0, 1, 0, shift, False, False))
    await pilot.pause()


@pytest.mark.parametrize(
    ("keys", "row", "top"),
    [
        ("down", "1", 0),
        ("j j k", "1", 0),
        ("down up up", "0", 0),
        ("о о л", "1", 0),
        ("G", "99", 90),
        ("end g", "0", 0),
        ("end home", "0", 0),
        ("pagedown", "10", 10),
        ("j pagedown pagedown pageup", "11", 10),
        ("ctrl+d", "5", 5),
        ("ctrl+d ctrl+d ctrl+u", "5", 5),
        ("G pagedown", "99", 90),
    ],
)
async def test_movement_keys(keys: str, row: str, top: int) -> None:
    """Keys move the cursor, and the window no more than needed, except that pages turn both."""
    async with shown(fruits(100)) as (table, pilot):
        await pilot.press(*keys.split())
        assert current(table) == row
        assert ids_on_screen(table)[0] == str(top)
        assert ids_on_screen(table)[cursor_line(table) - 1] == row


async def test_cursor_message_names_the_row() -> None:
    """Each move tells the new current row once, and a key that moves nothing tells nothing."""
    async with shown(fruits(3)) as (_, pilot):
        app_of(pilot).told.clear()
        await pilot.press("up", "down")
        assert [message.row.id for message in app_of(pilot).heard(RowTable.CursorMoved)] == ["1"]


async def test_enter_selects() -> None:
    """Enter tells the current row, and nothing when there is none."""
    async with shown(fruits(3)) as (table, pilot):
        await pilot.press("down", "enter")
        assert [message.row.id for message in app_of(pilot).heard(RowTable.Selected)] == ["1"]
        table.show_rows([])
        await pilot.press("enter", "space", "shift+down", "G", "pagedown")
        assert app_of(pilot).heard(RowTable.Selected) == []


async def test_space_marks_and_moves_down() -> None:
    """Space marks the row, shows the sign and goes on to the next; again on a marked row it unmarks."""
    async with shown(fruits(5)) as (table, pilot):
        await pilot.press("space", "space")
        assert table.marks == {"0", "1"}
        assert [line[1] for line in text(table)[1:4]] == ["●", "●", " "]
        assert len(app_of(pilot).heard(RowTable.MarksChanged)) == 2
        await pilot.press("up", "space")
        assert table.marks == {"0"}


async def test_marks_survive_filter_sort_and_refresh() -> None:
    """Marks belong to ids: a filter hides them, another order and new rows carry them along."""
    rows = fruits(20)
    async with shown(rows) as (table, pilot):
        await pilot.press("space", "space", "space")
        table.show_rows(rows, [19, 1, 18], keep_view=False)
        await pilot.pause()
        assert [line[1:8].strip() for line in text(table)[1:4]] == ["19", "● 1", "18"]
        assert table.marks == {"0", "1", "2"}
        table.show_rows([dataclasses.replace(row, name="pear") for row in reversed(rows)])
        await pilot.pause()
        assert table.marks == {"0", "1", "2"}
        await pilot.press("end")
        assert [line[1] for line in text(table)[-4:]] == [" ", "●", "●", "●"]


async def test_mark_all_invert_and_none() -> None:
    """M adds all rows shown, I turns over those shown only, U removes hidden marks too."""
    rows = fruits(6)
    async with shown(rows) as (table, pilot):
        await pilot.press("space")
        table.show_rows(rows, [1, 2, 3], keep_view=False)
        await pilot.press("M")
        assert table.marks == {"0", "1", "2", "3"}
        table.show_rows(rows, [3, 4], keep_view=False)
        await pilot.press("I")
        assert table.marks == {"0", "1", "2", "4"}
        await pilot.press("U")
        assert table.marks == frozenset()


async def test_range_grows_and_shrinks() -> None:
    """Shift with the arrows marks from where it began; going back gives up rows, but not earlier marks."""
    async with shown(fruits(20)) as (table, pilot):
        await pilot.press("down", "down", "space", "up", "up")
        await pilot.press("shift+down", "shift+down", "shift+down")
        assert table.marks == {"1", "2", "3", "4"}
        await pilot.press("shift+up", "shift+up", "shift+up", "shift+up")
        assert table.marks == {"0", "1", "2"}
        await pilot.press("end", "shift+up")
        assert table.marks == {"0", "1", "2", "18", "19"}


async def test_news_keep_the_cursor_on_its_row_and_line() -> None:
    """Rows inserted above by a refresh move neither the current row nor its line on the screen."""
    rows = fruits(100)
    async with shown(rows) as (table, pilot):
        await pilot.press(*["pagedown"] * 3, *["down"] * 4)
        line = cursor_line(table)
        app_of(pilot).told.clear()
        table.show_rows([Fruit(f"n{number}") for number in range(7)] + [dataclasses.replace(row) for row in rows])
        await pilot.pause()
        assert (current(table), cursor_line(table)) == ("34", line)
        assert app_of(pilot).heard(RowTable.CursorMoved) == []


async def test_vanished_row_leaves_the_cursor_at_its_position() -> None:
    """When a refresh takes the current row away the cursor stays where it was, or goes to the last row."""
    rows = fruits(12)
    async with shown(rows) as (table, pilot):
        await pilot.press(*["down"] * 5)
        table.show_rows(rows[:5] + rows[6:])
        assert current(table) == "6"
        table.show_rows(rows[:3])
        assert current(table) == "2"
        await pilot.pause()
        assert ids_on_screen(table)[:4] == ["0", "1", "2", ""]


async def test_filter_keeps_the_row_or_goes_to_the_first() -> None:
    """After a change of the filter the cursor is on the same row if it is still there, else on the first, in sight."""
    rows = fruits(200)
    async with shown(rows) as (table, pilot):
        table.move_to("150")
        table.show_rows(rows, range(100, 200), keep_view=False)
        assert current(table) == "150"
        await pilot.pause()
        assert cursor_line(table) > 0
        table.show_rows(rows, [7, 9], keep_view=False)
        assert current(table) == "7"
        await pilot.pause()
        assert cursor_line(table) == 1


async def test_sorting_keeps_the_current_row() -> None:
    """Another order of the same rows keeps the cursor on its row."""
    rows = fruits(300)
    numbers = list(range(300))
    random.Random(1).shuffle(numbers)
    async with shown(rows) as (table, pilot):
        table.move_to("42")
        table.show_rows(rows, numbers, keep_view=False)
        await pilot.pause()
        assert current(table) == "42"
        assert "42" in text(table)[cursor_line(table)]


async def test_move_to_a_row_that_is_not_shown() -> None:
    """Going to an id that is not listed says so and leaves the cursor alone."""
    async with shown(fruits(5)) as (table, _):
        assert table.move_to("3") is True
        assert table.move_to("x") is False
        assert current(table) == "3"


async def test_changed_rows_carry_a_sign() -> None:
    """Rows told to have changed carry a sign until the next telling."""
    async with shown(fruits(5)) as (table, pilot):
        table.show_changed({"1", "3"})
        await pilot.pause()
        assert [line[2] for line in text(table)[1:6]] == [" ", "•", " ", "•", " "]
        table.show_changed(())
        await pilot.pause()
        assert "•" not in "".join(text(table))


async def test_header_click_and_sort_arrow() -> None:
    """A click on a title tells its column, and the arrow stands at the column the screen says."""
    async with shown(fruits(5)) as (table, pilot):
        await pilot.click(table, offset=(text(table)[0].index("Weight") + 1, 0))
        assert [message.key for message in app_of(pilot).heard(RowTable.HeaderClicked)] == ["weight"]
        table.sort_shown("weight", reverse=True)
        await pilot.pause()
        assert "Weight ▼" in text(table)[0]
        table.sort_shown("name")
        assert "Name ▲" in text(table)[0]
        table.sort_shown(None)
        assert "▲" not in text(table)[0]


async def test_an_edge_is_dragged() -> None:
    """The edge of a column follows the mouse within bounds, its width is told once, and that is no click."""
    async with shown(fruits(5)) as (table, pilot):
        edge = 3 + 5
        app_of(pilot).told.clear()
        await pilot.mouse_down(table, offset=(edge, 0))
        for x in (edge + 2, edge + 4, edge + 3):
            await pilot.hover(table, offset=(x, 0))
        assert text(table)[0].index("Name") == edge + 4
        await pilot.mouse_up(table, offset=(edge + 3, 0))
        await pilot.hover(table, offset=(edge + 9, 5))
        resized = app_of(pilot).told
        assert [(message.key, message.width) for message in resized if isinstance(message, RowTable.ColumnResized)] == [
            ("id", 8)
        ]
        assert app_of(pilot).heard(RowTable.HeaderClicked) == []
        await pilot.mouse_down(table, offset=(edge + 3, 0))
        await pilot.hover(table, offset=(0, 0))
        await pilot.mouse_up(table, offset=(0, 0))
        assert text(table)[0].index("Name") == 3 + 3 + 1
        assert table.drawn_widths["id"] == 3


async def test_a_click_on_an_edge_is_a_click_on_the_title() -> None:
    """An edge that is pressed and not moved changes no width and sorts by its column."""
    async with shown(fruits(5)) as (table, pilot):
        app_of(pilot).told.clear()
        await pilot.click(table, offset=(3 + 5, 0))
        told = [type(message) for message in app_of(pilot).told]
        assert told == [RowTable.HeaderClicked]
        assert table.drawn_widths["id"] == 5


async def test_the_sort_arrow_moves_no_column() -> None:
    """Where a title fills its column the arrow stands in the gap, behind the last column in its last cell."""
    columns = [replace(COLUMNS[0], title="Idno."), COLUMNS[1], replace(COLUMNS[2], title="Weight g")]
    async with shown(fruits(5), columns) as (table, pilot):
        before = text(table)[0]
        table.sort_shown("id")
        await pilot.pause()
        assert "Idno.▲Name" in text(table)[0]
        assert text(table)[0].replace("▲", " ") == before
        table.sort_shown("weight")
        await pilot.pause()
        assert text(table)[0] == before[:-9] + "Weight…▲ "


async def test_click_moves_and_double_click_selects() -> None:
    """A click moves the cursor there, a double click opens the row, and a click behind the last row does nothing."""
    async with shown(fruits(5)) as (table, pilot):
        await pilot.click(table, offset=(6, 3))
        assert current(table) == "2"
        assert app_of(pilot).heard(RowTable.Selected) == []
        await pilot.click(table, offset=(6, 8))
        assert current(table) == "2"
        await pilot.double_click(table, offset=(6, 4))
        assert [message.row.id for message in app_of(pilot).heard(RowTable.Selected)] == ["3"]


async def test_click_beside_a_row_marks_it() -> None:
    """A click on the signs in front of a row marks it."""
    async with shown(fruits(5)) as (table, pilot):
        await pilot.click(table, offset=(1, 3))
        assert table.marks == {"2"}
        assert current(table) == "2"


async def test_wheel_takes_the_cursor_along() -> None:
    """The wheel scrolls by three rows, and the cursor never leaves the screen."""
    async with shown(fruits(100)) as (table, pilot):
        await wheel_down(table, pilot)
        assert ids_on_screen(table)[0] == "3"
        assert current(table) == "3"
        await pilot.press(*["down"] * 4)
        await wheel_down(table, pilot)
        assert (ids_on_screen(table)[0], current(table)) == ("6", "7")


async def test_scrollbar_is_dragged_and_clicked() -> None:
    """The thumb follows the mouse to the end of the rows, and a click above it turns a page back."""
    async with shown(fruits(100)) as (table, pilot):
        assert [line[-1] for line in text(table)[1:]] == ["█", *" " * 9]
        await pilot.mouse_down(table, offset=(39, 1))
        await pilot.hover(table, offset=(39, 10))
        await pilot.mouse_up(table, offset=(39, 10))
        assert ids_on_screen(table)[-1] == "99"
        assert text(table)[-1][-1] == "█"
        await pilot.hover(table, offset=(39, 1))
        assert ids_on_screen(table)[-1] == "99"
        await pilot.mouse_down(table, offset=(39, 2))
        await pilot.mouse_up(table, offset=(39, 2))
        assert ids_on_screen(table)[-1] == "89"


async def test_no_scrollbar_when_all_rows_are_visible() -> None:
    """A list that fits has no thumb."""
    async with shown(fruits(10)) as (table, _):
        assert "█" not in "".join(text(table))


async def test_columns_scroll_sideways_behind_the_fixed_one() -> None:
    """Right scrolls whole columns out, the first stays, angles tell that there is more, and it ends at the last."""
    columns = [COLUMNS[0], *(Column(f"c{n}", f"C{n}", 10, attrgetter("name")) for n in range(5))]
    async with shown(fruits(3), columns) as (table, pilot):
        assert text(table)[0].split() == ["Id", "C0", "C1", "C2", "›"]
        await pilot.press("right")
        assert text(table)[0].split() == ["‹", "Id", "C1", "C2", "C3", "›"]
        await pilot.press("l", "l", "l", "l")
        assert text(table)[0].split() == ["‹", "Id", "C3", "C4"]
        await pilot.press("h")
        assert text(table)[0].split() == ["‹", "Id", "C2", "C3", "C4", "›"]
        await wheel_down(table, pilot, shift=True)
        assert text(table)[0].split() == ["‹", "Id", "C3", "C4"]


async def test_columns_are_hidden_ordered_and_read_back() -> None:
    """Columns set anew are drawn in their order without the hidden ones, and can be read back to be saved."""
    async with shown(fruits(3)) as (table, pilot):
        chosen = (COLUMNS[2], replace(COLUMNS[1], shown=False), COLUMNS[0])
        table.set_columns(chosen)
        await pilot.pause()
        assert text(table)[0].split() == ["Weight", "Id"]
        assert table.columns == chosen


async def test_spare_width_goes_to_the_growing_column() -> None:
    """On a wide screen the growing column takes what is left, on a narrow one it gives way first."""
    async with shown(fruits(3)) as (table, pilot):
        assert text(table)[1] == "▌  0     fruit 0                   0.50 "
        await pilot.resize_terminal(28, 14)
        assert text(table)[1] == "▌  0     fruit 0       0.50 "


async def test_resize_keeps_cursor_and_marks() -> None:
    """Making the screen smaller and larger keeps the current row, in sight, and the marks."""
    async with shown(fruits(100), size=(40, 34)) as (table, pilot):
        await pilot.press(*["down"] * 25, "space")
        for size in ((40, 8), (10, 5), (100, 40)):
            await pilot.resize_terminal(*size)
            assert current(table) == "26"
            assert table.marks == {"25"}
            assert cursor_line(table) > 0
            assert {table.render_line(y).cell_length for y in range(table.size.height)} == {size[0]}


async def test_empty_table_says_why() -> None:
    """Without rows the words set for it stand in the middle."""
    async with shown([]) as (table, pilot):
        table.show_empty(Content("Nothing matches\nesc clears"))
        await pilot.pause()
        lines = text(table)
        assert lines[5] == " " * 12 + "Nothing matches" + " " * 13
        assert lines[6] == " " * 14 + "esc clears" + " " * 16
        table.show_rows(fruits(1))
        assert "Nothing" not in "".join(text(table))


@pytest.mark.parametrize("foreign", ["[red]x[/]", "[@click=app.quit]x[/]", "x[/nope]", "\\[b]"])
async def test_foreign_text_is_drawn_literally(foreign: str) -> None:
    """What looks like markup is text, in plain and in styled cells."""
    columns = [
        Column("name", "Name", 24, attrgetter("name")),
        Column("again", "Again", 24, lambda row: Content.styled(row.name, "$text-error")),
    ]
    async with shown([Fruit("1", foreign)], columns, size=(60, 10)) as (table, pilot):
        assert text(table)[1].split()[1:] == [foreign, foreign]
        await pilot.click(table, offset=(5, 1))
        await pilot.click(table, offset=(30, 1))
        assert pilot.app.is_running


async def test_cells_drawn_anew_on_request() -> None:
    """A cell that depends on more than its row shows the new value after a request to redraw."""
    stock = ["much"]
    async with shown(fruits(2), [Column("stock", "Stock", 8, lambda _: stock[0])]) as (table, pilot):
        assert "much" in text(table)[1]
        stock[0] = "none"
        table.redraw()
        await pilot.pause()
        assert "none" in text(table)[1]


def background(table: RowTable[Fruit], y: int) -> str:
    """Return the background of the middle of a line."""
    (segment,) = table.render_line(y).crop(15, 16)
    assert segment.style is not None
    return str(segment.style.bgcolor)


async def test_cursor_is_visible_with_and_without_focus() -> None:
    """The current row stands out in colour and by its sign, differently when the filter box has the focus."""
    async with shown(fruits(3)) as (table, pilot):
        focused = (background(table, 1), text(table)[1][0])
        pilot.app.query_one(Input).focus()
        await pilot.pause()
        blurred = (background(table, 1), text(table)[1][0])
        assert len({focused[0], blurred[0], background(table, 2)}) == 3
        assert (focused[1], blurred[1]) == ("▌", "▏")


async def test_another_theme_repaints_all_lines() -> None:
    """After a change of theme nothing is left in the old colours."""
    async with shown(fruits(3)) as (table, pilot):
        dark = [background(table, y) for y in range(3)]
        pilot.app.theme = "textual-light"
        await pilot.pause()
        assert all(now != before for now, before in zip((background(table, y) for y in range(3)), dark, strict=True))


async def test_a_colour_that_only_cells_name_follows_the_theme(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cell in a colour of the theme has the new one although nothing else of the table has changed."""
    # As in a terminal that is given its own colours; otherwise a new theme brings a filter of its own for all lines.
    monkeypatch.setattr(App, "get_line_filters", lambda _: [])
    columns = [Column[Fruit]("id", "Id", 5, lambda row: Content.styled(row.id, "$text-error"))]
    async with shown(fruits(3), columns) as (table, pilot):
        for name, error in (("one", "#ff0000"), ("other", "#0000ff")):
            pilot.app.register_theme(Theme(name, primary="#777777", error=error))

        async def colour(theme: str) -> Color | None:
            pilot.app.theme = theme
            await pilot.pause()
            (segment,) = table.render_line(2).crop(3, 4)
            return segment.style.color if segment.style is not None else None

        colours = [await colour(name) for name in ("one", "other", "one")]
        assert colours[0] == colours[2] != colours[1]


async def test_rows_are_kept_when_the_focus_goes_and_comes() -> None:
    """The focus changes how the cursor's row looks; the others are not drawn again."""
    drawn: list[str] = []

    def name(row: Fruit) -> str:
        drawn.append(row.id)
        return row.name

    async with shown(fruits(5), [Column("name", "Name", 8, name)]) as (table, pilot):
        await pilot.pause()
        for widget in (pilot.app.query_one(Input), table):
            drawn.clear()
            widget.focus()
            await pilot.pause()
            assert set(drawn) == {"0"}


async def test_a_step_repaints_two_lines_and_lays_nothing_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A step inside the window draws the two lines it changes; no key asks for a layout."""
    async with shown(fruits(100)) as (table, pilot):
        await pilot.pause()
        drawn: list[int] = []
        draw = table.render_line

        def noted(y: int) -> Strip:
            drawn.append(y)
            return draw(y)

        monkeypatch.setattr(table, "render_line", noted)
        layouts: list[object] = []
        monkeypatch.setattr(pilot.app.screen, "_refresh_layout", lambda *args, **kwargs: layouts.append(args))
        await pilot.press("down")
        assert sorted(drawn) == [1, 2]
        await pilot.press("pagedown", "G", "space", "shift+up", "right")
        assert layouts == []
