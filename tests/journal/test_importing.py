"""Orders of one journal in another."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from smmtui.domain.records import Order, Outcome, State, Tracked
from smmtui.domain.statuses import Status
from smmtui.journal.journal import Journal
from tests.journal.support import START, HandClock, accepted, draft


@pytest.fixture
def other(tmp_path: Path, clock: HandClock) -> Iterator[Journal]:
    """The journal of another machine."""
    opened = Journal.open(tmp_path / "other", clock=clock)
    yield opened
    opened.close()


def finished(journal: Journal, id: str) -> Order:
    """An order that the panel took and has finished."""
    order = journal.conclude(journal.intend(draft()).uuid, accepted(id))
    done = replace(order, status=Status.PARTIAL, word="Kısmi", charge=Decimal("0.10"), remains=3, checked=START)
    journal.record([done], START + timedelta(hours=1))
    return done


def essence(order: Order | None) -> Order | None:
    """All of an order but its place in the journal."""
    return None if order is None else replace(order, sequence=0)


def test_orders_keep_all_they_had_but_their_place(journal: Journal, other: Journal) -> None:
    """On the new machine they stand above what was there, in their own order, with status, charge and one event."""
    mine = journal.conclude(journal.intend(draft()).uuid, accepted("1"))
    first = finished(other, "71")
    second = other.conclude(other.intend(draft()).uuid, Outcome(State.REJECTED, reason="Not enough funds"))
    assert journal.imports.add([second, first]) == [None, None]
    assert [essence(order) for order in journal.orders()] == [essence(order) for order in (second, first, mine)]
    (event,) = journal.events(first.uuid)
    assert (event.before, event.after) == (None, State.ACCEPTED)
    assert event.evidence == {"imported": "accepted", "id": "71", "status": "Kısmi"}


def test_an_imported_order_has_its_receipt(journal: Journal, other: Journal) -> None:
    """The second copy knows it at once, and brings it back when the database is lost."""
    order = finished(other, "71")
    journal.imports.add([order])
    assert journal.check() == []
    folder = journal.path.parent
    journal.close()
    journal.path.unlink()
    again = Journal.open(folder, clock=HandClock())
    try:
        restored = again.by_panel_id("71")
        assert restored is not None and (restored.uuid, restored.link) == (order.uuid, order.link)
    finally:
        again.close()


def test_nothing_is_there_twice(journal: Journal, other: Journal) -> None:
    """Neither a second import, nor a row that stands twice, nor an id that was tracked here makes a second order."""
    order = finished(other, "71")
    (tracked,) = journal.track([Tracked("72")])
    same_id = replace(order, uuid="f" * 32, id="72")
    assert journal.imports.add([order, order, same_id]) == [None, None, tracked]
    found = journal.imports.add([order])
    assert [essence(each) for each in found] == [essence(order)]
    assert len(journal.orders()) == 2


@pytest.mark.parametrize(
    ("state", "becomes"),
    [(State.SENDING, State.UNKNOWN), (State.QUEUED, State.UNSENT), (State.UNSENT, State.UNSENT)],
)
def test_what_was_not_done_elsewhere_is_not_done_from_here(
    journal: Journal, other: Journal, state: State, becomes: State
) -> None:
    """Two machines never both send what was confirmed once: only a person can queue it again."""
    (queued,) = other.basket.queue([draft()])
    journal.imports.add([replace(queued, state=state)])
    (order,) = journal.orders()
    assert order.state is becomes
    assert journal.start_sending(order.uuid) is None


def test_a_long_import_lets_a_window_place_orders(
    tmp_path: Path, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Thousands of orders come in by many short transactions, between which another window has its turn."""
    moved = [Order(f"{number:032x}", number, State.ACCEPTED, START, id=f"9{number:05}") for number in range(1, 2501)]
    write_receipts = journal.receipts.append
    with closing(Journal.open(tmp_path, clock=HandClock())) as window:

        def take_turns(*contents: dict[str, object]) -> None:
            write_receipts(*contents)
            window.intend(draft())

        monkeypatch.setattr(journal.receipts, "append", take_turns)
        assert journal.imports.add(moved) == [None] * len(moved)
        orders = window.orders()[::-1]
    assert [order.id for order in orders if order.id] == [order.id for order in moved]
    assert State.SENDING in {order.state for order in orders[:-1]}
    assert journal.check() == []
