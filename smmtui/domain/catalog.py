"""The panel's catalogue as it is searched, sorted and looked up: one frozen list of services."""

from __future__ import annotations

import operator
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property, reduce
from itertools import chain, compress, islice, repeat, takewhile
from typing import Any

from smmtui.domain.columns import Column, picked, ranked
from smmtui.domain.filter_language import (
    SERVICE_FIELDS,
    Field,
    Group,
    Query,
    Term,
    Word,
    as_latin1,
    fold,
    fold_repeated,
)
from smmtui.domain.records import Service
from smmtui.domain.row_words import RowWords

# Between the cells of a row's text; no cell has it in it, nor anything that would sort before it.
_END = "\n"


def _first_line(text: str) -> str:
    return text.partition(_END)[0]


def _digits(services: Sequence[Service]) -> list[Any]:
    """What sorts services by id; where all ids are digits, the numbers themselves take much less memory."""
    ids = [service.id for service in services]
    plain = all(map(str.isascii, ids)) and all(map(str.isdecimal, ids))
    # Not by `map`, which would hold the interpreter for all of them.
    return [int(each) for each in ids] if plain else [_digits_first(each) for each in ids]


def _digits_first(service_id: str) -> str:
    # By length and then by letter is by number for digits, however many there are.
    if service_id.isascii() and service_id.isdecimal():
        digits = service_id.lstrip("0")
        return f"0{len(digits):04}{digits}"
    return f"1{fold(service_id)}"


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


# The fields of which a column is kept, by the name of the column that shows them.
_COLUMNS: Mapping[str, Field] = {
    "category": SERVICE_FIELDS["cat"],
    **{name: SERVICE_FIELDS[name] for name in ("type", "rate", "min", "max", "refill", "cancel")},
}
_ID_FIELD = SERVICE_FIELDS["id"]
_KEPT = frozenset(_COLUMNS.values())
_ID = operator.attrgetter("id")

# So many rows tell well enough how many of all satisfy a group, and are looked at in no time.
_SAMPLE = 128
_PART = 2_048
_WORTH_A_SAMPLE = 4 * _SAMPLE
# Fewer rows are looked through before anybody notices; of more, it is known in advance which have a word.
_WORTH_WORDS = 32_768
# To look at more of the rows than this, picked one by one, takes longer than to look at all of them in a row.
_MOST = 0.75
_WORD_COST, _FIELD_COST, _READING_COST = 4, 1, 12


