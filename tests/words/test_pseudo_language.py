"""The app in a language whose words are a third longer and whose letters are never English ones, in a real terminal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from smmtui.demo import Market
from tests.tui.terminal import PROGRAM, Terminal, clean_environment
from tests.words.pseudo import LANGUAGE, lengthened, write_language

# Names of keys, of what is the same in every language, and of what is typed into filters and settings.
KEPT = {
    *("enter", "space", "esc", "tab", "shift", "ctrl", "alt", "home", "end", "pgup", "pgdn", "backspace", "demo"),
    *("error", "title"),
    *("smmtui", "api", "csv", "json", "jsonl", "toml", "utf", "usd", "cat", "type", "rate", "min", "max", "refill"),
    *("cancel", "fav", "ordered", "status", "state", "service", "link", "note", "tag", "age", "charge", "why", "yes"),
    *("problem", "warn", "account", "delivered", "remains", "start", "quantity", "name", "category"),
}


@pytest.fixture(scope="module")
def known() -> set[str]:
    """Every word that the demo panel says, folded."""
    market = Market()
    said = [each for service in market.services for each in (service.name, service.category, service.type)]
    orders = [past.link for past in market.history]
    statuses = ["Pending In progress Processing Completed Partial Canceled Refunded Awaiting Fail Active Paused"]
    return {word.casefold() for text in (*said, *orders, *statuses) for word in re.findall(r"[A-Za-z]+", text)}


@pytest.fixture(params=[(120, 36), (80, 24)], ids=["120x36", "80x24"])
def terminal(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Terminal]:
    """smmtui on its demo panel in that language."""
    columns, rows = request.param
    env = clean_environment(tmp_path) | {"LANGUAGE": LANGUAGE}
    write_language(tmp_path / "config" / "smmtui")
    with Terminal([str(PROGRAM), "--demo"], env=env, columns=columns, rows=rows) as opened:
        opened.wait(rf"5,000 {re.escape(lengthened('services'))}?")
        yield opened


def english(text: str, known: set[str]) -> list[str]:
    """Return the words on a screen that are in English letters and that neither the panel nor a key is called."""
    found = {word.casefold() for word in re.findall(r"(?<![\w.@/#=?&-])[A-Za-z]{3,}(?![\w/=]|\.\w)", text)}
    # The edge of a cell or of a dialog may have cut a word of the panel's.
    whole = known | KEPT
    return sorted(word for word in found if not any(word in each for each in whole))


def test_no_english_is_left_on_the_screens(terminal: Terminal, known: set[str]) -> None:
    """Every screen, dialog and toast speaks the user's language, and the key bar keeps whole keys and the way out."""
    seen = [terminal.text]

    def go(keys: str, until: str) -> None:
        terminal.press(keys)
        terminal.wait(told(until))
        seen.append(terminal.text)

    def opened(keys: str, until: str) -> None:
        go(keys, until)
        terminal.press("escape")
        terminal.wait(rf"\A(?![\s\S]*{told(until)})")

    opened("?", "Search by name or key")
    opened("s", "Panel's order")
    opened("n", "Quantity")
    go("2", "Completed")
    opened("enter", "Start count")
    for keys, until in (("3", "basket"), ("4", "Nothing needs"), ("!", "Catalog refreshed")):
        go(keys, until)
    for screen in seen:
        assert not english(screen, known), screen


def told(text: str) -> str:
    """Return a pattern for a text in the language, which may be cut at its end."""
    return re.escape(lengthened(text).rstrip("~"))
