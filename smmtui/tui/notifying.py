"""The channels on which news is told: toast, bell, the terminal's desktop notice, a program of the user's."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from smmtui.desk.desk import Desk
from smmtui.domain.foreign_text import clean
from smmtui.domain.messages import Severity
from smmtui.domain.notices import Notice, Words, fold
from smmtui.tui.own_program import OwnProgram
from smmtui.words import _

if TYPE_CHECKING:
    from smmtui.tui.telling_app import TellingApp

_LONGEST_NOTICE = 200
_SECONDS: Mapping[Severity, float] = {"information": 8, "warning": 15, "error": 30}


class Notifying:
    """Tells what the Desk finds worth telling, by the rules of the profile, folded for each channel.

    Toasts appear in every window. What reaches a user who is elsewhere (bell, desktop notice, program) comes from the
    one window that asks the panel, so that it comes once.
    """

    def __init__(self, app: TellingApp, desk: Desk) -> None:
        self._app = app
        self._desk = desk
        self._program = OwnProgram(desk.profile.notify.command, desk.profile.name, self)
        self.run = app.errands.run

    def look(self) -> None:
        """Tell what is news."""
        notices = self._desk.notices.take()
        if not notices:
            return
        on = {channel: self._on(channel, notices) for channel in ("toast", "bell", "desktop", "command")}
        self._toast([notice for notice in on["toast"] if not notice.sent_here])
        self._keep([notice for notice in notices if self._channels(notice) and notice not in on["toast"]])
        if not self._desk.notices.leads:
            return
        if on["bell"]:
            self._app.bell()
        if on["desktop"]:
            self._app.send_to_terminal(desktop_notice(fold(on["desktop"]), in_tmux=bool(os.environ.get("TMUX"))))
        if on["command"]:
            self._program.hand(on["command"])

    def program_failed(self, trouble: str) -> None:
        """Say that the user's own program has not taken the news."""
        title = _("The notification program failed")
        self._app.notify(clean(trouble), title=title, severity="warning", markup=False)

    def _channels(self, notice: Notice) -> frozenset[str]:
        return self._desk.profile.notify.channels_of(kind.value for kind in notice.kinds)

    def _on(self, channel: str, notices: Sequence[Notice]) -> list[Notice]:
        return [notice for notice in notices if channel in self._channels(notice)]

    def _toast(self, notices: Sequence[Notice]) -> None:
        if notices:
            words = fold(notices)
            seconds = _SECONDS[words.severity]
            self._app.notify(words.text, title=words.title, severity=words.severity, timeout=seconds, markup=False)

    def _keep(self, notices: Sequence[Notice]) -> None:
        """What is told without a toast is among the messages all the same."""
        if notices:
            words = fold(notices)
            self._desk.messages.add(words.title, words.text, words.severity)


def desktop_notice(words: Words, *, in_tmux: bool) -> str:
    """Return the sequence (OSC 9) by which a terminal shows a notice of its own on the desktop.

    It never begins with a digit, which some terminals take for another command. tmux hands it on only in a wrapping,
    and with its `allow-passthrough` on.
    """
    text = clean(
        " ".join(filter(None, ("smmtui:", words.title, "–" if words.text else "", words.text))), _LONGEST_NOTICE
    )
    notice = f"\x1b]9;{text}\x07"
    # Inside of the wrapping every escape is doubled.
    return "\x1bPtmux;" + notice.replace("\x1b", "\x1b\x1b") + "\x1b\\" if in_tmux else notice
