"""The palette's commands as plain text: Textual's own provider takes names and keys for markup."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from textual.app import SystemCommand
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.fuzzy import FuzzySearch

from smmtui.tui.show import literal, styled
from smmtui.tui.with_filter import WithFilter


class PlainCommands(Provider):
    """Finds what the App offers by `get_system_commands`, and the screen's saved filters."""

    def _commands(self) -> list[SystemCommand]:
        saved = _saved_filters(self.screen) if isinstance(self.screen, WithFilter) else ()
        return sorted([*self.app.get_system_commands(self.screen), *saved], key=lambda each: each.title)

    async def discover(self) -> Hits:
        """Offer every command, by name."""
        for name, what, run, shown in self._commands():
            if shown:
                yield DiscoveryHit(_lines(literal(name), what), run, text=name)

    async def search(self, query: str) -> Hits:
        """Offer the commands whose names hold the letters of the query in their order."""
        search = FuzzySearch()
        for name, what, run, _ in self._commands():
            score, places = search.match(query, name)
            if score > 0:
                title = literal(name)
                for place in places:
                    title = title.stylize(self.match_style or "bold", place, place + 1)
                yield Hit(score, _lines(title, what), run, text=name)


def _saved_filters(screen: WithFilter) -> Iterator[SystemCommand]:
    for name, text in screen.saved_filters.items():
        yield SystemCommand(f"Filter: {name}", text, partial(screen.set_filter, text))
        yield SystemCommand(f"Forget filter: {name}", text, partial(screen.forget_filter, name))


def _lines(title: Content, what: str) -> Content:
    return Content("\n").join([title, styled(what, "$text-muted")])
