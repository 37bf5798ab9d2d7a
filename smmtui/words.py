"""The words on the screen in the user's language: the program's own English, or a translation of it.

A translation is one file of gettext, made from `smmtui/locale/smmtui.pot`: `LANGUAGE/LC_MESSAGES/smmtui.mo` in
`smmtui/locale/` or in the folder `locale` beside the configuration file. The language is that of the terminal:
`LANGUAGE`, `LC_ALL`, `LC_MESSAGES` or `LANG`, whichever is set first, as gettext's own rule is. It is chosen when this
module is first imported, so that words in classes and tables are translated as well.
"""

from __future__ import annotations

import os
from collections.abc import Callable
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
    if not values:
        return text if _translation is None else _translation.gettext(text)
    return _filled(text, None if _translation is None else _translation.gettext, values)


def ngettext(one: str, many: str, count: int, /, **values: object) -> str:
    """Return the form of a text that goes with a number, which also is {count} in it, grouped; as `_` otherwise."""
    values = {"count": f"{count:,}", **values}
    own = one if count == 1 else many
    translation = _translation
    return _filled(own, None if translation is None else lambda _own: translation.ngettext(one, many, count), values)


def _filled(own: str, translate: Callable[[str], str] | None, values: dict[str, object]) -> str:
    if translate is not None:
        translated = translate(own)
        # A slip of a translator must not cost more than the translation, nor leave out what is to be read.
        if translated != own and _places(translated) == _places(own):
            return translated.format_map(values)
    return own.format_map(values)


@cache
def _places(text: str) -> frozenset[tuple[str | None, str | None, str | None]]:
    """The places of a text and how they are filled; a number of its own may be said in words, as in "an order"."""
    from string import Formatter

    try:
        parts: list[tuple[str | None, str | None, str | None]] = [
            part[1:] for part in Formatter().parse(text) if part[1] is not None
        ]
    except ValueError:
        parts = [("", "", "not a text that can be filled")]
    return frozenset(part for part in parts if part != ("count", "", None))
