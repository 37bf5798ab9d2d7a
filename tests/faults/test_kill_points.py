"""`kill -9` at every point on the way of an order: the exact state that the next start finds."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import ExitStack, closing
from decimal import Decimal
from pathlib import Path

import pytest

from smmtui.domain.clock import SystemClock
from smmtui.domain.records import Order, Outcome, State
from smmtui.journal.journal import Journal
from tests.faults.forks import Placers
from tests.faults.placer import draft
from tests.faults.server import FAULTS, Fault, FaultServer, nothing_listening

# What the next start finds after a kill at the point, and whether the panel has the whole request.
NO_ROW, KEPT = None, "the outcome"
POINTS: dict[str, tuple[State | str | None, bool]] = {
    "intent: before its row": (NO_ROW, False),
    "intent: row not committed": (NO_ROW, False),
    "intent: row committed": (State.UNKNOWN, False),
    "intent: half its receipt": (State.UNKNOWN, False),
    "intent: receipt not synced": (State.UNKNOWN, False),
    "intent: receipt synced": (State.UNKNOWN, False),
    "told: sending": (State.UNKNOWN, False),
    "wire: not connected": (State.UNKNOWN, False),
    "request: before its head": (State.UNKNOWN, False),
    "request: half its head": (State.UNKNOWN, False),
    "request: head left": (State.UNKNOWN, False),
    "request: before its body": (State.UNKNOWN, False),
    "request: half its body": (State.UNKNOWN, False),
    "request: body left": (State.UNKNOWN, True),
    "reply: in its head": (State.UNKNOWN, True),
    "reply: head whole": (State.UNKNOWN, True),
    "reply: in its body": (State.UNKNOWN, True),
    "reply: whole": (State.UNKNOWN, True),
    "outcome: before its row": (State.UNKNOWN, True),
    "outcome: row not committed": (State.UNKNOWN, True),
    "outcome: row committed": (KEPT, True),
    "outcome: half its receipt": (KEPT, True),
    "outcome: receipt not synced": (KEPT, True),
    "outcome: receipt synced": (KEPT, True),
    "told: the outcome": (KEPT, True),
}
# What the panel does → what becomes of the order; "unsent" is a panel where nobody listens.
ANSWERS: dict[str, tuple[Fault | None, State]] = {
    "accepted": (None, State.ACCEPTED),
    "rejected": (FAULTS["json_error_400"], State.REJECTED),
    "unknown": (FAULTS["html_502"](carried_out=True), State.UNKNOWN),
    "unsent": (None, State.UNSENT),
}
ENDED = "smmtui ended while sending"


@pytest.fixture(scope="module")
def placers() -> Iterator[Placers]:
    """The process that placers are forked from."""
    with Placers() as running:
        yield running


@pytest.fixture(scope="module")
def server() -> Iterator[FaultServer]:
    """The panel; each case has a link of its own."""
    with FaultServer(balance=Decimal(10**9)) as running:
        yield running


def start(folder: Path) -> list[Order]:
    """The orders that the next start finds, which finds no damage."""
    with closing(Journal.open(folder, clock=SystemClock())) as journal:
        assert (journal.damage, journal.check()) == ("", [])
        return journal.orders()


def start_without_database(folder: Path) -> list[Order]:
    """The orders that a start finds whose database is gone, so that it has the receipts alone."""
    (folder / "journal.db").unlink()
    with closing(Journal.open(folder, clock=SystemClock())) as journal:
        return journal.orders()


def known(orders: list[Order]) -> list[tuple[State, str | None, str]]:
    """What the user is told of the orders."""
    return [(order.state, order.id, order.link) for order in orders]


def point_of(name: str, state: State) -> str:
    """The point as the placer names it."""
    return f"told: {state.value}" if name == "told: the outcome" else name


def test_an_order_passes_every_point_of_the_table(tmp_path: Path, placers: Placers, server: FaultServer) -> None:
    """One honest order passes all of them, in this order, and no others: a new one needs an expectation here."""
    pid = placers.start("placing", folder=tmp_path, url=server.url, link="https://a.test/all")
    assert placers.wait(pid) == 0
    assert (tmp_path / "points").read_text().splitlines() == [point_of(name, State.ACCEPTED) for name in POINTS]


def cases() -> Iterator[tuple[str, str]]:
    """Every point with every answer that can make a difference there."""
    for name in POINTS:
        yield name, "accepted"
        if name.startswith("reply"):
            yield from ((name, answer) for answer in ("rejected", "unknown"))
        elif name.startswith("outcome") or name == "told: the outcome":
            yield from ((name, answer) for answer in ("rejected", "unknown", "unsent"))


@pytest.mark.parametrize("alone", [True, False], ids=["alone", "beside a window"])
@pytest.mark.parametrize(("name", "answer"), list(cases()))
def test_killed_at_a_point(
    tmp_path: Path, placers: Placers, server: FaultServer, name: str, answer: str, alone: bool
) -> None:
    """The order has the state of the table, for a window that lives on, for the next start, and from receipts alone."""
    fault, outcome = ANSWERS[answer]
    expected, reached = POINTS[name]
    state = outcome if expected is KEPT else expected
    link = f"https://a.test/{name}/{answer}/{alone}".replace(" ", "-")
    reached = reached and answer != "unsent"
    server.plan("add", [fault] if reached else [])
    with ExitStack() as opened:
        url = server.url if answer != "unsent" else opened.enter_context(nothing_listening())
        window = None if alone else opened.enter_context(closing(Journal.open(tmp_path, clock=SystemClock())))
        pid = placers.start("placing", folder=tmp_path, url=url, link=link, point=point_of(name, outcome))
        assert placers.wait(pid) == -signal.SIGKILL
        placed = _placed(server, link, reached and (fault is None or fault.carried_out))
        wanted = [] if state is None else [(state, placed if state is State.ACCEPTED else None, link)]
        if window is not None:
            assert {order.reason for order in window.recover()} <= {ENDED}
            assert known(window.orders()) == wanted
    assert known(start(tmp_path)) == wanted
    assert known(start_without_database(tmp_path)) == wanted


def _placed(server: FaultServer, link: str, expected: bool) -> str | None:
    """The id that the panel gave to the link, once it has read all there is to read."""
    if expected:
        server.ledger.wait_for(lambda ledger: any(entry.link == link for entry in ledger.orders))
    found = [entry.id for entry in server.ledger.orders if entry.link == link]
    assert len(found) == expected
    return found[0] if found else None


@pytest.mark.parametrize("name", [name for name in POINTS if name.startswith("intent")])
def test_a_queued_order_killed_at_a_point_of_its_intent(tmp_path: Path, placers: Placers, name: str) -> None:
    """It is still queued, or unknown, and never something that would be sent a second time."""
    with closing(Journal.open(tmp_path, clock=SystemClock())) as journal:
        (queued, waiting) = journal.basket.queue([draft("https://a.test/1"), draft("https://a.test/2")])
    assert placers.wait(placers.start("starting", folder=tmp_path, uuid=queued.uuid, point=name)) == -signal.SIGKILL
    state = State.QUEUED if POINTS[name][0] is NO_ROW else State.UNKNOWN
    assert known(start(tmp_path)) == [(State.QUEUED, None, waiting.link), (state, None, queued.link)]
    with closing(Journal.open(tmp_path, clock=SystemClock())) as journal:
        again = journal.start_sending(queued.uuid)
        assert (again is not None) == (state is State.QUEUED)


@pytest.mark.parametrize("alone", [True, False], ids=["alone", "beside a window"])
@pytest.mark.parametrize("name", [name.replace("outcome", "decision") for name in POINTS if name.startswith("outcome")])
def test_killed_at_a_point_of_settling(tmp_path: Path, placers: Placers, name: str, alone: bool) -> None:
    """The order is unknown, or settled with the id that the user gave, also from receipts alone."""
    link = "https://a.test/1"
    with closing(Journal.open(tmp_path, clock=SystemClock())) as journal:
        sent = journal.intend(draft(link))
        journal.conclude(sent.uuid, Outcome(State.UNKNOWN, reason="?"))
    # A start that has compared everything so far, as there would have been long before.
    start(tmp_path)
    with ExitStack() as opened:
        if not alone:
            opened.enter_context(closing(Journal.open(tmp_path, clock=SystemClock())))
        pid = placers.start("settling", folder=tmp_path, uuid=sent.uuid, id="4711", point=name)
        assert placers.wait(pid) == -signal.SIGKILL
    done = POINTS[name.replace("decision", "outcome")][0] is KEPT
    wanted = [(State.SETTLED, "4711", link) if done else (State.UNKNOWN, None, link)]
    assert known(start(tmp_path)) == wanted
    assert known(start_without_database(tmp_path)) == wanted
