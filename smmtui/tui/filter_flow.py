"""What is asked about a filter: the name to keep it under, the category to filter by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from smmtui.domain.foreign_text import clean
from smmtui.tui.screens.ask_text import AskText
from smmtui.tui.screens.pick_category import PickCategory
from smmtui.tui.shown_keys import key_of
from smmtui.words import _

if TYPE_CHECKING:
    from smmtui.tui.screens.catalog import CatalogScreen
    from smmtui.tui.serving_app import ServingApp
    from smmtui.tui.with_filter import WithFilter

_LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class FilterFlow:
    """Opens the dialogs of a screen's filter."""

    app: ServingApp

    async def save(self, screen: WithFilter) -> None:
        """Keep the screen's filter under a name."""
        text = screen.text
        answer = await self.app.ask(AskText(_("Save this filter as"), text, _("a name; the palette finds it")))
        name = clean(answer or "", _LONGEST_NAME).strip()
        if not name:
            return
        before = screen.saved_filters.get(name)
        screen.save_filter(name, text)
        said = [_("{key} finds it as “Filter: {name}”.", key=key_of(self.app, "app.palette"), name=name)]
        if before not in (None, text):
            said.append(_("It was “{filter}” until now.", filter=before))
        self.app.toast(_("Filter saved"), " ".join(said), "information", 6)

    async def pick_category(self, screen: CatalogScreen) -> None:
        """Filter the catalogue by a category."""
        choice = await self.app.ask(PickCategory(screen.desk.catalog.categories))
        if choice is not None:
            screen.choose_category(choice.category)
