"""What has happened to an order, in words, and the panel's last raw reply."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from rich.cells import cell_len
from textual.content import Content

from smmtui.domain.order_notes import show_tags
from smmtui.domain.reasons import shown_reason
from smmtui.domain.records import Event, Order, Request, State
from smmtui.tui.show import ago, literal, request_badge, styled
from smmtui.words import _

_Words = Callable[[Mapping[str, str]], str]

_AGE_CELLS = 11
_ASKED = {"refill": _("refill asked for:"), "cancel": _("cancel asked for:")}


def timeline(order: Order, events: Iterable[Event], requests: Iterable[Request], now: datetime) -> Content:
    """Return a line for each event, refill and cancel, oldest first, with when it was."""
    dated = [(event.at, literal(_event_words(event))) for event in events]
    dated += [
        (each.at, literal(f"{_ASKED.get(each.kind, each.kind)} ") + request_badge(each, order)) for each in requests
    ]
    dated.sort(key=lambda line: line[0])
    ages = [ago(at, now) for at, _said in dated]
    width = max(_AGE_CELLS, *map(cell_len, ages)) if ages else 0
    return Content("\n").join(
        styled(f"{at.astimezone():%Y-%m-%d %H:%M:%S} {' ' * (width - cell_len(age))}{age}  ", "$foreground-muted")
        + said
        for (at, said), age in zip(dated, ages, strict=True)
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
        return _joined(_decided(event), found, "decision", "id")
    words_of = _STATES.get(event.after)
    return _joined(event.after.words if words_of is None else words_of(found), found, *_READ)


def _joined(words: str, found: Mapping[str, str], *read: str) -> str:
    """The words, and behind them whatever was found that they do not tell."""
    rest = [f"{name.replace('_', ' ')}: {value}" for name, value in found.items() if name not in (*read, "reply")]
    return "; ".join([words, *rest])


def _decided(event: Event) -> str:
    found = event.evidence
    decision = shown_reason(found["decision"])
    if "id" in found:
        decision = _("{decision} as {id}", decision=decision, id=found["id"])
    return _("settled by you: {decision}", decision=decision) if event.after is State.SETTLED else decision


def _noted(found: Mapping[str, str]) -> str:
    note = _("you noted “{note}”", note=found["note"]) if found["note"] else _("your note is empty")
    if not found.get("tags"):
        return _("{note}, no tags", note=note)
    return _("{note}, tags {tags}", note=note, tags=show_tags(found["tags"].split()))


def _status_words(found: Mapping[str, str]) -> str:
    status = found.get("status", _("something new"))
    if "was" in found:
        return _("the panel says {status}, was {before}", status=status, before=found["was"])
    return _("the panel says {status}", status=status)


def _sending(found: Mapping[str, str]) -> str:
    if "balance" not in found:
        return _("confirmed, and sent")
    balance = f"{found['balance']} {found.get('balance_currency', '')}".rstrip()
    return _("confirmed, and sent; balance {balance}", balance=balance)


def _accepted(found: Mapping[str, str]) -> str:
    words = _("accepted by the panel as {id}", id=found.get("id", _("an order without an id")))
    warning = f"; {found['warning']}" if "warning" in found else ""
    return f"{words}{_answered(found)}{warning}"


def _rejected(found: Mapping[str, str]) -> str:
    return _("refused by the panel: “{reason}”", reason=found.get("reason", "")) + _answered(found)


def _unknown(found: Mapping[str, str]) -> str:
    if "reason" not in found:
        return _("unknown again")
    return _("outcome unknown: {reason}", reason=shown_reason(found["reason"])) + _answered(found)


def _unsent(found: Mapping[str, str]) -> str:
    return _("not sent: {reason}", reason=shown_reason(found.get("reason", "")) or _("no reason was kept"))


def _answered(found: Mapping[str, str]) -> str:
    parts = [
        _("after {seconds} s", seconds=found["elapsed"]) if "elapsed" in found else "",
        f"HTTP {found['status']}" if "status" in found else "",
    ]
    shown = ", ".join(filter(None, parts))
    return f" ({shown})" if shown else ""


def _taken_over(found: Mapping[str, str]) -> str:
    state = next((each.words for each in State if each.value == found["imported"]), found["imported"])
    return _("taken over from an export, {state}", state=state)


_READ = ("id", "reason", "warning", "status", "elapsed", "outcome", "balance", "balance_currency", "balance_at")

_STATES: dict[State, _Words] = {
    State.QUEUED: lambda found: _("queued in a basket"),
    State.SENDING: _sending,
    State.ACCEPTED: _accepted,
    State.REJECTED: _rejected,
    State.UNSENT: _unsent,
    State.UNKNOWN: _unknown,
}

# What tells by itself how the order got into its state.
_TOLD: dict[str, _Words] = {
    "tracked": lambda found: _("placed elsewhere, followed from here on as {id}", id=found["tracked"]),
    "imported": _taken_over,
    "restored": lambda found: _("restored from the receipts"),
}
