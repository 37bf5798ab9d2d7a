"""What the screens can ask the App for, each with its dialogs in their order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from smmtui.desk.desk import Desk
from smmtui.tui.ordering_flow import OrderingFlow
from smmtui.tui.request_flow import RequestFlow
from smmtui.tui.settling_flow import SettlingFlow

if TYPE_CHECKING:
    from smmtui.tui.app import SmmtuiApp


@dataclass(frozen=True, slots=True)
class Flows:
    """One of each kind, all on the same desk."""

    ordering: OrderingFlow
    requests: RequestFlow
    settling: SettlingFlow

    @classmethod
    def of(cls, app: SmmtuiApp, desk: Desk) -> Self:
        """Make one of each."""
        return cls(OrderingFlow(app, desk), RequestFlow(app, desk), SettlingFlow(app, desk))
