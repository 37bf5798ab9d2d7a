"""What is sent with the orders of a basket beside the fields of their services."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from smmtui.domain.basket import BasketRow
from smmtui.domain.order_entry import OrderEntry, Parameters
from smmtui.domain.records import Record, Service
from smmtui.domain.service_types import DRIP_FIELDS, known_types, service_type

_ANY = frozenset(each.name for kind in known_types() for each in (*kind.fields, *DRIP_FIELDS))


class Beside(Record, frozen=True, gc=False):
    """Parameters by how many orders have them: `each` are those of all, `some` those of so many, most first."""

    each: Parameters
    some: tuple[tuple[str, str, int], ...]


def sent_beside(rows: Sequence[BasketRow], defaults: Parameters) -> Beside:
    """Return what is sent beside with these rows; `defaults` are the profile's, for rows that are no orders yet."""
    counted = Counter(pair for row in rows for pair in _parameters(row, defaults))
    each = tuple(pair for pair, many in counted.items() if many == len(rows))
    some = tuple((*pair, many) for pair, many in counted.most_common() if many < len(rows))
    return Beside(each, some)


def _parameters(row: BasketRow, defaults: Parameters) -> Iterable[tuple[str, str]]:
    if row.order is not None:
        # A queued order goes out as it was confirmed, whatever the profile says by now.
        own = _ANY if row.service is None else _own(row.service)
        return [pair for pair in row.order.fields if pair[0] not in own | {"service"}]
    return [] if row.service is None else OrderEntry(row.service, row.values, row.extra, defaults).extras()


def _own(service: Service) -> frozenset[str]:
    kind = service_type(service)
    return frozenset(each.name for each in (*kind.fields, *(DRIP_FIELDS if kind.drip else ())))
