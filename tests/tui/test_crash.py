"""What is left of a fault: a file that can be sent to someone."""

from __future__ import annotations

import platform
import stat
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from smmtui import __version__
from smmtui.config import Paths, Start, demo_profile
from smmtui.secret import Secret
from smmtui.tui.crash import Faults
from tests.tui.canary import KEY, traces
from tests.tui.support import Stage, press, see

SENTENCE = "smmtui ended because of a fault of its own"


def faults_in(folder: Path, *, demo: bool = False) -> Faults:
    """Of a program that has begun, with its state in the folder."""
    faults = Faults()
    paths = Paths(folder / "config.toml", folder / "data", folder / "state", folder / "cache")
    faults.started(Start(replace(demo_profile(), demo=demo), Secret(KEY), paths))
    return faults


def fault() -> Exception:
    """One with the key in its text and in a local variable."""
    local = KEY
    try:
        raise ValueError(f"no {local}")
    except ValueError as error:
        return error


def written(folder: Path) -> list[str]:
    """The texts of the files, oldest first."""
    return [file.read_text() for file in sorted((folder / "state").glob("crash-*.txt"))]


def test_the_file_has_what_it_takes_to_mend_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Versions, platform, terminal, the traceback without variables, and what was said before, all without the key."""
    faults_in(tmp_path).tell(fault(), ["2026-03-14 12:00:00 error ×1 Key refused", f"said {KEY} \x1b[2J"])
    (text,) = written(tmp_path)
    for words in (__version__, platform.python_version(), "UTC", "terminal", "ValueError: no ****", "in fault"):
        assert words in text
    assert "Key refused\nsaid **** �[2J\n" in text
    assert traces(text) == []
    told = capsys.readouterr().err
    assert told.startswith(SENTENCE) and told.count("\n") == 1


def test_the_newest_five_are_kept(tmp_path: Path) -> None:
    """Of seven faults the first two are gone, and other files stay."""
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "theme").write_text("nord\n")
    faults = faults_in(tmp_path)
    for number in range(7):
        faults.tell(RuntimeError(f"fault {number}"))
    assert [text.rpartition("fault ")[2].strip() for text in written(tmp_path)] == ["2", "3", "4", "5", "6"]
    assert (tmp_path / "state" / "theme").exists()


@pytest.mark.parametrize("why", ["a full disk", "the demo"])
def test_where_there_is_no_file_it_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str], why: str) -> None:
    """A folder that cannot be made, and the demo, which leaves nothing behind: the cause stands on standard error."""
    if why == "a full disk":
        (tmp_path / "state").write_text("no folder")
    faults_in(tmp_path, demo=why == "the demo").tell(fault())
    told = capsys.readouterr().err
    assert "ValueError: no ****" in told and f"{SENTENCE}, shown above" in told
    assert traces(told) == []
    assert not (tmp_path / "state").is_dir()


def test_a_fault_while_the_screen_is_in_use_is_told_at_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a thread could not print is among the last words."""
    faults = faults_in(tmp_path)
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr("threading.excepthook", None)
    faults.install()
    sys.unraisablehook(_Unraisable(fault()))  # type: ignore[arg-type]
    (text,) = written(tmp_path)
    assert "ValueError: no ****" in text
    assert len(faults.last_words) == 1 and "written down" in faults.last_words[0]


class _Unraisable:
    """What Python hands to its hook."""

    def __init__(self, error: Exception) -> None:
        self.exc_value = error


async def test_what_was_said_is_told_by_its_titles(tmp_path: Path) -> None:
    """Newest first, without the texts, which can hold links."""
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=(120, 36)) as pilot:
        await see(pilot, "5,000 services", "online")
        await press(pilot, "2")
        await see(pilot, "15 orders")
        await press(pilot, "w", "w", "w")
        titles = stage.app.titles_said()
    assert [title.split(" ", 2)[2] for title in titles] == [
        "information ×2 Watched ◎",
        "information ×1 Not watched any more",
        "information ×1 Catalog refreshed",
    ]


def test_files_are_closed_to_others(tmp_path: Path) -> None:
    """The file and its folder are the user's alone, whatever the umask was."""
    faults_in(tmp_path).tell(fault())
    (file,) = (tmp_path / "state").glob("crash-*.txt")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
