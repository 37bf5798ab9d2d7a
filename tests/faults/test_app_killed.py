"""The real app in a real terminal, ended in every way there is while an order is on its way."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from smmtui.domain.clock import SystemClock
from smmtui.domain.records import Order, State
from smmtui.journal.journal import Journal
from tests.faults.server import FAULTS, KEY, FaultServer
from tests.faults.verdict import judge
from tests.tui.terminal import Terminal, clean_environment

PROGRAM = Path(sys.executable).with_name("smmtui")
# A pseudo-terminal that was inherited is nobody's terminal yet; closing it would tell nobody.
TAKE_TERMINAL = (
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execv(sys.argv[1], sys.argv[1:])"
)
LEFT_FULL_SCREEN = b"\x1b[?1049l"
CURSOR_SHOWN = b"\x1b[?25h"


class Window(Terminal):
    """A terminal window with smmtui in it, as the user of one account would open it."""

    def __init__(self, home: Path, server: FaultServer) -> None:
        env = {**clean_environment(home), "SMMTUI_API_URL": server.url, "SMMTUI_API_KEY": KEY}
        super().__init__([sys.executable, "-c", TAKE_TERMINAL, str(PROGRAM)], env=env, deadline=60)
        self.wait("20 services")
        self.wait("online")

    def review(self, link: str) -> None:
        """Fill in an order for the link, up to the question whether to place it, which hears keys by then."""
        self.press("/", "id:1")
        self.wait("1 of 20 services")
        self.press("enter")
        self.press("enter")
        self.wait("Link")
        self.press(link)
        self.press("tab")
        self.press("100")
        self.wait("100 units")
        self.press("f9")
        self.wait(r"Place this order\?[\s\S]*Yes, place it")

    def close_window(self) -> None:
        """What the user's mouse does: the terminal goes away, and the system tells the program so."""
        os.close(self._child)
        os.close(self._parent)
        self.process.wait(30)
        self._parent, self._child = os.openpty()

    def is_usable(self) -> bool:
        """Whether the shell that comes back finds the terminal as it was."""
        return (
            self.modes() == list(self.before)
            and self.output.rindex(LEFT_FULL_SCREEN) > self.output.rindex(b"\x1b[?1049h")
            and self.output.rindex(CURSOR_SHOWN) > self.output.rindex(b"\x1b[?25l")
        )


@pytest.fixture
def server() -> Iterator[FaultServer]:
    """The panel."""
    with FaultServer() as running:
        yield running


def journal_in(home: Path) -> list[Order]:
    """The orders on the disk, newest first."""
    (folder,) = {path.parent for path in home.rglob("receipts.jsonl")}
    with closing(Journal.open(folder, clock=SystemClock())) as journal:
        assert (journal.damage, journal.check()) == ("", [])
        return journal.orders()


def asked(server: FaultServer, count: int) -> None:
    """Wait until so many `add` requests have reached the panel, whole."""
    server.ledger.wait_for(lambda ledger: sum(request.action == "add" for request in ledger.requests) == count, 30)


def killed(window: Window) -> None:
    window.process.send_signal(signal.SIGKILL)
    assert window.ends() == -signal.SIGKILL


def hung_up(window: Window) -> None:
    window.process.send_signal(signal.SIGHUP)
    assert window.ends() == 128 + signal.SIGHUP
    assert window.is_usable()


def terminated(window: Window) -> None:
    window.process.send_signal(signal.SIGTERM)
    assert window.ends() == 128 + signal.SIGTERM
    assert window.is_usable()


def interrupted(window: Window) -> None:
    window.process.send_signal(signal.SIGINT)
    assert window.ends() == 128 + signal.SIGINT
    assert window.is_usable()


def closed(window: Window) -> None:
    window.close_window()


def quit_twice(window: Window) -> None:
    window.press("q")
    window.wait("Still sending")
    window.press("ctrl+q")
    assert window.ends() == 0
    assert window.is_usable()


ENDS = (killed, hung_up, terminated, interrupted, closed, quit_twice)


@pytest.mark.timeout(600)
def test_each_start_shows_what_the_one_before_it_left_unknown(tmp_path: Path, server: FaultServer) -> None:
    """Ended in any way while the panel keeps silent, an order is unknown at the next start and is not sent again."""
    for number, end in enumerate(ENDS):
        server.plan("add", [FAULTS["stall_before_reply"](carried_out=number % 2 == 0)])
        with Window(tmp_path, server) as window:
            if number:
                window.wait(rf"{number} unknown")
            window.review(f"https://a.test/{end.__name__}")
            window.press("y")
            asked(server, number + 1)
            end(window)
        orders = journal_in(tmp_path)
        assert [(order.state, order.link.rpartition("/")[2]) for order in orders] == [
            (State.UNKNOWN, each.__name__) for each in reversed(ENDS[: number + 1])
        ], orders
    verdict = judge(server.ledger, orders)
    assert verdict.kept, verdict
    assert [entry.link for entry in server.ledger.orders] == [f"https://a.test/{end.__name__}" for end in ENDS[::2]]


@pytest.mark.timeout(180)
def test_fifty_times_enter_places_nothing(tmp_path: Path, server: FaultServer) -> None:
    """However often Enter is hit at the question, the answer is no."""
    with Window(tmp_path, server) as window:
        window.review("https://a.test/enter")
        window.press(*["enter"] * 50)
        window.press("ctrl+q")
        assert window.ends() == 0
    assert not [request for request in server.ledger.requests if request.action == "add"]
    assert server.ledger.orders == []


@pytest.mark.timeout(180)
def test_fifty_times_yes_places_one_order_which_outlives_a_kill(tmp_path: Path, server: FaultServer) -> None:
    """However often `y` is hit there is one order; killed when the screen says so, it is there at the next start."""
    with Window(tmp_path, server) as window:
        window.review("https://a.test/yes")
        window.press(*["y"] * 50)
        (id,) = window.wait(r"Order (\d+) accepted").groups()
        killed(window)
    with Window(tmp_path, server) as window:
        window.press("2")
        window.wait(rf"{id} .*a\.test/yes")
        window.press("q")
        assert window.ends() == 0
    assert [(entry.id, entry.link) for entry in server.ledger.orders] == [(id, "https://a.test/yes")]
    asked(server, 1)


@pytest.mark.timeout(180)
def test_quitting_waits_for_an_order_that_is_being_sent(tmp_path: Path, server: FaultServer) -> None:
    """It says what it waits for, leaves by itself once the panel has answered, and the outcome is on the disk."""
    with Window(tmp_path, server) as window:
        window.review("https://a.test/quit")
        with server.frozen():
            window.press("y", "2")
            window.wait("sending")
            window.press("q")
            window.wait("Still sending")
        assert window.ends() == 0
        assert window.is_usable()
    (placed,) = server.ledger.orders
    assert [(order.state, order.id) for order in journal_in(tmp_path)] == [(State.ACCEPTED, placed.id)]
