"""The App as far as it is dressed: the theme it wears, and what becomes of colours where there are few or none."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import App
from textual.driver import Driver
from textual.filter import LineFilter, Monochrome, NoColor

from smmtui.domain.foreign_text import terminal_safe
from smmtui.terminal_background import TerminalBackground
from smmtui.theme_choice import DARK, FEW_DARK, FEW_LIGHT, LIGHT, ThemeChoice
from smmtui.tui import paste_guard
from smmtui.tui.no_colours import WithoutColours
from smmtui.tui.paste_guard import GuardedParser
from smmtui.tui.themes import OWN_THEMES

_FEW_COLOURS = (None, "standard", "windows")


class ThemedApp(App[None]):
    """Wears the chosen theme, else one of ours that goes with the terminal, and remembers what the user chooses."""

    _theme_known = False

    def __init__(self) -> None:
        super().__init__()
        for theme in OWN_THEMES:
            self.register_theme(theme)
        self._without_colours = WithoutColours()
        self._choice: ThemeChoice | None = None
        self._background: TerminalBackground | None = None
        # What was put on before the user has chosen anything in this run, "" once that was done.
        self._given = ""
        self._put_on(DARK)

    def get_driver_class(self) -> type[Driver]:
        """Textual's own driver, behind a guard that keeps a paste from pressing keys."""
        paste_guard.install()
        return super().get_driver_class()

    def dress(self, choice: ThemeChoice, background: TerminalBackground, dark: bool) -> None:
        """Wear what was chosen before the start; `dark` is what to believe of a terminal that says nothing."""
        self._choice, self._background = choice, background
        paste_guard.install(background)
        answer = background.dark
        self._put_on(choice.named or self._fitting(dark if answer is None else answer))

    def _put_on(self, name: str) -> None:
        """Wear a theme from the first paint on."""
        self._given = name
        self.set_reactive(App.theme, name)
        self._refresh_truecolor_filter(self.ansi_theme)

    def get_css_variables(self) -> dict[str, str]:
        """Return the theme's colours; none before it is known, for mixing them takes a while."""
        return super().get_css_variables() if self._theme_known else {}

    def on_load(self) -> None:
        """Mix the theme's colours, before any style is read."""
        self._theme_known = True
        self.stylesheet.set_variables(self.get_css_variables())

    def _fitting(self, dark: bool) -> str:
        # With few colours a theme's own would be rounded until they cannot be told apart.
        if self.console.color_system in _FEW_COLOURS and not self.no_color:
            return FEW_DARK if dark else FEW_LIGHT
        return DARK if dark else LIGHT

    def keep_modes(self) -> None:
        """Have the terminal's modes of before the start given back when the App leaves or is suspended."""
        modes = None if self._background is None else self._background.modes_before
        if modes is not None and getattr(self._driver, "attrs_before", None) is not None:
            # It has found those under which the terminal was asked for its background.
            self._driver.attrs_before = modes  # type: ignore[union-attr]

    def on_guarded_parser_background_told(self, event: GuardedParser.BackgroundTold) -> None:
        """Change clothes where the answer comes late, and nobody has chosen."""
        if self._background is None or self._choice is None or self._choice.named or self.theme != self._given:
            return
        self._given = self._fitting(bool(self._background.dark))
        self.theme = self._given

    def watch_theme(self, name: str) -> None:
        """Remember what the user has chosen."""
        if self._choice is None or name == self._given:
            return
        self._given = ""
        if trouble := self._choice.keep(name):
            self.notify(terminal_safe(trouble), severity="warning", markup=False)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's own; where the user wants no colours, the one that takes them away in place of its greys."""
        filters = super().get_line_filters()
        if not self.no_color:
            return filters
        return [*(each for each in filters if not isinstance(each, Monochrome | NoColor)), self._without_colours]
