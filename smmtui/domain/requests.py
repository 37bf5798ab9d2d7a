"""Refills and cancels asked for orders: which are still open, and when another one may be asked for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal

from msgspec.structs import replace

from smmtui.domain.records import Order, Record, Request
from smmtui.domain.statuses import Status
from smmtui.words import _

Kind = Literal["refill", "cancel"]

# What the panel took and gave no word about since may be asked for again after this long.
_FORGOTTEN_AFTER = timedelta(days=1)
_FOLLOWED = timedelta(days=30)


class Asked(Record, frozen=True, gc=False):
    """What came of asking for refills or cancels: the requests with their outcomes, and whom nothing was asked for.

    `left_out` maps the uuid of an order to why, in words; nothing was sent for those.
    """

    requests: tuple[Request, ...]
    left_out: dict[str, str]


def is_open(request: Request, order: Order, now: datetime) -> bool:
    """Whether the request may still be carried out by the panel, so that a second one would be a double.

    A cancel is done when the order is; a refill with an id when the panel says so of it. Of others nothing is ever
    heard: they count as open for a day.
    """
    if request.state in ("sending", "unknown"):
        return True
    if request.state != "requested":
        return False
    if request.kind == "cancel" and order.status is not None and order.status.final:
        return False
    if request.kind == "refill" and request.status is not None and (request.status.final or request.status.troubled):
        return False
    age = now - request.at
    return age < (_FOLLOWED if followed(request) else _FORGOTTEN_AFTER)


def followed(request: Request) -> bool:
    """Whether the panel can be asked how far the request is, and has not said that it is done."""
    return (
        request.kind == "refill"
        and request.state == "requested"
        and request.id is not None
        and not (request.status is not None and request.status.final)
    )


def still_followed(request: Request, now: datetime) -> bool:
    """Whether it is worth asking for the status of a refill; after thirty days it is not."""
    return followed(request) and now - request.at < _FOLLOWED


def cancel_awaited(request: Request, now: datetime) -> bool:
    """Whether the order is looked at more often for a day, because its cancel was, or may have been, requested."""
    return (
        request.kind == "cancel"
        and request.state in ("requested", "unknown")
        and request.status is None
        and now - request.at < _FORGOTTEN_AFTER
    )


def cancel_ended(request: Request, order: Order) -> Request:
    """Return the cancel with what came of it, once the panel is done with the order; else the cancel as it is.

    `status` and `word` are then the order's. A cancel of which nobody knew whether the panel took it is settled.
    """
    if request.kind != "cancel" or order.status is None or not order.status.final:
        return request
    if order.checked is None or order.checked < request.at:
        return request
    if request.state == "unknown":
        return replace(request, state="settled", reason=f"the order is {order.word or order.status.value}")
    if request.state == "requested" and request.status is None:
        return replace(request, status=order.status, word=order.word)
    return request


def not_honoured(request: Request) -> bool:
    """Whether the panel took a cancel and completed the order all the same."""
    return request.kind == "cancel" and request.state == "requested" and request.status is Status.COMPLETED


def why_not(kind: Kind, order: Order, known: Iterable[Request], now: datetime) -> str:
    """Return why no refill or cancel can be asked for this order now, in words, "" where one can.

    `known` are the requests made for it before.
    """
    if order.id is None:
        return _("The panel has given no id for this order.")
    for request in known:
        if request.kind == kind and is_open(request, order, now):
            return _OPEN[kind][request.state]
    return ""


_OPEN: dict[Kind, dict[str, str]] = {
    "refill": {
        "sending": _("A refill is being asked for already."),
        "unknown": _("A refill was asked for, and it is not known whether the panel took it; settle that first."),
        "requested": _("A refill is requested already."),
    },
    "cancel": {
        "sending": _("A cancel is being asked for already."),
        "unknown": _("A cancel was asked for, and it is not known whether the panel took it; settle that first."),
        "requested": _("A cancel is requested already."),
    },
}
