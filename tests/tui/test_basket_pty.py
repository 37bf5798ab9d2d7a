"""A basket in a real terminal, on a served panel: from a paste to the orders, over quitting and starting again."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from smmtui.demo import DEMO_KEY, DemoPanel, Market
from tests.demo.served import serve
from tests.tui.terminal import PROGRAM, Terminal, clean_environment

SERVICE = "18423"
LINK = "https://instagram.com/p/"
BEGIN, END = "\x1b[200~", "\x1b[201~"


def _configured(home: Path, url: str, more: str = "") -> dict[str, str]:
    env = clean_environment(home)
    folder = home / "config" / "smmtui"
    folder.mkdir(parents=True)
    config = folder / "config.toml"
    config.write_text(f'[profiles.main]\nurl = "{url}"\nkey = "{DEMO_KEY}"\n{more}', "utf-8")
    config.chmod(0o600)
    return env


@pytest.mark.timeout(180)
def test_five_lines_are_pasted_mended_placed_and_found_again(tmp_path: Path) -> None:
    """Paste on the catalog, mend one row, place, read five outcomes, quit, start, find them in Orders."""
    market = Market(clock=time.time)
    lines = [f"{SERVICE} | {LINK}{number} | {5 if number == 3 else 100}" for number in range(1, 6)]
    with serve(DemoPanel(market)) as url:
        env = _configured(tmp_path, url)
        with Terminal([str(PROGRAM)], env=env, columns=140, deadline=90) as terminal:
            terminal.wait("online")
            terminal.wait("5,000 services")
            terminal.press(BEGIN + "\r".join(lines) + END)
            terminal.wait(r"4 ok · 1 problem")
            assert market.ledger == []
            terminal.press("n")
            terminal.wait("✕ 5 is under the minimum of 10")
            terminal.press("enter")
            terminal.wait("Save")
            terminal.press("0")
            terminal.wait("50 in all")
            terminal.press("f9")
            terminal.wait("5 ok")
            terminal.press("f9")
            terminal.wait(r"Place 5 orders\?[\s\S]*Yes, place 5")
            assert market.ledger == []
            terminal.press("y")
            terminal.wait("5 accepted")
            ids = [row.order for row in market.ledger]
            for order in ids:
                terminal.wait(rf"✓ accepted .*order {order}")
            terminal.press("q")
            assert terminal.ends() == 0
        with Terminal([str(PROGRAM)], env=env, columns=140, deadline=90) as terminal:
            terminal.wait("online")
            terminal.press("2")
            for order in ids:
                terminal.wait(rf"{order} .*{LINK[:20]}")
            terminal.press("3")
            terminal.wait("5 accepted")
            terminal.press("q")
            assert terminal.ends() == 0
    quantities = {number: 50 if number == 3 else 100 for number in range(1, 6)}
    assert [(row.link, row.quantity) for row in market.ledger] == [
        (f"{LINK}{number}", quantity) for number, quantity in quantities.items()
    ]


@pytest.mark.timeout(180)
def test_a_killed_basket_waits_for_the_user(tmp_path: Path) -> None:
    """After kill -9 in the middle of a batch the next start sends nothing by itself, says how many are left, and goes
    on when told to; no link is ordered twice."""
    market = Market(clock=time.time)
    lines = [f"{SERVICE} | {LINK}{number} | 100" for number in range(1, 41)]
    with serve(DemoPanel(market)) as url:
        env = _configured(tmp_path, url, "requests_per_minute = 600\n")
        with Terminal([str(PROGRAM)], env=env, columns=140, deadline=90) as terminal:
            terminal.wait("online")
            terminal.wait("5,000 services")
            terminal.press(BEGIN + "\n".join(lines) + END)
            terminal.wait("40 ok")
            terminal.press("f9")
            terminal.wait(r"Place 40 orders\?[\s\S]*Type the total[\s\S]*Enter  Yes, place 40")
            terminal.press("1.48", "enter")
            terminal.wait(r"basket \d+/40")
            terminal.wait(r"\d accepted")
            terminal.process.kill()
            terminal.process.wait()
        placed = len(market.ledger)
        with Terminal([str(PROGRAM)], env=env, columns=140, deadline=90) as terminal:
            terminal.wait("online")
            terminal.press("3")
            left = int(terminal.wait(r"(\d+) left: R goes on")[1])
            # The order under way may have been taken or not; nobody here knows, so it is not sent again.
            assert len(market.ledger) == placed and placed + left in (39, 40)
            terminal.press("R")
            total = terminal.wait(rf"Go on with {left} orders\?[\s\S]*Type the total, ([\d.]+),[\s\S]*Enter  Yes")[1]
            terminal.press(total, "enter")
            accepted = int(terminal.wait(r"The basket is through[\s\S]*^ *(\d+) accepted")[1])
            unknown = 1 if "? unknown" in terminal.text else 0
            assert accepted + unknown == 40
            terminal.press("q")
            assert terminal.ends() == 0
    assert len({row.link for row in market.ledger}) == len(market.ledger) == placed + left
