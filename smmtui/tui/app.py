"""The App: modes, global keys, toasts, and the sending of orders.

What is imported here is imported before anything is on the screen; the screens come after the first paint.
"""

from __future__ import annotations

import asyncio
import gc
import signal
from collections.abc import Callable, Coroutine, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import events
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.filter import LineFilter
from textual.screen import Screen

from smmtui.config import Profile
from smmtui.domain.foreign_text import terminal_safe
from smmtui.errors import JournalError, PanelError
from smmtui.tui.last_filter import LastFilter
from smmtui.tui.shell import Shell
from smmtui.tui.typed_ahead import TypedAhead

if TYPE_CHECKING:
    from textual.command import Provider

    from smmtui.desk.desk import Desk
    from smmtui.domain.order_entry import OrderEntry
    from smmtui.domain.records import Draft, Order
    from smmtui.tui.outcomes import Severity
    from smmtui.tui.screens.catalog import CatalogScreen
    from smmtui.tui.screens.help import Hint
    from smmtui.tui.screens.tracker import TrackerScreen

OpenDesk = Callable[[Profile], AbstractAsyncContextManager["Desk"]]


def _plain_commands() -> type[Provider]:
    from smmtui.tui.palette import PlainCommands

    return PlainCommands


class SmmtuiApp(App[None]):
    """Opens the Desk once the shell is painted, hands it to the screens, and owns every order that is being sent."""

    TITLE = "smmtui"
    CSS_PATH = "smmtui.tcss"
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {_plain_commands}

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("1", "show_mode('catalog')", "Catalog", id="app.catalog", show=False, tooltip="The panel's services"),
        Binding("2", "show_mode('orders')", "Orders", id="app.orders", show=False, tooltip="Your orders"),
        Binding(
            "question_mark,f1", "help", "Help", id="app.help", key_display="?", tooltip="Every key that works here"
        ),
        Binding("ctrl+p", "command_palette", "Palette", id="app.palette", priority=True, tooltip="Everything by name"),
        Binding("colon", "command_palette", "Palette", id="app.colon", show=False, tooltip="Everything by name"),
        Binding("q,й", "quit", "Quit", id="app.quit", tooltip="Leave smmtui"),
        # Also while a letter would be typed into a field.
        Binding("ctrl+q", "quit", "Quit", id="app.quit_always", show=False, priority=True, tooltip="Leave smmtui"),
    ]

    def __init__(self, open_desk: OpenDesk, profile: Profile) -> None:
        super().__init__()
        self._open_desk = open_desk
        self._profile = profile
        self._rooms = AsyncExitStack()
        self._desk: Desk | None = None
        self._sending: set[asyncio.Task[None]] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._kept: dict[str, OrderEntry] = {}
        self._leaving = False
        self.last_words: list[str] = []
        """What the user must still know when the screen is gone; printed after the end."""
        self._last_filter = LastFilter()
        self.typed_ahead = TypedAhead(self)

    # ── start and end ─────────────────────────────────────────────────────────────────────────────────────────────

    def get_default_screen(self) -> Screen[None]:
        """The first paint: a frame, from nothing but the profile's name."""
        return Shell(self._profile)

    def on_mount(self) -> None:
        """Open the rest once the frame is on the screen."""
        self._heed_signals()
        self.call_after_refresh(self._open)

    def _heed_signals(self) -> None:
        """Leave in order when told to from outside: outcomes are written, the terminal is given back."""
        if self.is_headless:
            return
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            # The shells' way of saying that a signal ended a program.
            loop.add_signal_handler(number, partial(self.exit, return_code=128 + number))

    async def _open(self) -> None:
        # After the first paint, for these bring in everything that the screens are made of.
        from smmtui.tui.screens.catalog import CatalogScreen
        from smmtui.tui.screens.tracker import TrackerScreen

        try:
            desk = await self._rooms.enter_async_context(self._open_desk(self._profile))
        except JournalError as error:
            self.exit(return_code=1, message=Text(terminal_safe(str(error))))
            return
        self._desk = desk
        self.add_mode("catalog", lambda: CatalogScreen(desk))
        self.add_mode("orders", lambda: TrackerScreen(desk))
        await self.switch_mode("catalog")
        self.call_after_refresh(self._go_online, desk)

    def _go_online(self, desk: Desk) -> None:
        # What exists by now lives as long as the app: no later collection needs to look at it.
        gc.freeze()
        gc.enable()
        desk.go_online()

    async def on_unmount(self) -> None:
        """Close what was opened, whatever ended the app; an order still under way is left as unknown."""
        ending = self._sending | self._tasks
        for task in ending:
            task.cancel()
        await asyncio.gather(*ending, return_exceptions=True)
        await self._rooms.aclose()

    async def action_quit(self) -> None:
        """Leave; while an order is being sent, say so and wait for its outcome, or leave at once when asked again."""
        if not self._sending or self._leaving:
            self.exit()
            return
        self._leaving = True
        text = (
            f"{len(self._sending)} being sent: smmtui leaves as soon as the panel has answered, after 90 seconds at "
            "the latest. Quit again to leave now; the outcome is then unknown."
        )
        self._toast("Still sending", text, "warning", timeout=90)
        self._watch(self._leave_when_sent())

    async def _leave_when_sent(self) -> None:
        while self._sending:
            await asyncio.wait(set(self._sending))
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

    async def on_event(self, event: events.Event) -> None:
        """Let keys and pastes through one at a time, each to what the one before it has left in front."""
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded and self.typed_ahead.holds(event):
            return
        await super().on_event(event)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's own, and last the one that lets no control code through, wherever it came from."""
        return [*super().get_line_filters(), self._last_filter]

    # ── keys of every screen ──────────────────────────────────────────────────────────────────────────────────────

    def action_show_mode(self, mode: str) -> None:
        """Go to one of the numbered screens."""
        if self._desk is not None:
            self.switch_mode(mode)

    def action_help(self) -> None:
        """List every key that works here."""
        from smmtui.tui.screens.help import HelpScreen

        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(self._hints(self.screen)), self._run_hint)

    def _hints(self, screen: Screen[object]) -> Sequence[Hint]:
        from smmtui.tui.screens.help import Hint

        seen: dict[str, Hint] = {}
        for active in screen.active_bindings.values():
            node, binding, enabled, _ = active
            key = binding.id or binding.action
            if not enabled or binding.action == "help" or not binding.id:
                continue
            shown = self.get_key_display(binding)
            if key in seen:
                shown = f"{seen[key].keys} {shown}" if shown.isascii() else seen[key].keys
            seen[key] = Hint(shown, binding.description, binding.tooltip, binding.action, node)
        return sorted(seen.values(), key=lambda hint: hint.node is self)

    async def _run_hint(self, hint: Hint | None) -> None:
        if hint is not None:
            await self.run_action(hint.action, default_namespace=hint.node)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The palette: every action that is possible on this screen, and the themes."""
        for hint in self._hints(screen):
            if hint.action != "command_palette":
                yield SystemCommand(f"{hint.name}: {hint.what}", hint.keys, lambda hint=hint: self._run_hint(hint))
        yield SystemCommand("Theme", "Choose another theme", self.action_change_theme)

    # ── ordering ──────────────────────────────────────────────────────────────────────────────────────────────────

    def on_catalog_screen_order_wanted(self, event: CatalogScreen.OrderWanted) -> None:
        """Open the form, with what was typed before for this service."""
        from smmtui.domain.order_entry import OrderEntry

        entry = OrderEntry(event.service, order_style=self._profile.order_style)
        self._fill(self._kept.get(event.service.id, entry))

    def _fill(self, entry: OrderEntry) -> None:
        from smmtui.tui.screens.order_form import Filled, OrderForm

        desk = self._desk
        if desk is None:
            return

        def left(filled: Filled | None) -> None:
            if filled is not None:
                self._kept[filled.entry.service.id] = filled.entry
                if filled.review:
                    self._review(filled.entry)

        self.push_screen(OrderForm(desk, entry), left)

    def _review(self, entry: OrderEntry) -> None:
        from smmtui.tui.screens.review_order import ReviewOrder

        desk = self._desk
        if desk is None:
            return

        def answered(yes: bool | None) -> None:
            if yes:
                self._kept.pop(entry.service.id, None)
                self.place(entry.draft(None if desk.balance is None else desk.balance.currency))
            else:
                self._fill(entry)

        self.push_screen(ReviewOrder(desk, entry), answered)

    def place(self, draft: Draft) -> None:
        """Send an order in a task of the App's own: no dialog, screen or second key press can cancel it."""
        self._watch(self._place(draft), self._sending)

    async def _place(self, draft: Draft) -> None:
        if self._desk is None:
            return
        try:
            order = await self._desk.place(draft)
        except (JournalError, PanelError) as error:
            self._toast("Not sent", f"{error} Nothing was sent and nothing was charged.", "error", timeout=30)
        else:
            self._tell_outcome(order)

    def _tell_outcome(self, order: Order) -> None:
        from smmtui.tui.outcomes import outcome_words

        unsaved = self._desk is not None and order in self._desk.unsaved
        words = outcome_words(order, unsaved=unsaved)
        if unsaved and order.id is not None:
            from smmtui.tui.screens.unsaved import Unsaved

            self.last_words.append(f"{words.title}. {words.text} {order.service_name}, {order.link}")
            self.push_screen(Unsaved(order))
        self._toast(words.title, words.text, words.severity, timeout=words.seconds)

    def _toast(self, title: str, text: str, severity: Severity, timeout: float) -> None:
        text, title = terminal_safe(text), terminal_safe(title)
        self.notify(text, title=title, severity=severity, timeout=timeout, markup=False)

    def _watch(self, work: Coroutine[object, object, None], group: set[asyncio.Task[None]] | None = None) -> None:
        """Run work that nothing but the end of the App may cancel; its fault is the App's fault."""
        task = asyncio.create_task(work)
        group = self._tasks if group is None else group
        group.add(task)

        def ended(task: asyncio.Task[None]) -> None:
            group.discard(task)
            if not task.cancelled() and (error := task.exception()) is not None:
                self.call_next(_raise, error)

        task.add_done_callback(ended)

    # ── details ───────────────────────────────────────────────────────────────────────────────────────────────────

    async def on_tracker_screen_details_wanted(self, event: TrackerScreen.DetailsWanted) -> None:
        """Open everything known of the order."""
        from smmtui.tui.screens.order_details import OrderDetails

        if self._desk is not None:
            self.push_screen(OrderDetails(self._desk, event.order, await self._desk.events(event.order.uuid)))


def _raise(error: BaseException) -> None:
    raise error
