"""The first paint: the frame of every screen, from nothing but the profile's name."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from smmtui.domain.foreign_text import terminal_safe
from smmtui.tui.tabs import tab_line


class Shell(Screen[None]):
    """Stands until the journal and the last catalogue have been read."""

    # It is the same in every size; a class for its size would have it painted twice.
    VERTICAL_BREAKPOINTS = []  # noqa: RUF012  Textual declares it per instance

    def __init__(self, panel: str) -> None:
        """Make the frame around a panel of this name."""
        super().__init__()
        self._panel = panel

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """It has been styled when it was mounted, a moment ago."""
        event.refresh_styles = False

    def compose(self) -> ComposeResult:
        """Header and tabs where they will stay."""
        name = terminal_safe(self._panel)
        yield Static(Content.assemble(" ", (name, "bold"), "   ◌ opening"), id="balance-header")
        yield Static(tab_line("catalog", self.app), id="tabs")
