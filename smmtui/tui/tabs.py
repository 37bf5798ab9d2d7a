"""The tabs: each screen's number, mode and name."""

from __future__ import annotations

from typing import Any, NamedTuple

from textual.app import App
from textual.content import Content
from textual.style import Style

from smmtui.domain.foreign_text import terminal_safe
from smmtui.tui.shown_keys import own_key_of
from smmtui.words import _


class Tab(NamedTuple):
    """A screen that is reached by its number."""

    key: str
    mode: str
    title: str


TABS = (
    Tab("1", "catalog", _("Catalog")),
    Tab("2", "orders", _("Orders")),
    Tab("3", "basket", _("Basket")),
    Tab("4", "attention", _("Attention")),
)


def tab_line(current: str, app: App[Any]) -> Content:
    """Return the tabs on one line, each under its key, the current one lit; a click goes there."""
    shown = []
    for tab in TABS:
        look = Style(bold=True, reverse=True) if tab.mode == current else Style()
        click = Style.from_meta({"@click": f"app.show_mode('{tab.mode}')"})
        key = own_key_of(app, f"app.{tab.mode}") or tab.key
        shown.append(Content.styled(terminal_safe(f" {key} {tab.title} "), look + click))
    return Content(" ").join(shown)
