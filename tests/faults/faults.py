"""Every way in which the fault server can fail its client, by name.

`FAULTS` names them all. Defaults are changed by calling: `FAULTS["trickle"](interval=0.5, carried_out=False)`.
"""

import asyncio
import base64
import gzip
import inspect
import json
import zlib
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from email.utils import formatdate
from http.client import responses
from time import time
from typing import Any
from urllib.parse import quote

from tests.faults.bodies import (
    BLOCK,
    BODIES,
    bomb_pieces,
    brotli_stored,
    deflate_raw,
    gzip_corrupt,
    gzip_cut,
    page,
)
from tests.faults.exchange import Exchange, head

Strike = Callable[..., Awaitable[None]]
"""Takes the Exchange and the fault's options."""
HTML = {"Content-Type": "text/html; charset=UTF-8"}


@dataclass(frozen=True)
class Fault:
    """One way to fail, as a value: comparable, varied by calling it, fit to be sent to a server in another process."""

    name: str
    description: str
    """One sentence: what the client meets."""
    strike: Strike
    carried_out: bool
    """Whether a write is really done in the books before the fault hits; reads are always answered from the books."""
    early: bool = False
    """It needs no request: it can be planned for `connect`, and then hits before a byte is read."""
    options: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def __call__(self, *, carried_out: bool | None = None, **options: Any) -> "Fault":
        """The same fault with other options; TypeError if it has no such option."""
        merged = {**self.options, **options}
        inspect.signature(self.strike).bind(None, **merged)
        return replace(self, carried_out=self.carried_out if carried_out is None else carried_out, options=merged)

    @staticmethod
    def reply(
        status: int = 200, headers: Mapping[str, str] | None = None, body: bytes = b"", *, carried_out: bool = False
    ) -> "Fault":
        """A whole, well-framed reply of one's own; `headers` may replace Content-Type and even Content-Length."""
        own = {"status": status, "headers": dict(headers or {}), "body": body.decode("latin-1")}
        return FAULTS["reply"](carried_out=carried_out, **own)

    def spec(self) -> dict[str, Any]:
        """The fault as JSON values, for `from_spec`."""
        return {"name": self.name, "carried_out": self.carried_out, "options": dict(self.options)}

    @staticmethod
    def from_spec(spec: Mapping[str, Any]) -> "Fault":
        """The fault that `spec` was taken from; KeyError if there is none of that name."""
        return FAULTS[spec["name"]](carried_out=spec["carried_out"], **spec["options"])


FAULTS: dict[str, Fault] = {}


def _fault(*, carried_out: bool = False, early: bool = False) -> Callable[[Strike], Strike]:
    """Enter the decorated function in the table under its own name, described by its docstring."""

    def enter(strike: Strike) -> Strike:
        _enter(strike.__name__, inspect.getdoc(strike) or "", strike, carried_out=carried_out, early=early)
        return strike

    return enter


def _enter(
    name: str, description: str, strike: Strike, *, carried_out: bool = False, early: bool = False, **options: Any
) -> None:
    FAULTS[name] = Fault(name, description, strike, carried_out, early, options)


def _framed(exchange: Exchange, **headers: str) -> bytes:
    """The head of the honest reply."""
    return head(200, {"Content-Length": str(len(exchange.answer)), **headers})


# Connections that end


@_fault(early=True)
async def close_at_once(exchange: Exchange) -> None:
    """The connection is accepted and closed without a word."""


@_fault(early=True)
async def reset_before_reading(exchange: Exchange) -> None:
    """The connection is accepted and reset, which for `connect` can hit the client before its own connect returns."""
    exchange.reset()


@_fault(early=True)
async def reset_mid_request(exchange: Exchange) -> None:
    """The connection is reset while the client writes: after its head where planned for `connect`."""
    if not exchange.answer:
        with suppress(asyncio.IncompleteReadError):  # the client left before its head was complete
            await exchange.reader.readuntil(b"\r\n\r\n")
    exchange.reset()


@_fault()
async def close_before_reply(exchange: Exchange) -> None:
    """The request is read, then the connection is closed in good order."""


@_fault()
async def reset_before_reply(exchange: Exchange) -> None:
    """The request is read, then the connection is reset."""
    exchange.reset()


@_fault(carried_out=True)
async def close_mid_headers(exchange: Exchange) -> None:
    """The reply ends in the middle of its headers."""
    await exchange.send(_framed(exchange)[:30])


