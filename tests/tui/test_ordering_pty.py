"""Ordering in a real terminal: what a kill leaves of a draft, and what held keys do."""

from __future__ import annotations

import signal
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from smmtui.demo import DEMO_KEY, DemoPanel, Market
from tests.demo.served import serve
from tests.tui.terminal import PROGRAM, Terminal, clean_environment

LINK = "https://instagram.com/half-typed"


def on_the_disk(home: Path, text: str) -> bool:
    """Whether what is remembered beside the orders holds this text."""
    for path in home.rglob("journal.db"):
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=5)) as db:
            if db.execute("SELECT 1 FROM preferences WHERE instr(value, ?)", (text,)).fetchone():
                return True
    return False


def open_form(terminal: Terminal) -> None:
    """Go to the form of the first Instagram service."""
    terminal.wait(r"online")
    terminal.wait(r"5,000 services")
    terminal.press("/", "instagram followers min<=100")
    terminal.wait(r"\d+ of 5,000 services")
    terminal.press("enter", "enter")
    terminal.wait(r"Link[\s\S]*Quantity")


@pytest.mark.timeout(180)
def test_a_draft_survives_kill_and_held_keys_place_one_order(tmp_path: Path) -> None:
    """After kill -9 the form has what was typed; Enter held down places nothing, and fifty `y` at once place one."""
    market = Market()
    with serve(DemoPanel(market)) as url:
        env = {**clean_environment(tmp_path), "SMMTUI_API_URL": url, "SMMTUI_API_KEY": DEMO_KEY}
        with Terminal([str(PROGRAM)], env=env, deadline=60) as terminal:
            open_form(terminal)
            terminal.press(LINK)
            terminal.wait(LINK)
            give_up = time.monotonic() + 60
            while not on_the_disk(tmp_path, LINK):
                assert time.monotonic() < give_up
                time.sleep(0.05)
            terminal.process.send_signal(signal.SIGKILL)
            terminal.process.wait()
        with Terminal([str(PROGRAM)], env=env, deadline=60) as terminal:
            open_form(terminal)
            terminal.wait(LINK)
            terminal.press("100")
            terminal.wait("100 units")
            terminal.press("\r" * 50)
            terminal.press("escape", "escape", "escape")
            terminal.wait(r"5,000 services[\s\S]*⏎ Order")
            assert market.ledger == []
            terminal.press("enter")
            terminal.wait("100 units")
            terminal.press("f9")
            terminal.wait("Yes, place it")
            terminal.press("y" * 50)
            terminal.press("2")
            terminal.wait(r"\d{5}.*instagram\.com/")
            terminal.press("ctrl+q")
            assert terminal.ends() == 0
    assert [(row.link, row.quantity) for row in market.ledger] == [(LINK, 100)]
