"""The keys that work here, as many as fit: never one cut in the middle."""

from __future__ import annotations

from textual.binding import Binding
from textual.content import Content
from textual.screen import Screen
from textual.style import Style
from textual.widget import Widget

from smmtui.tui.show import literal, styled

_MOST = 7
_GAP = "  "
# What is done all day comes first, and is dropped last.
_FIRST = ("screen.filter", "table.select", "table.mark", "catalog.basket", "table.sort")
# Whoever can see no other key finds the rest by these.
_KEPT = ("app.help", "app.quit")


class KeyBar(Widget):
    """The last line of a screen; a click presses the key. Textual's own footer hides what it cuts."""

    def on_mount(self) -> None:
        """Follow the bindings of the screen."""
        self.screen.bindings_updated_signal.subscribe(self, lambda _screen: self.refresh())

    def render(self) -> Content:
        """Draw the keys that work now."""
        screen = self.screen
        shown: dict[str, Binding] = {}
        for active in screen.active_bindings.values():
            if active.binding.show and active.enabled and active.binding.id:
                shown.setdefault(active.binding.id, active.binding)
        keys = [shown.pop(id) for id in _FIRST if id in shown] + list(shown.values())
        width = self.size.width or self.app.size.width
        while len(keys) > 1 and (len(keys) > _MOST or self._line(keys).cell_length > width):
            droppable = [key for key in keys if not _is_kept(key, screen)] or keys
            keys.remove(droppable[-1])
        return self._line(keys)

    def _line(self, keys: list[Binding]) -> Content:
        shown = []
        for binding in keys:
            press = Style.from_meta({"@click": f"app.simulate_key({binding.key!r})"})
            key = styled(self.app.get_key_display(binding), "bold $footer-key-foreground")
            shown.append((key + literal(f" {binding.description}")).stylize(press))
        return Content(" ") + Content(_GAP).join(shown)


def _is_kept(key: Binding, screen: Screen[object]) -> bool:
    """Whether it stands there at any width: help, and the way out."""
    return key.id in _KEPT or (screen.is_modal and key.key == "escape")
