"""The cached catalogue."""

from __future__ import annotations

from pathlib import Path

import pytest

from smmtui import durable
from smmtui.journal import snapshot
from smmtui.journal.snapshot import Kept, Snapshot
from tests.journal.support import START


def test_the_bytes_come_back_with_their_time(tmp_path: Path) -> None:
    """The next start sees the panel's own bytes and when they came, in a file for the user only."""
    cache = Snapshot(tmp_path / "cache")
    assert cache.read() is None
    assert cache.write(b'[{"service": 1}]', START)
    assert Snapshot(tmp_path / "cache").read() == Kept(b'[{"service": 1}]', START)
    assert (tmp_path / "cache" / "services.json").stat().st_mode & 0o777 == 0o600


def test_an_unreadable_cache_is_none(tmp_path: Path) -> None:
    """A folder in its place, or an empty file, is no catalogue and no error."""
    (tmp_path / "services.json").mkdir()
    assert Snapshot(tmp_path).read() is None
    assert not Snapshot(tmp_path).write(b"[]", START)
    (tmp_path / "services.json").rmdir()
    (tmp_path / "services.json").write_bytes(b"")
    assert Snapshot(tmp_path).read() is None


def test_too_large_a_catalogue_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the cap nothing is written and nothing is read."""
    monkeypatch.setattr(snapshot, "LARGEST", 10)
    assert not Snapshot(tmp_path).write(b"x" * 11, START)
    (tmp_path / "services.json").write_bytes(b"x" * 11)
    assert Snapshot(tmp_path).read() is None


def test_a_failed_write_leaves_the_old_catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that cannot be synced costs the new bytes, never the old ones, and leaves no litter."""
    cache = Snapshot(tmp_path)
    cache.write(b"old", START)

    def refuse(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(durable, "sync", refuse)
    assert not cache.write(b"new", START)
    assert cache.read() == Kept(b"old", START)
    assert [path.name for path in tmp_path.iterdir()] == ["services.json"]
