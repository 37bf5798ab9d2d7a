"""The App as far as it tells: toasts and their log, and what reaches a user who is not in front of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import App
from textual.binding import Binding, BindingType

from smmtui.tui.errands import Errands

if TYPE_CHECKING:
    from textual.screen import Screen

    from smmtui.desk.desk import Desk
    from smmtui.tui.notifying import Notifying
    from smmtui.tui.outcomes import Severity

_EVERY = 1.0
_MESSAGES = "messages"


def _messages(desk: Desk) -> Screen[None]:
    from smmtui.tui.screens.messages import MessagesScreen

    return MessagesScreen(desk)


class TellingApp(App[None]):
    """Keeps every toast in the Desk's messages, and looks every second for news that deserves telling."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "exclamation_mark",
            "messages",
            "Messages",
            id="app.messages",
            key_display="!",
            show=False,
            tooltip="What was said, newest first; again for the way back",
        ),
    ]

    errands: Errands
    """Work that goes on whatever is on the screen."""

    def __init__(self) -> None:
        super().__init__()
        self._told: Desk | None = None
        self._notifying: Notifying | None = None
        self._before_messages = ""

    def begin_telling(self, desk: Desk) -> None:
        """Tell what is news from now on."""
        self._told = desk
        self.add_mode(_MESSAGES, lambda: _messages(desk))
        self.set_interval(_EVERY, self._tell)

    def _tell(self) -> None:
        # Imported with the first news, for the start is not to wait for it.
        if self._notifying is None and self._told is not None:
            from smmtui.tui.notifying import Notifying

            self._notifying = Notifying(self, self._told)
        if self._notifying is not None:
            self._notifying.look()

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: Severity = "information",
        timeout: float | None = None,
        markup: bool = True,
    ) -> None:
        """Show a toast, wherever it comes from, and keep it among the messages; nothing in it ever is markup."""
        super().notify(message, title=title, severity=severity, timeout=timeout, markup=False)
        if self._told is not None:
            self._told.messages.add(title, message, severity)

    def send_to_terminal(self, sequence: str) -> None:
        """Write a control sequence of ours, if there is a terminal of ours to obey it."""
        if self._driver is not None and not (self.is_headless or self.is_web):
            self._driver.write(sequence)

    def action_messages(self) -> None:
        """List what was said, or go back to where one was."""
        if self._told is None:
            return
        if self.current_mode != _MESSAGES:
            # All that a toast could say is listed there.
            self.clear_notifications()
            self._before_messages = self.current_mode
            self.switch_mode(_MESSAGES)
        else:
            self.switch_mode(self._before_messages)
