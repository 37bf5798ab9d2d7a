"""The App as the program starts it, on served panels and a configuration of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from smmtui.__main__ import ConfiguredPanels
from smmtui.config import Paths, Start
from smmtui.demo import DEMO_KEY, DemoPanel, Market
from smmtui.demo.form import read_fields
from smmtui.tui.app import SmmtuiApp
from smmtui.tui.crash import Faults
from tests.demo.served import serve


class CountedPanel(DemoPanel):
    """The demo panel with the actions that it was asked for."""

    def __init__(self, market: Market) -> None:
        super().__init__(market)
        self.asked: list[str] = []

    def answer(self, method: str, content_type: str, body: bytes) -> bytes:
        """Note the request and answer it."""
        self.asked.append(read_fields(content_type, body)["action"])
        return super().answer(method, content_type, body)


@dataclass
class Served:
    """A panel on a port of this machine, and its books."""

    url: str
    market: Market
    panel: CountedPanel


@contextmanager
def served(market: Market) -> Iterator[Served]:
    """Serve a market."""
    panel = CountedPanel(market)
    with serve(panel) as url:
        yield Served(url, market, panel)


def folders(home: Path) -> Paths:
    """The folders of a user; nothing of it exists yet."""
    return Paths(home / "config" / "config.toml", home / "data", home / "state", home / "cache")


def configure(paths: Paths, text: str) -> None:
    """Write the configuration as a careful user would."""
    paths.config.parent.mkdir(parents=True, exist_ok=True)
    paths.config.write_text(text)
    paths.config.chmod(0o600)


def profile(name: str, url: str, *lines: str) -> str:
    """A profile that is never held up by its own pace; its key is the demo panel's unless the lines name another."""
    key = lines or (f'key = "{DEMO_KEY}"',)
    pace = "requests_per_minute = 6000\nburst = 1000"
    return "\n".join([f"[profiles.{name}]", f'account = "{name}"', f'url = "{url}"', pace, *key, "", ""])


def app_on(paths: Paths, start: Start | None) -> SmmtuiApp:
    """The App on this start, or on the setup screen."""
    faults = Faults()
    panels = ConfiguredPanels(paths, faults, start)
    if start is None:
        return SmmtuiApp(None, None, panels)
    faults.started(start)
    return SmmtuiApp(lambda _: panels.open(start), start.profile, panels)
