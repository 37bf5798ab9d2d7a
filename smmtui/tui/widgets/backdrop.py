"""What lies behind other widgets and shows nothing but its background, drawn once instead of line by line."""

from __future__ import annotations

from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget


class Backdrop(Widget):
    """Mixin for a screen or a container without border, outline and padding; named last, for styles go by the first.

    Textual draws whatever lies below the widgets that are painted, as tall as it is and with every filter, also where
    it is covered from edge to edge: a third of what a key costs on a large terminal.
    """

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw some lines of the background."""
        line, background = Strip.blank(crop.width, self.visual_style.rich_style), self.background_colors[1]
        for each in self.get_line_filters():
            line = line.apply_filter(each, background)
        return [line] * crop.height
