"""Facts below each other, a name and a value on each line."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content

from smmtui.tui.show import literal, styled

_WIDEST = 28
"""The cells that a name may take before it moves the values of all lines."""


def fact_lines(facts: Iterable[tuple[str, str | Content]], least: int) -> list[Content]:
    """Return a line for each fact that has a value; the names take `least` cells, and more where one is longer."""
    known = [
        (styled(name, "$foreground-muted"), value if isinstance(value, Content) else literal(value))
        for name, value in facts
        if value
    ]
    width = max((min(name.cell_length + 1, _WIDEST) for name, _value in known), default=0)
    return [name.pad_right(max(1, max(width, least) - name.cell_length)) + value for name, value in known]
