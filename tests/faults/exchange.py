"""One request on the wire and the hand that writes back: reads HTTP as sent, writes any byte it is told to."""

import asyncio
import contextlib
import json
import socket
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import responses
from urllib.parse import parse_qsl

HEAD_LIMIT = 1 << 20
"""Bytes of request head that are read before giving up."""
JSON_TYPE = "application/json; charset=utf-8"


@dataclass(frozen=True)
class Incoming:
    """A request as it arrived."""

    method: str
    target: str
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes
    complete: bool
    """False: the client left before the announced body had arrived."""

    @property
    def wants_close(self) -> bool:
        return self.headers.get("connection", "").lower() == "close"

    def fields(self) -> dict[str, str]:
        """The body's form fields or JSON members as text; empty if it is neither."""
        if "json" not in self.headers.get("content-type", ""):
            return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))
        try:
            members = json.loads(self.body)
        except ValueError:
            return {}
        return {name: str(value) for name, value in members.items()} if isinstance(members, dict) else {}


async def read_request(reader: asyncio.StreamReader) -> Incoming | None:
    """The next request on the connection; None if the client left without beginning one."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as cut:
        return _incoming(cut.partial, b"", complete=False) if cut.partial else None
    length = int(_incoming(head, b"", complete=False).headers.get("content-length", "0"))
    try:
        return _incoming(head, await reader.readexactly(length), complete=True)
    except asyncio.IncompleteReadError as cut:
        return _incoming(head, cut.partial, complete=False)
    except ConnectionError:
        return _incoming(head, b"", complete=False)


def _incoming(head: bytes, body: bytes, *, complete: bool) -> Incoming:
    first, *lines = head.decode("latin-1").split("\r\n")
    method, _, rest = first.partition(" ")
    pairs = (line.partition(":") for line in lines if ":" in line)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    return Incoming(method, rest.partition(" ")[0], headers, body, complete)


@dataclass
class Exchange:
    """What a fault has at hand: the connection, the honest answer, and the places a redirect may point to."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    here: str
    """This server's origin, `http://host:port`."""
    elsewhere: str
    """The origin of its second port."""
    key: str = ""
    """The API key that came with the request."""
    answer: bytes = b""
    """What the books say, as JSON."""
    close: bool = False
    """The client asked for the connection to be closed after the reply."""
    keep: bool = field(default=False, init=False)
    """The connection can serve another request: the last reply was whole."""
    sent: int = field(default=0, init=False)

    async def send(self, data: bytes) -> None:
        """Write bytes as they are; ConnectionError if the client has left."""
        self.writer.write(data)
        self.sent += len(data)
        await self.writer.drain()

    async def reply(self, body: bytes, *, status: int = 200, headers: Mapping[str, str] | None = None) -> None:
        """Write one faultless HTTP/1.1 reply, whatever is in the body."""
        await self.send(head(status, {"Content-Length": str(len(body)), **self.closing(), **(headers or {})}) + body)
        self.keep = not self.close

    def closing(self) -> dict[str, str]:
        return {"Connection": "close"} if self.close else {}

    async def chunk(self, data: bytes) -> None:
        """Write one chunk of a chunked body; the empty one ends the body."""
        await self.send(b"%x\r\n%b\r\n" % (len(data), data))

    async def hold(self) -> None:
        """Say no more until the client leaves, which is a ConnectionError here as everywhere."""
        while await self.reader.read(1 << 16):
            pass
        raise ConnectionResetError("the client left")

    def reset(self) -> None:
        """Break the connection with RST instead of FIN."""
        raw = self.writer.get_extra_info("socket")
        with contextlib.suppress(OSError):  # already closed by the client: nothing left to reset
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


def head(status: int, headers: Mapping[str, str], *, version: str = "1.1") -> bytes:
    """Status line and headers with the empty line after them; the content type is JSON unless they say otherwise."""
    named = {"Content-Type": JSON_TYPE, **headers}
    lines = [
        f"HTTP/{version} {status} {responses.get(status, 'Unknown')}",
        *(f"{name}: {value}" for name, value in named.items()),
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
