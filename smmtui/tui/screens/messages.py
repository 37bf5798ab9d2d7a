"""What was said: every toast, and what happened between smmtui and the panel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter
from typing import ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Static

from smmtui.desk.topics import Topic, Wanted
from smmtui.domain.filter_language import Field, Query, parse
from smmtui.domain.messages import SEVERITIES, SEVERITY_WORDS, Message, Severity, message_fields, message_text
from smmtui.tui.filtered_screen import FilteredScreen
from smmtui.tui.kinds import MESSAGES
from smmtui.tui.later_styles import LATER_STYLES
from smmtui.tui.show import AGE_WIDTH, age, literal, styled
from smmtui.tui.table_wishes import MESSAGE_LINES
from smmtui.tui.widgets.marks_bar import MarksBar
from smmtui.tui.widgets.row_columns import Column, titled
from smmtui.tui.widgets.row_table import RowTable
from smmtui.words import _

_SECOND = 1.0
_LOOKS: Mapping[Severity, tuple[str, str]] = {
    "information": ("·", "$foreground-muted"),
    "warning": ("!", "$text-warning"),
    "error": ("✕", "$text-error"),
}
_SEVERITY_WIDTH = max(cell_len(f"{glyph} {SEVERITIES[severity]}") for severity, (glyph, _look) in _LOOKS.items())


class MessageTable(RowTable[Message]):
    """The messages; all of the current one stands below, so there is nothing to open."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "space", "mark", _("Mark"), id="table.mark", show=False, tooltip=_("Mark or unmark the row and move down")
        ),
        # Not of the screen: there the same key clears the filter, and one of two keys in one place would be lost.
        Binding("escape", "screen.back", _("Back"), id="messages.back", tooltip=_("Back to where you were")),
    ]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer nothing to open."""
        return action != "select"


class MessagesScreen(FilteredScreen[Message]):
    """The messages, newest first, with all of the current one below them."""

    CSS_PATH = LATER_STYLES

    MODE = "messages"
    KIND = MESSAGES
    PLACEHOLDER = _("words, is:error age<1h title:…")
    WHAT = _("messages")

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "y,н", "copy_ids", _("Copy"), id="table.copy_ids", tooltip=_("Copy the marked lines, or the current one")
        ),
    ]

    table = query_one(MessageTable)
    whole = query_one("#message", Static)

    def compose_body(self) -> ComposeResult:
        """The filter, the table, all of the current message."""
        yield from self.compose_filter()
        yield MessageTable(self.arranged_columns(), MESSAGES.row_id, fixed=2)
        yield MarksBar()
        yield Static(id="message")

    def own_columns(self) -> Sequence[Column[Message]]:
        """Return the columns of messages."""

        def said(message: Message) -> str:
            return age(message.at, self.desk.clock.now())

        return titled(
            Column("age", _("Age"), AGE_WIDTH, said, align="right"),
            Column("severity", _("Is"), _SEVERITY_WIDTH, _severity),
            Column("times", _("Times"), 6, _times, align="right"),
            Column("title", _("What"), 30, attrgetter("title"), grow=1, min_width=16),
            Column("text", _("More"), 60, lambda message: message.text.replace("\n", " "), grow=4, min_width=20),
        )

    def on_mount(self) -> None:
        """Ages move on by themselves."""
        self.set_interval(_SECOND, self._tick)

    def _tick(self) -> None:
        if self.is_current:
            self.table.redraw()

    def all_rows(self) -> Sequence[Message]:
        """Return every message that is kept."""
        return self.desk.messages.newest_first

    def show(self, topic: Topic) -> None:
        """Take over what was said meanwhile."""
        if Topic.MESSAGES in topic:
            self.list_rows(keep_view=True)

    def list_rows(self, *, keep_view: bool) -> None:
        """List the messages that satisfy the filter."""
        messages = self.all_rows()
        query = parse(self.text, self.fields())
        shown = [message for message in messages if query.holds(message_text(message), message)]
        self.table.show_rows(self.in_order(shown), keep_view=keep_view)
        self.show_found(len(shown), len(messages), query)
        self._show_whole()
        if not keep_view:
            # Another filter: what Esc does may be something else now.
            self.refresh_bindings()

    def fields(self) -> Mapping[str, Field]:
        """Return the fields of messages, ages as of now."""
        return message_fields(self.desk.clock.now())

    def field_values(self, field: str) -> Iterable[str]:
        """Return the words for how grave a message is."""
        return SEVERITY_WORDS.values() if field == "is" else super().field_values(field)

    def finds(self, query: Query) -> bool:
        """Return whether any message satisfies the query."""
        return any(query.holds(message_text(message), message) for message in self.all_rows())

    def why_empty(self) -> Content:
        """Say what is to be seen here."""
        return literal(_("Nothing was said yet. Toasts and what happens with the panel are kept here."))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Go back only when there is no filter left to clear."""
        if action == "back":
            return not self.text.strip()
        return super().check_action(action, parameters)

    async def action_back(self) -> None:
        """Have the App go back to where it came from."""
        await self.app.run_action("messages")

    def action_copy_ids(self) -> None:
        """Copy the marked messages, or the current one, a line each."""
        self._copy(MESSAGE_LINES, [message.line for message in self.chosen_rows()], "\n")

    def action_refresh(self) -> None:
        """Ask the panel for everything that moves."""
        self.desk.refresh(Wanted.ORDERS | Wanted.BALANCE)

    def on_row_table_cursor_moved(self) -> None:
        """Show all of another message."""
        self._show_whole()

    def _show_whole(self) -> None:
        message = self.table.current
        self.whole.display = message is not None
        if message is not None:
            at = f"{message.at.astimezone():%Y-%m-%d %H:%M:%S}  "
            head = styled(at, "$foreground-muted") + styled(message.title, "bold")
            self.whole.update(Content("\n").join([head, literal(message.text)]))


def _severity(message: Message) -> Content:
    glyph, look = _LOOKS[message.severity]
    return styled(f"{glyph} {SEVERITIES[message.severity]}", look)


def _times(message: Message) -> str:
    return f"×{message.times:,}" if message.times > 1 else ""
