"""Rows as files: CSV for spreadsheets, JSON lines for programs.

CSV is RFC 4180: commas, CRLF, quotes only where they are needed. A spreadsheet takes a text that begins with = + - @,
a tab or a carriage return for a formula, so such a text gets one apostrophe in front, and so does one that already
has apostrophes before it: `unguarded` takes off exactly what was put on. Numbers are never guarded.

JSON is one object a line, or an array of such lines for readers of whole files; unknown values are left out, money is
text, for many readers make floats of numbers.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

Value = str | int | bool | Decimal | None

_BEGINS_A_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_GUARDED = re.compile(r"''*[=+\-@\t\r]")


class _Echo:
    """A file that hands every line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line


_WRITER = csv.writer(_Echo(), lineterminator="\r\n")


def csv_line(values: Iterable[Value]) -> str:
    """Return one CSV row with its line end; unknown values are empty, flags are yes and no."""
    line: str = _WRITER.writerow([_cell(value) for value in values])
    return line


def json_line(values: Mapping[str, object]) -> str:
    """Return one JSON object with its line end, of values that are known."""
    known = {name: format(value, "f") if isinstance(value, Decimal) else value for name, value in values.items()}
    return json_text({name: value for name, value in known.items() if value is not None}) + "\n"


def json_array(lines: Iterable[str]) -> Iterator[str]:
    """Yield one JSON array of objects that come a line each, as `json_line` returns them; they stay so."""
    yield "["
    for number, line in enumerate(lines):
        yield ("," if number else "") + "\n" + line.rstrip("\n")
    yield "\n]\n"


def json_text(value: object) -> str:
    """Return JSON that is readable in any script and encodes to UTF-8: half of a surrogate pair stays an escape."""
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "backslashreplace").decode()


def unguarded(cell: str) -> str:
    """Return the text of a cell as it was before it was kept from being a formula."""
    return cell[1:] if _GUARDED.match(cell) else cell


def _cell(value: Value) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case int() | Decimal():
            return format(value, "f" if isinstance(value, Decimal) else "d")
    return f"'{value}" if _BEGINS_A_FORMULA.match(value) else value
