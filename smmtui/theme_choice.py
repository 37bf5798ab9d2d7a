"""Which theme to wear: the configured one, else the one chosen last, else one that suits the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from smmtui.durable import private_folder, write_whole
from smmtui.words import _

DARK, LIGHT = "smmtui-dark", "smmtui-light"
# Those of terminals with few colours: they take the terminal's own.
FEW_DARK, FEW_LIGHT = "ansi-dark", "ansi-light"
THEMES = (
    *(DARK, LIGHT, FEW_DARK, FEW_LIGHT, "atom-one-dark", "atom-one-light", "catppuccin-frappe", "catppuccin-latte"),
    *("catppuccin-macchiato", "catppuccin-mocha", "dracula", "flexoki", "gruvbox", "monokai", "nord", "rose-pine"),
    *("rose-pine-dawn", "rose-pine-moon", "solarized-dark", "solarized-light", "textual-dark", "textual-light"),
    "tokyo-night",
)
"""Every theme that can be chosen: ours and Textual's. Listed here, for Textual is not loaded to check a word."""
_LONGEST = 64


def unknown_theme(name: str) -> str:
    """Return what is wrong with a theme's name, the nearest known one beside it; "" for nothing."""
    if not name or name in THEMES:
        return ""
    import difflib

    near = difflib.get_close_matches(name, THEMES, n=1)
    if near:
        return _("is no theme: did you mean {name}?", name=near[0])
    return _("is no theme. There are {names}.", names=", ".join(THEMES))


class ThemeChoice:
    """The user's choice of a theme, one for all panels, and where the last one is remembered."""

    def __init__(self, configured: str, folder: Path, environ: Mapping[str, str]) -> None:
        """Read the choice; `configured` is "" for none, `folder` is that of the user's state."""
        self._file = folder / "theme"
        self.configured = configured
        by_environment = environ.get("TEXTUAL_THEME", "")
        self.named = configured or (by_environment if by_environment in THEMES else "") or self._remembered()
        """The theme that was asked for, "" where it is left to us."""

    def _remembered(self) -> str:
        try:
            with self._file.open("rb") as file:
                name = file.read(_LONGEST).decode().strip()
        except (OSError, ValueError):
            return ""
        return name if name in THEMES else ""

    def keep(self, name: str) -> str:
        """Remember a theme for the next start; return in words why that was not done, "" if it was."""
        if name == self.configured:
            return ""
        if self.configured:
            return _(
                "The theme {name} stays until smmtui ends: the configuration says theme = “{configured}”.",
                name=name,
                configured=self.configured,
            )
        try:
            private_folder(self._file.parent)
            write_whole(self._file, f"{name}\n".encode())
        except OSError as error:
            return _(
                "The theme {name} stays until smmtui ends: {file} cannot be written ({reason}).",
                name=name,
                file=self._file,
                reason=error.strerror,
            )
        return ""
