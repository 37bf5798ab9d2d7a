"""Every error that smmtui raises on purpose, named by what the caller may do.

    SmmtuiError ── ConfigError        nothing is started: say the sentence, exit 2
                ── JournalError       nothing is sent: the journal could not be read or made durable
                └─ PanelError ── NotSent        nothing left this machine: safe to repeat
                              ├─ NoAnswer       may have been done: never repeat a write, ask the user
                              ├─ BadAnswer      answered, not understandable: as NoAnswer for writes
                              ├─ Redirected     nobody is followed; the user is shown from where to where
                              └─ Refused        the panel said no, in its words
                                 ├─ RateLimited    ask again after `retry_after` seconds
                                 └─ BadKey         ask nothing more until the user acts

The text of an error is a sentence for the user. It never holds the key, and foreign text in it is already cleaned.
"""

from __future__ import annotations

from msgspec import Struct


class SmmtuiError(Exception):
    """Anything that smmtui reports in words instead of failing loudly."""


class ConfigError(SmmtuiError):
    """The configuration, the profile or the command line cannot be used; the text names file, place and remedy."""


class JournalError(SmmtuiError):
    """The journal or the receipts could not be read or made durable."""


class Evidence(Struct, frozen=True):
    """What was seen of one exchange with the panel, kept with the outcome of a write.

    `status` is the HTTP status or None when none arrived, `elapsed` is in seconds, `reply` is at most the first
    4 KiB of the decoded body with the key masked, `sent` tells whether the request's headers had been started.
    """

    status: int | None = None
    elapsed: float = 0.0
    reply: str = ""
    sent: bool = False


class PanelError(SmmtuiError):
    """An exchange with the panel did not give what was asked for; `evidence` tells what was seen of it."""

    def __init__(self, text: str, evidence: Evidence | None = None) -> None:
        super().__init__(text)
        self.evidence = evidence or Evidence()


class NotSent(PanelError):
    """Nothing left this machine: the trace shows no started headers. Safe to repeat."""


class NoAnswer(PanelError):
    """The request was, or may have been, sent and no whole answer came. It may have been carried out."""


class BadAnswer(PanelError):
    """An answer came that cannot be understood. For a write that is as good as none."""


class Redirected(PanelError):
    """The panel points to another address; it is never followed."""

    def __init__(self, text: str, to: str, evidence: Evidence | None = None) -> None:
        super().__init__(text, evidence)
        self.to = to


class Refused(PanelError):
    """The panel said no; the text is the panel's own words, cleaned.

    `meaning` is one of the words of `smmtui.panel.wire.Meaning` ("funds", "bad link", …) or "" where the text is
    not known. Nothing destructive may be decided from it: error texts can be wrong.
    """

    def __init__(self, text: str, meaning: str = "", evidence: Evidence | None = None) -> None:
        super().__init__(text, evidence)
        self.meaning = meaning


class RateLimited(Refused):
    """The panel wants fewer requests; `retry_after` is in seconds, or None where it did not say."""

    def __init__(self, text: str, retry_after: float | None = None, evidence: Evidence | None = None) -> None:
        super().__init__(text, "rate limit", evidence)
        self.retry_after = retry_after


class BadKey(Refused):
    """The panel does not accept the key. Some block an address after five such answers, so nothing more is asked."""

    def __init__(self, text: str, evidence: Evidence | None = None) -> None:
        super().__init__(text, "bad key", evidence)
