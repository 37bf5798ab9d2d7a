"""The basket: orders that are put together row by row, checked as they are typed, and placed all at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Literal

from msgspec import Struct, field

from smmtui.domain.basket_problems import changed, twin_problem, unlisted, unused
from smmtui.domain.catalog import Catalog
from smmtui.domain.money import plain, show_amount
from smmtui.domain.order_entry import OrderEntry, Parameters, Problem
from smmtui.domain.reasons import shown_reason
from smmtui.domain.records import Balance, Order, Record, Service, State
from smmtui.domain.running import placed_problems, running_problems
from smmtui.domain.tracking import may_cost
from smmtui.domain.typed_row import TypedRow
from smmtui.words import _, ngettext

RowState = Literal["ok", "warn", "problem", "queued", "sending", "accepted", "rejected", "unsent", "unknown", "settled"]
OWN = ("note", "tags")
"""Values of a row that are kept here and never sent."""


class BasketRow(Record, frozen=True, gc=False):
    """One row with everything that is known of it now.

    `service` is None where the catalog does not list it. `quantity` is the text of what the rate is multiplied with.
    `estimate` is in the panel's currency, None where it is not known. `reason` is why the order was rejected, unsent
    or unknown, in the panel's words or ours. `twin`, `running` and `earlier` are what was known of the other orders on
    its link.
    """

    typed: TypedRow
    service: Service | None
    link: str
    quantity: str
    estimate: Decimal | None
    problems: tuple[Problem, ...]
    state: RowState
    reason: str = ""
    order: Order | None = None
    twin: bool = False
    running: tuple[Order, ...] = ()
    earlier: Order | None = None

    @property
    def key(self) -> str:
        """What the row is known by."""
        return self.typed.name

    @property
    def service_id(self) -> str:
        """The panel's id of the service, as it was typed."""
        return self.typed.service

    @property
    def service_name(self) -> str:
        """The service's name, "" where nobody knows it."""
        if self.order is not None:
            return self.order.service_name
        return "" if self.service is None else self.service.name

    @property
    def values(self) -> Mapping[str, str]:
        """The texts of the fields, by name."""
        return self.typed.values

    @property
    def extra(self) -> str:
        """The extra parameters, one `name=value` a line."""
        return self.typed.extra

    @property
    def text(self) -> str:
        """The line as it came where it could not be read, else ""."""
        return self.typed.text

    @property
    def uuid(self) -> str | None:
        """Our name of the order that the row has become."""
        return self.typed.order

    @property
    def order_id(self) -> str | None:
        """The panel's id of that order."""
        return None if self.order is None else self.order.id

    @property
    def ready(self) -> bool:
        """Whether it can be placed as it is."""
        return self.state in ("ok", "warn")


class Surroundings(Struct, frozen=True):
    """What rows are checked against: the catalog, the orders that may be running by link, and orders by uuid.

    `placed` has those that are through and were placed lately, by service and link. `defaults` are the profile's own
    extra parameters.
    """

    catalog: Catalog
    running: Mapping[str, Sequence[Order]] = field(default_factory=dict)
    order: Callable[[str], Order | None] = lambda uuid: None
    defaults: Parameters = ()
    placed: Mapping[tuple[str, str], Order] = field(default_factory=dict)

    def entry(self, row: TypedRow) -> OrderEntry | None:
        """Return the row as an order form holds it, None where the catalog does not list its service."""
        service = self.catalog.by_id(row.service)
        if service is None:
            return None
        sent = {name: value for name, value in row.values.items() if name not in OWN}
        note, tags = (row.values.get(name, "") for name in OWN)
        return OrderEntry(service, sent, row.extra, self.defaults, note=note, tags=tags)


def check(
    rows: Sequence[TypedRow], around: Surroundings, before: Mapping[str, BasketRow] | None = None
) -> dict[str, BasketRow]:
    """Return every row as it stands now, by key and in order; those of `before` are kept where nothing changed."""
    known = before or {}
    twins = _twins(rows, around)
    return {row.name: _checked(row, around, row.name in twins, known.get(row.name)) for row in rows}


