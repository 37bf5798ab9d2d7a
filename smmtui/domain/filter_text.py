"""A filter as text that is edited: its pieces taken away, put in, and completed while one types."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from smmtui.domain.filter_language import Field, Kind, fold, pieces

# Texts, compiled when first used: compiling all of them would be felt in the start.
_FIELD_AND_VALUE = r"[-!]?(?P<field>[^\W\d_]+)[:=](?P<quote>\"?)(?P<typed>[^\"]*)"
_FIELD = r"[-!]?(?P<typed>[^\W\d_]{2,})"
_CATEGORY = r"(?i)cat[:=]|[-!]cat:\Z"

NO_CATEGORY = "-cat:"
"""Asks for the services to which the panel gives no category."""


def without(text: str, number: int) -> str:
    """Return the filter without one of its pieces, counted as `pieces` does, negative ones from the end."""
    kept = [piece.text for piece in pieces(text)]
    del kept[number]
    return " ".join(kept)


def toggled(text: str, term: str) -> str:
    """Return the filter without a term if it is one of its pieces, else with it."""
    typed = [piece.text for piece in pieces(text)]
    return " ".join([each for each in typed if each != term] if term in typed else [*typed, term])


def in_category(text: str, category: str | None) -> str:
    """Return the filter for one category and whatever else it asked for before, None for all categories."""
    kept = [piece.text for piece in pieces(text) if not re.match(_CATEGORY, piece.text)]
    return " ".join(kept if category is None else [*kept, _category_term(category)])


def _category_term(category: str) -> str:
    if not category.strip():
        return NO_CATEGORY
    # There is no way to write a quote: the longest part without one has to do.
    longest = max(category.split('"'), key=len)
    return f'cat="{category}"' if longest == category else f'cat:"{longest}"'


def completed(text: str, fields: Mapping[str, Field], values: Callable[[str], Iterable[str]]) -> str | None:
    """Return the text with its last word completed to the name of a field or to a value; None where nothing fits.

    `values` returns the folded values of a field, likeliest first. Inside quotes a whole value is completed, outside
    of them a word of one. What was typed is always the beginning of what is returned.
    """
    typed = pieces(text)
    if not typed or typed[-1].end != len(text):
        return None
    word = typed[-1].words[-1]
    if match := re.fullmatch(_FIELD_AND_VALUE, word):
        name = fold(match["field"])
        rest = _rest_of_value(match, values(name)) if name in fields else None
    else:
        match = re.fullmatch(_FIELD, word)
        rest = _rest_of_name(match["typed"], fields) if match else None
    return text + rest if rest else None


def _rest_of_name(typed: str, fields: Mapping[str, Field]) -> str | None:
    names = (f"{name}{'<' if field.kind in (Kind.NUMBER, Kind.AGE) else ':'}" for name, field in fields.items())
    return _rest(typed, names)


def _rest_of_value(match: re.Match[str], values: Iterable[str]) -> str | None:
    if match["quote"]:
        return _rest(match["typed"], (f'{value}"' for value in values if '"' not in value))
    return _rest(match["typed"], (word for value in values for word in value.split() if word.isalnum()))


def _rest(typed: str, candidates: Iterable[str]) -> str | None:
    begun = fold(typed)
    if len(begun) != len(typed):
        return None
    return next((each[len(begun) :] for each in candidates if each.startswith(begun) and each != begun), None)
