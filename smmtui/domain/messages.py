"""What was said to the user, as it is listed and filtered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from smmtui.domain.filter_language import Field, Kind, fold
from smmtui.domain.records import Record
from smmtui.words import _

Severity = Literal["information", "warning", "error"]

SEVERITY_WORDS: Mapping[Severity, str] = {"information": "info", "warning": "warning", "error": "error"}
"""What the filter asks for; the same in every language."""
SEVERITIES: Mapping[Severity, str] = {"information": _("info"), "warning": _("warning"), "error": _("error")}
"""How they read on the screen."""


class Message(Record, frozen=True, gc=False):
    """What was said at `at` for the last time, of `times`; `id` stays the same through all of them."""

    id: str
    at: datetime
    severity: Severity
    title: str
    text: str
    times: int = 1

    @property
    def line(self) -> str:
        """All of it on one line, with the time in UTC, to be copied."""
        times = f" ×{self.times}" if self.times > 1 else ""
        said = " ".join(filter(None, (f"{self.title}:" if self.title else "", *self.text.splitlines())))
        return f"{self.at:%Y-%m-%d %H:%M:%S} {SEVERITIES[self.severity]}{times} {said}"


def message_fields(now: datetime) -> Mapping[str, Field]:
    """Return what the filter compares: severity, title, how often it was said, and its age in seconds at `now`."""
    return {
        "is": Field(Kind.TEXT, lambda message: SEVERITY_WORDS[message.severity]),
        "title": Field(Kind.TEXT, lambda message: fold(message.title)),
        "times": Field(Kind.NUMBER, lambda message: message.times),
        "age": Field(Kind.AGE, lambda message: max(0.0, (now - message.at).total_seconds())),
    }


def message_text(message: Message) -> str:
    """Return the folded text that words are looked for in."""
    return fold("\n".join((SEVERITIES[message.severity], message.title, message.text)))
