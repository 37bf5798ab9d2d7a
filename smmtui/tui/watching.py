"""What watching orders, and leaving off, comes to in words."""

from __future__ import annotations

from collections.abc import Sequence

from smmtui.desk.notices import Notices
from smmtui.domain.foreign_text import clean
from smmtui.domain.records import Order, State
from smmtui.words import _, ngettext


def watch(notices: Notices, orders: Sequence[Order]) -> tuple[str, str]:
    """Watch these orders, or leave off where all of them are watched; return a title and a text for a toast."""
    moving = [order for order in orders if order.active or order.state in (State.SENDING, State.QUEUED, State.UNKNOWN)]
    if not moving:
        done = _("The panel is done with it.") if len(orders) == 1 else _("The panel is done with them.")
        return _("Nothing to watch"), done
    watched = frozenset(notices.watched)
    on = not all(order.uuid in watched for order in moving)
    notices.watch((order.uuid for order in moving), on)
    text = _watched(moving) if on else _unwatched(moving)
    return _("Watched ◎") if on else _("Not watched any more"), clean(text)


def _watched(orders: Sequence[Order]) -> str:
    if len(orders) == 1 and orders[0].id:
        return _("Every change of the status of order {id} is told.", id=orders[0].id)
    return ngettext(
        "Every change of the status of {count} order is told.",
        "Every change of the status of {count} orders is told.",
        len(orders),
    )


def _unwatched(orders: Sequence[Order]) -> str:
    if len(orders) == 1 and orders[0].id:
        return _("Changes of order {id} are told as those of others.", id=orders[0].id)
    return ngettext(
        "Changes of {count} order are told as those of others.",
        "Changes of {count} orders are told as those of others.",
        len(orders),
    )
