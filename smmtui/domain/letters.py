"""Which rows have a letter in their text: a search begins with one, and the rarest of a word says where to look."""

from __future__ import annotations

import operator
import string
from array import array
from collections.abc import Sequence
from itertools import compress, repeat

_LETTERS = string.ascii_lowercase + string.digits
# So many rows at a time: what is done to all of them at once holds the interpreter, and with it every key.
_PART = 2_048


class Letters:
    """For each letter and digit the numbers of the rows that have it, in order; four bytes a number."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Take the folded text of each row."""
        self._rows: dict[str, Sequence[int]] = {}
        found = {letter: array("I") for letter in _LETTERS}
        for start in range(0, len(texts), _PART):
            part = texts[start : start + _PART]
            numbers = range(start, start + len(part))
            for letter, rows in found.items():
                rows.extend(compress(numbers, map(operator.contains, part, repeat(letter))))
        for letter, rows in found.items():
            self._rows[letter] = range(len(texts)) if len(rows) == len(texts) else rows

    def rarest(self, term: str) -> Sequence[int] | None:
        """Return the numbers of the rows with the rarest letter of a term; None where it has no letter that is known.

        They are in order and must not be changed. For a term of one letter they are the answer itself.
        """
        return min((self._rows[letter] for letter in set(term) & self._rows.keys()), key=len, default=None)
