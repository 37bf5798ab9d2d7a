"""What the user can do with the basket: fill it, edit it, place it, stop it, and get out what failed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from textual.content import Content

from smmtui.desk.desk import Desk
from smmtui.domain.basket import BasketRow, Batch, Removed, RowState, over_balance, total_of
from smmtui.domain.basket_parameters import Beside, sent_beside
from smmtui.domain.basket_text import Recognised
from smmtui.domain.ladder import ladder
from smmtui.domain.messages import Severity
from smmtui.domain.records import Service
from smmtui.errors import JournalError, PanelError
from smmtui.tui.basket_words import counted, row_quantity, seen_words
from smmtui.tui.confirmation import Confirmation
from smmtui.tui.details_flow import DetailsFlow
from smmtui.tui.facts import fact_lines
from smmtui.tui.screens.basket import BasketScreen, Deed
from smmtui.tui.screens.edit_row import EditRow
from smmtui.tui.screens.open_file import OpenFile
from smmtui.tui.screens.unsaved import Unsaved
from smmtui.tui.show import literal, money, styled
from smmtui.tui.shown_keys import key_of
from smmtui.words import _, ngettext

if TYPE_CHECKING:
    from smmtui.tui.serving_app import ServingApp

_LISTED = 50
_NAMED = 8
_LABEL = 10
_OUTCOMES: tuple[RowState, ...] = ("accepted", "rejected", "unknown")
_FORMAT = _("A line is: service | link | quantity. Commas, tabs and quoted cells do as well.")


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
        self._app.toast(_("In the basket"), _added_words(services, self._app), "information", 6)

    async def paste(self, text: str) -> None:
        """Put what was pasted into the basket and show it; nothing is sent."""
        await self._alone(lambda: self._paste(text))

    async def _paste(self, text: str) -> None:
        recognised = await self._desk.basket.recognise(text)
        if recognised.readable:
            await self._take(recognised, _("the paste"))
        else:
            self._app.toast(_("Nothing to order in what was pasted"), _FORMAT, "warning", 10)

    async def _open(self, keys: Sequence[str]) -> None:
        text = _FORMAT + " " + _("A first line with the names of the columns is understood.")
        read = await self._app.ask(OpenFile(_("Open a CSV or TSV file"), text, self._opened))
        if read is None:
            return
        self._opened = str(read.path)
        recognised = await self._desk.basket.recognise(read.text)
        if recognised.rows:
            await self._take(recognised, read.path.name)
        else:
            self._app.toast(_("Nothing to order in this file"), _FORMAT, "warning", 10)

    async def _take(self, recognised: Recognised, source: str) -> None:
        if recognised.seen is not None:
            words = seen_words(recognised.seen, len(recognised.rows), self._desk.clock)
            again = _("Adding them again makes new rows; nothing is sent before you place them.")
            question = _("Add {source} again?", source=source)
            if not await self._app.ask(Confirmation(question, literal(f"{words} {again}"), _("Yes, add them again"))):
                return
        keys = await self._desk.basket.take(recognised)
        await self._show(keys)
        severity: Severity = "warning" if recognised.unread else "information"
        self._app.toast(_("Into the basket"), _taken_words(recognised, source), severity, 6)

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
            self._app.toast(_("The basket is as it was"), str(error), "error", 20)
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
            text = ngettext(
                "{count} row taken out of the basket. {key} puts it back.",
                "{count} rows taken out of the basket. {key} puts them back.",
                len(removed.rows),
                key=key_of(self._app, "basket.undo"),
            )
            self._app.toast(_("Removed"), text, "information", 5)

    async def _undo(self, keys: Sequence[str]) -> None:
        if self._removed:
            await self._desk.basket.restore(self._removed.pop())
        else:
            text = _("Nothing was removed since smmtui was started.")
            self._app.toast(_("Nothing to put back"), text, "information", 4)

    async def _take_back(self, keys: Sequence[str]) -> None:
        await self._desk.basket.take_back(keys)

    # ── to the panel ──────────────────────────────────────────────────────────────────────────────────────────────

    async def _place(self, keys: Sequence[str]) -> None:
        batch = self._desk.basket.check_place(keys or None)
        if keys and not batch.rows:
            self._app.toast(_("Not placed"), _("None of the marked rows can be placed."), "warning", 12)
            return
        if batch.forbidden:
            self._app.toast(_("Not placed"), batch.forbidden, "warning", 12)
            return
        many = len(batch.rows)
        left_out = len(self._desk.basket.rows) - many
        step = ladder(batch.total, many, self._desk.profile.confirm_over)
        body = _batch_words(batch, self._desk, left_out)
        question = ngettext("Place {count} order?", "Place {count} orders?", many)
        yes = ngettext("Yes, place {count}", "Yes, place {count}", many)
        if await self._app.ask(Confirmation(question, body, yes, step)):
            if isinstance(screen := self._app.screen, BasketScreen):
                # They were marked for this.
                screen.unmark(row.key for row in batch.rows)
            self._send(lambda: self._desk.basket.place(batch))

    async def _resume(self, keys: Sequence[str]) -> None:
        rows = [row for row in self._desk.basket.rows if row.state in ("queued", "unsent")]
        progress = self._desk.basket.progress
        if not rows or (progress is not None and (progress.running or progress.elsewhere)):
            self._app.toast(_("Nothing to go on with"), _("No row of the basket is queued."), "information", 5)
            return
        again = [row.key for row in rows if row.state == "unsent"]
        step = ladder(total_of(rows), len(rows), self._desk.profile.confirm_over)
        body = _resume_words(rows, len(again), self._desk)
        question = ngettext("Go on with {count} order?", "Go on with {count} orders?", len(rows))
        yes = ngettext("Yes, send {count}", "Yes, send {count}", len(rows))
        if await self._app.ask(Confirmation(question, body, yes, step)):
            waiting = [row.key for row in rows if row.state == "queued"]
            self._send(lambda: self._desk.basket.resume(again, waiting))

    def _send(self, send: Callable[[], Awaitable[None]]) -> None:
        self._app.errands.run(self._sent(send), sends=True)

    async def _sent(self, send: Callable[[], Awaitable[None]]) -> None:
        before = list(self._desk.unsaved)
        try:
            await send()
        except (JournalError, PanelError) as error:
            self._app.toast(_("The basket is not being sent"), str(error), "error", 30)
        else:
            self._tell()
        for order in self._desk.unsaved[len(before) :]:
            self._app.push_screen(Unsaved(order))

    def _tell(self) -> None:
        progress = self._desk.basket.progress
        if progress is not None and progress.stopped:
            self._app.toast(_("The basket has stopped"), progress.stopped, "warning", 30)
            return
        totals = self._desk.basket.totals
        told = [counted(state, totals) for state in _OUTCOMES if totals.counts.get(state)]
        if progress is not None and progress.left:
            key = key_of(self._app, "basket.resume")
            told.append(ngettext("{count} left: {key} goes on", "{count} left: {key} goes on", progress.left, key=key))
        failed = totals.counts.get("rejected", 0) + totals.counts.get("unknown", 0)
        self._app.toast(_("The basket is through"), f"{', '.join(told)}.", "warning" if failed else "information", 8)

    # ── at the end ────────────────────────────────────────────────────────────────────────────────────────────────

    def stop(self) -> str:
        """End the sending after the order under way, because the user leaves; return what becomes of the rest."""
        progress = self._desk.basket.progress
        self._desk.basket.leave()
        if progress is None or not (progress.running or progress.left):
            return ""
        if self._desk.profile.demo:
            return _("The rest of the basket is not sent; the demo forgets it.")
        return _("The rest of the basket stays queued.")

    def last_words(self) -> list[str]:
        """Return what the user has to know of the basket when the screen is gone."""
        left = self._desk.basket.totals.counts.get("queued", 0)
        if not left or self._desk.profile.demo:
            return []
        return [
            ngettext(
                "{count} order of the basket is queued and not sent: after the next start it can be resumed.",
                "{count} orders of the basket are queued and not sent: after the next start they can be resumed.",
                left,
            )
        ]


def _added_words(services: Sequence[Service], app: ServingApp) -> str:
    keys = {"there": key_of(app, "app.basket"), "edit": key_of(app, "table.select")}
    if len(services) == 1:
        name = services[0].name
        return _("{service} is in the basket. {there} goes there, {edit} fills in the link.", service=name, **keys)
    return ngettext(
        "{count} service is in the basket. {there} goes there, {edit} fills in the link.",
        "{count} services are in the basket. {there} goes there, {edit} fills in the link.",
        len(services),
        **keys,
    )


def _taken_words(recognised: Recognised, source: str) -> str:
    parts = [
        ngettext(
            "{count} row from {source} is in the basket.",
            "{count} rows from {source} are in the basket.",
            len(recognised.readable),
            source=source,
        )
    ]
    if recognised.unread:
        parts.append(
            ngettext(
                "{count} could not be read; it stands there too.",
                "{count} could not be read; they stand there too.",
                len(recognised.unread),
            )
        )
    return " ".join([*parts, *recognised.notes, _("Nothing was sent.")])


def _batch_words(batch: Batch, desk: Desk, left_out: int) -> Content:
    remarks = [batch.over] if batch.over else []
    odd = sum(row.state == "warn" for row in batch.rows)
    if odd:
        remarks.append(
            ngettext(
                "{count} of these {all} orders has a warning, below.",
                "{count} of these {all} orders have a warning, below.",
                odd,
                all=f"{len(batch.rows):,}",
            )
            if len(batch.rows) > 1
            else _("This order has a warning, below.")
        )
    if left_out:
        remarks.append(
            ngettext(
                "{count} other row stays behind: not marked, with a problem, or placed before.",
                "{count} other rows stay behind: not marked, with a problem, or placed before.",
                left_out,
            )
        )
    # First what has to be read: a long list is seldom read to its end.
    rows = sorted(batch.rows, key=lambda row: row.state != "warn")
    return _listed(rows, batch.total, remarks, desk)


def _resume_words(rows: Sequence[BasketRow], again: int, desk: Desk) -> Content:
    progress, remarks = desk.basket.progress, []
    if progress is not None and progress.stopped:
        remarks.append(progress.stopped)
    if again:
        remarks.append(
            ngettext(
                "{count} of them had begun and was not sent: nothing of that has left this machine.",
                "{count} of them had begun and were not sent: nothing of that has left this machine.",
                again,
            )
        )
    total = total_of(rows)
    over = over_balance(total, desk.balance)
    return _listed(rows, total, [over, *remarks] if over else remarks, desk)


def _listed(rows: Sequence[BasketRow], total: Decimal | None, remarks: Iterable[str], desk: Desk) -> Content:
    """The money first, then what is odd, then the orders: on a low screen the rest has to be scrolled to."""
    balance = desk.balance
    currency = None if balance is None else balance.currency
    shown = _("not known: a price is missing") if total is None else money(total, currency)
    facts = [(_("Total"), styled(shown, "bold"))]
    if balance is not None and total is not None:
        change = f"{money(balance.amount, currency)} → {money(balance.amount - total, currency)}"
        facts.append((_("Balance"), styled(change, "bold")))
    lines = fact_lines([*facts, *_beside(sent_beside(rows, desk.profile.parameters))], _LABEL)
    lines += [styled(f"! {remark}", "$text-warning") for remark in remarks]
    for row in rows[:_LISTED]:
        sign = styled("! ", "$text-warning") if row.state == "warn" else literal("  ")
        what = f"{row_quantity(row):>9}  {money(row.estimate):>9}  {row.service_id}  {row.link}"
        lines.append(sign + literal(what))
        lines += [styled(f"    {problem.text}", "$text-warning") for problem in row.problems]
    if len(rows) > _LISTED:
        lines.append(literal(ngettext("… and {count} more", "… and {count} more", len(rows) - _LISTED)))
    return Content("\n").join(lines)


def _beside(sent: Beside) -> list[tuple[str, Content]]:
    """What is sent with all of them, and with how many what is not."""
    each = ", ".join(f"{name}={value}" for name, value in sent.each)
    some = [f"{name}={value} ({many:,})" for name, value, many in sent.some[:_NAMED]]
    if more := len(sent.some) - len(some):
        some.append(ngettext("… and {count} more", "… and {count} more", more))
    return [(_("With each"), literal(each)), (_("With some"), literal(", ".join(some)))]
