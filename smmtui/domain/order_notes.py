"""The user's own words about an order: a note in one line, and tags to find it by."""

from __future__ import annotations

import re
from collections.abc import Iterable

from smmtui.domain.foreign_text import clean
from smmtui.domain.service_types import Field
from smmtui.words import _

NOTE = Field("note", _("Note"), required=False, hint=_("for yourself; it is not sent"))
TAGS = Field("tags", _("Tags"), required=False, hint=_("such as: vip june"), plural=True)
LONGEST_NOTE = 500
_LONGEST_TAG = 40
_MOST_TAGS = 20
_BETWEEN = r"[\s,;]+"


def read_note(text: str) -> str:
    """Return the note as it is kept: one clean line without blanks around it, cut at 500 characters."""
    return clean(text, LONGEST_NOTE).strip()


def read_tags(text: str) -> tuple[str, ...]:
    """Return the tags of a text in which blanks, commas or semicolons part them; a leading # is not part of a tag.

    A tag is told from another without regard to case, and counts once; there are at most 20, of 40 characters each.
    """
    tags: dict[str, str] = {}
    for word in re.split(_BETWEEN, clean(text, _MOST_TAGS * _LONGEST_TAG * 2)):
        tag = clean(word.lstrip("#"), _LONGEST_TAG)
        if tag:
            tags.setdefault(tag.casefold(), tag)
    return tuple(tags.values())[:_MOST_TAGS]


def show_tags(tags: Iterable[str]) -> str:
    """Return the tags as they are typed and shown: `#vip #june`."""
    return " ".join(f"#{tag}" for tag in tags)
