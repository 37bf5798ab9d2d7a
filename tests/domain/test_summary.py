"""What a customer reads of the orders that were placed for them."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from msgspec.structs import replace

from smmtui.domain.records import Order, State
from smmtui.domain.statuses import Status
from smmtui.domain.summary import status_summary

ORDER = Order(
    uuid="a",
    sequence=1,
    state=State.ACCEPTED,
    placed=datetime(2026, 3, 1, 12, tzinfo=UTC),
    id="23501",
    service="7",
    service_name="Followers",
    link="https://example.com/1",
    quantity=2000,
    charge=Decimal("7.77"),
    estimate=Decimal("7.77"),
    rate=Decimal("7.77"),
    start_count=3572,
    remains=500,
    status=Status.IN_PROGRESS,
    word="In progress",
    note="a difficult one",
    tags=("late",),
)


def summary(*orders: Order) -> str:
    """The summary of these orders under their own names."""
    return status_summary(orders, lambda order: order.service_name)


def test_one_order_reads_line_by_line() -> None:
    """What was ordered, where to, how far it is; no price, and nothing that is the user's own."""
    assert summary(ORDER) == (
        "Order: 23501\n"
        "Service: Followers\n"
        "Link: https://example.com/1\n"
        "Ordered: 2,000\n"
        "Start count: 3,572\n"
        "Delivered: 1,500 (75%)\n"
        "Remains: 500\n"
        "Status: In progress"
    )


def test_many_end_with_their_total() -> None:
    """A paragraph each, then the sums and how many there are of each status."""
    done = replace(ORDER, id="23502", status=Status.COMPLETED, remains=0)
    paragraphs = summary(ORDER, done, done).split("\n\n")
    assert paragraphs[0].startswith("Order: 23501") and len(paragraphs) == 4
    assert paragraphs[-1] == "Total: 3 orders, 6,000 ordered, 5,500 delivered (2 completed, 1 in progress)"


def test_what_is_not_known_is_left_out() -> None:
    """Of an order without a status nothing is claimed, and no sum is over some of the orders only."""
    fresh = replace(ORDER, status=None, word="", remains=None, start_count=None)
    assert summary(fresh).splitlines()[-2:] == ["Ordered: 2,000", "Status: Placed"]
    elsewhere = replace(ORDER, service_name="", link="", quantity=None)
    assert summary(elsewhere) == "Order: 23501\nStart count: 3,572\nStatus: In progress"
    assert summary(ORDER, elsewhere).endswith("Total: 2 orders (2 in progress)")


def test_our_own_states_have_words_for_a_customer() -> None:
    """An order that nobody knows of is being checked; one that was refused is not placed."""
    lost = replace(ORDER, status=None, id=None, state=State.UNKNOWN)
    assert summary(lost).endswith("Status: Being checked")
    assert summary(replace(lost, state=State.REJECTED)).endswith("Status: Not placed")
    assert summary(replace(ORDER, status=Status.UNKNOWN, word="Sleeping")).endswith("Status: Sleeping")


def test_nothing_in_it_commands_a_terminal() -> None:
    """A link or a name with control codes is read, not obeyed, wherever the summary is pasted."""
    text = summary(replace(ORDER, link="a\x1b[2Jb\nOrder: 1", service_name="x\x9by"))
    assert "\x1b" not in text and "\x9b" not in text
    assert text.count("Order: ") == 2 and "\nOrder: 1" not in text