def _checked(typed: TypedRow, around: Surroundings, twin: bool, before: BasketRow | None) -> BasketRow:
    service = around.catalog.by_id(typed.service)
    order = None if typed.order is None else around.order(typed.order)
    running: tuple[Order, ...] = ()
    earlier = None
    if typed.order is None and (link := _link(typed)):
        running = tuple(around.running.get(link, ()))
        earlier = around.placed.get((typed.service, link))
    known = (typed, service, order, twin, running, earlier)
    if before is not None and _known_of(before) == known and (service is not None or order is not None):
        return before
    row = _placed(typed, service, order) if typed.order is not None else _judged(*known, around)
    # Without a service it depends on the catalog as a whole what is to be said.
    return before if before is not None and row == before else row


def _known_of(row: BasketRow) -> tuple[object, ...]:
    return row.typed, row.service, row.order, row.twin, row.running, row.earlier


def _placed(typed: TypedRow, service: Service | None, order: Order | None) -> BasketRow:
    """A row that is an order by now; one that cannot be found is as good as unknown."""
    state: RowState = "unknown" if order is None or order.state is State.DRAFT else order.state.value
    reason = _("The journal does not have this order any more.") if order is None else shown_reason(order.reason)
    estimate = None if order is None else order.estimate
    return BasketRow(typed, service, _link(typed), _quantity(typed), estimate, (), state, reason, order)


def _judged(
    typed: TypedRow,
    service: Service | None,
    order: Order | None,
    twin: bool,
    running: tuple[Order, ...],
    earlier: Order | None,
    around: Surroundings,
) -> BasketRow:
    entry = around.entry(typed)
    if entry is None:
        problems = [Problem("text", typed.wrong) if typed.text else unlisted(typed.service, around.catalog)]
    else:
        others = [*running_problems(entry, running), *placed_problems(entry, earlier)]
        problems = [*entry.problems(), *unused(entry), *changed(typed.rate, entry), *others]
    if twin:
        problems.append(twin_problem())
    bad = any(not problem.warning for problem in problems)
    return BasketRow(
        typed,
        service,
        _link(typed),
        _quantity(typed),
        None if entry is None else entry.estimate,
        tuple(problems),
        "problem" if bad else "warn" if problems else "ok",
        twin=twin,
        running=running,
        earlier=earlier,
    )


def _link(typed: TypedRow) -> str:
    """Where the order goes: a link, or the user name of a subscription."""
    return (typed.values.get("link") or typed.values.get("username") or "").strip()


def _quantity(typed: TypedRow) -> str:
    quantity = typed.values.get("quantity", "").strip()
    if quantity:
        return quantity
    lines = typed.values.get("comments") or typed.values.get("usernames") or ""
    count = sum(1 for line in lines.splitlines() if line.strip())
    return ngettext("{count} line", "{count} lines", count) if count else ""


def _twins(rows: Iterable[TypedRow], around: Surroundings) -> set[str]:
    """The keys of rows that have the service and link of an earlier row which is not placed yet either."""
    seen: set[tuple[str, str]] = set()
    twins = set()
    for row in rows:
        what, link = (row.service, _link(row)), _link(row)
        if not link or (row.order is not None and not _waits(around.order(row.order))):
            continue
        if what in seen and row.order is None:
            twins.add(row.name)
        seen.add(what)
    return twins


def _waits(order: Order | None) -> bool:
    return order is not None and order.state is State.QUEUED


# ── what a basket costs, and what would be sent ───────────────────────────────────────────────────────────────────


