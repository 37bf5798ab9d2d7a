"""Descriptions of services, which panels write in HTML, half HTML or plain text, as plain text to read."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

from smmtui.domain.foreign_text import REPLACEMENT, clean_block

_LIMIT = 20_000
# Mark-up takes room that the reader never sees; what lies beyond this is not looked at.
_RAW_LIMIT = 200_000

# In the gathered text: here begins a line, here a paragraph.
_LINE = "\x1d"
_PARAGRAPH = "\x1e"

_OPENINGS = {"br": "\n", "td": " ", "th": " ", "p": _PARAGRAPH, "li": f"{_LINE}• "}
_LINES = (
    "address|article|aside|blockquote|center|dd|details|div|dl|dt|fieldset|figure|footer|form|h1|h2|h3|h4|h5|h6|header|"
    "hr|main|nav|ol|pre|section|summary|table|tbody|tfoot|thead|tr|ul"
)
_INLINE = (
    "a|abbr|b|bdi|bdo|big|body|button|cite|code|del|em|font|head|html|i|img|ins|kbd|label|mark|s|samp|small|span|"
    "strike|strong|sub|sup|tt|u|var"
)
_UNSHOWN = ("script", "style")
_TAGS = "|".join([*_OPENINGS, _LINES, _INLINE, *_UNSHOWN])

# Only these are tags: "<" in "min < 50" or "<your link>" is text. A tag never holds another "<", so that the scan
# stays linear whatever was sent.
_TAG = re.compile(rf"</?(?:{_TAGS})(?:\s[^<>]*|/)?>", re.IGNORECASE)
_LONE = re.compile(rf"<(?!/?(?:{_TAGS})(?:\s[^<>]*|/)?>)", re.IGNORECASE)
_BREAKING = re.compile(r"<(?:br|p|div|li|tr)\b", re.IGNORECASE)
# `html.unescape` raises on a number of more digits than Python converts.
_ENDLESS_NUMBER = re.compile(r"&#[0-9]{8,};?|&#[xX][0-9a-fA-F]{8,};?")
_ESCAPED_TWICE = re.compile(r"&(?:amp;)+(?=[a-zA-Z]{2,8};|#[0-9]{1,7};|#[xX][0-9a-fA-F]{1,6};)")
_IS_LINE = re.compile(_LINES)
_GAP = re.compile(f"[ \n{_LINE}{_PARAGRAPH}]+")
_ADDRESS = re.compile(r"(?:https?://|mailto:)\S", re.IGNORECASE)
_TRIMMINGS = re.compile(r"\A(?:https?://(?:www\.)?|mailto:)|/\Z", re.IGNORECASE)


def plain_description(text: str) -> str:
    """Return the description as readable plain text: line breaks, "• " before list items, a blank line at a paragraph.

    Links show their text, and their http(s) or mail address where it differs. Scripts, styles and comments are left
    out. Mark-up that was escaped too often is read as mark-up. The result is a `clean_block` of at most 20,000
    characters; never raises.
    """
    raw = _without_comments(_ESCAPED_TWICE.sub("&", text[:_RAW_LIMIT]))
    if not _TAG.search(raw) and _TAG.search(unescaped := html.unescape(_ENDLESS_NUMBER.sub(REPLACEMENT, raw))):
        raw = unescaped
    reader = _Reader(keep_line_breaks=not _BREAKING.search(raw))
    reader.feed(_ENDLESS_NUMBER.sub(REPLACEMENT, _LONE.sub("&lt;", raw)))
    reader.close()
    return clean_block(reader.text(), _LIMIT)


def _without_comments(text: str) -> str:
    # By `split`, for a pattern would look for the end of each of a thousand unclosed comments anew.
    before, *comments = text.split("<!--")
    after = [rest if closed else f"<!--{body}" for body, closed, rest in (each.partition("-->") for each in comments)]
    return before + "".join(after)


class _Reader(HTMLParser):
    """Gathers the shown text of mark-up."""

    def __init__(self, *, keep_line_breaks: bool) -> None:
        super().__init__(convert_charrefs=True)
        self._blanks = re.compile(r"[ \t\f\r\xa0]+" if keep_line_breaks else r"[ \t\f\r\n\xa0]+")
        self._parts: list[str] = []
        self._unshown = 0
        self._address = ""
        self._linked_from = 0

    def text(self) -> str:
        """Return what was gathered, at most one empty line in a row."""
        self._end_link()
        return _GAP.sub(_gap, "".join(self._parts)).strip(" \n")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSHOWN:
            self._unshown += 1
        elif tag == "a":
            self._end_link()
            self._address, self._linked_from = (dict(attrs).get("href") or "").strip(), len(self._parts)
        elif tag == "img":
            self._parts.append(dict(attrs).get("alt") or "")
        else:
            self._parts.append(_OPENINGS.get(tag, _LINE if _IS_LINE.fullmatch(tag) else ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSHOWN:
            self._unshown = max(0, self._unshown - 1)
        elif tag == "a":
            self._end_link()
        elif tag == "p":
            self._parts.append(_PARAGRAPH)
        elif tag == "li" or _IS_LINE.fullmatch(tag):
            self._parts.append(_LINE)

    def handle_data(self, data: str) -> None:
        if not self._unshown:
            self._parts.append(self._blanks.sub(" ", data))

    def _end_link(self) -> None:
        shown = "".join(self._parts[self._linked_from :]).strip(" \n")
        if _ADDRESS.match(self._address) and _TRIMMINGS.sub("", self._address) != _TRIMMINGS.sub("", shown):
            self._parts.append(f" ({self._address})" if shown else self._address)
        self._address, self._linked_from = "", len(self._parts)


def _gap(run: re.Match[str]) -> str:
    newlines = run[0].count("\n")
    if _PARAGRAPH in run[0]:
        return "\n\n"
    if newlines or _LINE in run[0]:
        return "\n" * max(1, min(newlines, 2))
    return " "
