"""The App: modes, global keys, toasts, and the sending of orders.

What is imported here is imported before anything is on the screen; the screens come after the first paint.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.filter import LineFilter
from textual.screen import Screen

from smmtui.config import Profile
from smmtui.domain.foreign_text import terminal_safe
from smmtui.tui.errands import Errands
from smmtui.tui.last_filter import LastFilter
from smmtui.tui.panel_app import PanelApp
from smmtui.tui.panels import OpenDesk, Panels
from smmtui.tui.typed_ahead import TypedAhead
from smmtui.words import _, ngettext

if TYPE_CHECKING:
    from textual.command import Provider

    from smmtui.tui.hints import Hint


def _plain_commands() -> type[Provider]:
    from smmtui.tui.palette import PlainCommands

    return PlainCommands


def _found_by_name() -> type[Provider]:
    from smmtui.tui.palette import FoundByName

    return FoundByName


class SmmtuiApp(PanelApp):
    """Owns every order that is being sent, and the keys that work on every screen."""

    TITLE = "smmtui"
    CSS_PATH = "smmtui.tcss"
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {_plain_commands, _found_by_name}

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "1", "show_mode('catalog')", _("Catalog"), id="app.catalog", show=False, tooltip=_("The panel's services")
        ),
        Binding("2", "show_mode('orders')", _("Orders"), id="app.orders", show=False, tooltip=_("Your orders")),
        Binding("3", "show_mode('basket')", _("Basket"), id="app.basket", show=False, tooltip=_("Many orders at once")),
        Binding(
            "4",
            "show_mode('attention')",
            _("Attention"),
            id="app.attention",
            show=False,
            tooltip=_("What you must settle"),
        ),
        Binding(
            "question_mark,f1",
            "help",
            _("Help"),
            id="app.help",
            key_display="?",
            tooltip=_("Every key that works here"),
        ),
        Binding(
            "ctrl+p",
            "command_palette",
            _("Palette"),
            id="app.palette",
            priority=True,
            tooltip=_("Everything by name"),
        ),
        Binding(
            "colon,Ж", "command_palette", _("Palette"), id="app.colon", show=False, tooltip=_("Everything by name")
        ),
        Binding("q,й", "quit", _("Quit"), id="app.quit", tooltip=_("Leave smmtui")),
        # Also while a letter would be typed into a field.
        Binding(
            "ctrl+q", "quit", _("Quit"), id="app.quit_always", show=False, priority=True, tooltip=_("Leave smmtui")
        ),
    ]

    def __init__(self, open_desk: OpenDesk | None, profile: Profile | None, panels: Panels | None = None) -> None:
        super().__init__(open_desk, profile, panels)
        self.errands = Errands(self._on_errand_fault)
        self._last_filter = LastFilter()
        self.typed_ahead = TypedAhead(self, self.tidying)

    # ── start and end ─────────────────────────────────────────────────────────────────────────────────────────────

    def on_mount(self) -> None:
        """Heed the system's signals from the start, and remember how the terminal was before."""
        self._heed_signals()
        self.keep_modes()

    def on_ready(self) -> None:
        """Open the rest, now that the frame is on the screen; in the frame's own queue, for keys go through ours."""
        self.screen.call_next(self._open)

    def _heed_signals(self) -> None:
        """Leave in order when told to from outside: outcomes are written, the terminal is given back."""
        if self.is_headless:
            return
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            # The shells' way of saying that a signal ended a program.
            loop.add_signal_handler(number, partial(self.exit, return_code=128 + number))

    def delay_update(self, delay: float = 0.05) -> None:
        """Paint another screen as soon as it is there; Textual would hold every paint back for a moment."""

    async def on_unmount(self) -> None:
        """Close what was opened, whatever ended the app; an order still under way is left as unknown."""
        await self.errands.end()
        await self.close_panel()

    async def action_quit(self) -> None:
        """Leave; while an order is being sent, say so and wait for its outcome, or leave at once when asked again."""
        if not self.errands.sending or self._leaving:
            self.exit()
            return
        self._leaving = True
        sending = self.errands.sending
        parts = [
            ngettext(
                "{count} being sent: smmtui leaves as soon as the panel has answered, which takes at most 90 seconds.",
                "{count} being sent: smmtui leaves as soon as the panel has answered, which takes at most 90 seconds "
                "for each order.",
                sending,
            ),
            "" if self._made_flows is None else self._made_flows.basket.stop(),
            _("Quit again to leave now; the outcome is then unknown."),
        ]
        text, title = " ".join(filter(None, parts)), _("Still sending")
        self.notify(terminal_safe(text), title=title, severity="warning", timeout=90, markup=False)
        self.errands.run(self._leave_when_sent())

    async def _leave_when_sent(self) -> None:
        await self.errands.all_sent()
        self.exit()

    @property
    def fault(self) -> Exception | None:
        """What ended the App if it was a fault. It is for the caller to tell: the text can hold the key."""
        return self._exception

    def _handle_exception(self, error: Exception) -> None:
        """End the App; Textual's own way prints the values of local variables, and the key can be among them."""
        self._return_code = 1
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
        self._close_messages_no_wait()

    def on_load(self) -> None:
        """Make the faults of tasks that nobody waits for the App's own."""
        asyncio.get_running_loop().set_exception_handler(self._on_loop_fault)

    def _on_loop_fault(self, loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        # What a transport reports is the network's doing, and reaches whoever asked over it.
        error = context.get("exception")
        if isinstance(error, Exception) and not {"task", "future", "handle"}.isdisjoint(context):
            self._handle_exception(error)

    def _on_errand_fault(self, error: BaseException) -> None:
        if isinstance(error, Exception):
            self._handle_exception(error)

    async def on_event(self, event: events.Event) -> None:
        """Let keys and pastes through one at a time, each to what the one before it has left in front."""
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded and self.typed_ahead.holds(event):
            return
        await super().on_event(event)

    def on_confirmation_opened(self) -> None:
        """Keep a key that is held down from answering what it has opened, and toasts from covering what is asked."""
        self.typed_ahead.drop_repeats()
        self._take_away([each for each in self._notifications if each.severity != "error"])

    def on_confirmation_confirmed(self) -> None:
        """Keep a key that is held down from acting on what the dialog has covered."""
        self.typed_ahead.drop_repeats()

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Those of the theme, and last the one that lets no control code through, wherever it came from."""
        return [*super().get_line_filters(), self._last_filter]

    # ── keys of every screen ──────────────────────────────────────────────────────────────────────────────────────

    def action_show_mode(self, mode: str) -> None:
        """Go to one of the numbered screens."""
        if self._desk is not None:
            self.switch_mode(mode)

    def action_help(self) -> None:
        """List every key that works here."""
        from smmtui.tui.hints import examples_on, hints_on
        from smmtui.tui.screens.help import HelpScreen

        if not isinstance(self.screen, HelpScreen):
            hints = [*hints_on(self.screen, dormant=True), *examples_on(self.screen)]
            self.push_screen(HelpScreen(hints), self._run_hint)

    async def _run_hint(self, hint: Hint | None) -> None:
        if hint is not None:
            await self.run_action(hint.action, default_namespace=hint.node)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The palette: every action that is possible on this screen, and the themes."""
        from smmtui.tui.hints import hints_on

        for hint in hints_on(screen):
            if hint.action != "command_palette":
                name = _("{name}: {what}", name=hint.name, what=hint.what)
                yield SystemCommand(name, hint.keys, lambda hint=hint: self._run_hint(hint))
        yield SystemCommand(_("Theme"), _("Choose another theme"), self.action_change_theme)
