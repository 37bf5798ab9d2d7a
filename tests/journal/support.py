"""What the journal's tests share: a clock with hands, and drafts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from smmtui.domain.records import Draft, Outcome, Service, State

START = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


class HandClock:
    """A clock that moves when it is told to."""

    def __init__(self) -> None:
        self.time = START

    def now(self) -> datetime:
        return self.time

    def monotonic(self) -> float:
        return (self.time - START).total_seconds()

    def tick(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


def draft(link: str = "https://example.com/p/1") -> Draft:
    """An order of 1000 likes for the link."""
    return Draft(
        service=Service("17", "Likes ✓", rate=Decimal("1e-7")),
        link=link,
        fields=(("service", "17"), ("link", link), ("quantity", "1000")),
        quantity=1000,
        estimate=Decimal("0.0000001"),
        currency="USD",
    )


def accepted(id: str) -> Outcome:
    """The panel took the order and gave this id."""
    return Outcome(State.ACCEPTED, id=id, status=200, elapsed=0.25, reply=f'{{"order": {id}}}')
