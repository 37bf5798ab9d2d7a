"""What a key and a refresh cost in `RowTable`, beside Textual's `DataTable` in the same run.

Run as `python -m tests.bench.bench_row_table`. Measured is processor time, because Textual's own waits would hide it.
Milliseconds depend on the machine; the ratios are what counts.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from operator import attrgetter
from statistics import median
from time import process_time

from textual.app import App, ComposeResult
from textual.content import Content
from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import DataTable

from smmtui.tui.widgets.row_columns import Column
from smmtui.tui.widgets.row_table import RowTable

SIZE = (120, 40)
PEER_ROWS = 1_000
ROUNDS = 30


@dataclass(frozen=True)
class Service:
    id: str
    name: str
    category: str
    rate: str
    minimum: str
    maximum: str


def services(count: int) -> list[Service]:
    """Return services, every fifth with emoji in its name."""
    return [
        Service(
            str(number),
            f"{'🔥 ❤️ ' if number % 5 == 0 else ''}Instagram Followers [Max 100K] | Speed 10K/day | {number}",
            f"Category {number % 40}",
            f"{number % 977 / 100:.4f}",
            "10",
            f"{number:,}",
        )
        for number in range(count)
    ]


COLUMNS: list[Column[Service]] = [
    Column("id", "Id", 6, attrgetter("id"), align="right"),
    Column("name", "Name", 40, attrgetter("name"), grow=1, min_width=20),
    Column("category", "Category", 14, attrgetter("category")),
    Column("rate", "Rate", 10, lambda row: Content.styled(row.rate, "$text-success"), align="right"),
    Column("min", "Min", 8, attrgetter("minimum"), align="right"),
    Column("max", "Max", 8, attrgetter("maximum"), align="right"),
]


class Bench(App[None]):
    """One widget that fills the screen."""

    def __init__(self, widget: Widget) -> None:
        super().__init__()
        self.widget = widget

    def compose(self) -> ComposeResult:
        yield self.widget

    def on_mount(self) -> None:
        self.widget.focus()


async def timed(rounds: int, act: Callable[[], Awaitable[object]]) -> float:
    """Return the median processor time of `act` in milliseconds, once warmed up."""
    await act()
    samples = []
    for _ in range(rounds):
        started = process_time()
        await act()
        samples.append((process_time() - started) * 1000)
    return median(samples)


async def pressed(pilot: Pilot[None], key: str, rounds: int = ROUNDS) -> float:
    """Return what a key costs until nothing is left to do, without what an idle key costs in any app."""
    return await timed(rounds, lambda: pilot.press(key)) - await timed(rounds, lambda: pilot.press("f12"))


async def measure_row_table(count: int) -> dict[str, float]:
    """Measure our table over `count` rows."""
    table = RowTable(COLUMNS, attrgetter("id"))
    rows = services(count)
    async with Bench(table).run_test(size=SIZE) as pilot:
        table.show_rows(rows)
        table.move_to(str(count // 2))

        def blocking(*calls: Callable[[], object]) -> float:
            samples = []
            for call in calls:
                table.move_to(str(count - 10))
                started = process_time()
                call()
                samples.append((process_time() - started) * 1000)
            return median(samples)

        fresh = [[replace(row) for row in rows] for _ in range(5)]
        inserted = [[replace(row, id=f"new {row.id}") for row in rows[:n]] + rows for n in range(1, 6)]
        thirds = [range(n % 3, count, 3) for n in range(ROUNDS)]

        async def repainted() -> None:
            table.show_rows(rows, range(count), keep_view=False)
            await pilot.pause()

        return {
            "cursor step": await pressed(pilot, "down"),
            "page down": await pressed(pilot, "pagedown"),
            "show_rows, same rows, filtered": blocking(
                *(lambda numbers=numbers: table.show_rows(rows, numbers, keep_view=False) for numbers in thirds)
            ),
            "show_rows, all rows new objects": blocking(*(lambda new=new: table.show_rows(new) for new in fresh)),
            "show_rows, rows inserted above": blocking(*(lambda new=new: table.show_rows(new) for new in inserted)),
            "show_rows until painted": await timed(ROUNDS, repainted) - await timed(ROUNDS, pilot.pause),
        }


async def measure_data_table(count: int) -> dict[str, float]:
    """Measure Textual's table over `count` rows."""
    table: DataTable[str] = DataTable(cursor_type="row")
    rows = services(count)

    def fill() -> None:
        table.clear()
        for row in rows:
            table.add_row(*(column.cell(row) for column in COLUMNS), key=row.id)  # type: ignore[arg-type]

    async def refilled() -> None:
        fill()
        await pilot.pause()

    async with Bench(table).run_test(size=SIZE) as pilot:
        for column in COLUMNS:
            table.add_column(column.title, width=column.width)
        fill()
        await pilot.pause()
        return {
            "cursor step": await pressed(pilot, "down"),
            "page down": await pressed(pilot, "pagedown", 12),
            "show_rows until painted": await timed(3, refilled),
        }


async def report() -> None:
    """Print one table of medians and ratios."""
    peer = await measure_data_table(PEER_ROWS)
    ours = {count: await measure_row_table(count) for count in (10_000, 100_000)}
    print(f"{'median ms':34}" + "".join(f"{f'RowTable {count:,}':>18}" for count in ours) + f"{'DataTable 1,000':>18}")
    for what in ours[10_000]:
        line = f"{what:34}" + "".join(f"{figures[what]:18.2f}" for figures in ours.values())
        if what in peer:
            ratios = ", ".join(f"{peer[what] / max(figures[what], 0.001):.1f}" for figures in ours.values())
            line += f"{peer[what]:18.2f}   × {ratios}"
        print(line)


def main() -> None:
    """Print it."""
    asyncio.run(report())


if __name__ == "__main__":
    main()
