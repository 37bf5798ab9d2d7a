"""The orders that are too old to be loaded at the start: how many they are, and how more of them are had."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from smmtui.desk.desk import Desk
from smmtui.domain.order_groups import Kind, count_kinds, not_loaded
from smmtui.domain.records import Order
from smmtui.words import ngettext

_AT_ONCE = 500


class OlderOrders:
    """Counts and loads them, for one screen."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._counted_with = -1
        self.kinds: Counter[Kind] = Counter()
        """How many there are of each state and status."""
        self.loading = False
        """Whether some are being loaded now."""
        self._searched = ""

    @property
    def number(self) -> int:
        """How many they are."""
        return self.kinds.total()

    @property
    def count_is_old(self) -> bool:
        """Whether other orders are loaded than when they were counted, or it could not be counted well then."""
        return len(self._desk.orders) != self._counted_with

    async def count(self) -> None:
        """Count them. Raises JournalError."""
        self._counted_with = len(self._desk.orders)
        stored = await self._desk.history.counts()
        loaded = self._desk.orders
        self.kinds = not_loaded(stored, count_kinds(loaded))
        # What the panel has just said is shown before it is stored, and is then of two kinds.
        certain = self.number == sum(stored.values()) - len(loaded)
        self._counted_with = len(loaded) if certain else -1

    def searched(self, text: str) -> bool:
        """Whether all of them were looked through for this filter."""
        return bool(text) and text == self._searched

    def words(self, text: str, key: str) -> str:
        """Return what they have to do with the rows shown for this filter; the key looks there."""
        if self.searched(text):
            return ngettext(
                "The {count} older order that is not loaded is none of these.",
                "The {count} older orders that are not loaded have no more of these.",
                self.number,
            )
        return ngettext(
            "{count} older order is not loaded, so it was not looked at. {key} looks there.",
            "{count} older orders are not loaded, so they were not looked at. {key} looks there.",
            self.number,
            key=key,
        )

    async def load(self, text: str, wanted: Callable[[Order], bool] | None) -> None:
        """Load some: the next ones, or those that satisfy the filter of this text. Raises JournalError."""
        if self.loading:
            return
        self.loading = True
        try:
            if wanted is None:
                await self._desk.history.load_older(_AT_ONCE)
            elif await self._desk.history.find_older(wanted, _AT_ONCE) < _AT_ONCE:
                self._searched = text
            await self.count()
        finally:
            self.loading = False
