"""The stages of the Desk: opened for the first rows, online with all its parts, closed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextvars import Context
from typing import TYPE_CHECKING

from smmtui.config import Profile
from smmtui.desk.connection import Connection
from smmtui.desk.first_look import BasketLook, FirstLook
from smmtui.desk.health import Condition, Health
from smmtui.desk.kept_catalog import FirstServices, KeptCatalog, ReadServices
from smmtui.desk.known import Known
from smmtui.desk.messages import Messages
from smmtui.desk.own_thread import OwnThread
from smmtui.desk.remembered import Remembered
from smmtui.desk.topics import Topic
from smmtui.domain.clock import Clock
from smmtui.errors import ConfigError
from smmtui.words import _

if TYPE_CHECKING:
    from smmtui.desk.basket import Basket
    from smmtui.desk.history import History
    from smmtui.desk.notices import Notices
    from smmtui.desk.parts import Parts
    from smmtui.desk.settling import Settling
    from smmtui.desk.tracking import Tracking
    from smmtui.desk.windows import Sleep
    from smmtui.journal.journal import Journal
    from smmtui.journal.snapshot import Snapshot
    from smmtui.panel.client import PanelClient


class Stages(Known):
    """What is known, and the parts that work on it: `settling`, `basket`, `tracking`, `history` and `notices`.

    They can be used once `open` has returned. While there are but the first rows of a catalogue they are made when
    first used, at the latest by `go_online`: their modules are much of what a start loads, and the rows need none.
    """

    most_orders = 5_000
    """So many of the newest orders are loaded at a start, and more only where there were more today."""

    def __init__(
        self,
        profile: Profile,
        clock: Clock,
        open_journal: Callable[[], Journal],
        snapshot: Snapshot,
        connect: Callable[[], PanelClient],
        read_services: ReadServices,
        sleep: Sleep = asyncio.sleep,
        first_services: FirstServices | None = None,
        after_rows: Callable[[], object] = lambda: None,
    ) -> None:
        super().__init__(profile, clock)
        self._make_journal = open_journal
        self._journal: Journal | None = None
        self._is_open = False
        self._basket_look: BasketLook | None = None
        self._snapshot = snapshot
        self._sleep = sleep
        self._after_rows = after_rows
        self._thread = OwnThread("journal")
        self._kept_catalog = KeptCatalog(self, snapshot, read_services, first_services)
        self.remembered = Remembered(self._thread, lambda: self.tell(Topic.HEALTH))
        self.messages = Messages(clock, lambda: self.tell(Topic.MESSAGES))
        self._connection = Connection(connect)
        self._background: list[asyncio.Task[None]] = []
        self._parts: Parts | None = None

    async def open(self) -> None:
        """Read what this machine knows: the journal's orders and the last catalogue. Raises JournalError."""
        kept_catalog = self._kept_catalog
        # All of today's orders, however many: the header adds them up.
        first = await self._thread.call(
            FirstLook.take, self._open_journal, kept_catalog.read_head, self.midnight, self.most_orders
        )
        self.remembered.begin(first.journal.preferences, first.values)
        self.book.take_imported(first.imported)
        self.book.take((*first.orders, *first.basket.orders))
        self.requests.take(first.requests)
        self.refusals.begin(first.refused)
        self.balance, self.balance_at = first.balance or (None, None)
        self._basket_look, self._is_open = first.basket, True
        kept_catalog.preview(first.head)
        if self.preview is None:
            await kept_catalog.read()
            self._expect_parts()
        self.tell(Topic.CATALOG | Topic.ORDERS)

    def _open_journal(self) -> Journal:
        # Kept before anything else can go wrong, and before whoever waits for it can leave: it has to be closed.
        self._journal = self._make_journal()
        return self._journal

    def _close_journal(self) -> None:
        if self._journal is not None:
            self._journal.close()

    def go_online(self) -> None:
        """Read what `open` has left for later, make the panel's client in a thread, then keep everything fresh."""
        # In an empty context: asyncio keeps a timer's until it would be due, also when it was cancelled, and that of
        # the caller holds a screen, and with it this Desk, long after they were left.
        task = asyncio.create_task(self._be_online(), name="refresh", context=Context())
        task.add_done_callback(_tell_fault)
        self._background.append(task)

    async def _be_online(self) -> None:
        await asyncio.to_thread(self._prepare)
        parts = self._expect_parts()
        if self.preview is not None:
            await self._kept_catalog.read()
            # Also where it turned out to be damaged behind its beginning: the panel is asked at once then.
            self.preview = None
            self.tell(Topic.CATALOG)
        try:
            await self._connection.make()
        except ConfigError as error:
            advice = _("Correct it and start again.")
            self.show_health(Health(Condition.OFFLINE, f"{error} {advice}"))
            return
        await parts.windows.run()

    def _prepare(self) -> None:
        self._after_rows()
        _load_parts()

    async def close(self) -> None:
        """Stop refreshing, close the client and the journal; orders under way must have been waited for."""
        for task in self._background:
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)
        await self._connection.close()
        await self.remembered.close()
        if self._parts is not None:
            await self._parts.basket.close()
        # In the thread it comes after an opening that is still under way.
        await self._thread.call(self._close_journal)
        await self._thread.close()

    # ── the parts ─────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def settling(self) -> Settling:
        """What finds out what became of unknown orders and requests."""
        return self._expect_parts().settling

    @property
    def basket(self) -> Basket:
        """What is put together to be ordered."""
        return self._expect_parts().basket

    @property
    def tracking(self) -> Tracking:
        """What watches orders that were placed elsewhere."""
        return self._expect_parts().tracking

    @property
    def history(self) -> History:
        """What reads orders of long ago."""
        return self._expect_parts().history

    @property
    def notices(self) -> Notices:
        """What has happened that deserves telling."""
        return self._expect_parts().notices

    def _expect_parts(self) -> Parts:
        if self._parts is None:
            if self._journal is None or self._basket_look is None:
                raise RuntimeError("the Desk is used before it was opened")
            self._parts = _load_parts()(
                self,
                self._journal,
                self._basket_look,
                self._thread,
                self._connection,
                self._snapshot,
                self._kept_catalog,
                self._sleep,
            )
            self._basket_look = None
        return self._parts


def _load_parts() -> type[Parts]:
    from smmtui.desk.parts import Parts

    return Parts


def _tell_fault(task: asyncio.Task[None]) -> None:
    """Hand a fault to the event loop at once: nobody waits for this task, and what it kept fresh would grow old."""
    if not task.cancelled() and (error := task.exception()) is not None:
        context = {"message": "The refreshing has ended by a fault.", "exception": error, "task": task}
        asyncio.get_running_loop().call_exception_handler(context)
