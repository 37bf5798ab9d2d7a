"""The filters typed before, gone through by the arrows."""

from __future__ import annotations

from collections.abc import Callable, Iterable

_KEPT = 100


class FilterHistory:
    """The last hundred filters, none of them twice; `keep` is told of every change, oldest first."""

    def __init__(self, entries: Iterable[str], keep: Callable[[list[str]], None]) -> None:
        self._entries = list(entries)[-_KEPT:]
        self._keep = keep
        self._at: int | None = None
        self._draft = ""

    def add(self, text: str) -> None:
        """Take in a filter as the latest one, and begin at the end again."""
        self._at = None
        text = text.strip()
        if text and self._entries[-1:] != [text]:
            self._entries = [*(entry for entry in self._entries if entry != text), text][-_KEPT:]
            self._keep(self._entries)

    def older(self, current: str) -> str | None:
        """Return the filter before the one shown, None where there is none; what was being typed is kept."""
        at = self._place(current)
        if at is None:
            self._draft, at = current, len(self._entries)
        before = next((place for place in reversed(range(at)) if self._entries[place] != current), None)
        if before is None:
            return None
        self._at = before
        return self._entries[before]

    def newer(self, current: str) -> str | None:
        """Return the filter after the one shown, at last what was being typed; None when not going through them."""
        at = self._place(current)
        if at is None:
            return None
        self._at = at + 1 if at + 1 < len(self._entries) else None
        return self._draft if self._at is None else self._entries[self._at]

    def _place(self, current: str) -> int | None:
        # An entry that was edited is no longer one of the history.
        return self._at if self._at is not None and self._entries[self._at] == current else None
