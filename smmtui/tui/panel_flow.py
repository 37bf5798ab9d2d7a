"""From one panel to another: the list, the key where nothing holds it, the setup of a new one, the change itself."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Coroutine
from contextlib import AbstractAsyncContextManager, AsyncExitStack, suppress
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec.structs import replace
from rich.text import Text

from smmtui.config import Start, demo_profile, is_missing
from smmtui.desk.desk import Desk
from smmtui.domain.foreign_text import terminal_safe
from smmtui.domain.records import Balance
from smmtui.errors import ConfigError, JournalError
from smmtui.new_panel import NewPanel, save
from smmtui.profiles import ListedProfile, Profiles, read_profiles, stored_start, typed_start
from smmtui.tui.daemon import by_daemon
from smmtui.tui.panels import Panels
from smmtui.tui.screens.ask_text import AskText
from smmtui.tui.screens.pick_panel import PanelChoice, PickPanel
from smmtui.tui.screens.setup import Around, SetupScreen
from smmtui.tui.screens.waiting import Waiting
from smmtui.tui.shown_keys import key_of
from smmtui.words import _, ngettext

if TYPE_CHECKING:
    from smmtui.tui.panel_app import PanelApp

Result = TypeVar("Result")

_LAST_SECONDS = 3.0


class _GaveUp(Exception):
    """The user did not wait."""


class PanelFlow:
    """Opens one panel in place of another; what cannot be opened leaves the user where they were, and says why.

    The keys of panels that were open in this run stay in memory, so that none is typed twice.
    """

    def __init__(self, app: PanelApp, panels: Panels) -> None:
        self._app = app
        self._panels = panels
        self._opened: dict[str, Start] = {}
        if panels.first is not None:
            self._opened[panels.first.profile.account] = panels.first
        self._asking = False
        self._typed = self._untyped()

    async def choose(self) -> None:
        """Let the user open another panel, or set up a new one; a second wish while this one is open is none."""
        if self._asking:
            return
        self._asking = True
        try:
            await self._choose()
        finally:
            self._asking = False

    async def first_panel(self) -> None:
        """Have the first panel set up, or the demo panel tried; ends the App where what was set up cannot be opened."""
        self._asking = True
        try:
            while self._app.desk is None:
                with suppress(_GaveUp):
                    await self._set_up(first=True)
        except JournalError as error:
            self._end(error)
        finally:
            self._asking = False

    def _end(self, error: JournalError) -> None:
        self._app.exit(return_code=1, message=Text(terminal_safe(str(error))))

    # ── the list ──────────────────────────────────────────────────────────────────────────────────────────────────

    async def _choose(self) -> None:
        choice = await self._app.ask(PickPanel(*self._choices()))
        if choice is None:
            return
        title = _("{name} was not opened", name=choice.name) if choice.name else _("The new panel was not opened")
        try:
            if choice.name is None:
                await self._set_up()
            elif not self._refused(title) and (start := await self._start(choice)) is not None:
                await self._open_start(start)
        except (ConfigError, JournalError) as error:
            self._app.toast(title, str(error), "error", 30)
        except _GaveUp:
            return

    def _choices(self) -> tuple[list[PanelChoice], str]:
        """What can be opened, and what is to be said of all of it.

        The file is read at once and not in a thread, for keys that are typed ahead belong to the list already.
        """
        listed: tuple[ListedProfile, ...] = ()
        remark = ""
        try:
            listed = read_profiles(self._panels.paths).listed
        except ConfigError as error:
            remark = str(error)
        known = {each.account for each in listed}
        # That of the environment, and those that are in the file no more.
        rest = [ListedProfile.of(start.profile) for account, start in self._opened.items() if account not in known]
        hosts = Counter(each.host for each in (*listed, *rest))
        choices = [self._choice(_told_apart(each, hosts)) for each in listed]
        choices += [self._choice(_told_apart(each, hosts), in_file=False) for each in rest]
        if len(choices) == 1 and not remark:
            remark = _("There is but one panel so far.")
        return [*choices, PanelChoice(None)], remark

    def _choice(self, listed: ListedProfile, *, in_file: bool = True) -> PanelChoice:
        desk = self._app.desk
        current = desk is not None and (desk.profile.name, desk.profile.account) == (listed.name, listed.account)
        return PanelChoice(listed.name, listed.host, listed.account, current, listed.problem, in_file)

    def _refused(self, title: str) -> bool:
        """Whether the panel that is open has to stay open, for something is under way on it; if so, say so."""
        desk, errands = self._app.desk, self._app.errands
        if desk is not None and (desk.unsaved or desk.unsaved_requests):
            text = _(
                "What the panel answered could not be saved here, and is known only while {panel} is open. Write it "
                "down: {messages} lists what was said. Then make room on the disk, quit and start smmtui again.",
                panel=desk.profile.name,
                messages=key_of(self._app, "app.messages"),
            )
        elif errands.sending:
            text = ngettext(
                "{count} order, basket or request is being sent here. Wait for it, or stop the basket, and try again.",
                "{count} orders or requests are being sent here. Wait for the panel's answers, and try again.",
                errands.sending,
            )
        elif errands.under_way > 1:
            # This one is the first of them.
            text = _("Something is still being done or asked here. Finish it, and try again.")
        else:
            return False
        self._app.toast(title, text, "warning", 12)
        return True

    # ── the key ───────────────────────────────────────────────────────────────────────────────────────────────────

    async def _start(self, choice: PanelChoice) -> Start | None:
        """What opens the panel, None where its key was asked for and not given. Raises ConfigError."""
        paths, name, opened = self._panels.paths, choice.name or "", self._opened.get(choice.account)
        if not choice.in_file:
            return opened
        if choice.current and opened is not None and not opened.from_environment:
            # It may be this very key that the panel refuses.
            opened = None
        start = await self._waited_for(by_daemon(partial(stored_start, paths, name, opened)), name)
        if start is not None:
            return start
        text = _("Nothing holds the key of {name} ({host}). It is kept in memory only.", name=name, host=choice.host)
        typed = await self._app.ask(AskText(_("API key"), text, _("The key"), key=True))
        return await asyncio.to_thread(typed_start, paths, name, typed) if typed else None

    # ── the change ────────────────────────────────────────────────────────────────────────────────────────────────

    async def _open_start(self, start: Start) -> None:
        """Open the panel; raises JournalError where that is not possible, and the one before stays open."""
        desk = self._app.desk
        if desk is not None and desk.profile.account == start.profile.account:
            await self._open_again(start)
        elif await self._open(self._panels.open(start), start.profile.name):
            self._opened[start.profile.account] = start

    async def _open_again(self, start: Start) -> None:
        """Open the panel that is open with what was read anew; ends the App where that is not possible.

        It is closed first, for what it has to save goes where the new one reads.
        """
        if self._refused(_("{name} was not opened", name=start.profile.name)):
            return
        await self._app.move_out(start.profile.name)
        try:
            async with AsyncExitStack() as rooms:
                await self._app.move_in(await rooms.enter_async_context(self._panels.open(start)), rooms)
        except JournalError as error:
            self._end(error)
            return
        self._panels.moved_in()
        self._opened[start.profile.account] = start

    async def _open(self, opening: AbstractAsyncContextManager[Desk], name: str) -> bool:
        # The one before is closed only when this one is open, so that there always is one.
        async with AsyncExitStack() as rooms:
            desk = await self._waited_for(rooms.enter_async_context(opening), name)
            if self._refused(_("{name} was not opened", name=name)):
                return False
            await self._app.move_in(desk, rooms)
            self._panels.moved_in()
        return True

    async def _waited_for(self, work: Coroutine[object, object, Result], name: str) -> Result:
        """What the work has come to; raises _GaveUp where the user did not wait for it."""
        dialog = Waiting(_("Opening {name} …", name=name))
        left: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        working = asyncio.create_task(work)
        try:
            await self._app.push_screen(dialog, left.set_result)
            ends: set[asyncio.Future[Any]] = {working, left}
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            if not dialog.close():
                raise _GaveUp(_("{name} was not opened, because you did not wait.", name=name))
            return await working
        finally:
            working.cancel()
            # What was half open is closed by now.
            await asyncio.wait({working})
            if not working.cancelled():
                # Nobody else asks for it where the user did not wait.
                working.exception()

    # ── the setup ─────────────────────────────────────────────────────────────────────────────────────────────────

    async def _set_up(self, *, first: bool = False) -> None:
        """Have a new panel set up and open it, or open the demo panel; raises JournalError as `_open_start` does."""
        remark = ""
        while True:
            setup = SetupScreen(self._typed, self._around(first), self._keep, self._balance, remark)
            filled = await self._app.ask(setup)
            if filled is None or filled.then == "back":
                return
            if filled.then == "demo":
                await self._open(self._panels.practice(), demo_profile().name)
                return
            try:
                start = await self._saved(filled.panel)
                break
            except ConfigError as error:
                remark = str(error)
        self._typed = self._untyped()
        await self._open_start(start)

    async def _saved(self, panel: NewPanel) -> Start:
        """Have the panel written down; raises ConfigError. Nobody can take that back, so there is no leaving it."""
        text = _("Saving {name} …", name=panel.name)
        if panel.keep == "keyring":
            text = _("Saving {name} … The keyring may ask you to unlock it.", name=panel.name)
        dialog = Waiting(text, can_leave=False)
        await self._app.push_screen(dialog)
        saving = asyncio.create_task(by_daemon(partial(save, panel, self._panels.paths)))
        try:
            return await asyncio.shield(saving)
        except asyncio.CancelledError:
            # The app ends, and the writing with it.
            await asyncio.wait({saving}, timeout=_LAST_SECONDS)
            self._app.last_words += _words_of_saving(saving, panel.name)
            raise
        finally:
            dialog.close()

    def _around(self, first: bool) -> Around:
        profiles = Profiles()
        with suppress(ConfigError):
            # What is wrong with the file is said when something is to be added to it.
            profiles = read_profiles(self._panels.paths)
        taken = frozenset(each.name for each in profiles.listed)
        return Around(self._panels.paths.config, taken, bool(taken) and not profiles.default, first)

    def _untyped(self) -> NewPanel:
        """The usual address is proposed for the first panel only."""
        return NewPanel() if is_missing(self._panels.paths.config) else NewPanel(url="")

    def _keep(self, panel: NewPanel) -> None:
        self._typed = panel
        self._panels.mask(panel.key)

    async def _balance(self, panel: NewPanel) -> Balance:
        return await self._panels.balance(panel.profile, panel.key)


def _told_apart(listed: ListedProfile, hosts: Counter[str]) -> ListedProfile:
    """The profile with its path where another one has the same host."""
    return replace(listed, host=listed.address) if listed.address and hosts[listed.host] > 1 else listed


def _words_of_saving(saving: asyncio.Task[Start], name: str) -> list[str]:
    """What to say after the end of the app; nothing where all is well."""
    error = saving.exception() if saving.done() else TimeoutError()
    if error is None:
        return []
    if isinstance(error, ConfigError):
        return [_("{name} was not saved: {reason}", name=name, reason=error)]
    return [_("{name} was still being saved: the next start shows whether it is there.", name=name)]
