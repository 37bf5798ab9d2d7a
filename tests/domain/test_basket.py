"""What is said of each row of the basket, and of all of them together."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace

from smmtui.domain.basket import (
    BasketRow,
    Surroundings,
    check,
    over_balance,
    total_of,
    totals_of,
)
from smmtui.domain.catalog import Catalog
from smmtui.domain.records import Balance, Order, Service, State
from smmtui.domain.running import placed_before, running_by_link
from smmtui.domain.service_types import ServiceType, known_types
from smmtui.domain.statuses import Status
from smmtui.domain.typed_row import TypedRow
from tests.journal.support import START

FOLLOWERS = Service("1", "Followers", rate=Decimal("0.90"), min=50, max=10_000)
UNPRICED = Service("2", "Likes", min=50, max=10_000)
CATALOG = Catalog([FOLLOWERS, UNPRICED])


def typed(key: str, link: str = "", quantity: str = "100", service: str = "1", **more: str) -> TypedRow:
    """A row of the basket."""
    return TypedRow(key, 0, service, {"link": link or f"https://a.test/{key}", "quantity": quantity, **more})


def judged(*rows: TypedRow, around: Surroundings | None = None) -> list[BasketRow]:
    """The rows as they are shown."""
    return list(check(rows, around or Surroundings(CATALOG)).values())


def words(row: BasketRow) -> str:
    """Everything that is said of a row."""
    return " ".join(problem.text for problem in row.problems)


def order(uuid: str, state: State, **known: object) -> Order:
    """An order to the link of the row `a`."""
    whole = Order(uuid, 1, state, START, service="1", link="https://a.test/a", estimate=Decimal("0.09"))
    return replace(whole, **known)


def test_a_good_row_is_ok_and_priced() -> None:
    """Nothing is said of it, and it may be placed."""
    (row,) = judged(typed("a"))
    assert (row.state, row.ready, row.problems, row.estimate) == ("ok", True, (), Decimal("0.09"))
    assert (row.service_name, row.link, row.quantity) == ("Followers", "https://a.test/a", "100")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (typed("a", quantity="3"), "3 is under the minimum of 50."),
        (typed("a", quantity=""), "Quantity is needed."),
        (typed("a", service="999"), "The catalog has no service 999."),
        (typed("a", service=""), "The id of a service is needed."),
        (TypedRow("a", text="hello", wrong="Line 2: this is no order."), "Line 2: this is no order."),
    ],
)
def test_a_bad_row_says_what_is_wrong_and_cannot_be_placed(row: TypedRow, said: str) -> None:
    """The words name the bound or what is missing."""
    (shown,) = judged(row)
    assert (shown.state, shown.ready) == ("problem", False)
    assert said in words(shown)


def test_without_a_catalog_no_service_is_called_gone() -> None:
    """It has not been read yet, which is something else."""
    (row,) = judged(typed("a"), around=Surroundings(Catalog()))
    assert "The catalog is not here yet" in words(row)


def test_a_duplicate_is_said_of_the_later_row() -> None:
    """The same service and link twice is a warning; the same link for another service is none."""
    rows = judged(typed("a"), typed("b", link="https://a.test/a"), typed("c", link="https://a.test/a", service="2"))
    assert [row.state for row in rows[:2]] == ["ok", "warn"]
    assert "Duplicate in this basket" in words(rows[1])
    assert "Duplicate" not in words(rows[2])


def test_a_queued_row_counts_as_the_earlier_one_a_finished_one_does_not() -> None:
    """What waits to be sent goes to the link before a new row does."""
    for state, twin in ((State.QUEUED, True), (State.REJECTED, False)):
        around = Surroundings(CATALOG, order={"u": order("u", state)}.get)
        _, row = judged(replace(typed("a"), order="u"), typed("b", link="https://a.test/a"), around=around)
        assert ("Duplicate" in words(row)) is twin


def test_a_running_order_on_the_same_link_is_named() -> None:
    """By the panel's id; and one that may have been placed is to be settled first."""
    running = running_by_link([order("u", State.ACCEPTED, id="4711"), order("v", State.REJECTED)])
    (row,) = judged(typed("a"), around=Surroundings(CATALOG, running))
    assert row.state == "warn"
    assert "An order on this link is still running (#4711)" in words(row)
    (row,) = judged(typed("a"), around=Surroundings(CATALOG, running_by_link([order("u", State.UNKNOWN)])))
    assert "may have been placed already" in words(row)


@pytest.mark.parametrize(
    ("status", "age", "here", "said"),
    [
        (Status.COMPLETED, 0, False, True),
        (Status.PARTIAL, 0, False, True),
        (Status.CANCELED, 0, False, False),
        (Status.PENDING, 0, False, False),
        (Status.COMPLETED, 2, False, False),
        (Status.COMPLETED, 2, True, True),
    ],
)
def test_what_was_placed_lately_is_named(status: Status, age: int, here: bool, said: bool) -> None:
    """The same service on the same link, which is through: within the time that counts, or in this very basket."""
    past = order("u", State.ACCEPTED, id="4711", status=status)
    since = START + timedelta(days=age - 1)
    around = Surroundings(CATALOG, placed=placed_before([past], since, {"u"} if here else ()))
    row, other = judged(typed("a"), typed("b"), around=around)
    assert (row.state == "warn", "as 4711" in words(row)) == (said, said)
    assert other.state == "ok"


