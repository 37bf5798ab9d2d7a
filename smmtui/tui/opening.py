"""Web addresses out of foreign text, and opening them in the user's browser."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

from msgspec import Struct

from smmtui.domain.foreign_text import is_unsafe
from smmtui.words import _

_SECONDS = 3.0
_LONGEST = 2048
_HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?|[0-9a-f:.]+:[0-9a-f:.]*", re.ASCII)
_BARE = re.compile(r"[\w-]+(\.[\w-]+)*\.[^\W\d_]{2,}([/?#:]|$)")
_ADDRESS = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_TRAILING = ".,;:!?)]}'’”»"


class WebAddress(Struct, frozen=True):
    """An address that may be opened; `host` is where it leads, in ASCII, as the browser will read it."""

    url: str
    host: str


def web_address(text: str) -> WebAddress | None:
    """Return the http or https address that a text is, None where it is anything else or hides where it leads.

    Without a scheme it is taken for https, as browsers do. Refused is what readers and browsers see differently:
    names or passwords before the host, backslashes, blanks, anything invisible.
    """
    url = f"https://{text.strip()}" if _BARE.match(text.strip()) else text.strip()
    if len(url) > _LONGEST or "\\" in url or any(char.isspace() or is_unsafe(char) for char in url):
        return None
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode("ascii").lower()
        _port = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or "@" in parts.netloc or not _HOST.fullmatch(host):
        return None
    return WebAddress(url, host)


def first_address(text: str) -> str | None:
    """Return the first http or https address that stands in a text."""
    found = _ADDRESS.search(text)
    return found[0].rstrip(_TRAILING) if found else None


def open_in_browser(address: WebAddress) -> str:
    """Open the address and return "", or in words why that was not possible; it blocks, so call it in a thread."""
    command = _browser()
    if command is None:
        return _("There is no browser to be seen from here: copy the link instead.")
    program = Path(command[0]).name
    try:
        # Away from the terminal: a browser of text would write all over the screen, and go when smmtui goes.
        process = subprocess.Popen(  # noqa: S603  an opener of the system or the user's BROWSER, without a shell
            [*command, address.url],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        return _("{program} could not be started: {reason}.", program=program, reason=error.strerror)
    try:
        code = process.wait(_SECONDS)
    except subprocess.TimeoutExpired:
        # Some openers stay as long as the browser does; someone has to take note of their end.
        Thread(target=process.wait, daemon=True).start()
        return ""
    return _("{program} could not open it (exit code {code}).", program=program, code=code) if code else ""


def _browser() -> list[str] | None:
    """The command that opens an address: the system's opener, else what BROWSER names."""
    if sys.platform == "darwin":
        return ["open"]
    if os.environ.get("WAYLAND_DISPLAY") or os.environ.get("DISPLAY"):
        opener = shutil.which("xdg-open")
        if opener:
            return [opener]
    return _named_browser(os.environ.get("BROWSER", ""))


def _named_browser(setting: str) -> list[str] | None:
    for entry in setting.split(os.pathsep):
        try:
            words = [word for word in shlex.split(entry) if word != "%s"]
        except ValueError:
            continue
        if words and shutil.which(words[0]):
            return words
    return None
