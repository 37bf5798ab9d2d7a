"""Orders as text: what people paste or keep in files, read into rows of the basket, and written back.

A line is `service | link | quantity` or `service | quantity | link`; `|`, commas, semicolons and tabs part its cells,
line by line, and cells are quoted as in RFC 4180. A line of names says what the columns are from there on.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from uuid import uuid4

from msgspec import DecodeError
from msgspec import json as typed_json

from smmtui.domain.basket import OWN, BasketRow, Seen
from smmtui.domain.basket_cells import Unclear, is_link, is_number, named_cells, pairs_in
from smmtui.domain.catalog import Catalog
from smmtui.domain.line_cells import Line, parted, read_lines
from smmtui.domain.records import Record
from smmtui.domain.row_forms import csv_line, unguarded
from smmtui.domain.service_types import DRIP_FIELDS, known_types
from smmtui.domain.typed_row import TypedRow
from smmtui.words import _

_EXTRA, _LINE, _SENT, _PROBLEM = "extra", "line", "fields", "problem"
_VALUES = dict.fromkeys(
    (*(each.name for kind in known_types() for each in kind.fields), *(each.name for each in DRIP_FIELDS), *OWN)
)
# What our own exports tell of an order beside what was ordered.
_TOLD = (
    *("id", "status", "state", "placed", "service_name", "charge", "estimate", "currency", "rate", "start_count"),
    *("remains", "word", "reason", "trouble", "checked", "changed", "repeats", "batch", "sequence", "uuid", _PROBLEM),
)
_SYNONYMS = {
    **{name.replace("_", " "): "" for name in _TOLD},
    **{name.replace("_", " "): name for name in (*_VALUES, "service", _EXTRA, _LINE, _SENT)},
    **dict.fromkeys(("service id", "serviceid"), "service"),
    **dict.fromkeys(("url", "address"), "link"),
    **dict.fromkeys(("qty", "count", "amount"), "quantity"),
    "comment": "comments",
    "parameters": _EXTRA,
}
_Pairs = tuple[tuple[str, str], ...]


class Recognised(Record, frozen=True, gc=False):
    """What was found in a text.

    `rows` hold every line of it, those that could not be read with their `text` and why. `notes` say in words what
    was left out of all of them. `paste` is the text's mark: the same orders have the same, however they are written.
    `seen` tells of an earlier time, None for none.
    """

    rows: tuple[TypedRow, ...]
    notes: tuple[str, ...] = ()
    paste: str = ""
    seen: Seen | None = None

    @property
    def readable(self) -> tuple[TypedRow, ...]:
        """The rows that were understood."""
        return tuple(row for row in self.rows if not row.text)

    @property
    def unread(self) -> tuple[TypedRow, ...]:
        """The rows that hold a line as it came."""
        return tuple(row for row in self.rows if row.text)


def recognise(text: str, catalog: Catalog) -> Recognised:
    """Read a text; every line that is not blank and no head is one row, in the order of the text.

    The catalog tells what the cells of a service are. Whether it can be ordered so is not looked at here.
    """
    head: _Head | None = None
    rows, notes, mark = list[TypedRow](), dict[str, None](), hashlib.blake2b(digest_size=16)
    # Half a surrogate pair could neither be kept nor sent.
    for line in read_lines(text.encode("utf-8", "replace").decode()):
        found = _head_of(line)
        if found is not None:
            head = found
            notes |= dict.fromkeys(found.notes)
            continue
        row = _row(line, head, catalog)
        mark.update(json.dumps([row.service, sorted(row.values.items()), row.extra, row.text]).encode())
        rows.append(row)
    paste = mark.hexdigest() if rows else ""
    return Recognised(tuple(_numbered(row, paste, number) for number, row in enumerate(rows, 1)), tuple(notes), paste)


def _numbered(row: TypedRow, paste: str, number: int) -> TypedRow:
    return TypedRow(uuid4().hex, 0, row.service, row.values, row.extra, row.rate, row.text, row.wrong, paste, number)


# ── heads ─────────────────────────────────────────────────────────────────────────────────────────────────────────


class _Head(Record, frozen=True, gc=False):
    """What the columns are, by name, "" for one that is left out, and what parts them."""

    names: list[str]
    separator: str
    notes: list[str]

    def cells_of(self, line: Line) -> list[str] | None:
        """The cells of a line that stands under this head, None for one that does not."""
        if line.separator == self.separator:
            return line.cells
        cells = parted(line.raw, self.separator)
        return cells if len(cells) == len(self.names) else None


def _head_of(line: Line) -> _Head | None:
    """The line as a line of names, None where it is an order."""
    if line.cells[0].isdecimal():
        return None
    words = [_word(cell) for cell in line.cells]
    known = [_SYNONYMS.get(word, "") for word in words]
    # Without a column of its own for the service, its id is what is called so.
    if "service" not in known:
        known = ["service" if word == "id" else name for word, name in zip(words, known, strict=True)]
    orders = {"link", "username", _SENT} & set(known) and {"service", _SENT} & set(known)
    values = any(is_link(cell) or (is_number(cell) and cell != "max") for cell in line.cells)
    if values or not (orders or _LINE in known):
        return None
    strange = [cell for cell, word in zip(line.cells, words, strict=True) if word and word not in _SYNONYMS]
    notes = [_("Columns that are not known were left out: {columns}.", columns=", ".join(strange))] if strange else []
    return _Head(known, line.separator, notes)


def _word(cell: str) -> str:
    return " ".join(cell.casefold().replace("_", " ").replace("-", " ").split())


# ── rows ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _row(line: Line, head: _Head | None, catalog: Catalog) -> TypedRow:
    """The line as a row, without its place in the text."""
    try:
        return _understood(line, head, catalog)
    except Unclear as unclear:
        return TypedRow("", text=line.raw, wrong=_("Line {number}: {why}.", number=line.number, why=unclear))


def _understood(line: Line, head: _Head | None, catalog: Catalog) -> TypedRow:
    if line.wrong:
        raise Unclear(line.wrong)
    cells = None if head is None else head.cells_of(line)
    named = _under(head.names, _plain(cells)) if head and cells else named_cells(_plain(line.cells), catalog)
    if raw := named.get(_LINE):
        return _row(Line(line.number, raw, *_again(raw)), None, catalog)
    return _typed(named, catalog)


def _plain(cells: Sequence[str]) -> list[str]:
    return [unguarded(cell) for cell in cells]


def _again(raw: str) -> tuple[list[str], str, str]:
    """The cells of a line that could not be read before."""
    first = next(read_lines(raw), Line(1, raw, [raw], ""))
    if first.raw != raw:
        return [raw], "", _("several lines in one")
    return first.cells, first.separator, first.wrong


def _under(names: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    """The cells by the names in the head; a link and a quantity that stand in each other's column change places."""
    more, surplus = pairs_in(cells[len(names) :])
    if surplus:
        raise Unclear(_("{cells} cells, but there are {columns} columns", cells=len(cells), columns=len(names)))
    named = {**{name: cell for name, cell in zip(names, cells, strict=False) if name}, **more}
    if is_link(named.get("quantity", "")) and is_number(named.get("link", "")):
        named["link"], named["quantity"] = named["quantity"], named["link"]
    return named


