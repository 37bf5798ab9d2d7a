"""News on its channels: toasts, the bell, desktop notices in a real terminal, and a program of the user's."""

from __future__ import annotations

import asyncio
import json
import os
import re
import urllib.parse
import urllib.request
from collections.abc import Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from textual.pilot import Pilot

from smmtui.domain.notices import Kind, Notice, Words
from smmtui.domain.records import Order, State
from smmtui.domain.statuses import Status
from smmtui.notify_settings import Notify
from smmtui.tui.app import SmmtuiApp
from smmtui.tui.notifying import desktop_notice
from smmtui.tui.own_program import OwnProgram
from tests.faults.server import KEY, FaultServer
from tests.tui.support import Stage, press, see, text_of, until
from tests.tui.terminal import PROGRAM, Terminal, clean_environment

SIZE = (120, 36)
MONTH = 30 * 86_400


def stage_with(folder: Path, notify: Notify) -> Stage:
    """The App of a profile with these rules."""
    stage = Stage(folder)
    stage.profile = replace(stage.profile, notify=notify)
    stage.app = SmmtuiApp(stage._open, stage.profile)
    return stage


async def orders(pilot: Pilot[None], stage: Stage) -> None:
    """Go to the orders, and wait until what there is has been seen and is no news any more."""
    await press(pilot, "2")
    await see(pilot, "active 3", "23497", "completed 8")
    desk = stage.desk
    assert desk is not None
    await until(pilot, lambda: desk.next_refresh is not None)
    assert desk.notices.take() == []


async def a_month_later(pilot: Pilot[None], stage: Stage) -> None:
    """Let the three orders that run come to their ends: two are completed, one in part."""
    stage.hands.move(MONTH)
    await press(pilot, "r")
    await see(pilot, "active 0")


def silent_but(**rules: frozenset[str]) -> Notify:
    """Rules of which only these tell."""
    return Notify(channels=frozenset(), rules=rules)


async def test_what_a_pass_brings_is_one_toast_and_kept_among_the_messages(tmp_path: Path) -> None:
    """Three orders that end in one pass are counted by how they ended."""
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=SIZE, notifications=True) as pilot:
        await orders(pilot, stage)
        await a_month_later(pilot, stage)
        await see(pilot, "2 completed, 1 partial", "Orders 23497, 23488, 23471.")
        await press(pilot, "!")
        await see(pilot, "! warning", "2 completed, 1 partial", "Catalog refreshed")


async def test_a_watched_order_is_signed_told_of_and_forgotten(tmp_path: Path) -> None:
    """`w` once watches, the sign stands in the row; when the order is done the toast names it and the sign is gone."""
    stage = stage_with(tmp_path, silent_but(watched=frozenset({"toast"})))
    async with stage.app.run_test(size=SIZE, notifications=True) as pilot:
        await orders(pilot, stage)
        await press(pilot, "w")
        await see(pilot, "◐ In progress◎", "Every change of the status of order 23497 is told.")
        await a_month_later(pilot, stage)
        await see(pilot, "Order 23497: Completed")
        await until(pilot, lambda: "✓ Completed  ◎" not in text_of(pilot))


async def test_marked_orders_are_watched_together_and_left_off_together(tmp_path: Path) -> None:
    """Orders that are done are left alone; a second `w` takes the signs away."""
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=SIZE, notifications=True) as pilot:
        await orders(pilot, stage)
        await press(pilot, "M", "w")
        await see(pilot, "Every change of the status of 3 orders is told.")
        assert text_of(pilot).count("In progress◎") == 3
        assert text_of(pilot).count("◎") == 4  # once in the title of the toast
        await press(pilot, "w")
        await until(pilot, lambda: "In progress◎" not in text_of(pilot))
        await press(pilot, "U", "G", "w")
        await see(pilot, "Nothing to watch", "The panel is done with it.")


async def test_a_rule_without_channels_is_silent(tmp_path: Path) -> None:
    """Nothing is shown and nothing is kept."""
    stage = stage_with(tmp_path, silent_but())
    async with stage.app.run_test(size=SIZE, notifications=True) as pilot:
        await orders(pilot, stage)
        await a_month_later(pilot, stage)
        await until(pilot, lambda: stage.desk and stage.desk.next_refresh is not None)
        stage.app._tell()
        assert stage.desk is not None
        assert {each.title for each in stage.desk.messages.newest_first} == {"Catalog refreshed"}


