"""Ids of orders that were placed elsewhere, out of whatever was pasted."""

from __future__ import annotations

import re

from smmtui.domain.records import Record, Tracked

_WORD = re.compile(r"[\w-]*\w[\w-]*")
_CELL = re.compile(r"[^\s,;|\"]+")
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_LINK = re.compile(r"://|^www\.|^@|\w\.[a-z]{2,}", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9]{1,12}", re.ASCII)


class PastedIds(Record, frozen=True, gc=False):
    """What was found: each id once, in its order, with what a line said of it; `unread` are words that are no ids."""

    tracked: tuple[Tracked, ...]
    unread: tuple[str, ...]


def read_ids(text: str) -> PastedIds:
    """Return the ids in a text, with whatever stands between them.

    A line with a link in it is about one order: `id service link quantity`, of which only id and link must be there.
    Every other line is ids. An id has a digit in it: `Order 123, and 124` are two.
    """
    found: dict[str, Tracked] = {}
    unread: list[str] = []
    for line in text.splitlines():
        cells = _CELL.findall(line)
        place = next((number for number, cell in enumerate(cells) if _LINK.search(cell)), None)
        rows = _ids(_WORD.findall(line), unread) if place is None else _detailed(cells, place, unread)
        for row in rows:
            # A line that tells more counts, wherever it stands.
            if row.id not in found or row.link:
                found[row.id] = row
    return PastedIds(tuple(found.values()), tuple(unread))


def _is_id(word: str) -> bool:
    return bool(_ID.fullmatch(word)) and any(char.isdecimal() for char in word)


def _ids(words: list[str], unread: list[str]) -> list[Tracked]:
    unread += [word for word in words if not _is_id(word)]
    return [Tracked(word) for word in words if _is_id(word)]


def _detailed(cells: list[str], place: int, unread: list[str]) -> list[Tracked]:
    """The order of a line whose link stands at this place; none where no id stands before it."""
    before = [cell.lstrip("#") for cell in cells[:place]]
    if not before or not _is_id(before[0]):
        unread += cells
        return []
    # More than an id and a service there, and nobody can tell which is the service.
    service = before[1] if len(before) == 2 else ""
    quantity = next((int(cell) for cell in cells[place + 1 :] if _NUMBER.fullmatch(cell)), None)
    return [Tracked(before[0], service, "", cells[place], quantity)]
