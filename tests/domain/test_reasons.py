"""The reasons that are stored, as they are shown."""

from __future__ import annotations

from typing import get_args

import pytest

from smmtui.domain import reasons
from smmtui.domain.reasons import shown_reason
from smmtui.journal.transitions import Settlement

STORED = [value for name, value in vars(reasons).items() if name.isupper() and isinstance(value, str)]


@pytest.mark.parametrize("reason", [*STORED, *get_args(Settlement)])
def test_a_reason_of_ours_is_shown_in_the_users_language(reason: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """In English as it is stored, and through the translation in any other."""
    assert shown_reason(reason) == reason
    monkeypatch.setattr(reasons, "_SHOWN", {each: shown.upper() for each, shown in reasons._SHOWN.items()})
    assert shown_reason(reason) == reason.upper()


def test_words_of_the_panel_are_shown_as_they_came() -> None:
    """Nobody translates what the panel has said."""
    assert shown_reason("Not enough funds on balance") == "Not enough funds on balance"
