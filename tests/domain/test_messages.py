"""How messages are copied and found."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from smmtui.domain.filter_language import parse
from smmtui.domain.messages import Message, message_fields, message_text

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
MESSAGE = Message("1", AT, "warning", "Offline", "The panel is not there.\nCheck the network.", 3)


def holds(text: str, message: Message = MESSAGE) -> bool:
    """Whether the filter finds the message, an hour after it was said."""
    query = parse(text, message_fields(AT + timedelta(hours=1)))
    assert not query.problems
    return query.holds(message_text(message), message)


def test_a_copied_message_is_one_line() -> None:
    """With its time, how grave it was, and how often it was said."""
    assert MESSAGE.line == "2026-03-01 12:00:00 warning ×3 Offline: The panel is not there. Check the network."
    assert Message("1", AT, "information", "", "Hm").line == "2026-03-01 12:00:00 info Hm"


def test_messages_are_found_by_word_gravity_title_number_and_age() -> None:
    """As rows of any other table are."""
    assert holds("network -error") and holds("is:warning title:off times>2 age<2h")
    assert not holds("is:error") and not holds("times>3") and not holds("age<30m")
