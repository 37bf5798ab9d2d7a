"""Which orders are asked for, how often, and that no clock can silence one."""

from __future__ import annotations

import random
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from math import inf
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from smmtui.domain.records import Order, State
from smmtui.domain.schedule import BATCH, ROUND, Plan, plan, wait_for
from smmtui.domain.statuses import Status, read_status

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
INTERVAL = 30.0
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SECOND = timedelta(seconds=1)
README = Path(__file__).parents[2] / "README.md"


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
    assert wait_for(order(quiet=quiet), NOW, INTERVAL, eager=True) == INTERVAL


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


@pytest.mark.parametrize("visible", [False, True])
def test_an_order_in_trouble_is_looked_at_seldom(visible: bool) -> None:
    """One that failed, and one that the panel does not find, wait ten intervals at least, on the screen too."""
    failed, strange = order(status=Status.ERROR), replace(order(), trouble="Incorrect order ID")
    assert [wait_for(each, NOW, INTERVAL, visible) for each in (failed, strange)] == [10 * INTERVAL, 10 * INTERVAL]
    old = order(status=Status.FAILED, quiet=2 * DAY)
    assert wait_for(old, NOW, INTERVAL) == 20 * INTERVAL


# Every word of a status that panels were met with, and how often an order that carries it since an hour is looked at.
LANDINGS: dict[tuple[str, ...], float] = {
    ("Pending", "In progress", "Inprogress", "in_progress", "Processing", "Awaiting", "Active", "Paused"): 2 * INTERVAL,
    ("0", "1", "Beklemede", "В процессе", "a word that nobody has met"): 2 * INTERVAL,
    ("Error", "Fail", "Failed"): 10 * INTERVAL,
    ("Completed", "Partial", "Canceled", "Cancelled", "Refunded", "Refunds", "Expired", "2", "3", "4", "5"): 86400.0,
}


@pytest.mark.parametrize(("words", "wait"), LANDINGS.items())
def test_every_word_of_a_status_is_watched_as_it_deserves(words: tuple[str, ...], wait: float) -> None:
    """What runs is looked at often, what failed slowly, what is over once a day."""
    waits = {word: wait_for(order(quiet=HOUR, status=read_status(word)), NOW, INTERVAL) for word in words}
    assert waits == dict.fromkeys(words, wait)


def asked(orders: list[Order], eager: Collection[str] = (), **more: Any) -> list[str]:
    """The uuids of the orders that are asked for now."""
    return [each.uuid for each in plan(orders, NOW, INTERVAL, eager, **more).orders]


def test_an_order_without_an_id_cannot_be_asked_for() -> None:
    """What was never accepted is unknown to the panel."""
    nameless = replace(order(), id=None)
    assert wait_for(nameless, NOW, INTERVAL) is None
    assert plan([nameless], NOW, INTERVAL, {"a"}) == Plan([], inf)


def test_an_order_is_asked_for_in_time_to_be_answered_within_its_wait() -> None:
    """A round begins a tenth of an interval before the first order would be late; never checked is due at once."""
    assert plan([order(checked=26 * SECOND)], NOW, INTERVAL) == Plan([], 1.0)
    assert asked([order(checked=27 * SECOND)]) == ["a"]
    assert asked([order(checked=None)]) == ["a"]


def test_visible_orders_come_first_then_the_most_overdue() -> None:
    """Where not all can be asked for, the ones in front of the user are; among the others none can starve."""
    old, young = order("old", quiet=5 * HOUR, checked=70 * SECOND), order("young", checked=40 * SECOND)
    shown = order("shown", quiet=30 * DAY, checked=30 * SECOND)
    assert asked([old, young, shown], {"shown"}) == ["shown", "young", "old"]
    neglected = replace(old, checked=NOW - HOUR)
    assert asked([neglected, young, shown], {"shown"}) == ["shown", "old", "young"]


def test_what_is_due_soon_goes_along() -> None:
    """Within a quarter of an interval, however many requests it takes; but by itself it begins no round."""
    due, soon, later = order("due", checked=HOUR), order("soon", checked=23 * SECOND), order("later", checked=SECOND)
    assert asked([due, soon, later], batch=1) == ["due", "soon"]
    assert asked([soon, later], batch=1) == []


