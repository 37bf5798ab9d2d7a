"""A hostile SMM panel on loopback: honest books behind a wire that breaks as told, and a ledger of what happened.

In a test: `with FaultServer() as server: server.plan("add", [FAULTS["reset_before_reply"](carried_out=True)])`.
In a process of its own, which outlives clients that are killed: see `tests.faults.process`.
"""

import argparse
import asyncio
import itertools
import json
import os
import socket
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from decimal import Decimal
from pathlib import Path
from typing import Self
from urllib.parse import unquote

from tests.faults.books import NOT_DONE, WRITES, Books
from tests.faults.controls import CONNECT, Command, Controls, Plans, execute
from tests.faults.exchange import HEAD_LIMIT, Exchange, Incoming, read_request
from tests.faults.faults import FAULTS, Fault
from tests.faults.ledger import Answer, Connection, Followed, Ledger, Request

__all__ = ["CONNECT", "FAULTS", "KEY", "Fault", "FaultServer", "Ledger", "nothing_listening"]

HOST = "127.0.0.1"
KEY = "fault-key+with/odd=signs-0123456789"
"""The key that the panel knows; it looks different in each encoding."""
MOVED = "/moved/"
"""Where redirects lead."""
Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class FaultServer(Controls):
    """The panel, in a thread of its own while the `with` block lasts; a crash in it is raised at the block's end."""

    def __init__(
        self,
        *,
        key: str = KEY,
        balance: Decimal = Decimal("1000"),
        first_order: int = 23501,
        ledger: Path | None = None,
        port: int = 0,
    ) -> None:
        self.key = key
        self.ledger = Ledger(file=ledger)
        self._books = Books(self.ledger, balance=balance, first_order=first_order)
        self._plans = Plans()
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._tasks: set[asyncio.Task[None]] = set()
        self._crashes: list[BaseException] = []
        self._ports = ExitStack()
        self._panel, self._elsewhere, self._control = (_listening(self._ports, number) for number in (port, 0, 0))
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="fault server")

    @property
    def origin(self) -> str:
        return _origin(self._panel)

    @property
    def url(self) -> str:
        """The API's address."""
        return self.origin + "/api/v2"

    @property
    def elsewhere(self) -> str:
        """The origin that cross-origin redirects lead to."""
        return _origin(self._elsewhere)

    @property
    def control_url(self) -> str:
        """Where another process posts its commands."""
        return _origin(self._control) + "/control"

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """While the block lasts nothing is read or answered; what clients send waits in the system's buffers."""
        thawed = threading.Event()
        self._loop.call_soon_threadsafe(thawed.wait)
        try:
            yield
        finally:
            thawed.set()

    def command(self, command: Command) -> None:
        with self._lock:
            execute(command, self._plans, self._books)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()
        self.join()

    def stop(self) -> None:
        """Ask the server to end, from any thread."""
        with suppress(RuntimeError):  # the loop is closed: it has ended already
            self._loop.call_soon_threadsafe(self._stop.set)

    def join(self) -> None:
        """Wait until the server has ended, then raise what crashed inside it."""
        self._thread.join()
        self.ledger.close()
        if self._crashes:
            raise self._crashes[0]

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner, self._ports:
            runner.run(self._serve())

    async def _serve(self) -> None:
        talks = {
            self._panel: self._panel_talk,
            self._elsewhere: self._elsewhere_talk,
            self._control: self._control_talk,
        }
        for port, talk in talks.items():
            self._loop.add_reader(port, self._accept, port, talk)
        await self._stop.wait()
        for port in talks:
            self._loop.remove_reader(port)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _accept(self, port: socket.socket, talk: Talk) -> None:
        """Take one connection by hand: asyncio's own server loses one that comes while it closes."""
        with suppress(BlockingIOError, ConnectionAbortedError):  # the client has left already
            client, _ = port.accept()
            client.setblocking(False)
            task = self._loop.create_task(self._converse(talk, client))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            # Not in the task itself: one that is cancelled before its first step never runs a line.
            task.add_done_callback(lambda done: client.close())

    async def _converse(self, talk: Talk, client: socket.socket) -> None:
        try:
            reader, writer = await asyncio.open_connection(sock=client, limit=HEAD_LIMIT)
            try:
                await talk(reader, writer)
                writer.close()
                await writer.wait_closed()
            finally:
                if client.fileno() != -1:  # aborting a transport that has closed its socket after a late flush crashes
                    writer.transport.abort()
                await asyncio.sleep(0)  # an aborted transport lets go of its socket in the loop's next turn
        except ConnectionError:
            pass  # clients may leave whenever they like; the ledger has it
        except Exception as crash:
            self._crashes.append(crash)

    async def _panel_talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = next(self._numbers)
        with self._lock:
            fault = self._plans.next(CONNECT)
        self.ledger.write(Connection(number=connection, fault=fault.name if fault else None))
        if fault:
            await fault.strike(Exchange(reader, writer, self.origin, self.elsewhere), **fault.options)
            return
        for number in itertools.count(1):
            request = await read_request(reader)
            if request is None:
                return
            exchange = Exchange(reader, writer, self.origin, self.elsewhere, close=request.wants_close)
            await self._serve_request(connection, number, request, exchange)
            if not exchange.keep:
                return

    async def _serve_request(self, connection: int, number: int, request: Incoming, exchange: Exchange) -> None:
        if request.target.startswith(MOVED):
            await self._followed(request, exchange, cross_origin=False)
            return
        fields = request.fields()
        exchange.key = fields.pop("key", "")
        action = fields.pop("action", "")
        with self._lock:
            fault = self._plans.next(action) if request.complete else None
        self.ledger.write(
            Request(
                connection=connection,
                number=number,
                method=request.method,
                target=request.target,
                headers=request.headers,
                action=action,
                fields=fields,
                key_is_right=exchange.key == self.key,
                complete=request.complete,
                fault=fault.name if fault else None,
            )
        )
        if not request.complete:
            return
        carried_out = fault is None or fault.carried_out
        exchange.answer = self._answer(action, fields, key=exchange.key, carried_out=carried_out)
        ended = "client left"
        try:
            await (fault.strike(exchange, **fault.options) if fault else exchange.reply(exchange.answer))
            ended = "finished"
        except asyncio.CancelledError:
            ended = "server closed"
            raise
        finally:
            self.ledger.write(
                Answer(
                    connection=connection,
                    request=number,
                    fault=fault.name if fault else None,
                    carried_out=carried_out,
                    answer=exchange.answer.decode(),
                    sent=exchange.sent,
                    ended=ended,
                )
            )

    def _answer(self, action: str, fields: dict[str, str], *, key: str, carried_out: bool) -> bytes:
        with self._lock:
            if key != self.key:
                answer: object = {"error": "Invalid API key"}
            elif action in WRITES and not carried_out:
                answer = NOT_DONE
            else:
                answer = self._books.answer(action, fields)
            return json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode()

    async def _elsewhere_talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await read_request(reader)
        if request is not None:
            await self._followed(request, Exchange(reader, writer, self.origin, self.elsewhere), cross_origin=True)

    async def _followed(self, request: Incoming, exchange: Exchange, *, cross_origin: bool) -> None:
        had_key = self.key in "\n".join(
            [unquote(request.target), *request.headers.values(), *request.fields().values()]
        )
        self.ledger.write(
            Followed(cross_origin=cross_origin, method=request.method, target=request.target, had_key=had_key)
        )
        await exchange.reply(b'{"order":66666}')

    async def _control_talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await read_request(reader)
        if request is None or not request.complete:
            return
        exchange = Exchange(reader, writer, self.origin, self.elsewhere, close=True)
        try:
            self.command(json.loads(request.body))
        except (ValueError, KeyError, TypeError) as refusal:
            await exchange.reply(json.dumps({"error": repr(refusal)}).encode(), status=400)
        else:
            await exchange.reply(b"{}")


