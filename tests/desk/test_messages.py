"""The log of what was said, and what of the panel is put into it."""

from __future__ import annotations

import pytest

from smmtui.desk.health import Condition, Health, health_after_jump, health_elsewhere, health_of
from smmtui.desk.known import Known
from smmtui.desk.messages import Messages, PanelNews
from smmtui.desk.topics import Topic
from smmtui.domain.records import Service
from smmtui.errors import BadKey, NoAnswer, RateLimited
from smmtui.panel.catalog_rows import Services
from tests.desk.support import START, HandClock, Rig, heard, profile_of, refreshed
from tests.faults.server import FAULTS, FaultServer

ONLINE = Health(Condition.ONLINE)


class Log:
    """The messages of an account."""

    def __init__(self) -> None:
        self.clock = HandClock()
        self.known = Known(profile_of("http://localhost/"), self.clock)
        self.messages = Messages(self.clock, lambda: self.known.tell(Topic.MESSAGES))
        PanelNews(self.known, self.messages)

    def titles(self) -> list[str]:
        """What was said, newest first."""
        return [message.title for message in self.messages.newest_first]


@pytest.fixture
def log() -> Log:
    """An empty log."""
    return Log()


def test_the_newest_message_is_first_and_each_is_told(log: Log) -> None:
    """With the time at which it was said."""
    topics = heard_of(log)
    log.messages.add("One", "text")
    log.clock.wait(5)
    log.messages.add("Two", "text", "error")
    assert log.titles() == ["Two", "One"]
    assert [message.severity for message in log.messages.newest_first] == ["error", "information"]
    assert (log.messages.newest_first[1].at, topics) == (START, [Topic.MESSAGES, Topic.MESSAGES])


def heard_of(log: Log) -> list[Topic]:
    """The topics that are told from now on."""
    topics: list[Topic] = []
    log.known.subscribe(topics.append)
    return topics


def test_what_is_said_again_is_counted_and_moves_to_the_front(log: Log) -> None:
    """It stays the same row, with the time of the last time."""
    log.messages.add("Again", "text")
    first = log.messages.newest_first[0]
    log.messages.add("Other", "text")
    log.clock.wait(5)
    log.messages.add("Again", "text")
    again = log.messages.newest_first[0]
    assert log.titles() == ["Again", "Other"]
    assert (again.id, again.times) == (first.id, 2) and again.at > first.at


def test_no_more_than_a_thousand_are_kept(log: Log) -> None:
    """The oldest go."""
    for number in range(1005):
        log.messages.add("Title", f"{number}")
    kept = log.messages.newest_first
    assert (len(kept), kept[0].text, kept[-1].text) == (1000, "1004", "5")


def test_what_a_terminal_would_obey_is_visible(log: Log) -> None:
    """Whoever wrote it."""
    log.messages.add("a\x1b[2J", "b\x9b\nc")
    assert (log.messages.newest_first[0].title, log.messages.newest_first[0].text) == ("a\ufffd[2J", "b\ufffd\nc")


def test_trouble_and_its_end_are_said(log: Log) -> None:
    """Each failed try counts; the recovery names what it was, also where a connection was made anew in between."""
    log.known.show_health(ONLINE)
    assert log.titles() == []
    for retry_at in (5.0, 10.0, 20.0):
        log.known.show_health(health_of(NoAnswer("No answer in 30 s."), retry_at))
    log.known.show_health(Health())
    log.known.show_health(Health(Condition.SLOW))
    recovered, trouble = log.messages.newest_first
    assert (trouble.title, trouble.times, trouble.severity) == ("Offline", 3, "warning")
    assert trouble.text.startswith("No answer in 30 s.")
    assert (recovered.title, recovered.text) == ("The panel answers again", "It was: offline.")
    log.known.show_health(ONLINE)
    assert len(log.titles()) == 2


def test_a_refused_key_and_a_back_off_have_their_words(log: Log) -> None:
    """The key is an error, wanting fewer requests a warning."""
    log.known.show_health(health_of(RateLimited("Too many requests", 40), 40.0))
    log.known.show_health(health_of(BadKey("Invalid API key"), None))
    assert [(each.title, each.severity) for each in log.messages.newest_first] == [
        ("Key refused", "error"),
        ("Rate-limited", "warning"),
    ]


def test_windows_pauses_and_jumps_of_the_clock_are_said(log: Log) -> None:
    """Each when it begins and when it ends, and nothing twice."""
    for health in (
        health_elsewhere(Condition.ONLINE, "", None),
        health_elsewhere(Condition.ONLINE, "", None),
        ONLINE,
        Health(Condition.PAUSED),
        Health(),
        ONLINE,
        health_after_jump(),
        ONLINE,
    ):
        log.known.show_health(health)
    assert log.titles()[::-1] == [
        "Another window refreshes",
        "This window refreshes",
        "Paused",
        "Resumed",
        "Refreshing",
    ]


async def test_a_catalog_is_said_with_what_is_new_and_gone(log: Log) -> None:
    """That of the last time, read at the start, is no news."""

    def services(*ids: str, skipped: int = 0) -> Services:
        return Services(tuple(Service(id, id) for id in ids), skipped, 0, b"")

    await log.known.take_services(services("1", "2"), START.replace(hour=1))
    assert log.titles() == []
    await log.known.take_services(services("2", "3", "4", skipped=1), log.clock.now())
    (message,) = log.messages.newest_first
    assert message.title == "Catalog refreshed"
    assert message.text == "3 services, 2 new, 1 gone, 1 row could not be read."


async def test_a_panel_that_falters_is_in_the_log(rig: Rig, server: FaultServer) -> None:
    """One failed pass and its recovery, without the key that the panel echoes."""
    async with rig.desk() as desk:
        await refreshed(desk)
        server.plan("balance", [FAULTS["reset_before_reply"]()])
        await refreshed(desk)
        topics = heard(desk)
        await refreshed(desk)
        titles = [message.title for message in desk.messages.newest_first]
        assert titles[0] == "The panel answers again" and len(titles) >= 2
        assert Topic.MESSAGES in topics
        assert server.key not in "".join(message.line for message in desk.messages.newest_first)
