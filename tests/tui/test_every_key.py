"""Every key of every screen and dialog: named, explained, found, and the user's own where they want another."""

from __future__ import annotations

import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.binding import Binding
from textual.command import CommandPalette
from textual.dom import DOMNode
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widget import Widget

from smmtui.config import Preferences, choose
from smmtui.errors import ConfigError
from smmtui.tui.hints import hints_on
from smmtui.tui.own_keys import check_keys
from smmtui.tui.palette import PlainCommands
from smmtui.tui.screens.catalog import CatalogScreen
from smmtui.tui.screens.pick_panel import PickPanel
from smmtui.tui.screens.setup import SetupScreen
from smmtui.tui.shell import Shell
from smmtui.tui.widgets.key_bar import KeyBar
from tests.tui.configured import app_on, configure, folders, profile
from tests.tui.support import Stage, press, see, text_of, until
from tests.tui.tour import screens, walk

CYRILLIC = dict(zip("qwertyuiopasdfghjklzxcvbnm", "йцукенгшщзфывапролдячсмить", strict=True))
CYRILLIC |= {latin.upper(): letter.upper() for latin, letter in CYRILLIC.items()}
SIZE = (120, 36)
# The list of keys and the palette are not listed in themselves, and nothing but its own key spends money.
NOT_IN_PALETTE = {"app.help", "app.palette", "app.colon", "confirm.yes"}


def our_bindings() -> Iterator[tuple[type[DOMNode], Binding]]:
    """Every binding that a class of ours declares, with all of its keys."""
    list(screens())
    kinds: list[type[DOMNode]] = [DOMNode]
    for kind in kinds:
        kinds += kind.__subclasses__()
        if kind.__module__.startswith("smmtui."):
            for binding in kind.__dict__.get("BINDINGS", ()):
                assert isinstance(binding, Binding), kind
                yield kind, binding


def test_every_key_has_a_name_and_an_explanation() -> None:
    """Help, palette and configuration are made of them."""
    for kind, binding in our_bindings():
        assert binding.id, (kind, binding)
        assert binding.tooltip and binding.description, binding.id


def test_letters_work_on_cyrillic_and_turkish_keyboards() -> None:
    """A letter's neighbour on the same physical key does the same, also the Turkish i without and with its dot."""
    for kind, binding in our_bindings():
        keys = [key.strip() for key in binding.key.split(",")]
        for key in keys:
            if len(key) == 1 and key in string.ascii_letters:
                assert CYRILLIC[key] in keys, (kind, binding.id)
                assert {"i": "ı", "I": "İ"}.get(key, key) in keys, (kind, binding.id)


def test_no_class_has_one_key_for_two_actions() -> None:
    """Whoever gives one of them another key would take it from the other as well."""
    for kind in {kind for kind, _binding in our_bindings()}:
        for key, bindings in kind._merge_bindings().key_to_bindings.items():
            assert len({binding.id for binding in bindings}) == 1, (kind, key)


def active_ids(screen: Screen[object]) -> dict[str, str]:
    """What each key does now, by the actions' ids."""
    return {key: each.binding.id for key, each in screen.active_bindings.items() if each.enabled and each.binding.id}


def ids_on(screen: Screen[object]) -> set[str]:
    """The ids of everything that has a key on the screen, wherever the focus is."""
    nodes = [screen, *(node for node in screen.query("*").results(Widget) if node.focusable)]
    return {binding.id for node in nodes for _key, binding in node._bindings if binding.id}


def assert_found(screen: Screen[object]) -> None:
    """Everything with a key is in the help, and in the palette what is possible now."""
    assert {hint.id for hint in hints_on(screen, dormant=True)} >= ids_on(screen) - {"app.help"}
    offered = {what.title for what in PlainCommands(screen)._commands()}
    for hint in hints_on(screen, dormant=True):
        if hint.enabled and hint.id not in NOT_IN_PALETTE:
            assert f"{hint.name}: {hint.what}" in offered, hint.id


