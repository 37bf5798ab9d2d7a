"""From pasted ids to orders that are followed: asked of the panel first, told one by one where something is amiss."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smmtui.desk.desk import Desk
from smmtui.desk.tracking import LookedUp
from smmtui.domain.tracked_ids import read_ids
from smmtui.errors import JournalError, PanelError
from smmtui.tui.screens.track_ids import TrackIds
from smmtui.tui.screens.waiting import Waiting
from smmtui.tui.shown_keys import key_of
from smmtui.words import _, ngettext

if TYPE_CHECKING:
    from smmtui.tui.serving_app import ServingApp

_NAMED = 10


class TrackingFlow:
    """Asks for ids, looks them up, and follows those that are new; what was typed is kept until that has worked."""

    def __init__(self, app: ServingApp, desk: Desk) -> None:
        self._app = app
        self._desk = desk
        self._typed = ""

    async def track(self) -> None:
        """Take ids from the user to the tracker."""
        typed = await self._app.ask(TrackIds(self._typed))
        if not typed:
            return
        self._typed = typed
        try:
            looked_up = await self._looked_up(typed)
            if looked_up is None:
                return
            await self._desk.tracking.follow(looked_up.new)
        except (JournalError, PanelError) as error:
            kept = _("What you typed is kept: {key} shows it again.", key=key_of(self._app, "orders.track"))
            self._app.toast(_("Nothing is tracked"), f"{error} {kept}", "error", 20)
            return
        self._typed = ""
        self._tell(looked_up)

    async def _looked_up(self, typed: str) -> LookedUp | None:
        """What is known of the ids; None where the user did not wait for it."""
        tracked = read_ids(typed).tracked
        asking = ngettext("Asking the panel about {count} id …", "Asking the panel about {count} ids …", len(tracked))
        waiting = Waiting(asking)
        await self._app.push_screen(waiting)
        try:
            looked_up = await self._desk.tracking.look_up(tracked)
        finally:
            left = not waiting.close()
        return None if left else looked_up

    def _tell(self, looked_up: LookedUp) -> None:
        new, parts = len(looked_up.new), []
        if looked_up.known:
            names = _named([each.id or "" for each in looked_up.known])
            text = ngettext(
                "{count} here already: {ids}.", "{count} here already: {ids}.", len(looked_up.known), ids=names
            )
            parts.append(text)
        if looked_up.refused:
            parts.append(
                ngettext(
                    "{count} left out, which the panel does not know: {ids} (“{reason}”).",
                    "{count} left out, which the panel does not know: {ids} (“{reason}”).",
                    len(looked_up.refused),
                    ids=_named(list(looked_up.refused)),
                    reason=next(iter(looked_up.refused.values())),
                )
            )
        text = " ".join(parts) or _("The panel knows all of them.")
        title = ngettext("{count} order tracked", "{count} orders tracked", new) if new else _("Nothing new to track")
        self._app.toast(title, text, "warning" if looked_up.refused else "information", 20)


def _named(ids: list[str]) -> str:
    named, more = ", ".join(ids[:_NAMED]), len(ids) - _NAMED
    return ngettext("{ids} and {count} more", "{ids} and {count} more", more, ids=named) if more > 0 else named
