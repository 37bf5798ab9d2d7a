"""The panel's ledger against the journal: what was lost, what was done twice, what is said of it that is not true."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, fields

from smmtui.domain.records import Order, State
from tests.faults.ledger import Ledger
from tests.faults.ledger import Order as Placed


@dataclass(frozen=True)
class Verdict:
    """Links of orders, by what is wrong with them; every list is empty where every promise was kept."""

    lost: list[str]
    """In the panel's books, and no row here."""
    doubled: list[str]
    """Twice in the panel's books."""
    resent: list[str]
    """Asked for by more than one request."""
    repeated: list[str]
    """Two rows here for one intent."""
    wrong_id: list[str]
    """Accepted with an id that the panel did not give to this link."""
    rejected_but_ordered: list[str]
    unsent_but_ordered: list[str]
    """Unsent, or still queued, and yet in the panel's books."""
    left_sending: list[str]
    """Neither done nor given up, although nobody sends it any more."""

    @property
    def kept(self) -> bool:
        """Whether every promise was kept."""
        return not any(getattr(self, field.name) for field in fields(self))


def judge(ledger: Ledger, orders: Iterable[Order], *, in_flight: bool = False) -> Verdict:
    """Compare the panel's ledger with the rows of a journal; each intent has to have a link of its own.

    With `in_flight` somebody may still be sending.
    """
    rows = list(orders)
    by_link = {order.link: order for order in rows}
    placed = {entry.link: entry for entry in ledger.orders}
    asked = Counter(request.fields.get("link", "") for request in ledger.requests if request.action == "add")
    # A request that was cut short need not have told its link.
    del asked[""]
    return Verdict(
        lost=sorted(placed.keys() - by_link.keys()),
        doubled=_twice(entry.link for entry in ledger.orders),
        resent=sorted(link for link, times in asked.items() if times > 1),
        repeated=_twice(order.link for order in rows),
        wrong_id=[order.link for order in rows if _is_wrong(order, placed.get(order.link))],
        rejected_but_ordered=_ordered(placed, rows, State.REJECTED),
        unsent_but_ordered=_ordered(placed, rows, State.UNSENT, State.QUEUED),
        left_sending=[] if in_flight else [order.link for order in rows if order.state is State.SENDING],
    )


def counted(ledger: Ledger, orders: Iterable[Order]) -> str:
    """What was measured, in a line."""
    states = Counter(order.state.value for order in orders)
    told = ", ".join(f"{count} {state}" for state, count in sorted(states.items()))
    return f"{len(ledger.orders)} in the panel's books; here {told}"


def _is_wrong(order: Order, placed: Placed | None) -> bool:
    if order.id is None:
        return order.state is State.ACCEPTED
    return placed is None or placed.id != order.id


def _ordered(placed: dict[str, Placed], rows: list[Order], *states: State) -> list[str]:
    return [order.link for order in rows if order.state in states and order.link in placed]


def _twice(links: Iterable[str]) -> list[str]:
    return [link for link, times in Counter(links).items() if times > 1]
