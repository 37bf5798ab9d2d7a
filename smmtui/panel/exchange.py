"""One request and its answer: what was seen on the wire, bounded in time and memory.

Whether a request may have reached the panel is proved by httpcore's trace alone; the classes of httpx's exceptions do
not tell.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

import httpx

from smmtui.domain.clock import Clock
from smmtui.domain.foreign_text import clean, clean_block
from smmtui.errors import BadAnswer, Evidence, NoAnswer, NotSent, PanelError
from smmtui.secret import Secret
from smmtui.words import _

MIB = 1024 * 1024
_REPLY_KEPT = 4096
_REPLY_READ = 64 * 1024
_PIECE = 64 * 1024
# zlib's own number for "gzip or zlib, look at the header", with the largest window.
_GZIP_OR_ZLIB = 47
_PIECES_PER_BREATH = 16


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how large an exchange may get; seconds and bytes.

    `add`, `services` and `other` are overall deadlines, counted from the moment a request is handed to the network.
    `tries` bounds how often a read is asked, `patience` the `Retry-After` that a read waits out by itself,
    `retry_after` the longest one that is believed.
    """

    add: float = 90.0
    services: float = 120.0
    other: float = 30.0
    connect: float = 10.0
    read: float = 60.0
    services_body: int = 64 * MIB
    other_body: int = MIB
    tries: int = 3
    backoff: float = 0.5
    patience: float = 10.0
    retry_after: float = 900.0

    def deadline(self, action: str) -> float:
        """Return the overall deadline of an action, in seconds."""
        return {"add": self.add, "services": self.services}.get(action, self.other)

    def body(self, action: str) -> int:
        """Return how large the decoded body of an action's reply may be, in bytes."""
        return self.services_body if action == "services" else self.other_body


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer: its HTTP status, headers and decoded body, and how many seconds it took."""

    status: int
    headers: Mapping[str, str]
    body: bytearray
    elapsed: float
    _evidence: Callable[[], Evidence]

    @property
    def evidence(self) -> Evidence:
        """The same as evidence; made when it is asked for, since most answers to reads are never told of."""
        return self._evidence()

    @property
    def failed(self) -> bool:
        """Whether the HTTP status says so; panels do not mean much by it."""
        return self.status >= 400


class Exchange:
    """One request in flight and what has been seen of it so far, also when it never ends."""

    def __init__(self, host: str, clock: Clock, key: Secret, on_sending: Callable[[], None] | None = None) -> None:
        self._host = host
        self._clock = clock
        self._key = key
        self._on_sending = on_sending
        self._began = clock.monotonic()
        self._ended: float | None = None
        self._sent = False
        self._status: int | None = None
        self._body = bytearray()
        self._packed = bytearray()

    async def perform(
        self, door: httpx.AsyncBaseTransport, request: httpx.Request, *, deadline: float, cap: int, traced: bool
    ) -> Reply:
        """Send the request once and return the whole answer, whatever its status.

        NotSent or NoAnswer where none came, by what the trace has shown; without a trace always NoAnswer. BadAnswer
        where the body is larger than `cap` bytes or packed in a way nobody asked for.
        """
        self._began = self._clock.monotonic()
        if traced:
            request.extensions["trace"] = self._trace
        else:
            self._start()
        try:
            async with asyncio.timeout(deadline):
                return await self._answer(door, request, cap)
        except PanelError as error:
            error.evidence = self.evidence()
            raise
        except TimeoutError:
            raise self._broken(_("no whole answer within {seconds} seconds", seconds=f"{deadline:g}")) from None
        # Whatever else goes wrong after the headers were started leaves the outcome unknown, a bug of ours included.
        except Exception as error:
            raise self._broken(self._reason(error)) from error

    async def _answer(self, door: httpx.AsyncBaseTransport, request: httpx.Request, cap: int) -> Reply:
        response = await door.handle_async_request(request)
        try:
            self._status = response.status_code
            # Its name is quoted where it is none that we know.
            packing = self._key.mask(response.headers.get("content-encoding", ""))
            await self._receive(response, Inflater(packing, cap))
            self._ended = self._clock.monotonic()
            return Reply(response.status_code, response.headers, self._body, self._ended - self._began, self.evidence)
        finally:
            # The answer is whole, or lost, by now: how the connection ends must not cost an order id.
            with suppress(httpx.HTTPError, OSError):
                await response.aclose()

    async def _receive(self, response: httpx.Response, inflater: Inflater) -> None:
        assert isinstance(response.stream, httpx.AsyncByteStream)  # noqa: S101  # what an async transport promises
        pieces = 0
        async for chunk in response.stream:
            self._packed += chunk[: _REPLY_KEPT - len(self._packed)]
            for piece in inflater.feed(chunk):
                self._body += piece
                pieces += 1
                if pieces % _PIECES_PER_BREATH == 0:
                    await asyncio.sleep(0)
        inflater.finish()

    async def _trace(self, event: str, info: Mapping[str, object]) -> None:
        """Note the moment when the POST's own headers are started; a proxy's CONNECT carries no key and no order."""
        if event.endswith(".send_request_headers.started"):
            method = getattr(info.get("request"), "method", b"POST")
            if method != b"CONNECT":
                self._start()

    def _start(self) -> None:
        self._sent = True
        if self._on_sending is not None:
            self._on_sending()

    def evidence(self) -> Evidence:
        """Return what has been seen up to now."""
        ended = self._clock.monotonic() if self._ended is None else self._ended
        return Evidence(
            status=self._status,
            elapsed=ended - self._began,
            reply=_excerpt(self._body or self._packed, self._key),
            sent=self._sent,
        )

    def _broken(self, reason: str) -> PanelError:
        if self._sent:
            text = _("{host} gave no whole answer: {why}.", host=self._host, why=reason)
            return NoAnswer(text, self.evidence())
        return NotSent(_("Nothing was sent to {host}: {why}.", host=self._host, why=reason), self.evidence())

    def _reason(self, error: Exception) -> str:
        for kind, words in _REASONS:
            if isinstance(error, kind):
                detail = clean(self._key.mask(str(error)), 200).strip(" .")
                return f"{words} ({detail})" if detail else words
        return _("an unexpected {error}", error=type(error).__name__)


_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (httpx.ConnectTimeout, _("no connection in time")),
    (httpx.ConnectError, _("no connection")),
    (httpx.PoolTimeout, _("no free connection in time")),
    (httpx.ProxyError, _("the proxy refused")),
    (httpx.TimeoutException, _("the panel fell silent")),
    (httpx.ProtocolError, _("the panel broke off or does not speak HTTP")),
    (httpx.NetworkError, _("the connection broke")),
)


def _excerpt(body: bytearray, key: Secret) -> str:
    """The beginning of a body as text for evidence: the key masked first, so that no cut leaves half of it."""
    text = clean_block(key.mask(bytes(body[:_REPLY_READ]).decode("utf-8", "replace")), _REPLY_KEPT)
    return text.encode()[:_REPLY_KEPT].decode("utf-8", "ignore")


class Inflater:
    """Unpacks a body piece by piece, each at most 64 KiB, and stops at `cap` decoded bytes."""

    def __init__(self, encoding: str, cap: int) -> None:
        names = [name for name in encoding.casefold().replace(" ", "").split(",") if name not in ("", "identity")]
        self._unasked = clean(encoding, 40) if names not in ([], ["gzip"], ["x-gzip"], ["deflate"]) else ""
        self._packed = zlib.decompressobj(_GZIP_OR_ZLIB) if names else None
        self._left = cap
        self._cap = cap
        self._fed = False

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """Yield what one chunk of the raw body unpacks to; BadAnswer when it is damaged or the cap is passed."""
        if self._unasked:
            raise BadAnswer(_("it is packed as {packing}, which was not asked for", packing=repr(self._unasked)))
        self._fed = self._fed or bool(chunk)
        if self._packed is None:
            yield self._counted(chunk)
            return
        while chunk:
            piece, chunk = self._unpacked(chunk)
            yield self._counted(piece)

    def _unpacked(self, chunk: bytes) -> tuple[bytes, bytes]:
        assert self._packed is not None  # noqa: S101  # narrowing for the type checker: feed() has looked
        if self._packed.eof:
            self._packed = zlib.decompressobj(_GZIP_OR_ZLIB)
        try:
            piece = self._packed.decompress(chunk, _PIECE)
        except zlib.error:
            raise BadAnswer(_("it is packed wrongly")) from None
        return piece, self._packed.unused_data or self._packed.unconsumed_tail

    def _counted(self, piece: bytes) -> bytes:
        self._left -= len(piece)
        if self._left < 0:
            raise BadAnswer(_("it is larger than {count} bytes", count=f"{self._cap:,}"))
        return piece

    def finish(self) -> None:
        """Check that the body was whole; BadAnswer where its packing was cut short."""
        if self._packed is not None and self._fed and not self._packed.eof:
            raise BadAnswer(_("it is cut short"))
