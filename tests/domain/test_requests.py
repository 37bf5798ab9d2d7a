"""When a refill or a cancel is open, so that no second one is asked for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from smmtui.domain.records import Order, Request, State
from smmtui.domain.requests import is_open, still_followed, why_not
from smmtui.domain.statuses import Status

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def order(status: Status | None = Status.IN_PROGRESS, id: str | None = "7") -> Order:
    """An order that the panel works on."""
    return Order("ours", 1, State.ACCEPTED, NOON, id=id, status=status)


def request(kind: str, state: str = "requested", id: str | None = None, status: Status | None = None) -> Request:
    """One that was asked for at noon."""
    return Request("request", "ours", "7", kind, state, NOON, id=id, status=status)


@pytest.mark.parametrize(
    ("asked", "about", "after", "expected"),
    [
        (request("refill", "sending"), order(), DAY * 99, True),
        (request("refill", "unknown"), order(), DAY * 99, True),
        (request("cancel", "unknown"), order(Status.CANCELED), DAY * 99, True),
        (request("refill", "refused"), order(), HOUR, False),
        (request("refill", "unsent"), order(), HOUR, False),
        (request("refill", "settled"), order(), HOUR, False),
        (request("refill", id="1"), order(Status.COMPLETED), DAY * 29, True),
        (request("refill", id="1"), order(Status.COMPLETED), DAY * 30, False),
        (request("refill", id="1", status=Status.IN_PROGRESS), order(Status.COMPLETED), DAY * 29, True),
        (request("refill", id="1", status=Status.COMPLETED), order(Status.COMPLETED), HOUR, False),
        (request("refill", id="1", status=Status.REJECTED), order(Status.COMPLETED), HOUR, False),
        (request("refill", id="1", status=Status.FAILED), order(Status.COMPLETED), HOUR, False),
        (request("refill"), order(Status.COMPLETED), DAY - HOUR, True),
        (request("refill"), order(Status.COMPLETED), DAY, False),
        (request("cancel"), order(), DAY - HOUR, True),
        (request("cancel"), order(None), DAY - HOUR, True),
        (request("cancel"), order(), DAY, False),
        (request("cancel", id="5"), order(), DAY, False),
        (request("cancel"), order(Status.CANCELED), HOUR, False),
        (request("cancel"), order(Status.COMPLETED), HOUR, False),
    ],
)
def test_it_is_open_until_its_end_is_known_or_forgotten(
    asked: Request, about: Order, after: timedelta, expected: bool
) -> None:
    """What nobody knows stays open for ever, what the panel took until it is done, what has no trace for a day."""
    assert is_open(asked, about, NOON + after) is expected
    assert (why_not("refill" if asked.kind == "refill" else "cancel", about, [asked], NOON + after) == "") is (
        not expected
    )


def test_the_other_kind_and_an_older_end_do_not_stand_in_the_way() -> None:
    """Only an open request of the same kind does; and an order needs an id."""
    done = request("refill", id="1", status=Status.COMPLETED)
    assert why_not("refill", order(), [done, request("cancel")], NOON) == ""
    assert why_not("cancel", order(), [done, request("cancel")], NOON) == "A cancel is requested already."
    assert "no id" in why_not("refill", order(id=None), [], NOON)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (request("refill", id="1"), True),
        (request("refill", id="1", status=Status.FAILED), True),
        (request("refill", id="1", status=Status.COMPLETED), False),
        (request("refill"), False),
        (request("refill", "unknown"), False),
        (request("cancel", id="1"), False),
    ],
)
def test_refills_with_an_id_are_followed(asked: Request, expected: bool) -> None:
    """Until they are final, for thirty days."""
    assert still_followed(asked, NOON + DAY * 29) is expected
    assert not still_followed(asked, NOON + DAY * 30)
