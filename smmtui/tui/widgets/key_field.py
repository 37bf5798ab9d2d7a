"""The input for an API key: nobody reads it from the screen, and nothing copies it."""

from __future__ import annotations

from typing import Any

from textual.widgets import Input, TextArea

from smmtui.tui.widgets.order_field import LineInput, OrderField


class KeyInput(LineInput):
    """Shows dots; Textual's own would still copy and cut the text behind them."""

    ALLOW_SELECT = False

    def __init__(self, value: str = "", **options: Any) -> None:
        """Make the input, with Textual's options."""
        super().__init__(value, password=True, **options)

    def action_copy(self) -> None:
        """Copy nothing."""

    def action_cut(self) -> None:
        """Copy nothing, and keep it."""


class KeyField(OrderField):
    """A field whose value is a key."""

    def _input(self, hint: str) -> Input | TextArea:
        return KeyInput(self._value, placeholder=hint, compact=True, select_on_focus=False)
