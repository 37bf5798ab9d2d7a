"""What is gathered about an order that nobody knows the outcome of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace

from smmtui.domain.evidence import gather, mismatches
from smmtui.domain.reasons import ENDED_WHILE_SENDING, INTERRUPTED
from smmtui.domain.records import Balance, Event, Order, OrderStatus, State
from smmtui.domain.statuses import Status

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SENT = {"balance": "10.5", "balance_currency": "USD", "balance_at": (NOON - timedelta(minutes=3)).isoformat()}


def order(uuid: str = "lost", state: State = State.UNKNOWN, at: datetime = NOON) -> Order:
    """An order of 100 for about 0.50."""
    return Order(uuid, 1, state, at, link="https://example.com", quantity=100, estimate=Decimal("0.5"), currency="USD")


def sending(evidence: dict[str, str]) -> Event:
    """The intent."""
    return Event(NOON, None, State.SENDING, evidence)


def unknown(evidence: dict[str, str]) -> Event:
    """The outcome that is none."""
    return Event(NOON + timedelta(seconds=90), State.SENDING, State.UNKNOWN, evidence)


def test_the_balances_come_with_their_ages() -> None:
    """The one that was known when it was sent, and the one known now; in whole seconds, never negative."""
    later = NOON + timedelta(minutes=5)
    found = gather(order(), [sending(SENT), unknown({})], [], Balance(Decimal("10"), "USD"), later)
    assert found.difference == Decimal("-0.5")
    assert found.shown(NOON + timedelta(minutes=6)) == {
        "balance_then": "10.5 USD",
        "balance_then_age": "540 s",
        "balance_now": "10 USD",
        "balance_now_age": "60 s",
    }
    assert found.shown(NOON)["balance_now_age"] == "0 s"


@pytest.mark.parametrize("change", [{"balance": "ten"}, {"balance_at": "noon"}, {"balance": ""}])
def test_a_spoilt_balance_is_none(change: dict[str, str]) -> None:
    """What cannot be read exactly is not known."""
    found = gather(order(), [sending(SENT | change)], [], Balance(Decimal(10), "USD"), NOON)
    assert (found.before, found.before_at, found.difference) == (None, None, None)


def test_balances_in_two_currencies_have_no_difference() -> None:
    """Sums never cross currencies."""
    assert gather(order(), [sending(SENT)], [], Balance(Decimal(10), "EUR"), NOON).difference is None


@pytest.mark.parametrize(
    ("reason", "more", "words"),
    [
        (ENDED_WHILE_SENDING, {}, "Probably placed"),
        (INTERRUPTED, {}, "Probably placed"),
        ("It timed out.", {}, "the request had left"),
        ("It is a web page.", {"status": "502", "reply": "<h1>"}, "its answer does not say"),
    ],
)
def test_the_likelihood_is_said_by_how_it_was_lost(reason: str, more: dict[str, str], words: str) -> None:
    """Also when the settlement was taken back meanwhile, which is another reason to be unknown."""
    back = Event(NOON, State.SETTLED, State.UNKNOWN, {})
    found = gather(order(), [sending({}), unknown({"reason": reason, **more}), back], [], None, None)
    assert words in found.likelihood
    assert found.reason == reason


def test_an_order_from_a_basket_counts_from_its_sending() -> None:
    """It was queued long before."""
    queued = order(at=NOON - timedelta(hours=5))
    found = gather(queued, [Event(queued.placed, None, State.QUEUED, {}), sending(SENT)], [], None, None)
    assert found.sent == NOON
    assert found.not_placed_from == NOON + timedelta(minutes=10)


def test_the_orders_around_it_are_those_that_can_have_moved_the_balance() -> None:
    """Sent since the balance was known, at most ten minutes before that or after; oldest first."""
    minutes = {-14: "too early", -12: "early", 9: "late", 11: "too late"}
    others = [order(uuid, State.ACCEPTED, NOON + timedelta(minutes=at)) for at, uuid in minutes.items()]
    refused = order("refused", State.REJECTED)
    found = gather(order(), [sending(SENT)], [*reversed(others), refused, order()], None, None)
    assert [each.uuid for each in found.around] == ["early", "late"]


def answer(**more: object) -> OrderStatus:
    """What the panel says of an id."""
    return OrderStatus(Status.PENDING, "Pending", **more)  # type: ignore[arg-type]  # its own fields, by name


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (answer(), ""),
        (answer(charge=Decimal("0.504"), currency="USD", remains=100), ""),
        (answer(charge=Decimal(0)), ""),
        (answer(charge=Decimal("0.51")), "charged 0.51"),
        (answer(charge=Decimal("0.49")), "charged 0.49"),
        (answer(charge=Decimal("0.5"), currency="EUR"), "charged in EUR"),
        (answer(remains=101), "101 remain"),
    ],
)
def test_an_answer_that_does_not_fit_the_order_is_named(said: OrderStatus, words: str) -> None:
    """Panels round and leave out, so only what differs by more than that is doubtful."""
    doubts = mismatches(order(), said)
    assert (words in " ".join(doubts)) and bool(doubts) == bool(words)


def numbered(sequence: int, **changes: object) -> Order:
    """Another order, accepted a second after the one before it."""
    at = NOON + timedelta(seconds=sequence - 50)
    other = replace(order(f"o{sequence}", State.ACCEPTED, at), sequence=sequence, fields=(("service", "7"),))
    return replace(other, id=str(sequence), **changes)


def test_the_nearest_orders_are_those_confirmed_just_before_and_after() -> None:
    """Not the earliest of many: an id that is looked for lies between theirs."""
    lost = replace(order(), sequence=50)
    found = gather(lost, [sending(SENT)], [numbered(at) for at in range(30, 70) if at != 50], None, None)
    before, after = found.nearest(4)
    assert [[each.id for each in near] for near in (before, after)] == [["48", "49"], ["51", "52"]]


def test_what_the_accepted_orders_account_for_is_summed_between_the_balances() -> None:
    """Charges where known, else estimates; neither the order itself nor what came before the first balance."""
    early = numbered(1, placed=NOON - timedelta(minutes=9))
    others = [early, numbered(51), numbered(52, charge=Decimal("0.25")), numbered(900, placed=NOON + timedelta(days=1))]
    balance = Balance(Decimal("9.75"), "USD")
    found = gather(order(), [sending(SENT)], [order(), *others], balance, NOON + timedelta(minutes=5))
    assert (found.accepted, found.accepted_cost.amount) == (2, Decimal("0.75"))
    assert found.shown(NOON)["accepted_since"] == "2 for 0.75"
