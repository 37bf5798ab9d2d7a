"""Themes of our own. In the dark and the light one every text is readable on every ground, also where it is muted.

Those for few colours are Textual's, with a cursor on which muted text, which has the terminal's own colour, can be
read, and with one that shows also where the keyboard is elsewhere.
"""

from __future__ import annotations

from dataclasses import replace

from textual.theme import BUILTIN_THEMES, Theme

from smmtui.theme_choice import DARK, FEW_DARK, FEW_LIGHT, LIGHT


def _with_cursor(name: str, ground: str, ink: str) -> Theme:
    theme = BUILTIN_THEMES[name]
    cursor = {
        "block-cursor-background": ground,
        "block-cursor-foreground": ink,
        "block-cursor-blurred-text-style": "bold underline",
    }
    return replace(theme, variables={**theme.variables, **cursor})


OWN_THEMES = (
    _with_cursor(FEW_DARK, "ansi_blue", "ansi_bright_white"),
    _with_cursor(FEW_LIGHT, "ansi_cyan", "ansi_black"),
    Theme(
        name=DARK,
        primary="#5aa9e6",
        secondary="#7f9bd1",
        accent="#f2b263",
        warning="#f2b84b",
        error="#ff7b86",
        success="#6fd08c",
        foreground="#e4e7eb",
        background="#15171b",
        surface="#1c1f24",
        panel="#2a2d33",
        dark=True,
        variables={
            "foreground-muted": "#a6acb5",
            "text-disabled": "#8d939c",
            "text-muted": "auto 75%",
            "block-cursor-blurred-background": "#283848",
        },
    ),
    Theme(
        name=LIGHT,
        primary="#1f5fa8",
        secondary="#4a5f96",
        accent="#8a4b00",
        warning="#8a5a00",
        error="#b3202f",
        success="#1d6b3a",
        foreground="#1c2128",
        background="#fbfbfc",
        surface="#f2f3f5",
        panel="#e2e5e9",
        dark=False,
        variables={
            "foreground-muted": "#4a515b",
            "text-disabled": "#5c636d",
            "text-muted": "auto 75%",
            "block-cursor-blurred-background": "#c5d6ea",
        },
    ),
)
