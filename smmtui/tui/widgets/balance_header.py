"""The one line that stands above every screen: panel, health, balance, spending, orders, countdown."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from textual.content import Content
from textual.style import Style
from textual.widgets import Static

from smmtui.desk.desk import Desk
from smmtui.desk.health import Condition
from smmtui.domain.records import Order, State
from smmtui.tui.show import ago, literal, money, styled
from smmtui.words import _, ngettext

_SECOND = 1.0
_STALE_AFTER = timedelta(minutes=5)

# What falls away first on a narrow terminal has the highest number; what has none always stays.
_NAME, _HEALTH, _BALANCE, _TODAY, _ACTIVE, _UNKNOWN, _BASKET, _NEXT, _DEMO = 5, 4, 0, 6, 3, 0, 1, 7, 2

_LOOKS = {
    Condition.ONLINE: "$text-success",
    Condition.SLOW: "$text-warning",
    Condition.STARTING: "$foreground-muted",
    Condition.PAUSED: "$text-warning",
    Condition.STALE: "$text-warning",
    Condition.ELSEWHERE: "$text-success",
}


class BalanceHeader(Static):
    """Shows what the Desk knows, anew each second for the sake of countdown and ages."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(id="balance-header")
        self._desk = desk
        self._shown: list[tuple[int, str]] = []
        self._counted: tuple[Order, ...] = ()
        self._counts = (0, 0)

    def on_mount(self) -> None:
        """Begin to count."""
        self.set_interval(_SECOND, self.show)
        self.show()

    def on_resize(self) -> None:
        """Fit the new width."""
        self._shown = []
        self.show()

    def show(self) -> None:
        """Take over what the Desk knows now; a line that reads the same is not drawn again."""
        parts = [(rank, part) for rank, part in self._parts() if part.plain]
        seen = [(rank, part.plain) for rank, part in parts]
        if seen != self._shown:
            self._shown = seen
            self.update(_fitted(parts, self.size.width or self.app.size.width), layout=False)

    def _parts(self) -> list[tuple[int, Content]]:
        desk = self._desk
        unknown, active = self._numbers()
        return [
            (_NAME, styled(desk.profile.name, "bold")),
            (_HEALTH, self._health()),
            (_BALANCE, self._balance()),
            (_TODAY, self._today()),
            (_ACTIVE, literal(_("active {number}", number=f"{active:,}"))),
            (_UNKNOWN, _warning(unknown + len(desk.requests.unknown))),
            (_BASKET, self._basket()),
            (_NEXT, self._next()),
            (_DEMO, styled(_("DEMO"), "bold reverse") if desk.profile.demo else Content()),
        ]

    def _numbers(self) -> tuple[int, int]:
        """Unknown and active orders, counted anew only when there are others."""
        orders = self._desk.orders
        if orders is not self._counted:
            self._counted = orders
            self._counts = (sum(order.state is State.UNKNOWN for order in orders), sum(each.active for each in orders))
        return self._counts

    def _health(self) -> Content:
        health = self._desk.health
        text = health.condition.badge
        if health.retry_at is not None:
            left = max(0, round(health.retry_at - self._desk.clock.monotonic()))
            text = _("{condition}, retry in {seconds} s", condition=text, seconds=left)
        return styled(text, _LOOKS.get(health.condition, "$text-error"))

    def _balance(self) -> Content:
        balance, at = self._desk.balance, self._desk.balance_at
        if balance is None or at is None:
            return literal(_("balance –"))
        text = money(balance.amount, balance.currency)
        old = self._desk.clock.now() - at
        return literal(f"{text} ({ago(at, self._desk.clock.now())})" if old > _STALE_AFTER else text)

    def _today(self) -> Content:
        spent = self._desk.spent_today
        if not spent.amount and not spent.refunded:
            return Content()
        text = _("today {spent}", spent=f"{'≈' if spent.guessed else ''}{money(Decimal(0) - spent.amount)}")
        back = _("(+{refunded} back)", refunded=money(spent.refunded)) if spent.refunded else ""
        return literal(f"{text} {back}".rstrip())

    def _basket(self) -> Content:
        """How far the sending of the basket is; a click leads to it."""
        progress = self._desk.progress
        if progress is None or not (progress.running or progress.elsewhere or progress.left):
            return Content()
        waits = "" if progress.running or progress.elsewhere else "⏸ "
        text = _("basket {done}/{all}", done=f"{progress.done:,}", all=f"{progress.of:,}")
        return literal(f"{waits}{text}").stylize(Style.from_meta({"@click": "app.show_mode('basket')"}))

    def _next(self) -> Content:
        seconds = self._desk.next_refresh
        return Content() if seconds is None else literal(_("⟳ {seconds}s", seconds=round(seconds)))


def _warning(unknown: int) -> Content:
    """How much nobody knows; a click leads to the screen that settles it."""
    if not unknown:
        return Content()
    click = Style.from_meta({"@click": "app.show_mode('attention')"})
    return styled(ngettext("⚠ {count} unknown", "⚠ {count} unknown", unknown), "$text-error bold").stylize(click)


def _fitted(parts: list[tuple[int, Content]], width: int) -> Content:
    """The parts on one line; where it is too narrow, those with the highest rank fall away one after the other."""
    ranks = sorted({rank for rank, _part in parts}, reverse=True)
    for dropped in (None, *ranks):
        if dropped:
            parts = [(rank, part) for rank, part in parts if rank != dropped]
        line = Content("   ").join(part for _rank, part in parts)
        if line.cell_length + 2 <= width:
            break
    return Content(" ") + line
