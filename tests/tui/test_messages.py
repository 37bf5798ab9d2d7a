"""What was said can be read again: every toast and what happened with the panel, filtered, copied, left."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest
from textual.pilot import Pilot

from smmtui.demo import DEMO_KEY, DemoPanel
from smmtui.tui.screens.messages import MessagesScreen
from tests.tui.support import Stage, press, see, text_of, until

SIZE = (120, 36)


@pytest.fixture(autouse=True)
def no_desktop(monkeypatch: pytest.MonkeyPatch) -> None:
    """Copies go through the terminal."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)


async def orders(pilot: Pilot[None]) -> None:
    """Go to the orders once the panel has told how far they are."""
    await press(pilot, "2")
    await see(pilot, "completed 8")


async def test_a_toast_is_found_among_the_messages(tmp_path: Path) -> None:
    """Newest first, with all of the current one below; the toasts make room for the list."""
    async with Stage(tmp_path).app.run_test(size=SIZE, notifications=True) as pilot:
        await see(pilot, "5,000 services", "online")
        await orders(pilot)
        await press(pilot, "w")
        await see(pilot, "Every change of the status of order 23497 is told.")
        await press(pilot, "!")
        await see(pilot, "2 messages", "Watched ◎", "Catalog refreshed")
        lines = text_of(pilot).splitlines()
        watched, catalog = (
            next(number for number, line in enumerate(lines) if title in line) for title in ("Watched ◎", "Catalog")
        )
        assert watched < next(number for number, line in enumerate(lines) if "Catalog refreshed" in line)
        assert catalog and "now · info" in lines[watched]
        # Once in its row and once below, but not as a toast.
        assert text_of(pilot).count("Watched ◎") == 2
        assert text_of(pilot).count("Every change of the status of order 23497 is told.") == 2


async def test_two_toasts_stand_at_a_time_and_equal_ones_once(tmp_path: Path) -> None:
    """What is least grave goes first, none covers the last lines, and all are among the messages."""
    app = Stage(tmp_path).app
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await see(pilot, "5,000 services", "online")
        app.toast("Not good", "It failed.", "error", 60)
        for text in ("one", "two", "two"):
            app.toast("Done", f"number {text}", "information", 60)
        await see(pilot, "It failed.", "number two")
        assert "number one" not in text_of(pilot)
        assert text_of(pilot).count("number two") == 1
        assert text_of(pilot).splitlines()[5].rstrip().endswith("Not good")
        await press(pilot, "!")
        await see(pilot, "number one", "number two", "It failed.", "×2")


async def test_ctrl_c_says_how_to_quit_in_plain_words(tmp_path: Path) -> None:
    """The app goes on, and no markup is shown."""
    async with Stage(tmp_path).app.run_test(size=SIZE, notifications=True) as pilot:
        await see(pilot, "5,000 services")
        await press(pilot, "ctrl+c")
        await see(pilot, "^q quits.")
        assert "[b]" not in text_of(pilot)


async def test_the_messages_open_at_the_newest(tmp_path: Path) -> None:
    """Wherever the cursor was left among them."""
    app = Stage(tmp_path).app
    async with app.run_test(size=SIZE) as pilot:
        await see(pilot, "5,000 services", "online")
        for number in range(60):
            app.toast("Done", f"number {number}", "information", 1)
        await press(pilot, "!")
        await see(pilot, "number 59")
        await press(pilot, "G", "escape")
        await see(pilot, "Instagram")
        app.toast("Done", "number 60", "information", 1)
        await press(pilot, "!")
        screen = app.screen
        assert isinstance(screen, MessagesScreen)
        await until(pilot, lambda: screen.table.current is not None and screen.table.current.text == "number 60")


async def test_equal_messages_are_one_row(tmp_path: Path) -> None:
    """With how often it was said."""
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=SIZE) as pilot:
        await see(pilot, "5,000 services", "online")
        await orders(pilot)
        await press(pilot, "w", "w", "w", "!")
        await see(pilot, "×2", "Watched ◎", "Not watched any more", "3 messages")


