"""The fault server's ledger: what it was asked, what it really did and what it answered.

Entries are frozen and only ever appended. With a file, each entry is one JSON line, flushed at once, so that the ledger
outlives every client that is killed. Clock readings (`at`) are seconds of the server's monotonic clock.
"""

import json
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TypeVar


@dataclass(frozen=True, kw_only=True)
class Connection:
    """A connection to the panel's port was accepted."""

    number: int
    fault: str | None
    """The fault that hit it before a request was read, by name."""
    at: float = field(default_factory=time.monotonic)


@dataclass(frozen=True, kw_only=True)
class Request:
    """A request arrived, whole or cut short."""

    connection: int
    number: int
    """Counted from 1 on each connection: 2 and more came over a kept-alive connection."""
    method: str
    target: str
    headers: Mapping[str, str]
    """Names in lower case."""
    action: str
    fields: Mapping[str, str]
    """All form fields, or members of the JSON body, but `key` and `action`."""
    key_is_right: bool
    complete: bool
    """False: the client left before the announced body had arrived; nothing was done and nothing answered."""
    fault: str | None
    at: float = field(default_factory=time.monotonic)


@dataclass(frozen=True, kw_only=True)
class Order:
    """An order was really placed, and paid."""

    id: str
    service: str
    link: str
    quantity: str
    charge: Decimal
    fields: Mapping[str, str]
    at: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        object.__setattr__(self, "charge", Decimal(self.charge))


@dataclass(frozen=True, kw_only=True)
class Refill:
    """A refill was really requested."""

    id: str
    order: str
    at: float = field(default_factory=time.monotonic)


@dataclass(frozen=True, kw_only=True)
class Cancel:
    """A cancellation was really requested."""

    order: str
    at: float = field(default_factory=time.monotonic)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The exchange that a complete request began is over."""

    connection: int
    request: int
    fault: str | None
    carried_out: bool
    """Whether the books were allowed to act on the request; what they did is in the orders, refills and cancels."""
    answer: str
    """What the books said, as JSON; a fault may have kept it from the client or put something else in its place."""
    sent: int
    """Bytes handed to the socket, heads included."""
    ended: str
    """`finished`, `client left` or `server closed`."""
    at: float = field(default_factory=time.monotonic)


@dataclass(frozen=True, kw_only=True)
class Followed:
    """A client followed a redirect."""

    cross_origin: bool
    method: str
    target: str
    had_key: bool
    """The key came along, in the target, a header or the body."""
    at: float = field(default_factory=time.monotonic)


Entry = Connection | Request | Order | Refill | Cancel | Answer | Followed
E = TypeVar("E", Connection, Request, Order, Refill, Cancel, Answer, Followed)

KINDS: Mapping[str, type[Entry]] = {
    kind.__name__.lower(): kind for kind in (Connection, Request, Order, Refill, Cancel, Answer, Followed)
}


class Ledger:
    """The entries, oldest first; may be read from any thread while the server writes."""

    def __init__(self, entries: Iterable[Entry] = (), *, file: Path | None = None) -> None:
        self._entries = list(entries)
        self._changed = threading.Condition()
        self._file = file.open("a", encoding="utf-8") if file else None

    @classmethod
    def read(cls, file: Path) -> "Ledger":
        """The ledger that a server wrote, or is writing, to `file`; a line that is not finished yet is left out."""
        lines = file.read_text(encoding="utf-8").splitlines(keepends=True) if file.exists() else []
        rows = (json.loads(line) for line in lines if line.endswith("\n"))
        return cls(KINDS[row.pop("kind")](**row) for row in rows)

    def write(self, entry: Entry) -> None:
        with self._changed:
            if self._file:
                row = {"kind": type(entry).__name__.lower(), **asdict(entry)}
                self._file.write(json.dumps(row, default=str) + "\n")
                self._file.flush()
            self._entries.append(entry)
            self._changed.notify_all()

    def wait_for(self, condition: Callable[["Ledger"], object], timeout: float = 10) -> None:
        """Block until the ledger is as wanted; TimeoutError after `timeout` seconds.

        Not for an event loop that the client runs on: use `asyncio.to_thread`.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: condition(self), timeout):
                raise TimeoutError("the ledger never came to that state")

    def close(self) -> None:
        if self._file:
            self._file.close()

    @property
    def connections(self) -> list[Connection]:
        return self._of(Connection)

    @property
    def requests(self) -> list[Request]:
        return self._of(Request)

    @property
    def orders(self) -> list[Order]:
        return self._of(Order)

    @property
    def refills(self) -> list[Refill]:
        return self._of(Refill)

    @property
    def cancels(self) -> list[Cancel]:
        return self._of(Cancel)

    @property
    def answers(self) -> list[Answer]:
        return self._of(Answer)

    @property
    def followed(self) -> list[Followed]:
        return self._of(Followed)

    def _of(self, kind: type[E]) -> list[E]:
        with self._changed:
            return [entry for entry in self._entries if isinstance(entry, kind)]
