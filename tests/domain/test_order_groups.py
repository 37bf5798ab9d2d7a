"""The groups that orders are counted by."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest

from smmtui.domain.filter_language import parse
from smmtui.domain.order_fields import order_fields, order_text
from smmtui.domain.order_groups import (
    GROUPS,
    count_groups,
    count_kinds,
    group_in,
    groups_of,
    in_group,
    not_loaded,
)
from smmtui.domain.records import Order, State
from smmtui.domain.statuses import Status

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def order(status: Status | None = None, state: State = State.ACCEPTED) -> Order:
    """An order as far as groups look at it."""
    return Order("ours", 1, state, NOON, id="7", status=status)


@pytest.mark.parametrize("status", Status)
def test_every_status_has_a_group_and_the_filter_finds_it(status: Status) -> None:
    """What the panel works on is active, what it has done has its own word; `is:` finds exactly these."""
    one = order(status)
    groups = groups_of(one.state, one.status)
    assert ("active" in groups) == one.active
    assert ("failed" in groups) == status.troubled
    assert set(groups) <= set(GROUPS)
    for group in GROUPS:
        query = parse(f"is:{group}", order_fields(NOON))
        assert not query.problems
        assert query.holds(order_text(one), one) == (group in groups)


@pytest.mark.parametrize(
    "state", [state for state in State if state not in (State.ACCEPTED, State.SETTLED, State.DRAFT)]
)
def test_what_the_panel_has_no_word_for_is_counted_by_our_own(state: State) -> None:
    """Unsent, refused, unknown and waiting orders are groups of their own."""
    assert groups_of(state, None) == (state.value,)
    assert state.value in GROUPS


def test_groups_are_counted_over_what_is_loaded_and_what_is_not() -> None:
    """The journal's counts add what is not loaded; what moved a moment ago is counted once."""
    loaded = count_kinds([order(Status.PENDING), order(Status.COMPLETED), order(Status.COMPLETED)])
    stored = {
        (State.ACCEPTED, Status.PENDING): 2,
        (State.ACCEPTED, Status.COMPLETED): 3_409,
        (State.REJECTED, None): 4,
    }
    beyond = not_loaded(stored, loaded)
    assert beyond.total() == 3_411
    assert count_groups(loaded + beyond) == {"active": 1, "completed": 3_409, "rejected": 4}
    assert count_groups(Counter()) == {"active": 0}


def test_a_group_takes_the_place_of_another_in_the_filter() -> None:
    """The rest of the filter stays as it was typed."""
    text = in_group('link:"a b" is:active charge>5', "partial")
    assert text == 'is:partial link:"a b" charge>5'
    assert group_in(text) == "partial"
    assert in_group(text, None) == 'link:"a b" charge>5'
    assert group_in("is:active is:failed") is group_in("is:nonsense") is group_in("active") is None
