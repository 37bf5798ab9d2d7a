"""What watching orders, and leaving off, comes to in words."""

from __future__ import annotations

from collections.abc import Sequence

from smmtui.desk.notices import Notices
from smmtui.domain.foreign_text import clean
from smmtui.domain.records import Order, State


def watch(notices: Notices, orders: Sequence[Order]) -> tuple[str, str]:
    """Watch these orders, or leave off where all of them are watched; return a title and a text for a toast."""
    moving = [order for order in orders if order.active or order.state in (State.SENDING, State.QUEUED, State.UNKNOWN)]
    if not moving:
        return "Nothing to watch", "The panel is done with it." if len(orders) == 1 else "The panel is done with them."
    watched = frozenset(notices.watched)
    on = not all(order.uuid in watched for order in moving)
    notices.watch((order.uuid for order in moving), on)
    name = f"order {moving[0].id}" if len(moving) == 1 else f"{len(moving):,} orders"
    text = f"Every change of the status of {name} is told." if on else f"Changes of {name} are told as those of others."
    return "Watched ◎" if on else "Not watched any more", clean(text)
