"""The user's own words about one order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.getters import query_one
from textual.screen import ModalScreen
from textual.widgets import Static

from smmtui.domain.order_notes import NOTE, TAGS
from smmtui.domain.records import Order
from smmtui.tui.later_styles import LATER_STYLES
from smmtui.tui.show import literal, styled
from smmtui.tui.widgets.key_bar import KeyBar
from smmtui.tui.widgets.order_field import OrderField
from smmtui.words import _


@dataclass(frozen=True, slots=True)
class Noted:
    """What was typed."""

    note: str
    tags: str


class OrderNote(ModalScreen[Noted]):
    """Takes a note and tags; Esc leaves them as they were."""

    CSS_PATH = LATER_STYLES

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f9,ctrl+j,ctrl+enter", "save", _("Save"), id="note.save", tooltip=_("Keep the note and the tags")),
        Binding("escape", "back", _("Back (unchanged)"), id="note.back", tooltip=_("Leave them as they were")),
    ]

    note = query_one(f"#field-{NOTE.name}", OrderField)
    tags = query_one(f"#field-{TAGS.name}", OrderField)

    def __init__(self, order: Order) -> None:
        super().__init__()
        self._order = order

    def compose(self) -> ComposeResult:
        """Which order, and the two fields."""
        order = self._order
        with Vertical(id="note"):
            yield Static(styled(_("Note and tags of order {id}", id=order.id or _("(no id)")), "bold"))
            yield Static(literal(f"{order.service_name}  {order.link}".strip()))
            yield OrderField(NOTE, order.note)
            yield OrderField(TAGS, " ".join(order.tags))
        yield KeyBar()

    def on_mount(self) -> None:
        """Begin with the note."""
        self.note.take_focus()

    def on_order_field_entered(self, event: OrderField.Entered) -> None:
        """Enter goes from the note to the tags, and from there to the end."""
        event.stop()
        if event.field == NOTE:
            self.tags.take_focus()
        else:
            self.action_save()

    def on_order_field_typed(self, event: OrderField.Typed) -> None:
        """Say what became of a paste of several lines."""
        event.stop()
        for field in (self.note, self.tags):
            field.show_problems([])

    def action_save(self) -> None:
        """Hand back what was typed."""
        if self.is_current:
            self.dismiss(Noted(self.note.value, self.tags.value))

    def action_back(self) -> None:
        """Change nothing."""
        if self.is_current:
            self.dismiss()
