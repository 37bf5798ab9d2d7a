"""The table of service types: what a panel's word for a type means."""

from __future__ import annotations

import pytest

from smmtui.domain.records import Service
from smmtui.domain.service_types import ServiceType, known_types, service_type


def found(word: str) -> ServiceType:
    """The type of a service that the panel calls `word`."""
    return service_type(Service("1", "A service", type=word))


@pytest.mark.parametrize("kind", known_types(), ids=lambda kind: kind.name)
def test_a_type_is_known_in_any_case_and_spelling(kind: ServiceType) -> None:
    """Case and underscores differ between panels; the type does not."""
    name = kind.name
    for spelling in (name, name.lower(), name.upper(), name.replace(" ", "_"), f"  {name.title()} ", f"{name}_"):
        assert found(spelling) is kind


@pytest.mark.parametrize("word", ["", "Defaults", "custom-comments", "Mentions Hashtags", "Подписки", "default 2"])
def test_any_other_word_is_treated_as_default_and_keeps_its_name(word: str) -> None:
    """The form can then say which word it did not understand."""
    kind = found(word)
    assert (kind.name, kind.known) == (word, False)
    assert (kind.fields, kind.price, kind.drip) == (found("Default").fields, "quantity", True)


def test_no_field_is_named_twice_and_none_is_ours() -> None:
    """A request names every field once, and key, action and service are not the user's to type."""
    for kind in known_types():
        names = [each.name for each in kind.fields]
        assert len(set(names)) == len(names)
        assert not {"key", "action", "service", "runs", "interval"} & set(names)


@pytest.mark.parametrize("kind", known_types(), ids=lambda kind: kind.name)
def test_what_bounds_and_prices_a_type_is_among_its_fields(kind: ServiceType) -> None:
    """A bound or a count on a field that the form does not show could never be met."""
    names = {each.name for each in kind.fields}
    assert set(kind.bounded) <= names
    assert (kind.price == "lines") == bool(kind.counted)
    assert (kind.price == "quantity") == ("quantity" in names)


def test_only_default_and_web_traffic_drip() -> None:
    """Runs and interval belong to these two types."""
    assert [kind.name for kind in known_types() if kind.drip] == ["Default", "Web Traffic"]
