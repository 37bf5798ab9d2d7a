"""What speaks against a refill or a cancel before the panel is asked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from smmtui.domain.records import Order, Request, Service, State
from smmtui.domain.request_terms import doubts, pointless, refill_window
from smmtui.domain.requests import Kind
from smmtui.domain.statuses import Status

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
MONTH = Service("5", "Likes", refill=True, refill_days=30, cancel=False)


def order(status: Status | None = Status.COMPLETED) -> Order:
    """An order that was placed at noon."""
    return Order("ours", 1, State.ACCEPTED, NOON, id="7", service="5", status=status)


@pytest.mark.parametrize(
    ("service", "days", "words"),
    [
        (MONTH, 0, "30 d left"),
        (MONTH, 17.5, "12 d left"),
        (MONTH, 29.5, "12 h left"),
        (MONTH, 30, "window over"),
        (Service("5", "Likes", refill=True), 99, "offered"),
        (Service("5", "Likes", refill=False, refill_days=30), 1, "not offered"),
    ],
)
def test_the_refill_window_is_told_in_words(service: Service, days: float, words: str) -> None:
    """What is left of the service's days, counted from the placing."""
    window = refill_window(order(), service, NOON + timedelta(days=days))
    assert window is not None
    assert window.words == words


def test_no_window_is_made_up() -> None:
    """A service that is gone, or does not say, and an order that is not done, have none."""
    assert refill_window(order(), None, NOON) is None
    assert refill_window(order(), Service("5", "Likes"), NOON) is None
    assert refill_window(order(Status.IN_PROGRESS), MONTH, NOON) is None


@pytest.mark.parametrize(
    ("kind", "status", "why"),
    [
        ("refill", Status.COMPLETED, ""),
        ("refill", Status.PARTIAL, ""),
        ("refill", Status.CANCELED, "nothing to refill"),
        ("refill", Status.PENDING, "not done yet"),
        ("refill", Status.ERROR, ""),
        ("refill", Status.UNKNOWN, ""),
        ("refill", None, ""),
        ("cancel", Status.COMPLETED, "It is Completed already."),
        ("cancel", Status.IN_PROGRESS, ""),
        ("cancel", Status.FAILED, ""),
        ("cancel", None, ""),
    ],
)
def test_what_has_no_point_is_told_by_the_status(kind: Kind, status: Status | None, why: str) -> None:
    """Only the panel's own word of the order decides, and only where it is plain."""
    assert why in pointless(kind, order(status))
    assert bool(why) == bool(pointless(kind, order(status)))


def test_doubts_name_the_catalog_the_days_and_the_last_refusal() -> None:
    """None of them forbids anything, each is told."""
    refused = Request("r", "other", "6", "refill", "refused", NOON, reason="Refill disabled")
    told = doubts("refill", order(), MONTH, refused, NOON + timedelta(days=40))
    assert told == ["the 30 days are over", "refused for this service on 2026-03-01: “Refill disabled”"]
    assert doubts("cancel", order(), MONTH, None, NOON) == ["no cancel offered, says the catalog"]
    assert doubts("refill", order(), MONTH, None, NOON) == doubts("cancel", order(), None, None, NOON) == []
