"""Which rows have a word in their text: words are few, so a term is looked for among them and not in every row."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from typing import TypeVar

Group = TypeVar("Group", bound=Hashable)

_END = "\n"
# Of more different words there is little to gain, and each takes memory: about every fourth row has one of its own.
_MOST_WORDS = 0.25


class RowWords:
    """For each word, as blanks part them, the numbers of the rows that have it, in order; four bytes a number.

    The last line of a row's text, its id, is left out: it is a word of nearly every row alone.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        """Take the folded text of each row."""
        self._size = len(texts)
        found: dict[str, array[int]] = defaultdict(partial(array, "I"))
        # What stands behind the name recurs in many rows.
        tails: dict[str, set[str]] = {}
        signs: set[str] = set()
        for number, text in enumerate(texts):
            name, _, rest = text.partition(_END)
            tail, _, row_id = rest.rpartition(_END)
            if tail not in tails:
                tails[tail] = set(tail.split())
            signs.update(row_id)
            for word in tails[tail].union(name.split()):
                found[word].append(number)
            if len(found) > _MOST_WORDS * self._size:
                found.clear()
                break
        self._rows = dict(found)
        self._joined = _END.join(["", *found, ""])
        self._everywhere = _END.join(word for word, rows in found.items() if len(rows) == self._size)
        self._of_ids = signs

    def fewest(self, groups: Mapping[Group, Sequence[str]]) -> tuple[Group, Sequence[int]] | None:
        """Return which group of terms the fewest rows have one of, with their numbers in order.

        None where that takes a scan of the rows for each of the groups. The numbers must not be changed.
        """
        known = {
            group: rows
            for group, terms in groups.items()
            if all(map(self._knows, terms)) and (rows := self._rows_by_word(terms)) is not None
        }
        if not known:
            return None
        group, rows = min(known.items(), key=lambda each: sum(map(len, each[1])))
        return group, rows[0] if len(rows) == 1 else sorted(set().union(*rows))

    def _rows_by_word(self, terms: Sequence[str]) -> Sequence[Sequence[int]] | None:
        """The numbers for each word that has one of the terms; None where to unite them takes longer than a scan."""
        if any(term in self._everywhere for term in terms):
            return [range(self._size)]
        found: dict[str, Sequence[int]] = {}
        most = self._size
        for word in chain.from_iterable(map(self._words_with, terms)):
            if word not in found:
                found[word] = self._rows[word]
                most -= len(found[word])
                if most < 0:
                    return None
        return list(found.values())

    def _knows(self, term: str) -> bool:
        """Whether a row that has the term has it in one of its words, and not in its id."""
        return bool(self._rows) and term.split() == [term] and not self._of_ids.issuperset(term)

    def _words_with(self, term: str) -> Iterator[str]:
        joined = self._joined
        place = joined.find(term)
        while place >= 0:
            end = joined.index(_END, place)
            yield joined[joined.rindex(_END, 0, place) + 1 : end]
            place = joined.find(term, end)