@contextmanager
def nothing_listening() -> Iterator[str]:
    """An API address at which every connection is refused; its port stays taken meanwhile."""
    with socket.socket() as port:
        port.bind((HOST, 0))
        yield _origin(port) + "/api/v2"


def _listening(ports: ExitStack, number: int) -> socket.socket:
    listener = ports.enter_context(socket.create_server((HOST, number)))
    listener.setblocking(False)
    return listener


def _origin(port: socket.socket) -> str:
    return f"http://{HOST}:{port.getsockname()[1]}"


def _until_orphaned(server: FaultServer) -> None:
    """Wait for the end of standard input, which comes when the parent closes it or dies; then end the server."""
    while os.read(sys.stdin.fileno(), 1 << 12):
        pass
    server.stop()


def main() -> None:
    """Serve until standard input ends or `--lifetime` is over; print the API's address, then the control address."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.server", description=main.__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--ledger", type=Path)
    parser.add_argument("--key", default=KEY)
    parser.add_argument("--balance", type=Decimal, default=Decimal("1000"))
    parser.add_argument("--first-order", type=int, default=23501)
    parser.add_argument("--lifetime", type=float, default=600, help="seconds")
    asked = parser.parse_args()
    with FaultServer(
        key=asked.key, balance=asked.balance, first_order=asked.first_order, ledger=asked.ledger, port=asked.port
    ) as server:
        # A short life may be over, and the ports closed, before they are printed.
        addresses = (server.url, server.control_url)
        end_of_life = threading.Timer(asked.lifetime, server.stop)
        end_of_life.daemon = True
        end_of_life.start()
        threading.Thread(target=_until_orphaned, args=(server,), daemon=True).start()
        print(*addresses, sep="\n", flush=True)
        server.join()


if __name__ == "__main__":
    main()
