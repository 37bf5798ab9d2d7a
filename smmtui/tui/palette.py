"""The palette's commands as plain text: Textual's own provider takes names and keys for markup."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from textual.app import SystemCommand
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.fuzzy import FuzzySearch

from smmtui.tui.serving_app import ServingApp
from smmtui.tui.show import literal, styled
from smmtui.tui.with_filter import WithFilter
from smmtui.words import _

# Before and behind whatever the names of commands score.
_BY_ID, _BY_WORDS = 1000.0, 0.001


class PlainCommands(Provider):
    """Finds what the App offers by `get_system_commands`, the screen's saved filters, and the themes."""

    def _commands(self) -> list[SystemCommand]:
        saved = _saved_filters(self.screen) if isinstance(self.screen, WithFilter) else ()
        offered = [*self.app.get_system_commands(self.screen), *saved, *self._themes()]
        return sorted(offered, key=lambda each: each.title)

    def _themes(self) -> Iterator[SystemCommand]:
        for name in self.app.available_themes:
            worn = _("The present one") if name == self.app.theme else _("Wear this theme")
            yield SystemCommand(_("Theme: {name}", name=name), worn, partial(self._wear, name), discover=False)

    def _wear(self, name: str) -> None:
        self.app.theme = name

    async def discover(self) -> Hits:
        """Offer every command, by name."""
        for name, what, run, shown in self._commands():
            if shown:
                yield DiscoveryHit(_lines(literal(name), what), run, text=name)

    async def search(self, query: str) -> Hits:
        """Offer the commands whose names hold the letters of the query in their order."""
        search = FuzzySearch()
        for name, what, run, _shown in self._commands():
            score, places = search.match(query, name)
            if score > 0:
                title = literal(name)
                for place in places:
                    title = title.stylize(self.match_style or "bold", place, place + 1)
                yield Hit(score, _lines(title, what), run, text=name)


class FoundByName(Provider):
    """Finds services by id or by words of theirs, and orders by the panel's id; an id may have a # in front."""

    async def search(self, query: str) -> Hits:
        """Offer what there is, an id first."""
        # In front of a dialog there is nowhere to go.
        if isinstance(self.app, ServingApp) and not self.screen.is_modal:
            for found in await self.app.find(query):
                score = _BY_ID if found.by_id else _BY_WORDS
                yield Hit(score, _lines(literal(found.title), found.what), found.show, text=found.title)


def _saved_filters(screen: WithFilter) -> Iterator[SystemCommand]:
    for name, text in screen.saved_filters.items():
        yield SystemCommand(_("Filter: {name}", name=name), text, partial(screen.set_filter, text))
        yield SystemCommand(_("Forget filter: {name}", name=name), text, partial(screen.forget_filter, name))


def _lines(title: Content, what: str) -> Content:
    return Content("\n").join([title, styled(what, "$text-muted")])
