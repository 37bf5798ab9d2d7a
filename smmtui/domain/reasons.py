"""Why an order or a request is in its state, where the reason is ours: stored in one wording, shown in the user's."""

from __future__ import annotations

from smmtui.words import _

ENDED_WHILE_SENDING = "smmtui ended while sending"
INTERRUPTED = "smmtui was ended while the panel had not answered yet"
NOT_STARTED = "smmtui was ended before anything was sent"
FAULT = "smmtui has a fault and could not understand what came of it"
NO_RECEIPT = "its receipt could not be written"
WITHDRAWN = "taken out of the basket"
WAS_SENDING = "it was on its way when it was exported"
WAS_QUEUED = "it waited in the basket when it was exported"
WAS_DRAFT = "it was a draft when it was exported"
NOT_PLACED = "not placed"
TAKEN_BACK = "the settlement was taken back"
SETTLED_BY_USER = "settled by you"

_SHOWN = {
    ENDED_WHILE_SENDING: _("smmtui ended while sending"),
    INTERRUPTED: _("smmtui was ended while the panel had not answered yet"),
    NOT_STARTED: _("smmtui was ended before anything was sent"),
    FAULT: _("smmtui has a fault and could not understand what came of it"),
    NO_RECEIPT: _("its receipt could not be written"),
    WITHDRAWN: _("taken out of the basket"),
    WAS_SENDING: _("it was on its way when it was exported"),
    WAS_QUEUED: _("it waited in the basket when it was exported"),
    WAS_DRAFT: _("it was a draft when it was exported"),
    "placed": _("placed"),
    NOT_PLACED: _("not placed"),
    "written off": _("written off"),
    TAKEN_BACK: _("the settlement was taken back"),
    SETTLED_BY_USER: _("settled by you"),
}


def shown_reason(reason: str) -> str:
    """Return a stored reason as it reads on the screen; what is not ours, such as the panel's words, stays as it is."""
    return _SHOWN.get(reason, reason)
