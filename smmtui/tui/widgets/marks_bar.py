"""The line that tells how many rows are marked, and what they cost together."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from smmtui.tui.marked import Marked
from smmtui.tui.show import literal, styled


class MarksBar(Static):
    """Stands below the table while anything is marked."""

    def show_marks(self, marked: Marked, what: str) -> None:
        """Show the marks; `what` says what their sum is of."""
        asides = (
            f"{marked.hidden:,} hidden by the filter" if marked.hidden else "",
            f"{marked.gone:,} not listed any more" if marked.gone else "",
        )
        aside = ", ".join(filter(None, asides))
        cost = f", {marked.sums.words} {what}" if marked.sums.words else ""
        self.update(
            styled(f" ● {marked.marked:,} marked", "bold $text-accent")
            + literal(f"{f' ({aside})' if aside else ''}{cost}")
            + Content.styled("   U unmarks all", "$foreground-muted")
        )
        self.display = True
