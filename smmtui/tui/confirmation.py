"""The base of every dialog after which money moves or an order changes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.getters import query_one
from textual.message import Message
from textual.screen import ModalScreen
from textual.style import Style
from textual.widgets import Button, Input, Static

from smmtui.domain.ladder import Step
from smmtui.tui.later_styles import LATER_STYLES
from smmtui.tui.show import literal, styled
from smmtui.tui.widgets.key_bar import KeyBar
from smmtui.tui.widgets.order_field import LineInput
from smmtui.words import _

_DEAF_SECONDS = 0.25
_LEAST_LINES = 2


class TypedAnswer(LineInput):
    """Takes what has to be typed where one key is not enough."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", _("Confirm"), id="confirm.typed", tooltip=_("Do it, once it has been typed")),
    ]


class Confirmation(ModalScreen[bool]):
    """Asks in words; `y` confirms, everything else does not. Where the step says so, its text and Enter do instead.

    The first quarter of a second it hears nothing, so that the key that opened it, or one typed ahead, cannot confirm;
    a key that is held down since before it came does not reach it at all.
    """

    CSS_PATH = LATER_STYLES

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y,н", "confirm", _("Yes"), id="confirm.yes", tooltip=_("Do it")),
        Binding("down,j,о", "scroll(1)", _("Down"), id="confirm.down", show=False, tooltip=_("Read on")),
        Binding("up,k,л", "scroll(-1)", _("Up"), id="confirm.up", show=False, tooltip=_("Read back")),
        Binding("pagedown", "scroll(4)", _("Page down"), id="confirm.page_down", show=False, tooltip=_("Read on")),
        Binding("pageup", "scroll(-4)", _("Page up"), id="confirm.page_up", show=False, tooltip=_("Read back")),
        Binding("escape,n,т", "back", _("No, back"), id="confirm.no", tooltip=_("Back, nothing is sent")),
    ]

    @dataclass
    class Opened(Message):
        """The dialog is in front: the key that led to it has done what it was pressed for."""

    @dataclass
    class Confirmed(Message):
        """The user has confirmed: the key that did it has done what it was pressed for."""

    yes = query_one("#yes", Static)
    body = query_one("#body", VerticalScroll)

    def __init__(self, question: str, body: Content, yes: str, step: Step | None = None) -> None:
        super().__init__()
        self._question = question
        self._body = body
        self._yes = yes
        self._step = step or Step()
        self._hears = False

    def compose(self) -> ComposeResult:
        """The question, what it is about, and "No" as the one button; it has the focus unless something is typed."""
        step = self._step
        with Vertical(id="confirmation"):
            yield Static(styled(self._question, "bold"))
            with VerticalScroll(id="body", can_focus=False):
                yield Static(self._body)
            if step.asked:
                yield Static(_typing(step), id="typing")
                yield TypedAnswer(placeholder=_("the {what}", what=step.what), compact=True)
            with Horizontal(id="answers"):
                yield Button(literal(_("No, back")), id="no", compact=True)
                # Not a button: it must not be reached by Tab and confirmed by Enter.
                yield Static(id="yes")
        yield KeyBar()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """One key confirms only where that is enough."""
        return not (action == "confirm" and self._step.asked)

    def _fit(self) -> None:
        """Give the text all the height that the rest has left over."""
        beside = self.query_one("#confirmation").outer_size.height - self.body.outer_size.height
        keys = sum(each.outer_size.height for each in self.query(KeyBar))
        self.body.styles.max_height = max(_LEAST_LINES, self.size.height - keys - beside)

    def on_mount(self) -> None:
        """Begin to hear after a moment."""
        self.app.post_message(self.Opened())
        self.screen_layout_refresh_signal.subscribe(self, lambda _screen: self._fit())
        self.set_timer(_DEAF_SECONDS, self._listen)

    def _listen(self) -> None:
        self._hears = True
        if self._step.asked:
            # What came before was not meant for it.
            self.query_one(TypedAnswer).clear()
            self.yes.update(styled(f" Enter  {self._yes} ", "bold"))
            return
        click = Style(bold=True) + Style.from_meta({"@click": "screen.confirm"})
        self.yes.update(styled(f" y  {self._yes} ", click))

    def action_confirm(self) -> None:
        """Confirm."""
        self._confirm()

    def _confirm(self) -> None:
        if self._hears and self.is_current:
            # By the App, for this screen is gone before the message could come up from it.
            self.app.post_message(self.Confirmed())
            self.dismiss(True)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Confirm what was typed as it was asked for; Enter alone never does."""
        event.stop()
        if self._step.accepts(event.value):
            self._confirm()
        elif self._hears and event.value.strip():
            wrong = styled(_("✕ That is not {asked}; nothing was sent.", asked=self._step.asked), "$text-error")
            self.query_one("#typing", Static).update(Content("\n").join([_typing(self._step), wrong]))

    def action_scroll(self, lines: int) -> None:
        """Bring more of a long text into view."""
        self.body.scroll_relative(y=lines, animate=False)

    def action_back(self) -> None:
        """Send nothing."""
        if self.is_current:
            self.dismiss(False)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """The only button is "No"."""
        event.stop()
        if self._hears:
            self.action_back()


def _typing(step: Step) -> Content:
    how = literal(_("Type the {what}, {asked}, and press Enter.", what=step.what, asked=step.asked))
    return Content("\n").join([literal(step.why), how.highlight_regex(re.escape(step.asked), style="bold")])
