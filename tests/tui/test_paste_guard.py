"""A clipboard cannot press keys."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from textual import events

from smmtui.tui.paste_guard import GuardedParser, PasteGuard
from tests.tui.terminal import PROGRAM, Terminal, clean_environment

BEGIN, END = "\x1b[200~", "\x1b[201~"
HOSTILE = st.text(st.sampled_from("\x1b[]201~yq\x9bOP\r") | st.characters(codec="utf-8"), max_size=30)


def read(pieces: Sequence[str]) -> list[events.Event]:
    """What the parser makes of the terminal's input, read piece by piece."""
    parser = GuardedParser()
    return [event for piece in pieces if piece for event in parser.feed(piece) if isinstance(event, events.Event)]


@given(HOSTILE.filter(lambda text: END not in text), st.lists(st.integers(1, 9), max_size=12))
def test_nothing_in_a_paste_is_a_key(text: str, cuts: list[int]) -> None:
    """However it is cut into reads, a paste is one paste, without its escape characters, and no key."""
    stream, pieces = f"{BEGIN}{text}{END}", []
    for cut in cuts:
        pieces.append(stream[:cut])
        stream = stream[cut:]
    found = read([*pieces, stream])
    assert [type(event) for event in found] == [events.Paste]
    assert isinstance(found[0], events.Paste)
    assert found[0].text == text.replace("\x1b", "").replace("\x00", "")


@given(st.lists(st.text(st.characters(codec="ascii"), max_size=6), max_size=6))
def test_what_is_typed_passes_untouched(pieces: list[str]) -> None:
    """Outside of a paste the guard changes nothing."""
    guard = PasteGuard()
    pieces = [piece.replace("~", "-") for piece in pieces]
    assert [guard.clean(piece) for piece in pieces] == pieces


def test_a_hostile_clipboard_in_a_real_terminal(tmp_path: Path) -> None:
    """Escape sequences inside a paste neither quit the app nor open a form."""
    with Terminal([str(PROGRAM), "--demo"], env=clean_environment(tmp_path)) as terminal:
        terminal.wait("5,000 services")
        terminal.press(f"{BEGIN}x\x1bq\x1b[y\x1bOP\r\x1b\x11{END}")
        terminal.press("/", "instagram")
        terminal.wait(r"/ instagram[\s\S]*of 5,000 services")
        assert "Link" not in terminal.text
        terminal.press("ctrl+q")
        assert terminal.ends() == 0