async def test_a_program_is_told_through_the_whole_app(tmp_path: Path) -> None:
    """One run for one pass, with all of its news; what has no toast is among the messages."""
    out = tmp_path / "told.json"
    program = script(tmp_path, f"cat >> {out}")
    command = Notify(channels=frozenset({"command"}), command=(str(program),))
    stage = stage_with(tmp_path / "stage", command)
    async with stage.app.run_test(size=SIZE) as pilot:
        await orders(pilot, stage)
        await a_month_later(pilot, stage)
        await until(pilot, lambda: out.exists() and out.read_text().endswith("\n"))
        await press(pilot, "!")
        await see(pilot, "2 completed, 1 partial")
    (told,) = map(json.loads, out.read_text().splitlines())
    assert (told["profile"], told["title"]) == ("demo", "2 completed, 1 partial")
    assert {each["order"]: each["status"] for each in told["notices"]} == {
        "23497": "Completed",
        "23488": "Partial",
        "23471": "Completed",
    }
    assert all(each["link"] for each in told["notices"])


# ── the program by itself ─────────────────────────────────────────────────────────────────────────────────────────


def script(folder: Path, body: str) -> Path:
    """A program of the user's."""
    path = folder / "tell-me"
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


class Runner:
    """Runs the program as the App does."""

    def __init__(self) -> None:
        self.tasks: list[asyncio.Task[None]] = []
        self.said: list[str] = []

    def run(self, work: Coroutine[object, object, None]) -> None:
        """Begin the work."""
        self.tasks.append(asyncio.get_running_loop().create_task(work))

    def program_failed(self, trouble: str) -> None:
        """Keep what went wrong."""
        self.said.append(trouble)

    async def done(self) -> None:
        """Return when all of it has ended."""
        await asyncio.gather(*self.tasks)


def notice(id: str) -> Notice:
    """An order that is completed."""
    at = datetime(2026, 3, 1, tzinfo=UTC)
    return Notice((Kind.COMPLETED,), Order(id, 1, State.ACCEPTED, at, id=id, status=Status.COMPLETED, word="Completed"))


