"""What is known of one order, a fact on each line."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content

from smmtui.desk.desk import Desk
from smmtui.domain.charges import expected_refund, over_estimate, overcharged
from smmtui.domain.order_notes import show_tags
from smmtui.domain.records import Order
from smmtui.domain.request_terms import refill_window
from smmtui.domain.statuses import Status
from smmtui.tui.order_columns import service_name
from smmtui.tui.show import ago, count, delivered_bar, literal, money, refill_badge, status_badge, styled

_LABEL = 12
_FEW = 8


def order_facts(order: Order, desk: Desk) -> Content:
    """Return the facts of an order as they are now; what is not known is left out."""
    lines = [
        styled(f"{label:<{_LABEL}}", "$foreground-muted") + (value if isinstance(value, Content) else literal(value))
        for label, value in (*_delivery(order, desk), *_money(order, desk), *_own(order, desk))
        if (value.plain if isinstance(value, Content) else value)
    ]
    return Content("\n").join([*lines, Content()])


def _delivery(order: Order, desk: Desk) -> Iterator[tuple[str, Content | str]]:
    now = desk.clock.now()
    yield "Status", _status(order, desk)
    yield "Why", order.reason
    yield "Panel says", order.trouble
    yield "Delivered", delivered_bar(order)
    yield "Service", f"{order.service}  {service_name(desk, order)}".strip()
    yield "Link", order.link
    most = "at most " if order.subscribes and order.quantity is not None else ""
    yield (
        "Quantity",
        most + count(order.quantity) + (f" × {order.runs} runs = {count(order.total)}" if order.runs > 1 else ""),
    )
    yield "Start count", count(order.start_count)
    yield "Remains", count(order.remains) + (" posts" if order.subscribes and order.remains is not None else "")
    yield "Placed", f"{order.placed.astimezone():%Y-%m-%d %H:%M:%S} ({ago(order.placed, now)})"
    yield "Checked", ago(order.checked, now)
    yield "Changed", "" if order.changed is None else ago(order.changed, now)


def _status(order: Order, desk: Desk) -> Content:
    watched = literal("   ") + styled("◎ watched", "$text-accent")
    return status_badge(order) + watched if order.uuid in desk.notices.watched else status_badge(order)


def _money(order: Order, desk: Desk) -> Iterator[tuple[str, Content | str]]:
    now, service = desk.clock.now(), desk.catalog.by_id(order.service)
    yield "Rate", "" if order.rate is None else f"{money(order.rate, order.currency)} per 1000"
    # Of an order placed elsewhere nobody has made an estimate.
    yield "Estimate", money(order.estimate, order.currency) if order.fields else ""
    yield "Charge", _charge(order)
    refund = expected_refund(order, service)
    if refund is not None:
        words = f"≈{money(refund, order.currency)} for {count(order.remains)} not delivered; only the balance tells"
        yield "Refund", words
    yield "Refill", refill_badge(refill_window(order, service, now))
    for kind in ("refill", "cancel"):
        refused = desk.refusals.last(order.service, kind)
        if refused is not None:
            words = f"{kind} for this service on {refused.at.astimezone():%Y-%m-%d}: “{refused.reason}”"
            yield "Refused", styled(words, "$text-warning")


def _charge(order: Order) -> Content:
    shown, over = literal(money(order.charge, order.currency)), over_estimate(order)
    if not over:
        return shown
    words = f"  {money(abs(over), order.currency)} {'above' if over > 0 else 'below'} the estimate"
    if overcharged(order):
        return shown + styled(f"{words}, which is more than 1 %", "$text-warning")
    given_back = order.status in (Status.PARTIAL, Status.CANCELED, Status.REFUNDED)
    return shown + styled(
        f"{words}{': the panel has taken that off' if given_back and over < 0 else ''}", "$foreground-muted"
    )


def _own(order: Order, desk: Desk) -> Iterator[tuple[str, Content | str]]:
    yield "Basket", _basket(order, desk)
    yield "Repeats", _repeated(order, desk)
    yield "Note", order.note
    yield "Tags", show_tags(order.tags)
    for number, (name, value) in enumerate(order.fields):
        # The lines of a field with many stand below each other.
        yield "" if number else "Sent", f"{name} = {value}".replace("\n", f"\n{' ' * (_LABEL + len(name) + 3)}")


def _basket(order: Order, desk: Desk) -> str:
    if order.batch is None:
        return ""
    others = sum(each.batch == order.batch for each in desk.orders) - 1
    return f"placed together with {_named_number(others)}" if others else "placed alone"


def _named_number(orders: int) -> str:
    return "1 other order" if orders == 1 else f"{orders:,} other orders"


def _repeated(order: Order, desk: Desk) -> str:
    """Which order this one repeats, and which ones repeat it."""
    before = None if order.repeats is None else desk.book.get(order.repeats)
    said = [f"order {before.id or '(no id)'}"] if before else ["an order that is not loaded"] if order.repeats else []
    later = [each.id or "(no id)" for each in desk.orders if each.repeats == order.uuid]
    more = f" and {len(later) - _FEW:,} more" if len(later) > _FEW else ""
    return "; ".join([*said, *([f"repeated by {', '.join(later[:_FEW])}{more}"] if later else [])])
