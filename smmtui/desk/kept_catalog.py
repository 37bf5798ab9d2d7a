"""The catalogue of the last time, as it is read back at a start and when another window has fetched a newer one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

from smmtui.desk.known import Known
from smmtui.domain.catalog import Catalog
from smmtui.domain.records import Service
from smmtui.errors import PanelError

if TYPE_CHECKING:
    from smmtui.journal.snapshot import Snapshot
    from smmtui.panel.catalog_rows import Services

# Bytes of the last catalogue's beginning, and the rows wanted of it: more than most terminals show.
_HEAD = 64 * 1024
_PREVIEW = 100

FirstServices = Callable[[bytes, int], Sequence[Service]]
ReadServices = Callable[[bytes], "Services"]


class KeptCatalog:
    """Reads the snapshot into what is known."""

    def __init__(
        self,
        known: Known,
        snapshot: Snapshot,
        read_services: ReadServices,
        first_services: FirstServices | None,
    ) -> None:
        self._known = known
        self._snapshot = snapshot
        self._read_services = read_services
        self._first_services = first_services

    def read_head(self) -> bytes:
        """Return what `preview` is to read; it is made for a thread."""
        return b"" if self._first_services is None else self._snapshot.head(_HEAD)

    def preview(self, head: bytes) -> None:
        """Read the first rows, where there are more of them than can be read in no time."""
        if self._first_services is None or len(head) < _HEAD:
            return
        if services := self._first_services(head, _PREVIEW):
            self._known.preview = Catalog(services)

    async def read(self) -> None:
        """Read all of it; one that is damaged is as if there were none."""
        with suppress(PanelError):
            kept = await asyncio.to_thread(self._kept)
            if kept is not None:
                await self._known.take_services(*kept)

    def _kept(self) -> tuple[Services, datetime] | None:
        kept = self._snapshot.read()
        return None if kept is None else (self._read_services(kept.data).without_bytes(), kept.at)