def assert_other_keys_do_it(screen: Screen[object]) -> None:
    """Under other keys everything is there as before, and nothing under the old ones."""
    before = active_ids(screen)
    others = {action: f"alt+f{number}" for number, action in enumerate(sorted(set(before.values())), 13)}
    screen.app.set_keymap(others)
    now = active_ids(screen)
    assert {now.get(key) for key in others.values()} == set(others)
    assert not [key for key, action in before.items() if now.get(key) == action]
    screen.app.set_keymap({})
    assert active_ids(screen) == before


def footer(screen: Screen[object]) -> list[str]:
    """The keys in the last line, each with its word."""
    return screen.query_one(KeyBar).render().plain.strip().split("  ")


def assert_footer_fits(screen: Screen[object], width: int) -> None:
    """Each key is there whole with its word, or not at all; help and the way out are among them."""
    keys: dict[str | None, str] = {}
    for each in screen.active_bindings.values():
        keys.setdefault(each.binding.id, f"{screen.app.get_key_display(each.binding)} {each.binding.description}")
    line = footer(screen)
    assert cell_len(" " + "  ".join(line)) <= width, line
    assert set(line) <= set(keys.values()), line
    for wanted in ("app.help", "app.quit"):
        assert wanted not in keys or keys[wanted] in line, line
    ways_out = [keys[each.binding.id] for key, each in screen.active_bindings.items() if key == "escape"]
    assert not screen.is_modal or set(ways_out) <= set(line), line


async def assert_keys(pilot: Pilot[None]) -> None:
    """On the screen in front: in help and palette, under a key of the user's own, and whole in the last line."""
    screen = pilot.app.screen
    assert_found(screen)
    assert_other_keys_do_it(screen)
    for width, height in ((60, 16), (80, 24), SIZE):
        await pilot.resize_terminal(width, height)
        await pilot.pause()
        assert_footer_fits(screen, width)


async def test_every_key_is_found_and_can_be_another(tmp_path: Path) -> None:
    """On every screen and dialog there is."""
    seen: set[type[Screen[object]]] = set()
    async for stop in walk(tmp_path / "demo"):
        seen.add(type(stop.screen))
        if not isinstance(stop.screen, CommandPalette):
            await assert_keys(stop.pilot)
    paths = folders(tmp_path)
    configure(paths, profile("first", "http://127.0.0.1:9/") + profile("second", "http://127.0.0.1:9/"))
    async with app_on(paths, choose(paths, "first", {})).run_test(size=SIZE) as pilot:
        await see(pilot, "offline")
        await press(pilot, "P")
        await until(pilot, lambda: isinstance(pilot.app.screen, PickPanel))
        seen.add(type(pilot.app.screen))
        await assert_keys(pilot)
        await press(pilot, "new panel", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, SetupScreen))
        seen.add(type(pilot.app.screen))
        await assert_keys(pilot)
    assert set(screens()) - seen == {Shell}


# ── the user's own ────────────────────────────────────────────────────────────────────────────────────────────────


