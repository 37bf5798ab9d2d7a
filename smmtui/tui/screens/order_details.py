"""Everything known of one order."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from smmtui.desk.desk import Desk
from smmtui.domain.records import Event, Order
from smmtui.tui.show import ago, count, delivered_bar, literal, money, status_badge, styled
from smmtui.tui.widgets.key_bar import KeyBar


class OrderDetails(ModalScreen[None]):
    """Shows one order, what was sent and what happened to it, with times."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,q", "back", "Back", id="details.back", tooltip="Back to the orders"),
    ]

    def __init__(self, desk: Desk, order: Order, events: list[Event]) -> None:
        super().__init__()
        self._desk = desk
        self._order = order
        self._events = events

    def compose(self) -> ComposeResult:
        """Facts, then the timeline."""
        order = self._order
        with VerticalScroll(id="details") as pane:
            pane.border_title = literal(f"Order {order.id or '(no id)'}")
            yield Static(_facts(order, self._desk))
            yield Static(styled("Timeline", "bold"))
            yield Static(Content("\n").join(_event_line(event) for event in self._events))
        yield KeyBar()

    def action_back(self) -> None:
        """Back to the orders."""
        if self.is_current:
            self.dismiss()


def _facts(order: Order, desk: Desk) -> Content:
    now = desk.clock.now()
    rows: list[tuple[str, Content | str]] = [
        ("Status", status_badge(order)),
        ("Delivered", delivered_bar(order)),
        ("Service", f"{order.service}  {_name(order, desk)}"),
        ("Link", order.link),
        ("Quantity", count(order.quantity) + (f" × {order.runs} runs" if order.runs > 1 else "")),
        ("Start count", count(order.start_count)),
        ("Remains", count(order.remains)),
        ("Estimate", money(order.estimate, order.currency)),
        ("Charge", money(order.charge, order.currency)),
        ("Placed", f"{order.placed.astimezone():%Y-%m-%d %H:%M:%S} ({ago(order.placed, now)})"),
        ("Checked", ago(order.checked, now)),
        ("Why", order.reason),
        ("Panel says", order.note),
        ("Sent", ", ".join(f"{name}={value}" for name, value in order.fields)),
    ]
    shown = [(label, value if isinstance(value, Content) else literal(value)) for label, value in rows]
    lines = [styled(f"{label:<12}", "$foreground-muted") + value for label, value in shown if value.plain]
    return Content("\n").join(lines) + Content("\n")


def _name(order: Order, desk: Desk) -> str:
    listed = desk.catalog.by_id(order.service)
    return order.service_name or ("" if listed is None else listed.name)


def _event_line(event: Event) -> Content:
    what = f"{event.at.astimezone():%Y-%m-%d %H:%M:%S}  {event.after.value}"
    said = "; ".join(f"{name}: {value}" for name, value in event.evidence.items() if value)
    return literal(f"{what}  {said}" if said else what)