def _typed(named: Mapping[str, str], catalog: Catalog) -> TypedRow:
    sent = named.get(_SENT)
    # Beside what was sent, the other columns say the same in other words.
    given = {**{name: named.get(name, "") for name in OWN}, **_as_sent(sent)} if sent else named
    service_id = given.get("service", "").removeprefix("#").strip()
    values = {name: value for name, value in given.items() if name in _VALUES and value}
    own = (*_VALUES, "service", _EXTRA, _LINE, _SENT)
    extras = [f"{name}={value}" for name, value in given.items() if name not in own and value]
    service = catalog.by_id(service_id)
    extra = "\n".join(filter(None, (given.get(_EXTRA, ""), *extras)))
    return TypedRow("", 0, service_id, values, extra, None if service is None else service.rate)


def _as_sent(fields: str) -> dict[str, str]:
    """The fields of an order as our export of orders tells them."""
    try:
        return dict(typed_json.decode(fields, type=_Pairs))
    except DecodeError as error:
        raise Unclear(_("the column {column} cannot be read ({error})", column=_SENT, error=error)) from error


# ── back to text ──────────────────────────────────────────────────────────────────────────────────────────────────


def as_text(rows: Iterable[BasketRow]) -> str:
    """Return rows as CSV that `recognise` reads again, with what was wrong in a column beside; "" for no rows."""
    listed = list(rows)
    if not listed:
        return ""
    used = {name for row in listed for name in row.values}
    names = ["link", "quantity", *(name for name in _VALUES if name in used - {"link", "quantity"})]
    extra = [_EXTRA] if any(row.extra for row in listed) else []
    unread = [_LINE] if any(row.text for row in listed) else []
    lines = [csv_line(["service", *names, *extra, *unread, _PROBLEM])]
    for row in listed:
        wrong = row.reason or " ".join(problem.text for problem in row.problems)
        cells = [row.service_id, *(row.values.get(name, "") for name in names)]
        lines.append(csv_line([*cells, *([row.extra] if extra else []), *([row.text] if unread else []), wrong]))
    return "".join(lines)
