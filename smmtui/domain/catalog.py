"""The panel's catalogue as it is searched, sorted and looked up: one frozen list of services."""

from __future__ import annotations

import operator
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, reduce
from itertools import compress, repeat
from typing import Any, TypeVar

from smmtui.domain.filter_language import Group, Query, Term, Word, as_latin1, fold, fold_repeated
from smmtui.domain.records import Service

T = TypeVar("T")


def _digits_first(service_id: str) -> tuple[bool, int, str]:
    # By length and then by letter is by number for digits, however many there are.
    digits = service_id.isascii() and service_id.isdecimal()
    return (False, len(service_id.lstrip("0")), service_id.lstrip("0")) if digits else (True, 0, fold(service_id))


# What a column is sorted by; every reading returns comparable values, or None for unknown.
SORT_KEYS: Mapping[str, Callable[[Service], Any]] = {
    "id": lambda service: _digits_first(service.id),
    "name": lambda service: fold(service.name),
    "category": lambda service: fold_repeated(service.category),
    "type": lambda service: fold_repeated(service.type),
    "rate": operator.attrgetter("rate"),
    "min": operator.attrgetter("min"),
    "max": operator.attrgetter("max"),
    "refill": operator.attrgetter("refill"),
    "cancel": operator.attrgetter("cancel"),
}


class Catalog:
    """The services in the panel's order; a row number is the place in `services`, and the list never changes."""

    def __init__(self, services: Sequence[Service] = ()) -> None:
        self.services: tuple[Service, ...] = tuple(services)
        self._texts: list[str] = [""] * len(self.services)
        self._indexed = 0
        self._ranks: dict[tuple[str, bool], list[int]] = {}

    def __len__(self) -> int:
        return len(self.services)

    @cached_property
    def categories(self) -> Mapping[str, int]:
        """The categories in catalogue order, with the number of their services."""
        return Counter(service.category for service in self.services)

    @cached_property
    def _numbers_by_id(self) -> dict[str, int]:
        # Backwards, so that of duplicate ids the first row wins.
        last = len(self.services) - 1
        return {service.id: last - offset for offset, service in enumerate(reversed(self.services))}

    def by_id(self, service_id: str) -> Service | None:
        """Return the service with this id, the first one where the panel repeats an id."""
        number = self._numbers_by_id.get(service_id)
        return None if number is None else self.services[number]

    def index(self, rows: int | None = None) -> bool:
        """Fold the search text of the next `rows` rows, of all by default; return whether some are left.

        It may be called from a thread, also beside another call: the worst is that a row is folded twice.
        """
        start = self._indexed
        stop = len(self.services) if rows is None else min(start + rows, len(self.services))
        self._texts[start:stop] = [search_text(service) for service in self.services[start:stop]]
        self._indexed = max(self._indexed, stop)
        return stop < len(self.services)

    def matching(self, query: Query, within: Sequence[int] | None = None) -> list[int]:
        """Return the numbers of the rows that satisfy the query, in catalogue order.

        `within` are row numbers in catalogue order to look among: the hits of an earlier query that this one narrows.
        What is not indexed yet is indexed first.
        """
        self.index()
        numbers: Sequence[int] = range(len(self.services)) if within is None else within
        # Plain words first, long ones before short: they are cheap to look for, and leave little for the rest.
        for group in sorted(query.groups, key=lambda group: -len(group.word or "")):
            numbers = list(compress(numbers, self._verdicts(group, numbers)))
        return list(numbers)

    def _verdicts(self, group: Group, numbers: Sequence[int]) -> Iterable[bool]:
        """Whether the group holds, for each of the rows."""
        columns = [self._term_verdicts(term, numbers) for term in group.terms]
        verdicts = reduce(lambda one, other: map(operator.or_, one, other), columns)
        return map(operator.not_, verdicts) if group.negated else verdicts

    def _term_verdicts(self, term: Term, numbers: Sequence[int]) -> Iterator[bool]:
        if not isinstance(term, Word):
            return map(term.holds, _picked(self.services, numbers))
        found = map(operator.contains, _picked(self._texts, numbers), repeat(term.latin1))
        return map(operator.not_, found) if term.negated else found

    def sorted_by(self, numbers: Iterable[int], key: str, *, reverse: bool = False) -> list[int]:
        """Return the row numbers in the order of a column: one of `SORT_KEYS`.

        Numbers are compared as numbers, text as folded. Unknown values come last and equal ones stay in catalogue
        order, both also in reverse.
        """
        return sorted(numbers, key=self._ranks_of(key, reverse).__getitem__)

    def _ranks_of(self, key: str, reverse: bool) -> list[int]:
        ranks = self._ranks.get((key, reverse))
        if ranks is None:
            values = [SORT_KEYS[key](service) for service in self.services]
            known = [number for number, value in enumerate(values) if value is not None]
            known.sort(key=values.__getitem__, reverse=reverse)
            ranks = [len(values)] * len(values)
            for rank, number in enumerate(known):
                ranks[number] = rank
            self._ranks[key, reverse] = ranks
        return ranks


def search_text(service: Service) -> str:
    """Return the folded text of a row that words are looked for in: id, name, category and type, a line each."""
    text = f"{fold(service.id)}\n{fold(service.name)}\n{fold_repeated(service.category)}\n{fold_repeated(service.type)}"
    return as_latin1(text)


def _picked(rows: Sequence[T], numbers: Sequence[int]) -> Iterable[T]:
    return rows if len(numbers) == len(rows) else map(rows.__getitem__, numbers)
