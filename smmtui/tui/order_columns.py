"""The columns of the orders."""

from __future__ import annotations

from textual.content import Content

from smmtui.desk.desk import Desk
from smmtui.domain.order_notes import show_tags
from smmtui.domain.records import Order
from smmtui.domain.request_terms import refill_window
from smmtui.tui.show import (
    AGE_WIDTH,
    BADGE_WIDTH,
    REQUEST_WIDTH,
    age,
    charge_badge,
    count,
    delivered_bar,
    refill_badge,
    request_badge,
    status_badge,
    watched_badge,
)
from smmtui.tui.widgets.row_columns import Column, titled
from smmtui.words import _


def order_columns(desk: Desk) -> tuple[Column[Order], ...]:
    """Return the columns as they are before the user arranges them."""

    def placed(order: Order) -> str:
        return age(order.placed, desk.clock.now())

    def status(order: Order) -> Content:
        badge = status_badge(order)
        return watched_badge(badge) if order.uuid in desk.notices.watched else badge

    def asked(order: Order) -> Content:
        request = desk.requests.of(order.uuid)
        return Content() if request is None else request_badge(request, order)

    def service(order: Order) -> str:
        return f"{order.service} {service_name(desk, order)}".strip() or "–"

    def refill(order: Order) -> Content:
        return refill_badge(refill_window(order, desk.catalog.by_id(order.service), desk.clock.now()))

    return titled(
        Column("id", _("Id"), 9, lambda order: order.id or "–", align="right"),
        Column("age", _("Age"), AGE_WIDTH, placed, align="right"),
        Column("status", _("Status"), BADGE_WIDTH + 1, status),
        # Only where there is something to show: it takes the room of a link.
        Column("request", _("Asked"), REQUEST_WIDTH, asked, shown=bool(desk.requests)),
        Column("delivered", _("Delivered"), 13, delivered_bar),
        Column("quantity", _("Quantity"), 9, lambda order: count(order.total), align="right"),
        Column("charge", _("Charge"), 12, charge_badge, align="right"),
        Column("link", _("Link"), 32, lambda order: order.link or "–", grow=2, min_width=24),
        Column("service", _("Service"), 34, service, grow=2, min_width=20),
        Column("remains", _("Remains"), 8, lambda order: count(order.remains), align="right"),
        Column("start", _("Start"), 9, lambda order: count(order.start_count), align="right"),
        Column("refill", _("Refill"), 12, refill),
        Column("note", _("Note"), 24, lambda order: order.note, shown=False),
        Column("tags", _("Tags"), 16, lambda order: show_tags(order.tags), shown=False),
    )


def service_name(desk: Desk, order: Order) -> str:
    """Return what the service was called when it was ordered, else what it is called now."""
    listed = desk.catalog.by_id(order.service)
    return order.service_name or (listed.name if listed else "")
