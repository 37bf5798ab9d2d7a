"""What the journal remembers of orders."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from smmtui.domain.records import Balance, Draft, Order, Outcome, Service, State, Tracked
from smmtui.domain.statuses import Status
from smmtui.errors import JournalError
from smmtui.journal.journal import Journal
from tests.journal.support import START, HandClock, accepted, draft


def lines(journal: Journal) -> list[dict[str, object]]:
    """The receipts as anybody can read them."""
    return [json.loads(line) for line in journal.receipts.path.read_text().splitlines()]


def test_an_order_comes_back_after_a_restart_exactly(tmp_path: Path, clock: HandClock) -> None:
    """Every parameter, the exact money and the id survive closing and opening."""
    first = Journal.open(tmp_path, clock=clock)
    sent = first.intend(draft("https://example.com/ünï"))
    done = first.conclude(sent.uuid, accepted("23501"))
    first.close()
    second = Journal.open(tmp_path, clock=clock)
    assert second.orders() == [done]
    assert done.id == "23501" and done.state is State.ACCEPTED and done.placed == START
    assert done.fields == (("service", "17"), ("link", "https://example.com/ünï"), ("quantity", "1000"))
    assert done.estimate == Decimal("1e-7")
    second.close()


money = st.none() | st.decimals(allow_nan=False, allow_infinity=False, min_value=0, max_value=10**15, places=12)
texts = st.text(max_size=30)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(link=texts, name=texts, fields=st.lists(st.tuples(texts, texts)), rate=money, quantity=st.none() | st.integers())
def test_any_draft_is_stored_as_it_is(
    journal: Journal,
    link: str,
    name: str,
    fields: list[tuple[str, str]],
    rate: Decimal | None,
    quantity: int | None,
) -> None:
    """Texts in every script and money of every size come back equal, from the receipts too."""
    wanted = Draft(Service("1", name, rate=rate), link, tuple(fields), quantity, estimate=rate)
    stored = journal.order(journal.intend(wanted).uuid)
    assert stored is not None
    assert (stored.link, stored.service_name, stored.fields) == (link, name, tuple(fields))
    assert (stored.rate, stored.estimate) == (rate, rate)
    assert journal.check() == []
    assert stored.quantity == (quantity if quantity is None or -(2**63) <= quantity < 2**63 else None)


def test_an_intent_has_a_receipt_with_everything_but_the_key(journal: Journal) -> None:
    """The line tells service, link, fields, money and what the balance was, before anything is sent."""
    journal.intend(draft("https://example.com/x"), balance=Balance(Decimal("12.50"), "USD"), balance_at=START)
    (line,) = lines(journal)
    assert line["kind"] == "intent" and line["state"] == "sending"
    assert line["fields"] == [["service", "17"], ["link", "https://example.com/x"], ["quantity", "1000"]]
    assert line["estimate"] == "0.0000001" and line["balance"] == "12.50"


def test_only_the_owner_may_read_the_files(journal: Journal, tmp_path: Path) -> None:
    """Folders are 0700, files 0600."""
    journal.intend(draft())
    for path in [tmp_path, *tmp_path.rglob("*")]:
        assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600), path


def test_an_outcome_is_told_in_events_and_receipt(journal: Journal) -> None:
    """The history holds when, from, to and the panel's raw reply."""
    order = journal.conclude(journal.intend(draft()).uuid, accepted("9"))
    intent, outcome = journal.events(order.uuid)
    assert (intent.before, intent.after) == (None, State.SENDING)
    assert (outcome.before, outcome.after) == (State.SENDING, State.ACCEPTED)
    assert outcome.evidence["reply"] == '{"order": 9}' and outcome.evidence["status"] == "200"
    assert [line["kind"] for line in lines(journal)] == ["intent", "outcome"]
    assert lines(journal)[1]["id"] == "9"


def test_an_id_that_another_order_has_makes_it_unknown(journal: Journal) -> None:
    """A panel that gives one id twice is not believed, and its reply is kept."""
    journal.conclude(journal.intend(draft()).uuid, accepted("5"))
    second = journal.conclude(journal.intend(draft()).uuid, accepted("5"))
    assert second.state is State.UNKNOWN and second.id is None and "5" in second.reason
    assert journal.events(second.uuid)[-1].evidence["reply"] == '{"order": 5}'


