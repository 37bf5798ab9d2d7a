"""What a user's eyes get of a screen: every piece of text with its place, its colours and its look."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rich.color import Color as RichColor
from rich.segment import Segment
from textual.app import App
from textual.color import Color
from textual.geometry import Region
from textual.widgets._toast import Toast, ToastRack

# Frames, bars and cursors are seen as shapes; nobody reads them.
_SHAPES = frozenset("─━│┃┄┆╭╮╯╰┌┐└┘├┤┬┴┼═║▌▏▎▍▐█▇▆▅▄▃▂▁▔▕▊▉▀╸╺⎸░▒▓ \xa0")


@dataclass(frozen=True)
class Piece:
    """A piece of text in one look; `ink` and `ground` are its colours as they are seen, None for the terminal's own."""

    text: str
    place: Region
    ink: Color | None
    ground: Color | None
    bold: bool
    reverse: bool
    underline: bool

    @property
    def read(self) -> bool:
        """Whether there are letters in it."""
        return bool(self.text.strip()) and not set(self.text) <= _SHAPES

    @property
    def contrast(self) -> float:
        """The contrast of text and background, from 1 to 21, as the accessibility guidelines measure it."""
        assert self.ink is not None and self.ground is not None, self
        lighter, darker = sorted((_luminance(self.ink), _luminance(self.ground)), reverse=True)
        return (lighter + 0.05) / (darker + 0.05)


def pieces(app: App[None]) -> Iterator[Piece]:
    """All that is on the screen, line by line."""
    for y, line in enumerate(app.screen._compositor.render_strips(app.size)):
        x = 0
        for segment in line:
            yield _piece(segment, Region(x, y, segment.cell_length, 1))
            x += segment.cell_length


def in_front(app: App[None]) -> Iterator[Piece]:
    """What is on the screen but for what a dialog dims behind it."""
    screen = app.screen
    fronts = [each.region for each in screen.children if not isinstance(each, ToastRack)]
    fronts += [each.region for each in screen.query(Toast)]
    for piece in pieces(app):
        if len(app.screen_stack) == 1 or any(front.contains_region(piece.place) for front in fronts):
            yield piece


def _piece(segment: Segment, place: Region) -> Piece:
    style = segment.style
    assert style is not None
    ink, ground = _color(style.color), _color(style.bgcolor)
    if style.reverse:
        ink, ground = ground, ink
    return Piece(segment.text, place, ink, ground, bool(style.bold), bool(style.reverse), bool(style.underline))


def _color(color: RichColor | None) -> Color | None:
    return None if color is None or color.is_default else Color.from_rich_color(color)


def _luminance(color: Color) -> float:
    parts = [part / 255 for part in (color.r, color.g, color.b)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
