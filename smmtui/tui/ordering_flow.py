"""From the wish to order a service to its outcome: form, review, sending, words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from smmtui.desk.desk import Desk
from smmtui.desk.drafts import Drafts
from smmtui.domain.order_entry import OrderEntry
from smmtui.domain.records import Draft, Order, Service, State
from smmtui.domain.repeating import repeat
from smmtui.errors import JournalError, PanelError
from smmtui.tui.outcomes import outcome_words
from smmtui.tui.screens.order_form import OrderForm
from smmtui.tui.screens.review_order import ReviewOrder
from smmtui.tui.screens.unsaved import Unsaved
from smmtui.words import _

if TYPE_CHECKING:
    from smmtui.tui.serving_app import ServingApp


class OrderingFlow:
    """Opens the dialogs one after the other; each is gone before the next comes, so that none can answer twice."""

    def __init__(self, app: ServingApp, desk: Desk) -> None:
        self._app = app
        self._desk = desk
        self._drafts = Drafts(desk.remembered)

    async def order(self, service: Service) -> None:
        """Take an order for the service, beginning with what was typed for it before."""
        await self._order(self._drafts.entry(service, self._desk.profile.parameters))

    async def repeat(self, order: Order) -> None:
        """Take an order like this one, for its service as it is listed now."""
        service = self._desk.catalog.by_id(order.service)
        if service is None:
            self._app.toast(_("This order cannot be repeated"), self._why_not(order), "warning", 12)
            return
        await self._order(*repeat(order, service, self._desk.profile.parameters))

    def _why_not(self, order: Order) -> str:
        if not order.service:
            return _("It was placed elsewhere, and nobody told which service it is. Order from the catalog.")
        if not len(self._desk.catalog):
            return _("The catalog is not here yet. Try again when it is.")
        return _("The panel's catalog has no such service now. Look there for another one.")

    async def _order(self, entry: OrderEntry, remark: str = "") -> None:
        while True:
            filled = await self._app.ask(OrderForm(self._desk, entry, self._drafts.keep, remark))
            if filled is None or not filled.review:
                return
            entry = filled.entry
            now = self._as_listed_now(entry)
            if now is None or any(not problem.warning for problem in now.problems()):
                continue
            entry = now
            if await self._app.ask(ReviewOrder(self._desk, entry)) and self._stands(entry):
                break
        self._drafts.drop(entry)
        currency = None if self._desk.balance is None else self._desk.balance.currency
        self._app.errands.run(self._place(entry, entry.draft(currency)), sends=True)

    def _as_listed_now(self, entry: OrderEntry) -> OrderEntry | None:
        """The entry at what the panel lists now, None where it lists it no more; the user is told what has changed."""
        listed = self._desk.listed.by_id(entry.service.id)
        if listed is None:
            text = _("The panel's catalog has no such service now.")
            self._app.toast(_("Not listed any more"), text, "warning", 15)
            return None
        if listed != entry.service:
            text = _("Price and bounds are the panel's latest.")
            self._app.toast(_("The service has changed"), text, "warning", 15)
        return replace(entry, service=listed)

    def _stands(self, entry: OrderEntry) -> bool:
        """Whether all is still as it was confirmed, for the review may have stood for minutes; if not, say so."""
        refusal = self._desk.over_cap(entry.estimate)
        if refusal:
            self._app.toast(_("Not sent"), refusal + " " + _("Nothing was sent."), "error", 20)
        return not refusal and self._as_listed_now(entry) == entry

    async def _place(self, entry: OrderEntry, draft: Draft) -> None:
        # After a kill, what was sent must not stand in the form as if it had not been.
        await self._desk.remembered.flush()
        try:
            order = await self._desk.place(draft)
        except (JournalError, PanelError) as error:
            self._keep(entry)
            asked = isinstance(error, PanelError)
            nothing = _("Nothing was charged.") if asked else _("This new order was not sent.")
            self._app.toast(_("Not sent"), f"{error} {nothing}", "error", 30)
            return
        if order.state in (State.REJECTED, State.UNSENT):
            # To be mended and ordered again; what may have been placed is not offered a second time.
            self._keep(entry)
        self._tell(order)

    def _keep(self, entry: OrderEntry) -> None:
        if entry.service not in self._drafts:
            self._drafts.keep(entry)

    def _tell(self, order: Order) -> None:
        if order in self._desk.unsaved:
            self._app.push_screen(Unsaved(order))
            return
        words = outcome_words(order)
        self._app.toast(words.title, words.text, words.severity, words.seconds)
