"""Cleaning of text that we did not write: names, descriptions and replies of the panel, files, the clipboard.

Unsafe are the code points that a terminal obeys instead of showing, or that hide from the reader: controls (Cc),
format characters (Cf: bidi, zero width, tags), surrogates (Cs), private use (Co), unassigned ones (Cn) and the two
separators (Zl, Zp). They become a visible `�`. Only a joiner or an emoji selector inside a picture stays, for
without it the picture is drawn in another width.

Every function takes any `str`, lone surrogates included, never raises, and returns text that encodes to UTF-8.
"""

from __future__ import annotations

import re
from functools import cache
from unicodedata import category, is_normalized, normalize

REPLACEMENT = "\ufffd"

_ELLIPSIS = "…"
_MARKS_PER_BASE = 3
# Marks and joiners can make thousands of code points of one letter; beyond this much nothing more is looked at.
_RAW_PER_SHOWN = 8

_EMOJI_SELECTOR = "\ufe0f"
# The pictures new in Unicode 15, by name: the tables of Python 3.11 end at Unicode 14 and call them unassigned.
_RECENT = (
    "\U0001f6dc\U0001fa75-\U0001fa77\U0001fa87\U0001fa88\U0001faad-\U0001faaf\U0001fabb-\U0001fabd\U0001fabf"
    "\U0001face\U0001facf\U0001fada\U0001fadb\U0001fae8\U0001faf7\U0001faf8"
)
_PICTURE = (
    "[©®‼⁉™ℹ↔-↙↩↪⌚⌛⌨⏏⏩-⏳⏸-⏺Ⓜ▪▫▶◀◻-◾☀-➿⤴⤵⬅-⬇⬛⬜⭐⭕〰〽㊗㊙"
    "\U0001f004\U0001f0cf\U0001f170\U0001f171\U0001f17e\U0001f17f\U0001f18e\U0001f191-\U0001f19a\U0001f201\U0001f202"
    "\U0001f21a\U0001f22f\U0001f232-\U0001f23a\U0001f250\U0001f251\U0001f300-\U0001f64f\U0001f680-\U0001f6c5"
    "\U0001f6cb-\U0001f6d2\U0001f6d5-\U0001f6d7\U0001f6dd-\U0001f6e5\U0001f6e9\U0001f6eb\U0001f6ec\U0001f6f0"
    f"\U0001f6f3-\U0001f6fc\U0001f7e0-\U0001f7eb\U0001f7f0\U0001f90c-\U0001f9ff\U0001fa70-\U0001fa74{_RECENT}"
    "\U0001fa78-\U0001fa7c\U0001fa80-\U0001fa86\U0001fa90-\U0001faac\U0001fab0-\U0001faba\U0001fac0-\U0001fac5"
    "\U0001fad0-\U0001fad9\U0001fae0-\U0001fae7\U0001faf0-\U0001faf6]"
)
_TONE = "[\U0001f3fb-\U0001f3ff]"
_DRESSED = f"{_PICTURE}{_EMOJI_SELECTOR}?{_TONE}?"
_SELECTOR = "[\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]"

# Every unsafe code point is neither a letter nor a digit nor printable ASCII, so one scan in C finds all that has to
# be looked at. The longest family or kiss joins four pictures. A flag of tag characters is one mishap, not six.
_ODD = (
    f"(?P<whole>{_DRESSED}(?:\u200d{_DRESSED}){{0,3}}|[0-9#*]{_EMOJI_SELECTOR}\u20e3)"
    f"|(?P<selector>{_SELECTOR})|(?P<space>\r\n|[\t\n\v\f\r\u0085\u2028\u2029])"
    "|[\U000e0020-\U000e007f]+|[^\\w\x20-\x7e]"
)
_MARK_RUN = re.compile(r"[^\w\x00-\x7f]{4,}")
# Selectors but for one right after its picture, or enough symbols in a row to be a pile of marks.
_WANTS_A_LOOK = re.compile(
    f"{_SELECTOR}(?:(?<!{_EMOJI_SELECTOR})|(?<!{_PICTURE}{_EMOJI_SELECTOR})|(?<={_TONE}{_EMOJI_SELECTOR}))"
    "|[^\\w\x00-\x7f]{4}"
)
_IS_RECENT = re.compile(f"[{_RECENT}]")


