"""What deserves telling of orders, requests and the balance, and the words for it; many at once are folded into one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal
from enum import Enum
from typing import Any

from smmtui.domain.foreign_text import clean
from smmtui.domain.messages import Severity
from smmtui.domain.money import show_amount
from smmtui.domain.records import Balance, Order, Record, Request, State
from smmtui.domain.statuses import Status
from smmtui.words import _, ngettext

_NAMED = 5
_LONGEST_LINK = 80


class Kind(Enum):
    """What a notice is about, by the name of its rule in the configuration."""

    WATCHED = "watched"
    COMPLETED = "completed"
    PARTIAL = "partial"
    CANCELED = "canceled"
    FAILED = "failed"
    UNKNOWN = "unknown"
    REFILL = "refill"
    CANCEL = "cancel"
    LOW_BALANCE = "balance"


_OUTCOMES = {
    Status.COMPLETED: Kind.COMPLETED,
    Status.PARTIAL: Kind.PARTIAL,
    Status.CANCELED: Kind.CANCELED,
    Status.REFUNDED: Kind.CANCELED,
    Status.ERROR: Kind.FAILED,
    Status.FAILED: Kind.FAILED,
    Status.REJECTED: Kind.FAILED,
    Status.EXPIRED: Kind.FAILED,
}
_GRAVE = {Kind.FAILED, Kind.UNKNOWN}
_DOUBTFUL = {Kind.PARTIAL, Kind.CANCELED, Kind.LOW_BALANCE}


class Notice(Record, frozen=True, gc=False):
    """One thing that deserves telling.

    `kinds` are all rules that it satisfies. `order` is as it is now, and `was` what its status read before, "" for
    none; with `request` it is about that refill or cancel of the order. A low balance has `balance` and nothing else.
    `sent_here` says that whoever sent the order has been told in this window.
    """

    kinds: tuple[Kind, ...]
    order: Order | None = None
    request: Request | None = None
    balance: Balance | None = None
    was: str = ""
    sent_here: bool = False


class Words(Record, frozen=True, gc=False):
    """A notice as it is read."""

    title: str
    text: str
    severity: Severity


# ── rules ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def order_notice(
    before: Order | None, after: Order, cancel: Request | None = None, *, watched: bool = False, sent_here: bool = False
) -> Notice | None:
    """Return what deserves telling of an order that was `before`, None for nothing; `cancel` was asked for it.

    Of an order that is new here only that nobody knows of it is told: others may be long done. For the same reason the
    first status of an order that was placed elsewhere is no news.
    """
    kinds = []
    if before is None or before.state is State.SENDING:
        kinds += [Kind.UNKNOWN] if after.state is State.UNKNOWN else []
    if before is not None and _status(before) != _status(after):
        kinds += [Kind.WATCHED] if watched else []
        kinds += _outcome(before, after, cancel)
    if not kinds:
        return None
    about = cancel if Kind.CANCEL in kinds else None
    was = "" if before is None else _shown(before.status, before.word)
    return Notice(tuple(kinds), after, about, was=was, sent_here=sent_here)


def _outcome(before: Order, after: Order, cancel: Request | None) -> list[Kind]:
    kind = None if after.status is None else _OUTCOMES.get(after.status)
    placed_here = bool(after.fields)
    if kind is None or (before.status is None and not placed_here):
        return []
    asked = cancel is not None and cancel.state == "requested" and after.status is not None and after.status.final
    return [Kind.CANCEL, kind] if asked else [kind]


def request_notice(before: Request | None, after: Request, order: Order | None, *, sent_here: bool) -> Notice | None:
    """Return what deserves telling of a refill or cancel that was `before`, None for nothing.

    That is the panel's last word on a refill, and that nobody knows whether the panel took the request.
    """
    if after.state == "unknown" and (before is None or before.state == "sending"):
        return Notice((Kind.UNKNOWN,), order, after, sent_here=sent_here)
    ended = after.status is not None and (after.status.final or after.status.troubled)
    if before is not None and ended and before.status is not after.status:
        return Notice((Kind.REFILL,), order, after)
    return None


def balance_notice(before: Balance | None, after: Balance, low: Decimal) -> Notice | None:
    """Return that the balance has fallen below `low`, None where it has not, or had before."""
    was_low = before is not None and before.amount < low
    return Notice((Kind.LOW_BALANCE,), balance=after) if after.amount < low and not was_low else None


# ── words ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def fold(notices: Sequence[Notice]) -> Words:
    """Return the words for these notices together; there is at least one."""
    severities = [_severity(notice) for notice in notices]
    worst: Severity = next((grave for grave in ("error", "warning") if grave in severities), "information")
    if len(notices) == 1:
        return Words(_title(notices[0]), _text(notices[0]), worst)
    labels = Counter(map(_label, notices))
    title = ", ".join(f"{number:,} {label}" for label, number in labels.most_common())
    ids = dict.fromkeys(_name(notice.order) for notice in notices if notice.order is not None)
    low = [_text(notice) for notice in notices if notice.balance is not None]
    return Words(title, " ".join(filter(None, (_named(list(ids)), *low))), worst)


def _named(ids: Sequence[str]) -> str:
    shown, more = ", ".join(ids[:_NAMED]), len(ids) - _NAMED
    if not ids:
        return ""
    if more > 0:
        return ngettext("Orders {ids} and {count} more.", "Orders {ids} and {count} more.", more, ids=shown)
    return ngettext("Order {ids}.", "Orders {ids}.", len(ids), ids=shown)


def _severity(notice: Notice) -> Severity:
    if not _GRAVE.isdisjoint(notice.kinds):
        return "error"
    return "warning" if _in_vain(notice) or not _DOUBTFUL.isdisjoint(notice.kinds) else "information"


def _in_vain(notice: Notice) -> bool:
    """Whether what was asked for has not come about."""
    if Kind.CANCEL in notice.kinds:
        return notice.order is not None and notice.order.status is Status.COMPLETED
    return Kind.REFILL in notice.kinds and (notice.request is None or notice.request.status is not Status.COMPLETED)


def _status(order: Order) -> str:
    if order.status is None:
        return ""
    return order.word if order.status is Status.UNKNOWN else order.status.value


def _request_status(request: Request) -> str:
    return request.word if request.status in (None, Status.UNKNOWN) else request.status.value


def _shown(status: Status | None, word: str) -> str:
    """How a status reads, in the panel's own word where it is none that is known."""
    return word if status in (None, Status.UNKNOWN) else status.words


