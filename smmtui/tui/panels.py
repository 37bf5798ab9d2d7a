"""What the App needs to open panels; it knows neither the network nor the journal itself."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Protocol

from smmtui.config import Paths, Profile, Start
from smmtui.secret import Secret

if TYPE_CHECKING:
    from smmtui.desk.desk import Desk
    from smmtui.domain.records import Balance

OpenDesk = Callable[[Profile], AbstractAsyncContextManager["Desk"]]


class Panels(Protocol):
    """Opens the panels of the configuration, and those that are about to be in it."""

    @property
    def paths(self) -> Paths:
        """Where the configuration is, and everything else."""
        ...

    @property
    def first(self) -> Start | None:
        """What this run was started with, None where there was no panel yet."""
        ...

    def open(self, start: Start) -> AbstractAsyncContextManager[Desk]:
        """Open a panel's Desk; entering raises JournalError."""
        ...

    def practice(self) -> AbstractAsyncContextManager[Desk]:
        """Open the Desk of the built-in demo panel; nothing is written outside of a temporary folder."""
        ...

    def moved_in(self) -> None:
        """Note that the panel which was opened last is in use now, for what is said of a fault."""
        ...

    async def balance(self, profile: Profile, key: Secret) -> Balance:
        """Ask a panel that may not be in the configuration; raises PanelError, or ConfigError for its address."""
        ...

    def mask(self, key: Secret) -> None:
        """See to it that a key that is being typed does not stand in what is said of a fault."""
        ...
