"""The basket in words: badges, totals, how far the sending is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import groupby
from typing import Any

from rich.cells import cell_len
from textual.app import App
from textual.content import Content

from smmtui.domain.basket import BasketRow, Progress, RowState, Seen, Totals
from smmtui.domain.basket_fields import remarks, units
from smmtui.domain.clock import Clock
from smmtui.domain.money import plain
from smmtui.tui.show import ago, count, literal, money, problem_line, styled
from smmtui.tui.shown_keys import key_of
from smmtui.words import _, ngettext

_BAR = 12

_LOOKS: dict[RowState, tuple[str, str]] = {
    "ok": (_("· ok"), "$text-success"),
    "warn": (_("! warn"), "$text-warning"),
    "problem": (_("✕ problem"), "$text-error"),
    "queued": (_("○ queued"), "$foreground-muted"),
    "sending": (_("… sending"), "$text-primary"),
    "accepted": (_("✓ accepted"), "$text-success"),
    "rejected": (_("✕ rejected"), "$text-error"),
    "unsent": (_("↺ not sent"), "$text-warning"),
    "unknown": (_("? unknown"), "$text-error"),
    "settled": (_("= settled"), "$foreground-muted"),
}

_COUNTED: dict[RowState, Callable[[int], str]] = {
    "ok": lambda number: ngettext("{count} ok", "{count} ok", number),
    "warn": lambda number: ngettext("{count} warn", "{count} warn", number),
    "problem": lambda number: ngettext("{count} problem", "{count} problems", number),
    "queued": lambda number: ngettext("{count} queued", "{count} queued", number),
    "sending": lambda number: ngettext("{count} sending", "{count} sending", number),
    "accepted": lambda number: ngettext("{count} accepted", "{count} accepted", number),
    "rejected": lambda number: ngettext("{count} rejected", "{count} rejected", number),
    "unsent": lambda number: ngettext("{count} not sent", "{count} not sent", number),
    "unknown": lambda number: ngettext("{count} unknown", "{count} unknown", number),
    "settled": lambda number: ngettext("{count} settled", "{count} settled", number),
}

BADGE_WIDTH = max(cell_len(badge) for badge, _look in _LOOKS.values())
"""The cells of the widest badge."""


def row_badge(row: BasketRow) -> Content:
    """Return the row's state with a glyph."""
    return styled(*_LOOKS[row.state])


def row_remarks(row: BasketRow) -> Content:
    """Return on one line what is wrong or odd with the row, or what became of it."""
    if row.order_id and not row.reason:
        return literal(_("order {id}", id=row.order_id))
    look = _LOOKS[row.state][1] if row.state in ("warn", "problem", "rejected", "unsent", "unknown") else ""
    return styled(f"{row.order_id}: {remarks(row)}" if row.order_id else remarks(row), look)


def row_details(row: BasketRow | None) -> Content:
    """Return everything that is to be said about one row, a line for each."""
    if row is None:
        return Content()
    if row.state in ("ok", "warn", "problem"):
        return Content("\n").join(problem_line(problem) for problem in row.problems)
    return styled(remarks(row), _LOOKS[row.state][1])


def row_quantity(row: BasketRow) -> str:
    """Return how many units the row orders; what was typed where that means no number."""
    number = units(row)
    return row.quantity if number is None else count(number)


def totals_line(totals: Totals) -> Content:
    """Return what the rows amount to: "18 ok · 2 warn · 1 problem · $41.20 of $63.10", and what is odd about it."""
    parts = [styled(counted(state, totals), _LOOKS[state][1]) for state in _LOOKS if totals.counts.get(state)]
    cost = money(plain(totals.estimate + totals.queued), totals.currency)
    if totals.unpriced:
        cost = _("at least {cost}", cost=cost)
    if totals.balance is not None:
        cost = _("{cost} of {balance}", cost=cost, balance=money(totals.balance, totals.currency))
    if totals.ready or totals.queued:
        parts.append(styled(cost, "bold"))
    if totals.charged:
        charge = f"{'≈' if totals.guessed else ''}{money(totals.charged, totals.currency)}"
        parts.append(literal(_("placed for {charge}", charge=charge)))
    if totals.unpriced:
        unpriced = ngettext("{count} without a known price", "{count} without a known price", totals.unpriced)
        parts.append(styled(unpriced, "$text-warning"))
    line = Content(" · ").join(parts)
    return Content("\n").join([line, styled(f"! {totals.over}", "$text-warning")]) if totals.over else line


def counted(state: RowState, totals: Totals) -> str:
    """Return how many rows are in this state: "2 problems"."""
    return _COUNTED[state](totals.counts.get(state, 0))


def progress_lines(progress: Progress | None, app: App[Any]) -> Content:
    """Return how far the sending is, why it has stopped and what to do; nothing where nothing is queued or sent."""
    if progress is None or not (progress.running or progress.elsewhere or progress.left or progress.stopped):
        return Content()
    done, of = progress.done, progress.of
    full = _BAR * done // of if of else 0
    bar = styled("━" * full, "$text-primary") + styled("─" * (_BAR - full), "$foreground-muted")
    head = bar + styled(" " + _("{done} of {all}", done=f"{done:,}", all=f"{of:,}"), "bold")
    said = Content(" · ").join([head, *(literal(part) for part in _pace(progress, app))])
    return Content("\n").join([said, styled(f"! {progress.stopped}", "$text-warning")]) if progress.stopped else said


def _pace(progress: Progress, app: App[Any]) -> list[str]:
    if progress.elsewhere:
        return [_("being sent in another window")]
    if not progress.running:
        key = key_of(app, "basket.resume")
        goes_on = ngettext("{count} left: {key} goes on", "{count} left: {key} goes on", progress.left, key=key)
        return [goes_on] if progress.left else []
    parts = []
    if progress.per_minute:
        pace = _("{number} a minute", number=f"{progress.per_minute:,.0f}")
        parts = [pace, _time_left(progress.left / progress.per_minute)]
    if progress.pause:
        parts.append(progress.pause)
    stops = _("{key} stops", key=key_of(app, "basket.stop"))
    return [*parts, _("stopping after this order") if progress.stopping else stops]


def _time_left(minutes: float) -> str:
    if minutes < 1:
        return _("less than a minute left")
    return _("about {minutes} min left", minutes=f"{minutes:,.0f}")


def seen_words(seen: Seen, of: int, clock: Clock) -> str:
    """Return what became of a paste or file of `of` rows that comes again."""
    parts = []
    if seen.at is not None:
        parts.append(
            ngettext(
                "{count} of its {all} rows were sent {ago}: row {rows}.",
                "{count} of its {all} rows were sent {ago}: rows {rows}.",
                len(seen.sent),
                all=f"{of:,}",
                ago=ago(seen.at, clock.now()),
                rows=number_ranges(seen.sent),
            )
        )
    if seen.waiting:
        parts.append(
            ngettext(
                "{count} of them stands in the basket, not sent.",
                "{count} of them stand in the basket, not sent.",
                seen.waiting,
            )
        )
    return " ".join(parts)


def number_ranges(numbers: Iterable[int]) -> str:
    """Return numbers with neighbours drawn together: "1–3, 5"."""
    shown = []
    for _rank, run in groupby(enumerate(sorted(numbers)), key=lambda pair: pair[1] - pair[0]):
        group = [number for _, number in run]
        shown.append(str(group[0]) if len(group) == 1 else f"{group[0]}–{group[-1]}")
    return ", ".join(shown)
