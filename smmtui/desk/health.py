"""How the panel answers, in a word for the header and in sentences for the screen."""

from __future__ import annotations

from enum import Enum, auto

from msgspec import Struct

from smmtui.errors import BadAnswer, BadKey, JournalError, NoAnswer, NotSent, PanelError, RateLimited, Redirected
from smmtui.words import _

_SLOW_SECONDS = 5.0


class Condition(Enum):
    """Each has a glyph and a word that the header shows, so that colour is never alone."""

    STARTING = auto()
    ONLINE = auto()
    SLOW = auto()
    OFFLINE = auto()
    CONFUSED = auto()
    LIMITED = auto()
    REFUSED = auto()
    BAD_KEY = auto()
    UNSAVED = auto()
    PAUSED = auto()
    STALE = auto()
    ELSEWHERE = auto()

    @property
    def word(self) -> str:
        """The word alone."""
        return _SHOWN[self][1]

    @property
    def badge(self) -> str:
        """The glyph and the word."""
        return " ".join(_SHOWN[self])


_SHOWN = {
    Condition.STARTING: ("◌", _("connecting")),
    Condition.ONLINE: ("●", _("online")),
    Condition.SLOW: ("◐", _("slow")),
    Condition.OFFLINE: ("○", _("offline")),
    Condition.CONFUSED: ("◑", _("not understood")),
    Condition.LIMITED: ("◔", _("rate-limited")),
    Condition.REFUSED: ("◒", _("refused")),
    Condition.BAD_KEY: ("✖", _("key refused")),
    Condition.UNSAVED: ("◍", _("not saved")),
    Condition.PAUSED: ("⏸", _("paused")),
    Condition.STALE: ("◌", _("refreshing")),
    Condition.ELSEWHERE: ("◉", _("another window refreshes")),
}


class Health(Struct, frozen=True):
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
    text = text.strip() or _("No reason was given")
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


_KEEP = _("What is shown was known before.")


def _keep(advice: str) -> str:
    return f"{advice} {_KEEP}"


# Most special first: the order decides.
_ADVICE: dict[type[PanelError | JournalError], tuple[Condition, str]] = {
    BadKey: (
        Condition.BAD_KEY,
        _(
            "Nothing more is asked, for some panels block an address after a few such answers. Check the key and "
            "open the panel again from the list of panels, or refresh to try once more."
        ),
    ),
    RateLimited: (Condition.LIMITED, _keep(_("The panel wants fewer requests."))),
    Redirected: (
        Condition.OFFLINE,
        _("It was not followed, so that the key goes nowhere else. Check the profile's url."),
    ),
    NotSent: (Condition.OFFLINE, _keep(_("Check the network and the profile's url."))),
    NoAnswer: (Condition.OFFLINE, _keep(_("The panel may be busy or down."))),
    BadAnswer: (
        Condition.CONFUSED,
        _keep(_("That is not how an SMM panel answers: check that the profile's url is its API address.")),
    ),
    PanelError: (Condition.REFUSED, _KEEP),
    JournalError: (Condition.UNSAVED, _("What the panel says is shown, but not kept on this machine.")),
}


def health_after(seconds: float) -> Health:
    """Return the health of a panel that has answered, after so many seconds."""
    return Health(Condition.SLOW if seconds > _SLOW_SECONDS else Condition.ONLINE)


def health_after_jump() -> Health:
    """Return the health after a suspend or a jump of the wall clock: whatever is shown may be old."""
    words = _("The machine slept or its clock was set: what is shown may be old, and is being refreshed.")
    return Health(Condition.STALE, words)


def health_elsewhere(condition: Condition, words: str, retry_at: float | None) -> Health:
    """Return what a window shows that leaves the panel to another one: that one's health, said to be so."""
    if words:
        other = _("Another smmtui window asks the panel for this one too.")
        return Health(condition, f"{words} {other}", retry_at)
    return Health(condition if condition is Condition.PAUSED else Condition.ELSEWHERE)


def health_of_silence() -> Health:
    """Return the health in a window that waits for news from one that does not give any."""
    return Health(
        Condition.ELSEWHERE,
        _keep(
            _(
                "The smmtui window that asks the panel has said nothing for a while. If it was stopped with Ctrl+Z, "
                "bring it back with fg or end it."
            )
        ),
    )
