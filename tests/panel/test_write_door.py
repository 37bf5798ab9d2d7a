"""What can be proved about an order that went wrong: on real sockets, from the trace and from the panel's ledger."""

from __future__ import annotations

import asyncio
import gzip
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from smmtui.errors import BadAnswer, NoAnswer, NotSent
from smmtui.panel.client import PanelClient
from smmtui.panel.exchange import MIB, Inflater, Limits
from smmtui.secret import Secret
from tests.faults.server import CONNECT, FAULTS, FaultServer, nothing_listening
from tests.panel.scripted import KEY, profile

ORDER = (("service", "2"), ("link", "https://a.test/p"), ("quantity", "100"))
PROJECT = Path(__file__).parent.parent.parent


def _client(url: str, key: str = KEY, limits: Limits | None = None, **settings: object) -> PanelClient:
    return PanelClient(profile(url, **settings), Secret(key), limits=limits or Limits(tries=1))


async def test_tls_that_fails_means_not_sent() -> None:
    """A panel whose certificate or TLS is no good never sees the key."""
    with FaultServer() as server:
        server.plan(CONNECT, [FAULTS["ssh_banner"]])
        async with _client(server.url.replace("http://", "https://")) as client:
            with pytest.raises(NotSent):
                await client.add(ORDER)
        assert server.ledger.requests == []


@asynccontextmanager
async def _proxy(answer: bytes) -> AsyncIterator[tuple[str, list[bytes]]]:
    """A proxy that answers CONNECT with `answer` and hangs up; with what it was told."""
    heard: list[bytes] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(answer)
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        host, port = server.sockets[0].getsockname()
        yield f"http://{host}:{port}", heard


