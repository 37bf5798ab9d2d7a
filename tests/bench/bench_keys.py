"""What a key costs until the screen shows its effect, in a real terminal, beside fzf and a bare Textual Input.

    python -m tests.bench.bench_keys [rows ...]

fzf keeps the answers of a query, so it is started anew for each of its samples. Ours keeps the rows it has drawn, so it
is started anew before a letter comes again; it is emptied in between.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from smmtui.domain.catalog import Catalog
from smmtui.domain.filter_language import SERVICE_FIELDS, parse
from tests.bench.catalogs import lines_of, services_of
from tests.bench.home import Home, home
from tests.bench.pty import Program
from tests.bench.report import line, ms

LETTERS = "kbhvwjxygzdu"
STEPS, TURNS = 5, 5
ECHO = (sys.executable, str(Path(__file__).with_name("echo.py")))
PAGE_DOWN, PAGE_UP, DOWN = b"\x1b[6~", b"\x1b[5~", b"\x1b[B"
FILTER, CLEAR, TO_TABLE, FIRST = b"/", b"\x15", b"\r", b"g"
FILTER_TARGETS = {10_000: 0.75, 100_000: 0.35}


def letters(rows: int) -> list[tuple[str, int, str]]:
    """Return letters that not every row has, with the number of hits and the id of the first one."""
    catalog = Catalog(services_of(rows))
    found = [(letter, catalog.matching(parse(letter, SERVICE_FIELDS))) for letter in LETTERS]
    return [(letter, len(hits), catalog.services[hits[0]].id) for letter, hits in found if 0 < len(hits) < rows]


def filtered(program: Program, rows: int) -> Iterator[float]:
    """Yield the seconds from each letter in an empty filter to the screen that it leaves."""
    program.press(FIRST)
    program.catch_up()
    for letter, hits, first in letters(rows):
        program.press(FILTER)
        program.catch_up()
        since = program.press(letter.encode())
        yield program.wait(rf"\b{hits:,} of {rows:,} services", rf"^[▌▏]..  *{first} ", since=since)
        for keys in (CLEAR, TO_TABLE, FIRST):
            program.press(keys)
            program.catch_up()


def moved(program: Program, key: bytes, cursor: str) -> Iterator[float]:
    """Yield the seconds from each press of a key to the cursor on another row; `cursor` finds the id of its row."""
    for _ in range(STEPS):
        program.catch_up()
        found = re.search(cursor.format(id=r"(\d+)"), program.text, re.MULTILINE)
        assert found is not None, program.text
        yield program.wait(cursor.format(id=rf"(?!{found[1]} )\d+"), since=program.press(key))


def echoed(home: Home) -> Iterator[float]:
    """Yield the seconds from each letter to its echo."""
    with Program(ECHO, home.env) as program:
        program.wait("painted")
        typed = ""
        for letter in LETTERS:
            typed += letter
            yield program.wait(rf"\b{typed}\b", since=program.press(letter.encode()))


def fzf_filtered(home: Home, command: list[str], rows: int) -> Iterator[float]:
    """Yield the seconds from the first letter to the filtered screen, for as many starts as there are letters."""
    for letter, _, _ in letters(rows):
        with Program(command, home.env) as program:
            program.wait(rf"\b{rows}/{rows}\b")
            yield program.wait(rf"(?<!\d)(?!{rows}/)\d+/{rows}\b", since=program.press(letter.encode()))


def measure(rows: int, echo: float) -> None:
    """Print the lines for a catalogue of so many services; `echo` is the yardstick of Textual itself."""
    ours: dict[str, list[float]] = {"keys": [], "steps": [], "pages": []}
    theirs: dict[str, list[float]] = {"keys": [], "pages": []}
    with home() as place, ExitStack() as programs:
        place.cache(rows)
        command, fzf = ["sh", "-c", f"exec fzf -i --exact --no-sort <{place.folder / 'lines'}"], None
        if shutil.which("fzf"):
            (place.folder / "lines").write_text(lines_of(rows))
            fzf = programs.enter_context(Program(command, place.env))
            fzf.wait(rf"\b{rows}/{rows}\b")
        # In turns, so that a machine that has other things to do for a while is as slow for each.
        for _ in range(TURNS):
            with Program(place.command, place.env) as program:
                program.wait(rf"(?<!of ){rows:,} services *$", r"100\.50")
                ours["keys"] += filtered(program, rows)
                ours["steps"] += moved(program, DOWN, "^▌.. *{id} ")
                ours["pages"] += moved(program, PAGE_DOWN, "^▌.. *{id} ")
            if fzf is not None:
                theirs["keys"] += fzf_filtered(place, command, rows)
                theirs["pages"] += moved(fzf, PAGE_UP, "^> {id} ")
    keys, steps, pages = map(ms, ours.values())
    fzf_keys, fzf_pages = (ms(times) if times else None for times in theirs.values())
    line(f"key to filtered screen, {rows:,} rows", keys, "fzf", fzf_keys, FILTER_TARGETS.get(rows, 0.75))
    if rows <= 10_000:
        line(f"key to filtered screen, {rows:,} rows", keys, "echo", echo, 4.5)
    line(f"page down, {rows:,} rows", pages, "fzf", fzf_pages, 1.25)
    line(f"line down, {rows:,} rows", steps, "echo", echo, 1.5)


def main(*sizes: int) -> None:
    """Print one table for each size."""
    with home() as place:
        echo = ms(list(echoed(place)))
    for rows in sizes or (10_000, 100_000):
        measure(rows, echo)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
