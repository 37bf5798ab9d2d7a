"""What is active, as chips on one line: each is taken away by a click on it."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from textual.content import Content
from textual.style import Style
from textual.widget import Widget

from smmtui.tui.show import literal, styled
from smmtui.tui.widgets.cell_text import cut

_LONGEST = 32


class Chip(Struct, frozen=True):
    """One thing that is active, and the action that takes it away; `bad` is one that could not be understood."""

    label: str
    action: str
    bad: bool = False

    @property
    def drawn(self) -> Content:
        """The chip with its sign of what a click does."""
        label = cut(f"✕ {self.label}" if self.bad else self.label, _LONGEST).text
        chip = (
            literal(" ")
            + styled(label, "$text-error" if self.bad else "$foreground")
            + styled(" × ", "$foreground-muted")
        )
        return chip.stylize("on $panel").stylize(Style.from_meta({"@click": self.action}))


class Chips(Widget):
    """As many chips as fit, and how many there are besides."""

    # A click acts, but a chip keeps its own colours.
    auto_links = False

    def __init__(self) -> None:
        super().__init__()
        self._chips: Sequence[Chip] = ()

    def show(self, chips: Sequence[Chip]) -> None:
        """Show these chips."""
        self._chips = tuple(chips)
        self.refresh()

    def render(self) -> Content:
        """As much as the width allows."""
        shown = [chip.drawn for chip in self._chips]
        line = Content(" ").join(shown)
        while shown and line.cell_length > self.size.width:
            shown.pop()
            line = Content(" ").join([*shown, literal(f"+{len(self._chips) - len(shown)}")])
        return line
