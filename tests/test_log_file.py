"""The log: what stands in it and what never does, and what becomes of it where it cannot be written."""

from __future__ import annotations

import logging
import re
import stat
from pathlib import Path

import httpx
import pytest

from smmtui.log import SILENT, log
from smmtui.log_file import written_log
from smmtui.secret import Secret
from tests.tui.canary import KEY, EchoingPanel, traces
from tests.tui.support import Stage, press, see, until
from tests.tui.test_screens import order_form, review

LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (INFO|WARNING|ERROR) +\S.*")
LINK = "https://example.com/canary-link"


def no_trouble(words: str) -> None:
    """Nothing may go wrong."""
    raise AssertionError(words)


def lines(path: Path, *said: str) -> list[str]:
    """What a log of these messages holds."""
    with written_log(path, Secret(KEY).mask, no_trouble):
        for each in said:
            log.info("%s", each)
    return path.read_text().splitlines()


def test_a_line_is_a_time_a_level_and_what_happened(tmp_path: Path) -> None:
    """In UTC, on one line, whatever the text holds; the key is masked and no terminal obeys it."""
    written = lines(tmp_path / "a.log", "first", f"two\nlines \x1b[2J of {KEY}", "x" * 9000)
    assert all(LINE.fullmatch(line) for line in written)
    assert written[0].endswith("INFO    first")
    assert written[1].endswith("two lines �[2J of ****")
    assert len(written) == 3 and len(written[2]) < 2100


def test_it_is_for_this_user_only(tmp_path: Path) -> None:
    """The file is closed to others, folders that are made for it too; one that was there keeps its mode."""
    tmp_path.chmod(0o755)
    path = tmp_path / "new" / "deep" / "a.log"
    lines(path, "x")
    path.chmod(0o644)
    lines(path, "y")
    modes = [stat.S_IMODE(each.stat().st_mode) for each in (path, path.parent, path.parent.parent, tmp_path)]
    assert modes == [0o600, 0o700, 0o700, 0o755]
    assert len(path.read_text().splitlines()) == 2


def test_it_rotates(tmp_path: Path) -> None:
    """A megabyte each, three older ones kept, all closed to others."""
    path = tmp_path / "a.log"
    lines(path, *["x" * 1900] * 2800)
    files = sorted(tmp_path.iterdir())
    assert [file.name for file in files] == ["a.log", "a.log.1", "a.log.2", "a.log.3"]
    assert all(file.stat().st_size <= 1_000_000 for file in files)
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_libraries_stay_silent(tmp_path: Path) -> None:
    """What other loggers say, at whatever level, is in no file."""
    path = tmp_path / "a.log"
    with written_log(path, str, no_trouble):
        logging.getLogger("httpx").critical("of a library")
        logging.getLogger("smmtui").critical("of the same name")
        log.info("of ours")
    assert [line.rpartition("of ")[2] for line in path.read_text().splitlines()] == ["ours"]


def test_without_a_file_nothing_is_noted(tmp_path: Path) -> None:
    """Before and after, not even an error is handed on."""
    lines(tmp_path / "a.log", "x")
    assert not log.isEnabledFor(logging.CRITICAL) and log.level == SILENT and not log.handlers


@pytest.mark.parametrize("blocked", ["folder", "file"])
def test_a_log_that_cannot_be_written_says_so_once(tmp_path: Path, blocked: str) -> None:
    """One sentence with the path and the reason, and no error for whoever notes something."""
    path = tmp_path / "is a file" / "a.log"
    path.parent.write_text("") if blocked == "folder" else path.mkdir(parents=True)
    told: list[str] = []
    with written_log(path, str, told.append):
        for number in range(5):
            log.info("%d", number)
    assert len(told) == 1
    assert str(path) in told[0] and "cannot be written" in told[0]


async def test_the_trouble_becomes_a_message(tmp_path: Path) -> None:
    """What the log's thread has to tell is among the messages within a second, and the app goes on."""
    stage = Stage(tmp_path)
    (tmp_path / "file").write_text("")
    with written_log(tmp_path / "file" / "a.log", str, stage.app.log_troubles.append):
        async with stage.app.run_test(size=(120, 36)) as pilot:
            await see(pilot, "5,000 services", "online")
            await press(pilot, "!")
            await see(pilot, "! warning", "No log")
            await press(pilot, "/", '"no log"', "enter")
            await see(pilot, "cannot be written", "Everything else goes on")


async def test_a_session_is_told_without_what_is_nobodys_business(tmp_path: Path) -> None:
    """Requests, health, passes, the journal, orders and toasts; no link, and the key in no spelling."""
    stage, path = Stage(tmp_path), tmp_path / "a.log"
    stage.key = KEY
    stage.transport = lambda: httpx.ASGITransport(app=EchoingPanel(stage.market))
    with written_log(path, Secret(KEY).mask, no_trouble):
        async with stage.app.run_test(size=(120, 36), notifications=True) as pilot:
            await order_form(pilot, "instagram followers type:default min<=100")
            await press(pilot, LINK, "enter", "100")
            await review(pilot)
            await press(pilot, "y")
            await see(pilot, "Order 23501 accepted")
            await press(pilot, "r")
            await until(pilot, lambda: "status: HTTP 200" in path.read_text())
    written = path.read_text()
    assert all(LINE.fullmatch(line) for line in written.splitlines())
    assert stage.desk is not None
    uuid = next(order.uuid for order in stage.desk.orders if order.id == "23501")
    for pattern in (
        r"journal opened: \S+/journal\.db",
        r"services: HTTP 200, \d+ bytes, \d+\.\d{3} s, try 1",
        r"add: HTTP 200, \d+ bytes",
        rf"order {uuid}: sending",
        rf"order {uuid}: accepted, id 23501, HTTP 200",
        r"health: ONLINE",
        r"refresh pass: .*ORDERS",
        r"toast \(information\): Order 23501 accepted",
    ):
        assert re.search(pattern, written), pattern
    assert LINK not in written and "canary-link" not in written
    assert traces(written) == []
