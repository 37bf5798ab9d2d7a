"""What a screen with a table asks the App for: dialogs about the table, and what leaves the program."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from smmtui.tui.arrangement import ColumnChoice, Sorting
from smmtui.tui.row_kind import RowKind
from smmtui.tui.widgets.row_columns import Column


@dataclass(frozen=True, slots=True)
class SortWish:
    """Let the user choose what rows are sorted by: keys with their titles, None being the rows as they come."""

    titles: Mapping[str | None, str]
    sorting: Sorting
    take: Callable[[Sorting], None]


@dataclass(frozen=True, slots=True)
class ColumnsWish:
    """Let the user choose columns: the table's own ones, the choices so far, and how wide each is drawn now."""

    columns: Sequence[Column[Any]]
    choices: Sequence[ColumnChoice]
    drawn: Mapping[str, int]
    take: Callable[[Sequence[ColumnChoice]], None]


@dataclass(frozen=True, slots=True)
class CopyWish:
    """Copy these texts, each of which is a `what`; `rows` is how many were asked for, with a text or without."""

    what: str
    texts: Sequence[str]
    between: str
    rows: int


@dataclass(frozen=True, slots=True)
class OpenWish:
    """Open an address that somebody else has written, after showing where it leads."""

    address: str


@dataclass(frozen=True, slots=True)
class ExportWish:
    """Write these rows to a file; `words` tells the user which they are."""

    kind: RowKind[Any]
    rows: Sequence[Any]
    words: str


Wish = SortWish | ColumnsWish | CopyWish | OpenWish | ExportWish
