"""Refills and cancels, for one order or many: confirmed once, answered row by row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from smmtui.desk.desk import Desk
from smmtui.domain.records import Order
from smmtui.domain.requests import Asked, Kind
from smmtui.errors import JournalError, PanelError
from smmtui.tui.confirmation import Confirmation
from smmtui.tui.outcomes import Severity
from smmtui.tui.show import count, literal, styled

if TYPE_CHECKING:
    from smmtui.tui.app import SmmtuiApp

_LISTED = 50
_ADVICE = {
    "refill": "The panel decides whether it refills. What it says of each order is shown beside it.",
    "cancel": "The panel decides whether and what it still cancels. Only the status and the balance tell.",
}


class RequestFlow:
    """Asks the user once, then the panel, and tells what came of it."""

    def __init__(self, app: SmmtuiApp, desk: Desk) -> None:
        self._app = app
        self._desk = desk

    async def request(self, kind: Kind, orders: Sequence[Order]) -> None:
        """Ask for a refill or a cancel of these orders."""
        now = self._desk.clock.now()
        refused = [self._desk.requests.why_not(kind, order, now) for order in orders]
        if all(refused):
            self._app.toast(f"No {kind} was asked for", refused[0], "warning", 10)
            return
        many = f"{len(orders):,} orders" if len(orders) > 1 else f"order {orders[0].id or '(no id)'}"
        question = f"Ask the panel for a {kind} of {many}?"
        if await self._app.ask(Confirmation(question, self._list(kind, orders), f"Yes, {kind}")):
            self._app.errands.run(self._send(kind, orders), sends=True)

    def _list(self, kind: Kind, orders: Sequence[Order]) -> Content:
        lines = [styled(_ADVICE[kind], "$foreground-muted"), Content()]
        for order in orders[:_LISTED]:
            why = self._desk.requests.why_not(kind, order, self._desk.clock.now())
            line = literal(f"{order.id or '–':<10} {count(order.total):>9}  {order.service_name}  {order.link}")
            lines.append(line + styled(f"  ! {why}", "$text-warning") if why else line)
        if len(orders) > _LISTED:
            lines.append(literal(f"… and {len(orders) - _LISTED:,} more"))
        return Content("\n").join(lines)

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
