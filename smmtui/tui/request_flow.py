"""Refills and cancels, for one order or many: confirmed once, answered row by row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from textual.content import Content

from smmtui.desk.desk import Desk
from smmtui.domain.ladder import ladder
from smmtui.domain.messages import Severity
from smmtui.domain.reasons import shown_reason
from smmtui.domain.records import Order
from smmtui.domain.request_terms import doubts, pointless, refill_window
from smmtui.domain.requests import Asked, Kind
from smmtui.errors import JournalError, PanelError
from smmtui.tui.confirmation import Confirmation
from smmtui.tui.order_columns import service_name
from smmtui.tui.show import count, literal, refill_badge, styled
from smmtui.words import _, ngettext

if TYPE_CHECKING:
    from smmtui.tui.serving_app import ServingApp

_LISTED = 50
_ADVICE = {
    "refill": _("The panel decides whether it refills. What it says of each order is shown beside it."),
    "cancel": _("The panel decides whether and what it still cancels. Only the status and the balance tell."),
}
_NONE = {"refill": _("No refill was asked for"), "cancel": _("No cancel was asked for")}
_YES = {"refill": _("Yes, refill"), "cancel": _("Yes, cancel")}
_UNSAVED = {"refill": _("Refill not saved"), "cancel": _("Cancel not saved")}
_OUTCOMES: dict[str, Callable[[int], str]] = {
    "sending": lambda number: ngettext("{count} sending", "{count} sending", number),
    "requested": lambda number: ngettext("{count} requested", "{count} requested", number),
    "refused": lambda number: ngettext("{count} refused", "{count} refused", number),
    "unsent": lambda number: ngettext("{count} unsent", "{count} unsent", number),
    "unknown": lambda number: ngettext("{count} unknown", "{count} unknown", number),
    "settled": lambda number: ngettext("{count} settled", "{count} settled", number),
}


class RequestFlow:
    """Asks the user once, then the panel, and tells what came of it."""

    def __init__(self, app: ServingApp, desk: Desk) -> None:
        self._app = app
        self._desk = desk

    async def request(self, kind: Kind, orders: Sequence[Order]) -> None:
        """Ask for a refill or a cancel of those of these orders that it can be asked for."""
        left_out = {order.uuid: why for order in orders if (why := self._why_not(kind, order))}
        asked = [order for order in orders if order.uuid not in left_out]
        if not asked:
            reasons = " · ".join(list(dict.fromkeys(left_out.values()))[:3])
            self._app.toast(_NONE[kind], reasons, "warning", 10)
            return
        body = [styled(_ADVICE[kind], "$foreground-muted")]
        if left_out:
            text = ngettext(
                "{count} of the orders is left out; why is said below.",
                "{count} of the orders are left out; why is said below.",
                len(left_out),
            )
            body.append(styled(text, "$text-warning"))
        body += [Content(), *self._listed(kind, asked)]
        if left_out:
            others = [order for order in orders if order.uuid in left_out]
            body += [Content(), styled(_("Left out"), "bold"), *_left_out(others, left_out)]
        step = ladder(Decimal(0), len(asked), self._desk.profile.confirm_over)
        if await self._app.ask(Confirmation(_question(kind, asked), Content("\n").join(body), _YES[kind], step)):
            self._app.errands.run(self._send(kind, asked), sends=True)

    def _why_not(self, kind: Kind, order: Order) -> str:
        return self._desk.requests.why_not(kind, order, self._desk.clock.now()) or pointless(kind, order)

    def _listed(self, kind: Kind, orders: Sequence[Order]) -> list[Content]:
        """The orders, and below each what speaks against it."""
        desk, now = self._desk, self._desk.clock.now()
        lines = []
        for order in orders[:_LISTED]:
            service = desk.catalog.by_id(order.service)
            window = refill_window(order, service, now) if kind == "refill" else None
            line = literal(f"{order.id or '–':<10} {count(order.total):>9}  ")
            lines.append(line + refill_badge(window) + literal(f"  {service_name(desk, order)}  {order.link}"))
            refused = desk.refusals.last(order.service, kind)
            lines += [styled(f"  ! {doubt}", "$text-warning") for doubt in doubts(kind, order, service, refused, now)]
        return [*lines, *_more(orders)]

    async def _send(self, kind: Kind, orders: Sequence[Order]) -> None:
        try:
            ask = self._desk.refill if kind == "refill" else self._desk.cancel
            asked = await ask(orders)
        except (JournalError, PanelError) as error:
            self._app.toast(_NONE[kind], str(error) + " " + _("Nothing was sent."), "error", 30)
            return
        self._app.toast(*_words(kind, asked))
        if self._desk.unsaved_requests:
            text = _(
                "What came of it could not be saved here, so no further one is sent. Look at these orders on the "
                "panel's own site, make room on the disk and start smmtui again."
            )
            self._app.last_words.append(f"{_UNSAVED[kind]}: {text}")
            self._app.toast(_UNSAVED[kind], text, "error", 3600)


def _question(kind: Kind, orders: Sequence[Order]) -> str:
    many, refill = len(orders), kind == "refill"
    if many == 1:
        id = orders[0].id or _("(no id)")
        if refill:
            return _("Ask the panel for a refill of order {id}?", id=id)
        return _("Ask the panel for a cancel of order {id}?", id=id)
    if refill:
        return ngettext(
            "Ask the panel for a refill of {count} order?", "Ask the panel for a refill of {count} orders?", many
        )
    return ngettext(
        "Ask the panel for a cancel of {count} order?", "Ask the panel for a cancel of {count} orders?", many
    )


def _left_out(orders: Sequence[Order], why: Mapping[str, str]) -> list[Content]:
    no_id = _("(no id)")
    lines = [styled(f"{order.id or no_id:<10} {why[order.uuid]}", "$text-warning") for order in orders[:_LISTED]]
    return [*lines, *_more(orders)]


def _more(orders: Sequence[Order]) -> list[Content]:
    more = len(orders) - _LISTED
    return [literal(ngettext("… and {count} more", "… and {count} more", more))] if more > 0 else []


def _words(kind: Kind, asked: Asked) -> tuple[str, str, Severity, float]:
    states = Counter(request.state for request in asked.requests)
    parts = [_OUTCOMES[state](number) for state, number in states.items()]
    if asked.left_out:
        parts.append(ngettext("{count} left out", "{count} left out", len(asked.left_out)))
    said = dict.fromkeys([shown_reason(request.reason) for request in asked.requests if request.reason])
    text = " · ".join(list(said | dict.fromkeys(asked.left_out.values()))[:3]) or _("The panel has taken the request.")
    severity: Severity = "error" if "unknown" in states else "warning"
    if set(states) <= {"requested"}:
        severity = "information"
    told = ", ".join(parts)
    title = _("Refill: {outcomes}", outcomes=told) if kind == "refill" else _("Cancel: {outcomes}", outcomes=told)
    return title, text, severity, 15