def _name(order: Order) -> str:
    return order.id or _("without an id")


def _label(notice: Notice) -> str:
    if notice.balance is not None:
        return _("low balance")
    order, request = notice.order, notice.request
    if request is not None and Kind.UNKNOWN in notice.kinds:
        return _("unknown refill") if request.kind == "refill" else _("unknown cancel")
    if request is not None and Kind.REFILL in notice.kinds:
        return _("refill {status}", status=_shown(request.status, request.word).lower())
    if Kind.UNKNOWN in notice.kinds or order is None:
        return _("unknown")
    if Kind.CANCEL in notice.kinds and _in_vain(notice):
        return _("completed in spite of a cancel")
    return _shown(order.status, order.word).lower()


def _title(notice: Notice) -> str:
    if notice.balance is not None:
        return _("The balance is low")
    order, request = notice.order, notice.request
    if request is not None and not {Kind.UNKNOWN, Kind.REFILL}.isdisjoint(notice.kinds):
        return _request_title(request, unknown=Kind.UNKNOWN in notice.kinds)
    name = _("An order") if order is None or order.id is None else _("Order {id}", id=order.id)
    if Kind.UNKNOWN in notice.kinds or order is None:
        return _("{order} may have been placed", order=name)
    status = _shown(order.status, order.word)
    if Kind.CANCEL not in notice.kinds:
        return _("{order}: {status}", order=name, status=status)
    if _in_vain(notice):
        return _("{order}: {status}, in spite of a cancel", order=name, status=status)
    return _("{order}: {status}, as you asked", order=name, status=status)


def _request_title(request: Request, *, unknown: bool) -> str:
    if not unknown:
        return _("Refill of order {id}: {status}", id=request.order_id, status=_shown(request.status, request.word))
    if request.kind == "refill":
        return _("The refill of order {id} may have been taken", id=request.order_id)
    return _("The cancel of order {id} may have been taken", id=request.order_id)


def _text(notice: Notice) -> str:
    if notice.balance is not None:
        shown = show_amount(notice.balance.amount, notice.balance.currency)
        return _("{balance} is left, less than you want to have (low_balance in the configuration).", balance=shown)
    unknown = _("Nobody knows; Attention shows what is known of it.") if Kind.UNKNOWN in notice.kinds else ""
    order = notice.order
    if order is None:
        return unknown
    what = order.service_name or (_("service {id}", id=order.service) if order.service else "")
    quantity = "" if order.total is None else f"{order.total:,}"
    parts = (
        unknown,
        " × ".join(filter(None, (quantity, clean(what)))),
        clean(order.link, _LONGEST_LINK),
        _partly(order),
        _("was {status}", status=notice.was) if Kind.WATCHED in notice.kinds and notice.was else "",
    )
    return " · ".join(filter(None, parts))


def _partly(order: Order) -> str:
    if order.status is not Status.PARTIAL or order.delivered is None:
        return ""
    return _("{delivered} of {total} delivered", delivered=f"{order.delivered:,}", total=f"{order.total:,}")


# ── facts, for a program ──────────────────────────────────────────────────────────────────────────────────────────


def facts(notices: Iterable[Notice]) -> list[dict[str, Any]]:
    """Return the notices as JSON values: money as text, exactly as it is known, None for what is not known."""
    return [
        {
            "kinds": [kind.value for kind in notice.kinds],
            **({} if notice.order is None else _order_facts(notice.order)),
            **({} if notice.request is None else _request_facts(notice.request)),
            **({} if notice.balance is None else _balance_facts(notice.balance)),
        }
        for notice in notices
    ]


def _order_facts(order: Order) -> dict[str, Any]:
    return {
        "order": order.id,
        "service": order.service,
        "service_name": order.service_name,
        "link": order.link,
        "quantity": order.total,
        "state": order.state.value,
        "status": _status(order) or None,
        "charge": _written(order.charge),
        "estimate": _written(order.estimate),
        "currency": order.currency,
        "start_count": order.start_count,
        "delivered": order.delivered,
        "remains": order.remains,
        "placed": order.placed.isoformat(),
        "note": order.note,
        "tags": list(order.tags),
    }


def _request_facts(request: Request) -> dict[str, Any]:
    status = _request_status(request) or None
    return {
        "order": request.order_id,
        "request": request.kind,
        "request_state": request.state,
        "request_status": status,
    }


def _balance_facts(balance: Balance) -> dict[str, Any]:
    return {"balance": _written(balance.amount), "currency": balance.currency}


def _written(amount: Decimal | None) -> str | None:
    return None if amount is None else format(amount, "f")
