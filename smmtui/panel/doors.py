"""The two doors to the panel: reads are tried again, writes go out exactly once.

They are httpx's transports, not its clients: those keep cookies, look into the environment, and fail on a redirect
with a malformed target even where redirects are off, which would throw an order id away.
"""

from __future__ import annotations

import asyncio
import json
import re
import ssl
from collections.abc import Callable, Sequence
from datetime import UTC
from email.utils import parsedate_to_datetime
from functools import cache
from typing import TypeVar
from urllib.parse import urlencode

import httpx

from smmtui import __version__
from smmtui.config import Profile
from smmtui.domain.clock import Clock
from smmtui.domain.foreign_text import clean
from smmtui.errors import (
    BadAnswer,
    BadKey,
    ConfigError,
    NoAnswer,
    NotSent,
    PanelError,
    RateLimited,
    Redirected,
    Refused,
)
from smmtui.log import log
from smmtui.panel.address import check_address, check_proxy
from smmtui.panel.exchange import Exchange, Limits, Reply
from smmtui.panel.pacing import READS_IN_FLIGHT, Pacing, Sleep
from smmtui.secret import Secret
from smmtui.words import _

Fields = Sequence[tuple[str, str]]
Answer = TypeVar("Answer")
Understand = Callable[[Reply], Answer]

_SECONDS = re.compile(r"[0-9]+(\.[0-9]+)?", re.ASCII)
_RESERVED = ("key", "action")
# Asked a hundred times for ten thousand orders. A comma needs no escape in a form, and without one nothing does.
_OF_LISTS = ("status", "refill_status")


