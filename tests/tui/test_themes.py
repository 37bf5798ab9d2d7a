"""What can be read in which colours, and in none; and whose choice the theme is."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.theme import BUILTIN_THEMES
from textual.widgets import Static

from smmtui.desk.health import Condition
from smmtui.domain.order_entry import Problem
from smmtui.domain.records import State
from smmtui.domain.statuses import Status
from smmtui.terminal_background import TerminalBackground
from smmtui.theme_choice import DARK, FEW_DARK, LIGHT, THEMES, ThemeChoice, unknown_theme
from smmtui.tui.show import problem_line
from smmtui.tui.widgets.row_table import RowTable
from tests.tui.seen import in_front, pieces
from tests.tui.support import Stage, press, see, until
from tests.tui.terminal import PROGRAM, Terminal, clean_environment
from tests.tui.tour import walk

SIZE = (120, 36)


@pytest.fixture(autouse=True)
def many_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal that has them, whatever the tests themselves run in."""
    monkeypatch.setenv("COLORTERM", "truecolor")


@pytest.mark.parametrize("theme", [DARK, LIGHT])
async def test_every_text_can_be_read(tmp_path: Path, theme: str) -> None:
    """On every screen, cursor and marks included: contrast 4.5 to its background, 3 where it is bold."""
    stage, faint = Stage(tmp_path), set()
    stage.app.dress(ThemeChoice(theme, tmp_path, {}), TerminalBackground(), dark=True)
    async for stop in walk(tmp_path, stage):
        for piece in in_front(stage.app):
            if piece.read and piece.contrast < (3.0 if piece.bold else 4.5):
                faint.add((stop.name, piece.text, round(piece.contrast, 2)))
    assert faint == set()


async def test_without_colours_nothing_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No screen has any colour; where the keyboard is, is seen by reverse or a frame, and the current tab as well."""
    monkeypatch.setenv("NO_COLOR", "1")
    unseen = []
    async for stop in walk(tmp_path):
        seen = list(pieces(stop.pilot.app))
        assert {(piece.ink, piece.ground) for piece in seen} == {(None, None)}, stop.name
        focused = stop.screen.focused
        empty = isinstance(focused, RowTable) and focused.current is None
        if focused is not None and len(stop.screen.focus_chain) > 1 and not empty:
            inside = [piece for piece in seen if focused.region.overlaps(piece.place)]
            if not any(piece.reverse or "┃" in piece.text for piece in inside):
                unseen.append(stop.name)
        if len(stop.pilot.app.screen_stack) == 1 and stop.pilot.app.current_mode != "messages":
            tabs = stop.screen.query_one("#tabs", Static).region
            lit = [piece for piece in seen if piece.reverse and tabs.overlaps(piece.place)]
            assert [piece.text.strip()[0] for piece in lit] == [_number(stop.pilot.app.current_mode)], stop.name
    assert unseen == []


def _number(mode: str) -> str:
    return str(1 + ["catalog", "orders", "basket", "attention"].index(mode))


async def test_few_colours_are_the_terminals_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With sixteen colours the theme is one of the terminal's, and the cursor's row still stands out."""
    stage = Stage(tmp_path)
    monkeypatch.setattr(type(stage.app.console), "color_system", "standard")
    stage.app.dress(ThemeChoice("", tmp_path, {}), TerminalBackground(), dark=True)
    async with stage.app.run_test(size=SIZE) as pilot:
        await see(pilot, "5,000 services", "online")
        assert stage.app.theme == FEW_DARK
        grounds = {piece.ground for piece in pieces(stage.app) if "18423" in piece.text}
        assert None not in grounds
        assert {piece.ground for piece in pieces(stage.app) if "10933" in piece.text} == {None}


def test_every_state_has_a_word_of_its_own() -> None:
    """Statuses, states and the panel's health are told apart by what is written, whatever the colours."""
    for kind in (Status, State, Condition):
        words = [each.words if hasattr(each, "words") else each.value for each in kind]
        assert len(set(words)) == len(words), kind
    problem, warning = (problem_line(Problem("link", "odd", warning=odd)).plain for odd in (False, True))
    assert problem != warning


# ── the choice ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_themes_are_those_that_there_are() -> None:
    """The list that names are checked against has every theme of ours and Textual's."""
    assert sorted(THEMES) == sorted({*BUILTIN_THEMES, DARK, LIGHT})


def test_an_unknown_name_is_told_with_the_nearest_one() -> None:
    """A slip of the pen gets the right name; what is near nothing gets all of them."""
    assert unknown_theme("nord") == unknown_theme("") == ""
    assert "smmtui-dark" in unknown_theme("smmtui-drak")
    assert all(name in unknown_theme("zzz") for name in THEMES)


async def test_a_theme_of_the_palette_is_remembered_for_all_panels(tmp_path: Path) -> None:
    """Chosen once, it is worn at the next start, whatever the terminal's background."""
    stage = Stage(tmp_path / "stage")
    stage.app.dress(ThemeChoice("", tmp_path / "state", {}), TerminalBackground(), dark=True)
    async with stage.app.run_test(size=SIZE) as pilot:
        await see(pilot, "5,000 services")
        assert stage.app.theme == DARK
        await press(pilot, "ctrl+p", "theme: solarized-light")
        await see(pilot, "Wear this theme")
        await press(pilot, "down", "enter")
        await until(pilot, lambda: stage.app.theme == "solarized-light")
    assert (tmp_path / "state" / "theme").stat().st_mode & 0o777 == 0o600
    again = Stage(tmp_path / "again")
    again.app.dress(ThemeChoice("", tmp_path / "state", {}), TerminalBackground(), dark=True)
    assert again.app.theme == "solarized-light"
    assert ThemeChoice("nord", tmp_path / "state", {}).named == "nord"


async def test_a_theme_beside_the_configured_one_holds_for_this_run(tmp_path: Path) -> None:
    """It says so, and nothing is remembered."""
    stage = Stage(tmp_path / "stage")
    stage.app.dress(ThemeChoice("nord", tmp_path / "state", {}), TerminalBackground(), dark=True)
    async with stage.app.run_test(size=SIZE, notifications=True) as pilot:
        await see(pilot, "5,000 services")
        assert stage.app.theme == "nord"
        stage.app.theme = "dracula"
        await see(pilot, "stays until smmtui ends", "“nord”")
    assert not (tmp_path / "state").exists()


@pytest.mark.parametrize("content", [b"no such theme\n", b"\xff\xfe", b"x" * 10_000, b""])
def test_a_damaged_memory_of_a_theme_is_none(tmp_path: Path, content: bytes) -> None:
    """Whatever stands in the file, the start goes on with what suits the terminal."""
    (tmp_path / "theme").write_bytes(content)
    assert ThemeChoice("", tmp_path, {}).named == ""


def test_an_unknown_theme_in_the_configuration_is_an_error(tmp_path: Path) -> None:
    """With file, line and the nearest name; the terminal has not been taken."""
    config = tmp_path / "panels.toml"
    config.write_text('theme = "smmtui-drak"\n[profiles.main]\nurl = "https://example.com"\nkey = "0123456789"\n')
    config.chmod(0o600)
    with Terminal([str(PROGRAM), "--config", str(config)], env=clean_environment(tmp_path)) as terminal:
        assert terminal.ends() == 2
        assert terminal.modes() == terminal.before
    told = terminal.output.decode()
    assert f"{config}, line 1" in told and "smmtui-dark" in told
    assert "\x1b" not in told
