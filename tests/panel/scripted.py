"""A panel that answers from a script, through httpx's own seam, and remembers word for word what it was asked."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from urllib.parse import parse_qsl

import httpx

from smmtui.config import Profile
from smmtui.panel.client import PanelClient
from smmtui.secret import Secret

KEY = "0123456789abcdef0123456789abcdef"
URL = "https://panel.test/api/v2"
Fields = dict[str, str]
Script = Callable[[Fields], object]


def profile(url: str = URL, **settings: object) -> Profile:
    """A profile whose pace never makes a test wait, unless `settings` say otherwise."""
    pace: dict[str, object] = {"requests_per_minute": 6_000_000, "burst": 100_000}
    return Profile(name="main", account="a1", url=url, **{**pace, **settings})  # type: ignore[arg-type]  # test shorthand


class ScriptedPanel(httpx.AsyncBaseTransport):
    """Answers each request with what `script` returns for its fields: JSON, bytes or a whole `httpx.Response`."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self.requests: list[httpx.Request] = []
        self.asked: list[Fields] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        fields = _fields(request)
        self.requests.append(request)
        self.asked.append({name: value for name, value in fields.items() if name != "key"})
        await asyncio.sleep(0)  # a real panel, too, lets other tasks run before it answers
        answer = self._script(fields)
        if isinstance(answer, httpx.Response):
            return answer
        return httpx.Response(200, content=answer if isinstance(answer, bytes) else json.dumps(answer).encode())

    def client(self, **settings: object) -> PanelClient:
        """A client of this panel; the settings are the profile's."""
        return PanelClient(profile(**settings), Secret(KEY), transport=self, sleep=_no_sleep)  # type: ignore[arg-type]


async def _no_sleep(seconds: float) -> None:
    """Waiting is tested with a clock, not here."""


def _fields(request: httpx.Request) -> Fields:
    if request.headers["content-type"] == "application/json":
        return dict(json.loads(request.content))
    return dict(parse_qsl(request.content.decode(), keep_blank_values=True, strict_parsing=True))
