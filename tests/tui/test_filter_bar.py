"""The filter line as a user works with it: chips, history, completion, saved filters, words for what is amiss."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.events import Paste
from textual.pilot import Pilot

from smmtui.domain.filter_language import parse
from smmtui.tui.app import SmmtuiApp
from smmtui.tui.filter_examples import filter_examples
from smmtui.tui.widgets.filter_history import FilterHistory
from smmtui.tui.with_filter import WithFilter
from tests.tui.support import Stage, press, see, text_of, until

SIZE = (120, 36)


def filter_line(pilot: Pilot[None]) -> str:
    """The line of the filter, without the count."""
    line = next(line for line in text_of(pilot).splitlines() if line.startswith(" /"))
    return line.split("  ")[0] if "×" not in line else line[: line.rindex("×") + 1]


async def chips(pilot: Pilot[None], *labels: str) -> None:
    """Wait until exactly these chips are shown."""
    await until(pilot, lambda: [each.strip() for each in filter_line(pilot)[2:].split("×")] == [*labels, ""])


async def typed(pilot: Pilot[None], text: str) -> None:
    """Wait until the filter holds this text."""
    screen = pilot.app.screen
    await until(pilot, lambda: screen.text == text)  # type: ignore[attr-defined]


async def test_each_term_is_a_chip_that_a_key_or_a_click_takes_away(tmp_path: Path) -> None:
    """Backspace takes the last term, a click on a chip that one; the rows follow."""
    async with Stage(tmp_path).app.run_test(size=SIZE) as pilot:
        await see(pilot, "5,000 services")
        await press(pilot, "/", "telegram views|members rate<1", "enter")
        await chips(pilot, "telegram", "views|members", "rate<1")
        await press(pilot, "backspace")
        await chips(pilot, "telegram", "views|members")
        await pilot.click("Chips", offset=(2, 0))
        await chips(pilot, "views|members")
        await press(pilot, "backspace")
        await see(pilot, "words, cat:…", " 5,000 services")


async def test_chips_that_do_not_fit_are_counted(tmp_path: Path) -> None:
    """On a narrow screen the chips stay on one line, and the rest is a number."""
    async with Stage(tmp_path).app.run_test(size=(60, 16)) as pilot:
        await see(pilot, "5,000 services")
        await press(pilot, "/", "telegram rate<1 min<=100 max>10 refill:no", "enter")
        await see(pilot, "telegram × ", "+3")


async def test_the_filter_opens_again_by_key_and_by_click(tmp_path: Path) -> None:
    """What was typed can be typed on."""
    async with Stage(tmp_path).app.run_test(size=SIZE) as pilot:
        await see(pilot, "5,000 services")
        await press(pilot, "/", "tele", "enter", "/", "gram", "enter")
        await chips(pilot, "telegram")
        await pilot.click("Chips", offset=(40, 0))
        await press(pilot, " likes", "enter")
        await chips(pilot, "telegram", "likes")


async def test_older_filters_come_back_by_the_arrows(tmp_path: Path) -> None:
    """Up goes back without repeating itself, Down forth to what was being typed and then to the table."""
    async with Stage(tmp_path).app.run_test(size=SIZE) as pilot:
        await see(pilot, "5,000 services")
        for text in ("telegram", "likes", "telegram"):
            await press(pilot, "/", *["backspace"] * 10, text, "enter")
        await press(pilot, "/", "up")
        await typed(pilot, "likes")
        await press(pilot, "up")
        await typed(pilot, "likes")
        await press(pilot, "down")
        await typed(pilot, "telegram")
        await press(pilot, *["backspace"] * 10, "vie", "up")
        await typed(pilot, "telegram")
        await press(pilot, "down")
        await typed(pilot, "vie")
        await press(pilot, "down")
        await chips(pilot, "vie")


async def test_the_history_is_there_at_the_next_start(tmp_path: Path) -> None:
    """Each screen remembers its own filters across starts."""
    async with Stage(tmp_path).app.run_test(size=SIZE) as pilot:
        await see(pilot, "5,000 services")
        await press(pilot, "/", "telegram", "enter", "2", "/", "partial", "escape")
    async with Stage(tmp_path).app.run_test(size=SIZE) as pilot:
        await see(pilot, "5,000 services")
        await press(pilot, "/", "up")
        await typed(pilot, "telegram")
        await press(pilot, "escape", "2")
        await see(pilot, "15 orders")
        await press(pilot, "/", "up")
        await typed(pilot, "partial")


def test_the_history_keeps_a_hundred() -> None:
    """The oldest filters are forgotten first, and none is kept twice."""
    kept: list[str] = []
    history = FilterHistory([], lambda entries: kept.__setitem__(slice(None), entries))
    for number in range(120):
        history.add(str(number))
    history.add("50")
    assert kept == [*map(str, range(20, 50)), *map(str, range(51, 120)), "50"]


async def test_tab_completes_fields_and_values(tmp_path: Path) -> None:
    """What Tab would add is shown; without anything to add it stays, and what is typed next is no command."""
    async with Stage(tmp_path).app.run_test(size=SIZE) as pilot:
        await see(pilot, "5,000 services")
        await press(pilot, "/", "ref")
        await see(pilot, "/ refill:")
        await press(pilot, "tab", "tab", " ca", "tab", '"🎵', "tab")
        await until(pilot, lambda: "🎵 tiktok | " in filter_line(pilot))
        await see(pilot, " of 5,000 services")
        await press(pilot, "tab", "q", "backspace", "enter")
        await chips(pilot, "refill:yes", filter_line(pilot).split("×")[1].strip())
    async with Stage(tmp_path).app.run_test(size=SIZE) as pilot:
        await press(pilot, "2")
        await see(pilot, "15 orders")
        await press(pilot, "/", "status:p", "tab")
        await typed(pilot, "status:pending")
        await press(pilot, "home", "is:act", "tab", " ")
        await typed(pilot, "is:act status:pending")


async def test_one_types_on_at_the_end_and_empties_with_one_key(tmp_path: Path) -> None:
    """However the cursor was left, the filter opens at its end, and ctrl+u takes all of it away."""
    async with Stage(tmp_path).app.run_test(size=SIZE) as pilot:
        await see(pilot, "5,000 services")
        await press(pilot, "/", "tele", "home", "enter", "/", "gram")
        await typed(pilot, "telegram")
        await press(pilot, "home", "ctrl+u", "likes")
        await typed(pilot, "likes")


async def test_pasted_lines_are_one_line_and_it_is_said(tmp_path: Path) -> None:
    """No line of a paste into the filter is lost without a word."""
    async with Stage(tmp_path).app.run_test(size=SIZE, notifications=True) as pilot:
        await see(pilot, "5,000 services")
        await press(pilot, "/")
        pilot.app.post_message(Paste("telegram\n\n likes\n"))
        await typed(pilot, "telegram likes")
        await see(pilot, "Pasted as one line", "2 lines were pasted")


@pytest.mark.parametrize("mode", ["catalog", "orders", "basket", "messages"])
async def test_every_example_in_the_help_is_a_filter(tmp_path: Path, mode: str) -> None:
    """The help of each screen lists what its filter can read, finds it by words, and Enter tries it."""
    async with Stage(tmp_path).app.run_test(size=SIZE) as pilot:
        await see(pilot, "5,000 services")
        await press(pilot, {"catalog": "1", "orders": "2", "basket": "3", "messages": "!"}[mode])
        await until(pilot, lambda: pilot.app.current_mode == mode)
        screen = pilot.app.screen
        assert isinstance(screen, WithFilter)
        examples = filter_examples(mode)
        for text, _ in examples:
            assert not parse(text, screen.fields()).problems
        await press(pilot, "?")
        await see(pilot, "Search by name or key")
        await press(pilot, "save")
        await see(pilot, "^s  ", "(not now)")
        await press(pilot, *["backspace"] * 4, "end")
        await see(pilot, "For the filter; Enter tries one", examples[-1][0])
        await press(pilot, "enter")
        await typed(pilot, examples[-1][0])


async def test_a_saved_filter_is_found_in_the_palette_until_it_is_forgotten(tmp_path: Path) -> None:
    """ctrl+s asks for a name; the palette filters by it, also at the next start, and forgets it."""
    async with Stage(tmp_path).app.run_test(size=SIZE, notifications=True) as pilot:
        await see(pilot, "5,000 services")
        await press(pilot, "/", "likes rate<0.01", "ctrl+s")
        await see(pilot, "Save this filter as", "likes rate<0.01")
        await press(pilot, "cheap [b]likes", "enter")
        await see(pilot, "Filter saved", "“Filter: cheap [b]likes”")
    async with Stage(tmp_path).app.run_test(size=SIZE) as pilot:
        await see(pilot, "5,000 services")
        await press(pilot, "ctrl+p", "cheap [b]")
        await see(pilot, "Filter: cheap [b]likes")
        await press(pilot, "enter")
        await chips(pilot, "likes", "rate<0.01")
        await press(pilot, "ctrl+p", "forget cheap")
        await see(pilot, "Forget filter: cheap")
        await press(pilot, "enter", "ctrl+p", "cheap [b]")
        await see(pilot, "No matches found")


async def test_a_dialog_has_the_last_line_for_its_own_keys(tmp_path: Path) -> None:
    """The keys of the screen below are not shown while they do nothing."""
    async with Stage(tmp_path).app.run_test(size=SIZE) as pilot:
        await see(pilot, "5,000 services")
        await press(pilot, "/", "likes", "ctrl+s")
        await see(pilot, "Save this filter as")
        assert text_of(pilot).splitlines()[-1].strip() == "esc Back"
        await press(pilot, "escape", "escape", "2", "t")
        await see(pilot, "Ask the panel")
        assert "Quit" not in text_of(pilot)


async def test_there_is_nothing_to_save_or_clear_without_a_filter(tmp_path: Path) -> None:
    """The palette offers these only while there is a filter."""
    async with Stage(tmp_path).app.run_test(size=SIZE) as pilot:
        await see(pilot, "5,000 services")
        await press(pilot, "ctrl+p", "save this filter")
        await see(pilot, "No matches found")


async def test_a_bad_term_is_marked_where_it_was_typed_and_explained(tmp_path: Path) -> None:
    """It is underlined in the input, a chip with a cross afterwards, in words below, and left out of the search."""
    async with Stage(tmp_path).app.run_test(size=SIZE) as pilot:
        await see(pilot, "5,000 services")
        await press(pilot, "/", "telegram rate<cheap min<=100")
        await see(pilot, "✕ “cheap” is not a number", " of 5,000 services")
        assert underlined(pilot.app) == "rate<cheap"
        await press(pilot, "enter")
        await chips(pilot, "telegram", "✕ rate<cheap", "min<=100")
        await press(pilot, "/", *["backspace"] * len(" rate<cheap min<=100"))
        await until(pilot, lambda: "not a number" not in text_of(pilot))
        assert underlined(pilot.app) == ""


def underlined(app: SmmtuiApp | object) -> str:
    """What is drawn underlined in the line of the filter."""
    assert isinstance(app, SmmtuiApp)
    line = app.screen._compositor.render_strips(app.size)[2]
    return "".join(segment.text for segment in line if segment.style and segment.style.underline)


async def test_what_finds_nothing_alone_is_named(tmp_path: Path) -> None:
    """Of several terms those are named that are to blame, or that it is all of them together."""
    async with Stage(tmp_path).app.run_test(size=SIZE) as pilot:
        await see(pilot, "5,000 services")
        await press(pilot, "/", "telegram xyzzy", "enter")
        await see(pilot, "Nothing matches “telegram xyzzy”", "“xyzzy” alone finds nothing.", "Backspace")
        assert "“telegram” alone" not in text_of(pilot)
        await press(pilot, "backspace", "/", " instagram rate>999", "enter", "backspace", "/", ' cat:"reddit', "enter")
        await see(pilot, "Nothing matches", "Each term finds services alone, but none has them all.")


async def test_the_orders_name_what_finds_nothing(tmp_path: Path) -> None:
    """The same words help among the orders."""
    async with Stage(tmp_path).app.run_test(size=SIZE) as pilot:
        await see(pilot, "5,000 services", "online")
        await press(pilot, "2")
        await see(pilot, "15 orders", "Partial")
        await press(pilot, "/", "status:partial xyzzy", "enter")
        await see(pilot, "“xyzzy” alone finds nothing.")


async def test_a_damaged_memory_does_no_harm(tmp_path: Path) -> None:
    """What an older version or a damaged file left behind is taken for nothing."""
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=SIZE) as pilot:
        await see(pilot, "5,000 services")
        assert stage.desk is not None
        for name in ("history.catalog", "filters.catalog", "favourites", "pane.catalog"):
            stage.desk.remembered.set(name, {"a": [1], "narrow": 7} if name != "history.catalog" else [1, None])
    async with Stage(tmp_path).app.run_test(size=SIZE) as pilot:
        await see(pilot, "5,000 services")
        await press(pilot, "/", "up", "telegram", "enter", "i")
        await chips(pilot, "telegram")
        await see(pilot, "Drip-feed")
        await press(pilot, "ctrl+p", "filter")
        await see(pilot, "Save this filter as…")