class Catalog:
    """The services in the panel's order; a row number is the place in `services`, and the list never changes."""

    def __init__(self, services: Sequence[Service] = ()) -> None:
        self.services: tuple[Service, ...] = tuple(services)
        self._texts: list[str] = [""] * len(self.services)
        self._indexed = 0
        self._columns: dict[Field, Column] = {}
        self._sortings: dict[str, Column] = {}
        self._row_words: RowWords | None = None

    def __len__(self) -> int:
        return len(self.services)

    @cached_property
    def categories(self) -> Mapping[str, int]:
        """The categories in catalogue order, with the number of their services."""
        return Counter(service.category for service in self.services)

    @cached_property
    def types(self) -> Mapping[str, int]:
        """The types in catalogue order, with the number of their services."""
        return Counter(service.type for service in self.services)

    @cached_property
    def _by_id(self) -> dict[str, Service]:
        # Backwards, so that of duplicate ids the first row wins.
        return {service.id: service for service in reversed(self.services)}

    def by_id(self, service_id: str) -> Service | None:
        """Return the service with this id, the first one where the panel repeats an id."""
        return self._by_id.get(service_id)

    def shared_with(self, other: Catalog) -> int:
        """Return how many of the ids are in the other catalogue too; made for a thread."""
        # A set of them takes ten times as long to make; and in one go every key would wait for all of it.
        found, ids = map(other._by_id.__contains__, self._by_id), range(0, len(self._by_id), _PART)
        return sum(sum(islice(found, _PART)) for _ in ids)

    def prepare(self) -> None:
        """Make all that will be asked for, which a key would have to wait for otherwise; made for a thread."""
        self.index()
        for made in (self._by_id, self.categories, self.types):
            len(made)
        for field in _COLUMNS.values():
            self._column(field)
        for key in SORT_KEYS:
            self._sorting(key)
        if len(self.services) >= _WORTH_WORDS:
            self._row_words = RowWords(self._texts)

    def parts(self) -> list[object]:
        """Return what it is made of, so that it can be freed a little at a time."""
        return [*self.services, *self._texts]

    def index(self, rows: int | None = None) -> bool:
        """Fold the search text of the next `rows` rows, of all by default; return whether some are left.

        It may be called from a thread, also beside another call: the worst is that a row is folded twice.
        """
        start = self._indexed
        stop = len(self.services) if rows is None else min(start + rows, len(self.services))
        self._texts[start:stop] = [search_text(service) for service in self.services[start:stop]]
        self._indexed = max(self._indexed, stop)
        return stop < len(self.services)

    def matching(self, query: Query, within: Sequence[int] | None = None) -> Sequence[int]:
        """Return the numbers of the rows that satisfy the query, in catalogue order; they must not be changed.

        `within` are row numbers in catalogue order to look among: the hits of an earlier query that this one narrows.
        What is not indexed yet is indexed first, where there is anything to look for.
        """
        everything = range(len(self.services))
        if not query.groups:
            return everything if within is None else within
        self.index()
        numbers = everything if within is None or len(within) > len(self) * _MOST else within
        groups = self._best_order(query.groups, numbers)
        if numbers is everything:
            if self._row_words is not None:
                numbers, groups = self._begun(self._row_words, groups)
            words = list(takewhile(lambda group: group.word is not None, groups))
            if len(words) > 1:
                # Part by part, so that what the first word has read is still at hand for the next.
                parts = (numbers[start : start + _PART] for start in range(0, len(numbers), _PART))
                numbers, groups = (
                    list(chain.from_iterable(self._narrowed(words, part) for part in parts)),
                    groups[len(words) :],
                )
        return self._narrowed(groups, numbers)

    def _begun(self, row_words: RowWords, groups: Sequence[Group]) -> tuple[Sequence[int], Sequence[Group]]:
        """The rows that have the rarest of the words that are asked for, and the groups that are left to look at."""
        asked = {number: words for number, group in enumerate(groups) if (words := _words_of(group))}
        found = row_words.fewest(asked)
        # What all rows have is answered by that.
        if found is None or (len(asked) > 1 and len(self) > len(found[1]) > len(self) * _MOST):
            return range(len(self)), groups
        rarest, rows = found
        return rows, [group for number, group in enumerate(groups) if number != rarest]

    def _narrowed(self, groups: Iterable[Group], numbers: Sequence[int]) -> Sequence[int]:
        for group in groups:
            numbers = list(compress(numbers, self._verdicts(group, numbers)))
        return numbers

    def _best_order(self, groups: Sequence[Group], numbers: Sequence[int]) -> Sequence[Group]:
        """The groups that leave little for the others to look at first, unless that costs more than it saves."""
        if len(groups) < 2 or len(numbers) < _WORTH_A_SAMPLE:
            return groups
        some = list(numbers[:: len(numbers) // _SAMPLE])

        def price(group: Group) -> float:
            kept = sum(self._verdicts(group, some)) / len(some)
            return sum(map(_cost, group.terms)) / (1.001 - kept)

        return sorted(groups, key=price)

    def _verdicts(self, group: Group, numbers: Sequence[int]) -> Iterable[int]:
        """Whether the group holds, for each of the rows."""
        columns = [self._term_verdicts(term, numbers) for term in group.terms]
        verdicts = reduce(lambda one, other: map(operator.or_, one, other), columns)
        return map(operator.not_, verdicts) if group.negated else verdicts

    def _term_verdicts(self, term: Term, numbers: Sequence[int]) -> Iterable[int]:
        if isinstance(term, Word):
            found = map(operator.contains, picked(self._texts, numbers), repeat(term.latin1))
            return map(operator.not_, found) if term.negated else found
        if term.field is _ID_FIELD and term.relation in (operator.eq, operator.ne):
            same = map(str.endswith, picked(self._texts, numbers), repeat(as_latin1(f"{_END}{term.value}")))
            return same if term.negated == (term.relation is operator.ne) else map(operator.not_, same)
        if term.field.ids is not None:
            outcomes = (term.holds_of(False), term.holds_of(True))
            within = map(term.field.ids.__contains__, map(_ID, picked(self.services, numbers)))
            return map(outcomes.__getitem__, within)
        if term.field in _KEPT:
            column = self._column(term.field)
            return column.answers(term.relation, term.value, negated=term.negated, numbers=numbers)
        return map(term.holds, picked(self.services, numbers))

    def sorted_by(self, numbers: Sequence[int], key: str, *, reverse: bool = False) -> list[int]:
        """Return the row numbers in the order of a column: one of `SORT_KEYS`.

        Numbers are compared as numbers, text as folded. Unknown values come last and equal ones stay in catalogue
        order, both also in reverse.
        """
        return self._sorting(key).sorted(numbers, reverse=reverse)

    def _sorting(self, key: str) -> Column:
        if key in _COLUMNS:
            return self._column(_COLUMNS[key])
        if key not in self._sortings:
            self.index()
            # UTF-8 sorts as what it encodes does, and the folded names are there already.
            if key == "name":
                self._sortings[key] = ranked(self._texts, _first_line)
            else:
                self._sortings[key] = ranked(_digits(self.services), lambda digits: digits)
        return self._sortings[key]

    def _column(self, field: Field) -> Column:
        if field not in self._columns:
            self._columns[field] = Column(list(map(field.read, self.services)))
        return self._columns[field]


def _words_of(group: Group) -> Sequence[str]:
    """The words of which a row must have one; none where it may do without."""
    words = [term.latin1 for term in group.terms if isinstance(term, Word) and not term.negated]
    return words if len(words) == len(group.terms) and not group.negated else ()


def _cost(term: Term) -> int:
    if isinstance(term, Word):
        return _WORD_COST
    return _FIELD_COST if term.field.ids is not None or term.field in _KEPT else _READING_COST


def search_text(service: Service) -> str:
    """Return the folded text of a row that words are looked for in: name, category, type and id, a line each."""
    cells = (fold(service.name), fold_repeated(service.category), fold_repeated(service.type), fold(service.id))
    return as_latin1(_END.join(cells))
