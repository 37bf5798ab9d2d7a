"""What is wrong or odd with a row of the basket, beside what an order form says of it."""

from __future__ import annotations

from decimal import Decimal

from smmtui.domain.catalog import Catalog
from smmtui.domain.money import show_amount
from smmtui.domain.order_entry import OrderEntry, Problem
from smmtui.domain.service_types import DRIP_FIELDS
from smmtui.words import _


def unlisted(service: str, catalog: Catalog) -> Problem:
    """Return why there is no service of this id, as it was typed."""
    if not service:
        return Problem("service", _("The id of a service is needed."))
    if not len(catalog):
        return Problem("service", _("The catalog is not here yet, so the service is not known."))
    return Problem("service", _("The catalog has no service {service}.", service=service[:40]))


def unused(entry: OrderEntry) -> list[Problem]:
    """Return a warning for every value that the type of the service has no field for."""
    asked = {each.name for each in (*entry.type.fields, *(DRIP_FIELDS if entry.type.drip else ()))}
    found = []
    for name, value in entry.values.items():
        if name not in asked and value.strip():
            field = name.replace("_", " ")
            text = _("This type of service takes no {field}: it will not be sent.", field=field)
            found.append(Problem(name, text, warning=True))
    return found


def changed(rate: Decimal | None, entry: OrderEntry) -> list[Problem]:
    """Return a warning where the panel's price is not the `rate` of the time when the row was typed."""
    if rate is None or rate == entry.service.rate:
        return []
    before, now = show_amount(rate), show_amount(entry.service.rate)
    text = _("The price per 1000 has changed from {before} to {now}.", before=before, now=now)
    return [Problem("estimate", text, warning=True)]


def twin_problem() -> Problem:
    """Return a warning for a row whose order is in the basket already."""
    text = _("Duplicate in this basket: an earlier row has the same service and link.")
    return Problem("link", text, warning=True)
