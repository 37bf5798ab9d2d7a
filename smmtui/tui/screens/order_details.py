"""Everything known of one order."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.getters import query_one
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Static

from smmtui.desk.desk import Desk
from smmtui.domain.records import Event, Order
from smmtui.domain.requests import Kind
from smmtui.errors import JournalError
from smmtui.tui.later_styles import LATER_STYLES
from smmtui.tui.order_facts import order_facts
from smmtui.tui.order_timeline import last_reply, timeline
from smmtui.tui.order_wishes import NoteWanted, RepeatWanted, RequestsWanted
from smmtui.tui.show import literal, styled
from smmtui.tui.table_screen import TableScreen
from smmtui.tui.table_wishes import IDS, LINKS, Copied, CopyWish, OpenWish
from smmtui.tui.watching import watch
from smmtui.tui.widgets.key_bar import KeyBar
from smmtui.words import _

_SECOND = 1.0


class DetailsPane(VerticalScroll):
    """What is read; it scrolls by the keys that move in tables."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j,о", "scroll_down", _("Down"), id="details.down", show=False, tooltip=_("Read on")),
        Binding("up,k,л", "scroll_up", _("Up"), id="details.up", show=False, tooltip=_("Read back")),
        Binding(
            "pagedown,ctrl+d", "page_down", _("Page down"), id="details.page_down", show=False, tooltip=_("Read on")
        ),
        Binding("pageup,ctrl+u", "page_up", _("Page up"), id="details.page_up", show=False, tooltip=_("Read back")),
        Binding(
            "home,g,п", "scroll_home", _("Beginning"), id="details.first", show=False, tooltip=_("To the beginning")
        ),
        Binding("end,G,П", "scroll_end", _("End"), id="details.last", show=False, tooltip=_("To the end")),
    ]


class OrderDetails(ModalScreen[None]):
    """Shows one order as it is now, what was sent and what has happened to it."""

    CSS_PATH = LATER_STYLES

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,q,й", "back", _("Back"), id="details.back", tooltip=_("Back to the orders")),
        Binding("F,А", "request('refill')", _("Refill"), id="details.refill", tooltip=_("Ask for a refill")),
        Binding("X,Ч", "request('cancel')", _("Cancel"), id="details.cancel", tooltip=_("Ask to cancel")),
        Binding("R,К", "repeat", _("Repeat"), id="details.repeat", tooltip=_("Order the same again")),
        Binding("m,ь", "note", _("Note and tags"), id="details.note", tooltip=_("Change your note and tags")),
        Binding("w,ц", "watch", _("Watch"), id="details.watch", tooltip=_("Tell of every change of its status")),
        Binding("y,н", "copy_id", _("Copy id"), id="details.copy_id", show=False, tooltip=_("Copy the panel's id")),
        Binding("Y,Н", "copy_link", _("Copy link"), id="details.copy_link", show=False, tooltip=_("Copy the link")),
        Binding(
            "o,щ", "open", _("Open link"), id="details.open", show=False, tooltip=_("Open the link in the browser")
        ),
    ]

    pane = query_one(DetailsPane)
    facts = query_one("#facts", Static)
    timeline = query_one("#timeline", Static)
    reply = query_one("#reply", Static)

    def __init__(self, desk: Desk, order: Order, events: list[Event]) -> None:
        super().__init__()
        self._desk = desk
        self._order = order
        self._events = events
        self._shown: list[Content] = []

    def compose(self) -> ComposeResult:
        """Facts, the timeline, the last reply."""
        with DetailsPane(id="details"):
            yield Static(id="facts")
            yield Static(styled(_("Timeline"), "bold"))
            yield Static(id="timeline")
            yield Static(id="reply")
        yield KeyBar()

    def on_mount(self) -> None:
        """Follow the order for as long as it is looked at."""
        self._show()
        self.set_interval(_SECOND, self._look)

    async def _look(self) -> None:
        if not self.is_current:
            return
        order = self._desk.book.get(self._order.uuid) or self._order
        if order is not self._order:
            self._order = order
            try:
                self._events = await self._desk.events(order.uuid)
            except JournalError:
                # What was read before still stands.
                return
        self._show()

    def _show(self) -> None:
        """Show what is known; what reads the same is not drawn again."""
        order, desk = self._order, self._desk
        self.pane.border_title = literal(_("Order {id}", id=order.id or _("(no id)")))
        facts = order_facts(order, desk)
        events = timeline(order, self._events, desk.requests.every(order.uuid), desk.clock.now())
        reply = _reply(last_reply(self._events))
        if [facts, events, reply] != self._shown:
            self._shown = [facts, events, reply]
            self.facts.update(facts)
            self.timeline.update(events)
            self.reply.update(reply)

    def action_back(self) -> None:
        """Back to the orders."""
        if self.is_current:
            self.dismiss()

    def action_request(self, kind: Kind) -> None:
        """Ask for a refill or a cancel."""
        self._wish(RequestsWanted(kind, (self._order,)))

    def action_repeat(self) -> None:
        """Leave for a form with the same order."""
        if self.is_current:
            self._wish(RepeatWanted(self._order))
            self.dismiss()

    def action_note(self) -> None:
        """Change the note and the tags."""
        self._wish(NoteWanted(self._order))

    def action_watch(self) -> None:
        """Watch the order, or leave off."""
        title, text = watch(self._desk.notices, [self._order])
        self.notify(text, title=title, markup=False)
        self._show()

    def action_copy_id(self) -> None:
        """Copy the panel's id."""
        self._copy(IDS, self._order.id)

    def action_copy_link(self) -> None:
        """Copy the link."""
        self._copy(LINKS, self._order.link)

    def _copy(self, what: Copied, text: str | None) -> None:
        self._wish(TableScreen.Wanted(CopyWish(what, [text] if text else [], "", 1)))

    def action_open(self) -> None:
        """Open the link."""
        self._wish(TableScreen.Wanted(OpenWish(self._order.link)))

    def _wish(self, wish: Message) -> None:
        if self.is_current:
            self.app.post_message(wish)


def _reply(text: str) -> Content:
    if not text:
        return Content()
    return Content("\n").join([Content(), styled(_("The panel's last raw reply that was kept"), "bold"), literal(text)])
