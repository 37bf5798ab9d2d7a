"""How a test tells the fault server what to do, in the same words from the same process and from another."""

from abc import ABC, abstractmethod
from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from tests.faults.books import ACTIONS, Books
from tests.faults.faults import Fault

CONNECT = "connect"
"""Stands where an action stands: the fault hits a new connection before anything is read from it."""

Command = Mapping[str, Any]


class Controls(ABC):
    """The words; a command is a JSON object and raises ValueError, KeyError or TypeError if it makes no sense."""

    @abstractmethod
    def command(self, command: Command) -> None:
        """Do as told before returning."""

    def plan(self, action: str, faults: Iterable[Fault | None]) -> None:
        """Queue what happens to the next requests of `action` (or connections: `CONNECT`); None is an honest answer."""
        self.command({"do": "plan", "action": action, "faults": [fault and fault.spec() for fault in faults]})

    def always(self, action: str, fault: Fault | None) -> None:
        """What happens to requests of `action` (or connections: `CONNECT`) once nothing is queued for them."""
        self.command({"do": "always", "action": action, "fault": fault and fault.spec()})

    def set_status(self, order: str, changes: Mapping[str, object]) -> None:
        """Change members of an order's status row: `{"status": "Partial", "remains": "157"}`."""
        self.command({"do": "set_status", "order": order, "changes": dict(changes)})

    def set_refill_status(self, refill: str, status: str) -> None:
        """Give a refill another status."""
        self.command({"do": "set_refill_status", "refill": refill, "status": status})

    def set_balance(self, balance: Decimal) -> None:
        """Give the account another balance."""
        self.command({"do": "set_balance", "balance": str(balance)})


class Plans:
    """Which fault is next, for each action and for new connections."""

    def __init__(self) -> None:
        self._queues: dict[str, deque[Fault | None]] = defaultdict(deque)
        self._always: dict[str, Fault | None] = {}

    def next(self, action: str) -> Fault | None:
        queue = self._queues[action]
        return queue.popleft() if queue else self._always.get(action)

    def extend(self, action: str, faults: Iterable[Fault | None]) -> None:
        self._queues[action].extend([_checked(action, fault) for fault in faults])

    def always(self, action: str, fault: Fault | None) -> None:
        self._always[action] = _checked(action, fault)


def _checked(action: str, fault: Fault | None) -> Fault | None:
    if action not in (*ACTIONS, CONNECT):
        raise ValueError(f"no such action: {action}")
    if fault and action == CONNECT and (fault.carried_out or not fault.early):
        raise ValueError(f"{fault.name} needs a request")
    return fault


def execute(command: Command, plans: Plans, books: Books) -> None:
    """Do what a command says."""
    match command:
        case {"do": "plan", "action": action, "faults": specs}:
            plans.extend(action, [spec and Fault.from_spec(spec) for spec in specs])
        case {"do": "always", "action": action, "fault": spec}:
            plans.always(action, spec and Fault.from_spec(spec))
        case {"do": "set_status", "order": order, "changes": changes}:
            books.set_status(order, changes)
        case {"do": "set_refill_status", "refill": refill, "status": status}:
            books.set_refill_status(refill, status)
        case {"do": "set_balance", "balance": balance}:
            books.balance = Decimal(balance)
        case _:
            raise ValueError(f"no such command: {command}")
