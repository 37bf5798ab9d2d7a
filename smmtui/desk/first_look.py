"""What a start reads of what this machine knows, all in one go: each turn to a thread and back would be felt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from smmtui.domain.records import Balance, Order, Request

if TYPE_CHECKING:
    from smmtui.journal.journal import Journal


class FirstLook(Struct, frozen=True):
    """The journal, opened, and what stood in it.

    `values` is what is remembered of how the user works. `orders` are the newest, and at least all since `midnight`;
    `imported` are the uuids of those among them that came from another journal. `balance` is the last one known, with
    the time when the panel said it. `head` is the beginning of the last catalogue, b"" without one.
    """

    journal: Journal
    values: dict[str, Any]
    imported: Sequence[str]
    orders: Sequence[Order]
    requests: Sequence[Request]
    refused: Sequence[tuple[str, Request]]
    balance: tuple[Balance, datetime] | None
    head: bytes

    @classmethod
    def take(
        cls, open_journal: Callable[[], Journal], read_head: Callable[[], bytes], midnight: datetime, most: int
    ) -> FirstLook:
        """Open the journal and read; raises JournalError. It is made for a thread.

        Whoever opens the journal has to close it, also where this raises or nobody waits for it any more.
        """
        journal = open_journal()
        return cls(
            journal,
            journal.preferences.user_values(),
            journal.imports.since(midnight),
            journal.orders(limit=most, since=midnight),
            journal.requests.all(),
            journal.history.refused(),
            journal.preferences.last_balance(),
            read_head(),
        )
