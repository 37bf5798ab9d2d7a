"""The pace that windows keep together."""

from __future__ import annotations

import asyncio
import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

from smmtui.domain.clock import SystemClock
from smmtui.journal.pace import SharedTokens
from tests.journal.support import HandClock

TAKE = """
import asyncio, sys
from pathlib import Path
from smmtui.domain.clock import SystemClock
from smmtui.journal.pace import SharedTokens

async def take():
    tokens = SharedTokens(Path(sys.argv[1]), 0.001, 50, SystemClock())
    while (wait := await tokens.take()) < 1:
        taken.append(wait == 0)

taken = []
asyncio.run(take())
print(sum(taken))
"""


@pytest.fixture
def clock() -> HandClock:
    """Time in hand."""
    return HandClock()


def tokens(folder: Path, clock: HandClock) -> SharedTokens:
    """Ten at once, then one a second."""
    return SharedTokens(folder, 60, 10, clock)


def taken(source: SharedTokens) -> int:
    """How many can be had now."""
    count = 0
    while asyncio.run(source.take()) == 0.0:
        count += 1
    return count


def test_two_windows_share_one_burst_and_one_rate(tmp_path: Path, clock: HandClock) -> None:
    """What one has taken the other cannot, and what comes back comes once."""
    first, second = tokens(tmp_path, clock), tokens(tmp_path, clock)
    assert [asyncio.run(first.take()) for _ in range(4)] == [0.0] * 4
    assert taken(second) == 6
    assert asyncio.run(first.take()) == pytest.approx(1.0)
    clock.tick(3)
    assert taken(first) == 3
    assert taken(second) == 0
    clock.tick(1000)
    assert taken(second) == 10


def test_the_count_outlives_its_windows(tmp_path: Path, clock: HandClock) -> None:
    """Ending and starting smmtui again is no way around the pace."""
    assert taken(tokens(tmp_path, clock)) == 10
    assert taken(tokens(tmp_path, clock)) == 0


def test_after_a_restart_of_the_machine_the_count_goes_on(tmp_path: Path, clock: HandClock) -> None:
    """The monotonic clock begins anew there, so the stored second lies in the future."""
    clock.tick(100_000)
    assert taken(tokens(tmp_path, clock)) == 10
    rebooted = HandClock()
    source = tokens(tmp_path, rebooted)
    assert taken(source) == 0
    rebooted.tick(2)
    assert taken(source) == 2


@pytest.mark.parametrize("content", [b"", b"abc", b"\xff" * 16, b"\x00" * 16, b"\x7f" * 16])
def test_a_spoilt_file_neither_stops_nor_frees_anybody(tmp_path: Path, clock: HandClock, content: bytes) -> None:
    """At most one burst comes of it, and after a while there are tokens again."""
    (tmp_path / "pace").write_bytes(content)
    source = tokens(tmp_path, clock)
    assert taken(source) <= 10
    clock.tick(2)
    assert taken(source) in (2, 10)


def test_without_the_file_the_pace_is_kept_alone(tmp_path: Path, clock: HandClock) -> None:
    """A disk that cannot be written is no reason not to send, nor to send faster."""
    source = tokens(tmp_path / "missing", clock)
    assert taken(source) == 10
    clock.tick(1)
    assert taken(source) == 1


def test_a_window_that_was_stopped_with_the_lock_is_not_waited_for(tmp_path: Path, clock: HandClock) -> None:
    """For a second it may only be slow; then the pace is kept alone, and together again as soon as it can be."""
    source = tokens(tmp_path, clock)
    assert asyncio.run(source.take()) == 0.0
    descriptor = os.open(tmp_path / "pace", os.O_RDWR)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    assert 0 < asyncio.run(source.take()) < 0.1
    clock.tick(1)
    assert taken(source) == 10
    os.close(descriptor)
    assert taken(tokens(tmp_path, clock)) == 10


def test_two_processes_never_take_a_token_twice(tmp_path: Path) -> None:
    """However they interleave, one burst is one burst."""
    processes = [
        subprocess.Popen([sys.executable, "-c", TAKE, str(tmp_path)], stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    counts = [int(process.communicate(timeout=30)[0]) for process in processes]
    assert sum(counts) == 50


def test_the_file_is_for_its_owner_only(tmp_path: Path) -> None:
    """As everything else in the journal's folder."""
    asyncio.run(SharedTokens(tmp_path, 60, 1, SystemClock()).take())
    assert (tmp_path / "pace").stat().st_mode & 0o777 == 0o600
