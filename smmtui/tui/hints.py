"""What can be done on a screen, as help and palette list it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from textual.content import Content
from textual.dom import DOMNode
from textual.screen import Screen

from smmtui.tui.filter_examples import filter_examples
from smmtui.tui.show import literal, styled
from smmtui.tui.with_filter import WithFilter


@dataclass(frozen=True, slots=True)
class Hint:
    """One action that is possible now: its keys and name, what it does, and where to run it."""

    keys: str
    name: str
    what: str
    action: str
    node: DOMNode
    shown: bool = True
    """Whether it stands in the key bar as well."""

    example: bool = False
    """Whether it is a filter to be tried, which stands in `keys`."""

    @property
    def line(self) -> Content:
        """The hint on one line."""
        if self.example:
            return styled(f"{self.keys:<25} ", "bold $text-primary") + styled(self.what, "$foreground-muted")
        keys = styled(f"{self.keys:<16} ", "bold $text-primary")
        return keys + literal(f"{self.name:<16} ") + styled(self.what, "$foreground-muted")


def hints_on(screen: Screen[object], *, dormant: bool = False) -> list[Hint]:
    """Return what the keys do here, those of the screen first; with `dormant` also what is not possible just now."""
    seen: dict[str, Hint] = {}
    for active in screen.active_bindings.values():
        node, binding, enabled, _ = active
        key = binding.id or binding.action
        # What costs money is confirmed by its own key and by nothing else.
        if not (enabled or dormant) or binding.action == "help" or binding.id in (None, "", "confirm.yes"):
            continue
        shown = screen.app.get_key_display(binding)
        if key not in seen:
            what = binding.tooltip if enabled else f"(not now) {binding.tooltip}"
            seen[key] = Hint(shown, binding.description, what, binding.action, node, binding.show)
        elif shown.isascii() and shown not in seen[key].keys.split():
            seen[key] = replace(seen[key], keys=f"{seen[key].keys} {shown}")
    return sorted(seen.values(), key=lambda hint: (hint.node is screen.app, not hint.shown))


def examples_on(screen: Screen[object]) -> list[Hint]:
    """Return what can be typed into the screen's filter."""
    examples = filter_examples(screen.MODE) if isinstance(screen, WithFilter) else []
    return [Hint(text, "", what, f"try_filter({text!r})", screen, example=True) for text, what in examples]
