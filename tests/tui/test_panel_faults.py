"""Whatever a panel answers, the app stays up, answers keys, and recovers."""

from __future__ import annotations

import asyncio
import re
from functools import partial
from pathlib import Path

import pytest
from msgspec.structs import replace

from smmtui.domain.records import State
from smmtui.panel.client import PanelClient
from smmtui.panel.exchange import Limits
from smmtui.secret import Secret
from tests.desk.support import draft_for
from tests.faults.server import FAULTS, KEY, FaultServer
from tests.tui.support import Stage, press, see, text_of, until
from tests.tui.terminal import PROGRAM, Terminal, clean_environment

MIB = 1 << 20
HASTY = Limits(add=0.3, services=0.3, other=0.3, tries=1)
READS = ("services", "balance", "status")
SENT = (State.ACCEPTED, State.REJECTED, State.UNKNOWN)


class Wired(Stage):
    """The App on the fault server, over a real socket."""

    def __init__(self, folder: Path, url: str) -> None:
        super().__init__(folder)
        self.profile = replace(self.profile, url=url)

    def _connect(self) -> PanelClient:
        return PanelClient(self.profile, Secret(KEY), clock=self.hands, limits=HASTY)


@pytest.mark.timeout(300)
async def test_every_fault_leaves_the_app_usable(tmp_path: Path) -> None:
    """After each fault of each read, with an order under way that meets it too, a key has its effect; the order was
    sent once, and an honest answer clears the trouble."""
    with FaultServer(key=KEY) as server:
        stage = Wired(tmp_path, server.url)
        async with stage.app.run_test(size=(120, 30)) as pilot:
            await see(pilot, "● online", "20 services")
            desk = stage.desk
            assert desk is not None
            for number, (name, fault) in enumerate(FAULTS.items()):
                for action in (*READS, "add"):
                    server.always(action, fault)
                before = len(server.ledger.requests)
                # What a panel wants of silence is kept, so the clock has to pass it.
                stage.hands.move(1000)
                draft = draft_for(desk.catalog.services[0], link=f"https://example.com/{number}")
                order = asyncio.create_task(desk.place(draft))
                await press(pilot, "r")
                await until(pilot, partial(_asked_since, server, before))
                await press(pilot, "/", "wxyz", "escape")
                assert "wxyz" in text_of(pilot), name
                await press(pilot, "escape")
                assert "wxyz" not in text_of(pilot), name
                assert (await order).state in SENT, name
            for action in (*READS, "add"):
                server.always(action, None)
            stage.hands.move(1000)
            await press(pilot, "r")
            await see(pilot, "● online", "20 services")
        added = [request.fields["link"] for request in server.ledger.requests if request.action == "add"]
        assert added == [f"https://example.com/{number}" for number in range(len(FAULTS))]


def _asked_since(server: FaultServer, before: int) -> bool:
    return len(server.ledger.requests) > before


def _peak(terminal: Terminal) -> int:
    """The most memory that the program has had so far, in bytes (Linux's own account of it)."""
    status = Path(f"/proc/{terminal.process.pid}/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found, status
    return int(found[1]) * 1024


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads Linux's account of memory")
def test_a_bomb_costs_its_cap_and_no_key(tmp_path: Path) -> None:
    """A catalogue of 1 GiB, packed to 1 MiB, is given up at 64 MiB, and keys have their effect meanwhile."""
    with FaultServer(key=KEY) as server:
        environment = {**clean_environment(tmp_path), "SMMTUI_API_URL": server.url, "SMMTUI_API_KEY": KEY}
        with Terminal([str(PROGRAM)], env=environment) as terminal:
            terminal.wait("20 services")
            usual = _peak(terminal)
            server.always("services", FAULTS["gzip_bomb"](size=1 << 30))
            terminal.press("r", "2")
            terminal.wait("No orders yet")
            terminal.wait("◑ not understood")
            terminal.press("1", "/", "followers")
            terminal.wait(r"of 20 services")
            assert _peak(terminal) - usual <= (64 + 16) * MIB
            terminal.press("ctrl+q")
            assert terminal.ends() == 0
