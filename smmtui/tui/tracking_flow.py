"""From pasted ids to orders that are followed: asked of the panel first, told one by one where something is amiss."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smmtui.desk.desk import Desk
from smmtui.desk.tracking import LookedUp
from smmtui.domain.tracked_ids import read_ids
from smmtui.errors import JournalError, PanelError
from smmtui.tui.screens.track_ids import TrackIds
from smmtui.tui.screens.waiting import Waiting

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
            self._app.toast("Nothing is tracked", f"{error} What you typed is kept: t shows it again.", "error", 20)
            return
        self._typed = ""
        self._tell(looked_up)

    async def _looked_up(self, typed: str) -> LookedUp | None:
        """What is known of the ids; None where the user did not wait for it."""
        tracked = read_ids(typed).tracked
        waiting = Waiting(f"Asking the panel about {len(tracked):,} id{'' if len(tracked) == 1 else 's'} …")
        await self._app.push_screen(waiting)
        try:
            looked_up = await self._desk.tracking.look_up(tracked)
        finally:
            left = not waiting.close()
        return None if left else looked_up

    def _tell(self, looked_up: LookedUp) -> None:
        new, parts = len(looked_up.new), []
        if looked_up.known:
            parts.append(
                f"{len(looked_up.known):,} here already: {_named([each.id or '' for each in looked_up.known])}."
            )
        if looked_up.refused:
            said = next(iter(looked_up.refused.values()))
            names = _named(list(looked_up.refused))
            parts.append(f"{len(looked_up.refused):,} left out, which the panel does not know: {names} (“{said}”).")
        text = " ".join(parts) or "The panel knows all of them."
        title = f"{new:,} order{'' if new == 1 else 's'} tracked" if new else "Nothing new to track"
        self._app.toast(title, text, "warning" if looked_up.refused else "information", 20)


def _named(ids: list[str]) -> str:
    more = f" and {len(ids) - _NAMED:,} more" if len(ids) > _NAMED else ""
    return f"{', '.join(ids[:_NAMED])}{more}"
