"""A language that nobody speaks: English in other letters, a third longer. English that is left in it was missed."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from tests.words.extracted import extracted

LANGUAGE = "qps"
_LETTERS = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", "åƀćđéƒğĥíĵķĺɱńóƥɋřšţúṽŵẋýžÅƁĆĐÉƑĞĤÍĴĶĹṀŃÓƤɊŘŠŢÚṼŴẊÝŽ"
)
# Places, names of settings and fields in quotes or backticks, addresses, and keys that are spelt in a text.
_KEPT = re.compile(
    r"\{[^{}]*\}|https?://\S+|\b[a-z]+_[a-z_]+\b|--[a-z]+\b|[A-Z_]{4,}\b|\.\w+\b|\b(?:cat|type|rate|refill|status|state|fav|is|why|age|charge|tag|note|service|link|warn|problem)[:<]\S*"
)


def lengthened(text: str) -> str:
    """Return a text in the language."""
    if not text.strip():
        return text
    pieces, at = [], 0
    for kept in _KEPT.finditer(text):
        pieces += [text[at : kept.start()].translate(_LETTERS), kept[0]]
        at = kept.end()
    told = "".join([*pieces, text[at:].translate(_LETTERS)])
    letters = sum(character.isalpha() for character in text)
    body = told.rstrip()
    return f"{body}{'~' * -(-letters // 3)}{told[len(body) :]}"


def write_language(folder: Path) -> None:
    """Put the language where a translation is looked for: in the folder `locale` of the configuration's folder."""
    catalog = Catalog(locale=None, charset="utf-8", fuzzy=False)
    catalog.mime_headers  # noqa: B018  Babel makes them when they are read
    for message in extracted():
        if message.id:
            pair = isinstance(message.id, tuple)
            told = tuple(map(lengthened, message.id)) if pair else lengthened(str(message.id))
            catalog.add(message.id, told)
    out = BytesIO()
    write_mo(out, catalog)
    file = folder / "locale" / LANGUAGE / "LC_MESSAGES" / "smmtui.mo"
    file.parent.mkdir(parents=True)
    file.write_bytes(out.getvalue())
