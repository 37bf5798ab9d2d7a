"""One property of many rows, as numbers: each distinct value is held once, in order, and every row has its place."""

from __future__ import annotations

import operator
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import compress, repeat
from typing import Any, TypeVar

T = TypeVar("T")

# What is done to all values at once holds the interpreter, and with it every key; this many take a few milliseconds,
# and merging sorted runs takes not much longer.
_RUN = 4_096
_TABLE = 256
_ONE_BYTE = 256
_TWO_BYTES = 65_536
# Of fewer rows than this part of all, sorting takes less time than picking them from all in order.
_FEW = 8

# What a relation says of the values before, equal to and after the one that is compared with.
_SIDES: Mapping[Callable[[Any, Any], bool], tuple[bool, bool, bool]] = {
    operator.lt: (True, False, False),
    operator.le: (True, True, False),
    operator.eq: (False, True, False),
    operator.ne: (True, False, True),
    operator.ge: (False, True, True),
    operator.gt: (False, False, True),
}


class Column:
    """The values of all rows; None, for unknown, comes after all others.

    What is asked of every row is answered once for each distinct value, and where there are few of those the answers
    are spread over the rows at the speed of memory.
    """

    def __init__(self, values: list[Any]) -> None:
        """Take a value for each row, out of the list."""
        places: dict[Any, int] = {}
        for part in _parts(values):
            places.update(dict.fromkeys(part, 0))
        unknown = places.pop(None, None) is not None
        ordered = _sorted_in_runs(places)
        for place, value in enumerate(ordered):
            places[value] = place
        places[None] = self._unknown = len(ordered)
        self._codes = _numbers(values, places, len(ordered) + unknown)
        self._values = ordered
        self._orders: dict[bool, list[int]] = {}
        places.clear()
        while values:
            del values[-_RUN:]

    @classmethod
    def of_ranks(cls, ranks: Sequence[int], count: int) -> Column:
        """Return a column that only sorts, from the place of each row among `count` distinct values."""
        column = cls([])
        column._codes, column._unknown = ranks, count
        return column

    def answers(
        self, relation: Callable[[Any, Any], bool], value: object, *, negated: bool, numbers: Sequence[int]
    ) -> Iterable[int]:
        """Return for each of the rows whether its value stands in the relation to this one; no unknown one does."""
        holds = [*self._distinct_answers(relation, value), False]
        if negated:
            holds = [not each for each in holds]
        codes = picked(self._codes, numbers)
        if isinstance(codes, bytes):
            return codes.translate(bytes(holds).ljust(_TABLE)[:_TABLE])
        return map(holds.__getitem__, codes)

    def _distinct_answers(self, relation: Callable[[Any, Any], bool], value: object) -> Iterable[bool]:
        sides = _SIDES.get(relation)
        if sides is None:
            return map(relation, self._values, repeat(value))
        start, end = bisect_left(self._values, value), bisect_right(self._values, value)
        before, equal, after = sides
        return [before] * start + [equal] * (end - start) + [after] * (len(self._values) - end)

    def sorted(self, numbers: Sequence[int], *, reverse: bool) -> list[int]:
        """Return the rows by their values; equal ones keep their order, and unknown ones come last both ways."""
        if len(numbers) * _FEW < len(self._codes):
            return self._sorted(numbers, reverse=reverse)
        if reverse not in self._orders:
            self._orders[reverse] = self._sorted(range(len(self._codes)), reverse=reverse)
        order = self._orders[reverse]
        if len(numbers) == len(order):
            return list(order)
        return list(compress(order, map(frozenset(numbers).__contains__, order)))

    def _sorted(self, numbers: Sequence[int], *, reverse: bool) -> list[int]:
        codes, unknown = self._codes, self._unknown
        order = sorted(numbers, key=codes.__getitem__, reverse=reverse)
        known_from = bisect_left(order, True, key=lambda number: codes[number] < unknown) if reverse else 0
        return order[known_from:] + order[:known_from]


def _itself(value: Any) -> Any:
    return value


def _parts(values: list[Any]) -> Iterator[list[Any]]:
    return (values[start : start + _RUN] for start in range(0, len(values), _RUN))


def _numbers(values: list[Any], places: Mapping[Any, int], count: int) -> Sequence[int]:
    """The place of each value, in a fraction of a list's memory; bytes can be translated."""
    codes = array("B" if count <= _ONE_BYTE else "H" if count <= _TWO_BYTES else "I")
    for part in _parts(values):
        codes.extend(map(places.__getitem__, part))
    return bytes(codes) if codes.typecode == "B" else codes


def picked(rows: Sequence[T], numbers: Sequence[int]) -> Iterable[T]:
    """Return the rows with these numbers; a stretch of them comes as a sequence of the same kind."""
    if isinstance(numbers, range) and numbers.step == 1:
        return rows if len(numbers) == len(rows) else rows[numbers.start : numbers.stop]
    return map(rows.__getitem__, numbers)


def ranked(keys: Sequence[T], value: Callable[[T], object]) -> Column:
    """Return a column that only sorts: by these keys, of which those with the same value are equal.

    In the order of the keys equal ones must stand together. The keys can be dropped afterwards.
    """
    order = _sorted_in_runs(range(len(keys)), keys.__getitem__)
    ranks, rank, last = array("I", bytes(4 * len(keys))), -1, object()
    for number in order:
        if (this := value(keys[number])) != last:
            rank, last = rank + 1, this
        ranks[number] = rank
    return Column.of_ranks(ranks, rank + 1)


def _sorted_in_runs(values: Iterable[T], key: Callable[[T], Any] = _itself) -> list[T]:
    """The values in order, as `sorted` has them, without holding the interpreter for long at a time."""
    runs = [sorted(part, key=key) for part in _parts(list(values))]
    while len(runs) > 1:
        pairs = (runs[number : number + 2] for number in range(0, len(runs), 2))
        runs = [_merged(pair[0], pair[1], key) if len(pair) > 1 else pair[0] for pair in pairs]
    return runs[0] if runs else []


def _merged(one: list[T], other: list[T], key: Callable[[T], Any]) -> list[T]:
    """Two runs in order as one, equal values of the first before those of the other; a part at a time."""
    merged: list[T] = []
    taken = 0
    for end in range(_RUN, len(one) + _RUN, _RUN):
        before = taken
        taken = bisect_left(other, key(one[end]), taken, key=key) if end < len(one) else len(other)
        merged += sorted([*one[end - _RUN : end], *other[before:taken]], key=key)
    return merged
