"""What is known of one order, a fact on each line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual.content import Content

from smmtui.desk.desk import Desk
from smmtui.domain.charges import expected_refund, over_estimate, overcharged
from smmtui.domain.order_notes import show_tags
from smmtui.domain.reasons import shown_reason
from smmtui.domain.records import Order, Request
from smmtui.domain.request_terms import refill_window
from smmtui.domain.statuses import Status
from smmtui.tui.facts import fact_lines
from smmtui.tui.order_columns import service_name
from smmtui.tui.show import ago, count, delivered_bar, literal, money, refill_badge, status_badge, styled
from smmtui.words import _, ngettext

_NAME_CELLS = 12
_FEW = 8


def order_facts(order: Order, desk: Desk) -> Content:
    """Return the facts of an order as they are now; what is not known is left out."""
    facts = (*_delivery(order, desk), *_money(order, desk), *_own(order, desk))
    return Content("\n").join([*fact_lines(facts, _NAME_CELLS), Content()])


def _delivery(order: Order, desk: Desk) -> Iterator[tuple[str, Content | str]]:
    now = desk.clock.now()
    yield _("Status"), _status(order, desk)
    yield _("Why"), shown_reason(order.reason)
    yield _("Panel says"), order.trouble
    yield _("Delivered"), delivered_bar(order)
    yield _("Service"), f"{order.service}  {service_name(desk, order)}".strip()
    yield _("Link"), order.link
    yield _("Quantity"), _quantity(order)
    yield _("Start count"), count(order.start_count)
    yield _("Remains"), _remains(order)
    yield _("Placed"), f"{order.placed.astimezone():%Y-%m-%d %H:%M:%S} ({ago(order.placed, now)})"
    yield _("Checked"), ago(order.checked, now)
    yield _("Changed"), "" if order.changed is None else ago(order.changed, now)


def _status(order: Order, desk: Desk) -> Content:
    watched = literal("   ") + styled(_("◎ watched"), "$text-accent")
    return status_badge(order) + watched if order.uuid in desk.notices.watched else status_badge(order)


def _quantity(order: Order) -> str:
    quantity = count(order.quantity)
    if order.subscribes and order.quantity is not None:
        quantity = _("at most {quantity}", quantity=quantity)
    if order.runs <= 1:
        return quantity
    return _("{quantity} × {runs} runs = {total}", quantity=quantity, runs=order.runs, total=count(order.total))


def _remains(order: Order) -> str:
    if order.subscribes and order.remains is not None:
        return ngettext("{count} post", "{count} posts", order.remains)
    return count(order.remains)


def _money(order: Order, desk: Desk) -> Iterator[tuple[str, Content | str]]:
    now, service = desk.clock.now(), desk.catalog.by_id(order.service)
    rate = "" if order.rate is None else _("{rate} per 1000", rate=money(order.rate, order.currency))
    yield _("Rate"), rate
    # Of an order placed elsewhere nobody has made an estimate.
    yield _("Estimate"), money(order.estimate, order.currency) if order.fields else ""
    yield _("Charge"), _charge(order)
    refund = expected_refund(order, service)
    if refund is not None:
        refund_words = _(
            "≈{refund} for {remains} not delivered; only the balance tells",
            refund=money(refund, order.currency),
            remains=count(order.remains),
        )
        yield _("Refund"), refund_words
    yield _("Refill"), refill_badge(refill_window(order, service, now))
    if (refill := desk.refusals.last(order.service, "refill")) is not None:
        words = _("refill for this service on {date}: “{reason}”", date=_date(refill), reason=refill.reason)
        yield _("Refused"), styled(words, "$text-warning")
    if (cancel := desk.refusals.last(order.service, "cancel")) is not None:
        words = _("cancel for this service on {date}: “{reason}”", date=_date(cancel), reason=cancel.reason)
        yield _("Refused"), styled(words, "$text-warning")


def _date(request: Request) -> str:
    return f"{request.at.astimezone():%Y-%m-%d}"


def _charge(order: Order) -> Content:
    shown, over = literal(money(order.charge, order.currency)), over_estimate(order)
    if not over:
        return shown
    difference = money(abs(over), order.currency)
    if overcharged(order):
        words = _("{difference} above the estimate, which is more than 1 %", difference=difference)
    elif over > 0:
        words = _("{difference} above the estimate", difference=difference)
    elif order.status in (Status.PARTIAL, Status.CANCELED, Status.REFUNDED):
        words = _("{difference} below the estimate: the panel has taken that off", difference=difference)
    else:
        words = _("{difference} below the estimate", difference=difference)
    return shown + styled(f"  {words}", "$text-warning" if overcharged(order) else "$foreground-muted")


def _own(order: Order, desk: Desk) -> Iterator[tuple[str, Content | str]]:
    yield _("Basket"), _basket(order, desk)
    yield _("Repeats"), _repeated(order, desk)
    yield _("Note"), order.note
    yield _("Tags"), show_tags(order.tags)
    for number, (name, value) in enumerate(order.fields):
        first, *others = value.split("\n")
        yield "" if number else _("Sent"), f"{name} = {first}"
        # The lines of a field with many stand below each other.
        for other in others:
            yield "", f"{' ' * len(name)}   {other}"


def _basket(order: Order, desk: Desk) -> str:
    if order.batch is None:
        return ""
    others = sum(each.batch == order.batch for each in desk.orders) - 1
    if not others:
        return _("placed alone")
    return ngettext("placed together with {count} other order", "placed together with {count} other orders", others)


def _repeated(order: Order, desk: Desk) -> str:
    """Which order this one repeats, and which ones repeat it."""
    before = None if order.repeats is None else desk.book.get(order.repeats)
    said = []
    if before is not None:
        said.append(_("order {id}", id=before.id or _("(no id)")))
    elif order.repeats:
        said.append(_("an order that is not loaded"))
    if later := [each.id or _("(no id)") for each in desk.orders if each.repeats == order.uuid]:
        said.append(_("repeated by {ids}", ids=_few(later)))
    return "; ".join(said)


def _few(ids: Sequence[str]) -> str:
    few, more = ", ".join(ids[:_FEW]), len(ids) - _FEW
    return ngettext("{ids} and {count} more", "{ids} and {count} more", more, ids=few) if more > 0 else few
