"""What the header shows of how the panel answers."""

from __future__ import annotations

from smmtui.desk.health import Condition


def test_every_condition_is_told_from_the_others_without_colour() -> None:
    """Each has words of its own, and a glyph before them."""
    badges = [condition.badge for condition in Condition]
    assert len(set(badges)) == len(badges)
    assert all(badge.partition(" ")[2] == condition.word for badge, condition in zip(badges, Condition, strict=True))
    assert Condition.BAD_KEY.badge == "✖ key refused"
