"""Terminals that say, at once, late or never, what their background is, and a user who types meanwhile."""

from __future__ import annotations

import re
import signal
from pathlib import Path

import pytest

from tests.tui.terminal import PROGRAM, Terminal, clean_environment

QUESTION = b"\x1b]11;?\x1b\\"
WHITE, BLACK = "rgb:ffff/ffff/ffff", "rgb:0000/0000/0000"
# The background of each theme, as the program asks for it.
LIGHT, DARK = b"48;2;251;251;252", b"48;2;21;23;27"
COLOUR = re.compile(rb"\x1b\[(?:\d+;)*(?:[34][0-8]|9[0-7]|10[0-7])(?:;\d+)*m")


def demo(home: Path, **env: str) -> Terminal:
    """The demo in a terminal that answers nothing by itself."""
    return Terminal([str(PROGRAM), "--demo"], env={**clean_environment(home), **env})


def asked(terminal: Terminal) -> None:
    """Read until the program has asked."""
    terminal.wait_for_output(QUESTION)


ANSWERS = {
    "light": (f"\x1b]11;{WHITE}\x1b\\",),
    "light, ended by a bell, in pieces": ("\x1b", "]11;rgb:ff", "ff/ffff/ffff", "\x07"),
    "dark": (f"\x1b]11;{BLACK}\x1b\\",),
    "nonsense": ("\x1b]11;purple\x07",),
    "nothing": (),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_the_theme_follows_the_terminal_and_no_key_is_lost(tmp_path: Path, name: str) -> None:
    """What is typed before the first paint goes into the filter, and nothing of the answer shows anywhere."""
    with demo(tmp_path) as terminal:
        asked(terminal)
        terminal.press("/", "insta", *ANSWERS[name], "gram")
        terminal.wait(r"/ instagram[\s\S]*of 5,000 services")
        terminal.wait_for_output(LIGHT if name.startswith("light") else DARK)
        terminal.press("ctrl+q")
        assert terminal.ends() == 0
        assert terminal.modes() == terminal.before
    assert not re.search(rb"rgb:|purple|\]11;[^?]", terminal.output)


def test_an_answer_that_comes_late_changes_the_theme_and_presses_no_key(tmp_path: Path) -> None:
    """Long after the rows are there the screen becomes light; no form opens, and the filter stays empty."""
    with demo(tmp_path) as terminal:
        terminal.wait("5,000 services")
        assert LIGHT not in terminal.output
        terminal.press("\x1b]11;", WHITE, "\x1b", "\\")
        terminal.wait_for_output(LIGHT)
        terminal.press("/", "insta")
        terminal.wait(r"/ insta ")
        terminal.press("ctrl+q")
        assert terminal.ends() == 0


def test_a_signal_while_it_loads_leaves_a_usable_terminal(tmp_path: Path) -> None:
    """Told to end right after the question, it gives the terminal back as it was."""
    with demo(tmp_path) as terminal:
        asked(terminal)
        assert terminal.modes() != terminal.before
        terminal.process.send_signal(signal.SIGTERM)
        assert terminal.ends() == 128 + signal.SIGTERM
        assert terminal.modes() == terminal.before


@pytest.mark.parametrize("env", [{"TERM": "dumb"}, {"NO_COLOR": "1"}, {"TEXTUAL_THEME": "nord"}])
def test_where_the_answer_would_not_count_nothing_is_asked(tmp_path: Path, env: dict[str, str]) -> None:
    """A terminal that cannot answer, no colours, or a theme that was chosen: no question is sent."""
    with demo(tmp_path, COLORFGBG="0;15", **env) as terminal:
        terminal.wait("5,000 services")
        assert QUESTION not in terminal.output
        assert LIGHT not in terminal.output
        assert bool(COLOUR.search(terminal.output)) == ("NO_COLOR" not in env)
        terminal.press("q")
        assert terminal.ends() == 0