@pytest.mark.parametrize(
    "answer",
    [b"", b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n", b"SSH-2.0-x\r\n"],
)
async def test_a_proxy_that_refuses_means_not_sent(answer: bytes) -> None:
    """The headers of a CONNECT are not the order's: a tunnel that never stands carried nothing."""
    async with _proxy(answer) as (proxy, heard), _client("https://panel.test/api", proxy=proxy) as client:
        started: list[bool] = []
        with pytest.raises(NotSent):
            await client.add(ORDER, on_sending=lambda: started.append(True))
    assert started == []
    assert len(heard) == 1
    assert heard[0].startswith(b"CONNECT panel.test:443 ")
    assert KEY.encode() not in heard[0]


async def test_an_order_through_a_proxy_that_breaks_off_is_unknown() -> None:
    """A plain-HTTP proxy sees the POST itself, so from its headers on nobody can say "not sent"."""
    async with _proxy(b"") as (proxy, heard), _client("http://panel.test/api", proxy=proxy, allow_http=True) as client:
        with pytest.raises(NoAnswer):
            await client.add(ORDER)
    assert len(heard) == 1


async def test_cancelling_after_the_headers_is_told_apart_from_before() -> None:
    """Whoever cancels an order knows from `on_sending` whether it can have left."""
    started = asyncio.Event()
    with FaultServer() as server:
        server.always("add", FAULTS["stall_before_reply"](carried_out=True))
        async with _client(server.url, server.key, requests_per_minute=1, burst=1) as client:
            first = asyncio.create_task(client.add(ORDER, on_sending=started.set))
            await asyncio.wait_for(started.wait(), 10)
            await asyncio.to_thread(server.ledger.wait_for, lambda ledger: ledger.orders)
            first.cancel()
            with pytest.raises(asyncio.CancelledError):
                await first
            started.clear()
            second = asyncio.create_task(client.add(ORDER, on_sending=started.set))
            await asyncio.sleep(0)
            second.cancel()
            with pytest.raises(asyncio.CancelledError):
                await second
            assert not started.is_set()
        assert len(server.ledger.requests) == len(server.ledger.orders) == 1


async def test_every_order_has_a_connection_of_its_own_and_reads_share_one() -> None:
    """Orders never go over a kept-alive connection, reads do."""
    with FaultServer() as server:
        async with _client(server.url, server.key) as client:
            for _ in range(3):
                await client.balance()
                await client.add(ORDER)
        seen = {
            action: [each for each in server.ledger.requests if each.action == action] for action in ("balance", "add")
        }
    assert [each.number for each in seen["add"]] == [1, 1, 1]
    assert len({each.connection for each in seen["add"]}) == 3
    assert len({each.connection for each in seen["balance"]}) == 1


async def test_a_connection_that_died_while_idle_costs_a_read_nothing() -> None:
    """A read over a connection that the panel has closed meanwhile is simply asked again."""
    with FaultServer() as server:
        async with PanelClient(profile(server.url), Secret(server.key), limits=Limits(backoff=0)) as client:
            server.plan("balance", [FAULTS["length_too_short"](), FAULTS["close_before_reply"]()])
            with pytest.raises(BadAnswer):
                await client.balance()
            assert (await client.balance()).currency == "USD"


async def test_a_read_survives_two_failures() -> None:
    """Two broken connections in a row are not worth a word."""
    with FaultServer() as server:
        server.plan("balance", [FAULTS["reset_before_reply"](), FAULTS["html_502"]()])
        async with PanelClient(profile(server.url), Secret(server.key), limits=Limits(backoff=0)) as client:
            assert (await client.balance()).currency == "USD"
        assert len(server.ledger.requests) == 3


async def test_a_trickling_panel_meets_the_deadline() -> None:
    """A byte now and then does not keep a request alive for ever, though no single read times out."""
    with FaultServer() as server:
        server.always("add", FAULTS["trickle"](interval=0.05))
        limits = Limits(add=0.3, read=10, tries=1)
        async with _client(server.url, server.key, limits) as client:
            with pytest.raises(NoAnswer, match=r"within 0\.3 seconds"):
                await client.add(ORDER)
        assert len(server.ledger.orders) == 1


async def test_the_deadline_does_not_run_while_an_order_waits_for_its_turn() -> None:
    """An order that waits for the pace longer than its deadline is sent all the same, and answered."""
    with FaultServer() as server:
        limits = Limits(add=0.4, tries=1)
        async with _client(server.url, server.key, limits, requests_per_minute=100, burst=1) as client:
            await client.add(ORDER)
            assert (await client.add(ORDER)).id == "23502"


async def test_a_refused_connection_is_said_in_words() -> None:
    """The sentence names the host and what went wrong, and promises that nothing was sent."""
    with nothing_listening() as url:
        async with _client(url) as client:
            with pytest.raises(NotSent, match=r"Nothing was sent to 127\.0\.0\.1: no connection"):
                await client.add(ORDER)


def test_a_packed_body_comes_out_in_small_pieces() -> None:
    """However much one chunk unpacks to, no piece of it is larger than 64 KiB and nothing comes beyond the cap."""
    packed = gzip.compress(bytes(32 * MIB))
    inflater = Inflater("gzip", 20 * MIB)
    sizes: list[int] = []
    with pytest.raises(BadAnswer, match="larger than"):
        sizes.extend(map(len, inflater.feed(packed)))
    assert max(sizes) <= 64 * 1024
    assert sum(sizes) <= 20 * MIB


_BOMB = """
import asyncio, resource, sys
from smmtui.errors import PanelError
from smmtui.panel.client import PanelClient
from smmtui.panel.exchange import MIB, Inflater, Limits
from smmtui.secret import Secret
from tests.panel.scripted import profile

async def main(url, key, action):
    ticks, running = 0, True
    async def tick():
        nonlocal ticks
        while running:
            ticks += 1
            await asyncio.sleep(0.005)
    ticking = asyncio.create_task(tick())
    async with PanelClient(profile(url), Secret(key), limits=Limits(tries=1)) as client:
        try:
            await getattr(client, action)()
            print("read")
        except PanelError as error:
            print(type(error).__name__)
    running = False
    await ticking
    print(ticks, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)

asyncio.run(main(*sys.argv[1:]))
"""


def _peak(server: FaultServer, action: str) -> tuple[str, int, int]:
    """What a fresh process is told, how often its loop came round meanwhile, and its peak memory in KiB."""
    done = subprocess.run(
        [sys.executable, "-c", _BOMB, server.url, server.key, action],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
        timeout=100,
    )
    outcome, numbers = done.stdout.splitlines()
    ticks, peak = numbers.split()
    return outcome, int(ticks), int(peak)


def test_a_bomb_of_a_gibibyte_costs_the_cap_and_little_more() -> None:
    """A gzip bomb of 1 GiB in place of the catalogue or the balance stays within its cap plus 16 MiB of memory."""
    with FaultServer() as server:
        outcome, _, calm = _peak(server, "services")
        assert outcome == "read"
        for action, cap, least in (("services", 64, 3), ("balance", 1, 0)):
            server.always(action, FAULTS["gzip_bomb"]())
            outcome, ticks, peak = _peak(server, action)
            assert outcome == "BadAnswer"
            assert ticks >= least, "the loop stood still"
            assert peak - calm <= (cap + 16) * 1024
