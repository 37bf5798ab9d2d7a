"""The kinds of rows that the screens list."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from operator import attrgetter
from typing import TYPE_CHECKING

from smmtui.domain.catalog import SORT_KEYS
from smmtui.domain.filter_language import fold
from smmtui.domain.order_sorting import ORDER_SORT_KEYS
from smmtui.domain.records import Order, Service
from smmtui.domain.sorting import by_number
from smmtui.domain.sums import Cost, least_cost, order_cost
from smmtui.tui.row_kind import RowKind
from smmtui.words import _, ngettext

if TYPE_CHECKING:
    from smmtui.domain.basket import BasketRow
    from smmtui.domain.messages import Message

# What is imported by these is wanted seldom, and the first rows on the screen would wait for it.


def _page(service: Service) -> str | None:
    from smmtui.tui.opening import first_address
    from smmtui.tui.show import description_of

    return first_address(description_of(service))


def _services_as(form: str) -> Callable[[Iterable[Service]], Iterator[str]]:
    def lines(services: Iterable[Service]) -> Iterator[str]:
        from smmtui.domain.row_forms import json_array
        from smmtui.domain.services_file import services_as_csv, services_as_json

        if form == ".csv":
            return services_as_csv(services)
        return services_as_json(services) if form == ".jsonl" else json_array(services_as_json(services))

    return lines


def _orders_as(form: str) -> Callable[[Iterable[Order]], Iterator[str]]:
    def lines(orders: Iterable[Order]) -> Iterator[str]:
        from smmtui.domain.orders_file import orders_as_csv, orders_as_json
        from smmtui.domain.row_forms import json_array

        if form == ".csv":
            return orders_as_csv(orders)
        return orders_as_json(orders) if form == ".jsonl" else json_array(orders_as_json(orders))

    return lines


def _basket_as_csv(rows: Iterable[BasketRow]) -> Iterator[str]:
    from smmtui.domain.basket_text import as_text

    yield as_text(rows)


_FORMS = (".csv", ".json", ".jsonl")

SERVICES: RowKind[Service] = RowKind(
    name="services",
    counted=lambda number: ngettext("{count} service", "{count} services", number),
    none=_("There are no services here."),
    natural=_("Panel's order"),
    sorts=SORT_KEYS,
    row_id=attrgetter("id"),
    panel_id=attrgetter("id"),
    cost=least_cost,
    cost_words=_("at minimum quantity"),
    forms={form: _services_as(form) for form in _FORMS},
    page=_page,
)

ORDERS: RowKind[Order] = RowKind(
    name="orders",
    counted=lambda number: ngettext("{count} order", "{count} orders", number),
    none=_("There are no orders here."),
    natural=_("Active first, newest first"),
    sorts=ORDER_SORT_KEYS,
    row_id=attrgetter("uuid"),
    panel_id=attrgetter("id"),
    cost=order_cost,
    cost_words=_("charged"),
    forms={form: _orders_as(form) for form in _FORMS},
    link=attrgetter("link"),
    page=attrgetter("link"),
)

BASKET_ROWS: RowKind[BasketRow] = RowKind(
    name="basket",
    counted=lambda number: ngettext("{count} row", "{count} rows", number),
    none=_("There are no rows here."),
    natural=_("As they were added"),
    sorts={
        "state": attrgetter("state"),
        "service": lambda row: by_number(row.service_id) if row.service_id else None,
        "link": lambda row: fold(row.link) or None,
        "quantity": lambda row: int(row.quantity) if row.quantity.isdecimal() else None,
        "estimate": attrgetter("estimate"),
    },
    row_id=attrgetter("key"),
    panel_id=attrgetter("order_id"),
    cost=lambda row: Cost(row.estimate, guessed=True),
    cost_words=_("estimated"),
    forms={".csv": _basket_as_csv},
    link=attrgetter("link"),
)

MESSAGES: RowKind[Message] = RowKind(
    name="messages",
    counted=lambda number: ngettext("{count} message", "{count} messages", number),
    none=_("There are no messages here."),
    natural=_("Newest first"),
    sorts={
        "age": attrgetter("at"),
        "severity": attrgetter("severity"),
        "times": attrgetter("times"),
        "title": lambda message: fold(message.title),
    },
    row_id=attrgetter("id"),
    panel_id=attrgetter("line"),
    cost=None,
    cost_words="",
)
