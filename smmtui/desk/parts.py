"""What works on an open journal: all that sends, asks, watches and tells, and how it is put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smmtui.desk.basket import Basket
from smmtui.desk.connection import Connection
from smmtui.desk.fetching import Fetching
from smmtui.desk.first_look import BasketLook
from smmtui.desk.history import History
from smmtui.desk.kept_catalog import KeptCatalog
from smmtui.desk.messages import PanelNews
from smmtui.desk.notices import Notices
from smmtui.desk.ordering import Ordering
from smmtui.desk.own_thread import OwnThread
from smmtui.desk.refreshing import RefreshLoop
from smmtui.desk.requesting import Requesting
from smmtui.desk.settling import Settling
from smmtui.desk.topics import Wanted
from smmtui.desk.tracking import Tracking
from smmtui.desk.windows import Sleep, Windows

if TYPE_CHECKING:
    from smmtui.desk.stages import Stages
    from smmtui.journal.journal import Journal
    from smmtui.journal.snapshot import Snapshot


class Parts:
    """The parts of a Desk that there are once its journal is open."""

    def __init__(
        self,
        desk: Stages,
        journal: Journal,
        basket: BasketLook,
        thread: OwnThread,
        connection: Connection,
        snapshot: Snapshot,
        kept_catalog: KeptCatalog,
        sleep: Sleep,
    ) -> None:
        self.journal = journal
        self.ordering = Ordering(journal, thread, lambda order: desk.take_orders([order]))
        self.requesting = Requesting(journal, thread, desk.requests, desk.clock, desk.take_requests)
        self.settling = Settling(desk, connection.client, journal, thread)
        self.history = History(desk, journal, thread, desk.most_orders)
        self.tracking = Tracking(desk, connection.client, journal, thread)
        fetching = Fetching(desk, connection.client, journal, thread, snapshot)
        self.loop = RefreshLoop(fetching, desk.book, desk.profile.refresh_seconds, desk.clock)
        self.windows = Windows(
            desk,
            journal,
            thread,
            self.loop,
            snapshot,
            kept_catalog.read,
            lambda: self.basket.look(),
            connection.accept_key,
            sleep,
        )
        wanted = Wanted.BALANCE | Wanted.ORDERS
        self.basket = Basket(
            desk,
            journal,
            thread,
            self.ordering,
            connection.client,
            lambda: self.windows.soon(wanted),
            sleep,
            desk.remembered,
        )
        self.basket.begin(basket)
        # Both begin with what is known by now: nothing of it is news.
        self.notices = Notices(desk, self.windows, desk.remembered)
        PanelNews(desk, desk.messages)
