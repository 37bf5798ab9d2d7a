"""Which orders are asked for, how often, and that no clock can silence one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from smmtui.domain.records import Order, State
from smmtui.domain.schedule import due, next_due, wait_for
from smmtui.domain.statuses import Status

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
INTERVAL = 30.0
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SECOND = timedelta(seconds=1)


def order(
    name: str = "a", *, quiet: timedelta = timedelta(0), checked: timedelta | None = None, status: Status | None = None
) -> Order:
    """An order that has been quiet for so long and was checked so long ago."""
    return Order(
        uuid=name,
        sequence=1,
        state=State.ACCEPTED,
        placed=NOW - quiet - DAY,
        id=f"id-{name}",
        status=status,
        changed=NOW - quiet,
        checked=None if checked is None else NOW - checked,
    )


@pytest.mark.parametrize(
    ("quiet", "intervals"),
    [
        (timedelta(0), 1),
        (HOUR - SECOND, 1),
        (HOUR, 2),
        (6 * HOUR - SECOND, 2),
        (6 * HOUR, 5),
        (DAY, 20),
        (7 * DAY, 120),
        (400 * DAY, 120),
    ],
)
def test_the_longer_nothing_changes_the_seldomer_an_order_is_asked_for(quiet: timedelta, intervals: int) -> None:
    """A young order is asked for in every interval, one that has been quiet for a week in every hour."""
    assert wait_for(order(quiet=quiet), NOW, INTERVAL) == INTERVAL * intervals
    assert wait_for(order(quiet=quiet), NOW, INTERVAL, visible=True) == INTERVAL


def test_an_order_that_never_changed_is_as_old_as_its_placing() -> None:
    """Nothing was heard of it yet, so its age counts."""
    fresh = replace(order(), changed=None, placed=NOW - 2 * HOUR)
    assert wait_for(fresh, NOW, INTERVAL) == 2 * INTERVAL


@pytest.mark.parametrize("status", [each for each in Status if each.final])
def test_final_orders_are_looked_at_once_a_day_for_a_month(status: Status) -> None:
    """A refill or an admin can change them; being on the screen does not make it likelier."""
    for visible in (False, True):
        assert wait_for(order(quiet=DAY, status=status), NOW, INTERVAL, visible) == DAY.total_seconds()
        assert wait_for(order(quiet=30 * DAY, status=status), NOW, INTERVAL, visible) is None


@pytest.mark.parametrize("status", [None, *(each for each in Status if not each.final)])
def test_whatever_is_not_final_is_asked_for_at_any_age(status: Status | None) -> None:
    """An error, a pause and a word that nobody knows are not the end of an order."""
    assert wait_for(order(quiet=400 * DAY, status=status), NOW, INTERVAL) is not None


def test_an_order_without_an_id_cannot_be_asked_for() -> None:
    """What was never accepted is unknown to the panel."""
    nameless = replace(order(), id=None)
    assert wait_for(nameless, NOW, INTERVAL) is None
    assert due([nameless], NOW, INTERVAL, {"a"}) == []
    assert next_due([nameless], NOW, INTERVAL) == INTERVAL


def test_an_order_is_due_when_its_wait_is_over() -> None:
    """One second before it is not, at the second it is; never checked is due at once."""
    assert due([order(checked=29 * SECOND)], NOW, INTERVAL) == []
    assert due([order(checked=30 * SECOND)], NOW, INTERVAL) == [order(checked=30 * SECOND)]
    assert due([order(checked=None)], NOW, INTERVAL) == [order(checked=None)]


def test_visible_orders_come_first_then_those_that_changed_last() -> None:
    """Where not all can be asked for, the ones in front of the user are."""
    old, young = order("old", quiet=5 * HOUR), order("young", quiet=SECOND)
    shown = order("shown", quiet=30 * DAY)
    assert [each.uuid for each in due([old, young, shown], NOW, INTERVAL, {"shown"})] == ["shown", "young", "old"]
    assert [each.uuid for each in due([old, young, shown], NOW, INTERVAL, {"shown"}, limit=1)] == ["shown"]


def test_a_clock_set_back_silences_nothing() -> None:
    """A check in the future counts as none: the order is due, and the next look is no further than an interval."""
    ahead = order(checked=-DAY)
    assert due([ahead], NOW, INTERVAL) == [ahead]
    assert next_due([ahead], NOW, INTERVAL) == INTERVAL


def test_the_next_look_is_when_the_first_order_is_due() -> None:
    """At once for one never checked or overdue, else what is left of its wait, at most an interval."""
    assert next_due([], NOW, INTERVAL) == INTERVAL
    assert next_due([order(checked=None)], NOW, INTERVAL) == 0
    assert next_due([order(checked=HOUR)], NOW, INTERVAL) == 0
    assert next_due([order(checked=10 * SECOND), order(checked=5 * SECOND)], NOW, INTERVAL) == 20
    assert next_due([order(quiet=30 * DAY, checked=HOUR / 2)], NOW, INTERVAL) == INTERVAL


_AGES = st.one_of(st.none(), st.timedeltas(-DAY, 60 * DAY))


@given(
    st.lists(st.builds(order, quiet=st.timedeltas(-DAY, 60 * DAY), checked=_AGES, status=st.sampled_from(Status))),
    st.booleans(),
)
def test_waiting_as_told_makes_something_due_or_nothing_is_left_to_ask(orders: list[Order], visible: bool) -> None:
    """Two readings of one rule agree: nothing is due before the told moment, and an overdue order is told as 0."""
    shown = {"a"} if visible else set[str]()
    left = next_due(orders, NOW, INTERVAL, shown)
    assert 0 <= left <= INTERVAL
    overdue = [each for each in due(orders, NOW, INTERVAL, shown) if each.checked is None or each.checked <= NOW]
    assert bool(overdue) == (left == 0)
