"""A hostile panel, journal and clipboard in a real terminal: every byte that reaches it is Textual's own."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.demo.served import serve
from tests.tui.hostile import BUNCHES, COMMANDS, STRINGS, HostilePanel, foreign_controls, write_home
from tests.tui.terminal import Terminal, clean_environment

PROGRAM = Path(sys.executable).with_name("smmtui")
COLUMNS, ROWS = 130, 40


def click_traps(terminal: Terminal) -> None:
    """Click into every text on the screen that says that a click on it runs something."""
    for row, line in enumerate(terminal.text.splitlines(), 1):
        for trap in re.finditer(r"\[@click[a-z=.()]*\]?", line):
            for column in (trap.start() + 2, trap.end() + 1):
                terminal.press(f"\x1b[<0;{column};{row}M\x1b[<0;{column};{row}m")


def assert_aligned(terminal: Terminal, title: str, value: str) -> None:
    """In every row of the table the value stands under the right edge of its title."""
    lines = ["".join(terminal.cells(row)) for row in range(ROWS)]
    head = next(row for row, line in enumerate(lines) if f" {title} " in line)
    edge = terminal.cells(head).index(title[0], lines[head].index(f" {title} ") + 1) + len(title)
    body = [row for row in range(head + 1, ROWS - 1) if re.match(r"[▌▏ ]..\s*(\d+|–) ", lines[row])]
    assert len(body) > 20
    for row in body:
        assert "".join(terminal.cells(row)[edge - len(value) - 1 : edge + 1]) == f" {value} ", lines[row]


def see_catalog(terminal: Terminal) -> None:
    """The rows of the catalog keep their columns, and a click on one only goes there."""
    for key, current in (("g", r"1000"), ("\x1b[6~", r"10[2-5]\d"), ("G", rf"{999 + len(STRINGS)}")):
        terminal.press(key)
        terminal.wait(rf"^▌ +{current} ")
        assert_aligned(terminal, "Max", "777,777")
        click_traps(terminal)


def see_forms(terminal: Terminal) -> None:
    """Every service can be opened, looked at and left."""
    for number in range(len(BUNCHES)):
        terminal.press("\r")
        terminal.wait(rf"│ +{1000 + number} [\s\S]*Quantity")
        click_traps(terminal)
        leave(terminal, rf"^▌ +{1000 + number} ")
        terminal.press("j")


def see_reviews(terminal: Terminal) -> None:
    """Every service can be reviewed, with a link that was pasted from nowhere good, and nothing is ordered."""
    for number, text in enumerate(BUNCHES):
        terminal.press("\r", pasted(f"at {text}"), "\t", "20", "f9")
        terminal.wait(r"Place this order\?[\s\S]*Link +at[\s\S]*Yes, place it")
        click_traps(terminal)
        # The service stands last; of a long link it may have to be scrolled to.
        terminal.press(*["\x1b[6~"] * 8)
        terminal.wait(rf"Service +{1000 + number} ")
        click_traps(terminal)
        terminal.press("n")
        terminal.wait(rf"│ +{1000 + number} [\s\S]*Quantity")
        leave(terminal, rf"^▌ +{1000 + number} ")
        terminal.press("j")


def see_orders(terminal: Terminal) -> None:
    """The orders keep their columns, whatever panel and journal say of them."""
    terminal.press("2")
    terminal.wait(r"checked")
    for key in ("g", "\x1b[6~", "G"):
        terminal.press(key)
        terminal.wait(r"^▌")
        assert_aligned(terminal, "Quantity", "100")
        click_traps(terminal)


def see_details(terminal: Terminal) -> None:
    """Everything that is known of any order can be shown."""
    terminal.press("2")
    terminal.wait(r"checked")
    for _ in BUNCHES:
        terminal.press("\r")
        terminal.wait(r"Delivered +[–━╸─]")
        click_traps(terminal)
        leave(terminal, r"^▌")
        terminal.press("j")


def see_attention(terminal: Terminal) -> None:
    """The evidence for any unknown order can be read, raw reply and all."""
    terminal.press("4")
    terminal.wait(r"May have been placed[\s\S]*Raw reply")
    for _ in STRINGS:
        click_traps(terminal)
        terminal.press("j")
        terminal.wait(r"May have been placed[\s\S]*Raw reply")


def leave(terminal: Terminal, row: str) -> None:
    """Close the dialog in front of the table, and see that the cursor is where it was."""
    terminal.press("\x1b")
    terminal.wait(rf"{row}[\s\S]*q Quit")


def pasted(text: str) -> str:
    """What a terminal sends for a pasted line; it takes out the escapes, and sends no halves of pairs."""
    line = " ".join(text.replace("\x1b", "").splitlines())
    return f"\x1b[200~{line.encode('utf-8', 'replace').decode()}\x1b[201~"


def see_help_and_palette(terminal: Terminal) -> None:
    """Help and palette take a hostile search, and the filter a hostile paste."""
    text = pasted("".join(COMMANDS))
    for opens, shown in (("?", "Search by name or key"), ("\x10", "Search for commands")):
        terminal.press(opens)
        terminal.wait(shown)
        terminal.press(text, "[@click=app.quit]x[/]")
        terminal.wait(r"\[@click=app")
        click_traps(terminal)
        leave(terminal, r"^▌")
    terminal.press("/", text, "[@click=app.quit]x[/]")
    terminal.wait(r"Nothing matches")
    click_traps(terminal)


ROADS = [
    (see_catalog, STRINGS),
    (see_orders, STRINGS),
    (see_forms, BUNCHES),
    (see_reviews, BUNCHES),
    (see_details, BUNCHES),
    (see_help_and_palette, BUNCHES),
    # Of four orders in the journal one is unknown.
    (see_attention, [text for text in STRINGS for _ in range(4)]),
]


@pytest.mark.parametrize(("road", "strings"), ROADS, ids=[road.__name__ for road, _ in ROADS])
def test_nothing_foreign_reaches_the_terminal(
    tmp_path: Path, road: Callable[[Terminal], None], strings: Sequence[str]
) -> None:
    """Seventy hostile strings in every field are shown as text: no control, no action, no crash, no order."""
    panel = HostilePanel(strings)
    with serve(panel) as url:
        command = [str(PROGRAM), "--config", str(write_home(tmp_path, url, strings))]
        with Terminal(command, env=clean_environment(tmp_path), columns=COLUMNS, rows=ROWS, deadline=20) as terminal:
            terminal.wait(rf"online[\s\S]*{len(strings)} services")
            road(terminal)
            terminal.press("\x11")
            assert terminal.ends() == 0
    assert foreign_controls(terminal.output) == []
    assert "add" not in panel.asked


def test_a_hostile_path_is_harmless_when_it_is_printed(tmp_path: Path) -> None:
    """Names of files, as the last words after the end and in a refusal to start, cannot command the terminal."""
    env = clean_environment(tmp_path) | {"XDG_DATA_HOME": str(tmp_path / "\x1b[5m\x1b]0;owned\x07\u202e")}
    config = write_home(tmp_path, "http://127.0.0.1:9/api/v2", ())
    journal = Path(env["XDG_DATA_HOME"]) / "smmtui" / "hostile" / "journal.db"
    journal.mkdir(parents=True)
    for command, code in (([str(PROGRAM), "--config", str(config)], 1), ([str(PROGRAM), "--config", str(journal)], 2)):
        with Terminal(command, env=env, deadline=20) as terminal:
            assert terminal.ends() == code
        assert "[5m" in terminal.output.decode()
        assert foreign_controls(terminal.output) == []


def test_the_search_for_foreign_controls_finds_them() -> None:
    """Of the strings with a control in them, none could slip through the search unseen."""
    for text in COMMANDS:
        if not text.startswith("&"):
            assert foreign_controls(f"\x1b[0;38;2;1;2;3m{text}\x1b[0m\r\n".encode()), repr(text)
