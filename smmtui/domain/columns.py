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

    def __init__(self, values: list[Any], *, sorts_only: bool = False) -> None:
        """Take a value for each row, out of the list; a column that `sorts_only` forgets them once it has an order."""
        places: dict[Any, int] = {}
        for part in _parts(values):
            places.update(dict.fromkeys(part, 0))
        unknown = places.pop(None, None) is not None
        ordered = _sorted_in_runs(places)
        for place, value in enumerate(ordered):
            places[value] = place
        places[None] = self._unknown = len(ordered)
        self._codes = _numbers(values, places, len(ordered) + unknown)
        self._values = [] if sorts_only else ordered
        self._orders: dict[bool, list[int]] = {}
        places.clear()
        for gone in (values, *([ordered] if sorts_only else [])):
            while gone:
                del gone[-_RUN:]

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


def _sorted_in_runs(values: Iterable[Any]) -> list[Any]:
    """The values in order, as `sorted` has them, without holding the interpreter for long at a time."""
    result = [value for part in _parts(list(values)) for value in sorted(part)]
    result.sort()
    return result
