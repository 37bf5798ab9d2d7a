"""What has happened to an order, in words, and the panel's last raw reply."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from textual.content import Content

from smmtui.domain.order_notes import show_tags
from smmtui.domain.records import Event, Order, Request, State
from smmtui.tui.show import ago, literal, request_badge, styled

_Words = Callable[[Mapping[str, str]], str]


def timeline(order: Order, events: Iterable[Event], requests: Iterable[Request], now: datetime) -> Content:
    """Return a line for each event, refill and cancel, oldest first, with when it was."""
    dated = [(event.at, literal(_event_words(event))) for event in events]
    dated += [(each.at, literal(f"{each.kind} asked for: ") + request_badge(each, order)) for each in requests]
    dated.sort(key=lambda line: line[0])
    return Content("\n").join(
        styled(f"{at.astimezone():%Y-%m-%d %H:%M:%S} {ago(at, now):>11}  ", "$foreground-muted") + words
        for at, words in dated
    )


def last_reply(events: Sequence[Event]) -> str:
    """Return the panel's latest raw reply that was kept, "" where there is none."""
    return next((reply for event in reversed(events) if (reply := event.evidence.get("reply"))), "")


def _event_words(event: Event) -> str:
    found = event.evidence
    for told, words in _TOLD.items():
        if told in found:
            return _joined(words(found), found, told, "id", "status", "reason", "outcome")
    if "note" in found and event.before is event.after:
        return _joined(_noted(found), found, "note", "tags")
    if event.before is event.after:
        return _joined(_status_words(found), found, "status", "was")
    if "decision" in found:
        by_you = "settled by you: " if event.after is State.SETTLED else ""
        name = f" as {found['id']}" if "id" in found else ""
        return _joined(f"{by_you}{found['decision']}{name}", found, "decision", "id")
    words_of = _STATES.get(event.after)
    return _joined(event.after.value if words_of is None else words_of(found), found, *_READ)


def _joined(words: str, found: Mapping[str, str], *read: str) -> str:
    """The words, and behind them whatever was found that they do not tell."""
    rest = [f"{name.replace('_', ' ')}: {value}" for name, value in found.items() if name not in (*read, "reply")]
    return "; ".join([words, *rest])


def _noted(found: Mapping[str, str]) -> str:
    tags = f", tags {show_tags(found['tags'].split())}" if found.get("tags") else ", no tags"
    return (f"you noted “{found['note']}”" if found["note"] else "your note is empty") + tags


def _status_words(found: Mapping[str, str]) -> str:
    before = f", was {found['was']}" if "was" in found else ""
    return f"the panel says {found.get('status', 'something new')}{before}"


def _sending(found: Mapping[str, str]) -> str:
    if "balance" not in found:
        return "confirmed, and sent"
    return f"confirmed, and sent; balance {found['balance']} {found.get('balance_currency', '')}".rstrip()


def _accepted(found: Mapping[str, str]) -> str:
    warning = f"; {found['warning']}" if "warning" in found else ""
    return f"accepted by the panel as {found.get('id', 'an order without an id')}{_answered(found)}{warning}"


def _rejected(found: Mapping[str, str]) -> str:
    return f"refused by the panel: “{found.get('reason', '')}”{_answered(found)}"


def _unknown(found: Mapping[str, str]) -> str:
    return f"outcome unknown: {found['reason']}{_answered(found)}" if "reason" in found else "unknown again"


def _unsent(found: Mapping[str, str]) -> str:
    return f"not sent: {found.get('reason', 'no reason was kept')}"


def _answered(found: Mapping[str, str]) -> str:
    parts = [
        f"after {found['elapsed']} s" if "elapsed" in found else "",
        f"HTTP {found['status']}" if "status" in found else "",
    ]
    shown = ", ".join(filter(None, parts))
    return f" ({shown})" if shown else ""


_READ = ("id", "reason", "warning", "status", "elapsed", "outcome", "balance", "balance_currency", "balance_at")

_STATES: dict[State, _Words] = {
    State.QUEUED: lambda found: "queued in a basket",
    State.SENDING: _sending,
    State.ACCEPTED: _accepted,
    State.REJECTED: _rejected,
    State.UNSENT: _unsent,
    State.UNKNOWN: _unknown,
}

# What tells by itself how the order got into its state.
_TOLD: dict[str, _Words] = {
    "tracked": lambda found: f"placed elsewhere, followed from here on as {found['tracked']}",
    "imported": lambda found: f"taken over from an export, {found['imported']}",
    "restored": lambda found: f"restored from the {found['restored']}",
}
