"""Rows in the order of a reading: unknown values last, equal ones as they came."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from smmtui.domain.filter_language import fold

Row = TypeVar("Row")


def by_number(text: str) -> tuple[bool, int, str]:
    """Return what sorts ids: digits by number, however many there are, before anything else by its letters."""
    # By length and then by letter is by number.
    digits = text.isascii() and text.isdecimal()
    return (False, len(text.lstrip("0")), text.lstrip("0")) if digits else (True, 0, fold(text))


def sorted_rows(rows: Iterable[Row], value_of: Callable[[Row], Any], *, reverse: bool = False) -> list[Row]:
    """Return the rows by a reading that gives comparable values, or None for unknown, which is last in reverse too."""
    values = [(value_of(row), row) for row in rows]
    known = [each for each in values if each[0] is not None]
    known.sort(key=operator.itemgetter(0), reverse=reverse)
    return [row for _, row in known] + [row for value, row in values if value is None]
