"""What a screen with a filter line does: filtering, its history, saved filters, chips, and words for what is amiss."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.getters import query_one
from textual.message import Message
from textual.timer import Timer

from smmtui.desk.desk import Desk
from smmtui.domain.filter_language import Field, Kind, Problem, Query, parse, pieces
from smmtui.domain.filter_text import completed, without
from smmtui.tui.desk_screen import DeskScreen
from smmtui.tui.remembered_texts import text_list, text_map
from smmtui.tui.show import literal, styled
from smmtui.tui.shown_keys import key_of
from smmtui.tui.widgets.cell_text import cut
from smmtui.tui.widgets.chips import Chip
from smmtui.tui.widgets.filter_bar import FilterBar
from smmtui.tui.widgets.filter_history import FilterHistory
from smmtui.tui.widgets.row_table import RowTable
from smmtui.words import _

_PAUSE = 0.3
"""Seconds without a key after which a half-typed term is taken for what was meant."""

_QUOTED = 40


class WithFilter(DeskScreen):
    """A table under a filter line; a subclass lists what satisfies the filter."""

    PLACEHOLDER: ClassVar[str] = ""
    WHAT: ClassVar[str] = ""
    """What the rows are, for the count."""

    CHIP_WORDS: ClassVar[Mapping[str, str]] = {}
    """Terms that read better in other words."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", _("Filter"), id="screen.filter", key_display="/", tooltip=_("Filter the rows")),
        Binding("escape", "clear", _("Clear filter"), id="screen.clear", show=False, tooltip=_("Show all rows again")),
        Binding(
            "backspace",
            "drop_term(-1)",
            _("Drop last term"),
            id="screen.drop_term",
            show=False,
            tooltip=_("Take the last term of the filter away"),
        ),
        Binding(
            "ctrl+s",
            "save_filter",
            _("Save this filter as…"),
            id="screen.save_filter",
            show=False,
            tooltip=_("Keep it under a name, to be found in the palette"),
        ),
    ]

    class SaveFilterWanted(Message):
        """The user wants to keep the filter of this screen under a name."""

        def __init__(self, screen: WithFilter) -> None:
            super().__init__()
            self.screen = screen

    table = query_one("RowTable", RowTable[Any])
    filter = query_one(FilterBar)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.text = ""
        self._hits = (0, 0)
        self._problems: Sequence[Problem] = ()
        self._pause: Timer | None = None

    def compose_filter(self) -> ComposeResult:
        """The filter's line."""
        name = f"history.{self.MODE}"
        past = text_list(self.desk.remembered.get(name))
        history = FilterHistory(past, lambda entries: self.desk.remembered.set(name, entries))
        yield FilterBar(self._filter, self._to_table, self._completed, history, self.PLACEHOLDER)

    # ── what a subclass tells ─────────────────────────────────────────────────────────────────────────────────────

    def list_rows(self, *, keep_view: bool) -> None:
        """List what satisfies the filter's text, and say so by `show_found`."""

    def fields(self) -> Mapping[str, Field]:
        """Return the fields that can be asked for."""
        return {}

    def field_values(self, field: str) -> Iterable[str]:
        """Return the folded values of a field that can be completed, likeliest first."""
        return ("yes", "no") if self.fields()[field].kind is Kind.FLAG else ()

    def finds(self, query: Query) -> bool:
        """Return whether any row at all satisfies the query."""
        return True

    def counted(self, number: int) -> str:
        """Return so many rows in words."""
        return f"{number:,} {self.WHAT}"

    def why_empty(self) -> Content:
        """Return why no row is shown when the filter is not the reason."""
        return Content()

    def state_words(self) -> str:
        """Return what the user should know of the rows as a whole, "" for nothing."""
        return ""

    def more_chips(self) -> Sequence[Chip]:
        """Return chips for what is active beside the filter."""
        return ()

    # ── filtering ─────────────────────────────────────────────────────────────────────────────────────────────────

    def set_filter(self, text: str) -> None:
        """Filter by this text."""
        self.filter.input.value = text
        self.filter.input.cursor_position = len(text)

    def _filter(self, text: str) -> None:
        if text != self.text:
            self.text = text
            self.list_rows(keep_view=False)

    def show_found(self, shown: int, of: int, query: Query) -> None:
        """Show how many rows were found and what of the filter was left out; the rest once the typing pauses."""
        self._hits, self._problems = (shown, of), query.problems
        self.filter.show_count(shown, of, self.counted(of))
        self.filter.input.show_unread(query.problems)
        self.table.show_empty(self._nothing() if self.text and of else self.why_empty())
        if self._pause is not None:
            self._pause.stop()
            self._pause = None
        if self.focused is self.filter.input:
            self._pause = self.set_timer(_PAUSE, self._explain_after_pause)
        else:
            self.explain()

    def _explain_after_pause(self) -> None:
        # The pause may end while the screen is being taken down, when its parts are gone already.
        if self.query(FilterBar) and self.query("RowTable"):
            self.explain()

    def explain(self) -> None:
        """Show the chips, the remarks, and why nothing matches."""
        self.filter.show_chips([*self._chips(), *self.more_chips()])
        problems = " · ".join(problem.words for problem in self._problems)
        notes = [styled(f"✕ {problems}", "$text-error")] if problems else []
        if state := self.state_words():
            notes.append(literal(state))
        self.filter.show_notes(Content("\n").join(notes))
        shown, of = self._hits
        if self.text and of and not shown:
            self.table.show_empty(Content("\n").join([self._nothing(), *self._why_nothing()]))

    def _chips(self) -> list[Chip]:
        unread = [problem.start for problem in self._problems]
        return [
            Chip(
                self.CHIP_WORDS.get(piece.text, piece.text),
                f"screen.drop_term({number})",
                bad=any(piece.start <= start < piece.end for start in unread),
            )
            for number, piece in enumerate(pieces(self.text))
        ]

    def _nothing(self) -> Content:
        key, shown = key_of(self.app, "screen.clear"), cut(self.text, _QUOTED).text
        return literal(_("Nothing matches “{filter}”. {key} clears the filter.", filter=shown, key=key))

    def _why_nothing(self) -> list[Content]:
        """The terms that find nothing even alone, and how to take one away."""
        typed = pieces(self.text)
        if len(typed) < 2:
            return []
        fields = self.fields()
        barren = [piece.text for piece in typed if not self.finds(parse(piece.text, fields))]
        reasons = [_("“{term}” alone finds nothing.", term=cut(text, _QUOTED).text) for text in barren]
        if not reasons:
            reasons = [_("Each term finds {rows} alone, but none has them all.", rows=self.WHAT)]
        return [*map(literal, reasons), literal(_("Backspace in the table takes the last term away."))]

    def _completed(self, text: str) -> str | None:
        return completed(text, self.fields(), self.field_values)

    # ── keys ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def on_mount(self) -> None:
        """The table has the keys from the start."""
        self.set_focus(self.table)

    def _to_table(self) -> None:
        self.set_focus(self.table)
        self.explain()

    def action_filter(self) -> None:
        """Go to the filter."""
        self.filter.open()

    def action_try_filter(self, text: str) -> None:
        """Filter by an example, to be changed."""
        self.filter.open()
        self.set_filter(text)

    def action_clear(self) -> None:
        """Empty the filter."""
        self.set_filter("")

    def action_drop_term(self, number: int) -> None:
        """Take a term of the filter away."""
        if pieces(self.text):
            self.set_filter(without(self.text, number))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to clear, save or shorten only a filter that is there."""
        if action in ("clear", "drop_term", "save_filter") and not self.text.strip():
            # How to keep a filter can be read before there is one.
            return None if action == "save_filter" else False
        return super().check_action(action, parameters)

    # ── saved filters ─────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def saved_filters(self) -> Mapping[str, str]:
        """The filters of this screen that were kept, by name."""
        return text_map(self.desk.remembered.get(f"filters.{self.MODE}"))

    def save_filter(self, name: str, text: str) -> None:
        """Keep a filter under a name, in place of the one that had it."""
        self._keep_filters({**self.saved_filters, name: text})

    def forget_filter(self, name: str) -> None:
        """Forget a saved filter."""
        self._keep_filters({other: text for other, text in self.saved_filters.items() if other != name})

    def _keep_filters(self, filters: Mapping[str, str]) -> None:
        self.desk.remembered.set(f"filters.{self.MODE}", dict(filters) or None)

    def action_save_filter(self) -> None:
        """Ask for a name to keep the filter under."""
        self.post_message(self.SaveFilterWanted(self))
