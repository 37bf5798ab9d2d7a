"""The marked rows of a table, by id."""

from collections.abc import Iterable


class Marks:
    """A set of ids that may be extended from a base by a range which grows and shrinks again.

    Ids are kept whether or not their rows are shown, so marks survive sorting, filtering and refreshing.
    """

    def __init__(self) -> None:
        self._ids: frozenset[str] = frozenset()
        self._base: frozenset[str] | None = None
        self._anchor = 0

    @property
    def ids(self) -> frozenset[str]:
        """The ids of the marked rows."""
        return self._ids

    def put(self, ids: Iterable[str]) -> bool:
        """Mark exactly these and say whether that changed anything; ends a range."""
        self._base = None
        return self._set(frozenset(ids))

    def anchor(self, position: int) -> int:
        """Return where the range under way began; begin one at `position` if there is none."""
        if self._base is None:
            self._base, self._anchor = self._ids, position
        return self._anchor

    def stretch(self, ids: Iterable[str]) -> bool:
        """Mark what was marked before the range began and these, and say whether that changed anything."""
        return self._set((self._ids if self._base is None else self._base).union(ids))

    def end_range(self) -> None:
        """Keep the range as it is: the next one begins anew."""
        self._base = None

    def _set(self, ids: frozenset[str]) -> bool:
        changed, self._ids = ids != self._ids, ids
        return changed
