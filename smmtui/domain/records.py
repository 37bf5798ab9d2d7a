"""The records that pass between the rooms: frozen values, changed by `msgspec.structs.replace`.

Ids are opaque strings as the panel wrote them. Money is `Decimal` in the panel's currency; None means unknown,
never 0. Times are timezone-aware UTC.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum

import msgspec

from smmtui.domain.statuses import Status
from smmtui.words import _


class Record(msgspec.Struct, frozen=True, gc=False):
    """A frozen value; holds no reference cycles, so the collector need not visit it."""


class Service(Record, frozen=True, gc=False):
    """One entry of the panel's catalogue.

    `rate` is money per 1000 units; `type` decides which fields an order needs. `refill`, `cancel` and `dripfeed` are
    None where the panel did not state them. `refill_days` is how long a refill can be asked for. `description` is
    cleaned but still in the panel's mark-up; `plain_description` makes it readable.
    """

    id: str
    name: str
    type: str = "Default"
    category: str = ""
    rate: Decimal | None = None
    min: int | None = None
    max: int | None = None
    refill: bool | None = None
    cancel: bool | None = None
    dripfeed: bool | None = None
    description: str = ""
    refill_days: int | None = None
    average_time: str = ""


class Balance(Record, frozen=True, gc=False):
    """The account's money; `currency` is None where the panel does not name one, and is then never assumed."""

    amount: Decimal
    currency: str | None = None


class OrderStatus(Record, frozen=True, gc=False):
    """What `status` said of one order.

    `word` is the panel's own status word. Drip-feed parents and subscriptions answer without charge and remains;
    their children's ids are in `orders`.
    """

    status: Status
    word: str
    charge: Decimal | None = None
    currency: str | None = None
    start_count: int | None = None
    remains: int | None = None
    runs: int | None = None
    orders: tuple[str, ...] = ()


class Placed(Record, frozen=True, gc=False):
    """The panel took the order; `warning` holds whatever was odd about its answer, in words, else ""."""

    id: str
    warning: str
    status: int
    elapsed: float
    reply: str


class Requested(Record, frozen=True, gc=False):
    """One row of a refill or cancel request: taken, with its own id where there is one, or refused in words."""

    order: str
    id: str | None = None
    refused: str = ""


class RefillStatus(Record, frozen=True, gc=False):
    """One row of `refill_status`: the status, or the panel's words for why there is none."""

    refill: str
    status: Status = Status.UNKNOWN
    word: str = ""
    error: str = ""


class State(Enum):
    """Ours: how far the sending of an order is. The panel's word is the status."""

    DRAFT = "draft"
    QUEUED = "queued"
    SENDING = "sending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    UNSENT = "unsent"
    UNKNOWN = "unknown"
    SETTLED = "settled"

    @property
    def words(self) -> str:
        """How it reads in a sentence; `value` is how it is stored and asked for."""
        return _STATES[self]


_STATES = {
    State.DRAFT: _("draft"),
    State.QUEUED: _("queued"),
    State.SENDING: _("sending"),
    State.ACCEPTED: _("accepted"),
    State.REJECTED: _("rejected"),
    State.UNSENT: _("unsent"),
    State.UNKNOWN: _("unknown"),
    State.SETTLED: _("settled"),
}


class Draft(Record, frozen=True, gc=False):
    """An order as the user wants it, checked and not yet sent.

    `fields` are the exact request fields in order, without `key` and `action`, `service` first. `quantity` is what
    the price is computed from (units of one run), None for a package. `estimate` is rate × units × runs / 1000.
    `repeats` is the uuid of the order that this one repeats. `note` and `tags` are the user's own and are never sent.
    """

    service: Service
    link: str
    fields: tuple[tuple[str, str], ...]
    quantity: int | None = None
    runs: int = 1
    estimate: Decimal | None = None
    currency: str | None = None
    repeats: str | None = None
    note: str = ""
    tags: tuple[str, ...] = ()


