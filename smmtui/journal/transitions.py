"""How an order goes from state to state: pure, each returns the order as it is afterwards."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec.structs import replace

from smmtui.domain.reasons import ENDED_WHILE_SENDING, TAKEN_BACK
from smmtui.domain.records import Draft, Order, Outcome, State, Tracked
from smmtui.errors import JournalError
from smmtui.journal.rows import countable, storable
from smmtui.words import _

Settlement = Literal["placed", "not placed", "written off"]


def intended(draft: Draft, uuid: str, sequence: int, placed: datetime, state: State, batch: str | None = None) -> Order:
    """Return the order that the draft becomes when it is confirmed."""
    return Order(
        uuid=uuid,
        sequence=sequence,
        state=state,
        placed=placed,
        service=storable(draft.service.id),
        service_name=storable(draft.service.name),
        link=storable(draft.link),
        quantity=countable(draft.quantity),
        runs=countable(draft.runs) or 1,
        fields=draft.fields,
        rate=draft.service.rate,
        estimate=draft.estimate,
        currency=draft.currency,
        repeats=draft.repeats,
        batch=batch,
        note=storable(draft.note),
        tags=tuple(storable(tag) for tag in draft.tags),
    )


def tracked(known: Tracked, uuid: str, sequence: int, now: datetime) -> Order:
    """Return the order for one that was placed elsewhere."""
    return Order(
        uuid=uuid,
        sequence=sequence,
        state=State.ACCEPTED,
        placed=known.placed or now,
        id=known.id,
        service=storable(known.service),
        service_name=storable(known.service_name),
        link=storable(known.link),
        quantity=countable(known.quantity),
    )


def concluded(order: Order, outcome: Outcome, holder: str | None) -> Order:
    """Return the order after an outcome; `holder` is the uuid of another order that has the outcome's id already.

    Only what is being sent takes any outcome. One that was given up meanwhile takes an id that came late, for an id
    is never thrown away; whatever else is late changes nothing.
    """
    late = order.state is not State.SENDING
    if outcome.state is State.ACCEPTED and holder is not None and holder != order.uuid:
        reason = f"the panel answered with the id {outcome.id}, which another order has already"
        return replace(order, state=State.UNKNOWN, reason=reason) if not late else order
    if late and not (outcome.state is State.ACCEPTED and order.id is None):
        return order
    return replace(order, state=outcome.state, id=outcome.id, reason=outcome.reason or outcome.warning)


def interrupted(order: Order) -> Order:
    """Return the order whose sender is gone."""
    return replace(order, state=State.UNKNOWN, reason=ENDED_WHILE_SENDING)


def settled(order: Order, how: Settlement, id: str | None) -> Order:
    """Return the order as the user settled it; raises JournalError where it is not unknown or the id is missing."""
    if order.state is not State.UNKNOWN:
        raise JournalError(_("This order is {state}, not unknown any more; look at it again.", state=order.state.words))
    if (how == "placed") != (id is not None):
        raise JournalError(_("An order is settled as placed by the panel's id of it, and by nothing else."))
    return replace(order, state=State.SETTLED, reason=how, id=id)


def unsettled(order: Order) -> Order:
    """Return the order as unknown again, without the id and what was learned by it; raises JournalError."""
    if order.state is not State.SETTLED:
        raise JournalError(_("This order is {state}, so there is no settlement to take back.", state=order.state.words))
    return replace(
        order,
        state=State.UNKNOWN,
        reason=TAKEN_BACK,
        id=None,
        status=None,
        word="",
        charge=None,
        start_count=None,
        remains=None,
        checked=None,
        changed=None,
        trouble="",
    )
