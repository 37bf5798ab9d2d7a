"""What a screen with a table asks the App for: dialogs about the table, and what leaves the program."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from smmtui.tui.arrangement import ColumnChoice, Sorting
from smmtui.tui.row_kind import RowKind
from smmtui.tui.widgets.row_columns import Column
from smmtui.words import _, ngettext


class SortWish(Struct, frozen=True):
    """Let the user choose what rows are sorted by: keys with their titles, None being the rows as they come."""

    titles: Mapping[str | None, str]
    sorting: Sorting
    take: Callable[[Sorting], None]


class ColumnsWish(Struct, frozen=True):
    """Let the user choose columns: the table's own ones, the choices so far, and how wide each is drawn now."""

    columns: Sequence[Column[Any]]
    choices: Sequence[ColumnChoice]
    drawn: Mapping[str, int]
    take: Callable[[Sequence[ColumnChoice]], None]


class Copied(Struct, frozen=True):
    """What can be copied: so many of it in words ("3 ids"), and that there is none, as a sentence."""

    counted: Callable[[int], str]
    none: str


IDS = Copied(lambda number: ngettext("{count} id", "{count} ids", number), _("There is no id yet."))
LINKS = Copied(lambda number: ngettext("{count} link", "{count} links", number), _("There is no link yet."))
MESSAGE_LINES = Copied(
    lambda number: ngettext("{count} message", "{count} messages", number), _("There is no message yet.")
)


def summary_of(orders: int) -> Copied:
    """Return the words for the one summary of so many orders."""
    words = _("1 status summary")
    if orders > 1:
        words = ngettext("1 status summary of {count} order", "1 status summary of {count} orders", orders)
    return Copied(lambda _number: words, _("There is no status summary yet."))


class CopyWish(Struct, frozen=True):
    """Copy these texts, each of which is a `what`; `rows` is how many were asked for, with a text or without."""

    what: Copied
    texts: Sequence[str]
    between: str
    rows: int


class OpenWish(Struct, frozen=True):
    """Open an address that somebody else has written, after showing where it leads."""

    address: str


class ExportWish(Struct, frozen=True):
    """Write these rows to a file; `words` tells the user which they are."""

    kind: RowKind[Any]
    rows: Sequence[Any]
    words: str


Wish = SortWish | ColumnsWish | CopyWish | OpenWish | ExportWish
