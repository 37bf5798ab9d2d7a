"""A fresh journal for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from smmtui.journal.journal import Journal
from tests.journal.support import HandClock


@pytest.fixture
def clock() -> HandClock:
    """The clock the journal looks at."""
    return HandClock()


@pytest.fixture
def journal(tmp_path: Path, clock: HandClock) -> Iterator[Journal]:
    """An empty journal in `tmp_path`."""
    opened = Journal.open(tmp_path, clock=clock)
    yield opened
    opened.close()