async def test_the_program_gets_json_and_neither_key_nor_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Arguments reach it as they stand, whatever a shell would make of them."""
    monkeypatch.setenv("SMMTUI_API_KEY", "the-key-of-the-account")
    monkeypatch.setenv("KEPT", "kept")
    out = tmp_path / "out"
    path = script(tmp_path, f'cat > {out}; echo "$1|$KEPT|$SMMTUI_API_KEY|" >> {out}; (: < /dev/tty) 2>>{out}')
    runner = Runner()
    OwnProgram((str(path), "$(id) *"), "main", runner).hand([notice("7")])
    await runner.done()
    told, environment, terminal = out.read_text().split("\n", 2)
    assert json.loads(told)["notices"][0]["order"] == "7"
    assert json.loads(told)["severity"] == "information"
    assert environment == "$(id) *|kept||"
    assert "/dev/tty" in terminal
    assert "the-key" not in out.read_text()


async def test_it_never_runs_twice_at_once_and_loses_nothing(tmp_path: Path) -> None:
    """What comes while it runs is told in its next run, all at once."""
    out, gate = tmp_path / "out", tmp_path / "gate"
    os.mkfifo(gate)
    path = script(tmp_path, f"echo begin >> {out}; cat >> {out}; cat {gate} > /dev/null; echo end >> {out}")
    runner = Runner()
    program = OwnProgram((str(path),), "main", runner)
    program.hand([notice("1")])
    await until_file(out)
    program.hand([notice("2")])
    program.hand([notice("3")])
    await asyncio.to_thread(gate.write_text, "")
    await until_file(out, 5)
    await asyncio.to_thread(gate.write_text, "")
    await runner.done()
    lines = out.read_text().splitlines()
    assert [lines[number] for number in (0, 2, 3, 5)] == ["begin", "end", "begin", "end"]
    assert [json.loads(lines[number])["title"] for number in (1, 4)] == ["Order 1: Completed", "2 completed"]
    assert runner.said == []


async def until_file(path: Path, lines: int = 2) -> None:
    """Return once the program has written so many lines."""

    def written() -> bool:
        return path.exists() and path.read_text().count("\n") >= lines

    async with asyncio.timeout(10):
        # The program is another process, which tells by the file only.
        while not written():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("exit 3", "ended with code 3."),
        ("exec 0<&-; exit 0", ""),
        ("sleep 60 & sleep 60", "did not end within 0 seconds, and was ended."),
    ],
)
async def test_a_program_that_fails_is_said(tmp_path: Path, body: str, words: str) -> None:
    """By a bad code, or by not ending; one that reads nothing has not failed."""
    runner = Runner()
    OwnProgram((str(script(tmp_path, body)),), "main", runner, seconds=0.3).hand([notice("1")] * 3000)
    await runner.done()
    assert [said.partition("tell-me ")[2] for said in runner.said] == ([words] if words else [])


@pytest.mark.parametrize("command", [("/nowhere/tell-me",), ("a\0b",)])
async def test_a_program_that_is_not_there_is_said(command: tuple[str, ...]) -> None:
    """With where to look."""
    runner = Runner()
    OwnProgram(command, "main", runner).hand([notice("1")])
    await runner.done()
    assert len(runner.said) == 1 and "could not be started" in runner.said[0] and "[notify]" in runner.said[0]


async def test_quitting_ends_the_program(tmp_path: Path) -> None:
    """What it has started goes with it."""
    out = tmp_path / "out"
    path = script(tmp_path, f"echo $$ >> {out}; echo >> {out}; sleep 60")
    runner = Runner()
    OwnProgram((str(path),), "main", runner).hand([notice("1")])
    await until_file(out)
    runner.tasks[0].cancel()
    with pytest.raises(asyncio.CancelledError):
        await runner.done()
    with pytest.raises(ProcessLookupError):
        os.kill(int(out.read_text().split()[0]), 0)


# ── the terminal ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_desktop_notice_holds_nothing_that_a_terminal_obeys() -> None:
    """Neither a way out of the sequence nor a command of another kind, and it is short."""
    hostile = Words("4;1;50", "a\x07b\x1b]0;c\x9c" + "x" * 1000, "warning")
    plain = desktop_notice(hostile, in_tmux=False)
    assert plain.startswith("\x1b]9;smmtui: 4;1;50 – a\ufffdb\ufffd]0;c\ufffdx") and plain.endswith("\x07")
    assert len(plain) < 220 and plain[2:-1].isprintable()


def test_tmux_hands_a_desktop_notice_on() -> None:
    """In its own wrapping."""
    words = Words("Title", "", "warning")
    assert desktop_notice(words, in_tmux=True) == "\x1bPtmux;\x1b\x1b]9;smmtui: Title\x07\x1b\\"


def ask(server: FaultServer, **fields: str) -> Any:
    """Ask the panel past the App."""
    data = urllib.parse.urlencode({"key": KEY, **fields}).encode()
    with urllib.request.urlopen(server.url, data) as reply:  # noqa: S310  the address is our own
        return json.loads(reply.read())


def bells_and_notices(terminal: Terminal) -> list[bytes]:
    """The bells and desktop notices among all that was written; other sequences may end in the bell's byte too."""
    written = re.findall(rb"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x07", terminal.output)
    return [each for each in written if each == b"\x07" or each.startswith(b"\x1b]9;")]


@pytest.mark.timeout(120)
def test_a_real_terminal_is_rung_and_told(tmp_path: Path) -> None:
    """An order that was placed elsewhere is tracked in the App and completes: one bell, one desktop notice."""
    config = tmp_path / "config.toml"
    with FaultServer() as server:
        services = ask(server, action="services")
        service = next(each for each in services if each["type"] == "Default")
        placed = ask(server, action="add", service=str(service["service"]), link="https://x.com/a", quantity="100")
        config.write_text(
            f'[profiles.main]\nurl = "{server.url}"\nkey = "{KEY}"\nrefresh_seconds = 3600\n'
            '[notify]\nchannels = ["toast", "bell", "desktop"]\n'
        )
        config.chmod(0o600)
        command = [str(PROGRAM), "--config", str(config)]
        with Terminal(command, env=clean_environment(tmp_path)) as terminal:
            terminal.wait("20 services")
            terminal.press("2")
            terminal.wait("No orders yet")
            terminal.press("t")
            terminal.wait("Ask the panel")
            terminal.press(f"{placed['order']} 999999999", "f9")
            terminal.wait("1 order tracked")
            terminal.wait("999999999")
            assert bells_and_notices(terminal) == []
            server.set_status(str(placed["order"]), {"status": "Completed", "remains": "0"})
            terminal.press("r")
            terminal.wait(f"Order {placed['order']}: Completed")
            terminal.press("ctrl+q")
            assert terminal.ends() == 0
    assert sorted(bells_and_notices(terminal)) == [
        b"\x07",
        f"\x1b]9;smmtui: Order {placed['order']}: Completed\x07".encode(),
    ]
