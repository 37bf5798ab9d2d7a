"""The base of every screen that shows what the Desk knows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar
from urllib.parse import urlsplit

from textual import events
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.getters import query_one
from textual.screen import Screen
from textual.widgets import Static

from smmtui.config import is_loopback
from smmtui.desk.desk import Desk
from smmtui.desk.health import Condition
from smmtui.desk.topics import Topic
from smmtui.domain.foreign_text import terminal_safe
from smmtui.errors import JournalError
from smmtui.tui.show import literal
from smmtui.tui.shown_keys import key_of
from smmtui.tui.tabs import tab_line
from smmtui.tui.widgets.backdrop import Backdrop
from smmtui.tui.widgets.balance_header import BalanceHeader
from smmtui.tui.widgets.key_bar import KeyBar
from smmtui.tui.widgets.row_table import RowTable
from smmtui.words import _


class DeskScreen(Screen[None], Backdrop):
    """Subscribes to the Desk while it exists, shows news at once, and catches up on what it missed when it returns.

    A subclass composes its body in `compose_body` and implements one `show(topic)`.
    """

    MODE: ClassVar[str] = ""
    """The mode that this screen is the bottom of; its tab is lit."""

    # Textual would give the filter the focus first, and style both for it.
    AUTO_FOCUS = "RowTable"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r,к", "refresh", _("Refresh"), id="screen.refresh", tooltip=_("Ask the panel now")),
        Binding(
            "A,Ф",
            "acknowledge",
            _("I have read it"),
            id="screen.acknowledge",
            tooltip=_("You have read what happened to the journal: order again"),
        ),
    ]

    header = query_one(BalanceHeader)
    banner = query_one("#banner", Static)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._missed = Topic.NOTHING
        self._was_away = False
        self._unsubscribe: Callable[[], None] | None = None

    def compose(self) -> ComposeResult:
        """Header, tabs, banner, the screen's own body, footer."""
        yield BalanceHeader(self.desk)
        yield Static(tab_line(self.MODE, self.app), id="tabs")
        yield Static(id="banner")
        yield from self.compose_body()
        yield KeyBar()

    def compose_body(self) -> ComposeResult:
        """Yield what stands between banner and footer."""
        yield from ()

    def show(self, topic: Topic) -> None:
        """Show what the Desk knows of these topics."""

    def action_refresh(self) -> None:
        """Ask the panel for what this screen shows."""

    def on_mount(self) -> None:
        """Begin to listen, and show all there is."""
        self._unsubscribe = self.desk.subscribe(self._hear)
        self._show_all(Topic.ALL)

    def on_unmount(self) -> None:
        """Stop listening."""
        if self._unsubscribe is not None:
            self._unsubscribe()

    def _hear(self, topic: Topic) -> None:
        if self.is_mounted and self in self.app.screen_stack:
            # Through the screen's own queue, so that a fault in showing is this screen's fault, seen as such.
            self.call_next(self._show_all, topic)
        else:
            self._missed |= topic

    def on_screen_suspend(self) -> None:
        """Another screen comes to the front."""
        self._was_away = True

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Catch up on what happened while another screen was in front."""
        # Textual tells of a new mode twice, and would style all of it each time, when it has just been styled.
        was_away, self._was_away = self._was_away, False
        event.refresh_styles = event.refresh_styles and was_away
        if was_away:
            # Ages went on meanwhile.
            for table in self.query(RowTable):
                table.redraw()
        if self._missed:
            missed, self._missed = self._missed, Topic.NOTHING
            self._show_all(missed)

    def _show_all(self, topic: Topic) -> None:
        # News may reach a screen that is being taken down, when its parts are gone already.
        if not self.is_running:
            return
        self.header.show()
        if Topic.HEALTH in topic:
            self._show_health()
        self.show(topic)

    def _show_health(self) -> None:
        desk = self.desk
        key = _words_of_key(self.app, desk) if desk.health.condition is Condition.BAD_KEY else ""
        words = (desk.damage, *_standing_words(desk), desk.health.words, key, desk.remembered.fault)
        text = "\n".join(filter(None, words))
        self.banner.display = bool(text)
        self.banner.update(literal(text))
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to acknowledge only where there is something to acknowledge."""
        return bool(self.desk.damage) if action == "acknowledge" else True

    async def action_acknowledge(self) -> None:
        """Allow ordering again after a damage of the journal."""
        try:
            await self.desk.acknowledge_damage()
        except JournalError as error:
            self.notify(terminal_safe(str(error)), severity="error", markup=False)


def _words_of_key(app: App[Any], desk: Desk) -> str:
    """How to come to another key: that of the environment is read at the start only."""
    source, key = terminal_safe(desk.profile.key_source), key_of(app, "app.panels")
    if source == "SMMTUI_API_KEY":
        return _("The key is from {source}: correct it there, and start smmtui again.", source=source)
    if source:
        return _("Correct the key, then open the panel again with {key}. It is from {source}.", key=key, source=source)
    return _("Correct the key, then open the panel again with {key}.", key=key)


def _standing_words(desk: Desk) -> list[str]:
    """What has to be in view for as long as it is so."""
    address, words = urlsplit(desk.profile.url), []
    if address.scheme == "http" and not is_loopback(address.hostname or ""):
        text = _(
            "The key goes to {host} unencrypted, because the profile says {setting}.",
            host=address.hostname,
            setting="allow_http = true",
        )
        words.append(text)
    if desk.profile.proxy:
        words.append(_("Everything goes through the proxy {host}.", host=urlsplit(desk.profile.proxy).hostname))
    return words
