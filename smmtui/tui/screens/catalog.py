"""Screen 1: every service of the panel, filtered as one types."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.getters import query_one
from textual.message import Message

from smmtui.desk.desk import Desk
from smmtui.desk.refreshing import Wanted
from smmtui.desk.topics import Topic
from smmtui.domain.catalog import Catalog
from smmtui.domain.filter_language import SERVICE_FIELDS, Query, parse
from smmtui.domain.records import Service
from smmtui.tui.filtered_screen import FilteredScreen
from smmtui.tui.show import ago, count, literal, yes_no
from smmtui.tui.widgets.row_columns import Column
from smmtui.tui.widgets.row_table import RowTable


def _rate(service: Service) -> str:
    return "?" if service.rate is None else f"{service.rate:,f}"


def _refill(service: Service) -> str:
    if service.refill and service.refill_days:
        return f"✓ {service.refill_days} d"
    return "✓" if service.refill else yes_no(service.refill)


def _cancel(service: Service) -> str:
    return "✓" if service.cancel else yes_no(service.cancel)


_COLUMNS: tuple[Column[Service], ...] = (
    Column("id", "Id", 7, attrgetter("id"), align="right"),
    Column("name", "Name", 60, attrgetter("name"), grow=3, min_width=36),
    Column("rate", "Rate /1000", 10, _rate, align="right"),
    Column("min", "Min", 9, lambda service: count(service.min), align="right"),
    Column("max", "Max", 11, lambda service: count(service.max), align="right"),
    Column("refill", "Refill", 7, _refill),
    Column("cancel", "Cancel", 6, _cancel),
    Column("type", "Type", 14, attrgetter("type")),
    Column("category", "Category", 26, attrgetter("category"), grow=1, min_width=14),
)


@dataclass(frozen=True, slots=True)
class _Found:
    """Which rows of a catalogue satisfy a query."""

    catalog: Catalog
    query: Query
    numbers: Sequence[int]

    def narrowed(self, catalog: Catalog, query: Query) -> _Found:
        """What satisfies the query; where it only asks for more than before, it looks among the hits alone."""
        among = self.numbers if catalog is self.catalog and query.narrows(self.query) and len(self.numbers) else None
        return _Found(catalog, query, catalog.matching(query, among))


class ServiceTable(RowTable[Service]):
    """The services, of which Enter orders one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Order", id="table.select", tooltip="Order the current service"),
    ]


class CatalogScreen(FilteredScreen):
    """The catalogue; tells the App by `OrderWanted` what the user wants to order."""

    MODE = "catalog"
    PLACEHOLDER = "words, cat:… type:… rate<0.5 refill:yes"
    WHAT = "services"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n,т", "order", "Order", id="catalog.order", show=False, tooltip="Order the current service"),
    ]

    @dataclass
    class OrderWanted(Message):
        """The user wants to order this service."""

        service: Service

    table = query_one(ServiceTable)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._found = _Found(desk.catalog, parse("", SERVICE_FIELDS), ())

    def compose_body(self) -> ComposeResult:
        """The filter above the table."""
        yield from self.compose_filter()
        yield ServiceTable(_COLUMNS, attrgetter("id"), fixed=2)

    def show(self, topic: Topic) -> None:
        """Take over a new catalogue without moving the cursor; the words for an empty one follow the health."""
        if topic & (Topic.CATALOG | Topic.HEALTH):
            self.list_rows(keep_view=True)

    def list_rows(self, *, keep_view: bool) -> None:
        """List the services that satisfy the filter."""
        found = self._found.narrowed(self.desk.catalog, parse(self.text, SERVICE_FIELDS))
        self._found = found
        self.table.show_rows(found.catalog.services, found.numbers, keep_view=keep_view)
        self.show_found(len(found.numbers), len(found.catalog.services), found.query)

    def why_empty(self) -> Content:
        """Say what is being waited for, or what went wrong."""
        desk = self.desk
        if desk.catalog_at is not None:
            return literal(f"The panel lists no services ({ago(desk.catalog_at, desk.clock.now())}). r asks again.")
        if desk.health.words:
            return Content("There is no catalog yet: see the message above. r tries again.")
        return Content("Loading the catalog …")

    def action_order(self) -> None:
        """Order the current service."""
        self.table.action_select()

    def action_refresh(self) -> None:
        """Ask for the catalogue and the balance."""
        self.desk.refresh(Wanted.CATALOG | Wanted.BALANCE)

    def on_row_table_selected(self, event: RowTable.Selected[Service]) -> None:
        """Pass the wish on to the App."""
        event.stop()
        self.post_message(self.OrderWanted(event.row))
