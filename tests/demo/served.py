"""Serve an ASGI app on a loopback port for clients that need a real socket."""

import contextlib
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import uvicorn

_PATIENCE = 20


class _Server(uvicorn.Server):
    """A server that tells when it accepts connections, or has given up."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.settled = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            await super().startup(sockets)
        finally:
            self.settled.set()

    def serve_in_thread(self, listener: socket.socket) -> threading.Thread:
        """Start serving in a thread of its own."""
        thread = threading.Thread(target=self._run_quietly, args=(listener,), name="served", daemon=True)
        thread.start()
        return thread

    def _run_quietly(self, listener: socket.socket) -> None:
        # uvicorn exits the interpreter when the app fails to start; here that is for `serve` to report.
        with contextlib.suppress(SystemExit):
            self.run(sockets=[listener])


@contextlib.contextmanager
def serve(app: Callable[..., Awaitable[Any]]) -> Iterator[str]:
    """Run an ASGI app in a thread on a free loopback port and yield its URL; the server is gone afterwards.

    Raises RuntimeError if the app does not start.
    """
    server = _Server(uvicorn.Config(app, log_level="critical", ws="none", timeout_graceful_shutdown=2))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        thread = server.serve_in_thread(listener)
        try:
            server.settled.wait(_PATIENCE)
            if not server.started:
                raise RuntimeError("the app did not start")
            yield f"http://127.0.0.1:{port}/api/v2"
        finally:
            server.should_exit = True
            thread.join(_PATIENCE)
            if thread.is_alive():
                raise RuntimeError("the server did not stop")
