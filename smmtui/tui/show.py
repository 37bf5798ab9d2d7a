"""Records as text for the screen: money, ages, badges, progress; the only way for foreign text into a widget."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from textual.content import Content
from textual.style import Style

from smmtui.domain.charges import overcharged
from smmtui.domain.foreign_text import clean_block
from smmtui.domain.money import show_amount
from smmtui.domain.order_entry import Problem
from smmtui.domain.records import Order, Request, State
from smmtui.domain.request_terms import RefillWindow
from smmtui.domain.requests import not_honoured
from smmtui.domain.statuses import Status
from smmtui.domain.tracking import may_cost

_BAR = 8
# The cells of "◐ In progress".
_BADGE = 13
_AGES = ((60, 1, "s"), (3600, 60, "min"), (86_400, 3600, "h"), (float("inf"), 86_400, "d"))

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
    State.SENDING: ("… sending", "$text-primary"),
    State.QUEUED: ("· queued", "$foreground-muted"),
    State.REJECTED: ("✕ rejected", "$text-error"),
    State.UNSENT: ("↺ not sent", "$text-warning"),
    State.UNKNOWN: ("? unknown", "$text-error"),
    State.SETTLED: ("= settled", "$foreground-muted"),
}


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
    seconds = max(0.0, (now - then).total_seconds())
    if seconds < 1:
        return "now"
    return next(f"{int(seconds // unit)} {name}" for limit, unit, name in _AGES if seconds < limit)


def ago(then: datetime | None, now: datetime) -> str:
    """Return an age as part of a sentence: "just now", "3 min ago", "never"."""
    if then is None:
        return "never"
    shown = age(then, now)
    return "just now" if shown == "now" else f"{shown} ago"


def status_badge(order: Order) -> Content:
    """Return the panel's status with a glyph, or our state where the order is not simply accepted."""
    if order.state in _STATE_LOOKS and not (order.state is State.SETTLED and order.status):
        return styled(*_STATE_LOOKS[order.state])
    if order.status is None:
        return styled("· asking", "$foreground-muted")
    glyph, style = _STATUS_LOOKS[order.status]
    word = order.word if order.status is Status.UNKNOWN else order.status.value
    return styled(f"{glyph} {word}", style)


def watched_badge(badge: Content) -> Content:
    """Return the badge of a watched order: the sign stands where the widest status of ours just leaves room."""
    return badge + literal(" " * (_BADGE - badge.cell_length)) + styled("◎", "$text-accent")


def request_badge(request: Request, order: Order) -> Content:
    """Return how far a refill or cancel is; "requested" until the panel says more, a refusal in its words."""
    if not_honoured(request):
        return styled("cancel not honoured", "$text-warning")
    if request.kind == "cancel" and request.state == "requested" and order.status is not None and order.status.final:
        return styled(f"cancel → {order.status.value}", "$foreground-muted")
    if request.state == "requested":
        return styled(f"{request.kind} {request.word or 'requested'}", "$text-primary")
    if request.state == "refused":
        return styled(f"{request.kind} refused: {request.reason}", "$text-warning")
    return styled(
        f"{request.kind} {request.state}", "$text-error" if request.state == "unknown" else "$foreground-muted"
    )


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
    return "" if value is None else "yes" if value else "no"
