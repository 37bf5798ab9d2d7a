"""Points on the way of an order, by name: at each of them something may happen that the order has to survive.

The names come in the order in which one honest order passes them; see `POINTS` in `test_kill_points`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import httpcore

from smmtui.domain.records import Order
from smmtui.durable import sync
from smmtui.journal import receipts
from smmtui.journal.journal import Journal
from smmtui.panel.client import PanelClient

Reach = Callable[[str], None]
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
# Longer than an honest reply; of a huge one the rest is no point on the way.
_WATCHED = 2000
_PHASES = {"intend": "intent", "start_sending": "intent", "conclude": "outcome", "settle": "decision"}
_STATEMENTS = {"BEGIN IMMEDIATE": "before its row", "COMMIT": "row not committed"}


class _JournalTap:
    """Stands between a journal and its two files."""

    def __init__(self, journal: Journal, reach: Reach) -> None:
        self._reach = reach
        self._phase = ""
        self._append = journal.receipts.append
        self._write = os.write
        journal._database._connection.set_trace_callback(self._statement)

    def _pass(self, point: str) -> None:
        if self._phase:
            self._reach(f"{self._phase}: {point}")

    def _statement(self, statement: str) -> None:
        if statement in _STATEMENTS:
            self._pass(_STATEMENTS[statement])

    def append(self, *contents: dict[str, object]) -> None:
        self._pass("row committed")
        self._append(*contents)
        self._pass("receipt synced")

    def write(self, descriptor: int, data: bytes) -> int:
        if not self._phase or len(data) < 2:
            return self._write(descriptor, data)
        count = self._write(descriptor, data[: len(data) // 2])
        self._pass("half its receipt")
        return count

    def sync(self, descriptor: int) -> None:
        self._pass("receipt not synced")
        sync(descriptor)

    def call(self, name: str, method: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        self._phase = _PHASES[name]
        try:
            return method(*args, **kwargs)
        finally:
            self._phase = ""


def tap_journal(journal: Journal, reach: Reach) -> None:
    """Pass a point before, between and after everything that an intent or an outcome writes; for good."""
    tap = _JournalTap(journal, reach)
    replaced: tuple[tuple[object, str, object], ...] = (
        (os, "write", tap.write),
        (receipts, "sync", tap.sync),
        (journal.receipts, "append", tap.append),
        *((journal, name, partial(tap.call, name, getattr(journal, name))) for name in _PHASES),
    )
    for owner, name, replacement in replaced:
        setattr(owner, name, replacement)


def told(reach: Reach) -> Callable[[Order], None]:
    """What to give an Ordering, so that there is a point where it tells of an order."""
    return lambda order: reach(f"told: {order.state.value}")


def tap_wire(client: PanelClient, reach: Reach) -> None:
    """Pass a point in every part of a written request and of the reply to it."""
    transport: Any = client._doors._writer
    transport._pool._network_backend = _Backend(reach)


class _Backend(httpcore.AnyIOBackend):
    """The network, which is slow enough to be watched."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  # the signature is httpcore's
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        self._reach("wire: not connected")
        stream = await super().connect_tcp(host, port, timeout, local_address, socket_options)
        return _Stream(stream, self._reach)


class _Stream(httpcore.AsyncNetworkStream):
    """One connection: writes go out in two halves, a reply comes byte by byte."""

    def __init__(self, stream: httpcore.AsyncNetworkStream, reach: Reach) -> None:
        self._stream = stream
        self._reach = reach
        self._parts = iter(("head", "body"))
        self._reply = b""

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109  # httpcore's
        if not buffer:
            return
        part, half = next(self._parts), len(buffer) // 2
        self._reach(f"request: before its {part}")
        await self._stream.write(buffer[:half], timeout)
        self._reach(f"request: half its {part}")
        await self._stream.write(buffer[half:], timeout)
        self._reach(f"request: {part} left")

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109  # httpcore's
        if len(self._reply) > _WATCHED:
            return await self._stream.read(max_bytes, timeout)
        byte = await self._stream.read(1, timeout)
        self._reply += byte
        self._reach(f"reply: {self._progress()}")
        return byte

    def _progress(self) -> str:
        head, end, body = self._reply.partition(b"\r\n\r\n")
        if not end:
            return "in its head"
        length = _LENGTH.search(head)
        if not body:
            return "head whole"
        return "whole" if length is not None and len(body) == int(length[1]) else "in its body"

    async def aclose(self) -> None:
        await self._stream.aclose()

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
