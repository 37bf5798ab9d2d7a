"""The tabs: each screen's number, mode and name."""

from __future__ import annotations

from dataclasses import dataclass

from textual.content import Content
from textual.style import Style

from smmtui.domain.foreign_text import terminal_safe


@dataclass(frozen=True, slots=True)
class Tab:
    """A screen that is reached by its number."""

    key: str
    mode: str
    title: str


TABS = (
    Tab("1", "catalog", "Catalog"),
    Tab("2", "orders", "Orders"),
    Tab("3", "basket", "Basket"),
    Tab("4", "attention", "Attention"),
)


def tab_line(current: str) -> Content:
    """Return the tabs on one line, the current one lit; a click goes there."""
    shown = []
    for tab in TABS:
        look = Style(bold=True, reverse=True) if tab.mode == current else Style()
        click = Style.from_meta({"@click": f"app.show_mode('{tab.mode}')"})
        shown.append(Content.styled(terminal_safe(f" {tab.key} {tab.title} "), look + click))
    return Content(" ").join(shown)
