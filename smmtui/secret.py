"""The API key in memory, and its removal from every text that leaves the program."""

from __future__ import annotations

import base64
import html
import json
from urllib.parse import quote, quote_plus

MASK = "****"
_SHORTEST_MASKED = 8
_TAIL = 12


class Secret:
    """A key that shows as `****` wherever it is printed; `reveal` is called in one place, where a request is built."""

    __slots__ = ("__forms", "__value")

    def __init__(self, value: str) -> None:
        self.__value = value
        self.__forms = _forms(value)

    def reveal(self) -> str:
        """Return the key itself, for the body of a request and for nothing else."""
        return self.__value

    def mask(self, text: str) -> str:
        """Return `text` with the key masked: plain, URL-, JSON-, HTML-, hex- or base64-encoded, and its last part.

        The last part means 12 characters. Keys under 8 characters are left alone: they would mask half the text.
        """
        for form in self.__forms:
            text = text.replace(form, MASK)
        return text

    def mask_bytes(self, raw: bytes) -> bytes:
        """Return UTF-8 bytes with the key masked as by `mask`; the same object where there is nothing to mask."""
        for form in self.__forms:
            raw = raw.replace(form.encode(), MASK.encode())
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


def _forms(value: str) -> tuple[str, ...]:
    """Every spelling of the key that is sought, the longest first so that none leaves a rest of another."""
    if len(value) < _SHORTEST_MASKED:
        return ()
    forms = _spellings(value) | _base64_forms(value.encode())
    forms |= {value.encode().hex(), value.encode().hex().upper()}
    if len(value) > _TAIL:
        forms |= _spellings(value[-_TAIL:])
    return tuple(sorted(forms, key=len, reverse=True))


def _spellings(value: str) -> set[str]:
    escaped = json.dumps(value)[1:-1]
    every_byte = "".join(f"%{byte:02X}" for byte in value.encode())
    every_letter = "".join(f"\\u{ord(letter):04x}" for letter in value)
    return {
        value,
        quote(value, safe=""),
        quote(value),
        quote_plus(value),
        every_byte,
        every_byte.lower(),
        html.escape(value),
        escaped,
        escaped.replace("/", "\\/"),
        json.dumps(value, ensure_ascii=False)[1:-1],
        every_letter,
        every_letter.upper().replace("\\U", "\\u"),
    }


def _base64_forms(raw: bytes) -> set[str]:
    """Every base64 spelling of `raw` inside a longer text: its letters depend on the offset modulo three."""
    forms = {base64.b64encode(raw).decode(), base64.urlsafe_b64encode(raw).decode()}
    forms |= {form.rstrip("=") for form in forms}
    for lead in range(3):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            text = encode(b"\0" * lead + raw).decode().rstrip("=")
            forms.add(text[(lead * 8 + 5) // 6 : (lead + len(raw)) * 8 // 6])
    return {form for form in forms if len(form) >= _SHORTEST_MASKED}
