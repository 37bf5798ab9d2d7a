"""A panel whose every word attacks the reader, a home that attacks as well, and what a terminal was really told."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from smmtui.demo.form import read_fields
from smmtui.demo.panel import Message, Receive, Send
from smmtui.domain.clock import SystemClock
from smmtui.domain.foreign_text import is_unsafe
from smmtui.domain.records import Draft, Outcome, Service, State, Tracked
from smmtui.journal.journal import Journal

KEY = "hostile-key-0123456789"

COMMANDS = (
    "\x1b[5mblink", "\x1b[8mhidden", "\x1b[2J", "\x1b[6n", "\x1b[>0c", "\x1b[20t", "\x1b[!p", "\x1b[5i", "\x1b[4h",
    "\x1bc", "\x1b7\x1b8", "\x1b#8", "\x1b(0lqk", "\x1b%@", "\x1b]0;owned\x07", "\x1b]2;owned\x1b\\",
    "\x1b]8;;http://evil.example\x1b\\here\x1b]8;;\x1b\\", "\x1b]52;c;b3duZWQ=\x07", "\x1b]52;c;?\x07",
    "\x1b]11;?\x07", "\x1b]9;owned\x07", "\x1b]777;notify;a;b\x1b\\", "\x1b]1337;File=:AAAA\x07", "\x1b]unterminated",
    "\x1bP$q\"p\x1b\\", "\x1bP+q544e\x1b\\", "\x1b_Gf=24;AAAA\x1b\\", "\x1b^private\x1b\\", "\x1bXstring\x1b\\",
    "\x9b5m", "\x9d52;c;eA==\x9c", "\x90q\x9c", "\x85next\x84", "a\x00b", "\x07bell", "back\x08\x08\x08\x08over",
    "\x0e\x0f\x05", "\r\nover\rwritten", "\x0b\x0c", "\x1a\x18", "\x7f\x7f", "\ttab\t", "a\u2028b\u2029c",
    "&#27;[5m &#x9b;5m &#x202e;",
)  # fmt: skip
DECEITS = (
    "\u202eexe.gnp", "\u2066iso\u2069late", "\u200f\u200e\u061c", "in\u200bvi\u200csi\u2060ble\ufeff", "so\u00adft",
    "jo\u200din\u200d", "x\ufe0f\ufe0e", "\U000e0001\U000e0041\U000e007f", "\ud83d", "\udc9b5m", "\ude00\ud83d",
    "\ue0b0\U000f0000", "\uffff\ufdd0\u0378", "e" + "\u0301" * 500, "x" * 20_000, "中" * 200,
)  # fmt: skip
MARKUP = (
    "[red]red", "[/]", "[/red][/]", "[@click=app.quit]x[/]", "[@click=app.quit()]x", "[@click=screen.confirm]x[/]",
    "[link=http://evil.example]x[/link]", "[", "[[", "[b", "\\[red]", "[red", "]", "[$error]x", "[$", "[/bold][bold]",
)  # fmt: skip
STRINGS = COMMANDS + DECEITS + MARKUP
# The same in few words, for what is looked at one by one.
_SHORT = [text for text in STRINGS if len(text) < 100]
BUNCHES = (*(" ".join(_SHORT[first::5]) for first in range(5)), *(text for text in STRINGS if text not in _SHORT))

# All that Textual has to say to a terminal: colours and plain styles, places, modes, keyboard, mouse pointer; and our
# question for the background.
_TEXTUALS = re.compile(
    r"\x1b\[(?:(?:0|[1-47]|2[1-57]|[34]8;2;\d+;\d+;\d+);?)*m|\x1b\[\d+;\d+H|\r\n"
    r"|\x1b\[\?(?:7|25|1000|1003|1004|1006|1015|1016|1049|2004|2026|2048)[hl]|\x1b\[\?(?:2026|2048)\$p"
    r"|\x1b\[>\d+u|\x1b\[<u|\x1b\]22;[a-z]+\x07|\x1b\]11;\?\x1b\\"
)


def foreign_controls(output: bytes) -> list[str]:
    """Every code point that a terminal obeys, or that hides, in what a program has written beyond Textual's own."""
    rest = _TEXTUALS.sub("", output.decode())
    return [rest[max(0, place - 20) : place + 20] for place, char in enumerate(rest) if is_unsafe(char)]


