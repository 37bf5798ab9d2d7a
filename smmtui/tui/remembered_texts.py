"""Texts from what is remembered, which an older version or a damaged file may have written otherwise."""

from __future__ import annotations


def text_list(value: object) -> list[str]:
    """Return the texts of a list, nothing for what is none."""
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def text_map(value: object) -> dict[str, str]:
    """Return the texts of a mapping by their names, nothing for what is none."""
    if not isinstance(value, dict):
        return {}
    return {str(name): text for name, text in value.items() if isinstance(text, str)}
