"""A widget that keeps its lines as they stand on the screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

from rich.segment import Segment
from textual.color import TRANSPARENT, Color
from textual.filter import LineFilter
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

Finishing = tuple[Sequence[LineFilter], Color]
"""What is done with every line before it is on the screen, and the background that it is done on."""


class KeptLines(Widget):
    """Draws and filters a line once, until it is refreshed; made for a widget without border, outline and padding.

    Textual's own way goes through borders, padding, opacity and filters of all lines for each paint, which takes longer
    than drawing the rows of a table does.
    """

    def __init__(self, *, id: str | None = None) -> None:
        self._lines: dict[int, Strip] = {}
        self._finish: Finishing = ((), TRANSPARENT)
        super().__init__(id=id)

    def forget_lines(self) -> None:
        """Draw all lines anew with the next paint."""
        self._lines.clear()

    def notify_style_update(self) -> None:
        """Forget what was drawn in the old style."""
        self.forget_lines()
        super().notify_style_update()

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """Draw these parts anew, or everything."""
        if repaint and not regions:
            self.forget_lines()
        for region in regions:
            for y in region.line_range:
                self._lines.pop(y, None)
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return some lines, those drawn that are not kept."""
        finish = (self.get_line_filters(), self.background_colors[1])
        if finish != self._finish:
            self._finish = finish
            self.notify_style_update()
        for y in crop.line_range:
            if y not in self._lines:
                self._lines[y] = self.render_line(y)
        lines = [self._lines[y] for y in crop.line_range]
        if crop.column_span != (0, self.size.width):
            lines = [line.crop(*crop.column_span) for line in lines]
        return lines

    def finished(self, line: list[Segment]) -> list[Segment]:
        """Do with a line what the App does with every line; each that `render_line` returns has been through it."""
        filters, background = self._finish
        for each in filters:
            line = each.apply(line, background)
        return line
