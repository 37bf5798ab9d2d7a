"""Where and how a panel says no: the carriers of error texts, and the errors made of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from smmtui.domain.foreign_text import clean
from smmtui.errors import BadKey, RateLimited, Refused
from smmtui.panel.meanings import meaning_of

_TEXT_KEYS = ("text", "message", "msg", "error_message", "error", "description", "detail", "title")
_FAILED_WORDS = frozenset({"error", "fail", "failed", "failure", "false"})
_LIMIT = 500


def refusal(text: str) -> Refused:
    """Return the error that a panel's own words amount to."""
    meaning = meaning_of(text)
    if meaning == "bad key":
        return BadKey(text)
    if meaning == "rate limit":
        return RateLimited(text)
    return Refused(text, meaning)


def error_text(reply: object, failed: bool = False) -> str:
    """Return the error text that a reply carries, cleaned, or "".

    `error` as text or as `{code, text}`, `errors`, and `message` or `msg` beside `status: "error"` or
    `success: false`; with `failed` (an HTTP status of 400 or above) a bare `message` is one too. An `error` that is
    null, "", false, 0 or empty is none.
    """
    if not isinstance(reply, dict):
        return ""
    row = cast("dict[str, object]", reply)
    text = _words(row.get("errors")) or _words(row.get("error"))
    if not text and (failed or _says_failed(row)):
        text = _words({key: row.get(key) for key in ("message", "msg", "detail", "reason")})
    return clean(text, _LIMIT).strip()


def _says_failed(row: dict[str, object]) -> bool:
    if row.get("error") not in (None, False, "", 0, "0") or row.get("success") in (False, 0, "0", "false"):
        return True
    status = row.get("status")
    return status is False or (isinstance(status, str) and status.strip().casefold() in _FAILED_WORDS)


def _words(value: object) -> str:
    """The text in an error value of any shape; numbers and booleans alone say nothing."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, dict):
        return _telling(cast("dict[str, object]", value))
    if isinstance(value, list):
        return _joined(value)
    return ""


def _telling(row: dict[str, object]) -> str:
    for key in _TEXT_KEYS:
        text = _words(row.get(key))
        if text:
            return text
    return _joined(row.values())


def _joined(values: Iterable[object]) -> str:
    return "; ".join(text for text in map(_words, values) if text)
