"""The basket in words: badges, totals, how far the sending is."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from textual.content import Content

from smmtui.domain.basket import BasketRow, Progress, RowState, Seen, Totals
from smmtui.domain.basket_fields import remarks, units
from smmtui.domain.clock import Clock
from smmtui.domain.money import plain
from smmtui.tui.show import ago, count, literal, money, problem_line, styled

_BAR = 12

_LOOKS: dict[RowState, tuple[str, str]] = {
    "ok": ("· ok", "$text-success"),
    "warn": ("! warn", "$text-warning"),
    "problem": ("✕ problem", "$text-error"),
    "queued": ("○ queued", "$foreground-muted"),
    "sending": ("… sending", "$text-primary"),
    "accepted": ("✓ accepted", "$text-success"),
    "rejected": ("✕ rejected", "$text-error"),
    "unsent": ("↺ not sent", "$text-warning"),
    "unknown": ("? unknown", "$text-error"),
    "settled": ("= settled", "$foreground-muted"),
}


def row_badge(row: BasketRow) -> Content:
    """Return the row's state with a glyph."""
    return styled(*_LOOKS[row.state])


def row_remarks(row: BasketRow) -> Content:
    """Return on one line what is wrong or odd with the row, or what became of it."""
    if row.order_id and not row.reason:
        return literal(f"order {row.order_id}")
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
    parts = [styled(f"{number:,} {_word(state, number)}", _LOOKS[state][1]) for state, number in _counted(totals)]
    cost = f"{'at least ' if totals.unpriced else ''}{money(plain(totals.estimate + totals.queued), totals.currency)}"
    if totals.balance is not None:
        cost = f"{cost} of {money(totals.balance, totals.currency)}"
    if totals.ready or totals.queued:
        parts.append(styled(cost, "bold"))
    if totals.charged:
        parts.append(literal(f"placed for {'≈' if totals.guessed else ''}{money(totals.charged, totals.currency)}"))
    if totals.unpriced:
        parts.append(styled(f"{totals.unpriced:,} without a known price", "$text-warning"))
    line = Content(" · ").join(parts)
    return Content("\n").join([line, styled(f"! {totals.over}", "$text-warning")]) if totals.over else line


def _counted(totals: Totals) -> Iterable[tuple[RowState, int]]:
    return ((state, totals.counts[state]) for state in _LOOKS if totals.counts.get(state))


def _word(state: RowState, number: int) -> str:
    if state == "problem" and number > 1:
        return "problems"
    return "not sent" if state == "unsent" else state


def progress_lines(progress: Progress | None) -> Content:
    """Return how far the sending is, why it has stopped and what to do; nothing where nothing is queued or sent."""
    if progress is None or not (progress.running or progress.elsewhere or progress.left or progress.stopped):
        return Content()
    done, of = progress.done, progress.of
    full = _BAR * done // of if of else 0
    bar = styled("━" * full, "$text-primary") + styled("─" * (_BAR - full), "$foreground-muted")
    head = bar + styled(f" {done:,} of {of:,}", "bold")
    said = Content(" · ").join([head, *(literal(part) for part in _pace(progress))])
    return Content("\n").join([said, styled(f"! {progress.stopped}", "$text-warning")]) if progress.stopped else said


def _pace(progress: Progress) -> list[str]:
    if progress.elsewhere:
        return ["being sent in another window"]
    if not progress.running:
        return [f"{progress.left:,} left: R goes on"] if progress.left else []
    parts = []
    if progress.per_minute:
        parts = [f"{progress.per_minute:,.0f} a minute", _time_left(progress.left / progress.per_minute)]
    if progress.pause:
        parts.append(progress.pause)
    return [*parts, "stopping after this order" if progress.stopping else "Esc stops"]


def _time_left(minutes: float) -> str:
    return f"about {minutes:,.0f} min left" if minutes >= 1 else "less than a minute left"


def seen_words(seen: Seen, of: int, clock: Clock) -> str:
    """Return what became of a paste or file of `of` rows that comes again."""
    parts = []
    if seen.sent:
        when = f" {ago(seen.at, clock.now())}" if seen.at else ""
        rows = "row" if len(seen.sent) == 1 else "rows"
        parts.append(f"{len(seen.sent):,} of its {of:,} rows were sent{when}: {rows} {number_ranges(seen.sent)}.")
    if seen.waiting:
        parts.append(f"{seen.waiting:,} of them {'stands' if seen.waiting == 1 else 'stand'} in the basket, not sent.")
    return " ".join(parts)


def number_ranges(numbers: Iterable[int]) -> str:
    """Return numbers with neighbours drawn together: "1–3, 5"."""
    shown = []
    for _, run in groupby(enumerate(sorted(numbers)), key=lambda pair: pair[1] - pair[0]):
        group = [number for _, number in run]
        shown.append(str(group[0]) if len(group) == 1 else f"{group[0]}–{group[-1]}")
    return ", ".join(shown)