async def test_messages_are_filtered_and_left_again(tmp_path: Path) -> None:
    """Esc clears the filter first and goes back then; the key that leads here leads back too, and so do numbers."""
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=SIZE) as pilot:
        await see(pilot, "5,000 services", "online")
        await orders(pilot)
        await press(pilot, "w", "!")
        await see(pilot, "2 messages")
        await press(pilot, "/", "watched", "enter")
        await see(pilot, "1 of 2 messages")
        assert "esc Back" not in text_of(pilot)
        await press(pilot, "escape")
        await see(pilot, "2 messages", "esc Back")
        assert stage.app.current_mode == "messages"
        await press(pilot, "escape")
        await see(pilot, "active 3", "completed 8")
        await press(pilot, "!", "!")
        await see(pilot, "active 3", "completed 8")
        await press(pilot, "!", "1")
        await see(pilot, "5,000 services")


async def test_the_palette_leads_to_the_messages(tmp_path: Path) -> None:
    """By name."""
    async with Stage(tmp_path).app.run_test(size=SIZE) as pilot:
        await see(pilot, "5,000 services", "online")
        await press(pilot, "ctrl+p")
        await see(pilot, "Search for commands")
        await press(pilot, "messages")
        await see(pilot, "What was said, newest first")
        await press(pilot, "enter")
        await see(pilot, "1 message", "Catalog refreshed")


async def test_a_message_is_copied_as_a_line(tmp_path: Path) -> None:
    """The current one, or all that are marked; and that it was copied is a message again."""
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=SIZE, notifications=True) as pilot:
        await see(pilot, "5,000 services", "online")
        await orders(pilot)
        await press(pilot, "w", "!")
        await see(pilot, "2 messages")
        await press(pilot, "y")
        await see(pilot, "1 message, through the terminal", "3 messages")
        assert stage.app.clipboard == (
            "2026-03-14 12:00:00 info Watched ◎: Every change of the status of order 23497 is told."
        )
        await press(pilot, "M")
        await see(pilot, "● 3 marked")
        assert "unknown cost" not in text_of(pilot)
        await press(pilot, "y")
        await until(pilot, lambda: stage.app.clipboard.count("\n") == 2)


async def test_trouble_with_the_panel_is_kept_without_the_key(tmp_path: Path) -> None:
    """A panel that echoes the key in its refusal, and the recovery after it."""
    stage = Stage(tmp_path)
    panel = DemoPanel(stage.market)
    refuses: list[bool] = []

    async def handle(request: httpx.Request) -> httpx.Response:
        if refuses:
            return httpx.Response(200, text=json.dumps({"error": f"Invalid API key {DEMO_KEY}"}))
        body = panel.answer(request.method, request.headers["content-type"], request.content)
        return httpx.Response(200, content=body)

    stage.transport = lambda: httpx.MockTransport(handle)
    async with stage.app.run_test(size=SIZE) as pilot:
        await see(pilot, "5,000 services", "online")
        refuses.append(True)
        await press(pilot, "2", "r")
        await see(pilot, "✖ key refused")
        await press(pilot, "!")
        await see(pilot, "✕ error", "Key refused", "Invalid API key ****")
        refuses.clear()
        await press(pilot, "r")
        await see(pilot, "The panel answers again", "It was: key refused.")
        assert DEMO_KEY not in text_of(pilot)


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (200, 60)])
async def test_the_messages_fit_every_terminal(tmp_path: Path, size: tuple[int, int]) -> None:
    """The row, all of the message below it, and whole keys in the footer."""
    async with Stage(tmp_path).app.run_test(size=size) as pilot:
        await see(pilot, "5,000 services")
        await until(pilot, lambda: "online" in text_of(pilot) or "●" in text_of(pilot))
        await orders(pilot)
        await press(pilot, "w", "!")
        await see(pilot, "Watched ◎", "12:00:00", "esc Back")
        assert "Every change of the status of order 23497 is told." in text_of(pilot)
