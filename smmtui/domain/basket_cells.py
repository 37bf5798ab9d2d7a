"""What the cells of a line are, told by their kind: a service's id, a link, a quantity, the rest in order."""

from __future__ import annotations

import re
from collections.abc import Sequence

from smmtui.domain.catalog import Catalog
from smmtui.domain.service_types import DRIP_FIELDS, service_type
from smmtui.words import _, ngettext

_PAIR = re.compile(r"([A-Za-z][A-Za-z0-9_]{0,63})=(.*)", re.ASCII | re.DOTALL)
_NUMBER = re.compile(r"-?\d[\d.,'_ ]*(?:e\+?\d+)?[km]?|\$ ?[\d.,]+|max", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:[\w-]+\.)+[a-z]{2,}(?:[/?#:]\S*)?", re.IGNORECASE)


class Unclear(Exception):
    """It cannot be told what the cells are; the text says why."""


def is_link(cell: str) -> bool:
    """Whether a cell is an address or a user's name, and surely no number."""
    return "://" in cell or cell.startswith("@") or _ADDRESS.fullmatch(cell) is not None


def is_number(cell: str) -> bool:
    """Whether a cell is meant as a quantity, in whatever notation."""
    return _NUMBER.fullmatch(cell) is not None


def named_cells(cells: Sequence[str], catalog: Catalog) -> dict[str, str]:
    """Return the cells of a line without a head by the names of what they are; `name=value` names itself.

    Raises Unclear where nobody could tell, for a guess would be a wrong order.
    """
    named, rest = pairs_in(cells)
    if len(rest) < 2 and not (rest and (rest[0].isdecimal() or (is_link(rest[0]) and " " not in rest[0]))):
        raise Unclear(_("this is no order: a line is: service | link | quantity"))
    service = _service(rest, catalog)
    if service in rest:
        rest.remove(service)
    if service:
        named["service"] = service.removeprefix("#")
    names = _names(named.get("service", ""), rest, catalog)
    if names[0] == "link":
        rest = _link_first(rest, names, named)
    if len(rest) > len(names):
        raise Unclear(
            ngettext(
                "{count} cell is more than the service takes: a text with a separator in it needs quotes",
                "{count} cells are more than the service takes: a text with a separator in it needs quotes",
                len(cells),
            )
        )
    return {**dict(zip(names, rest, strict=False)), **named}


def pairs_in(cells: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """Return the cells that name themselves, `name=value`, and the rest without empty ones at its end."""
    named, rest = dict[str, str](), list[str]()
    for cell in cells:
        pair = _PAIR.fullmatch(cell)
        if pair:
            named[pair[1]] = pair[2].strip()
        else:
            rest.append(cell)
    while rest and not rest[-1]:
        rest.pop()
    return named, rest


def _service(cells: Sequence[str], catalog: Catalog) -> str:
    """The id of the service: the first cell, or where that is a link the first number."""
    if not is_link(cells[0]):
        return cells[0]
    numbers = [cell for cell in cells if cell.removeprefix("#").isdecimal()]
    if len(numbers) > 1 and not numbers[0].startswith("#") and all(map(catalog.by_id, numbers[:2])):
        one, other = numbers[:2]
        raise Unclear(
            _("{one} and {other} are both ids of services: put the service before the link", one=one, other=other)
        )
    return next(iter(numbers), "")


def _names(service_id: str, cells: Sequence[str], catalog: Catalog) -> list[str]:
    """The names of the fields that an order of the service takes, in order."""
    service = catalog.by_id(service_id)
    if service is None:
        lines = any("\n" in cell for cell in cells)
        return ["link", "comments"] if lines else ["link", "quantity", *(each.name for each in DRIP_FIELDS)]
    kind = service_type(service)
    return [each.name for each in (*kind.fields, *(DRIP_FIELDS if kind.drip else ()))]


def _link_first(cells: list[str], names: list[str], named: dict[str, str]) -> list[str]:
    """The cells with the link before the quantity; a quantity that the service does not take goes to `named`."""
    one, other = (*cells, "", "")[:2]
    counted = "quantity" in names
    if is_number(one) and is_number(other):
        raise Unclear(_("two numbers and no link: a first line with the names of the columns tells which is which"))
    quantity_first = is_number(one) and (counted or other)
    if not is_link(one) and (quantity_first or is_link(other)):
        cells = [other, one, *cells[2:]]
    if not counted and len(cells) > 1 and is_number(cells[1]):
        named["quantity"] = cells.pop(1)
    return cells
