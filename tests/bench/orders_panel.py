"""A panel that knows the status of any order, in a process of its own, so that its time is nobody's but its own."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager

PROJECT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


@contextmanager
def orders_panel() -> Iterator[str]:
    """The address of a panel while it runs."""
    command = [sys.executable, "-m", "tests.bench.orders_panel"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=PROJECT) as panel:
        assert panel.stdout is not None
        try:
            yield panel.stdout.readline().strip()
        finally:
            panel.kill()


def status_row(order: str) -> str:
    """The row of one order, the same whenever it is asked for."""
    number = int(order)
    status = ("Pending", "In progress", "Processing")[number % 3]
    return (
        f'{{"charge":"{number % 900 / 1000:.5f}","start_count":"{number % 7919}","status":"{status}",'
        f'"remains":"{number % 1000}","currency":"USD"}}'
    )


def answer(fields: dict[str, str]) -> bytes:
    """What the panel says to one request."""
    if fields["action"] == "balance":
        return b'{"balance":"100.5","currency":"USD"}'
    if fields["action"] == "services":
        return b'[{"service":1,"name":"Followers","type":"Default","category":"A","rate":"0.9","min":"10","max":"9"}]'
    if "order" in fields:
        return status_row(fields["order"]).encode()
    return ("{" + ",".join(f'"{order}":{status_row(order)}' for order in fields["orders"].split(",")) + "}").encode()


async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer the requests of one connection until it is closed."""
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(
                int(line.partition(b":")[2])
                for line in head.split(b"\r\n")
                if line.lower().startswith(b"content-length")
            )
            fields = dict(urllib.parse.parse_qsl((await reader.readexactly(length)).decode()))
            body = answer(fields)
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body))
            writer.write(body)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def main() -> None:
    """Serve until killed; the address is printed first."""
    async with await asyncio.start_server(talk, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        print(f"http://127.0.0.1:{port}/api/v2", flush=True)
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