class Order(Record, frozen=True, gc=False):
    """An order as the journal knows it: the intent, what came of it, and what the panel last said.

    `uuid` is ours and always there; `id` is the panel's. `placed` is when it was confirmed here, or first tracked.
    `sequence` grows with every intent. `batch` is the basket it was queued with. `checked` is when the panel last
    answered for it, `changed` when that answer last differed. `trouble` is why a status could not be had, in
    the panel's words, else "". `repeats` is the uuid of the order that this one repeats. `note` and `tags` are the
    user's own.
    """

    uuid: str
    sequence: int
    state: State
    placed: datetime
    id: str | None = None
    reason: str = ""
    service: str = ""
    service_name: str = ""
    link: str = ""
    quantity: int | None = None
    runs: int = 1
    fields: tuple[tuple[str, str], ...] = ()
    rate: Decimal | None = None
    estimate: Decimal | None = None
    currency: str | None = None
    repeats: str | None = None
    status: Status | None = None
    word: str = ""
    charge: Decimal | None = None
    start_count: int | None = None
    remains: int | None = None
    checked: datetime | None = None
    changed: datetime | None = None
    trouble: str = ""
    batch: str | None = None
    note: str = ""
    tags: tuple[str, ...] = ()

    @property
    def total(self) -> int | None:
        """All units ordered: quantity × runs; None where the order has no quantity."""
        return None if self.quantity is None else self.quantity * self.runs

    @property
    def subscribes(self) -> bool:
        """Whether it is a subscription: its quantity is a ceiling, what remains are posts, charged one by one."""
        return len(self.fields) > 1 and {name for name, _ in self.fields} >= _SUBSCRIBING

    @property
    def delivered(self) -> int | None:
        """Units delivered so far; None where the panel has not said, and for a subscription, where it never does."""
        if self.status is None or self.total is None or self.subscribes:
            return None
        if self.remains is None or not 0 <= self.remains <= self.total:
            return None
        # A fresh order answers "Pending, remains 0" on some panels: that is nothing delivered, not everything.
        if self.remains == 0 and self.status in (Status.PENDING, Status.AWAITING):
            return 0
        return self.total - self.remains

    @property
    def active(self) -> bool:
        """Whether the panel is still working on it, as far as is known."""
        return self.id is not None and (self.status is None or not self.status.final)


_SUBSCRIBING = {"posts", "min", "max"}


class Outcome(Record, frozen=True, gc=False):
    """What came of sending one order, with the evidence that goes into the journal.

    `state` is ACCEPTED (then `id` is set), REJECTED (`reason` is the panel's words), UNSENT or UNKNOWN (`reason` in
    our words). `warning` tells what was odd about an accepted order. `status` is the HTTP status, `elapsed` is in
    seconds, `reply` the first 4 KiB of the answer with the key masked.
    """

    state: State
    id: str | None = None
    reason: str = ""
    warning: str = ""
    status: int | None = None
    elapsed: float = 0.0
    reply: str = ""


class Event(Record, frozen=True, gc=False):
    """One thing that happened to an order, as the journal appended it."""

    at: datetime
    before: State | None
    after: State
    evidence: dict[str, str]


class Request(Record, frozen=True, gc=False):
    """One refill or cancel asked for one order: the intent, and what came of it.

    `order` is the order's uuid, `order_id` the panel's id of it; `kind` is "refill" or "cancel". `state` is one of
    "sending", "requested" (then `id` is set where the panel gave one), "refused" (`reason` is the panel's words),
    "unsent", "unknown" and "settled" (by the user). `status` and `word` are what `refill_status` last said.
    """

    uuid: str
    order: str
    order_id: str
    kind: str
    state: str
    at: datetime
    id: str | None = None
    reason: str = ""
    status: Status | None = None
    word: str = ""


class Tracked(Record, frozen=True, gc=False):
    """An order placed elsewhere, as far as the user can say; `placed` is when, if known."""

    id: str
    service: str = ""
    service_name: str = ""
    link: str = ""
    quantity: int | None = None
    placed: datetime | None = None


def from_timestamp(seconds: float) -> datetime:
    """Return the UTC time of a POSIX timestamp."""
    return datetime.fromtimestamp(seconds, UTC)
