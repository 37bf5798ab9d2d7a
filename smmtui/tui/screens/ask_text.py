"""A question that is answered with a line of text."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.getters import query_one
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from smmtui.tui.later_styles import LATER_STYLES
from smmtui.tui.show import literal, styled
from smmtui.tui.widgets.key_bar import KeyBar
from smmtui.tui.widgets.key_field import KeyInput
from smmtui.tui.widgets.order_field import LineInput
from smmtui.words import _


class AskText(ModalScreen[str]):
    """Hands back what was typed, without blanks around it; "" for nothing.

    `check` says in words what is wrong with it, "" for nothing; as long as something is, the dialog stays. A `key` is
    neither shown nor copied.
    """

    CSS_PATH = LATER_STYLES

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", _("Back"), id="ask.back", tooltip=_("Back, nothing changes")),
    ]

    problem = query_one(".problem", Static)

    def __init__(
        self,
        question: str,
        text: str,
        placeholder: str,
        check: Callable[[str], Awaitable[str]] | None = None,
        *,
        key: bool = False,
    ) -> None:
        super().__init__()
        self._question = question
        self._text = text
        self._placeholder = placeholder
        self._check = check
        self._key = key

    def compose(self) -> ComposeResult:
        """The question, what it is about, the input."""
        with Vertical(id="ask"):
            yield Static(styled(self._question, "bold"))
            yield Static(literal(self._text))
            kind = KeyInput if self._key else LineInput
            yield kind(placeholder=self._placeholder, compact=True)
            yield Static(classes="problem")
        yield KeyBar()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Hand back what was typed, if it stands the check."""
        event.stop()
        if self.is_current and event.value.strip():
            self._hand_back(event.value.strip())

    @work(exclusive=True)
    async def _hand_back(self, typed: str) -> None:
        wrong = "" if self._check is None else await self._check(typed)
        if not self.is_current:
            return
        if not wrong:
            self.dismiss(typed)
            return
        self.problem.update(Content("\n").join([Content(), styled(f"✕ {wrong}", "$text-error")]))
        self.query_one(LineInput).select_all()

    def action_back(self) -> None:
        """Hand back nothing."""
        if self.is_current:
            self.dismiss("")
