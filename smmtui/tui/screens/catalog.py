"""Screen 1: every service of the panel, filtered as one types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from typing import ClassVar

from msgspec import Struct
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.geometry import Region
from textual.getters import query_one
from textual.message import Message
from textual.strip import Strip

from smmtui.desk.desk import Desk
from smmtui.desk.topics import Topic, Wanted
from smmtui.domain.catalog import Catalog
from smmtui.domain.filter_language import Field, Query, fold_repeated, parse, service_fields
from smmtui.domain.filter_text import NO_CATEGORY, in_category, toggled
from smmtui.domain.records import Service
from smmtui.tui.filtered_screen import FilteredScreen
from smmtui.tui.kinds import SERVICES
from smmtui.tui.remembered_texts import text_list
from smmtui.tui.show import ago, count, literal, yes_no
from smmtui.tui.shown_keys import key_of
from smmtui.tui.widgets.marks_bar import MarksBar
from smmtui.tui.widgets.row_columns import Column, titled
from smmtui.tui.widgets.row_table import RowTable
from smmtui.tui.widgets.service_details import Detailed, ServiceDetails
from smmtui.words import _, ngettext

_WIDE = 140
"""Columns from which on there is room for the details beside the table; else they lie under it."""

_TICK = 30.0
_FAVOURITES = "favourites"
_MONTHS = (
    *(_("Jan"), _("Feb"), _("Mar"), _("Apr"), _("May"), _("Jun")),
    *(_("Jul"), _("Aug"), _("Sep"), _("Oct"), _("Nov"), _("Dec")),
)
_PANE = "pane.catalog"


def _rate(service: Service) -> str:
    return "?" if service.rate is None else f"{service.rate:,f}"


def _refill(service: Service) -> str:
    if service.refill and service.refill_days:
        return _("✓ {days} d", days=service.refill_days)
    return "✓" if service.refill else yes_no(service.refill)


def _cancel(service: Service) -> str:
    return "✓" if service.cancel else yes_no(service.cancel)


class _Found(Struct, frozen=True):
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
        Binding("enter", "select", _("Order"), id="table.select", tooltip=_("Order the current service")),
    ]


class Services(Horizontal):
    """The table and the details, which cover it from edge to edge."""

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw nothing, for nothing of it can be seen; Textual would draw all of it for every paint."""
        return []


