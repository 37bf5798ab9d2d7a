"""Whatever a panel answers, the app stays up, answers keys, and recovers."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from smmtui.panel.client import PanelClient
from smmtui.panel.exchange import Limits
from smmtui.secret import Secret
from tests.faults.server import FAULTS, KEY, FaultServer
from tests.tui.support import Stage, press, see, text_of, until
from tests.tui.terminal import PROGRAM, Terminal, clean_environment

MIB = 1 << 20
HASTY = Limits(add=0.3, services=0.3, other=0.3, tries=1)
READS = ("services", "balance", "status")


class Wired(Stage):
    """The App on the fault server, over a real socket."""

    def __init__(self, folder: Path, url: str) -> None:
        super().__init__(folder)
        self.profile = replace(self.profile, url=url)

    def _connect(self) -> PanelClient:
        return PanelClient(self.profile, Secret(KEY), clock=self.hands, limits=HASTY)


@pytest.mark.timeout(300)
async def test_every_fault_of_every_read_leaves_the_app_usable(tmp_path: Path) -> None:
    """After each fault a key has its effect, and an honest answer clears the trouble; nothing was ever written."""
    with FaultServer(key=KEY) as server:
        stage = Wired(tmp_path, server.url)
        async with stage.app.run_test(size=(120, 30)) as pilot:
            await see(pilot, "● online", "20 services")
            for name, fault in FAULTS.items():
                for action in READS:
                    server.always(action, fault)
                before = len(server.ledger.requests)
                # What a panel wants of silence is kept, so the clock has to pass it.
                stage.hands.move(1000)
                await press(pilot, "r")
                await until(pilot, partial(_asked_since, server, before))
                await press(pilot, "/", "wxyz", "escape")
                assert "wxyz" in text_of(pilot), name
                await press(pilot, "escape")
                assert "wxyz" not in text_of(pilot), name
            for action in READS:
                server.always(action, None)
            stage.hands.move(1000)
            await press(pilot, "r")
            await see(pilot, "● online", "20 services")
        assert {request.action for request in server.ledger.requests} <= set(READS)


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
