"""Choosing what rows are sorted by: one key, or the arrows and Enter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from string import ascii_lowercase
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.getters import query_one
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from smmtui.tui.arrangement import Sorting
from smmtui.tui.later_styles import LATER_STYLES
from smmtui.tui.show import literal, styled
from smmtui.tui.widgets.key_bar import KeyBar
from smmtui.words import _

# These move in every list.
_TAKEN = "jk"
_SAME_KEY = str.maketrans("йцукенгшщзфывапролдячсмить", "qwertyuiopasdfghjklzxcvbnm")


class ChooseSort(ModalScreen[Sorting]):
    """Hands back the sorting; the column that rows are sorted by already is turned around."""

    CSS_PATH = LATER_STYLES

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j,о", "move(1)", _("Down"), id="sort.down", show=False, tooltip=_("The next column")),
        Binding("up,k,л", "move(-1)", _("Up"), id="sort.up", show=False, tooltip=_("The column before")),
        Binding("escape", "back", _("Back"), id="sort.back", tooltip=_("Back, the order stays")),
    ]

    options = query_one(OptionList)

    def __init__(self, titles: Mapping[str | None, str], sorting: Sorting) -> None:
        """`titles` are the keys of columns with their titles; None is the order in which rows come."""
        super().__init__()
        self._keys = list(titles)
        self._letters = letters_for(titles.values())
        self._titles = list(titles.values())
        self._sorting = sorting

    def compose(self) -> ComposeResult:
        """The columns, each with its letter; an arrow at the one in use."""
        with Vertical(id="choose-sort"):
            yield Static(styled(_("Sort by"), "bold"))
            yield OptionList(*map(Option, map(self._line, range(len(self._keys)))), compact=True)
            yield Static(styled(_("The same column again reverses."), "$foreground-muted"))
        yield KeyBar()

    def on_mount(self) -> None:
        """Begin at the column in use."""
        self.options.highlighted = self._keys.index(self._sorting.key) if self._sorting.key in self._keys else 0

    def _line(self, number: int) -> Content:
        used = self._keys[number] == self._sorting.key
        arrow = ("▼" if self._sorting.reverse else "▲") if used and self._sorting.key else "•" if used else " "
        return styled(f" {self._letters[number]} ", "bold") + literal(f" {arrow} {self._titles[number]}")

    def on_key(self, event: events.Key) -> None:
        """Choose the column of a letter."""
        letter = (event.character or "").lower().translate(_SAME_KEY)
        if letter.strip() and letter in self._letters:
            event.stop()
            self._choose(self._letters.index(letter))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Choose this column."""
        event.stop()
        self._choose(event.option_index)

    def _choose(self, number: int) -> None:
        if self.is_current:
            self.dismiss(self._sorting.by(self._keys[number]))

    def action_move(self, lines: int) -> None:
        """Move in the list."""
        if lines > 0:
            self.options.action_cursor_down()
        else:
            self.options.action_cursor_up()

    def action_back(self) -> None:
        """Leave the order as it is."""
        if self.is_current:
            self.dismiss()


def letters_for(titles: Iterable[str]) -> list[str]:
    """Return a letter for each title, each another one: of the title where one is left; "" when all are gone."""
    letters: list[str] = []
    for title in titles:
        wanted = [*title.casefold(), *ascii_lowercase]
        free = (letter for letter in wanted if letter in ascii_lowercase and letter not in (*letters, *_TAKEN))
        letters.append(next(free, ""))
    return letters
