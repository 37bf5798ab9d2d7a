"""Stands in front while the panel is asked something that the next dialog is about."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.widgets import Static

from smmtui.tui.later_styles import LATER_STYLES
from smmtui.tui.show import literal
from smmtui.tui.widgets.key_bar import KeyBar
from smmtui.words import _


class Waiting(ModalScreen[None]):
    """Says what is being waited for; Esc gives up waiting, unless there is no way but to wait for the end."""

    CSS_PATH = LATER_STYLES

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", _("Do not wait"), id="waiting.leave", tooltip=_("Go back without an answer")),
    ]

    def __init__(self, text: str, *, can_leave: bool = True) -> None:
        super().__init__()
        self._text = text
        self._can_leave = can_leave
        self._left = False

    def compose(self) -> ComposeResult:
        """The words."""
        yield Static(literal(self._text), id="waiting")
        yield KeyBar()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is no giving up of what cannot be taken back."""
        return self._can_leave or action != "leave"

    def close(self) -> bool:
        """Go away, and return whether the user has waited."""
        # For what may stand in front of it now.
        self._can_leave = True
        if not self._left and self.is_current:
            self.dismiss()
        return not self._left

    def action_leave(self) -> None:
        """Give up waiting."""
        if self.is_current:
            self._left = True
            self.dismiss()
