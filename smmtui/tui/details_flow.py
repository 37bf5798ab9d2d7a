"""From the wish to see an order to everything that is known of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from smmtui.desk.desk import Desk
from smmtui.domain.records import Order
from smmtui.errors import JournalError
from smmtui.tui.screens.order_details import OrderDetails
from smmtui.words import _

if TYPE_CHECKING:
    from smmtui.tui.serving_app import ServingApp


@dataclass(frozen=True, slots=True)
class DetailsFlow:
    """Opens the details of orders."""

    app: ServingApp
    desk: Desk

    async def show(self, order: Order) -> None:
        """Open everything known of the order, its events read from the journal."""
        try:
            events = await self.desk.events(order.uuid)
        except JournalError as error:
            self.app.toast(_("The journal could not be read"), str(error), "error", 15)
        else:
            await self.app.push_screen(OrderDetails(self.desk, order, events))
