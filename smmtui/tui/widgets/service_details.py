"""Everything known of one service, a fact on each line, beside the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import ClassVar, NamedTuple

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.getters import query_one
from textual.timer import Timer
from textual.widgets import Static

from smmtui.domain.records import Order, Service
from smmtui.tui.facts import fact_lines
from smmtui.tui.show import ago, count, description_of, literal, money, status_badge, styled, yes_no
from smmtui.words import _, ngettext

_LATEST = 10
_NAME_CELLS = 13
_AGO_CELLS = 11

_REST = 0.08
"""Seconds without a key after which the details follow the cursor: a held arrow never waits for them."""


class Detailed(NamedTuple):
    """A service, the user's own orders of it, newest first, and the time from which their ages are counted."""

    service: Service
    favourite: bool
    own: Sequence[Order]
    now: datetime


class ServiceDetails(VerticalScroll):
    """Shows one service; it scrolls by keys once Tab has brought it the focus."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "app.focus_previous", _("Back"), id="service.back", tooltip=_("Back to the services")),
        Binding("down,j,о", "read(1)", _("Down"), id="service.down", tooltip=_("Read on")),
        Binding("up,k,л", "read(-1)", _("Up"), id="service.up", tooltip=_("Read back")),
    ]

    text = query_one(Static)

    def __init__(self, current: Callable[[], Detailed | None]) -> None:
        """`current` returns what is to be shown, None for nothing."""
        super().__init__()
        self._current = current
        self._shown: str | None = None
        self._drawn = Content()
        self._rest: Timer | None = None

    def compose(self) -> ComposeResult:
        """All of it is one text."""
        yield Static()

    def follow(self) -> None:
        """Show the current service once the cursor rests."""
        if self._rest is not None:
            self._rest.stop()
        self._rest = self.set_timer(_REST, self.show) if self.display else None

    def show(self) -> None:
        """Show the current service; what reads the same is not drawn again."""
        current = self._current()
        parts = [] if current is None else [*_facts(current), *_history(current), *_description(current.service)]
        text = Content("\n").join(parts)
        if self.is_mounted and not text.is_same(self._drawn):
            self._drawn = text
            self.text.update(text, layout=False)
            # Most services have as many lines, and a layout is one of the whole screen.
            room = self.text.size
            if not room.width or room.height != self.text.get_content_height(self.size, self.app.size, room.width):
                self.text.refresh(layout=True)
        shown = None if current is None else current.service.id
        if shown != self._shown:
            if self.scroll_offset.y or self.scroll_target_y:
                self.scroll_home(animate=False)
            self._shown = shown

    def action_read(self, lines: int) -> None:
        """Scroll, at once: keys typed ahead would all begin at the same line."""
        self.scroll_to(y=self.scroll_target_y + lines, animate=False, immediate=True)


def _facts(current: Detailed) -> Iterator[Content]:
    service = current.service
    yield styled(service.name, "bold")
    facts = (
        (_("Id"), service.id),
        (_("Favourite"), _("★ yes") if current.favourite else ""),
        (_("Category"), service.category),
        (_("Type"), service.type),
        (_("Rate"), _("{rate} per 1000", rate=_("unknown") if service.rate is None else money(service.rate))),
        (_("Min"), count(service.min)),
        (_("Max"), count(service.max)),
        (_("Refill"), _refill(service)),
        (_("Cancel"), yes_no(service.cancel) or _("not stated")),
        (_("Drip-feed"), yes_no(service.dripfeed) or _("not stated")),
        (_("Average time"), service.average_time),
    )
    yield from fact_lines(facts, _NAME_CELLS)


def _refill(service: Service) -> str:
    refill = yes_no(service.refill) or _("not stated")
    if not (service.refill and service.refill_days):
        return refill
    return ngettext("{refill}, {count} day", "{refill}, {count} days", service.refill_days, refill=refill)


def _history(current: Detailed) -> Iterator[Content]:
    own = current.own
    if not own:
        return
    yield Content()
    yield styled(_("Your orders ({number})", number=f"{len(own):,}"), "bold")
    ages = [literal(ago(order.placed, current.now)) for order in own[:_LATEST]]
    width = max(_AGO_CELLS, *(each.cell_length for each in ages))
    for placed, order in zip(ages, own, strict=False):
        cost = "" if order.charge is None else f"  {money(order.charge, order.currency)}"
        line = placed.pad_right(width - placed.cell_length) + literal(f" {count(order.total):>9}  ")
        yield line + status_badge(order) + literal(cost)
    if (older := len(own) - _LATEST) > 0:
        yield styled(ngettext("and {count} older one", "and {count} older ones", older), "$foreground-muted")


def _description(service: Service) -> Iterator[Content]:
    if description := description_of(service):
        yield Content()
        yield styled(_("Description"), "bold")
        yield literal(description)
