"""Asking for many ids in as few requests as the panel can take, and what a session has learnt about that."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator
from typing import Generic, TypeVar

from smmtui.errors import BadAnswer, BadKey, PanelError, RateLimited, Refused

BATCH = 100
"""How many ids one request may carry; panels cut longer lists silently."""

_JSON_BEGINS = ("{", "[")

Row = TypeVar("Row")


class BatchedReads(Generic[Row]):
    """Asks for ids together where the panel can be asked so, and one by one where it cannot.

    `one` asks for a single id, `many` for a list: it returns the rows that were answered, and None where rows came that
    name no ids. `refused` makes the row of an id for which the panel says no. What a list was found to be unfit for is
    remembered: lists as such, or single ids that a list leaves out or fails over.
    """

    def __init__(
        self,
        one: Callable[[str], Awaitable[Row]],
        many: Callable[[list[str]], Awaitable[dict[str, Row] | None]],
        refused: Callable[[str, Refused], Row],
    ) -> None:
        self._one = one
        self._many = many
        self._refused = refused
        self._lists_work = True
        self._alone: set[str] = set()

    @property
    def size(self) -> int:
        """How many ids one request asks for on this panel."""
        return BATCH if self._lists_work else 1

    async def ask(self, ids: Iterable[str]) -> dict[str, Row]:
        """Return the row of each id; if the panel falls silent on the way, of those that were answered before.

        Raises the PanelError of the first request; the error of a later one is met by the next call.
        """
        answers: dict[str, Row] = {}
        try:
            for chunk in chunks(ids):
                await self._ask_chunk(chunk, answers)
        except PanelError:
            if not answers:
                raise
        return answers

    async def _ask_chunk(self, chunk: list[str], answers: dict[str, Row]) -> None:
        together = [id for id in chunk if id not in self._alone] if self._lists_work else []
        listed = len(together) > 1
        found = await self._list(together) if listed else {}
        answers |= found or {}
        refused: set[str] = set()
        for id in chunk:
            if id not in (found or {}):
                # A list of nothing and then nonsense about its first id: that is not about the id.
                row = await self._row(id, nonsense_is_its_own=not listed or bool(answers))
                if isinstance(row, Refused):
                    refused.add(id)
                    row = self._refused(id, row)
                answers[id] = row
        if found:
            self._alone |= set(together) - found.keys()
        elif found is None and refused:
            # Some panels refuse a whole list for one id that they do not know.
            self._alone |= refused
        elif found is None:
            self._lists_work = False

    async def _list(self, ids: list[str]) -> dict[str, Row] | None:
        """The rows of a list, None where the panel refuses it or names no ids in it."""
        try:
            found = await self._many(ids)
        except Refused as refused:
            if _concerns_all(refused):
                raise
            return None
        if found is None:
            self._lists_work = False
        return found

    async def _row(self, id: str, nonsense_is_its_own: bool) -> Row | Refused:
        """One id's answer, or why there is none; errors that concern every id, such as an error page, are raised."""
        try:
            return await self._one(id)
        except Refused as refused:
            if _concerns_all(refused):
                raise
            return refused
        except BadAnswer as bad:
            if not nonsense_is_its_own or bad.evidence.status != 200 or bad.evidence.reply[:1] not in _JSON_BEGINS:
                raise
            # In a list it would spoil the answers about all others.
            self._alone.add(id)
            return Refused(str(bad), evidence=bad.evidence)


def _concerns_all(refused: Refused) -> bool:
    return isinstance(refused, BadKey | RateLimited) or refused.meaning == "upstream"


def chunks(ids: Iterable[str]) -> Iterator[list[str]]:
    """Yield the ids in groups of at most 100, each id once."""
    unique = list(dict.fromkeys(ids))
    for start in range(0, len(unique), BATCH):
        yield unique[start : start + BATCH]
