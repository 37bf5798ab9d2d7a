"""A row of the basket as it was typed and is kept; what it amounts to is known only among the others."""

from __future__ import annotations

from decimal import Decimal

from smmtui.domain.records import Record


class TypedRow(Record, frozen=True, gc=False):
    """One row as the user gave it.

    `name` is never used for another row; rows are shown by `place`. `service` is the panel's id of it, `values` the
    texts of the fields by name and `extra` the extra parameters, as an `OrderEntry` takes them. `rate` is what the
    panel asked per 1000 when the row was typed, None where it is not known. `text` is a line that could not be read,
    as it came, and `wrong` says why. `paste` and `number` tell which text the row came in, and as which of its rows
    from 1; "" and 0 where it was typed here. `order` is the uuid of the order that it has become.
    """

    name: str
    place: int = 0
    service: str = ""
    values: dict[str, str] = {}  # noqa: RUF012  # msgspec gives every row its own
    extra: str = ""
    rate: Decimal | None = None
    text: str = ""
    wrong: str = ""
    paste: str = ""
    number: int = 0
    order: str | None = None
