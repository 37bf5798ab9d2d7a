"""An order once more: the same again, or what is missing of a partial one."""

from __future__ import annotations

from smmtui.domain.order_entry import OrderEntry, Parameters
from smmtui.domain.records import Order, Service
from smmtui.domain.service_types import DRIP_FIELDS
from smmtui.domain.statuses import Status
from smmtui.words import _


def repeat(order: Order, service: Service, defaults: Parameters = ()) -> tuple[OrderEntry, str]:
    """Return an entry with what was sent for the order, and in words what is different from it, "" for nothing.

    Of an order that is Partial the quantity is what is missing, at least the service's minimum, in one run. `service`
    is the order's as it is listed now, `defaults` the profile's own parameters.
    """
    fields = dict(order.fields) or _guessed(order, service)
    entry = OrderEntry(service, defaults=defaults, repeats=order.uuid, note=order.note, tags=" ".join(order.tags))
    names = {each.name for each in (*entry.type.fields, *(DRIP_FIELDS if entry.type.drip else ()))}
    entry = entry.typed({name: value for name, value in fields.items() if name in names})
    extra = "\n".join(f"{name}={value}" for name, value in fields.items() if name not in {*names, "service"})
    return _missing(order, entry.typed(entry.values, extra))


def _guessed(order: Order, service: Service) -> dict[str, str]:
    """What is known of an order that was placed elsewhere."""
    where = OrderEntry(service).type.fields[0].name
    return {where: order.link, "quantity": "" if order.quantity is None else str(order.quantity)}


def _missing(order: Order, entry: OrderEntry) -> tuple[OrderEntry, str]:
    missing, total = order.remains or 0, order.total
    if order.status is not Status.PARTIAL or order.subscribes or missing <= 0 or total is None or missing > total:
        return entry, ""
    counts = {"id": order.id, "missing": f"{missing:,}", "total": f"{total:,}"}
    said = _("Order {id} is partial: {missing} of {total} are missing.", **counts)
    if entry.type.price == "lines":
        advice = _("Take out the lines that were delivered; the panel does not say which.")
        return entry, f"{said} {advice}"
    if entry.type.price != "quantity":
        return entry, said
    quantity = max(missing, entry.service.min or 0)
    if quantity > missing:
        said = _(
            "Order {id} is partial: {missing} of {total} are missing; the minimum is {min}, so that is filled in.",
            min=f"{quantity:,}",
            **counts,
        )
    once = {name: value for name, value in entry.values.items() if name not in {each.name for each in DRIP_FIELDS}}
    return entry.typed({**once, "quantity": str(quantity)}, entry.extra), said
