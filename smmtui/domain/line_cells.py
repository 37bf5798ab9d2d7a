"""Lines of cells as people type them: parted by `|`, commas, semicolons or tabs, each line in its own way."""

from __future__ import annotations

import re
from collections.abc import Iterator

from smmtui.domain.records import Record
from smmtui.words import _

_QUOTED = re.compile(r'"(?:[^"]|"")*"?')
_ADDRESS_FIRST = re.compile(r"\s*(?:https?://|@|www\.)", re.IGNORECASE)
_LEFTMOST = re.compile(r"[|;,]")
# A quoted cell, which may go over many lines, with blanks around its quotes; else all up to the next separator.
_CELL = {
    separator: re.compile(rf'(?: *"([^"]*(?:""[^"]*)*)" *(?={re.escape(separator)}|\n|\Z))|([^{separator}\n]*)')
    for separator in "\t|;,"
}
_NOT_CLOSED = _("a quote is opened here and not closed")


class Line(Record, frozen=True, gc=False):
    """One record of a text: `number` is its first line from 1, `raw` all of it as it came.

    `cells` are without blanks around them and without their quotes. `separator` is "" where there is none. `wrong`
    says why it cannot be read, else "".
    """

    number: int
    raw: str
    cells: list[str]
    separator: str
    wrong: str = ""


def read_lines(text: str) -> Iterator[Line]:
    """Yield every record of the text that is not blank; a byte-order mark at its head is none of it."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    start, number = 0, 1
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        line = _read(text, start, end, number)
        if line.raw.strip():
            yield line
        start += len(line.raw) + 1
        number += line.raw.count("\n") + 1


def parted(raw: str, separator: str) -> list[str]:
    """Return the cells of a record as another separator parts it, one cell for ""."""
    return _cells(raw, 0, separator)[0] if separator else [raw.strip()]


def _read(text: str, start: int, end: int, number: int) -> Line:
    """The record that begins at `start`, whose first line ends at `end`."""
    raw = text[start:end]
    separator = _separator(raw)
    if '"' not in raw:
        cells = raw.split(separator) if separator else [raw]
        return Line(number, raw, [cell.strip() for cell in cells], separator)
    cells, end = _cells(text, start, separator or "\t")
    raw = text[start:end]
    # Where the quote of a cell is closed nowhere, the cell still begins with it.
    open_quote = any(cell.startswith('"') and cell.count('"') % 2 for cell in cells)
    return Line(number, raw, cells, separator, _NOT_CLOSED if open_quote else "")


def _cells(text: str, start: int, separator: str) -> tuple[list[str], int]:
    """The cells of the record that begins at `start`, and where it ends."""
    cells, cell = list[str](), _CELL[separator]
    while True:
        found = cell.match(text, start)
        if found is None:
            return cells, start
        quoted, plain = found.groups()
        cells.append(plain.strip() if quoted is None else quoted.replace('""', '"').strip())
        start = found.end() + 1
        if text[found.end() : start] != separator:
            return cells, found.end()


def _separator(line: str) -> str:
    """What parts the cells of the line: a tab if it has any, else the leftmost of the others outside of quotes."""
    bare = _QUOTED.sub("", line) if '"' in line else line
    if "\t" in bare:
        return "\t"
    # An address that comes first may hold a comma.
    if "|" in bare and _ADDRESS_FIRST.match(bare):
        return "|"
    found = _LEFTMOST.search(bare)
    return found[0] if found else ""
