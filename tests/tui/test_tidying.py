"""When garbage is collected."""

from __future__ import annotations

import asyncio
import gc
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest

from smmtui.tui import tidying as tidying_module
from smmtui.tui.tidying import Tidying
from tests.tui.support import Stage, press, see, until


class Ring:
    """Garbage that only a collection finds."""

    def __init__(self) -> None:
        self.itself = self


def garbage() -> weakref.ref[Ring]:
    """Leave some behind."""
    return weakref.ref(Ring())


@pytest.fixture
def only_on_request() -> Iterator[None]:
    """Have nothing collected but by a call."""
    before = gc.get_threshold()
    gc.set_threshold(1_000_000, 1_000, 1_000)
    yield
    gc.set_threshold(*before)


@pytest.mark.usefixtures("only_on_request")
async def test_a_key_that_comes_in_time_is_not_held_up() -> None:
    """Garbage waits while keys come, and is collected when they pause."""
    tidying, left = Tidying(), garbage()
    tidying.soon()
    tidying.wait()
    await asyncio.sleep(0.06)
    assert left() is not None
    tidying.soon()
    async with asyncio.timeout(10):
        while left() is not None:  # noqa: ASYNC110  garbage tells nobody
            await asyncio.sleep(0.01)


async def test_what_is_let_go_late_of_a_panel_is_collected_too(
    monkeypatch: pytest.MonkeyPatch, only_on_request: None
) -> None:
    """What a cancelled timer still held at the first look is not put out of sight."""
    monkeypatch.setattr(tidying_module, "_LET_GO", 0.01)
    monkeypatch.setattr(tidying_module, "_TIMERS_GONE", 0.3)
    held, tidying = [Ring()], Tidying()
    left = weakref.ref(held[0])
    collected = garbage()
    tidying.before_leaving()
    tidying.after_leaving()
    async with asyncio.timeout(10):
        while collected() is not None:  # noqa: ASYNC110  garbage tells nobody
            await asyncio.sleep(0.01)
        held.clear()
        gc.set_threshold(1_000_000, 1_000, 1_000)
        while left() is not None:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_what_keys_leave_behind_is_collected(tmp_path: Path, only_on_request: None) -> None:
    """In the app, too, without anybody asking for it."""
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await see(pilot, "online")
        await until(pilot, lambda: gc.get_threshold()[0] < 1_000_000)
        gc.set_threshold(1_000_000, 1_000, 1_000)
        left = garbage()
        await press(pilot, "down")
        await until(pilot, lambda: left() is None)
