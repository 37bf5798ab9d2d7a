"""Records as text for the screen: money, ages, badges, progress; the only way for foreign text into a widget."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content
from textual.style import Style

from smmtui.domain.charges import overcharged
from smmtui.domain.foreign_text import clean_block
from smmtui.domain.money import show_amount
from smmtui.domain.records import Order, Request, Service, State
from smmtui.domain.request_terms import RefillWindow
from smmtui.domain.requests import not_honoured
from smmtui.domain.statuses import Status
from smmtui.domain.tracking import may_cost
from smmtui.words import _

if TYPE_CHECKING:
    from smmtui.domain.order_entry import Problem

_BAR = 8
_AGES = ((60, 1, _("s")), (3600, 60, _("min")), (86_400, 3600, _("h")), (float("inf"), 86_400, _("d")))

_STATUS_LOOKS: dict[Status, tuple[str, str]] = {
    Status.PENDING: ("○", "$foreground-muted"),
    Status.AWAITING: ("○", "$foreground-muted"),
    Status.IN_PROGRESS: ("◐", "$text-primary"),
    Status.PROCESSING: ("◐", "$text-primary"),
    Status.ACTIVE: ("◐", "$text-primary"),
    Status.PAUSED: ("⏸", "$text-warning"),
    Status.COMPLETED: ("✓", "$text-success"),
    Status.PARTIAL: ("◒", "$text-warning"),
    Status.CANCELED: ("✕", "$text-warning"),
    Status.REFUNDED: ("↩", "$text-warning"),
    Status.EXPIRED: ("✕", "$foreground-muted"),
    Status.REJECTED: ("✕", "$text-warning"),
    Status.ERROR: ("!", "$text-error"),
    Status.FAILED: ("!", "$text-error"),
    Status.UNKNOWN: ("?", "$text-warning"),
}

_STATE_LOOKS: dict[State, tuple[str, str]] = {
    State.SENDING: (_("… sending"), "$text-primary"),
    State.QUEUED: (_("· queued"), "$foreground-muted"),
    State.REJECTED: (_("✕ rejected"), "$text-error"),
    State.UNSENT: (_("↺ not sent"), "$text-warning"),
    State.UNKNOWN: (_("? unknown"), "$text-error"),
    State.SETTLED: (_("= settled"), "$foreground-muted"),
}
_ASKING = _("· asking")

BADGE_WIDTH = max(
    *(cell_len(f"{glyph} {status.words}") for status, (glyph, _style) in _STATUS_LOOKS.items()),
    *(cell_len(badge) for badge, _style in _STATE_LOOKS.values()),
    cell_len(_ASKING),
)
"""The cells of the widest badge of ours; a panel's own word may be wider."""

_REQUEST_KINDS = {"refill": _("refill"), "cancel": _("cancel")}
_REQUEST_STATES = {
    "sending": _("sending"),
    "requested": _("requested"),
    "unsent": _("unsent"),
    "unknown": _("unknown"),
    "settled": _("settled"),
}
_NOT_HONOURED = _("cancel not honoured")

REQUEST_WIDTH = cell_len(_NOT_HONOURED) + 1
"""The cells of a column of requests; the panel's own words may take more."""

AGE_WIDTH = max(cell_len(f"999 {name}") for _limit, _unit, name in _AGES)
"""The cells that any age takes."""


def literal(text: str) -> Content:
    """Return text as it stands: nothing in it is markup, and what a terminal would obey is a visible `�`.

    For every string that is not a constant of ours; the panel's words come cleaned, but what the user pasted and what
    lies in a file or the journal does not.
    """
    return Content(clean_block(text))


def styled(text: str, style: str | Style) -> Content:
    """Return text as `literal` does, in one style."""
    return Content.styled(clean_block(text), style)


def money(amount: Decimal | None, currency: str | None = None) -> str:
    """Return an amount with all of its own decimals, "?" for an unknown one."""
    return show_amount(amount, currency)


def count(number: int | None) -> str:
    """Return a whole number in groups, "–" where there is none."""
    return "–" if number is None else f"{number:,}"


def age(then: datetime | None, now: datetime) -> str:
    """Return how long ago something was, in one unit: "now", "45 s", "3 min", "5 h", "2 d"; never negative."""
    if then is None:
        return "–"
    return _in_one_unit((now - then).total_seconds()) or _("now")


