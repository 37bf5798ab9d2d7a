"""A panel that sends a byte now and then: when does a read end? Run `python -m tests.bench.bench_deadline`.

Prints the ratio of the time taken to the deadline of the action, for the real deadlines (30 s; 90 s with `--add`).
"""

from __future__ import annotations

import asyncio
import sys
import time

from smmtui.config import Profile
from smmtui.errors import NoAnswer
from smmtui.panel.client import PanelClient
from smmtui.panel.exchange import Limits
from smmtui.secret import Secret
from tests.faults.server import FAULTS, KEY, FaultServer


async def measure(action: str) -> tuple[float, float]:
    """Seconds until the client gave up, and the deadline it had."""
    limits = Limits(tries=1)
    with FaultServer(key=KEY) as server:
        server.always(action, FAULTS["trickle"](interval=5))
        async with PanelClient(Profile("bench", "bench", server.url), Secret(KEY), limits=limits) as client:
            began = time.perf_counter()
            try:
                await (client.add([("service", "1"), ("link", "x")]) if action == "add" else client.balance())
            except NoAnswer:
                return time.perf_counter() - began, limits.deadline(action)
    raise SystemExit(f"{action} was answered by a panel that never ends its answer")


def main() -> None:
    """Print a line per action."""
    for action in ["balance", *(["add"] if "--add" in sys.argv else [])]:
        took, deadline = asyncio.run(measure(action))
        print(f"{action:<8} gave up after {took:6.1f} s, {took / deadline:.3f} x its deadline of {deadline:.0f} s")


if __name__ == "__main__":
    main()