def test_a_late_id_is_taken_by_an_order_that_was_given_up(journal: Journal) -> None:
    """An id that comes after the order became unknown still counts."""
    sent = journal.intend(draft())
    journal.conclude(sent.uuid, Outcome(State.UNKNOWN, reason="no answer"))
    late = journal.conclude(sent.uuid, accepted("31"))
    assert (late.state, late.id) == (State.ACCEPTED, "31")


@pytest.mark.parametrize("state", [State.REJECTED, State.UNSENT, State.UNKNOWN])
def test_anything_else_that_is_late_changes_nothing(journal: Journal, state: State) -> None:
    """An order that was given up does not become rejected or unsent afterwards, but the evidence is kept."""
    sent = journal.intend(draft())
    given_up = journal.conclude(sent.uuid, Outcome(State.UNKNOWN, reason="no answer"))
    late = journal.conclude(sent.uuid, Outcome(state, reason="late words"))
    assert late == given_up == journal.order(sent.uuid)
    assert journal.events(sent.uuid)[-1].evidence["reason"] == "late words"


def test_an_accepted_order_keeps_its_id_whatever_comes(journal: Journal) -> None:
    """A second outcome neither replaces nor removes an id."""
    sent = journal.intend(draft())
    done = journal.conclude(sent.uuid, accepted("1"))
    assert journal.conclude(sent.uuid, accepted("2")) == done
    assert journal.conclude(sent.uuid, Outcome(State.REJECTED, reason="no")) == done


def test_settling_is_reversible_and_keeps_the_evidence(journal: Journal) -> None:
    """An unknown order takes the id that the user attaches, and gives it back."""
    sent = journal.intend(draft())
    unknown = journal.conclude(sent.uuid, Outcome(State.UNKNOWN, reason="no answer"))
    settled = journal.settle(sent.uuid, "placed", "77", {"balance then": "10", "balance now": "9"})
    assert (settled.state, settled.id, settled.active) == (State.SETTLED, "77", True)
    assert journal.events(sent.uuid)[-1].evidence["balance now"] == "9"
    again = journal.unsettle(sent.uuid)
    assert (again.state, again.id) == (unknown.state, None)
    assert journal.by_panel_id("77") is None
    assert journal.settle(sent.uuid, "not placed", None, {}).reason == "not placed"
    assert [line["kind"] for line in lines(journal)][2:] == ["settled", "unsettled", "settled"]


def test_only_what_is_unknown_can_be_settled(journal: Journal) -> None:
    """Settling twice, settling what is accepted, and an id that is another's are refused in words."""
    order = journal.conclude(journal.intend(draft()).uuid, accepted("8"))
    with pytest.raises(JournalError, match="accepted"):
        journal.settle(order.uuid, "not placed", None, {})
    other = journal.intend(draft())
    journal.conclude(other.uuid, Outcome(State.UNKNOWN))
    with pytest.raises(JournalError, match="another order"):
        journal.settle(other.uuid, "placed", "8", {})
    with pytest.raises(JournalError, match="by the panel's id"):
        journal.settle(other.uuid, "placed", None, {})
    stored = journal.order(other.uuid)
    assert stored is not None and stored.state is State.UNKNOWN


def test_tracking_an_id_twice_gives_one_order(journal: Journal) -> None:
    """Ids the journal knows are not doubled, whether they were placed here or tracked before."""
    own = journal.conclude(journal.intend(draft()).uuid, accepted("1"))
    elsewhere = Tracked("2", link="https://example.com/y", quantity=50)
    orders = journal.track([Tracked("1"), elsewhere, Tracked("2")])
    assert orders[0] == own and orders[1] == orders[2]
    assert [order.id for order in journal.orders()] == ["2", "1"]
    assert journal.track([Tracked("2")]) == [journal.by_panel_id("2")]


def following(order: Order, word: str, status: Status) -> Order:
    """The order after the panel said a status."""
    return replace(order, status=status, word=word, charge=Decimal("0.5"), remains=3, checked=START, changed=START)


