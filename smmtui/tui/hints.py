"""What can be done on a screen, as help and palette list it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from textual.binding import Binding
from textual.content import Content
from textual.dom import DOMNode
from textual.screen import Screen

from smmtui.tui.filter_examples import filter_examples
from smmtui.tui.show import literal, styled
from smmtui.tui.shown_keys import bindings_of
from smmtui.tui.with_filter import WithFilter
from smmtui.words import _

# Money is spent by its own key and by nothing else.
_BY_ITS_KEY_ALONE = "confirm.yes"


@dataclass(frozen=True, slots=True)
class Hint:
    """One action of the screen: its keys and name, what it does, and where to run it.

    `id` is its name in the `[keys]` of the configuration. `enabled` tells whether it is possible now.
    """

    keys: str
    name: str
    what: str
    action: str
    node: DOMNode
    id: str = ""
    shown: bool = True
    """Whether it stands in the key bar as well."""

    enabled: bool = True
    elsewhere: bool = False
    """Whether its keys are heard in another part of the screen than the one with the focus."""

    example: bool = False
    """Whether it is a filter to be tried, which stands in `keys`."""

    @property
    def runs(self) -> bool:
        """Whether choosing it does it."""
        return self.enabled and self.id != _BY_ITS_KEY_ALONE

    @property
    def line(self) -> Content:
        """The hint on one line."""
        if self.example:
            return styled(f"{self.keys:<25} ", "bold $text-primary") + styled(self.what, "$foreground-muted")
        keys = styled(f"{self.keys:<16} ", "bold $text-primary")
        what = self.what if self.enabled else _("(not now) {what}", what=self.what)
        return keys + literal(f"{self.name:<16} ") + styled(what, "$foreground-muted")


def hints_on(screen: Screen[object], *, dormant: bool = False) -> list[Hint]:
    """Return what the keys do here, those of the screen first; with `dormant` also what is not possible just now.

    What belongs to a part of the screen that has not the focus is among them, at the end: it can be run from the list.
    """
    seen: dict[str, Hint] = {}
    for node in _hearers(screen):
        for binding in bindings_of(node):
            if not binding.id or binding.action == "help" or not _is_heard(binding, node, screen):
                continue
            shown, known = screen.app.get_key_display(binding), seen.get(binding.id)
            if known is None or (not known.enabled and known.node is not node and _enabled(binding, node)):
                seen[binding.id] = _hint(binding, node, shown, screen)
            elif known.node is node and shown.isascii() and shown not in known.keys.split():
                seen[binding.id] = replace(known, keys=f"{known.keys} {shown}")
    hints = [hint for hint in seen.values() if dormant or hint.runs]
    return sorted(hints, key=lambda hint: (hint.elsewhere, hint.node is screen.app, not hint.shown))


def _hint(binding: Binding, node: DOMNode, shown: str, screen: Screen[object]) -> Hint:
    return Hint(
        shown,
        binding.description,
        binding.tooltip,
        binding.action,
        node,
        binding.id or "",
        binding.show,
        _enabled(binding, node),
        node not in (screen.focused or screen).ancestors_with_self,
    )


def _hearers(screen: Screen[object]) -> Iterator[DOMNode]:
    """Everything that would hear a key, were the focus there: first from where it is, then the rest of the screen."""
    chain = list((screen.focused or screen).ancestors_with_self)
    others = (each for each in screen.query("*").results() if each.focusable and each not in chain)
    yield from (*(each for each in chain if each is not screen.app), *others, screen.app)


def _is_heard(binding: Binding, node: DOMNode, screen: Screen[object]) -> bool:
    """Whether the key comes through: behind a dialog only those that are heard before all others."""
    return node is not screen.app or not screen.is_modal or binding.priority


def _enabled(binding: Binding, node: DOMNode) -> bool:
    return bool(node.app._check_action_state(binding.action, node))


def examples_on(screen: Screen[object]) -> list[Hint]:
    """Return what can be typed into the screen's filter."""
    examples = filter_examples(screen.MODE) if isinstance(screen, WithFilter) else []
    return [Hint(text, "", what, f"try_filter({text!r})", screen, example=True) for text, what in examples]
