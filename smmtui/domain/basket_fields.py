"""What the filter of the basket compares, and how a row's quantity and problems are read."""

from __future__ import annotations

import operator
from collections.abc import Mapping

from smmtui.domain.basket import BasketRow
from smmtui.domain.filter_language import Field, Kind, fold
from smmtui.domain.order_entry import OrderEntry

BASKET_FIELDS: Mapping[str, Field] = {
    "state": Field(Kind.TEXT, operator.attrgetter("state")),
    "service": Field(Kind.TEXT, lambda row: fold(f"{row.service_id} {row.service_name}".strip())),
    "link": Field(Kind.TEXT, lambda row: fold(row.link)),
    "quantity": Field(Kind.NUMBER, lambda row: units(row)),
    "estimate": Field(Kind.NUMBER, operator.attrgetter("estimate")),
    "why": Field(Kind.TEXT, lambda row: fold(remarks(row))),
}


def basket_text(row: BasketRow) -> str:
    """Return the folded text that words are looked for in: service, link, quantity, id, state and what is wrong."""
    parts = (row.service_id, row.service_name, row.link, row.quantity, row.order_id or "", row.text, remarks(row))
    return fold("\n".join((*parts, row.state)))


def units(row: BasketRow) -> int | None:
    """Return how many units are ordered, runs included; None where the row does not state it, or needs none."""
    if row.order is not None:
        return row.order.total
    if row.service is None:
        return None
    entry = OrderEntry(row.service, row.values, row.extra)
    return None if entry.units is None else entry.units * entry.runs


def remarks(row: BasketRow) -> str:
    """Return in words what is wrong or odd with the row, or what became of it; "" for nothing."""
    return row.reason or " ".join(problem.text for problem in row.problems)
