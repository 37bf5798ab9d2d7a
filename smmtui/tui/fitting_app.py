"""The App as far as it fits the terminal: dialogs that save lines on a low one, and words where nothing fits."""

from __future__ import annotations

from textual import events
from textual.geometry import Size

from smmtui.tui.themed_app import ThemedApp

ROOM = Size(60, 16)
"""The smallest terminal in which every screen can be used."""

_COVER = "too-small"
_QUIT = "app.quit_always"


class FittingApp(ThemedApp):
    """Covers every screen while the terminal is too small for it; until then no key but that for quitting counts."""

    VERTICAL_BREAKPOINTS = [(0, "-short"), (24, "-tall")]  # noqa: RUF012  Textual declares it per instance

    @property
    def too_small(self) -> bool:
        """Whether the terminal has less room than a screen needs."""
        return self.size.width < ROOM.width or self.size.height < ROOM.height

    def on_resize(self, event: events.Resize) -> None:
        """Cover or uncover what is in front, once the new size is known."""
        self.call_next(self._cover)

    def _refresh_notifications(self) -> None:
        """Also cover or uncover a screen that comes to the front; Textual tells of that only here."""
        super()._refresh_notifications()
        self._cover()

    def _cover(self) -> None:
        if not self.screen_stack:
            return
        covers = self.screen.query_children(f"#{_COVER}")
        if not self.too_small:
            if covers:
                covers.remove()
            return
        from smmtui.tui.widgets.too_small import TooSmall

        if not covers:
            self.screen.mount(TooSmall(id=_COVER))
        self.screen.query_one(f"#{_COVER}", TooSmall).show(ROOM, self.size)

    async def on_event(self, event: events.Event) -> None:
        """Drop what is typed into a screen that cannot be seen."""
        if self.too_small and isinstance(event, events.Paste):
            return
        if self.too_small and isinstance(event, events.Key) and event.key not in self._quitting:
            return
        await super().on_event(event)

    @property
    def _quitting(self) -> list[str]:
        return self._keymap.get(_QUIT, "ctrl+q").split(",")
