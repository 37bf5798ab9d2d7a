"""The line that tells how many rows are marked, and what they cost together."""

from __future__ import annotations

from textual.widgets import Static

from smmtui.tui.marked import Marked
from smmtui.tui.show import literal, styled
from smmtui.tui.shown_keys import key_of
from smmtui.words import _, ngettext


class MarksBar(Static):
    """Stands below the table while anything is marked."""

    def show_marks(self, marked: Marked, what: str) -> None:
        """Show the marks; `what` says what their sum is of."""
        hidden, gone, sums = marked.hidden, marked.gone, marked.sums.words
        asides = (
            ngettext("{count} hidden by the filter", "{count} hidden by the filter", hidden) if hidden else "",
            ngettext("{count} not listed any more", "{count} not listed any more", gone) if gone else "",
        )
        aside = ", ".join(filter(None, asides))
        cost = ", " + _("{sums} {what}", sums=sums, what=what) if sums else ""
        unmarks = _("{key} unmarks all", key=key_of(self.app, "table.mark_none"))
        self.update(
            styled(" ● " + ngettext("{count} marked", "{count} marked", marked.marked), "bold $text-accent")
            + literal(f"{f' ({aside})' if aside else ''}{cost}")
            + styled(f"   {unmarks}", "$foreground-muted")
        )
        self.display = True