def ago(then: datetime | None, now: datetime) -> str:
    """Return an age as part of a sentence: "just now", "3 min ago", "never"."""
    if then is None:
        return _("never")
    shown = _in_one_unit((now - then).total_seconds())
    return _("{age} ago", age=shown) if shown else _("just now")


def _in_one_unit(seconds: float) -> str:
    """The largest unit that there is one of, "" for less than a second."""
    if seconds < 1:
        return ""
    return next(f"{int(seconds // unit)} {name}" for limit, unit, name in _AGES if seconds < limit)


def status_badge(order: Order) -> Content:
    """Return the panel's status with a glyph, or our state where the order is not simply accepted."""
    if order.state in _STATE_LOOKS and not (order.state is State.SETTLED and order.status):
        return styled(*_STATE_LOOKS[order.state])
    if order.status is None:
        return styled(_ASKING, "$foreground-muted")
    glyph, style = _STATUS_LOOKS[order.status]
    word = order.word if order.status is Status.UNKNOWN else order.status.words
    return styled(f"{glyph} {word}", style)


def watched_badge(badge: Content) -> Content:
    """Return the badge of a watched order: the sign stands where the widest status of ours just leaves room."""
    return badge + literal(" " * (BADGE_WIDTH - badge.cell_length)) + styled("◎", "$text-accent")


def request_badge(request: Request, order: Order) -> Content:
    """Return how far a refill or cancel is; "requested" until the panel says more, a refusal in its words."""
    if not_honoured(request):
        return styled(_NOT_HONOURED, "$text-warning")
    if request.kind == "cancel" and request.state == "requested" and order.status is not None and order.status.final:
        return styled(_("cancel → {status}", status=order.status.words), "$foreground-muted")
    kind = _REQUEST_KINDS.get(request.kind, request.kind)
    if request.state == "refused":
        return styled(_("{request} refused: {reason}", request=kind, reason=request.reason), "$text-warning")
    state = _REQUEST_STATES.get(request.state, request.state)
    if request.state == "requested":
        state = request.word or state
        return styled(_("{request} {state}", request=kind, state=state), "$text-primary")
    look = "$text-error" if request.state == "unknown" else "$foreground-muted"
    return styled(_("{request} {state}", request=kind, state=state), look)


def refill_badge(window: RefillWindow | None) -> Content:
    """Return what is left of the time in which a refill can be asked for, nothing where that is not known."""
    if window is None:
        return Content()
    return styled(window.words, "$foreground-muted" if window.over else "$text-success")


def charge_badge(order: Order) -> Content:
    """Return the charge, else "≈" and the estimate; with "!" where the panel took more than was confirmed."""
    if order.charge is not None:
        shown = money(order.charge)
        return styled(f"! {shown}", "$text-warning") if overcharged(order) else literal(shown)
    return literal(f"≈{money(order.estimate)}" if order.estimate is not None and may_cost(order) else "–")


def delivered_bar(order: Order) -> Content:
    """Return what is delivered as a bar and a percentage, "–" where the panel has not said."""
    done, total = order.delivered, order.total
    if done is None or not total:
        return literal("–")
    full, half = divmod(done * _BAR * 2 // total, 2)
    bar = "━" * full + "╸" * half
    rest = "─" * (_BAR - len(bar))
    return Content.assemble((bar, "$text-primary"), (rest, "$foreground-muted"), f" {done * 100 // total:>3}%")


def problem_line(problem: Problem) -> Content:
    """Return in words what is wrong, or only odd, with what was typed."""
    if problem.warning:
        return styled(f"! {problem.text}", "$text-warning")
    return styled(f"✕ {problem.text}", "$text-error")


def yes_no(value: bool | None) -> str:
    """Return a fact that the panel may not have stated."""
    return "" if value is None else _("yes") if value else _("no")


def description_of(service: Service) -> str:
    """The service's description as readable text, "" where it has none."""
    if not service.description:
        return ""
    # Many panels send none; what reads one knows every sign of HTML by name, and takes its time and its room.
    from smmtui.domain.descriptions import plain_description

    return plain_description(service.description)
