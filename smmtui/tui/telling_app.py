"""The App as far as it tells: toasts and their log, and what reaches a user who is not in front of it."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from time import time
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.notifications import Notification, Notify
from textual.widgets._toast import ToastRack

from smmtui.log import log
from smmtui.tui.errands import Errands
from smmtui.tui.fitting_app import FittingApp
from smmtui.words import _

if TYPE_CHECKING:
    from textual.screen import Screen
    from textual.timer import Timer

    from smmtui.desk.desk import Desk
    from smmtui.domain.messages import Severity
    from smmtui.tui.notifying import Notifying

_EVERY = 1.0
_MESSAGES = "messages"
_TOASTS = 2
_TITLES = 50
# What went well is read in so many seconds, or at so many letters a second where it takes longer; then keys end it.
_READ_IN = 4.0
_LETTERS = 20
_READ_BEFORE_KEYS = 1.0
_GRAVITY: dict[str, int] = {"information": 0, "warning": 1, "error": 2}


def _messages(desk: Desk) -> Screen[None]:
    from smmtui.tui.screens.messages import MessagesScreen

    return MessagesScreen(desk)


class TellingApp(FittingApp):
    """Keeps every toast in the Desk's messages, and looks every second for news that deserves telling."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "exclamation_mark",
            "messages",
            _("Messages"),
            id="app.messages",
            key_display="!",
            show=False,
            tooltip=_("What was said, newest first; again for the way back"),
        ),
    ]

    errands: Errands
    """Work that goes on whatever is on the screen."""

    def __init__(self) -> None:
        super().__init__()
        self._told: Desk | None = None
        self._notifying: Notifying | None = None
        self._before_messages = ""
        self._telling: Timer | None = None
        self.log_troubles: deque[str] = deque()
        """What the thread of the log has to tell; it becomes a toast within a second."""

    def begin_telling(self, desk: Desk) -> None:
        """Tell what is news from now on."""
        self._told = desk
        self.add_mode(_MESSAGES, lambda: _messages(desk))
        if self._telling is None:
            self._telling = self.set_interval(_EVERY, self._tell)

    async def end_telling(self) -> None:
        """Tell nothing more of this Desk, and take down what was told of it."""
        self._told = self._notifying = None
        self.clear_notifications()
        await self.remove_mode(_MESSAGES)

    def titles_said(self) -> list[str]:
        """Return when and how what was said last: times and titles, newest first, without the texts."""
        said = [] if self._told is None else self._told.messages.newest_first[:_TITLES]
        return [f"{each.at:%Y-%m-%d %H:%M:%S} {each.severity} ×{each.times} {each.title}" for each in said]

    def _tell(self) -> None:
        while self.log_troubles:
            self.notify(self.log_troubles.popleft(), title=_("No log"), severity="warning", markup=False)
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
        # Its text may hold a link.
        log.info("toast (%s): %s", severity, title)
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
        from smmtui.tui.shown_keys import key_of

        quits = key_of(self, "app.quit_always")
        text = _("{key} quits. In a field ctrl+c copies what is selected.", key=quits)
        self.notify(text, title=_("smmtui goes on"), markup=False)

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
