"""A key that looks different in every encoding, a panel that echoes it, and the search for what is left of it."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

from smmtui.demo import DEMO_KEY, DemoPanel

KEY = 'canary/K3y+with=odd&"signs"<é>\\~0123456789abcdef'

# What can stand in the middle of a word: a terminal's sequences, a picture's tags, the blanks of a wrapped line.
_BETWEEN = re.compile(rb"\x1b\[[0-9;?<>=$]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|<[^<>]*>|&#160;|\s")


def _spellings() -> Iterator[tuple[str, str]]:
    for name, text in (("", KEY), ("the end of it, ", KEY[-12:])):
        yield name + "plain", text
        yield name + "as in a URL", quote(text, safe="")
        yield name + "as in a path", quote(text)
        yield name + "as in a form", quote_plus(text)
        yield name + "as in JSON", json.dumps(text)[1:-1]
        yield name + "as in JSON with letters", json.dumps(text, ensure_ascii=False)[1:-1]
        yield name + "as PHP's JSON", json.dumps(text)[1:-1].replace("/", "\\/")
        yield name + "as in HTML", html.escape(text)
        yield name + "as in Python", repr(text)[1:-1]
    for lead in range(3):
        # Without the letters that it shares with its neighbours.
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            yield f"base64 at {lead}", encode(b"\0" * lead + KEY.encode()).decode()[4:-4]
    yield "hex", KEY.encode().hex()


SPELLINGS = {name: text.encode() for name, text in _spellings()}


def traces(data: bytes | str) -> list[str]:
    """In which spellings the key stands in a text, a file or a terminal's output."""
    raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    bare = _BETWEEN.sub(b"", raw)
    return [name for name, spelt in SPELLINGS.items() if spelt in raw or spelt in bare]


def traces_in_files(folder: Path, *spared: Path) -> dict[str, list[str]]:
    """The files below a folder that have the key in them, or in their name, but for those that are to have it."""
    found: dict[str, list[str]] = {}
    for path in folder.rglob("*"):
        if path not in spared:
            seen = traces(str(path.relative_to(folder))) + (traces(path.read_bytes()) if path.is_file() else [])
            if seen:
                found[str(path)] = seen
    return found


class EchoingPanel(DemoPanel):
    """The demo panel under the canary key, which it puts into every text that it says."""

    def answer(self, method: str, content_type: str, body: bytes) -> bytes:
        """Answer as the demo panel does, and echo."""
        known = body.replace(quote_plus(KEY).encode(), DEMO_KEY.encode())
        return json.dumps(_echoed(json.loads(super().answer(method, content_type, known)))).encode()


_TEXTS = ("name", "category", "desc", "description", "status", "currency", "error")


def _echoed(value: object) -> object:
    if isinstance(value, list):
        return [_echoed(item) for item in value]
    if isinstance(value, dict):
        return {
            name: f"{KEY[-12:]} {item} {KEY}" if name in _TEXTS and isinstance(item, str) else _echoed(item)
            for name, item in value.items()
        }
    return value
