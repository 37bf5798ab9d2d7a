"""JSON from a panel, read so that nothing is guessed: duplicate keys, NaN, absurd numbers and depths are refused.

Numbers with a point or an exponent become `Decimal`. A byte-order mark is nothing unusual; what else surrounds the
JSON, such as PHP notices, is cut off and reported, since an answer that needed cutting deserves a warning.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from decimal import Decimal
from typing import Any

from msgspec import Struct

from smmtui.errors import BadAnswer
from smmtui.words import _

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_LARGEST_EXPONENT = 100
_MOST_STARTS = 500
_DEEPEST = 50
_START = re.compile(r"[\[{]")
_ROWS = re.compile(r"\[\s*\{")
_BARE_ROWS = re.compile(r"\s*\[\s*\{")
_ROW_START = re.compile(r"[^\s,]")
_PAGE = re.compile(r"<(!doctype|html|head|body|script)\b", re.IGNORECASE)


class _Refused(ValueError):
    """Well-formed enough to be JSON, but not trustworthy."""


# Beside our own refusals: integers of thousands of digits, exponents beyond Decimal's, brackets without end.
_UNTRUSTED = (ValueError, ArithmeticError, RecursionError)


class Document(Struct, frozen=True):
    """One JSON value found in a body; `noise` tells that something stood around it, `page` that it was a web page."""

    value: object
    noise: bool = False
    page: bool = False


def exact_number(text: str) -> Decimal:
    """Return a JSON number as it was written; ValueError for exponents beyond ±100, which only an attack needs."""
    number = Decimal(text) if len(text) <= _LARGEST_EXPONENT else Decimal("NaN")
    if not number.is_finite() or abs(number.adjusted()) > _LARGEST_EXPONENT:
        raise _Refused(_("it holds an absurd number"))
    return number


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    row = dict(pairs)
    if len(row) != len(pairs):
        raise _Refused(_("it names one key twice"))
    return row


def _no_constant(name: str) -> object:
    raise _Refused(_("it holds {value}", value=name))


# Raw control characters inside strings are common in descriptions and harm nobody: every text is cleaned later.
_STRICT = json.JSONDecoder(
    object_pairs_hook=_no_duplicates, parse_float=exact_number, parse_constant=_no_constant, strict=False
)
_LENIENT = json.JSONDecoder(parse_float=lambda _digits: None, parse_int=lambda _digits: None, strict=False)


def read_document(body: bytes | bytearray) -> Document:
    """Return the one JSON value of a body; BadAnswer where there is none, more than one, or one not to be trusted."""
    text = _text(body)
    if not text:
        raise BadAnswer(_("it is empty"))
    page = _PAGE.search(text, 0, 2000) is not None
    try:
        document = Document(_STRICT.decode(text))
    except json.JSONDecodeError:
        document = Document(_cut_out(text, page), noise=True, page=page)
    except _UNTRUSTED as error:
        raise _distrust(error) from None
    if _deeper_than(document.value, _DEEPEST):
        raise BadAnswer(_("it is nested too deep"))
    return document


def _deeper_than(value: object, levels: int) -> bool:
    """Whether lists and objects are nested beyond what the readers, some of which recurse, are made for."""
    if not isinstance(value, list | dict):
        return False
    inner = value.values() if isinstance(value, dict) else value
    return levels == 0 or any(_deeper_than(item, levels - 1) for item in inner)


def _text(body: bytes | bytearray) -> str:
    """The body as text, without its byte-order mark and the blanks around it."""
    encoding = "utf-8"
    for mark, name in _BOMS:
        if body.startswith(mark):
            encoding, body = name, body[len(mark) :]
            break
    try:
        return body.decode(encoding).strip(" \t\r\n\0\ufeff")
    except UnicodeDecodeError:
        raise BadAnswer(_("it is not text")) from None


def _cut_out(text: str, page: bool) -> object:
    """The only object, or list of objects, that stands in `text` among other things."""
    found: list[object] = []
    position = 0
    for _attempt in range(_MOST_STARTS):
        start = _START.search(text, position)
        if start is None:
            break
        try:
            value, position = _STRICT.raw_decode(text, start.start())
        except json.JSONDecodeError as broken:
            # What was well-formed up to here is part of something broken: no answer is picked out of its middle.
            position = max(start.end(), broken.pos)
        except _UNTRUSTED as error:
            raise _distrust(error) from None
        else:
            found += [value] if _is_document(value) else []
    if len(found) == 1:
        return found[0]
    if found:
        raise BadAnswer(_("it holds several JSON documents"))
    raise BadAnswer(_("it is a web page") if page else _("it is not JSON"))


def _is_document(value: object) -> bool:
    """Whether it can be an answer: "[0]" and "{}" stand in PHP notices too."""
    if isinstance(value, list):
        return bool(value) and isinstance(value[0], dict)
    return isinstance(value, dict) and bool(value)


def _distrust(error: Exception) -> BadAnswer:
    if isinstance(error, RecursionError):
        return BadAnswer(_("it is nested too deep"))
    return BadAnswer(str(error) if isinstance(error, _Refused) else _("it holds an absurd number"))


def read_rows(body: bytes) -> object:
    """Return the JSON value of a catalogue's body; where that fails as a whole, its list, row by row.

    In such a list None stands for each row that cannot be trusted. BadAnswer where the list is broken or never closed,
    since then nobody knows what is missing.
    """
    try:
        return read_document(body).value
    except BadAnswer:
        text = _text(body)
        start = _ROWS.search(text)
        if start is None:
            raise
    return _each_row(text, start.start() + 1)


def _each_row(text: str, position: int) -> list[object]:
    rows: list[object] = []
    while True:
        start = _ROW_START.search(text, position)
        if start is None:
            raise BadAnswer(_("its list is cut short"))
        if start[0] == "]":
            return rows
        row, position = _one_row(text, start.start())
        rows.append(row)


def leading_rows(beginning: bytes) -> Iterator[object]:
    """Yield the rows of a list of which only the beginning is there, up to where it breaks off; None as `read_rows`."""
    text = beginning.decode("utf-8", "ignore")
    start = _BARE_ROWS.match(text)
    position = len(text) if start is None else start.end() - 1
    with suppress(BadAnswer):
        while (begin := _ROW_START.search(text, position)) is not None and begin[0] != "]":
            row, position = _one_row(text, begin.start())
            yield row


def _one_row(text: str, position: int) -> tuple[object, int]:
    try:
        return _STRICT.raw_decode(text, position)
    except json.JSONDecodeError:
        raise BadAnswer(_("its list is broken")) from None
    except _UNTRUSTED:
        pass
    try:
        return None, _LENIENT.raw_decode(text, position)[1]
    except (ValueError, RecursionError):
        raise BadAnswer(_("its list is broken")) from None


def strings_in(value: object) -> list[str]:
    """Return every string in a JSON value, keys included."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [text for item in value for text in strings_in(item)]
    if isinstance(value, dict):
        return [*value, *(text for item in value.values() for text in strings_in(item))]
    return []


def map_strings(value: object, change: Callable[[str], str]) -> object:
    """Return the JSON value with every string in it changed, keys included."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [map_strings(item, change) for item in value]
    if isinstance(value, dict):
        return {change(key): map_strings(item, change) for key, item in value.items()}
    return value
