"""The first paint: the frame of every screen, from nothing but the profile's name."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from smmtui.config import Profile
from smmtui.domain.foreign_text import terminal_safe
from smmtui.tui.tabs import tab_line


class Shell(Screen[None]):
    """Stands until the journal and the last catalogue have been read."""

    def __init__(self, profile: Profile) -> None:
        super().__init__()
        self._profile = profile

    def compose(self) -> ComposeResult:
        """Header and tabs where they will stay."""
        name = terminal_safe(self._profile.name)
        yield Static(Content.assemble(" ", (name, "bold"), "   ◌ opening"), id="balance-header")
        yield Static(tab_line("catalog"), id="tabs")
