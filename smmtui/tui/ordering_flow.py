"""From the wish to order a service to its outcome: form, review, sending, words."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from smmtui.desk.desk import Desk
from smmtui.domain.order_entry import OrderEntry
from smmtui.domain.records import Draft, Order, Service, State
from smmtui.errors import JournalError, PanelError
from smmtui.tui.outcomes import outcome_words
from smmtui.tui.screens.order_form import OrderForm
from smmtui.tui.screens.review_order import ReviewOrder
from smmtui.tui.screens.unsaved import Unsaved

if TYPE_CHECKING:
    from smmtui.tui.app import SmmtuiApp


class OrderingFlow:
    """Opens the dialogs one after the other; each is gone before the next comes, so that none can answer twice."""

    def __init__(self, app: SmmtuiApp, desk: Desk) -> None:
        self._app = app
        self._desk = desk
        self._kept: dict[str, OrderEntry] = {}

    async def order(self, service: Service) -> None:
        """Take an order for the service, beginning with what was typed for it before."""
        fresh = OrderEntry(service, order_style=self._desk.profile.order_style)
        entry = replace(self._kept.get(service.id, fresh), service=service)
        while True:
            filled = await self._app.ask(OrderForm(self._desk, entry))
            if filled is None:
                return
            entry = self._kept[service.id] = filled.entry
            if not filled.review:
                return
            now = self._as_listed_now(entry)
            if now is not None:
                entry = now
                if await self._app.ask(ReviewOrder(self._desk, entry)):
                    break
        del self._kept[service.id]
        currency = None if self._desk.balance is None else self._desk.balance.currency
        self._app.errands.run(self._place(entry, entry.draft(currency)), sends=True)

    def _as_listed_now(self, entry: OrderEntry) -> OrderEntry | None:
        """The entry at what the panel lists now; None where the form has to be looked at again."""
        listed = self._desk.catalog.by_id(entry.service.id)
        if listed is None:
            self._app.toast("Not listed any more", "The panel's catalog has no such service now.", "warning", 15)
            return None
        now = replace(entry, service=listed)
        if listed != entry.service:
            self._app.toast("The service has changed", "Price and bounds are the panel's latest.", "warning", 15)
        return None if any(not problem.warning for problem in now.problems()) else now

    async def _place(self, entry: OrderEntry, draft: Draft) -> None:
        try:
            order = await self._desk.place(draft)
        except (JournalError, PanelError) as error:
            self._kept.setdefault(entry.service.id, entry)
            nothing = "Nothing was charged." if isinstance(error, PanelError) else "This new order was not sent."
            self._app.toast("Not sent", f"{error} {nothing}", "error", 30)
            return
        if order.state in (State.REJECTED, State.UNSENT):
            # To be mended and ordered again; what may have been placed is not offered a second time.
            self._kept.setdefault(entry.service.id, entry)
        self._tell(order)

    def _tell(self, order: Order) -> None:
        if order in self._desk.unsaved:
            self._app.push_screen(Unsaved(order))
            return
        words = outcome_words(order)
        self._app.toast(words.title, words.text, words.severity, words.seconds)