class Totals(Record, frozen=True, gc=False):
    """What stands under the grid; money is in the balance's currency.

    `ready` rows can be placed, together for `estimate`; the price of `unpriced` among them is not known. `queued` is
    what the rows that wait to be sent are expected to cost. `charged` is what rows have cost or may have cost, with
    estimates where no charge is known (then `guessed`). `remains` is the balance without `estimate` and `queued`.
    `over` says in words that they are more than the balance or the daily cap, else "".
    """

    counts: dict[RowState, int]
    ready: int
    estimate: Decimal
    unpriced: int
    queued: Decimal
    charged: Decimal
    guessed: bool
    currency: str | None
    balance: Decimal | None
    remains: Decimal | None
    over: str


class Batch(Record, frozen=True, gc=False):
    """What would be placed now, to be confirmed by the user.

    `total` is None where a price is not known. `forbidden` says in words why it cannot be placed, `over` that the
    balance will probably not do; both are "" where all is well.
    """

    rows: tuple[BasketRow, ...]
    total: Decimal | None
    currency: str | None
    forbidden: str = ""
    over: str = ""


class Progress(Record, frozen=True, gc=False):
    """How far the sending is: `done` of `of` orders have an outcome, `left` wait for their turn.

    `per_minute` is the pace, None before there is one. `current` is the key of the row under way. `stopping` is that
    it ends after this row, `elsewhere` that another window is sending. `pause` says in words what it waits for, and
    `stopped` why it has ended before the end and what to do; both are "" otherwise.
    """

    done: int
    of: int
    left: int
    per_minute: float | None = None
    current: str | None = None
    running: bool = False
    stopping: bool = False
    elsewhere: bool = False
    pause: str = ""
    stopped: str = ""


class Removed(Record, frozen=True, gc=False):
    """Rows that were taken out of the basket, to be put back."""

    rows: tuple[TypedRow, ...] = ()


class Seen(Record, frozen=True, gc=False):
    """That a text was in the basket before.

    `sent` are the numbers, from 1, of those of its rows that were sent, and `at` is when the first of them was
    confirmed, None where none was; `waiting` is how many of its rows stand in the basket and were not sent.
    """

    at: datetime | None
    sent: tuple[int, ...]
    waiting: int


def totals_of(rows: Iterable[BasketRow], balance: Balance | None, over_cap: Callable[[Decimal], str]) -> Totals:
    """Return what the rows amount to; `over_cap` says in words what a total is too much for."""
    counts: Counter[RowState] = Counter()
    ready, unpriced, guessed = 0, 0, False
    estimate, queued, charged = Decimal(0), Decimal(0), Decimal(0)
    for row in rows:
        counts[row.state] += 1
        if row.ready:
            ready += 1
            unpriced += row.estimate is None
            estimate += row.estimate or 0
        elif row.state == "queued":
            queued += row.estimate or 0
        elif row.order is not None and may_cost(row.order):
            guessed = guessed or row.order.charge is None
            charged += (row.order.estimate if row.order.charge is None else row.order.charge) or 0
    amount = None if balance is None else balance.amount
    return Totals(
        dict(counts),
        ready,
        plain(estimate),
        unpriced,
        plain(queued),
        plain(charged),
        guessed,
        None if balance is None else balance.currency,
        amount,
        None if amount is None else amount - estimate - queued,
        over_cap(estimate + queued) or over_balance(estimate + queued, balance),
    )


def total_of(rows: Iterable[BasketRow]) -> Decimal | None:
    """Return what the rows cost together, None where the price of one is not known."""
    total = Decimal(0)
    for row in rows:
        if row.estimate is None:
            return None
        total += row.estimate
    return plain(total)


def over_balance(total: Decimal | None, balance: Balance | None) -> str:
    """Return in words by how much a total is over the balance, "" where it is not or nobody knows."""
    if total is None or balance is None or total <= balance.amount:
        return ""
    missing = show_amount(total - balance.amount, balance.currency)
    shown = show_amount(balance.amount, balance.currency)
    return _(
        "{missing} more than the balance of {balance}: the panel will refuse the last of them.",
        missing=missing,
        balance=shown,
    )