class Doors:
    """The way out to one panel: builds requests, paces them, and says in words what went wrong.

    `understand` turns a whole reply into an answer; it raises `BadAnswer` with a clause ("it is empty"), which is
    made a sentence here, or `Refused` with the panel's words.
    """

    def __init__(
        self,
        profile: Profile,
        key: Secret,
        pacing: Pacing,
        limits: Limits,
        clock: Clock,
        sleep: Sleep,
        random: Callable[[], float],
        transport: httpx.AsyncBaseTransport | None,
    ) -> None:
        self._url = check_address(profile, key)
        self._key = key
        self._as_json = profile.encoding == "json"
        self._pacing = pacing
        self._limits = limits
        self._clock = clock
        self._sleep = sleep
        self._random = random
        self._traced = transport is None
        self._bad_key: str | None = None
        self._slowest = 0.0
        kept = httpx.Limits(max_connections=READS_IN_FLIGHT, max_keepalive_connections=READS_IN_FLIGHT)
        # A kept-alive connection may be closed by the panel just when an order goes out; a fresh one per write is not.
        fresh = httpx.Limits(max_keepalive_connections=0)
        self._reader = transport or _open(profile, kept)
        self._writer = transport or _open(profile, fresh)
        self._headers = _headers(profile)
        self._timeout = httpx.Timeout(limits.read, connect=limits.connect, pool=limits.connect).as_dict()

    @property
    def host(self) -> str:
        """The panel's host name, for sentences."""
        return self._url.host

    def accept_key(self) -> None:
        """Let reads out again after a `BadKey`."""
        self._bad_key = None

    def slowest_answer(self) -> float:
        """Return the seconds that the slowest answer to a read took since the last call."""
        slowest, self._slowest = self._slowest, 0.0
        return slowest

    async def aclose(self) -> None:
        """Close every connection."""
        await self._reader.aclose()
        await self._writer.aclose()

    async def read(self, action: str, fields: Fields, understand: Understand[Answer]) -> Answer:
        """Ask, again where that may help, and return what `understand` makes of the reply."""
        request = self._request(action, fields)
        attempt = 1
        while True:
            self._expect_good_key()
            try:
                async with self._pacing.read():
                    # Reads that queued up behind the one that met the bad key must not show it again either.
                    self._expect_good_key()
                    reply = await self._perform(self._reader, request, action, attempt=attempt)
                self._slowest = max(self._slowest, reply.elapsed)
                return await self._understood_read(action, reply, understand)
            except BadKey as error:
                self._bad_key = str(error)
                raise
            except PanelError as error:
                pause = self._pause(error, attempt)
                if pause is None:
                    raise
            await self._sleep(pause)
            attempt += 1

    def _expect_good_key(self) -> None:
        if self._bad_key is not None:
            raise BadKey(self._bad_key)

    async def write_turn(self) -> None:
        """Wait until a write could go out at once, and keep that turn for the next one."""
        await self._pacing.write_turn()

    async def write(
        self, action: str, fields: Fields, understand: Understand[Answer], on_sending: Callable[[], None] | None
    ) -> Answer:
        """Send exactly once, and return what `understand` makes of the reply."""
        request = self._request(action, fields)
        async with self._pacing.write():
            reply = await self._perform(self._writer, request, action, on_sending)
        try:
            return self._understood(reply, understand, True)
        except BadKey as error:
            self._bad_key = str(error)
            raise

    def _request(self, action: str, fields: Fields) -> httpx.Request:
        names = [name for name, _value in fields]
        if len(set(names)) < len(names) or any(name in _RESERVED for name in names):
            raise NotSent(_("Nothing was sent: a field is named twice, or is called key or action."))
        pairs = [("key", self._key.reveal()), ("action", action), *fields]
        try:
            safe = "," if action in _OF_LISTS else ""
            body = json.dumps(dict(pairs), ensure_ascii=False) if self._as_json else urlencode(pairs, safe=safe)
            content = body.encode()
        except UnicodeEncodeError:
            raise NotSent(_("Nothing was sent: a field holds half a character, which cannot be encoded.")) from None
        return httpx.Request(
            "POST", self._url, content=content, headers=self._headers, extensions={"timeout": self._timeout}
        )

    async def _perform(
        self,
        door: httpx.AsyncBaseTransport,
        request: httpx.Request,
        action: str,
        on_sending: Callable[[], None] | None = None,
        attempt: int = 1,
    ) -> Reply:
        exchange = Exchange(self.host, self._clock, self._key, on_sending)
        deadline, cap = self._limits.deadline(action), self._limits.body(action)
        try:
            reply = await exchange.perform(door, request, deadline=deadline, cap=cap, traced=self._traced)
        except PanelError as error:
            seen, kind = error.evidence, type(error).__name__
            log.warning("%s: %s, HTTP %s after %.3f s, try %d", action, kind, seen.status, seen.elapsed, attempt)
            if isinstance(error, BadAnswer):
                raise self._named(error, seen.status) from None
            raise
        log.info("%s: HTTP %d, %d bytes, %.3f s, try %d", action, reply.status, len(reply.body), reply.elapsed, attempt)
        return reply

    async def _understood_read(self, action: str, reply: Reply, understand: Understand[Answer]) -> Answer:
        # A catalogue takes long enough to be felt; for anything else a thread costs more than it saves.
        if action == "services":
            return await asyncio.to_thread(self._understood, reply, understand, False)
        return self._understood(reply, understand, False)

    def _understood(self, reply: Reply, understand: Understand[Answer], write: bool) -> Answer:
        try:
            return understand(reply)
        except PanelError as error:
            explained = self._explained(error, reply, write)
            explained.evidence = reply.evidence
            raise explained from None

    def _explained(self, error: PanelError, reply: Reply, write: bool) -> PanelError:
        """What a reply that is no answer amounts to, with its HTTP status taken into account."""
        if 300 <= reply.status < 400:
            return self._redirected(error, reply)
        retry_after = self._retry_after(reply)
        if isinstance(error, Refused):
            if write and reply.status >= 500:
                return BadAnswer(
                    _(
                        "{host} failed (HTTP {status}) and said: {words}",
                        host=self.host,
                        status=reply.status,
                        words=error,
                    )
                )
            if isinstance(error, RateLimited):
                return RateLimited(str(error), retry_after)
            return RateLimited(str(error), retry_after) if reply.status == 429 else error
        if not write and (reply.status == 429 or (reply.status == 503 and retry_after is not None)):
            text = _("{host} wants fewer requests (HTTP {status}).", host=self.host, status=reply.status)
            return RateLimited(text, retry_after)
        return self._named(error, reply.status)

    def _named(self, error: PanelError, status: int | None) -> BadAnswer:
        text = _(
            "The answer of {host} (HTTP {status}) cannot be used: {why}.", host=self.host, status=status, why=error
        )
        return BadAnswer(text, error.evidence)

    def _redirected(self, error: PanelError, reply: Reply) -> PanelError:
        location = reply.headers.get("location", "")
        if not location:
            return self._named(error, reply.status)
        try:
            target = str(self._url.join(location))
        except (httpx.InvalidURL, ValueError):
            target = location
        to = clean(self._key.mask(target), 300)
        text = _(
            "{url} points to {target}, which is not followed; correct the URL if you trust it.",
            url=self._url,
            target=to,
        )
        return Redirected(text, to)

    def _retry_after(self, reply: Reply) -> float | None:
        """How long the panel asks to wait, in seconds; None where it does not say."""
        text = reply.headers.get("retry-after", "").strip()
        if _SECONDS.fullmatch(text):
            return min(float(text), self._limits.retry_after)
        try:
            date = parsedate_to_datetime(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
        if date.tzinfo is None:
            date = date.replace(tzinfo=UTC)
        return min(max((date - self._clock.now()).total_seconds(), 0.0), self._limits.retry_after)

    def _pause(self, error: PanelError, attempt: int) -> float | None:
        """Seconds to wait before a read is tried again, None where it is not."""
        if attempt >= self._limits.tries:
            return None
        backoff = self._limits.backoff * 2.0 ** (attempt - 1) * (0.5 + self._random())
        if isinstance(error, RateLimited):
            patient = error.retry_after is not None and error.retry_after <= self._limits.patience
            return max(error.retry_after or 0.0, backoff) if patient else None
        if isinstance(error, NotSent | NoAnswer) or (error.evidence.status or 0) >= 500:
            return backoff
        return None


def _headers(profile: Profile) -> dict[str, str]:
    agent = profile.user_agent or f"smmtui/{__version__}"
    if not (agent.isascii() and agent.isprintable()):
        name = repr(profile.name)
        raise ConfigError(_("The user agent of profile {name} may hold printable ASCII characters only.", name=name))
    return {
        "User-Agent": agent,
        "Accept": "application/json, */*",
        "Accept-Encoding": "gzip",
        "Content-Type": "application/json" if profile.encoding == "json" else "application/x-www-form-urlencoded",
    }


def _open(profile: Profile, pool: httpx.Limits) -> httpx.AsyncHTTPTransport:
    try:
        return httpx.AsyncHTTPTransport(verify=_trusted(), trust_env=False, limits=pool, proxy=check_proxy(profile))
    except ImportError:
        name, command = repr(profile.name), "`pip install httpx[socks]`"
        raise ConfigError(_("The proxy of profile {name} needs {command}.", name=name, command=command)) from None


@cache
def _trusted() -> ssl.SSLContext:
    """The certificate authorities; reading them takes longer than everything else here together."""
    return httpx.create_ssl_context(trust_env=False)
