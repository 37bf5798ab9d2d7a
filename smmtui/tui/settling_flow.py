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
from smmtui.tui.screens.ask_text import AskText
from smmtui.tui.screens.waiting import Waiting
from smmtui.tui.show import count, literal, money, styled

if TYPE_CHECKING:
    from smmtui.tui.serving_app import ServingApp


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
                    self._app.toast("Not for a request", "A refill or cancel is settled with w.", "warning", 8)
            elif how == "undo":
                await self._undo(matter)
            elif matter.state is not State.UNKNOWN:
                self._app.toast("Settled already", "u takes a settlement back.", "warning", 8)
            else:
                ways = {"attach": self._attach, "not placed": self._not_placed, "write off": self._write_off}
                await ways[how](matter)
        except (JournalError, PanelError) as error:
            self._app.toast("Not settled", str(error), "warning", 20)

    async def _attach(self, order: Order) -> None:
        text = "Look for the order in the panel's own list. Its id is checked with the panel before anything changes."
        known: dict[str, Check] = {}

        async def wrong(id: str) -> str:
            try:
                check = await self._asked(order, id)
            except (JournalError, PanelError) as error:
                return str(error)
            if check is None:
                return "The panel was not waited for; nothing has changed."
            known[id] = check
            return f"The panel says of {check.id}: “{check.refused}”." if check.status is None else ""

        question = "Which id has this order on the panel?"
        id = await self._app.ask(AskText(question, text, "the id, such as 23501", wrong))
        if not id:
            return
        check = known[id]
        if await self._app.ask(Confirmation(f"Is {check.id} this order?", _compared(order, check), "Yes, attach it")):
            await self._desk.settling.placed(check)
            self._app.toast("Attached", f"The order is followed as {check.id} from now on.", "information", 8)

    async def _asked(self, order: Order, id: str) -> Check | None:
        """What the panel says of the id; None where the user did not wait for it.

        A dialog stands in front meanwhile: what is typed must not answer the question that comes next.
        """
        waiting = Waiting(f"Asking the panel about {id} …")
        await self._app.push_screen(waiting)
        try:
            check = await self._desk.settling.check(order.uuid, id)
        finally:
            left = not waiting.close()
        return None if left else check

    async def _not_placed(self, order: Order) -> None:
        # Before anything is typed for it.
        await self._desk.settling.late_enough(order.uuid)
        text = "Only when the panel's own list does not show it. It can be taken back."

        async def wrong(typed: str) -> str:
            return "" if typed.casefold() == NOT_PLACED_WORD else f"Type “{NOT_PLACED_WORD}” to settle it so."

        typed = await self._app.ask(AskText(f"Type “{NOT_PLACED_WORD}” to settle it as never placed", text, "", wrong))
        if typed:
            await self._desk.settling.not_placed(order.uuid, typed)
            self._app.toast("Settled as not placed", f"{order.service_name}, {order.link}", "information", 8)

    async def _write_off(self, order: Order) -> None:
        text = "It counts as spent and is not followed. It can be taken back."
        if await self._app.ask(Confirmation("Write this order off?", literal(text), "Yes, write it off")):
            await self._desk.settling.write_off(order.uuid)
            self._app.toast("Written off", f"{order.service_name}, {order.link}", "information", 8)

    async def _undo(self, order: Order) -> None:
        if order.state is State.SETTLED:
            await self._desk.settling.unsettle(order.uuid)
            self._app.toast("Unknown again", f"{order.service_name}, {order.link}", "information", 8)

    async def _request(self, request: Request) -> None:
        text = f"Have you seen on the panel's site what became of the {request.kind} of order {request.order_id}?"
        if await self._app.ask(Confirmation("Settle this request?", literal(text), "Yes, settle it")):
            await self._desk.settling.request(request.uuid)


def _compared(order: Order, check: Check) -> Content:
    status = check.status
    if status is None:
        return Content()
    rows = [
        ("Here", f"{order.service_name}, {order.link}"),
        ("", f"quantity {count(order.total)}, estimate {money(order.estimate, order.currency)}"),
        ("Panel", f"{status.word}, charge {money(status.charge, status.currency)}, remains {count(status.remains)}"),
    ]
    lines = [styled(f"{label:<8}", "$foreground-muted") + literal(value) for label, value in rows]
    doubts = [styled(f"! {doubt}", "$text-warning") for doubt in check.doubts]
    said = styled(
        "The panel does not say to which link an order went: compare it in its own list.", "$foreground-muted"
    )
    return Content("\n").join([*lines, *doubts, said])
