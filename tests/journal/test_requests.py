"""Refill and cancel requests in the journal."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from smmtui.domain.statuses import Status
from smmtui.journal.journal import Journal
from tests.journal.support import HandClock, accepted, draft


def placed(journal: Journal, *ids: str) -> list[str]:
    """Orders with these ids; their uuids."""
    return [journal.conclude(journal.intend(draft()).uuid, accepted(id)).uuid for id in ids]


def test_each_row_of_a_request_has_its_own_outcome(journal: Journal) -> None:
    """One refill is requested, one refused, and both can be read afterwards."""
    uuids = placed(journal, "1", "2")
    taken, refused = journal.requests.intend("refill", uuids)
    assert taken.state == refused.state == "sending" and (taken.order_id, refused.order_id) == ("1", "2")
    taken = replace(taken, state="requested", id="900")
    refused = replace(refused, state="refused", reason="not allowed")
    journal.requests.conclude([taken, refused])
    assert journal.requests.of(uuids[0]) == [taken] and journal.requests.of(uuids[1]) == [refused]


def test_an_order_without_an_id_is_not_asked_for(journal: Journal) -> None:
    """Nothing can be requested for an order that the panel has not named."""
    assert journal.requests.intend("cancel", [journal.intend(draft()).uuid, "nobody"]) == []


def test_what_a_dead_window_was_asking_for_is_unknown(tmp_path: Path, clock: HandClock) -> None:
    """A cancel without an outcome becomes unknown at the next start and is not sent again."""
    first = Journal.open(tmp_path, clock=clock)
    (uuid,) = placed(first, "1")
    first.requests.intend("cancel", [uuid])
    first.close()
    second = Journal.open(tmp_path, clock=clock)
    (request,) = second.requests.all()
    assert request.state == "unknown" and request.reason == "smmtui ended while sending"
    second.requests.conclude([replace(request, state="refused", reason="late")])
    assert second.requests.all() == [request]
    second.requests.conclude([replace(request, state="settled")])
    assert second.requests.all()[0].state == "settled"
    second.close()


def test_the_status_of_a_refill_is_kept(journal: Journal) -> None:
    """What `refill_status` said is there after the next reading."""
    uuids = placed(journal, "1")
    (request,) = journal.requests.intend("refill", uuids)
    done = replace(request, state="requested", id="5")
    journal.requests.conclude([done])
    journal.requests.record([replace(done, status=Status.COMPLETED, word="Completed")])
    assert journal.requests.of(uuids[0]) == [replace(done, status=Status.COMPLETED, word="Completed")]
