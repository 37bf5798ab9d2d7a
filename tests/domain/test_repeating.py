"""The same order once more, and what is missing of a partial one."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from msgspec.structs import replace

from smmtui.domain.order_entry import OrderEntry
from smmtui.domain.records import Order, Service, State
from smmtui.domain.repeating import repeat
from smmtui.domain.service_types import known_types
from smmtui.domain.statuses import Status

SERVICE = Service("7", "Followers", rate=Decimal("0.9"), min=50, max=5000)
PARTIAL = Order(
    uuid="a" * 32,
    sequence=1,
    state=State.ACCEPTED,
    placed=datetime(2026, 5, 4, tzinfo=UTC),
    id="23500",
    service="7",
    link="https://example.com/p/1",
    quantity=1000,
    fields=(("service", "7"), ("link", "https://example.com/p/1"), ("quantity", "1000"), ("server", "2")),
    status=Status.PARTIAL,
    remains=157,
)
TYPED = {
    "link": "https://example.com/p/1",
    "quantity": "100",
    "min": "50",
    "max": "100",
    "posts": "3",
    "delay": "0",
    "answer_number": "2",
}


@pytest.mark.parametrize("kind", [*(kind.name for kind in known_types()), "Something New"])
def test_an_order_of_any_type_can_be_repeated_to_the_letter(kind: str) -> None:
    """What was sent is sent again, extra parameters included, and the new order names the old one."""
    service = replace(SERVICE, type=kind, min=1)
    fields = {each.name: "one\ntwo" if each.kind == "lines" else "ada" for each in OrderEntry(service).type.fields}
    known = {name: TYPED.get(name, value) for name, value in fields.items()}
    known |= {"expiry": "31/12/2026", "old_posts": "2"} if kind == "Subscriptions" else {}
    defaults = (("order_style", "fast"),)
    first = OrderEntry(service, known, "server=2\nmode=a=b", defaults, note="for Ada", tags="vip").draft()
    sent = replace(PARTIAL, status=Status.COMPLETED, fields=first.fields, note=first.note, tags=first.tags)
    entry, remark = repeat(sent, service)
    again = entry.draft()
    assert remark == ""
    assert again.fields == first.fields
    assert (again.note, again.tags, again.repeats) == ("for Ada", ("vip",), PARTIAL.uuid)
    assert not [problem for problem in entry.problems() if not problem.warning]


def test_a_partial_order_is_filled_in_with_what_is_missing() -> None:
    """The quantity is what remains, and the user is told of how many."""
    entry, remark = repeat(PARTIAL, SERVICE)
    assert entry.values["quantity"] == "157"
    assert remark == "Order 23500 is partial: 157 of 1,000 are missing."
    assert entry.draft().fields[-1] == ("server", "2")


def test_what_is_missing_is_at_least_the_minimum() -> None:
    """Fewer than the panel takes are rounded up, and that is said."""
    entry, remark = repeat(replace(PARTIAL, remains=7), SERVICE)
    assert entry.values["quantity"] == "50"
    assert remark == "Order 23500 is partial: 7 of 1,000 are missing; the minimum is 50, so that is filled in."


def test_what_is_missing_of_a_drip_feed_comes_in_one_run() -> None:
    """The total is what counts; its runs are over."""
    fields = (*PARTIAL.fields, ("runs", "5"), ("interval", "60"))
    entry, _ = repeat(replace(PARTIAL, fields=fields, quantity=200, runs=5), SERVICE)
    assert dict(entry.draft().fields).keys() == {"service", "link", "quantity", "server"}
    assert entry.estimate == Decimal("0.1413")


@pytest.mark.parametrize("remains", [None, 0, -3, 1001])
def test_a_partial_order_of_which_nothing_credible_is_missing_is_repeated_whole(remains: int | None) -> None:
    """More than was ordered, or nothing, is no quantity to fill in."""
    entry, remark = repeat(replace(PARTIAL, remains=remains), SERVICE)
    assert (entry.values["quantity"], remark) == ("1000", "")


def test_of_comments_the_user_takes_out_the_delivered_ones() -> None:
    """The panel does not say which lines it has delivered, so none is taken out for the user."""
    service = replace(SERVICE, type="Custom Comments")
    fields = (("service", "7"), ("link", "x"), ("comments", "a\nb\nc"))
    entry, remark = repeat(replace(PARTIAL, fields=fields, quantity=3, remains=2), service)
    assert entry.values["comments"] == "a\nb\nc"
    assert "2 of 3 are missing" in remark and "does not say which" in remark


def test_an_order_that_was_placed_elsewhere_is_repeated_by_what_is_known_of_it() -> None:
    """Link and quantity come from the row, for nobody here knows what was sent."""
    entry, _ = repeat(replace(PARTIAL, fields=(), status=Status.COMPLETED), SERVICE)
    assert entry.values == {"link": PARTIAL.link, "quantity": "1000"}
