"""What deserves telling of orders, refills, cancels and the balance, and how it reads."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from msgspec.structs import replace

from smmtui.domain.notices import Kind, Notice, Words, balance_notice, facts, fold, order_notice, request_notice
from smmtui.domain.records import Balance, Order, Request, State
from smmtui.domain.statuses import Status
from smmtui.notify_settings import RULES

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
RUNNING = Order(
    uuid="a",
    sequence=1,
    state=State.ACCEPTED,
    placed=AT,
    id="23501",
    service="7",
    service_name="Followers",
    link="https://example.com/1",
    quantity=1000,
    fields=(("service", "7"),),
    status=Status.IN_PROGRESS,
    word="In progress",
    charge=Decimal("0.90"),
    currency="USD",
    remains=400,
)
FRESH = replace(RUNNING, status=None, word="", charge=None, remains=None)
CANCEL = Request("r", "a", "23501", "cancel", "requested", AT)
REFILL = Request("f", "a", "23501", "refill", "requested", AT, id="9", status=Status.PENDING, word="Pending")


def become(status: Status, order: Order = RUNNING, **changes: object) -> Order:
    """The order with another status."""
    return replace(order, status=status, word=status.value, **changes)


def kinds(notice: Notice | None) -> Iterable[Kind]:
    """The rules that a notice satisfies; none where there is no notice."""
    return () if notice is None else notice.kinds


def said(*notices: Notice | None) -> Words:
    """The words for these notices, of which none is missing."""
    return fold([notice for notice in notices if notice is not None])


def test_every_rule_can_be_configured() -> None:
    """The configuration knows the rules by the same names."""
    assert {kind.value for kind in Kind} == set(RULES)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (Status.COMPLETED, Kind.COMPLETED),
        (Status.PARTIAL, Kind.PARTIAL),
        (Status.CANCELED, Kind.CANCELED),
        (Status.REFUNDED, Kind.CANCELED),
        (Status.ERROR, Kind.FAILED),
        (Status.FAILED, Kind.FAILED),
        (Status.REJECTED, Kind.FAILED),
        (Status.EXPIRED, Kind.FAILED),
    ],
)
def test_an_order_that_ends_or_is_in_trouble_is_told_once(status: Status, kind: Kind) -> None:
    """Each end has its rule, and a later look at the same status is no news."""
    after = become(status)
    assert kinds(order_notice(RUNNING, after)) == (kind,)
    assert kinds(order_notice(FRESH, after)) == (kind,)
    assert order_notice(after, replace(after, remains=1, checked=AT)) is None


def test_a_step_on_the_way_is_told_of_watched_orders_only() -> None:
    """Pending to in progress is nothing to interrupt anybody for who has not asked for it."""
    before = become(Status.PENDING)
    assert order_notice(before, RUNNING) is None
    assert kinds(order_notice(before, RUNNING, watched=True)) == (Kind.WATCHED,)
    assert order_notice(RUNNING, replace(RUNNING, remains=3), watched=True) is None
    assert said(order_notice(before, RUNNING, watched=True)) == Words(
        "Order 23501: In progress", "1,000 × Followers · https://example.com/1 · was Pending", "information"
    )


def test_a_word_that_nobody_has_met_is_told_as_the_panel_says_it() -> None:
    """Two unknown words are two statuses."""
    first, second = (replace(RUNNING, status=Status.UNKNOWN, word=word) for word in ("Sleeping", "Dreaming"))
    assert said(order_notice(first, second, watched=True)).title == "Order 23501: Dreaming"


def test_what_was_done_before_it_was_known_here_is_no_news() -> None:
    """An order that is new here, and the first status of one that was placed elsewhere, are not told."""
    done = become(Status.COMPLETED)
    assert order_notice(None, done) is None
    assert order_notice(None, done, watched=True) is None
    elsewhere = replace(FRESH, fields=())
    assert order_notice(elsewhere, replace(done, fields=())) is None
    assert kinds(order_notice(become(Status.PENDING, elsewhere), replace(done, fields=()))) == (Kind.COMPLETED,)


def test_an_order_that_nobody_knows_of_is_told() -> None:
    """Whether it was seen while it was sent or not; but not when a settlement is taken back."""
    lost = replace(FRESH, state=State.UNKNOWN, id=None)
    assert kinds(order_notice(None, lost)) == (Kind.UNKNOWN,)
    assert kinds(order_notice(replace(lost, state=State.SENDING), lost)) == (Kind.UNKNOWN,)
    assert order_notice(replace(lost, state=State.SETTLED), lost) is None
    words = said(order_notice(None, lost))
    assert words.title == "An order may have been placed"
    assert words.text.startswith("Nobody knows; Attention shows what is known of it.")
    assert words.severity == "error"


def test_the_outcome_of_a_cancel_says_whether_it_was_honoured() -> None:
    """A cancel that was taken and an order that completes all the same is a warning."""
    honoured = order_notice(RUNNING, become(Status.CANCELED), CANCEL)
    assert kinds(honoured) == (Kind.CANCEL, Kind.CANCELED)
    assert said(honoured).title == "Order 23501: Canceled, as you asked"
    in_vain = said(order_notice(RUNNING, become(Status.COMPLETED), CANCEL))
    assert (in_vain.title, in_vain.severity) == ("Order 23501: Completed, in spite of a cancel", "warning")
    refused = replace(CANCEL, state="refused")
    assert kinds(order_notice(RUNNING, become(Status.COMPLETED), refused)) == (Kind.COMPLETED,)


def test_the_last_word_on_a_refill_is_told_once() -> None:
    """On the way it is not, and neither is one that was done when it was first seen."""
    done = replace(REFILL, status=Status.COMPLETED, word="Completed")
    assert request_notice(REFILL, replace(REFILL, status=Status.IN_PROGRESS), RUNNING, sent_here=True) is None
    assert request_notice(done, done, RUNNING, sent_here=True) is None
    assert request_notice(None, done, RUNNING, sent_here=True) is None
    told = said(request_notice(REFILL, done, RUNNING, sent_here=True))
    assert (told.title, told.severity) == ("Refill of order 23501: Completed", "information")
    rejected = replace(REFILL, status=Status.REJECTED, word="Rejected")
    assert said(request_notice(REFILL, rejected, RUNNING, sent_here=True)).severity == "warning"


def test_a_request_that_nobody_knows_of_is_told() -> None:
    """It says which request of which order."""
    lost = replace(CANCEL, state="unknown")
    assert kinds(request_notice(None, lost, None, sent_here=False)) == (Kind.UNKNOWN,)
    assert request_notice(lost, lost, None, sent_here=False) is None
    assert said(request_notice(None, lost, None, sent_here=False)).title == (
        "The cancel of order 23501 may have been taken"
    )


def test_a_low_balance_is_told_when_the_line_is_crossed() -> None:
    """Not while it stays low, and again after it was above."""
    low, lower, high = (Balance(Decimal(text), "USD") for text in ("9.99", "3", "10"))
    ten = Decimal(10)
    assert kinds(balance_notice(high, low, ten)) == (Kind.LOW_BALANCE,)
    assert kinds(balance_notice(None, low, ten)) == (Kind.LOW_BALANCE,)
    assert balance_notice(low, lower, ten) is None
    assert balance_notice(low, high, ten) is None
    assert balance_notice(high, low, Decimal(0)) is None
    words = said(balance_notice(high, low, ten))
    assert (words.title, words.severity) == ("The balance is low", "warning")
    assert words.text.startswith("$9.99 is left")


def test_many_are_folded_into_one() -> None:
    """Twenty-three completed and two partial orders are one notice, as grave as the gravest, and names some of them."""
    done = [order_notice(replace(RUNNING, id=str(n)), become(Status.COMPLETED, id=str(n))) for n in range(23)]
    half = [order_notice(replace(RUNNING, id=str(n)), become(Status.PARTIAL, id=str(n))) for n in (50, 51)]
    low = balance_notice(None, Balance(Decimal(1)), Decimal(10))
    assert said(*done, *half) == Words("23 completed, 2 partial", "Orders 0, 1, 2, 3, 4 and 20 more.", "warning")
    assert said(done[0], low).title == "1 completed, 1 low balance"
    assert "1.00 is left" in said(done[0], low).text
    assert said(*done).severity == "information"


def test_a_partial_order_says_how_much_was_delivered() -> None:
    """That is what the customer will ask."""
    assert "600 of 1,000 delivered" in said(order_notice(RUNNING, become(Status.PARTIAL))).text


def test_a_program_is_told_the_exact_facts() -> None:
    """Money as it is known, in text; every value is JSON."""
    notices = [
        order_notice(RUNNING, become(Status.PARTIAL), CANCEL, watched=True),
        request_notice(REFILL, replace(REFILL, status=Status.COMPLETED), None, sent_here=True),
        balance_notice(None, Balance(Decimal("0.10")), Decimal(1)),
    ]
    order, refill, balance = json.loads(json.dumps(facts([each for each in notices if each is not None])))
    assert order["kinds"] == ["watched", "cancel", "partial"]
    assert {"order": "23501", "service": "7", "quantity": 1000, "status": "Partial", "charge": "0.90"}.items() <= (
        order.items()
    )
    assert (order["link"], order["delivered"], order["request"]) == ("https://example.com/1", 600, "cancel")
    assert refill == {
        "kinds": ["refill"],
        "order": "23501",
        "request": "refill",
        "request_state": "requested",
        "request_status": "Completed",
    }
    assert balance == {"kinds": ["balance"], "balance": "0.10", "currency": None}
