"""The kinds of rows that the screens list."""

from __future__ import annotations

from operator import attrgetter

from smmtui.domain.basket import BasketRow
from smmtui.domain.basket_text import as_text
from smmtui.domain.catalog import SORT_KEYS
from smmtui.domain.filter_language import fold
from smmtui.domain.messages import Message
from smmtui.domain.order_sorting import ORDER_SORT_KEYS
from smmtui.domain.orders_file import orders_as_csv, orders_as_json
from smmtui.domain.records import Order, Service
from smmtui.domain.row_forms import json_array
from smmtui.domain.services_file import services_as_csv, services_as_json
from smmtui.domain.sorting import by_number
from smmtui.domain.sums import Cost, least_cost, order_cost
from smmtui.tui.opening import first_address
from smmtui.tui.row_kind import RowKind


def _page(service: Service) -> str | None:
    # Wanted seldom, and the first rows on the screen would wait for it.
    from smmtui.domain.descriptions import plain_description

    return first_address(plain_description(service.description))


SERVICES: RowKind[Service] = RowKind(
    name="services",
    natural="Panel's order",
    sorts=SORT_KEYS,
    row_id=attrgetter("id"),
    panel_id=attrgetter("id"),
    cost=least_cost,
    cost_words="at minimum quantity",
    forms={
        ".csv": services_as_csv,
        ".json": lambda services: json_array(services_as_json(services)),
        ".jsonl": services_as_json,
    },
    page=_page,
)

ORDERS: RowKind[Order] = RowKind(
    name="orders",
    natural="Active first, newest first",
    sorts=ORDER_SORT_KEYS,
    row_id=attrgetter("uuid"),
    panel_id=attrgetter("id"),
    cost=order_cost,
    cost_words="charged",
    forms={
        ".csv": orders_as_csv,
        ".json": lambda orders: json_array(orders_as_json(orders)),
        ".jsonl": orders_as_json,
    },
    link=attrgetter("link"),
    page=attrgetter("link"),
)

BASKET_ROWS: RowKind[BasketRow] = RowKind(
    name="basket",
    noun="rows",
    natural="As they were added",
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
    cost_words="estimated",
    forms={".csv": lambda rows: iter([as_text(rows)])},
    link=attrgetter("link"),
)

MESSAGES: RowKind[Message] = RowKind(
    name="messages",
    natural="Newest first",
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