class CatalogScreen(FilteredScreen[Service]):
    """The catalogue; tells the App by `OrderWanted` what the user wants to order."""

    MODE = "catalog"
    KIND = SERVICES
    PLACEHOLDER = _("words, cat:… type:… rate<0.5 refill:yes")
    WHAT = _("services")
    CHIP_WORDS: ClassVar[Mapping[str, str]] = {
        "fav:": _("★ favourites"),
        "ordered:": _("ordered before"),
        NO_CATEGORY: _("no category"),
    }
    HORIZONTAL_BREAKPOINTS = [(0, "-stacked"), (_WIDE, "-beside")]  # noqa: RUF012  Textual declares it per instance

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n,т", "order", _("Order"), id="catalog.order", show=False, tooltip=_("Order the current service")),
        Binding(
            "plus",
            "basket",
            _("Basket"),
            id="catalog.basket",
            key_display="+",
            tooltip=_("Gather orders to place at once"),
        ),
        Binding("s,ы", "sort", _("Sort"), id="table.sort", tooltip=_("Choose what the rows are sorted by")),
        Binding(
            "c,с", "category", _("Category"), id="catalog.category", tooltip=_("Show the services of one category")
        ),
        Binding(
            "asterisk",
            "favourite",
            _("Favourite"),
            id="catalog.favourite",
            key_display="*",
            show=False,
            tooltip=_("Make the marked services favourites, or no longer"),
        ),
        Binding(
            "f,а",
            "favourites",
            _("Favourites"),
            id="catalog.favourites",
            show=False,
            tooltip=_("Show only the favourites"),
        ),
        Binding(
            "i,ı,ш", "details", _("Details"), id="catalog.details", show=False, tooltip=_("Show or hide the details")
        ),
    ]

    class OrderWanted(Message):
        """The user wants to order this service."""

        def __init__(self, service: Service) -> None:
            super().__init__()
            self.service = service

    class BasketWanted(Message):
        """The user wants these services in the basket."""

        def __init__(self, services: tuple[Service, ...]) -> None:
            super().__init__()
            self.services = services

    class CategoryWanted(Message):
        """The user wants to choose a category to filter by."""

        def __init__(self, screen: CatalogScreen) -> None:
            super().__init__()
            self.screen = screen

    table = query_one(ServiceTable)
    details = query_one(ServiceDetails)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._favourites = frozenset(text_list(desk.remembered.get(_FAVOURITES)))
        self._ordered = desk.book.ordered
        self._fields = service_fields(self._favourites, self._ordered)
        self._found = _Found(desk.catalog, parse("", self._fields), ())

    def compose_body(self) -> ComposeResult:
        """The filter above the table and the details."""
        yield from self.compose_filter()
        with Services(id="services"):
            yield ServiceTable(self.arranged_columns(), SERVICES.row_id, fixed=2)
            yield ServiceDetails(self._detailed)
        yield MarksBar()

    def all_rows(self) -> Sequence[Service]:
        """Return the whole catalogue."""
        return self.desk.catalog.services

    def own_columns(self) -> tuple[Column[Service], ...]:
        """Return the columns of services."""

        def star(service: Service) -> str:
            return "★" if service.id in self._favourites else ""

        def ordered(service: Service) -> str:
            return count(self._ordered[service.id]) if service.id in self._ordered else ""

        return titled(
            Column("id", _("Id"), 7, attrgetter("id"), align="right"),
            Column("favourite", "★", 1, star),
            Column("name", _("Name"), 60, attrgetter("name"), grow=3, min_width=36),
            Column("rate", _("Rate /1000"), 10, _rate, align="right"),
            Column("min", _("Min"), 9, lambda service: count(service.min), align="right"),
            Column("max", _("Max"), 11, lambda service: count(service.max), align="right"),
            Column("refill", _("Refill"), 7, _refill),
            Column("cancel", _("Cancel"), 6, _cancel),
            Column("ordered", _("Mine"), 5, ordered, align="right"),
            Column("type", _("Type"), 14, attrgetter("type")),
            Column("category", _("Category"), 26, attrgetter("category"), grow=1, min_width=14),
        )

    def on_mount(self) -> None:
        """A catalogue grows old without anybody telling."""
        self.set_interval(_TICK, self.explain)

    def show(self, topic: Topic) -> None:
        """Take over a new catalogue without moving the cursor; the words for an empty one follow the health."""
        if Topic.ORDERS in topic and self.desk.book.ordered != self._ordered:
            self._take_own(self._favourites)
        elif topic & (Topic.CATALOG | Topic.HEALTH):
            self.list_rows(keep_view=True)
        if topic & (Topic.CATALOG | Topic.ORDERS):
            self.details.follow()

    def _take_own(self, favourites: frozenset[str]) -> None:
        """Take over the favourites and the counts of own orders, and list what they change."""
        self._favourites, self._ordered = favourites, self.desk.book.ordered
        self._fields = service_fields(self._favourites, self._ordered)
        self.table.redraw()
        self.list_rows(keep_view=True)

    # ── the filter ────────────────────────────────────────────────────────────────────────────────────────────────

    def list_rows(self, *, keep_view: bool) -> None:
        """List the services that satisfy the filter."""
        # The cheapest of the first rows are not the cheapest ones, so a sorting waits for all of them.
        catalog = self.desk.listed if self.sorting.key is None else self.desk.catalog
        found = self._found.narrowed(catalog, parse(self.text, self._fields))
        self._found = found
        numbers = found.numbers
        if self.sorting.key is not None:
            numbers = found.catalog.sorted_by(numbers, self.sorting.key, reverse=self.sorting.reverse)
        listed = self.sorting.key is None
        self.table.show_rows(found.catalog.services, numbers, keep_view=keep_view, ascending=listed)
        self.show_found(len(found.numbers), len(found.catalog.services), found.query)

    def counted(self, number: int) -> str:
        """Return how many there are: services, or services that have been read so far."""
        if self.desk.preview is not None:
            return ngettext("{count} service so far", "{count} services so far", number)
        return super().counted(number)

    def fields(self) -> Mapping[str, Field]:
        """Return the fields of services."""
        return self._fields

    def field_values(self, field: str) -> Iterable[str]:
        """Return the types and categories of the catalogue beside yes and no."""
        catalog = self.desk.catalog
        named = {"cat": catalog.categories, "type": catalog.types} if field in ("cat", "type") else {}
        return map(fold_repeated, named[field]) if named else super().field_values(field)

    def finds(self, query: Query) -> bool:
        """Return whether any service satisfies the query."""
        return bool(self._found.catalog.matching(query))

    def choose_category(self, category: str | None) -> None:
        """Filter by a category instead of the one before; None shows all."""
        self.set_filter(in_category(self.text, category))

    def action_category(self) -> None:
        """Ask for a category."""
        self.post_message(self.CategoryWanted(self))

    # ── words ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def why_empty(self) -> Content:
        """Say what is being waited for, or what went wrong."""
        desk, key = self.desk, key_of(self.app, "screen.refresh")
        if desk.catalog_at is not None:
            asked = ago(desk.catalog_at, desk.clock.now())
            return literal(_("The panel lists no services ({ago}). {key} asks again.", ago=asked, key=key))
        if desk.health.words:
            return literal(_("There is no catalog yet: see the message above. {key} tries again.", key=key))
        return literal(_("Loading the catalog …"))

    def state_words(self) -> str:
        """Say from when an old catalogue is, and that the panel lists more than could be read."""
        desk = self.desk
        words = []
        if desk.catalog_at is not None and not self._is_fresh(desk.catalog_at):
            words.append(_("catalog of {when}", when=_when(desk.catalog_at, desk.clock.now())))
            tries = _("{key} tries again", key=key_of(self.app, "screen.refresh"))
            words.append(_("refreshing") if desk.health.well and not desk.paused else tries)
        if skipped := desk.catalog_skipped:
            words.append(
                ngettext(
                    "{count} row of the catalog could not be read and is not shown",
                    "{count} rows of the catalog could not be read and are not shown",
                    skipped,
                )
            )
        return " · ".join(words)

    def _is_fresh(self, at: datetime) -> bool:
        """Whether the catalogue is as new as it is wanted to be, and the panel still answers."""
        old = (self.desk.clock.now() - at).total_seconds()
        return self.desk.health.well and 0 <= old < self.desk.profile.catalog_max_age

    # ── own services ──────────────────────────────────────────────────────────────────────────────────────────────

    def action_favourite(self) -> None:
        """Make the marked services favourites, else the current one; if all of them are, they are no longer."""
        current = self.table.current_id
        chosen = self.table.marks or frozenset([current] if current is not None else [])
        kept = self._favourites - chosen if chosen <= self._favourites else self._favourites | chosen
        self.desk.remembered.set(_FAVOURITES, sorted(kept) or None)
        self._take_own(kept)
        self.details.follow()

    def action_favourites(self) -> None:
        """Show only the favourites, or all again."""
        self.set_filter(toggled(self.text, "fav:"))

    # ── details ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _width_name(self) -> str:
        return "wide" if self.size.width >= _WIDE else "narrow"

    def _pane_choices(self) -> dict[str, object]:
        chosen = self.desk.remembered.get(_PANE)
        return chosen if isinstance(chosen, dict) else {}

    def on_resize(self) -> None:
        """A wide screen shows the details by itself, unless the user wants it otherwise."""
        wanted = self._pane_choices().get(self._width_name())
        self.details.display = wanted if isinstance(wanted, bool) else self.size.width >= _WIDE
        self.details.follow()

    def action_details(self) -> None:
        """Show or hide the details, here and the next time."""
        shown = not self.details.display
        self.desk.remembered.set(_PANE, {**self._pane_choices(), self._width_name(): shown})
        self.details.display = shown
        if shown:
            self.details.show()
        elif self.details.has_focus:
            self.set_focus(self.table)

    def on_row_table_cursor_moved(self, event: RowTable.CursorMoved[Service]) -> None:
        """The details follow once the cursor rests."""
        event.stop()
        self.details.follow()

    def _detailed(self) -> Detailed | None:
        # The cursor may come to rest while the screen is being taken down, when its parts are gone already.
        service = self.table.current if self.query(ServiceTable) else None
        if service is None:
            return None
        own = self.desk.book.of_service(service.id)
        return Detailed(service, service.id in self._favourites, own, self.desk.clock.now())

    # ── keys ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def show_service(self, service_id: str) -> None:
        """Put the cursor on a service, without the filter where that hides it."""
        if not self.table.move_to(service_id):
            self.set_filter("")
            self.table.move_to(service_id)
        self.set_focus(self.table)

    def action_order(self) -> None:
        """Order the current service."""
        self.table.action_select()

    def action_basket(self) -> None:
        """Put the marked services, or the current one, into the basket."""
        if services := self.chosen_rows():
            self.post_message(self.BasketWanted(tuple(services)))

    def action_refresh(self) -> None:
        """Ask for the catalogue and the balance."""
        self.desk.refresh(Wanted.CATALOG | Wanted.BALANCE)

    def on_row_table_selected(self, event: RowTable.Selected[Service]) -> None:
        """Pass the wish on to the App."""
        event.stop()
        self.post_message(self.OrderWanted(event.row))


def _when(at: datetime, now: datetime) -> str:
    local, today = at.astimezone(), now.astimezone().date()
    time = f"{local:%H:%M}"
    if local.date() == today:
        return time
    return _("{day} {month} {time}", day=local.day, month=_MONTHS[local.month - 1], time=time)