@_fault(carried_out=True)
async def reset_mid_reply(exchange: Exchange) -> None:
    """Headers and half the body arrive, then the connection is reset."""
    await exchange.send(_framed(exchange) + _half(exchange.answer))
    exchange.reset()


# Connections that hang


@_fault(early=True)
async def stall_before_reading(exchange: Exchange) -> None:
    """The connection is accepted and then nothing is heard."""
    await exchange.hold()


@_fault()
async def stall_before_reply(exchange: Exchange) -> None:
    """The request is read and never answered."""
    await exchange.hold()


@_fault(carried_out=True)
async def stall_mid_headers(exchange: Exchange) -> None:
    """The reply stops in the middle of its headers, the connection stays open."""
    await exchange.send(_framed(exchange)[:30])
    await exchange.hold()


@_fault(carried_out=True)
async def stall_mid_body(exchange: Exchange) -> None:
    """The reply stops in the middle of its body, the connection stays open."""
    await exchange.send(_framed(exchange) + _half(exchange.answer))
    await exchange.hold()


@_fault(carried_out=True)
async def late(exchange: Exchange, *, delay: float = 0.2) -> None:
    """A faultless reply that comes `delay` seconds late."""
    await asyncio.sleep(delay)
    await exchange.reply(exchange.answer)


@_fault(carried_out=True)
async def trickle(exchange: Exchange, *, interval: float = 0.005) -> None:
    """A faultless reply, one byte every `interval` seconds."""
    for byte in _framed(exchange) + exchange.answer:
        await exchange.send(bytes([byte]))
        await asyncio.sleep(interval)
    exchange.keep = not exchange.close


# Framing


@_fault()
async def endless_chunks(exchange: Exchange) -> None:
    """A chunked body of white space without end, as fast as the client reads."""
    await exchange.send(head(200, {"Transfer-Encoding": "chunked"}))
    while True:
        await exchange.chunk(BLOCK[: 1 << 16])


@_fault()
async def endless_until_close(exchange: Exchange) -> None:
    """A body of white space without length and without end, as fast as the client reads."""
    await exchange.send(head(200, {"Connection": "close"}))
    while True:
        await exchange.send(BLOCK[: 1 << 16])


@_fault(carried_out=True)
async def length_too_long(exchange: Exchange) -> None:
    """Content-Length promises 100 bytes more than come before the connection is closed."""
    await exchange.send(head(200, {"Content-Length": str(len(exchange.answer) + 100)}) + exchange.answer)


@_fault(carried_out=True)
async def length_too_short(exchange: Exchange) -> None:
    """Content-Length ends the body half-way, and the rest lies in wait on the open connection."""
    await exchange.send(head(200, {"Content-Length": str(len(_half(exchange.answer)))}) + exchange.answer)
    exchange.keep = True


@_fault(carried_out=True)
async def two_lengths(exchange: Exchange) -> None:
    """Two Content-Length headers that contradict each other."""
    await exchange.send(_framed(exchange, **{"content-length": "1"}) + exchange.answer)


@_fault(carried_out=True)
async def broken_chunks(exchange: Exchange) -> None:
    """A chunked body with a chunk size that is no number."""
    await exchange.send(head(200, {"Transfer-Encoding": "chunked"}) + b"zz\r\n" + exchange.answer + b"\r\n0\r\n\r\n")


@_fault(carried_out=True)
async def cut_chunks(exchange: Exchange) -> None:
    """A chunked body with the whole answer but without its last chunk."""
    await exchange.send(head(200, {"Transfer-Encoding": "chunked"}))
    await exchange.chunk(exchange.answer)


@_fault(carried_out=True)
async def chunked(exchange: Exchange) -> None:
    """A faultless reply in chunks of three bytes."""
    await exchange.send(head(200, {"Transfer-Encoding": "chunked", **exchange.closing()}))
    for start in range(0, len(exchange.answer), 3):
        await exchange.chunk(exchange.answer[start : start + 3])
    await exchange.chunk(b"")
    exchange.keep = not exchange.close


@_fault(carried_out=True)
async def http_1_0(exchange: Exchange) -> None:
    """A faultless HTTP/1.0 reply whose body ends with the connection."""
    await exchange.send(head(200, {}, version="1.0") + exchange.answer)


@_fault(early=True)
async def ssh_banner(exchange: Exchange) -> None:
    """The port speaks SSH."""
    await exchange.send(b"SSH-2.0-OpenSSH_9.6\r\n")


