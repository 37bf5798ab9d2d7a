"""The App as far as it serves: what the screens ask for, carried out as errands that outlive them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

from textual import events
from textual.screen import Screen

from smmtui.domain.foreign_text import terminal_safe
from smmtui.tui.telling_app import TellingApp

if TYPE_CHECKING:
    from smmtui.desk.desk import Desk
    from smmtui.domain.messages import Severity
    from smmtui.tui.find_flow import Found
    from smmtui.tui.flows import Flows
    from smmtui.tui.order_wishes import NoteWanted, RepeatWanted, RequestsWanted
    from smmtui.tui.screens.attention import AttentionScreen
    from smmtui.tui.screens.basket import BasketScreen
    from smmtui.tui.screens.catalog import CatalogScreen
    from smmtui.tui.screens.order_form import OrderForm
    from smmtui.tui.screens.tracker import TrackerScreen
    from smmtui.tui.table_screen import TableScreen
    from smmtui.tui.with_filter import WithFilter

Answer = TypeVar("Answer")


class ServingApp(TellingApp):
    """Hands each wish of a screen to the flow that carries it out; a wish before the Desk is open is dropped."""

    def __init__(self) -> None:
        super().__init__()
        self._desk: Desk | None = None
        self._made_flows: Flows | None = None
        self._leaving = False
        self.last_words: list[str] = []
        """What the user must still know when the screen is gone; printed after the end."""

    @property
    def _flows(self) -> Flows | None:
        """What the screens can ask for, made when first asked; None until the Desk is open."""
        if self._made_flows is None and self._desk is not None:
            from smmtui.tui.flows import Flows

            self._made_flows = Flows.of(self, self._desk)
        return self._made_flows

    async def find(self, query: str) -> list[Found]:
        """Return the services and orders that the query names, of which each can show itself."""
        return [] if self._flows is None else await self._flows.finding.find(query)

    async def ask(self, dialog: Screen[Answer]) -> Answer | None:
        """Open a dialog and return its answer; for errands, which outlive whatever is dismissed meanwhile."""
        answer: asyncio.Future[Answer | None] = asyncio.get_running_loop().create_future()
        await self.push_screen(dialog, answer.set_result)
        return await answer

    def toast(self, title: str, text: str, severity: Severity, seconds: float) -> None:
        """Tell what happened, for so many seconds; nothing in it is markup."""
        text, title = terminal_safe(text), terminal_safe(title)
        if self._leaving:
            # The screen is gone before anyone can have read it.
            self.last_words.append(f"{title}: {text}")
        self.notify(text, title=title, severity=severity, timeout=seconds, markup=False)

    def on_catalog_screen_order_wanted(self, event: CatalogScreen.OrderWanted) -> None:
        """Take an order."""
        if self._flows is not None:
            self.errands.run(self._flows.ordering.order(event.service))

    def on_catalog_screen_category_wanted(self, event: CatalogScreen.CategoryWanted) -> None:
        """Choose a category."""
        if self._flows is not None:
            self.errands.run(self._flows.filters.pick_category(event.screen))

    def on_with_filter_save_filter_wanted(self, event: WithFilter.SaveFilterWanted) -> None:
        """Keep a filter under a name."""
        if self._flows is not None:
            self.errands.run(self._flows.filters.save(event.screen))

    def on_table_screen_wanted(self, event: TableScreen.Wanted) -> None:
        """Do with a table what takes more than its screen."""
        if self._flows is not None:
            self.errands.run(self._flows.tables.carry_out(event.wish))

    def on_repeat_wanted(self, event: RepeatWanted) -> None:
        """Order the same again."""
        if self._flows is not None:
            self.errands.run(self._flows.ordering.repeat(event.order))

    def on_note_wanted(self, event: NoteWanted) -> None:
        """Change a note."""
        if self._flows is not None:
            self.errands.run(self._flows.notes.note(event.order))

    def on_catalog_screen_basket_wanted(self, event: CatalogScreen.BasketWanted) -> None:
        """Put services into the basket."""
        if self._flows is not None:
            self.errands.run(self._flows.basket.add(event.services))

    def on_order_form_basket_wanted(self, event: OrderForm.BasketWanted) -> None:
        """Take to the basket what was pasted into a form."""
        if self._flows is not None:
            self.errands.run(self._flows.basket.paste(event.text))

    def on_basket_screen_asked(self, event: BasketScreen.Asked) -> None:
        """Do what is wanted with rows of the basket."""
        if self._flows is not None:
            self.errands.run(self._flows.basket.do(event.deed, event.keys))

    def on_paste(self, event: events.Paste) -> None:
        """Take a paste outside of every input into the basket; no dialog is in front of what it leads to."""
        if self._flows is not None and len(self.screen_stack) == 1:
            self.errands.run(self._flows.basket.paste(event.text))

    def on_requests_wanted(self, event: RequestsWanted) -> None:
        """Ask for refills or cancels."""
        if self._flows is not None:
            self.errands.run(self._flows.requests.request(event.kind, event.orders))

    def on_tracker_screen_tracking_wanted(self) -> None:
        """Follow orders that were placed elsewhere."""
        if self._flows is not None:
            self.errands.run(self._flows.tracking.track())

    def on_attention_screen_settle_wanted(self, event: AttentionScreen.SettleWanted) -> None:
        """Settle what nobody knows."""
        if self._flows is not None:
            self.errands.run(self._flows.settling.settle(event.how, event.matter))

    def on_tracker_screen_details_wanted(self, event: TrackerScreen.DetailsWanted) -> None:
        """Open everything known of the order."""
        if self._flows is not None:
            self.errands.run(self._flows.details.show(event.order))
