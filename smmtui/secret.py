"""The API key in memory, and its removal from every text that leaves the program."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

MASK = "****"
_SHORTEST_MASKED = 8
_TAIL = 12
_LOSSLESS = "surrogatepass"
_PERCENT = "%.."
# Nothing of it is written in another way in JSON, HTML or a traceback.
_PLAIN = "[A-Za-z0-9_-]+"
_LOOKED_THROUGH = 256 * 1024
_KEPT_IN_URLS = ":/?#[]@!$&'()*+,;=%"


class Secret:
    """A key that shows as `****` wherever it is printed; `reveal` is for requests and for where the user keeps it."""

    __slots__ = ("__forms", "__value")

    def __init__(self, value: str) -> None:
        self.__value = value
        self.__forms = _forms(value)

    def reveal(self) -> str:
        """Return the key itself, for the body of a request, or to be kept where the user wants it kept."""
        return self.__value

    def mask(self, text: str) -> str:
        """Return `text` with the key masked: plain, encoded in any usual way, and its last part.

        The encodings are those of URLs, JSON, HTML, hex, base64 and Python's tracebacks, also base64 or a URL inside
        of JSON or a URL. The last part means 12 characters. Keys under 8 characters are left alone: they would mask
        half the text.
        """
        for form in self.__forms:
            text = text.replace(form, MASK)
        return text

    @staticmethod
    def mask_all(keys: Iterable[Secret], text: str) -> str:
        """Return `text` with each of these keys masked as by `mask`, also where one of them is part of another."""
        for form in sorted({form for key in keys for form in key.__forms}, key=len, reverse=True):
            text = text.replace(form, MASK)
        return text

    def mask_bytes(self, raw: bytes) -> bytes:
        """Return UTF-8 bytes with the key masked as by `mask`; the same object where there is nothing to mask."""
        for form in map(_raw, self.__forms):
            if _holds(raw, form):
                raw = raw.replace(form, MASK.encode())
        return raw

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other.reveal() == self.__value

    def __hash__(self) -> int:
        return hash((Secret, self.__value))

    def __bool__(self) -> bool:
        return bool(self.__value)

    def __repr__(self) -> str:
        return MASK

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return format(MASK, spec)

    def __reduce__(self) -> str | tuple[object, ...]:
        raise TypeError("a Secret is not pickled or copied to disk")


def _holds(raw: bytes, form: bytes) -> bool:
    """Look a part at a time: a catalogue at once would hold up every key for as long as it takes."""
    starts = range(0, len(raw), _LOOKED_THROUGH)
    return any(raw.find(form, start, start + _LOOKED_THROUGH + len(form) - 1) >= 0 for start in starts)


def _forms(value: str) -> tuple[str, ...]:
    """Every spelling of the key that is sought, the longest first so that none leaves a rest of another."""
    if len(value) < _SHORTEST_MASKED:
        return ()
    raw = _raw(value)
    forms = _spellings(value) | _base64_forms(raw) | {raw.hex(), raw.hex().upper()}
    if len(value) > _TAIL:
        forms |= _spellings(value[-_TAIL:])
    # An echo may be wrapped once more: a query string inside of JSON, base64 inside of a URL.
    forms |= {form.replace("/", "\\/") for form in forms} | {quote(form, safe="", errors=_LOSSLESS) for form in forms}
    return tuple(sorted(forms, key=len, reverse=True))


def _raw(text: str) -> bytes:
    """The text's bytes; half characters too, which a key can hold that was read from the environment."""
    return text.encode("utf-8", _LOSSLESS)


def _spellings(value: str) -> set[str]:
    every_letter = "".join(f"\\u{ord(letter):04x}" for letter in value)
    return {
        *_url_forms(_raw(value)),
        every_letter,
        every_letter.upper().replace("\\U", "\\u"),
        # UTF-16 that was taken for UTF-8.
        "\0".join(value),
        *([value] if re.fullmatch(_PLAIN, value) else _quoted(value)),
    }


def _quoted(value: str) -> set[str]:
    # Seldom needed, and the first paint would wait for them.
    import html
    import json

    escaped = html.escape(value)
    return {
        value,
        json.dumps(value)[1:-1],
        json.dumps(value, ensure_ascii=False)[1:-1],
        escaped,
        escaped.replace("&#x27;", "&#039;"),
        # What a traceback shows of text and of bytes.
        repr(value)[1:-1],
        ascii(value)[1:-1],
        repr(_raw(value))[2:-1],
    }


def _url_forms(raw: bytes) -> set[str]:
    every_byte = "".join(f"%{byte:02X}" for byte in raw)
    forms = {quote(raw, safe=""), quote(raw), quote(raw, safe=_KEPT_IN_URLS), quote_plus(raw), every_byte}
    return forms | {re.sub(_PERCENT, lambda code: code[0].lower(), form) for form in forms}


def _base64_forms(raw: bytes) -> set[str]:
    """Every base64 spelling of `raw` inside a longer text: its letters depend on the offset modulo three."""
    forms = {base64.b64encode(raw).decode(), base64.urlsafe_b64encode(raw).decode()}
    forms |= {form.rstrip("=") for form in forms}
    for lead in range(3):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            text = encode(b"\0" * lead + raw).decode().rstrip("=")
            forms.add(text[(lead * 8 + 5) // 6 : (lead + len(raw)) * 8 // 6])
    return {form for form in forms if len(form) >= _SHORTEST_MASKED}
