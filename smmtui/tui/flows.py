"""What the screens can ask the App for, each with its dialogs in their order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from smmtui.desk.desk import Desk
from smmtui.tui.basket_flow import BasketFlow
from smmtui.tui.details_flow import DetailsFlow
from smmtui.tui.filter_flow import FilterFlow
from smmtui.tui.find_flow import FindFlow
from smmtui.tui.note_flow import NoteFlow
from smmtui.tui.ordering_flow import OrderingFlow
from smmtui.tui.request_flow import RequestFlow
from smmtui.tui.settling_flow import SettlingFlow
from smmtui.tui.table_flow import TableFlow
from smmtui.tui.tracking_flow import TrackingFlow

if TYPE_CHECKING:
    from smmtui.tui.serving_app import ServingApp


@dataclass(frozen=True, slots=True)
class Flows:
    """One of each kind, all on the same desk."""

    basket: BasketFlow
    details: DetailsFlow
    filters: FilterFlow
    finding: FindFlow
    notes: NoteFlow
    ordering: OrderingFlow
    requests: RequestFlow
    settling: SettlingFlow
    tables: TableFlow
    tracking: TrackingFlow

    @classmethod
    def of(cls, app: ServingApp, desk: Desk) -> Self:
        """Make one of each."""
        details = DetailsFlow(app, desk)
        return cls(
            BasketFlow(app, desk),
            details,
            FilterFlow(app),
            FindFlow(app, desk, details),
            NoteFlow(app, desk),
            OrderingFlow(app, desk),
            RequestFlow(app, desk),
            SettlingFlow(app, desk),
            TableFlow(app, desk),
            TrackingFlow(app, desk),
        )