def test_a_request_is_filled_up_with_what_is_due_next() -> None:
    """It costs the panel no more; but nothing final goes in, nor what may need a request of its own."""
    due = order("due", checked=HOUR)
    others = [order(f"{age}", checked=age * SECOND) for age in (5, 15, 10)]
    final = order("final", quiet=DAY, status=Status.COMPLETED, checked=23 * HOUR)
    strange = replace(order("strange", checked=20 * SECOND), trouble="Incorrect order ID")
    everything = [*others, final, strange, due]
    assert asked(everything) == ["due", "15", "10", "5"]
    assert asked(everything, batch=3) == ["due", "15", "10"]
    assert asked(everything, batch=1) == ["due"]


def test_the_users_refresh_asks_for_everything_that_runs() -> None:
    """And for what is on the screen; not for a final order elsewhere, nor for what was answered since."""
    running, final = order("running", checked=SECOND), order("final", quiet=DAY, status=Status.COMPLETED, checked=HOUR)
    since = NOW - SECOND / 2
    assert asked([running, final], since=since) == ["running"]
    assert sorted(asked([running, final], {"final"}, since=since)) == ["final", "running"]
    assert asked([replace(running, checked=NOW)], since=since) == []


def test_a_clock_set_back_silences_nothing() -> None:
    """A check in the future counts as none."""
    assert asked([order(checked=-DAY)]) == ["a"]


def test_the_next_round_is_when_the_first_order_is_due() -> None:
    """At once for one never checked or overdue, else what is left of its wait but for the head start."""
    assert plan([], NOW, INTERVAL) == Plan([], inf)
    assert plan([order("a", checked=10 * SECOND), order("b", checked=5 * SECOND)], NOW, INTERVAL).rest == 17
    assert plan([order(quiet=30 * DAY, checked=HOUR / 2)], NOW, INTERVAL).rest == 1797
    due, final = order("due", checked=HOUR), order("final", quiet=DAY, status=Status.PARTIAL, checked=DAY - 10 * SECOND)
    assert plan([due], NOW, INTERVAL).rest == 27
    assert plan([due, final], NOW, INTERVAL).rest == 7


_AGES = st.one_of(st.none(), st.timedeltas(-DAY, 60 * DAY))


@given(
    st.lists(
        st.builds(order, quiet=st.timedeltas(-DAY, 60 * DAY), checked=_AGES, status=st.sampled_from(Status)),
        max_size=8,
    ),
    st.booleans(),
    st.sampled_from([1, 3, 100]),
)
def test_waiting_as_told_makes_something_due_or_nothing_is_left_to_ask(
    orders: list[Order], visible: bool, batch: int
) -> None:
    """Nothing is due before the told moment, at it something is, and what is asked for is asked for once."""
    orders = [replace(each, uuid=str(number), sequence=number) for number, each in enumerate(orders)]
    shown = {each.uuid for each in orders} if visible else set[str]()
    now = plan(orders, NOW, INTERVAL, shown, batch=batch)
    assert len({each.uuid for each in now.orders}) == len(now.orders)
    assert now.rest > 0
    overdue = [each for each in orders if (wait := wait_for(each, NOW, INTERVAL, visible)) and _late(each, wait)]
    assert {each.uuid for each in overdue} <= {each.uuid for each in now.orders}
    if now.orders or now.rest == inf:
        return
    then = NOW + timedelta(seconds=now.rest)
    if all(wait_for(each, then, INTERVAL, visible) == wait_for(each, NOW, INTERVAL, visible) for each in orders):
        assert plan(orders, then + timedelta(milliseconds=1), INTERVAL, shown, batch=batch).orders
    assert not plan(orders, then - timedelta(milliseconds=2), INTERVAL, shown, batch=batch).orders


def _late(order: Order, wait: float) -> bool:
    return order.checked is None or order.checked > NOW or (NOW - order.checked).total_seconds() >= wait


# ── what it costs the panel ───────────────────────────────────────────────────────────────────────────────────────

# Percent of the orders, and the hours since their last change.
MIXED = ((10, 0, 1), (15, 1, 6), (25, 6, 24), (30, 24, 7 * 24), (20, 7 * 24, 30 * 24))
PER_MINUTE, BURST, ANSWER = 60, 10, 0.5
WARM, MEASURED = 120.0, 300.0
# The balance in every tenth interval, and the catalogue.
BESIDES = 12 + 1