async def test_own_keys_stand_wherever_a_key_is_named(tmp_path: Path) -> None:
    """In the last line, the help, the words of an empty screen; and they are what works."""
    stage = Stage(tmp_path)
    own = {"screen.filter": "alt+f", "app.help": "alt+h", "screen.clear": "ctrl+l", "catalog.favourite": "ctrl+f,v"}
    own |= {"app.orders": "alt+o", "table.mark_none": "alt+u", "app.quit_always": "alt+q"}
    check_keys(Preferences(keys=own))
    stage.app.set_keymap(own)
    async with stage.app.run_test(size=SIZE) as pilot:
        await see(pilot, "5,000 services", "alt+f Filter", "alt+h Help", " alt+o Orders ")
        await press(pilot, "v")
        await see(pilot, "★ ")
        await press(pilot, "/*?")
        assert isinstance(pilot.app.screen, CatalogScreen) and pilot.app.screen.table.has_focus
        await press(pilot, "ctrl+f")
        await until(pilot, lambda: " ★ " not in "\n".join(text_of(pilot).splitlines()[4:]))
        await press(pilot, "alt+f", "zzzzzz", "enter")
        await see(pilot, "Nothing matches “zzzzzz”. ^l clears the filter.")
        await press(pilot, "ctrl+l", "alt+h", "favour")
        await see(pilot, "^f v ", "In [keys] it is called catalog.favourite")
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, CatalogScreen))
        await see(pilot, "★ ")
        await press(pilot, " ")
        await see(pilot, "1 marked", "alt+u unmarks all")
        await pilot.resize_terminal(50, 12)
        await see(pilot, "everything is as you left it.", "alt+q quits.")


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        (
            {"catalog.favorite": "x"},
            "catalog.favorite is no action; help shows the id of each. Did you mean catalog.fav",
        ),
        ({"catalog.favourite": "Ctrl+F"}, "favourite names a key that there is not. Did you mean ctrl+f?"),
        ({"catalog.favourite": "f99"}, "favourite names a key that there is not."),
        ({"catalog.favourite": "x,,y"}, "names no key between two commas"),
        ({"catalog.favourite": ""}, "names no key"),
        ({"catalog.favourite": "ctrl+i"}, "names ctrl+i, which a terminal cannot tell from tab"),
        ({"catalog.favourite": "shift+f"}, "a terminal sends the letter F"),
        ({"catalog.favourite": "x"}, "catalog.favourite and table.export would both have the key x"),
        ({"catalog.favourite": "q"}, "catalog.favourite and app.quit would both have the key q"),
        ({"catalog.favourite": "j"}, "catalog.favourite and table.down would both have the key j"),
        ({"catalog.favourite": "?"}, "catalog.favourite and app.help would both have the key question_mark"),
        ({"catalog.favourite": "tab"}, "would both have the key tab"),
        ({"catalog.favourite": "f8", "table.sort": "f8"}, "would both have the key f8"),
        ({"form.review": "ctrl+p"}, "form.review and app.palette would both have the key ctrl+p"),
        ({"form.review": "ctrl+a"}, "form.review and"),
        ({"form.review": "r"}, "works while a text is typed, and r would be part of the text"),
        ({"app.palette": "p"}, "works while a text is typed"),
        ({"filter.older": "k"}, "works while a text is typed"),
        ({"confirm.yes": "enter"}, "confirm.yes keeps its key"),
        ({"confirm.no": "b"}, "is an action of a dialog, where escape stays what it is"),
        ({"help.down": "enter,down"}, "is an action of a dialog, where enter stays what it is"),
        ({"confirm.down": "y"}, "confirm.down names y, which is kept for confirm.yes: it is what spends money"),
        ({"table.copy_ids": "f7", "basket.place": "y"}, "basket.place names y, which is kept for confirm.yes"),
        ({"table.copy_ids": "f7", "basket.place": "f9,н"}, "basket.place names н, which is"),
    ],
)
def test_a_key_that_cannot_be_kept_is_told(keys: dict[str, str], words: str) -> None:
    """The action and the reason, before anything is started."""
    with pytest.raises(ConfigError) as caught:
        check_keys(Preferences(keys=keys))
    assert words in str(caught.value)


@pytest.mark.parametrize(
    "keys",
    [
        {},
        {"catalog.favourite": "ctrl+f"},
        {"catalog.favourite": "v, ctrl+x"},
        {"table.sort": "S", "table.reverse": "s"},
        {"table.select": "ctrl+o"},
        {"confirm.no": "escape,b"},
        {"table.copy_ids": "f7,y"},
        {"app.catalog": "f1", "app.help": "f12"},
        {"orders.next_group": "я"},
        {"details.down": "down,comma"},
    ],
)
def test_a_key_that_can_be_kept_is(keys: dict[str, str]) -> None:
    """Also two that change places, letters of other alphabets, and editing keys of a field beside the table."""
    check_keys(Preferences(keys=keys))
