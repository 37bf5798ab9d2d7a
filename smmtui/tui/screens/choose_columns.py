"""Choosing which columns a table shows, in which order and how wide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from msgspec.structs import replace
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.getters import query_one
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from smmtui.tui.arrangement import ColumnChoice
from smmtui.tui.later_styles import LATER_STYLES
from smmtui.tui.show import literal, styled
from smmtui.tui.widgets.key_bar import KeyBar
from smmtui.tui.widgets.row_columns import Column
from smmtui.words import _

_LINE = 27
"""Cells for the title of a column on the left and its width on the right."""


class ChooseColumns(ModalScreen[Sequence[ColumnChoice]]):
    """Hands back a choice for each column, in order; without any the table's own columns are wanted again."""

    CSS_PATH = LATER_STYLES

    BINDINGS: ClassVar[list[BindingType]] = [
        # Before the list, which would take Enter for a click.
        Binding("enter", "done", _("Done"), id="columns.done", priority=True, tooltip=_("Show the columns so")),
        Binding("space", "show_or_hide", _("Show/hide"), id="columns.toggle", tooltip=_("Show or hide the column")),
        Binding(
            "K,shift+up,Л", "shift(-1)", _("Move"), id="columns.earlier", key_display="K J", tooltip=_("Move it left")
        ),
        Binding("J,shift+down,О", "shift(1)", _("Move"), id="columns.later", show=False, tooltip=_("Move it right")),
        Binding(
            "plus,equals_sign", "widen(1)", _("Width"), id="columns.wider", key_display="+ -", tooltip=_("A cell wider")
        ),
        Binding("minus", "widen(-1)", _("Width"), id="columns.narrower", show=False, tooltip=_("A cell narrower")),
        Binding("r,к", "reset", _("Reset"), id="columns.reset", tooltip=_("The columns as they were made")),
        Binding("escape", "back", _("Back"), id="columns.back", tooltip=_("Back, nothing changes")),
        Binding("j,о", "move(1)", _("Down"), id="columns.down", show=False, tooltip=_("The next column")),
        Binding("k,л", "move(-1)", _("Up"), id="columns.up", show=False, tooltip=_("The column before")),
    ]

    options = query_one(OptionList)
    problem = query_one(".problem", Static)

    def __init__(
        self, columns: Sequence[Column[Any]], choices: Sequence[ColumnChoice], drawn: Mapping[str, int]
    ) -> None:
        """`columns` are the table's own ones, `choices` one for each in order, `drawn` the widths at present."""
        super().__init__()
        self._columns = {column.key: column for column in columns}
        self._choices = list(choices)
        self._drawn = drawn

    def compose(self) -> ComposeResult:
        """The columns in order, and what cannot be done."""
        with Vertical(id="choose-columns"):
            yield Static(styled(_("Columns"), "bold"))
            yield OptionList(*map(Option, map(self._line, self._choices)), compact=True)
            yield Static(styled(_("✕ One column has to be left."), "$text-error"), classes="problem")
        yield KeyBar()

    def on_mount(self) -> None:
        """Begin at the first."""
        self.options.highlighted = 0

    def _is_shown(self, choice: ColumnChoice) -> bool:
        return choice.of(self._columns[choice.key]).shown

    def _line(self, choice: ColumnChoice) -> Content:
        column = self._columns[choice.key]
        title, width = literal(column.title), literal(_width_words(column, choice))
        between = max(1, _LINE - title.cell_length - width.cell_length)
        return literal(f" {'✓' if self._is_shown(choice) else '·'} ") + title.pad_right(between) + width.pad_right(1)

    def _at(self) -> int:
        return self.options.highlighted or 0

    def _show(self, at: int) -> None:
        self.problem.display = False
        for number, choice in enumerate(self._choices):
            self.options.replace_option_prompt_at_index(number, self._line(choice))
        self.options.highlighted = at

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """A click shows or hides the column."""
        event.stop()
        self.action_show_or_hide()

    def action_show_or_hide(self) -> None:
        """Show or hide the column; one is always left."""
        at = self._at()
        choice = self._choices[at]
        shown = self._is_shown(choice)
        if shown and sum(map(self._is_shown, self._choices)) == 1:
            self.problem.display = True
            return
        own = self._columns[choice.key].shown
        self._choices[at] = replace(choice, shown=None if own is not shown else not shown)
        self._show(min(at + 1, len(self._choices) - 1))

    def action_shift(self, by: int) -> None:
        """Move the column in the order."""
        at, to = self._at(), self._at() + by
        if 0 <= to < len(self._choices):
            self._choices[at], self._choices[to] = self._choices[to], self._choices[at]
            self._show(to)

    def action_widen(self, by: int) -> None:
        """Make the column wider or narrower, beginning at how wide it is drawn."""
        at = self._at()
        choice = self._choices[at]
        width = choice.width or self._drawn.get(choice.key, self._columns[choice.key].width)
        self._choices[at] = choice.resized(width + by)
        self._show(at)

    def action_reset(self) -> None:
        """Show the table's own columns again."""
        self._choices = [ColumnChoice(key) for key in self._columns]
        self._show(self._at())

    def action_move(self, lines: int) -> None:
        """Move in the list."""
        if lines > 0:
            self.options.action_cursor_down()
        else:
            self.options.action_cursor_up()

    def action_done(self) -> None:
        """Hand back the choices; none where all is as the table has it."""
        if self.is_current:
            own = [ColumnChoice(key) for key in self._columns]
            self.dismiss([] if self._choices == own else self._choices)

    def action_back(self) -> None:
        """Leave the columns as they are."""
        if self.is_current:
            self.dismiss()


def _width_words(column: Column[Any], choice: ColumnChoice) -> str:
    if choice.width is not None:
        return _("{width} chosen", width=choice.width)
    return _("{width}, grows", width=column.width) if column.grow else str(column.width)
