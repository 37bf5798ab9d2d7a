"""The whole road in a real terminal: catalog, order, tracker, balance, with the keys that users are told of."""

from __future__ import annotations

import re
import time
from decimal import Decimal
from pathlib import Path

import pytest

from smmtui.demo import DEMO_KEY, DemoPanel, Market
from tests.demo.served import serve
from tests.tui.terminal import PROGRAM, Terminal, clean_environment


def _balance(terminal: Terminal) -> Decimal:
    return Decimal(terminal.wait(r"\$([\d,]+\.\d+)")[1].replace(",", ""))


def _walk(terminal: Terminal) -> None:
    """Order 100 of the first Instagram service, and watch the order until it is done and paid for."""
    terminal.wait(r"online")
    terminal.wait(r"5,000 services")
    before = _balance(terminal)
    terminal.press("/", "instagram followers")
    terminal.wait(r"\d+ of 5,000 services")
    terminal.press("enter")
    terminal.press("enter")
    terminal.wait(r"Link")
    terminal.press("https://instagram.com/smmtui")
    terminal.press("tab")
    terminal.press("100")
    terminal.wait(r"100 units")
    terminal.press("f9")
    terminal.wait(r"Place this order\?[\s\S]*Yes, place it")
    terminal.press("y")
    placed = terminal.wait(r"Order (\d+) accepted")
    terminal.press("2")
    terminal.wait(rf"{placed[1]} .*https://instagram")
    done = terminal.wait(rf"{placed[1]} .*(Completed|Partial|Canceled).*")[0]
    charge = Decimal(re.findall(r"\b\d+\.\d{2,}", done)[0])
    terminal.wait(rf"\${before - charge:,}")
    terminal.press("q")
    assert terminal.ends() == 0


@pytest.mark.timeout(180)
def test_the_demo_from_an_empty_home(tmp_path: Path) -> None:
    """`smmtui --demo` leads by keys alone to an order that completes, and writes nothing into the home."""
    with Terminal([str(PROGRAM), "--demo"], env=clean_environment(tmp_path), deadline=90) as terminal:
        _walk(terminal)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.timeout(180)
def test_the_same_over_a_real_socket(tmp_path: Path) -> None:
    """With two environment variables the same keys order on a served panel, whose own books agree."""
    began = time.time()
    # Here a minute of the panel's takes ten seconds of ours; the demo above is walked at its own pace.
    market = Market(clock=lambda: began + (time.time() - began) * 6)
    with serve(DemoPanel(market)) as url:
        env = {**clean_environment(tmp_path), "SMMTUI_API_URL": url, "SMMTUI_API_KEY": DEMO_KEY}
        with Terminal([str(PROGRAM)], env=env, deadline=90) as terminal:
            _walk(terminal)
    assert [(row.link, row.quantity) for row in market.ledger] == [("https://instagram.com/smmtui", 100)]