@_fault(early=True)
async def noise(exchange: Exchange) -> None:
    """The port speaks no protocol at all: 256 bytes of every value, without a line end that means anything."""
    await exchange.send(bytes(range(256)))


@_fault(carried_out=True)
async def interim_replies(exchange: Exchange) -> None:
    """Interim replies 100 and 103 come before the faultless one."""
    await exchange.send(
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n"
    )
    await exchange.reply(exchange.answer)


@_fault(carried_out=True)
async def huge_header(exchange: Exchange, *, size: int = 100 << 10) -> None:
    """A faultless reply with one header of `size` bytes."""
    await exchange.reply(exchange.answer, headers={"X-Padding": "x" * size})


@_fault(carried_out=True)
async def many_headers(exchange: Exchange, *, count: int = 1000) -> None:
    """A faultless reply with `count` headers nobody asked for."""
    await exchange.reply(exchange.answer, headers={f"X-Extra-{number}": "x" for number in range(count)})


@_fault(carried_out=True)
async def odd_spellings(exchange: Exchange) -> None:
    """A faultless reply with header names in odd case and white space around their values."""
    length = f"content-LENGTH: \t{len(exchange.answer)} \r\n".encode()
    await exchange.send(
        b"HTTP/1.1 200 ok\r\ncONTENT-tYPE:TEXT/JSON\r\n" + length + b"CONNECTION:Close\r\n\r\n" + exchange.answer
    )


@_fault(carried_out=True)
async def wrong_content_type(exchange: Exchange, *, content_type: str = "text/html; charset=UTF-8") -> None:
    """A faultless reply that calls itself something other than JSON."""
    await exchange.reply(exchange.answer, headers={"Content-Type": content_type})


# Replies that are well framed


@_fault()
async def reply(
    exchange: Exchange, *, status: int = 200, headers: Mapping[str, str] | None = None, body: str = ""
) -> None:
    """A reply of the test's own; see `Fault.reply`."""
    await exchange.reply(body.encode("latin-1"), status=status, headers=headers)


async def _spoilt(exchange: Exchange, *, body: str) -> None:
    await exchange.reply(BODIES[body].make(exchange.answer))


async def _html(exchange: Exchange, *, status: int) -> None:
    await exchange.reply(page(f"{status} {responses.get(status, 'Error')}"), status=status, headers=HTML)


async def _json_error(exchange: Exchange, *, status: int, text: str = "Something went wrong") -> None:
    await exchange.reply(json.dumps({"error": text}).encode(), status=status)


async def _answer(exchange: Exchange, *, status: int) -> None:
    await exchange.reply(exchange.answer, status=status)


async def _redirect(exchange: Exchange, *, status: int, cross_origin: bool) -> None:
    origin = exchange.elsewhere if cross_origin else exchange.here
    await exchange.reply(b"", status=status, headers={**HTML, "Location": f"{origin}/moved/api/v2"})


@_fault()
async def redirect_nowhere(exchange: Exchange) -> None:
    """A 302 without a Location."""
    await exchange.reply(b"", status=302, headers=HTML)


@_fault()
async def redirect_relative(exchange: Exchange) -> None:
    """A 307 with a Location that is only a path."""
    await exchange.reply(b"", status=307, headers={**HTML, "Location": "/moved/api/v2"})


@_fault()
async def too_many_requests(exchange: Exchange, *, retry_after: str = "2") -> None:
    """A 429 in JSON whose Retry-After is the text given."""
    await exchange.reply(b'{"error":"Too many requests"}', status=429, headers={"Retry-After": retry_after})


@_fault()
async def too_many_requests_until(exchange: Exchange, *, ahead: float = 2) -> None:
    """A 429 in JSON whose Retry-After is the HTTP date `ahead` seconds from now."""
    until = formatdate(time() + ahead, usegmt=True)
    await exchange.reply(b'{"error":"Too many requests"}', status=429, headers={"Retry-After": until})


async def _challenge(exchange: Exchange, *, status: int) -> None:
    headers = {**HTML, "Server": "cloudflare", "cf-mitigated": "challenge", "CF-RAY": "8f0000000000abcd-FRA"}
    await exchange.reply(page("Just a moment..."), status=status, headers=headers)


async def _key_echo(exchange: Exchange, *, spelling: str) -> None:
    key = exchange.key
    spelt = {"plain": key, "url": quote(key, safe=""), "base64": base64.b64encode(key.encode()).decode()}[spelling]
    await exchange.reply(b'{"error":"Something went wrong with ' + spelt.encode() + b', ask support"}')


# Content encodings and size


