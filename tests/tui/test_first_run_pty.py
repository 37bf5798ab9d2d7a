"""The first run in a real terminal, from an empty home to the first order, and to the demo panel."""

from __future__ import annotations

from pathlib import Path

import pytest

from smmtui.demo import DEMO_KEY, DemoPanel, Market
from tests.demo.served import serve
from tests.tui.canary import KEY
from tests.tui.terminal import PROGRAM, Terminal, clean_environment

LINK = "https://t.me/first-order"


@pytest.mark.timeout(180)
def test_from_an_empty_home_to_the_first_order(tmp_path: Path) -> None:
    """URL and key, Test, Save, an order: the panel's ledger has it; the second start goes straight to the catalog."""
    market, env = Market(), clean_environment(tmp_path)
    with serve(DemoPanel(market)) as url:
        with Terminal([str(PROGRAM)], env=env) as terminal:
            terminal.wait(r"Set up a panel[\s\S]*https://roicmedya\.com/api/v2")
            terminal.press(url, "enter", "mine", "enter", DEMO_KEY, "enter")
            terminal.wait(r"The panel knows the key\. Balance: \$100\.84292")
            terminal.press("enter")
            terminal.wait(r" mine .*online[\s\S]*5,000 services")
            terminal.press("/", "telegram members min<=100", "enter", "enter")
            terminal.wait(r"Link[\s\S]*Quantity")
            terminal.press(LINK, "tab", "100")
            terminal.wait(r"100 units")
            terminal.press("f9")
            terminal.wait(r"y  Yes, place it")
            terminal.press("y")
            terminal.wait(r"accepted")
            terminal.press("ctrl+q")
            assert terminal.ends() == 0
            assert DEMO_KEY.encode() not in terminal.output
        assert [(row.link, row.quantity) for row in market.ledger] == [(LINK, 100)]
        with Terminal([str(PROGRAM)], env=env) as terminal:
            terminal.wait(r" mine .*online[\s\S]*5,000 services")
            assert b"Set up a panel" not in terminal.output
            terminal.press("2")
            terminal.wait(r"t\.me/first-order")
            terminal.press("q")
            assert terminal.ends() == 0
    assert len(market.ledger) == 1


def test_from_an_empty_home_to_the_demo_panel(tmp_path: Path) -> None:
    """The button opens the demo's catalog; what had been typed of a key is written nowhere."""
    with Terminal([str(PROGRAM)], env=clean_environment(tmp_path)) as terminal:
        terminal.wait(r"Set up a panel")
        terminal.press("tab", "tab", KEY, "tab", "tab", "tab", "tab")
        terminal.wait(r"Try the demo panel")
        terminal.press("enter")
        terminal.wait(r"DEMO[\s\S]*5,000 services")
        terminal.press("q")
        assert terminal.ends() == 0
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_named_configuration_that_is_not_there_is_set_up_there(tmp_path: Path) -> None:
    """What is shown as the path to be written is that of --config."""
    config = tmp_path / "panels" / "mine.toml"
    with Terminal([str(PROGRAM), "--config", str(config)], env=clean_environment(tmp_path)) as terminal:
        terminal.wait(r"mine\.toml \(new\)")
        terminal.press("http://127.0.0.1:9/api/v2", "enter", "mine", "enter", DEMO_KEY)
        terminal.press("f9")
        terminal.wait(r"Nothing was sent to 127\.0\.0\.1[\s\S]*Save again")
        terminal.press("f9")
        terminal.wait(r"^ mine +○ offline")
        terminal.press("ctrl+q")
        assert terminal.ends() == 0
    assert sorted(path.name for path in config.parent.iterdir()) == ["mine.key", "mine.toml"]
