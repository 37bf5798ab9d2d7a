"""The three ways out of an unknown order, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from smmtui.desk.desk import Desk
from smmtui.desk.settling import Check
from smmtui.domain.evidence import NOT_PLACED_WORD
from smmtui.domain.records import Order, Request, State
from smmtui.errors import JournalError, PanelError
from smmtui.tui.confirmation import Confirmation
from smmtui.tui.facts import fact_lines
from smmtui.tui.screens.ask_text import AskText
from smmtui.tui.screens.waiting import Waiting
from smmtui.tui.show import count, literal, money, styled
from smmtui.tui.shown_keys import key_of
from smmtui.words import _

if TYPE_CHECKING:
    from smmtui.tui.serving_app import ServingApp

_NAME_CELLS = 8


class SettlingFlow:
    """Leads the user's word into the journal; what goes wrong is told, and nothing is settled then."""

    def __init__(self, app: ServingApp, desk: Desk) -> None:
        self._app = app
        self._desk = desk

    async def settle(self, how: str, matter: Order | Request) -> None:
        """Settle in one of the ways: "attach", "not placed", "write off", "undo"; a request only by writing it off."""
        try:
            if isinstance(matter, Request):
                if how == "write off":
                    await self._request(matter)
                else:
                    text = _("A refill or cancel is settled with {key}.", key=key_of(self._app, "attention.write_off"))
                    self._app.toast(_("Not for a request"), text, "warning", 8)
            elif how == "undo":
                await self._undo(matter)
            elif matter.state is not State.UNKNOWN:
                text = _("{key} takes a settlement back.", key=key_of(self._app, "attention.undo"))
                self._app.toast(_("Settled already"), text, "warning", 8)
            else:
                ways = {"attach": self._attach, "not placed": self._not_placed, "write off": self._write_off}
                await ways[how](matter)
        except (JournalError, PanelError) as error:
            self._app.toast(_("Not settled"), str(error), "warning", 20)

    async def _attach(self, order: Order) -> None:
        text = _(
            "Look for the order in the panel's own list. Its id is checked with the panel before anything changes."
        )
        known: dict[str, Check] = {}

        async def wrong(id: str) -> str:
            try:
                check = await self._asked(order, id)
            except (JournalError, PanelError) as error:
                return str(error)
            if check is None:
                return _("The panel was not waited for; nothing has changed.")
            known[id] = check
            if check.status is not None:
                return ""
            return _("The panel says of {id}: “{reason}”.", id=check.id, reason=check.refused)

        question = _("Which id has this order on the panel?")
        id = await self._app.ask(AskText(question, text, _("the id, such as 23501"), wrong))
        if not id:
            return
        check = known[id]
        question = _("Is {id} this order?", id=check.id)
        if await self._app.ask(Confirmation(question, _compared(order, check), _("Yes, attach it"))):
            await self._desk.settling.placed(check)
            text = _("The order is followed as {id} from now on.", id=check.id)
            self._app.toast(_("Attached"), text, "information", 8)

    async def _asked(self, order: Order, id: str) -> Check | None:
        """What the panel says of the id; None where the user did not wait for it.

        A dialog stands in front meanwhile: what is typed must not answer the question that comes next.
        """
        waiting = Waiting(_("Asking the panel about {id} …", id=id))
        await self._app.push_screen(waiting)
        try:
            check = await self._desk.settling.check(order.uuid, id)
        finally:
            left = not waiting.close()
        return None if left else check

    async def _not_placed(self, order: Order) -> None:
        # Before anything is typed for it.
        await self._desk.settling.late_enough(order.uuid)
        text = _("Only when the panel's own list does not show it. It can be taken back.")

        async def wrong(typed: str) -> str:
            if typed.casefold() == NOT_PLACED_WORD:
                return ""
            return _("Type “{word}” to settle it so.", word=NOT_PLACED_WORD)

        question = _("Type “{word}” to settle it as never placed", word=NOT_PLACED_WORD)
        typed = await self._app.ask(AskText(question, text, "", wrong))
        if typed:
            await self._desk.settling.not_placed(order.uuid, typed)
            self._app.toast(_("Settled as not placed"), f"{order.service_name}, {order.link}", "information", 8)

    async def _write_off(self, order: Order) -> None:
        text = _("It counts as spent and is not followed. It can be taken back.")
        if await self._app.ask(Confirmation(_("Write this order off?"), literal(text), _("Yes, write it off"))):
            await self._desk.settling.write_off(order.uuid)
            self._app.toast(_("Written off"), f"{order.service_name}, {order.link}", "information", 8)

    async def _undo(self, order: Order) -> None:
        if order.state is State.SETTLED:
            await self._desk.settling.unsettle(order.uuid)
            self._app.toast(_("Unknown again"), f"{order.service_name}, {order.link}", "information", 8)

    async def _request(self, request: Request) -> None:
        id = request.order_id
        if request.kind == "refill":
            text = _("Have you seen on the panel's site what became of the refill of order {id}?", id=id)
        else:
            text = _("Have you seen on the panel's site what became of the cancel of order {id}?", id=id)
        if await self._app.ask(Confirmation(_("Settle this request?"), literal(text), _("Yes, settle it"))):
            await self._desk.settling.request(request.uuid)


def _compared(order: Order, check: Check) -> Content:
    status = check.status
    if status is None:
        return Content()
    ours = _(
        "quantity {quantity}, estimate {estimate}",
        quantity=count(order.total),
        estimate=money(order.estimate, order.currency),
    )
    theirs = _(
        "{status}, charge {charge}, remains {remains}",
        status=status.word,
        charge=money(status.charge, status.currency),
        remains=count(status.remains),
    )
    facts = [(_("Here"), f"{order.service_name}, {order.link}"), ("", ours), (_("Panel"), theirs)]
    doubts = [styled(f"! {doubt}", "$text-warning") for doubt in check.doubts]
    said = _("The panel does not say to which link an order went: compare it in its own list.")
    return Content("\n").join([*fact_lines(facts, _NAME_CELLS), *doubts, styled(said, "$foreground-muted")])