def test_a_new_status_is_stored_and_is_an_event_once(journal: Journal) -> None:
    """The same status again, with other counters, adds nothing to the history."""
    order = journal.conclude(journal.intend(draft()).uuid, accepted("1"))
    running = following(order, "In progress", Status.IN_PROGRESS)
    journal.record([running], START)
    journal.record([replace(running, remains=1)], START)
    assert journal.order(order.uuid) == replace(running, remains=1)
    assert [event.evidence for event in journal.events(order.uuid)[2:]] == [{"status": "In progress"}]


def test_a_status_does_not_undo_what_another_window_settled(journal: Journal) -> None:
    """A status that was asked for an id which was taken back meanwhile is not stored."""
    sent = journal.intend(draft())
    journal.conclude(sent.uuid, Outcome(State.UNKNOWN))
    settled = journal.settle(sent.uuid, "placed", "3", {})
    taken_back = journal.unsettle(sent.uuid)
    journal.record([following(settled, "Completed", Status.COMPLETED)], START)
    assert journal.order(sent.uuid) == taken_back
    assert len(journal.events(sent.uuid)) == 4


def test_the_last_orders_come_with_all_that_are_not_done(journal: Journal, clock: HandClock) -> None:
    """However old, an active or unknown order is among what is shown; finished ones are cut."""
    old = [journal.conclude(journal.intend(draft()).uuid, accepted(str(n))) for n in range(4)]
    journal.record([following(order, "Completed", Status.COMPLETED) for order in old[1:]], START)
    unknown = journal.conclude(journal.intend(draft()).uuid, Outcome(State.UNKNOWN))
    clock.tick(60)
    newest = [journal.conclude(journal.intend(draft()).uuid, Outcome(State.REJECTED)).uuid for _ in range(3)]
    assert [o.uuid for o in journal.orders(limit=2)] == [*reversed(newest[1:]), unknown.uuid, old[0].uuid]
    today = journal.orders(limit=0, since=START + timedelta(seconds=1))
    assert [o.uuid for o in today] == [*reversed(newest), unknown.uuid, old[0].uuid]


def test_a_basket_is_queued_whole_and_each_row_starts_once(journal: Journal) -> None:
    """Rows share a batch, have no receipt while queued, and cannot be started twice."""
    first, second = journal.basket.queue([draft("a"), draft("b")])
    assert first.state is second.state is State.QUEUED and first.batch == second.batch is not None
    assert not journal.receipts.path.exists()
    started = journal.start_sending(first.uuid)
    assert started is not None and started.state is State.SENDING
    assert journal.start_sending(first.uuid) is None
    assert [line["link"] for line in lines(journal)] == ["a"]


def test_an_unsent_row_goes_back_to_the_queue_only_when_told(journal: Journal) -> None:
    """What was unsent can be queued again; what was accepted cannot."""
    (order,) = journal.basket.queue([draft()])
    journal.start_sending(order.uuid)
    journal.conclude(order.uuid, Outcome(State.UNSENT, reason="refused"))
    again = journal.basket.requeue(order.uuid)
    assert again is not None and again.state is State.QUEUED
    journal.start_sending(order.uuid)
    journal.conclude(order.uuid, accepted("4"))
    assert journal.basket.requeue(order.uuid) is None


def test_preferences_and_the_last_balance_outlive_the_program(tmp_path: Path, clock: HandClock) -> None:
    """Small values come back, and the balance with its exact digits and time."""
    first = Journal.open(tmp_path, clock=clock)
    assert first.preferences.get("columns") is None and first.preferences.last_balance() is None
    first.preferences.set("columns", {"rate": 9})
    first.preferences.save_balance(Balance(Decimal("-0.50"), None), START)
    first.close()
    second = Journal.open(tmp_path, clock=clock)
    assert second.preferences.get("columns") == {"rate": 9}
    assert second.preferences.last_balance() == (Balance(Decimal("-0.50"), None), START)
    second.preferences.set("columns", None)
    assert second.preferences.get("columns") is None
    second.close()
