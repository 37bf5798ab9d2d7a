"""What stands in a receipt, and the order or request that one brings back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import ValidationError, convert
from msgspec.structs import replace

from smmtui.domain.records import Order, Request, State
from smmtui.journal.rows import from_money

# What the panel said last is asked for again, so a receipt does not hold it.
_ASKED_AGAIN = {"status", "word", "charge", "start_count", "remains", "checked", "changed", "trouble"}
_KEPT = tuple(name for name in Order.__struct_fields__ if name not in _ASKED_AGAIN)

INTENT = "intent"
NOTED = "noted"


def order_copy(kind: str, order: Order, at: datetime, evidence: dict[str, str] | None = None) -> dict[str, object]:
    """Return the receipt for what happened to an order at `at`; unknown values are left out."""
    kept: dict[str, object] = {name: getattr(order, name) for name in _KEPT}
    kept |= {"state": order.state.value, "placed": order.placed.isoformat()}
    kept |= {"rate": from_money(order.rate), "estimate": from_money(order.estimate)}
    known = {name: value for name, value in kept.items() if value not in (None, "", ())}
    return {"at": at.isoformat(), "kind": kind, **known, **(evidence or {})}


def note_copy(order: Order, at: datetime) -> dict[str, object]:
    """Return the receipt for a changed note; it says nothing of the state, which another window may have changed."""
    return {"at": at.isoformat(), "kind": NOTED, "uuid": order.uuid, "note": order.note, "tags": order.tags}


def request_copy(request: Request, at: datetime) -> dict[str, object]:
    """Return the receipt for what happened to a refill or cancel request at `at`."""
    content: dict[str, Any] = {
        "at": at.isoformat(),
        "kind": request.kind,
        "request": request.uuid,
        "order": request.order,
    }
    content |= {"order_id": request.order_id, "state": request.state, "placed": request.at.isoformat()}
    return content | {name: value for name, value in (("id", request.id), ("reason", request.reason)) if value}


def request_in(content: dict[str, object]) -> Request | None:
    """Return the request of a receipt, None where it tells of something else."""
    if "request" not in content:
        return None
    names = ("order", "order_id", "kind", "state", "id", "reason")
    known = {name: content[name] for name in names if name in content}
    try:
        return convert({**known, "uuid": content["request"], "at": content.get("placed")}, Request)
    except ValidationError:
        return None


def order_in(content: dict[str, object]) -> Order | None:
    """Return the order of a receipt, None where it tells of something else."""
    if "uuid" not in content:
        return None
    try:
        return convert({name: content[name] for name in _KEPT if name in content}, Order)
    except ValidationError:
        return None


def with_outcome(order: Order, content: dict[str, object]) -> Order:
    """Return the order after a later receipt of it, which may tell of the outcome or of the note only."""
    if content.get("kind") == NOTED:
        return _noted(order, content)
    whole = order_in(content)
    if whole is not None:
        return whole
    id, reason = content.get("id"), content.get("reason")
    try:
        state = State(content.get("state"))
    except ValueError:
        return order
    return replace(order, state=state, id=None if id is None else str(id), reason=str(reason or ""))


def _noted(order: Order, content: dict[str, object]) -> Order:
    try:
        note, tags = convert((content.get("note"), content.get("tags")), tuple[str, tuple[str, ...]])
    except ValidationError:
        return order
    return replace(order, note=note, tags=tags)