@cache
def _odd() -> re.Pattern[str]:
    # It takes a while to compile, and most texts need no look at each of their code points.
    return re.compile(_ODD)


def is_unsafe(char: str) -> bool:
    """Return whether one code point, standing alone, must not reach the terminal."""
    return not (char.isprintable() or category(char) == "Zs" or _IS_RECENT.match(char))


def clean(text: str, limit: int = 500) -> str:
    """Return the text as one safe line of at most `limit` characters, "…" at its end where it was cut.

    Unsafe code points become `�`, line breaks, tabs and exotic blanks a space; at most three combining marks stay on
    a base; the result is in NFC. Cleaning twice changes nothing more.
    """
    raw = text[: limit * _RAW_PER_SHOWN]
    return _cut(_line(raw), limit, shortened=len(raw) < len(text))


def clean_block(text: str, limit: int = 20_000, lines: int = 500) -> str:
    """Return the text as `clean` does, but with its line breaks as `\\n`, at most `lines` of them; none at the end."""
    raw = text[: limit * _RAW_PER_SHOWN]
    rows = [_line(row) for row in raw.splitlines()]
    if len(rows) > lines:
        rows[lines - 1 :] = [_ELLIPSIS]
    return _cut("\n".join(rows).rstrip("\n"), limit, shortened=len(raw) < len(text))


def terminal_safe(text: str) -> str:
    """Return the text fit for a terminal outside of a widget: only line feeds stay, unsafe code points become `�`."""
    if text.isascii() and text.isprintable():
        return text
    return "\n".join(_odd().sub(_shown, line) for line in text.replace("\r\n", "\n").split("\n"))


def drop_unsafe(text: str) -> str:
    """Return a piece of one rendered line without unsafe code points: the last filter before the terminal."""
    return text if text.isprintable() else _odd().sub(_dropped, text)


def _line(text: str) -> str:
    if text.isprintable() and (text.isascii() or _is_plain(text)):
        return text
    # Marks are bounded before composing as well, for composing sorts them and takes quadratic time over a long run;
    # and composed once more at the end, for a mark less can leave two neighbours that compose.
    safe = _bound_marks(_odd().sub(_shown, text))
    return normalize("NFC", _bound_marks(normalize("NFC", safe)))


def _is_plain(text: str) -> bool:
    return not _WANTS_A_LOOK.search(text) and is_normalized("NFC", text)


def _shown(odd: re.Match[str]) -> str:
    if odd["whole"]:
        return odd[0]
    if odd["selector"]:
        return ""
    if odd["space"] or category(odd[0][0]) == "Zs":
        return " "
    return odd[0] if odd[0].isprintable() else REPLACEMENT


def _dropped(odd: re.Match[str]) -> str:
    return odd[0] if odd["whole"] or odd[0].isprintable() or category(odd[0][0]) == "Zs" else ""


def _bound_marks(text: str) -> str:
    return _MARK_RUN.sub(_fewer_marks, text)


def _fewer_marks(run: re.Match[str]) -> str:
    kept: list[str] = []
    marks = 0
    for char in run[0]:
        kind = category(char)
        if kind in ("Mn", "Me") and char != _EMOJI_SELECTOR:
            marks += 1
            if marks > _MARKS_PER_BASE:
                continue
        elif kind[0] != "M":
            marks = 0
        kept.append(char)
    return "".join(kept)


def _cut(text: str, limit: int, *, shortened: bool) -> str:
    if len(text) <= limit and not shortened:
        return text
    # A cut can fall inside a picture: what then dangles goes, as it would in the next cleaning.
    return "\n".join(_odd().sub(_shown, row) for row in text[: limit - 1].rstrip("\u200d").split("\n")) + _ELLIPSIS