def mixed_ages(count: int) -> dict[str, Order]:
    """Running orders, some young and most of them quiet for long, each checked a while ago."""
    dice = random.Random(count)
    orders = {}
    for number in range(count):
        _, least, most = dice.choices(MIXED, [share for share, *_ in MIXED])[0]
        quiet, checked = timedelta(hours=dice.uniform(least, most)), timedelta(seconds=dice.uniform(0, INTERVAL))
        each = order(str(number), quiet=quiet, checked=checked, status=Status.IN_PROGRESS)
        orders[each.uuid] = replace(each, sequence=number)
    return orders


class Simulation:
    """Rounds as the refresh loop runs them, at the default pace, with a panel that takes half a second to answer."""

    def __init__(self, count: int) -> None:
        self.orders = mixed_ages(count)
        self.seconds = 0.0
        self.requests = 0
        self.longest_gap = 0.0
        self._tokens, self._counted = float(BURST), 0.0
        self._young = {
            each.uuid for each in self.orders.values() if wait_for(each, NOW + HOUR / 6, INTERVAL) == INTERVAL
        }

    def run(self) -> None:
        """Let some minutes pass, and count in those after the first two."""
        while self.seconds < WARM + MEASURED:
            self._round()

    def _round(self) -> None:
        began = self.seconds
        planned = plan(self.orders.values(), NOW + timedelta(seconds=began), INTERVAL)
        due = began + planned.rest
        for start in range(0, len(planned.orders), BATCH):
            self._ask(planned.orders[start : start + BATCH])
            if self.seconds >= began + INTERVAL * ROUND and start + BATCH < len(planned.orders):
                due = began
                break
        self.seconds += max(1.0, min(INTERVAL, due - self.seconds))

    def _ask(self, orders: list[Order]) -> None:
        self._tokens = min(BURST, self._tokens + (self.seconds - self._counted) * PER_MINUTE / 60)
        wait = max(0.0, (1.0 - self._tokens) * 60 / PER_MINUTE)
        self._tokens = max(0.0, self._tokens - 1.0)
        self._counted = self.seconds + wait
        self.seconds += wait + ANSWER
        now = NOW + timedelta(seconds=self.seconds)
        if self.seconds >= WARM:
            self.requests += 1
            gaps = (
                (now - each.checked).total_seconds() for each in orders if each.checked and each.uuid in self._young
            )
            self.longest_gap = max(self.longest_gap, *gaps, 0.0)
        self.orders |= {each.uuid: replace(each, checked=now) for each in orders}

    @property
    def requests_an_hour(self) -> int:
        """All of them, rounded to tens."""
        return round((self.requests * 3600 / MEASURED + BESIDES) / 10) * 10


def test_what_it_costs_the_panel_is_as_the_readme_says() -> None:
    """For ten, a thousand, ten thousand running orders: below the limit, and young ones are seen in every interval."""
    rows = []
    for count in (10, 1_000, 10_000):
        simulation = Simulation(count)
        simulation.run()
        assert simulation.requests_an_hour < 60 * PER_MINUTE
        assert 0 < simulation.longest_gap <= INTERVAL
        rows.append(f"| {count:,} | {simulation.requests_an_hour:,} | {simulation.longest_gap:.0f} s |")
    table = "\n".join(rows)
    assert table in README.read_text(), f"the README should say:\n{table}"


def test_more_young_orders_than_the_pace_allows_are_seen_in_turn() -> None:
    """Ten thousand that all changed just now: each is asked for again and again, none starves."""
    simulation = Simulation(0)
    everything = [replace(order(str(number), checked=INTERVAL * SECOND), sequence=number) for number in range(10_000)]
    simulation.orders = {each.uuid: each for each in everything}
    simulation.run()
    assert simulation.requests <= MEASURED * PER_MINUTE / 60 + BURST
    waited = [
        (NOW + timedelta(seconds=simulation.seconds) - each.checked).total_seconds()
        for each in simulation.orders.values()
        if each.checked
    ]
    assert max(waited) < 2 * 10_000 / BATCH * 60 / PER_MINUTE
