"""The App as far as it tells: toasts and their log, and what reaches a user who is not in front of it."""

from __future__ import annotations

from collections.abc import Sequence
from time import time
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import App
from textual.binding import Binding, BindingType
from textual.notifications import Notification, Notify
from textual.widgets._toast import ToastRack

from smmtui.tui.errands import Errands

if TYPE_CHECKING:
    from textual.screen import Screen

    from smmtui.desk.desk import Desk
    from smmtui.tui.notifying import Notifying
    from smmtui.tui.outcomes import Severity

_EVERY = 1.0
_MESSAGES = "messages"
_TOASTS = 2
# What went well is read in so many seconds, or at so many letters a second where it takes longer; then keys end it.
_READ_IN = 4.0
_LETTERS = 20
_READ_BEFORE_KEYS = 1.0
_GRAVITY: dict[str, int] = {"information": 0, "warning": 1, "error": 2}


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
        if severity == "information":
            timeout = max(_READ_IN, len(message) / _LETTERS)
        super().notify(message, title=title, severity=severity, timeout=timeout, markup=False)
        if self._told is not None:
            self._told.messages.add(title, message, severity)

    def on_notify(self, event: Notify) -> None:
        """Make room for a toast: few stand at a time, equal ones once; what is least grave goes first."""
        new = event.notification
        equal = [old for old in self._notifications if _said(old) == _said(new)]
        others = sorted(
            (old for old in self._notifications if old not in equal), key=lambda old: _GRAVITY[old.severity]
        )
        self._take_away([*equal, *others[: max(0, len(others) + 1 - _TOASTS)]])

    async def on_event(self, event: events.Event) -> None:
        """Whoever goes on has seen what went well."""
        if isinstance(event, events.Key) and not event.is_forwarded:
            read = time() - _READ_BEFORE_KEYS
            shown = self._notifications
            self._take_away([old for old in shown if old.severity == "information" and old.raised_at < read])
        await super().on_event(event)

    def _take_away(self, toasts: Sequence[Notification]) -> None:
        """Have these toasts shown no longer, not on the screens below a dialog either."""
        for toast in toasts:
            self._unnotify(toast, refresh=False)
        if toasts:
            for screen in self.screen_stack:
                for rack in screen.query_children(ToastRack):
                    rack.call_later(rack.show, self._notifications)

    def action_help_quit(self) -> None:
        """Say what ctrl+c does not do."""
        self.notify("ctrl+q quits. In a field ctrl+c copies what is selected.", title="smmtui goes on", markup=False)

    def send_to_terminal(self, sequence: str) -> None:
        """Write a control sequence of ours, if there is a terminal of ours to obey it."""
        if self._driver is not None and not (self.is_headless or self.is_web):
            self._driver.write(sequence)

    def _to_newest(self) -> None:
        from smmtui.tui.screens.messages import MessagesScreen

        screen = self.screen
        if isinstance(screen, MessagesScreen) and screen.is_mounted:
            # Behind its catching up, by which the cursor stays with the message it was on.
            screen.call_later(screen.table.action_first)

    def action_messages(self) -> None:
        """List what was said, or go back to where one was."""
        if self._told is None:
            return
        if self.current_mode != _MESSAGES:
            # All that a toast could say is listed there.
            self.clear_notifications()
            self._before_messages = self.current_mode
            self.switch_mode(_MESSAGES)
            self.call_later(self._to_newest)
        else:
            self.switch_mode(self._before_messages)


def _said(toast: Notification) -> tuple[str, str, str]:
    return toast.severity, toast.title, toast.message
