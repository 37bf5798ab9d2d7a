"""How the panel answers, in a word for the header and in sentences for the screen."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from smmtui.errors import BadAnswer, BadKey, JournalError, NoAnswer, NotSent, PanelError, RateLimited, Redirected

_SLOW_SECONDS = 5.0


class Condition(Enum):
    """Each with the glyph and the word that the header shows, so that colour is never alone."""

    STARTING = "◌ connecting"
    ONLINE = "● online"
    SLOW = "◐ slow"
    OFFLINE = "○ offline"
    CONFUSED = "◑ not understood"
    LIMITED = "◔ rate-limited"
    REFUSED = "◒ refused"
    BAD_KEY = "✖ key refused"
    UNSAVED = "◍ not saved"
    PAUSED = "⏸ paused"
    STALE = "◌ refreshing"
    ELSEWHERE = "◉ another window refreshes"


@dataclass(frozen=True, slots=True)
class Health:
    """The panel's condition; `words` say what happened and what to do, "" while all is well.

    `retry_at` is the monotonic second of the next try, None where nothing is tried until the user acts.
    """

    condition: Condition = Condition.STARTING
    words: str = ""
    retry_at: float | None = None

    @property
    def well(self) -> bool:
        """Whether there is nothing to tell."""
        return not self.words


def health_of(error: PanelError | JournalError, retry_at: float | None) -> Health:
    """Return what an error of a pass means for the user: what happened, what is still shown, what to do."""
    condition, advice = next(found for kind, found in _ADVICE.items() if isinstance(error, kind))
    return Health(condition, f"{_sentence(str(error))} {advice}", retry_at)


def _sentence(text: str) -> str:
    text = text.strip() or "No reason was given"
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


_KEEP = "What is shown was known before."
# Most special first: the order decides.
_ADVICE: dict[type[PanelError | JournalError], tuple[Condition, str]] = {
    BadKey: (
        Condition.BAD_KEY,
        "Nothing more is asked, for some panels block an address after a few such answers. Check the key of this "
        "profile (on the panel's API page you can make a new one), start again, or press r to try once more.",
    ),
    RateLimited: (Condition.LIMITED, f"The panel wants fewer requests. {_KEEP}"),
    Redirected: (Condition.OFFLINE, "It was not followed, so that the key goes nowhere else. Check the profile's url."),
    NotSent: (Condition.OFFLINE, f"Check the network and the profile's url. {_KEEP}"),
    NoAnswer: (Condition.OFFLINE, f"The panel may be busy or down. {_KEEP}"),
    BadAnswer: (
        Condition.CONFUSED,
        f"That is not how an SMM panel answers: check that the profile's url is its API address. {_KEEP}",
    ),
    PanelError: (Condition.REFUSED, _KEEP),
    JournalError: (Condition.UNSAVED, "What the panel says is shown, but not kept on this machine."),
}


def health_after(seconds: float) -> Health:
    """Return the health of a panel that has answered, after so many seconds."""
    return Health(Condition.SLOW if seconds > _SLOW_SECONDS else Condition.ONLINE)


def health_after_jump() -> Health:
    """Return the health after a suspend or a jump of the wall clock: whatever is shown may be old."""
    words = "The machine slept or its clock was set: what is shown may be old, and is being refreshed."
    return Health(Condition.STALE, words)


def health_elsewhere(condition: Condition, words: str, retry_at: float | None) -> Health:
    """Return what a window shows that leaves the panel to another one: that one's health, said to be so."""
    if words:
        return Health(condition, f"{words} Another smmtui window asks the panel for this one too.", retry_at)
    return Health(condition if condition is Condition.PAUSED else Condition.ELSEWHERE)


def health_of_silence() -> Health:
    """Return the health in a window that waits for news from one that does not give any."""
    return Health(
        Condition.ELSEWHERE,
        "The smmtui window that asks the panel has said nothing for a while. If it was stopped with Ctrl+Z, bring it "
        "back with fg or end it. What is shown was known before.",
    )
