"""What the rows of a table are, as far as marks, copies, links and exports need to know."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Generic, TypeVar

from msgspec import Struct, field

from smmtui.domain.sums import Cost

Row = TypeVar("Row")


class RowKind(Struct, Generic[Row], frozen=True):
    """One kind of rows: what they are called, and what is read from each."""

    name: str
    """What the whole table is called: in the names of files, and, behind "view.", in what is remembered."""

    counted: Callable[[int], str]
    """So many of the rows, in words: "3 orders"."""

    none: str
    """That there are none, as a sentence."""

    natural: str
    """What the order is called in which they come."""

    sorts: Mapping[str, Callable[[Row], Any]]
    """The columns that they can be sorted by, with what is read for it: comparable values, None for unknown."""

    row_id: Callable[[Row], str]
    """Ours, by which marks hold on to a row."""

    panel_id: Callable[[Row], str | None]
    """The panel's, to be copied."""

    cost: Callable[[Row], Cost] | None
    """None where rows cost nothing."""

    cost_words: str
    """What the sum of the costs is: "at minimum quantity"."""

    forms: Mapping[str, Callable[[Iterable[Row]], Iterator[str]]] = field(default_factory=dict)
    """The endings of the files that they can be exported to, with what writes each."""

    link: Callable[[Row], str] | None = None
    """To be copied; None where rows have none."""

    page: Callable[[Row], str | None] | None = None
    """The address to be opened."""
