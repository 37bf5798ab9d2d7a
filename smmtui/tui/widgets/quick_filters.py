"""How many orders there are of each group; a click, or a key, shows only those."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.content import Content
from textual.style import Style
from textual.widgets import Static

from smmtui.tui.show import literal, styled
from smmtui.words import _

_WORDS = {
    "active": _("active"),
    "failed": _("failed"),
    "unknown": _("unknown"),
    "completed": _("completed"),
    "partial": _("partial"),
    "canceled": _("canceled"),
    "refunded": _("refunded"),
    "expired": _("expired"),
    "rejected": _("rejected"),
    "unsent": _("not sent"),
    "queued": _("queued"),
    "sending": _("sending"),
    "settled": _("settled"),
}
_ALL = _("all")
_BETWEEN = Content.styled(" · ", "$foreground-muted")


class QuickFilters(Static):
    """One line: the groups, the one that is shown between brackets, and remarks on the orders as a whole."""

    def __init__(self) -> None:
        super().__init__(id="summary")
        self._counts: Mapping[str, int] = {}
        self._current: str | None = None
        self._total = 0
        self._remarks: Sequence[Content] = ()
        self._shown = Content()

    @property
    def groups(self) -> list[str | None]:
        """The groups in the order in which they are shown, None for all orders."""
        return [None, *self._counts]

    def show_counts(self, counts: Mapping[str, int], total: int, current: str | None) -> None:
        """Show these groups; `current` is the one that the filter asks for."""
        self._counts, self._total, self._current = counts, total, current
        self._draw()

    def show_remarks(self, remarks: Sequence[Content]) -> None:
        """Show these remarks, the most important first."""
        self._remarks = remarks
        self._draw()

    def on_resize(self) -> None:
        """Fit the new width."""
        self._draw()

    def _draw(self) -> None:
        line = self._fitted(self.size.width or self.app.size.width)
        if line != self._shown:
            self._shown = line
            # A layout of the whole screen would be felt whenever a count changes.
            self.update(line, layout=False)

    def _fitted(self, width: int) -> Content:
        """As many groups as there is room for beside the remarks: the one shown always, the others from the left."""
        remarks = [remark for remark in self._remarks if remark.plain]
        groups = self.groups
        line = self._line(groups, remarks)
        while line.cell_length > width:
            dropped = next((group for group in reversed(groups[1:]) if group != self._current), None)
            if dropped is not None:
                groups.remove(dropped)
            elif len(remarks) > 1:
                remarks.pop()
            elif len(groups) > 1:
                groups.pop(0)
            else:
                break
            line = self._line(groups, remarks)
        return line

    def _line(self, groups: Sequence[str | None], remarks: Sequence[Content]) -> Content:
        parts = [self._group(group) for group in groups]
        left_out = len(self.groups) - len(groups)
        if left_out:
            parts.append(styled(f"+{left_out}", "$foreground-muted"))
        line = Content(" ") + _BETWEEN.join(parts)
        return line + literal("   ") + _BETWEEN.join(remarks) if remarks else line

    def _group(self, group: str | None) -> Content:
        number = self._total if group is None else self._counts[group]
        text = f"{_WORDS.get(group, group) if group else _ALL} {number:,}"
        press = Style.from_meta({"@click": f"screen.quick({group!r})"})
        shown = styled(f"[{text}]", "bold $foreground") if group == self._current else styled(text, "$foreground-muted")
        return shown.stylize(press)
