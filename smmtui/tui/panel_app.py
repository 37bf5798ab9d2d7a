"""The App as far as it opens panels: one Desk at a time, and its screens.

What is imported here is imported before anything is on the screen; the screens come after the first paint.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, ClassVar, TypeVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.screen import Screen

from smmtui.config import Profile
from smmtui.domain.foreign_text import terminal_safe
from smmtui.errors import JournalError
from smmtui.tui.later_styles import LATER_STYLES
from smmtui.tui.panels import OpenDesk, Panels
from smmtui.tui.serving_app import ServingApp
from smmtui.tui.shell import Shell
from smmtui.tui.tidying import Tidying
from smmtui.words import _

if TYPE_CHECKING:
    from smmtui.desk.desk import Desk
    from smmtui.tui.panel_flow import PanelFlow

Given = TypeVar("Given")

_MODES = ("catalog", "orders", "basket", "attention")
_BETWEEN = "between"


def _catalog(desk: Desk) -> Screen[None]:
    from smmtui.tui.screens.catalog import CatalogScreen

    return CatalogScreen(desk)


def _tracker(desk: Desk) -> Screen[None]:
    from smmtui.tui.screens.tracker import TrackerScreen

    return TrackerScreen(desk)


def _attention(desk: Desk) -> Screen[None]:
    from smmtui.tui.screens.attention import AttentionScreen

    return AttentionScreen(desk)


def _basket(desk: Desk) -> Screen[None]:
    from smmtui.tui.screens.basket import BasketScreen

    return BasketScreen(desk)


def _read_a_filter() -> None:
    """Have compiled what the first letter of a filter would wait for."""
    from smmtui.domain.filter_language import SERVICE_FIELDS, parse
    from smmtui.domain.filter_text import completed

    parse("x<1", SERVICE_FIELDS)
    completed("x", SERVICE_FIELDS, lambda field: ())


class PanelApp(ServingApp):
    """Opens the Desk once the shell is painted, hands it to the screens, and changes it for that of another panel.

    Without a profile the user is asked to set up a panel first. Without `panels` there is no other panel than the one
    of `open_desk`.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("P,З", "panels", _("Panels"), id="app.panels", show=False, tooltip=_("Open another panel")),
    ]

    def __init__(self, open_desk: OpenDesk | None, profile: Profile | None, panels: Panels | None = None) -> None:
        super().__init__()
        self._open_desk = open_desk
        self._profile = profile
        self._panels = panels
        self._made_panel_flow: PanelFlow | None = None
        self.tidying = Tidying()
        self._rooms = AsyncExitStack()
        self._moving_out: asyncio.Task[None] | None = None
        # What is left to be said of each panel that was open, by account.
        self._last_words_of: dict[str, list[str]] = {}

    def get_default_screen(self) -> Screen[None]:
        """The first paint: a frame, from nothing but the profile's name."""
        return Shell(self._profile.name if self._profile else self.title)

    @property
    def desk(self) -> Desk | None:
        """The Desk of the panel that is open, None while none is."""
        return self._desk

    async def _open(self) -> None:
        if self._open_desk is None or self._profile is None:
            await asyncio.sleep(0)
            if self._panel_flow is not None:
                self.errands.run(self._panel_flow.first_panel())
            return
        try:
            async with AsyncExitStack() as rooms:
                # Textual would paint the frame once more, exactly as it stands there.
                with self.batch_update():
                    opening = asyncio.create_task(rooms.enter_async_context(self._open_desk(self._profile)))
                    # The journal is opened in a thread: what rows are made of is loaded meanwhile.
                    await asyncio.sleep(0)
                    import_module("smmtui.tui.screens.catalog")
                    desk = await opening
                # Whoever has left meanwhile takes the screens down already.
                if not self._exit:
                    await self.move_in(desk, rooms)
        except JournalError as error:
            self.exit(return_code=1, message=Text(terminal_safe(str(error))))

    @property
    def _panel_flow(self) -> PanelFlow | None:
        """How panels are set up and changed; None where there is but one."""
        if self._made_panel_flow is None and self._panels is not None:
            from smmtui.tui.panel_flow import PanelFlow

            self._made_panel_flow = PanelFlow(self, self._panels)
        return self._made_panel_flow

    async def move_in(self, desk: Desk, rooms: AsyncExitStack) -> None:
        """Show this Desk in place of the one before, which is closed; `rooms` is emptied: it is for us to close then.

        Nothing may be under way on the one before.
        """
        if self._desk is not None:
            await self.move_out(desk.profile.name)
        moves = self.current_mode == _BETWEEN
        self._rooms = rooms.pop_all()
        self._desk = desk
        self.begin_telling(desk)
        for mode, screen in zip(_MODES, (_catalog, _tracker, _basket, _attention), strict=True):
            self.add_mode(mode, partial(self._styled, screen, desk))
        await self.switch_mode("catalog")
        if moves:
            await self.remove_mode(_BETWEEN)
        self.call_after_refresh(self._go_online, desk)

    async def move_out(self, next_name: str) -> None:
        """Leave nothing of the panel: not on a screen, not in memory, and none of its files open.

        Nothing may be under way on it; the next one is to move in.
        """
        self._note_last_words()
        self._desk = self._made_flows = None
        self.add_mode(_BETWEEN, partial(self._styled, Shell, next_name))
        await self.switch_mode(_BETWEEN)
        await self.end_telling()
        for mode in _MODES:
            await self.remove_mode(mode)
        self.tidying.before_leaving()
        rooms, self._rooms = self._rooms, AsyncExitStack()
        # Whoever leaves in the middle waits for the rest of it.
        self._moving_out = asyncio.create_task(rooms.aclose())
        await asyncio.shield(self._moving_out)

    async def _close_all(self) -> None:
        # Textual goes through the modes; a move that is still under way would change them meanwhile.
        await self.errands.end()
        await super()._close_all()

    async def close_panel(self) -> None:
        """Close what is open, at the very end."""
        self._note_last_words()
        for words in self._last_words_of.values():
            self.last_words += words
        if self._moving_out is not None:
            await self._moving_out
        await self._rooms.aclose()

    def _note_last_words(self) -> None:
        # Without flows nothing was done since the panel was open before: what was to be said of it then holds.
        if self._desk is not None and self._made_flows is not None:
            from smmtui.tui.outcomes import unsaved_words

            profile, said = self._desk.profile, [unsaved_words(order) for order in self._desk.unsaved]
            said += self._made_flows.basket.last_words()
            self._last_words_of[profile.account] = [
                _("{panel}: {words}", panel=profile.name, words=words) for words in said
            ]

    def _styled(self, make: Callable[[Given], Screen[None]], given: Given) -> Screen[None]:
        """The screen, as one that is styled by being mounted; else Textual would parse all stylesheets anew, twice."""
        screen = make(given)
        screen._css_update_count = self._css_update_count
        # The classes that the news of its size will give it, so that it is not painted twice.
        kinds = (screen.HORIZONTAL_BREAKPOINTS, self.VERTICAL_BREAKPOINTS)
        for size, breakpoints in zip(self.size, kinds, strict=True):
            screen.add_class(*[name for least, name in breakpoints or () if least <= size][-1:], update=False)
        return screen

    def _go_online(self, desk: Desk) -> None:
        if desk is not self._desk:
            return
        if self._moving_out is None:
            self.tidying.after_first_rows()
        else:
            self.tidying.after_leaving()
        desk.go_online()
        self.stylesheet.read(LATER_STYLES)
        self.stylesheet.parse()
        # What the first Enter and the other screens need, before anyone has to wait for it.
        self.run_worker(self._bring_in_the_rest, thread=True)

    def _bring_in_the_rest(self) -> None:
        for name in ("flows", "screens.tracker", "screens.basket", "screens.attention"):
            import_module(f"smmtui.tui.{name}")
        _read_a_filter()
        self.call_later(self._all_loaded)

    def _all_loaded(self) -> None:
        # After a change of panels there is garbage to be found first.
        if self._moving_out is None:
            self.tidying.after_loading()

    def action_panels(self) -> None:
        """Choose another panel, or set up a new one."""
        if self._desk is None:
            return
        if self._panel_flow is None:
            text = _("This is the only panel here. Start smmtui without --demo for those that you have set up.")
            self.toast(_("There is but one panel"), text, "information", 8)
        else:
            self.errands.run(self._panel_flow.choose())
