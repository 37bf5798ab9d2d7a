"""What the user can do with the basket: fill it, edit it, place it, stop it, and get out what failed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from textual.content import Content

from smmtui.desk.desk import Desk
from smmtui.domain.basket import BasketRow, Batch, Removed, over_balance, total_of
from smmtui.domain.basket_text import Recognised
from smmtui.domain.ladder import ladder
from smmtui.domain.records import Service
from smmtui.errors import JournalError, PanelError
from smmtui.tui.basket_words import row_quantity, seen_words
from smmtui.tui.confirmation import Confirmation
from smmtui.tui.details_flow import DetailsFlow
from smmtui.tui.screens.basket import BasketScreen, Deed
from smmtui.tui.screens.edit_row import EditRow
from smmtui.tui.screens.open_file import OpenFile
from smmtui.tui.screens.unsaved import Unsaved
from smmtui.tui.show import literal, money, styled

if TYPE_CHECKING:
    from smmtui.tui.serving_app import ServingApp

_LISTED = 50
_FORMAT = "A line is: service | link | quantity. Commas, tabs and quoted cells do as well."


class BasketFlow:
    """Leads the user's wishes to the desk's basket, one dialog at a time."""

    def __init__(self, app: ServingApp, desk: Desk) -> None:
        self._app = app
        self._desk = desk
        self._asking = False
        self._removed: list[Removed] = []
        self._opened = ""

    # ── into the basket ───────────────────────────────────────────────────────────────────────────────────────────

    async def add(self, services: Sequence[Service]) -> None:
        """Put services into the basket; where each order goes and how many is for the user to fill in."""
        self._desk.basket.add(services)
        what = f"{len(services):,} services are" if len(services) > 1 else f"{services[0].name} is"
        self._app.toast(
            "In the basket", f"{what} in the basket. 3 goes there, Enter fills in the link.", "information", 6
        )

    async def paste(self, text: str) -> None:
        """Put what was pasted into the basket and show it; nothing is sent."""
        await self._alone(lambda: self._paste(text))

    async def _paste(self, text: str) -> None:
        recognised = await self._desk.basket.recognise(text)
        if recognised.readable:
            await self._take(recognised, "the paste")
        else:
            self._app.toast("Nothing to order in what was pasted", _FORMAT, "warning", 10)

    async def _open(self, keys: Sequence[str]) -> None:
        text = f"{_FORMAT} A first line with the names of the columns is understood."
        read = await self._app.ask(OpenFile("Open a CSV or TSV file", text, self._opened))
        if read is None:
            return
        self._opened = str(read.path)
        recognised = await self._desk.basket.recognise(read.text)
        if recognised.rows:
            await self._take(recognised, read.path.name)
        else:
            self._app.toast("Nothing to order in this file", _FORMAT, "warning", 10)

    async def _take(self, recognised: Recognised, source: str) -> None:
        if recognised.seen is not None:
            words = seen_words(recognised.seen, len(recognised.rows), self._desk.clock)
            body = literal(f"{words} Adding them again makes new rows; nothing is sent before you place them.")
            if not await self._app.ask(Confirmation(f"Add {source} again?", body, "Yes, add them again")):
                return
        keys = await self._desk.basket.take(recognised)
        await self._show(keys)
        unread = len(recognised.unread)
        parts = [f"{len(recognised.readable):,} rows from {source} are in the basket."]
        parts += [f"{unread:,} could not be read; they stand there too."] if unread else []
        text = " ".join([*parts, *recognised.notes, "Nothing was sent."])
        self._app.toast("Into the basket", text, "warning" if unread else "information", 6)

    async def _show(self, keys: Sequence[str]) -> None:
        await self._app.switch_mode("basket")
        screen = self._app.screen
        if isinstance(screen, BasketScreen) and keys:
            screen.go_to(keys[0])

    # ── in the basket ─────────────────────────────────────────────────────────────────────────────────────────────

    async def do(self, deed: Deed, keys: Sequence[str]) -> None:
        """Do what was asked for on the screen; a second wish while a dialog is open is none."""
        if deed == "stop":
            self._desk.basket.stop()
            return
        deeds: dict[Deed, Callable[[Sequence[str]], Awaitable[None]]] = {
            "edit": self._edit,
            "open": self._open,
            "place": self._place,
            "resume": self._resume,
            "remove": self._remove,
            "undo": self._undo,
            "take back": self._take_back,
            "clear done": self._clear_done,
        }
        await self._alone(lambda: deeds[deed](keys))

    async def _alone(self, work: Callable[[], Awaitable[None]]) -> None:
        if self._asking:
            return
        self._asking = True
        try:
            await work()
        except (JournalError, PanelError) as error:
            self._app.toast("The basket is as it was", str(error), "error", 20)
        finally:
            self._asking = False

    async def _edit(self, keys: Sequence[str]) -> None:
        row = self._desk.basket.row(keys[0])
        if row is None:
            return
        if row.order is not None and row.state not in ("queued", "rejected", "unsent"):
            await DetailsFlow(self._app, self._desk).show(row.order)
            return
        edited = await self._app.ask(EditRow(self._desk, row))
        if edited is None:
            return
        if row.order is not None:
            await self._desk.basket.take_back([row.key])
        self._desk.basket.edit(row.key, edited.service, edited.values, edited.extra)

    async def _remove(self, keys: Sequence[str]) -> None:
        removed = await self._desk.basket.remove(keys)
        self._keep(removed)

    async def _clear_done(self, keys: Sequence[str]) -> None:
        self._keep(await self._desk.basket.clear_done())

    def _keep(self, removed: Removed) -> None:
        if removed.rows:
            self._removed.append(removed)
            many = f"{len(removed.rows):,} rows" if len(removed.rows) > 1 else "1 row"
            self._app.toast("Removed", f"{many} taken out of the basket. u puts them back.", "information", 5)

    async def _undo(self, keys: Sequence[str]) -> None:
        if self._removed:
            await self._desk.basket.restore(self._removed.pop())
        else:
            self._app.toast("Nothing to put back", "Nothing was removed since smmtui was started.", "information", 4)

    async def _take_back(self, keys: Sequence[str]) -> None:
        await self._desk.basket.take_back(keys)

    # ── to the panel ──────────────────────────────────────────────────────────────────────────────────────────────

    async def _place(self, keys: Sequence[str]) -> None:
        batch = self._desk.basket.check_place(keys or None)
        if keys and not batch.rows:
            self._app.toast("Not placed", "None of the marked rows can be placed.", "warning", 12)
            return
        if batch.forbidden:
            self._app.toast("Not placed", batch.forbidden, "warning", 12)
            return
        many = len(batch.rows)
        left_out = len(self._desk.basket.rows) - many
        step = ladder(batch.total, many, self._desk.profile.confirm_over)
        body = _batch_words(batch, self._desk, left_out)
        if await self._app.ask(Confirmation(f"Place {_orders(many)}?", body, f"Yes, place {many:,}", step)):
            if isinstance(screen := self._app.screen, BasketScreen):
                # They were marked for this.
                screen.unmark(row.key for row in batch.rows)
            self._send(lambda: self._desk.basket.place(batch))

    async def _resume(self, keys: Sequence[str]) -> None:
        rows = [row for row in self._desk.basket.rows if row.state in ("queued", "unsent")]
        progress = self._desk.basket.progress
        if not rows or (progress is not None and (progress.running or progress.elsewhere)):
            self._app.toast("Nothing to go on with", "No row of the basket is queued.", "information", 5)
            return
        again = [row.key for row in rows if row.state == "unsent"]
        step = ladder(total_of(rows), len(rows), self._desk.profile.confirm_over)
        body = _resume_words(rows, len(again), self._desk)
        question = f"Go on with {_orders(len(rows))}?"
        if await self._app.ask(Confirmation(question, body, f"Yes, send {len(rows):,}", step)):
            self._send(lambda: self._desk.basket.resume(again))

    def _send(self, send: Callable[[], Awaitable[None]]) -> None:
        self._app.errands.run(self._sent(send), sends=True)

    async def _sent(self, send: Callable[[], Awaitable[None]]) -> None:
        before = list(self._desk.unsaved)
        try:
            await send()
        except (JournalError, PanelError) as error:
            self._app.toast("The basket is not being sent", str(error), "error", 30)
        else:
            self._tell()
        for order in self._desk.unsaved[len(before) :]:
            self._app.push_screen(Unsaved(order))

    def _tell(self) -> None:
        progress = self._desk.basket.progress
        if progress is not None and progress.stopped:
            self._app.toast("The basket has stopped", progress.stopped, "warning", 30)
            return
        counts = self._desk.basket.totals.counts
        told = [f"{counts[state]:,} {state}" for state in ("accepted", "rejected", "unknown") if counts.get(state)]
        failed = counts.get("rejected", 0) + counts.get("unknown", 0)
        self._app.toast("The basket is through", f"{', '.join(told)}.", "warning" if failed else "information", 8)

    # ── at the end ────────────────────────────────────────────────────────────────────────────────────────────────

    def stop(self) -> str:
        """End the sending after the order under way, because the user leaves; return what becomes of the rest."""
        progress = self._desk.basket.progress
        self._desk.basket.leave()
        if progress is None or not (progress.running or progress.left):
            return ""
        kept = "is not sent; the demo forgets it" if self._desk.profile.demo else "stays queued"
        return f"The rest of the basket {kept}. "

    def last_words(self) -> list[str]:
        """Return what the user has to know of the basket when the screen is gone."""
        left = self._desk.basket.totals.counts.get("queued", 0)
        if not left or self._desk.profile.demo:
            return []
        return [f"{_orders(left)} of the basket {'is' if left == 1 else 'are'} queued and not sent: 3, then R, sends."]


def _orders(number: int) -> str:
    return "1 order" if number == 1 else f"{number:,} orders"


def _batch_words(batch: Batch, desk: Desk, left_out: int) -> Content:
    remarks = [batch.over] if batch.over else []
    odd = sum(row.state == "warn" for row in batch.rows)
    if odd:
        remarks.append(f"{odd:,} of these {_orders(len(batch.rows))} {'has' if odd == 1 else 'have'} a warning, below.")
    if left_out:
        behind = "1 other row stays" if left_out == 1 else f"{left_out:,} other rows stay"
        remarks.append(f"{behind} behind: not marked, with a problem, or placed before.")
    # First what has to be read: a long list is seldom read to its end.
    rows = sorted(batch.rows, key=lambda row: row.state != "warn")
    return _listed(rows, batch.total, remarks, desk)


def _resume_words(rows: Sequence[BasketRow], again: int, desk: Desk) -> Content:
    progress, remarks = desk.basket.progress, []
    if progress is not None and progress.stopped:
        remarks.append(progress.stopped)
    if again:
        remarks.append(f"{again:,} of them had begun and were not sent: nothing of that has left this machine.")
    total = total_of(rows)
    over = over_balance(total, desk.balance)
    return _listed(rows, total, [over, *remarks] if over else remarks, desk)


def _listed(rows: Sequence[BasketRow], total: Decimal | None, remarks: Iterable[str], desk: Desk) -> Content:
    """The money first, then what is odd, then the orders: on a low screen the rest has to be scrolled to."""
    balance = desk.balance
    currency = None if balance is None else balance.currency
    shown = "not known: a price is missing" if total is None else money(total, currency)
    facts = [("Total", shown)]
    if balance is not None and total is not None:
        facts.append(("Balance", f"{money(balance.amount, currency)} → {money(balance.amount - total, currency)}"))
    lines = [styled(f"{label:<10}", "$foreground-muted") + styled(value, "bold") for label, value in facts]
    lines += [styled(f"! {remark}", "$text-warning") for remark in remarks]
    for row in rows[:_LISTED]:
        sign = styled("! ", "$text-warning") if row.state == "warn" else literal("  ")
        what = f"{row_quantity(row):>9}  {money(row.estimate):>9}  {row.service_id}  {row.link}"
        lines.append(sign + literal(what))
        lines += [styled(f"    {problem.text}", "$text-warning") for problem in row.problems]
    if len(rows) > _LISTED:
        lines.append(literal(f"… and {len(rows) - _LISTED:,} more"))
    return Content("\n").join(lines)
