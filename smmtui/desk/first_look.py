"""What a start reads of what this machine knows, all in one go: each turn to a thread and back would be felt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from smmtui.domain.records import Balance, Order, Request
from smmtui.domain.typed_row import TypedRow

if TYPE_CHECKING:
    from smmtui.journal.journal import Journal


class BasketLook(Struct, frozen=True):
    """What stood in the basket at a `revision`; `orders` are those of its rows that were not loaded yet."""

    revision: int
    rows: Sequence[TypedRow]
    orders: Sequence[Order]

    @classmethod
    def take(cls, journal: Journal, is_loaded: Callable[[str], bool]) -> BasketLook:
        """Read it; `is_loaded` tells of an order's uuid. Raises JournalError. It is made for a thread."""
        # The revision first: what is written in between is then looked at once more.
        revision, rows = journal.basket.revision, journal.basket.rows()
        missing = [row.order for row in rows if row.order is not None and not is_loaded(row.order)]
        return cls(revision, rows, [order for uuid in missing if (order := journal.order(uuid)) is not None])


class FirstLook(Struct, frozen=True):
    """The journal, opened, and what stood in it.

    `values` is what is remembered of how the user works. `orders` are the newest, and at least all since `midnight`;
    `imported` are the uuids of those among them that came from another journal. `balance` is the last one known, with
    the time when the panel said it. `basket` is what stands in it. `head` is the beginning of the last catalogue, b""
    without one.
    """

    journal: Journal
    values: dict[str, Any]
    imported: Sequence[str]
    orders: Sequence[Order]
    requests: Sequence[Request]
    refused: Sequence[tuple[str, Request]]
    balance: tuple[Balance, datetime] | None
    basket: BasketLook
    head: bytes

    @classmethod
    def take(
        cls, open_journal: Callable[[], Journal], read_head: Callable[[], bytes], midnight: datetime, most: int
    ) -> FirstLook:
        """Open the journal and read; raises JournalError. It is made for a thread.

        Whoever opens the journal has to close it, also where this raises or nobody waits for it any more.
        """
        journal = open_journal()
        orders = journal.orders(limit=most, since=midnight)
        return cls(
            journal,
            journal.preferences.user_values(),
            journal.imports.since(midnight),
            orders,
            journal.requests.all(),
            journal.history.refused(),
            journal.preferences.last_balance(),
            BasketLook.take(journal, {order.uuid for order in orders}.__contains__),
            read_head(),
        )
