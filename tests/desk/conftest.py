"""A panel that can fail, an account on it, and its Desk."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from smmtui.desk.desk import Desk
from tests.desk.support import Rig, WatchedPanel, idle
from tests.faults.server import KEY, FaultServer


@pytest.fixture
def demo(tmp_path: Path) -> tuple[Rig, WatchedPanel]:
    """An account on a demo panel whose time is the Desk's."""
    return Rig.on_demo(tmp_path)


@pytest.fixture
def server() -> Iterator[FaultServer]:
    """A panel that can fail."""
    with FaultServer() as server:
        yield server


@pytest.fixture
def rig(server: FaultServer, tmp_path: Path) -> Rig:
    """An account on it."""
    return Rig.at(tmp_path, server.url, KEY)


@pytest.fixture
async def desk(rig: Rig) -> AsyncIterator[Desk]:
    """Its Desk after the first pass, so that the first reads are no part of what follows."""
    async with rig.desk() as desk:
        await idle(desk)
        yield desk
