"""The words on the screen in the user's language: the program's own English, or a translation of it.

A translation is one file of gettext, made from `smmtui/locale/smmtui.pot`: `LANGUAGE/LC_MESSAGES/smmtui.mo` in
`smmtui/locale/` or in the folder `locale` beside the configuration file. The language is that of the terminal:
`LANGUAGE`, `LC_ALL`, `LC_MESSAGES` or `LANG`, whichever is set first, as gettext's own rule is. It is chosen when this
module is first imported, so that words in classes and tables are translated as well.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gettext import GNUTranslations

_DOMAIN = "smmtui"
_VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
_OWN = ("en", "C", "POSIX")


def _languages() -> list[str]:
    named = next((value for name in _VARIABLES if (value := os.environ.get(name))), "")
    return [] if named.partition(":")[0].startswith(_OWN) else [name for name in named.split(":") if name]


def _find() -> GNUTranslations | None:
    """The translation into the first language that has one; without a wish for one, nothing is loaded."""
    languages = _languages()
    if not languages:
        return None
    import gettext

    from platformdirs import user_config_path

    for folder in (user_config_path(_DOMAIN, appauthor=False) / "locale", Path(__file__).parent / "locale"):
        try:
            return gettext.translation(_DOMAIN, folder, languages)
        except (OSError, ValueError, UnicodeDecodeError):
            # A translation that is missing or damaged is no reason not to start: then the words are English.
            continue
    return None


_translation = _find()


def translated_into() -> str:
    """Return the language of the translation that is used, "" for the program's own English."""
    return "" if _translation is None else _translation.info().get("language", "?")


def _(text: str, /, **values: object) -> str:
    """Return a text in the user's language, with `values` in the places that name them, as in "{count} left".

    The text is a literal, by which it is found among the translations. A translation whose places are not those of
    the text is not used.
    """
    translated = text if _translation is None else _translation.gettext(text)
    if not values:
        return translated
    return (translated if translated == text or _fits(translated, text) else text).format_map(values)


def ngettext(one: str, many: str, count: int, /, **values: object) -> str:
    """Return the form of a text that goes with a number, which also is {count} in it, grouped; as `_` otherwise.

    Only the translation of one alone may leave {count} out, to say it in words.
    """
    own = one if count == 1 else many
    translated = own if _translation is None else _translation.ngettext(one, many, count)
    values = {"count": f"{count:,}", **values}
    spared = _NUMBER if count == 1 else frozenset()
    # Not every language has the form of one for one alone, so each form may name what the other does.
    fits = translated == own or _fits(translated, own, one + many, spared)
    return (translated if fits else own).format_map(values)


_Places = frozenset[tuple[str | None, str | None, str | None]]
_NUMBER: _Places = frozenset({("count", "", None)})


def _fits(translated: str, own: str, known: str = "", spared: _Places = frozenset()) -> bool:
    """Whether a translation has the places of our own text but for the spared ones, and none that is not known.

    A slip of a translator must not cost more than the translation, nor leave out what is to be read.
    """
    return _places(own) - spared <= _places(translated) <= _places(known or own)


@cache
def _places(text: str) -> _Places:
    """The places of a text and how they are filled."""
    from string import Formatter

    try:
        return frozenset(part[1:] for part in Formatter().parse(text) if part[1] is not None)
    except ValueError:
        return frozenset({("", "", "not a text that can be filled")})
