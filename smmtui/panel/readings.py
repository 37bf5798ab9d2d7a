"""Single values of a reply, read without guessing: what cannot be read exactly is None, for "unknown"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from smmtui.domain.foreign_text import clean, clean_block

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_NO_ID = frozenset({"null", "none", "nil", "true", "false", "undefined", "nan", "error"})
_COUNT = re.compile(r"-?[0-9]{1,15}(\.0{1,12})?", re.ASCII)
_LARGEST_COUNT = 10**15
_YES = frozenset({"1", "true", "yes", "on"})
_NO = frozenset({"0", "false", "no", "off"})

WORD_LIMIT = 60
NAME_LIMIT = 300


def read_id(value: object) -> str | None:
    """Return an order, refill or service id as an opaque string, None where it is none.

    An integer of 1 to 64 digits or a string of 1 to 64 letters, digits, `_`, `-`; never true, 0, null or a fraction,
    nor a string that spells one of these.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        text = str(value) if 0 < value < 10**64 else ""
    elif isinstance(value, str):
        text = value.strip(" \t\r\n")
    else:
        return None
    if not _ID.fullmatch(text) or text.casefold() in _NO_ID or not text.strip("0-_"):
        return None
    return text


def read_count(value: object) -> int | None:
    """Return a whole number written as one or as a string, None for anything else; it may be negative."""
    if isinstance(value, str):
        text = value.strip(" \t\r\n")
        return int(text.partition(".")[0]) if _COUNT.fullmatch(text) else None
    if isinstance(value, int) and not isinstance(value, bool):
        return value if abs(value) < _LARGEST_COUNT else None
    if isinstance(value, Decimal) and abs(value) < _LARGEST_COUNT and value == int(value):
        return int(value)
    return None


def read_flag(value: object) -> bool | None:
    """Return yes or no as panels spell them, None for "not stated"."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | str):
        word = str(value).strip().casefold()
        return True if word in _YES else False if word in _NO else None
    return None


def read_word(value: object, limit: int = WORD_LIMIT) -> str:
    """Return a string or number as one cleaned line, "" for anything else."""
    if isinstance(value, str):
        if "&" in value:
            # All the names of HTML are loaded with it, and few catalogues hold one.
            from html import unescape

            value = unescape(value)
        return clean(value, limit)
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return str(value)[:limit]
    return ""


def read_prose(value: object) -> str:
    """Return a description as cleaned text with its line breaks and mark-up.

    The mark-up goes when one description is shown, by `plain_description`: of all of a catalogue it would take as long
    as the rest of the reading.
    """
    return clean_block(value).strip() if isinstance(value, str) else ""


def first(row: Mapping[str, object], *names: str) -> object:
    """Return the value of the first of the keys that is there and not null."""
    for name in names:
        value = row.get(name)
        if value is not None:
            return value
    return None
