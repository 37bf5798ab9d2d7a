"""What the filter finds among orders."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from smmtui.domain.filter_language import parse
from smmtui.domain.order_fields import order_fields, order_text
from smmtui.domain.records import Order, State
from smmtui.domain.statuses import Status

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
PARTIAL = Order(
    uuid="a",
    sequence=1,
    state=State.ACCEPTED,
    placed=NOW - timedelta(days=3),
    id="23500",
    service="112",
    service_name="TAKİPÇİ fast",
    link="https://instagram.com/x",
    status=Status.PARTIAL,
    word="kısmi",
    charge=Decimal("5.5"),
    note="Ali's shop",
    tags=("vip",),
)
UNSENT = Order("b", 2, State.UNSENT, NOW + timedelta(hours=1), reason="no route to the panel", link="https://t.me/y")


def found(text: str) -> str:
    """The uuids of the orders that the typed text finds."""
    query = parse(text, order_fields(NOW))
    assert not query.problems
    return "".join(order.uuid for order in (PARTIAL, UNSENT) if query.holds(order_text(order), order))


@pytest.mark.parametrize(
    ("text", "uuids"),
    [
        ("", "ab"),
        ("takipci", "a"),
        ("23500", "a"),
        ("id:23500", "a"),
        ("id:235", ""),
        ("partial", "a"),
        ("kismi", "a"),
        ("status:partial|completed", "a"),
        ("status:", "a"),
        ("-status:", "b"),
        ("state:unsent", "b"),
        ('"not sent"', "b"),
        ("service:112", "a"),
        ("service:takipci", "a"),
        ("link:t.me", "b"),
        ("https://t.me/y", "b"),
        ("why:route", "b"),
        ("why:", "b"),
        ("age<7d", "ab"),
        ("age<2d", "b"),
        ("age>2d", "a"),
        ("age>=0s", "ab"),
        ("charge>5", "a"),
        ("charge<100", "a"),
        ("-instagram", "b"),
        ("ali's", "a"),
        ("#vip", "a"),
    ],
)
def test_what_is_found(text: str, uuids: str) -> None:
    """Words are looked for in what is on the screen, fields compared; a clock set back makes no age negative."""
    assert found(text) == uuids
