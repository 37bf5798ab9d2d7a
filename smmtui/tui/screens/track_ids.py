"""Asks for the ids of orders that were placed elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.getters import query_one
from textual.screen import ModalScreen
from textual.widgets import Static, TextArea

from smmtui.domain.tracked_ids import PastedIds, read_ids
from smmtui.tui.later_styles import LATER_STYLES
from smmtui.tui.show import literal, styled
from smmtui.tui.widgets.key_bar import KeyBar
from smmtui.tui.widgets.order_field import LinesArea
from smmtui.words import _, ngettext

_HOW = _(
    "Type or paste the panel's ids, with anything between them. A line “id service link quantity” tells more of one "
    "order. The panel is asked about them first; nothing is placed and nothing is paid."
)
_NAMED = 5


class TrackIds(ModalScreen[str]):
    """Hands back what was typed once there is an id in it; Esc hands back nothing."""

    CSS_PATH = LATER_STYLES

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f9,ctrl+j,ctrl+enter", "check", _("Ask the panel"), id="track.check", tooltip=_("Look these ids up")),
        Binding("escape", "back", _("Back"), id="track.back", tooltip=_("Back, nothing is tracked")),
    ]

    area = query_one(LinesArea)
    found = query_one("#found-ids", Static)

    def __init__(self, text: str = "") -> None:
        super().__init__()
        self._text = text

    def compose(self) -> ComposeResult:
        """What to type, the field, and what is read of it."""
        with Vertical(id="track-ids"):
            yield Static(styled(_("Follow orders that were placed elsewhere"), "bold"))
            yield Static(literal(_HOW), classes="hint")
            yield LinesArea(self._text, compact=True, placeholder="23501 23502 23503")
            yield Static(id="found-ids")
        yield KeyBar()

    def on_mount(self) -> None:
        """The field has the keys, and says what is read of a text from before."""
        self.set_focus(self.area)
        self._show(read_ids(self._text))

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Say what is read of it."""
        event.stop()
        self._show(read_ids(event.text_area.text))

    def _show(self, pasted: PastedIds) -> None:
        number = len(pasted.tracked)
        parts = [literal(ngettext("{count} id", "{count} ids", number))]
        if pasted.unread:
            parts.append(styled(_unread_words(pasted.unread), "$text-warning"))
        self.found.update(Content(" · ").join(parts))

    def action_check(self) -> None:
        """Hand back what was typed."""
        if not self.is_current:
            return
        if read_ids(self.area.text).tracked:
            self.dismiss(self.area.text)
        else:
            self.found.update(styled(_("✕ There is no id in this: an id has at least one digit."), "$text-error"))

    def action_back(self) -> None:
        """Hand back nothing."""
        if self.is_current:
            self.dismiss("")


def _unread_words(unread: Sequence[str]) -> str:
    named, more = ", ".join(unread[:_NAMED]), len(unread) - _NAMED
    if more <= 0:
        return _("No ids, and left out: {named}", named=named)
    return ngettext(
        "No ids, and left out: {named} and {count} more",
        "No ids, and left out: {named} and {count} more",
        more,
        named=named,
    )
