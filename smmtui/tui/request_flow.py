"""Refills and cancels, for one order or many: confirmed once, answered row by row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from textual.content import Content

from smmtui.desk.desk import Desk
from smmtui.domain.ladder import ladder
from smmtui.domain.records import Order
from smmtui.domain.request_terms import doubts, pointless, refill_window
from smmtui.domain.requests import Asked, Kind
from smmtui.errors import JournalError, PanelError
from smmtui.tui.confirmation import Confirmation
from smmtui.tui.order_columns import service_name
from smmtui.tui.outcomes import Severity
from smmtui.tui.show import count, literal, refill_badge, styled

if TYPE_CHECKING:
    from smmtui.tui.serving_app import ServingApp

_LISTED = 50
_ADVICE = {
    "refill": "The panel decides whether it refills. What it says of each order is shown beside it.",
    "cancel": "The panel decides whether and what it still cancels. Only the status and the balance tell.",
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
            self._app.toast(f"No {kind} was asked for", reasons, "warning", 10)
            return
        many = f"{len(asked):,} orders" if len(asked) > 1 else f"order {asked[0].id or '(no id)'}"
        question = f"Ask the panel for a {kind} of {many}?"
        body = [styled(_ADVICE[kind], "$foreground-muted")]
        if left_out:
            body.append(styled(f"{len(left_out):,} of the orders are left out; why is said below.", "$text-warning"))
        body += [Content(), *self._listed(kind, asked)]
        if left_out:
            others = [order for order in orders if order.uuid in left_out]
            body += [Content(), styled("Left out", "bold"), *_left_out(others, left_out)]
        step = ladder(Decimal(0), len(asked), self._desk.profile.confirm_over)
        if await self._app.ask(Confirmation(question, Content("\n").join(body), f"Yes, {kind}", step)):
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
            self._app.toast(f"No {kind} was asked for", f"{error} Nothing was sent.", "error", 30)
            return
        self._app.toast(*_words(kind, asked))
        if self._desk.unsaved_requests:
            text = (
                "What came of it could not be saved here, so no further one is sent. Look at these orders on the "
                "panel's own site, make room on the disk and start smmtui again."
            )
            self._app.last_words.append(f"{kind.capitalize()} not saved: {text}")
            self._app.toast(f"{kind.capitalize()} not saved", text, "error", 3600)


def _left_out(orders: Sequence[Order], why: Mapping[str, str]) -> list[Content]:
    lines = [styled(f"{order.id or '(no id)':<10} {why[order.uuid]}", "$text-warning") for order in orders[:_LISTED]]
    return [*lines, *_more(orders)]


def _more(orders: Sequence[Order]) -> list[Content]:
    return [literal(f"… and {len(orders) - _LISTED:,} more")] if len(orders) > _LISTED else []


def _words(kind: Kind, asked: Asked) -> tuple[str, str, Severity, float]:
    states = Counter(request.state for request in asked.requests)
    parts = [f"{number} {state}" for state, number in states.items()]
    if asked.left_out:
        parts.append(f"{len(asked.left_out)} left out")
    said = {request.reason: None for request in asked.requests if request.reason} | dict.fromkeys(
        asked.left_out.values()
    )
    text = " · ".join(list(said)[:3])
    severity: Severity = "error" if "unknown" in states else "warning"
    if set(states) <= {"requested"}:
        severity = "information"
    return f"{kind.capitalize()}: {', '.join(parts)}", text or "The panel has taken the request.", severity, 15
