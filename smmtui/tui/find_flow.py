"""From an id or words in the palette to the service or order that they name."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from smmtui.desk.desk import Desk
from smmtui.domain.filter_language import parse, service_fields
from smmtui.domain.records import Order, Service
from smmtui.errors import JournalError
from smmtui.tui.details_flow import DetailsFlow
from smmtui.tui.screens.catalog import CatalogScreen
from smmtui.words import _

if TYPE_CHECKING:
    from smmtui.tui.serving_app import ServingApp

_MOST = 12
_LEAST_LETTERS = 2


@dataclass(frozen=True, slots=True)
class Found:
    """A service or an order as the palette offers it; `show` goes there."""

    title: str
    what: str
    by_id: bool
    show: Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class FindFlow:
    """Looks services and orders up, and shows them."""

    app: ServingApp
    desk: Desk
    details: DetailsFlow

    async def find(self, query: str) -> list[Found]:
        """Return the service and the order of this id, which may have a # in front, then services with these words."""
        text = query.strip()
        id = text.removeprefix("#").strip()
        service, order = self.desk.catalog.by_id(id), await self._order(id)
        found = [] if service is None else [self._service(service, by_id=True)]
        if order is not None:
            title = _("Order {id}: {link}", id=id, link=order.link)
            found.append(Found(title, order.service_name, True, partial(self.details.show, order)))
        return found + [self._service(each, by_id=False) for each in self._named(text) if each != service]

    def _service(self, service: Service, *, by_id: bool) -> Found:
        title = _("Service {id}: {name}", id=service.id, name=service.name)
        return Found(title, service.category, by_id, partial(self._show_service, service))

    def _named(self, text: str) -> list[Service]:
        """The first services that the catalog's own filter finds, once it can find them faster than a key is typed."""
        catalog = self.desk.catalog
        if len(text) < _LEAST_LETTERS or catalog.index(0):
            return []
        numbers = catalog.matching(parse(text, service_fields((), self.desk.book.ordered)))
        return [catalog.services[number] for number in numbers[:_MOST]]

    async def _order(self, id: str) -> Order | None:
        # Whoever types words does not wait for the disk.
        if not any(letter.isdecimal() for letter in id):
            return None
        try:
            return await self.desk.tracking.order(id)
        except JournalError:
            # The header tells of it; services can be found all the same.
            return None

    async def _show_service(self, service: Service) -> None:
        await self.app.switch_mode("catalog")
        screen = self.app.screen
        if isinstance(screen, CatalogScreen):
            screen.show_service(service.id)