async def _encoded(exchange: Exchange, *, encoding: str, encode: str) -> None:
    await exchange.reply(_ENCODERS[encode](exchange.answer), headers={"Content-Encoding": encoding})


@_fault(carried_out=True)
async def gzip_bomb(exchange: Exchange, *, size: int = 1 << 30) -> None:
    """A chunked gzip body that inflates to `size` bytes of white space and the answer after it."""
    await exchange.send(head(200, {"Content-Encoding": "gzip", "Transfer-Encoding": "chunked", **exchange.closing()}))
    for piece in bomb_pieces(exchange.answer, size):
        await exchange.chunk(piece)
        await asyncio.sleep(0)
    await exchange.chunk(b"")
    exchange.keep = not exchange.close


@_fault(carried_out=True)
async def big_body(exchange: Exchange, *, size: int = 64 << 20) -> None:
    """A plain body of `size` bytes of white space and the answer after it, with its true length."""
    await exchange.send(head(200, {"Content-Length": str(size + len(exchange.answer)), **exchange.closing()}))
    for start in range(0, size, len(BLOCK)):
        await exchange.send(BLOCK[: size - start])
    await exchange.send(exchange.answer)
    exchange.keep = not exchange.close


def _half(answer: bytes) -> bytes:
    return answer[: len(answer) // 2]


def _two_members(answer: bytes) -> bytes:
    return gzip.compress(_half(answer)) + gzip.compress(answer[len(answer) // 2 :])


_ENCODERS: Mapping[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "gzip_corrupt": gzip_corrupt,
    "gzip_cut": gzip_cut,
    "gzip_two_members": _two_members,
    "deflate": zlib.compress,
    "deflate_raw": deflate_raw,
    "brotli": brotli_stored,
    "none": bytes,
}


def _enter_families() -> None:
    for name, body in BODIES.items():
        _enter(name, body.description, _spoilt, carried_out=body.carried_out, body=name)
    for status in (400, 401, 403, 404, 413, 429, 500, 502, 503, 504, 520, 522, 524):
        _enter(f"html_{status}", f"A {status} with an HTML page.", _html, status=status)
    for status in (400, 401, 402, 403, 404, 413, 422, 429, 500, 503):
        _enter(f"json_error_{status}", f"A {status} with an error text in JSON.", _json_error, status=status)
    for status in (201, 400, 401, 403, 404, 422, 429, 500, 502, 503):
        _enter(f"answer_{status}", f"The honest answer under {status}.", _answer, carried_out=True, status=status)
    for status in (301, 302, 303, 307, 308):
        for cross in (False, True):
            where = "cross_origin" if cross else "same_origin"
            description = f"A {status} to another {'origin' if cross else 'path of the same origin'}."
            _enter(f"redirect_{status}_{where}", description, _redirect, status=status, cross_origin=cross)
    for status in (403, 503):
        _enter(f"challenge_{status}", f"The challenge page of a CDN under {status}.", _challenge, status=status)
    for spelling in ("plain", "url", "base64"):
        _enter(
            f"key_echo_{spelling}", f"An error text that holds the API key, {spelling}.", _key_echo, spelling=spelling
        )


def _enter_variants() -> None:
    for name, value in (("huge", "9" * 30), ("garbage", "soon, my friend"), ("negative", "-5")):
        description = f"A 429 whose Retry-After is {name}."
        _enter(f"retry_after_{name}", description, too_many_requests, retry_after=value)
    for name, encoding, encode, description in (
        ("gzip", "gzip", "gzip", "A faultless reply in gzip."),
        ("gzip_corrupt", "gzip", "gzip_corrupt", "A gzip body that fails its checksum after the whole answer."),
        ("gzip_cut", "gzip", "gzip_cut", "A gzip body that ends half-way, well framed."),
        ("gzip_two_members", "gzip", "gzip_two_members", "A gzip body of two members with half the answer each."),
        ("gzip_in_name_only", "gzip", "none", "A plain body that calls itself gzip."),
        ("deflate", "deflate", "deflate", "A faultless reply in deflate with its zlib wrapper."),
        ("deflate_raw", "deflate", "deflate_raw", "A reply in deflate without the zlib wrapper."),
        ("brotli", "br", "brotli", "A reply in brotli, which nobody asked for."),
        ("unknown_encoding", "x-panel", "none", "A plain body in an encoding that does not exist."),
    ):
        _enter(name, description, _encoded, carried_out=True, encoding=encoding, encode=encode)


_enter_families()
_enter_variants()
