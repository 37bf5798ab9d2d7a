"""Orders, subscriptions and refills: what each of them is at a given moment.

All moments are epoch seconds, all money is USD.
"""

import random
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from smmtui.demo.kinds import SubscriptionTerms, money
from smmtui.demo.shelf import Service

PENDING, IN_PROGRESS, COMPLETED, PARTIAL, CANCELED = "Pending", "In progress", "Completed", "Partial", "Canceled"
ACTIVE, PAUSED, EXPIRED, REJECTED = "Active", "Paused", "Expired", "Rejected"
FINAL = frozenset({COMPLETED, PARTIAL, CANCELED, EXPIRED})

_LONGEST = 4 * 3600.0
_CANCELED_BY_FATE, _PARTIAL_BY_FATE = 0.06, 0.18


class Report(NamedTuple):
    """What `status` tells of an order."""

    charge: Decimal
    start_count: int
    status: str
    remains: int


@dataclass(frozen=True, slots=True)
class Course:
    """The life of an order, laid down when it is placed; only a cancel request cuts it short, at `stopped`."""

    begins: float
    ends: float
    total: int
    delivers: int
    start_count: int
    stopped: float | None = None

    @property
    def over(self) -> float:
        """When the order reaches its final status."""
        return self.ends if self.stopped is None else min(self.ends, self.stopped)

    def delivered(self, now: float) -> int:
        """Units delivered by then."""
        now = min(now, self.over)
        if now >= self.ends:
            return self.delivers
        return max(0, int(self.delivers * (now - self.begins) / (self.ends - self.begins)))

    def status(self, now: float) -> str:
        """The panel's word for the order at that moment."""
        if now < self.over:
            return PENDING if now < self.begins else IN_PROGRESS
        delivered = self.delivered(now)
        if delivered == self.total:
            return COMPLETED
        return PARTIAL if delivered else CANCELED


def chart(chance: random.Random, placed: float, total: int, spread: float) -> Course:
    """The course of a new order: up to 1,000 units take 20 to 40 seconds, more take proportionally longer, at most
    four hours; `spread` seconds of drip-feed come on top. Most orders complete.
    """
    lasting = min(_LONGEST, chance.uniform(20, 40) * max(1.0, total / 1000))
    fate = chance.random()
    delivers = total
    if fate < _CANCELED_BY_FATE:
        delivers = 0
    elif fate < _PARTIAL_BY_FATE:
        delivers = max(1, int(total * chance.uniform(0.3, 0.95)))
    start_count = int(10 ** chance.uniform(1, 5))
    return Course(placed + chance.uniform(3, 9), placed + lasting + spread, total, delivers, start_count)


@dataclass(slots=True)
class Order:
    """An order of any type but Subscriptions."""

    service: Service
    charge: Decimal
    course: Course
    settled: bool = False
    refills: list["Refill"] = field(default_factory=list)

    def refund(self, now: float) -> Decimal:
        """What of the charge goes back: nothing before the end, then the share that was not delivered."""
        if now < self.course.over:
            return Decimal(0)
        total = self.course.total
        return money(self.charge * (total - self.course.delivered(now)) / total)

    def report(self, now: float) -> Report:
        """The order as `status` shows it; the charge is what the panel keeps."""
        status = self.course.status(now)
        start_count = 0 if status == PENDING else self.course.start_count
        remains = self.course.total - self.course.delivered(now)
        return Report(self.charge - self.refund(now), start_count, status, remains)


@dataclass(slots=True)
class Subscription:
    """A standing order, charged post by post as posts appear; `remains` counts the posts still to come."""

    service: Service
    terms: SubscriptionTerms
    chance: random.Random
    status: str = ACTIVE
    posted: int = 0
    charge: Decimal = Decimal(0)

    def report(self, now: float) -> Report:
        """The subscription as `status` shows it; what it is at any moment is settled by the posts booked so far."""
        return Report(self.charge, 0, self.status, self.terms.posts - self.posted)

    def next_post(self, after: float) -> float:
        """When the post that follows one at `after` is delivered."""
        return after + self.chance.uniform(20, 40)


@dataclass(frozen=True, slots=True)
class Refill:
    """A refill request: Pending, then In progress, then Completed or (rarely) Rejected, about a minute in all."""

    asked: float
    begins: float
    ends: float
    outcome: str

    def status(self, now: float) -> str:
        """The panel's word for the request at that moment."""
        if now < self.begins:
            return PENDING
        return IN_PROGRESS if now < self.ends else self.outcome


def chart_refill(chance: random.Random, asked: float) -> Refill:
    """The course of a new refill request."""
    outcome = REJECTED if chance.random() < 0.12 else COMPLETED
    return Refill(asked, asked + chance.uniform(10, 20), asked + chance.uniform(45, 75), outcome)