def test_what_no_catalog_knew_is_looked_for_in_the_next_one() -> None:
    """The words of a row follow the catalogue, also where it has no such service either."""
    row = typed("a", service="999")
    before = check([row], Surroundings(Catalog()))
    after = check([row], Surroundings(CATALOG), before)
    assert "not here yet" in words(before["a"])
    assert "has no service 999" in words(after["a"])
    assert check([row], Surroundings(CATALOG), after)["a"] is after["a"]


def test_a_changed_price_is_said() -> None:
    """The rate when the row was typed against the catalog's now."""
    (row,) = judged(replace(typed("a"), rate=Decimal("0.80")))
    assert "The price per 1000 has changed from 0.80 to 0.90." in words(row)


def test_what_the_type_does_not_take_is_said() -> None:
    """A value that would not be sent is no silent loss."""
    (row,) = judged(typed("a", comments="so\nnice"))
    assert (row.state, words(row)) == ("warn", "This type of service takes no comments: it will not be sent.")


def test_note_and_tags_go_with_the_order_and_not_to_the_panel() -> None:
    """They are the user's own."""
    entry = Surroundings(CATALOG).entry(typed("a", note="for Ann", tags="vip"))
    assert entry is not None
    draft = entry.draft("USD")
    assert (draft.note, draft.tags) == ("for Ann", ("vip",))
    assert [name for name, _ in draft.fields] == ["service", "link", "quantity"]


@pytest.mark.parametrize("kind", known_types(), ids=lambda kind: kind.name)
def test_every_type_of_service_can_stand_in_the_basket(kind: ServiceType) -> None:
    """A row with all that the type needs is ready, and goes where its first field says."""
    service = Service("9", kind.name, type=kind.name, rate=Decimal(1), min=1, max=1000)
    given = {"link": "https://a.test/1", "quantity": "10", "min": "1", "max": "5", "expiry": "31/12/2026"}
    values = {each.name: given.get(each.name, "2") for each in kind.fields}
    around = Surroundings(Catalog([service]))
    (row,) = judged(TypedRow("a", 0, "9", values), around=around)
    assert row.ready, row.problems
    entry = around.entry(row.typed)
    assert entry is not None
    assert row.link == entry.draft().link
    assert row.estimate == entry.estimate


def test_an_order_speaks_for_its_row() -> None:
    """State, reason, id and estimate are the order's; one that the journal has lost is unknown."""
    orders = {"u": order("u", State.REJECTED, reason="No funds."), "w": order("w", State.ACCEPTED, id="7")}
    around = Surroundings(CATALOG, order=orders.get)
    rows = judged(*(replace(typed(key), order=uuid) for key, uuid in zip("abc", "uvw", strict=True)), around=around)
    assert [row.state for row in rows] == ["rejected", "unknown", "accepted"]
    assert [row.reason for row in rows] == ["No funds.", "The journal does not have this order any more.", ""]
    assert [row.order_id for row in rows] == [None, None, "7"]
    assert not any(row.ready for row in rows)


def test_rows_that_did_not_change_stay_the_same_objects() -> None:
    """A table need not draw them again."""
    rows = [typed("a"), typed("b")]
    before = check(rows, Surroundings(CATALOG))
    after = check([rows[0], typed("b", quantity="200")], Surroundings(CATALOG), before)
    assert after["a"] is before["a"]
    assert after["b"].estimate == Decimal("0.18")


def test_totals_add_up_by_state() -> None:
    """Ready rows, queued ones and what was charged are three sums; an unknown price is counted, not guessed."""
    orders = {
        "q": order("q", State.QUEUED),
        "c": order("c", State.ACCEPTED, id="1", charge=Decimal("0.0801")),
        "e": order("e", State.UNKNOWN),
        "r": order("r", State.REJECTED),
    }
    rows = [typed("a"), typed("b", service="2"), typed("c", quantity="1")]
    rows += [replace(typed(f"row {uuid}"), order=uuid) for uuid in orders]
    shown = judged(*rows, around=Surroundings(CATALOG, order=orders.get))
    totals = totals_of(shown, Balance(Decimal(1), "USD"), lambda total: "")
    assert (totals.ready, totals.unpriced, totals.estimate) == (2, 1, Decimal("0.09"))
    assert (totals.queued, totals.charged, totals.guessed) == (Decimal("0.09"), Decimal("0.1701"), True)
    assert (totals.balance, totals.remains, totals.over) == (Decimal(1), Decimal("0.82"), "")
    assert totals.counts == {"ok": 1, "warn": 1, "problem": 1, "queued": 1, "accepted": 1, "unknown": 1, "rejected": 1}
    assert total_of(row for row in shown if row.ready) is None
    assert total_of(row for row in shown if row.state == "ok") == Decimal("0.09")


def test_too_little_money_is_said_in_words() -> None:
    """The cap before the balance; both name the sums."""
    rows = judged(typed("a"))
    assert totals_of(rows, Balance(Decimal("0.05"), "USD"), lambda total: f"cap {total}").over == "cap 0.09"
    over = totals_of(rows, Balance(Decimal("0.05"), "USD"), lambda total: "").over
    assert over.startswith("$0.04 more than the balance of $0.05")
    assert over_balance(None, Balance(Decimal(1))) == over_balance(Decimal(9), None) == ""
