"""The line with the filter and the count; the table is filtered in the same paint as the key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.highlighter import Highlighter
from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.geometry import Size
from textual.getters import query_one
from textual.reactive import Reactive
from textual.suggester import SuggestionReady
from textual.widgets import Input, Static

from smmtui.domain.filter_language import Problem
from smmtui.tui.show import literal
from smmtui.tui.widgets.chips import Chip, Chips
from smmtui.tui.widgets.filter_history import FilterHistory
from smmtui.words import _, ngettext

Complete = Callable[[str], str | None]

_SIGNS = ("slash", "plus")


class FilterInput(Input):
    """An input that tells its owner of a change at once.

    Input's own message arrives one turn of the loop later, and the table would be painted after the next frame only.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"filter-input--problem"}

    # As Textual has it, but for the layout of the whole screen that every letter would bring about.
    virtual_size = Reactive(Size(0, 0), layout=False)

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "leave", _("To the table"), id="filter.to_table", tooltip=_("Go to the rows found")),
        Binding(
            "down", "newer", _("Newer filter"), id="filter.newer", show=False, tooltip=_("Back from an older filter")
        ),
        Binding("up", "older", _("Older filter"), id="filter.older", tooltip=_("The filter typed before")),
        Binding("tab", "complete", _("Complete"), id="filter.complete", tooltip=_("Complete the field or value")),
        Binding("ctrl+u", "empty", _("Empty"), id="filter.empty", show=False, tooltip=_("Take away all that is typed")),
        Binding("escape", "leave", _("Leave"), id="filter.leave", tooltip=_("Leave the filter; again clears it")),
    ]

    def __init__(
        self,
        changed: Callable[[str], None],
        leave: Callable[[], None],
        complete: Complete,
        history: FilterHistory,
        placeholder: str,
    ) -> None:
        self._unread: Sequence[Problem] = ()
        super().__init__(
            placeholder=placeholder,
            select_on_focus=False,
            compact=True,
            highlighter=_Unread(self._style_unread),
        )
        # The owner is told at once; the message would go by every node up to the App before anything is painted.
        self.disable_messages(self.Changed)
        self._told = changed
        self._leave = leave
        self._complete = complete
        self._history = history

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Every sign that can be typed is: Textual does not know the characters of some names of keys."""
        return key in _SIGNS or super().check_consume_key(key, character)

    def watch_value(self, value: str) -> None:
        """Tell the owner, and show what Tab would complete; a suggester would start a worker for each letter."""
        self._told(value)
        if value and (completed := self._complete(value)) is not None:
            self.post_message(SuggestionReady(value, completed))

    def on_focus(self, event: events.Focus) -> None:
        """Type on where the text ends; a click goes where it was made, which comes after this."""
        if not event.from_app_focus:
            self.cursor_position = len(self.value)

    def _on_paste(self, event: events.Paste) -> None:
        """Take several lines as one, and say so; Input itself keeps the first one silently."""
        lines = [line.strip() for line in event.text.splitlines() if line.strip()]
        if len(lines) > 1:
            event.stop()
            event.prevent_default()
            self.replace(" ".join(lines), *self.selection)
            text = ngettext(
                "{count} line was pasted into the filter, which is one line: blanks stand between them.",
                "{count} lines were pasted into the filter, which is one line: blanks stand between them.",
                len(lines),
            )
            self.notify(text, title=_("Pasted as one line"), severity="warning", markup=False)

    def show_unread(self, problems: Sequence[Problem]) -> None:
        """Draw the terms that were left out as such."""
        if tuple(problems) != self._unread:
            self._unread = tuple(problems)
            self.refresh()

    def _style_unread(self, text: Text) -> None:
        style = self.get_component_rich_style("filter-input--problem")
        for problem in self._unread:
            text.stylize(style, problem.start, problem.end)

    def action_leave(self) -> None:
        """Leave for the table; Esc in an empty filter leaves as well."""
        self._history.add(self.value)
        self._leave()

    def action_older(self) -> None:
        """Show the filter typed before this one."""
        self._show(self._history.older(self.value))

    def action_newer(self) -> None:
        """Show the filter typed after this one; from the one being typed, leave for the table."""
        newer = self._history.newer(self.value)
        if newer is None:
            self.action_leave()
        self._show(newer)

    def action_complete(self) -> None:
        """Complete the word before the cursor; stay in any case, for what is typed next is meant for the filter."""
        before, after = self.value[: self.cursor_position], self.value[self.cursor_position :]
        completed = None if after[:1].strip() else self._complete(before)
        if completed is not None:
            self.value = completed + after
            self.cursor_position = len(completed)

    def action_empty(self) -> None:
        """Take away all that is typed, wherever the cursor is."""
        self.value = ""

    def _show(self, text: str | None) -> None:
        if text is not None:
            self.value = text
            self.cursor_position = len(text)


class _Unread(Highlighter):
    """Draws what was left out of the filter."""

    def __init__(self, draw: Callable[[Text], None]) -> None:
        self._draw = draw

    def highlight(self, text: Text) -> None:
        self._draw(text)


class FilterBar(Vertical):
    """The filter as an input while one types and as chips otherwise, how many rows it leaves, and remarks."""

    input = query_one(FilterInput)
    chips = query_one(Chips)
    found = query_one("#found", Static)
    notes = query_one("#notes", Static)

    def __init__(
        self,
        changed: Callable[[str], None],
        leave: Callable[[], None],
        complete: Complete,
        history: FilterHistory,
        placeholder: str,
    ) -> None:
        super().__init__()
        self._given = (changed, leave, complete, history, placeholder)
        self._width = 0
        self._notes = Content()

    def compose(self) -> ComposeResult:
        """A slash, the input or the chips, the count; below them the remarks, if any."""
        with Horizontal():
            yield Static(Content("/ "), id="slash")
            yield FilterInput(*self._given)
            yield Chips()
            yield Static(id="found")
        yield Static(id="notes")

    def show_count(self, shown: int, of: int, whole: str) -> None:
        """Show how many rows are left of how many; `whole` says all of them in words, as in "16 orders"."""
        most = literal(_found_words(of, whole)).cell_length
        found = literal(_found_words(shown, whole) if shown != of else whole)
        # Always as wide as it can become: a layout of the whole screen would be felt in every key.
        self.found.update(found.pad_left(max(0, most - found.cell_length)), layout=most != self._width)
        self._width = most

    def open(self) -> None:
        """Put the input in place of the chips, and the cursor into it."""
        self.chips.display, self.input.display = False, True
        self.screen.set_focus(self.input)

    def on_click(self, event: events.Click) -> None:
        """A click beside the chips is for typing on."""
        if event.widget is self.chips and "@click" not in event.style.meta:
            self.open()

    def show_chips(self, chips: Sequence[Chip]) -> None:
        """Show what is active, in place of the input unless that is in use."""
        self.chips.show(chips)
        self.chips.display = bool(chips) and self.screen.focused is not self.input
        self.input.display = not self.chips.display

    def show_notes(self, notes: Content) -> None:
        """Show remarks below the filter, none where there are none."""
        self.notes.display = bool(notes.plain)
        if notes != self._notes:
            self._notes = notes
            self.notes.update(notes)


def _found_words(shown: int, whole: str) -> str:
    return _("{shown} of {whole}", shown=f"{shown:,}", whole=whole)
