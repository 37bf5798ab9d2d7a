"""The user's note and tags of an order: asked for, and kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smmtui.desk.desk import Desk
from smmtui.domain.order_notes import read_note, read_tags
from smmtui.domain.records import Order
from smmtui.errors import JournalError
from smmtui.tui.screens.order_note import OrderNote
from smmtui.words import _

if TYPE_CHECKING:
    from smmtui.tui.serving_app import ServingApp


class NoteFlow:
    """Asks for a note and tags, and has them kept."""

    def __init__(self, app: ServingApp, desk: Desk) -> None:
        self._app = app
        self._desk = desk

    async def note(self, order: Order) -> None:
        """Change the note and the tags of an order."""
        noted = await self._app.ask(OrderNote(self._desk.book.get(order.uuid) or order))
        if noted is None:
            return
        try:
            await self._desk.annotate(order.uuid, read_note(noted.note), read_tags(noted.tags))
        except JournalError as error:
            self._app.toast(_("The note was not kept"), str(error), "error", 15)