class HostilePanel:
    """An ASGI panel that answers in shape, with hostile strings wherever there is room for text.

    Service `1000 + n` and the order it gets carry the string of number n in all of their fields.
    """

    def __init__(self, strings: Sequence[str]) -> None:
        self.strings = strings
        self.asked: list[str] = []
        self._next = count(90_000)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer a request of any path."""
        if scope["type"] != "http":
            return
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        reply = json.dumps(self.answer(read_fields("application/x-www-form-urlencoded", body))).encode()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
        await send({"type": "http.response.body", "body": reply})

    def answer(self, fields: Mapping[str, str]) -> object:
        """The reply to a request's fields."""
        action = fields.get("action", "")
        self.asked.append(action)
        match action:
            case "services":
                return [self.service(number) for number in range(len(self.strings))]
            case "balance":
                return {"balance": "100.5", "currency": self.strings[len(self.asked) % len(self.strings)]}
            case "status":
                ids = fields["orders"].split(",") if "orders" in fields else [fields["order"]]
                rows = {each: self._status(int(each) % len(self.strings)) for each in ids}
                return rows if "orders" in fields else rows[ids[0]]
            case "add":
                return {"order": next(self._next), "error": self.strings[int(fields["service"]) - 1000]}
        return {"error": self.strings[0]}

    def service(self, number: int) -> dict[str, object]:
        """A row of the catalogue."""
        text = self.strings[number]
        words = dict.fromkeys(("category", "description", "average_time", "refill", "refill_time", "dripfeed"), text)
        # Of some the type is an honest one, so that no notice about it hides the rest.
        kind = text if number % 2 else "Default"
        name = f"{number:02d} {text}"
        return {
            "service": 1000 + number,
            "name": name,
            "type": kind,
            "rate": "0.5",
            "min": "10",
            "max": "777777",
        } | words

    def _status(self, number: int) -> dict[str, object]:
        text = self.strings[number]
        if number % 3 == 0:
            return {"error": text}
        return {"status": text, "charge": "0.25", "remains": "3", "start_count": text, "currency": text}


def write_home(home: Path, url: str, strings: Sequence[str]) -> Path:
    """Make a configuration with a hostile profile name, and a journal of orders with hostile text; return the former.

    Half of the orders are tracked ones, which the panel is asked about, half were sent and refused or lost.
    """
    config = home / "hostile.toml"
    config.write_text(
        f'[profiles."[red]p\\u001b[5m[/]"]\nurl = "{url}"\nkey = "{KEY}"\naccount = "hostile"\n'
        "refresh_seconds = 3600\nrequests_per_minute = 600\n"
    )
    config.chmod(0o600)
    journal = Journal.open(home / "data" / "smmtui" / "hostile", clock=SystemClock())
    try:
        for number, text in enumerate(strings):
            # SQLite and JSON take no halves of pairs, so none can come from there.
            _journal_order(journal, number + 7 * len(strings), text[:300].encode("utf-8", "replace").decode())
    finally:
        journal.close()
    return config


def _journal_order(journal: Journal, number: int, text: str) -> None:
    link = f"link {text}"
    if number % 2:
        journal.track([Tracked(str(number), "1000", text, link, 100, datetime.now(UTC))])
        return
    service = Service("1000", text, type=text, category=text)
    fields = (("service", service.id), ("link", link), (text, text))
    order = journal.intend(Draft(service, link, fields, quantity=100, currency=text))
    state = State.UNKNOWN if number % 4 else State.REJECTED
    journal.conclude(order.uuid, Outcome(state, reason=text, warning=text, status=500, reply=text))
