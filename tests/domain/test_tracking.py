"""What becomes of an order when the panel says something about it, and what orders have cost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace

from smmtui.domain.records import Order, OrderStatus, State
from smmtui.domain.statuses import Status
from smmtui.domain.tracking import Spent, advance, differs, spent_since

PLACED = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = PLACED + timedelta(minutes=5)
ORDER = Order(
    uuid="a", sequence=1, state=State.ACCEPTED, placed=PLACED, id="23501", quantity=1000, estimate=Decimal("0.9")
)
RUNNING = OrderStatus(Status.IN_PROGRESS, "In progress", Decimal("0.9"), "USD", 3572, 400)


def cost(*orders: Order, currency: str | None = "USD", since: datetime = PLACED) -> Spent:
    """What the orders have cost."""
    return spent_since(orders, since, currency)


def ordered(charge: str | None = None, estimate: str | None = "1", **changes: object) -> Order:
    """An order of this charge and this estimate."""
    money = {
        name: None if text is None else Decimal(text) for name, text in (("charge", charge), ("estimate", estimate))
    }
    return replace(ORDER, **{**money, **changes})


def test_an_answer_is_taken_over() -> None:
    """Status, charge, currency, start count and remains are what the panel says, and something has changed."""
    after = advance(ORDER, RUNNING, LATER)
    assert (after.status, after.word, after.charge) == (Status.IN_PROGRESS, "In progress", Decimal("0.9"))
    assert (after.currency, after.start_count, after.remains, after.delivered) == ("USD", 3572, 400, 600)
    assert (after.checked, after.changed) == (LATER, LATER)
    assert differs(ORDER, after)


def test_the_same_answer_again_is_no_news() -> None:
    """Only the time of the check moves, which is not worth storing."""
    before = advance(ORDER, RUNNING, PLACED)
    after = advance(before, RUNNING, LATER)
    assert after == replace(before, checked=LATER)
    assert not differs(before, after)


@pytest.mark.parametrize(
    "answer",
    [
        replace(RUNNING, remains=399),
        replace(RUNNING, charge=Decimal("0.8")),
        replace(RUNNING, start_count=1),
        replace(RUNNING, word="in_progress"),
        replace(RUNNING, status=Status.COMPLETED, word="Completed", remains=0),
    ],
)
def test_every_difference_that_a_user_can_read_is_news(answer: OrderStatus) -> None:
    """A number, a charge or a word alone is enough."""
    before = advance(ORDER, RUNNING, PLACED)
    assert advance(before, answer, LATER).changed == LATER
    for at in (LATER, PLACED):
        assert differs(before, advance(before, answer, at))


def test_a_shorter_answer_undoes_nothing() -> None:
    """What a reply leaves out is kept from before."""
    before = advance(ORDER, RUNNING, PLACED)
    after = advance(before, OrderStatus(Status.COMPLETED, "Completed"), LATER)
    assert after.status is Status.COMPLETED
    assert (after.charge, after.currency, after.start_count, after.remains) == (Decimal("0.9"), "USD", 3572, 400)


def test_nothing_left_and_nothing_charged_are_not_unknown() -> None:
    """A zero is taken over like any other number."""
    before = advance(ORDER, RUNNING, PLACED)
    after = advance(before, replace(RUNNING, charge=Decimal(0), remains=0, start_count=0), LATER)
    assert (after.charge, after.remains, after.start_count) == (Decimal(0), 0, 0)


def test_an_error_of_one_row_is_a_note_and_takes_nothing_away() -> None:
    """The panel's words stand beside what was known, and go when it answers again."""
    before = advance(ORDER, RUNNING, PLACED)
    noted = advance(before, "Incorrect order ID", LATER)
    assert (noted.trouble, noted.status, noted.changed) == ("Incorrect order ID", Status.IN_PROGRESS, PLACED)
    assert differs(before, noted)
    assert not differs(noted, advance(noted, "Incorrect order ID", LATER))
    cleared = advance(noted, RUNNING, LATER)
    assert cleared.trouble == ""
    assert differs(noted, cleared)


def test_no_answer_changes_what_was_ordered() -> None:
    """Link, quantity, estimate and state are ours."""
    after = advance(ORDER, RUNNING, LATER)
    for name in ("uuid", "sequence", "state", "placed", "id", "quantity", "estimate", "rate", "fields"):
        assert getattr(after, name) == getattr(ORDER, name)


# ── what was spent ────────────────────────────────────────────────────────────────────────────────────────────────


def test_charges_count_and_estimates_where_there_is_none_yet() -> None:
    """With an estimate among them the sum is a guess, and says so."""
    assert cost(ordered("0.27819")) == Spent(Decimal("0.27819"))
    assert cost(ordered("0.27819"), ordered()) == Spent(Decimal("1.27819"), guessed=True)
    assert cost(ordered(estimate=None)) == Spent(guessed=True)


@pytest.mark.parametrize("state", State)
def test_only_what_may_have_been_placed_counts(state: State) -> None:
    """A draft, a queued, a rejected and an unsent order cost nothing; one of unknown outcome may have."""
    may = state in (State.ACCEPTED, State.SENDING, State.UNKNOWN, State.SETTLED)
    assert cost(ordered(state=state)).amount == (1 if may else 0)


@pytest.mark.parametrize(("how", "amount"), [("placed", 1), ("written off", 1), ("not placed", 0)])
def test_an_order_settled_as_not_placed_cost_nothing(how: str, amount: int) -> None:
    """Once the user has found out that it was never placed, it is out of the sum."""
    assert cost(ordered(state=State.SETTLED, reason=how)).amount == amount


def test_money_that_came_back_is_told_apart() -> None:
    """A canceled order gives back everything, whatever its charge says now; a partial one what it did not use."""
    assert cost(ordered("0", status=Status.CANCELED)) == Spent(refunded=Decimal(1))
    assert cost(ordered("1", status=Status.REFUNDED)) == Spent(refunded=Decimal(1))
    assert cost(ordered("0.4", status=Status.PARTIAL)) == Spent(Decimal("0.4"), Decimal("0.6"))
    assert cost(ordered("1.1", status=Status.PARTIAL)) == Spent(Decimal("1.1"))


def test_only_orders_since_the_moment_count() -> None:
    """Yesterday's are not today's; the moment itself is in."""
    before, after = ordered(placed=PLACED - timedelta(seconds=1)), ordered(placed=LATER)
    assert cost(before, after, ordered()).amount == 2


def test_sums_never_cross_currencies() -> None:
    """Orders in another currency are left out, whether or not the account's own is known; unnamed ones are in."""
    lira, dollar, unnamed = ordered("30", currency="TRY"), ordered("1", currency="USD"), ordered("2")
    assert cost(lira, dollar, unnamed).amount == 3
    assert cost(lira, dollar, unnamed, currency="TRY").amount == 32
    assert cost(unnamed, dollar, lira, currency=None).amount == 3
    assert cost(lira, unnamed, dollar, currency=None).amount == 32
