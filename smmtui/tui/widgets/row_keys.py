"""The keys of a `RowTable`."""

from textual.binding import Binding

from smmtui.words import _

# The letters after the Latin one lie on the same physical key of Russian and Turkish keyboards.
KEYS = (
    Binding("up,k,л", "move(-1)", _("Up"), id="table.up", show=False, tooltip=_("Move to the row above")),
    Binding("down,j,о", "move(1)", _("Down"), id="table.down", show=False, tooltip=_("Move to the row below")),
    Binding(
        "left,h,р",
        "scroll_columns(-1)",
        _("Left"),
        id="table.left",
        show=False,
        tooltip=_("Scroll one column to the left"),
    ),
    Binding(
        "right,l,д",
        "scroll_columns(1)",
        _("Right"),
        id="table.right",
        show=False,
        tooltip=_("Scroll one column to the right"),
    ),
    Binding("home,g,п", "first", _("First"), id="table.first", show=False, tooltip=_("Move to the first row")),
    Binding("end,G,П", "last", _("Last"), id="table.last", show=False, tooltip=_("Move to the last row")),
    Binding("pageup", "page(-1)", _("Page up"), id="table.page_up", show=False, tooltip=_("Turn one page up")),
    Binding("pagedown", "page(1)", _("Page down"), id="table.page_down", show=False, tooltip=_("Turn one page down")),
    Binding("ctrl+u", "half_page(-1)", _("Half up"), id="table.half_up", show=False, tooltip=_("Turn half a page up")),
    Binding("ctrl+d", "half_page(1)", _("Half down"), id="table.half_down", show=False, tooltip=_("Half a page down")),
    Binding("shift+up", "range(-1)", _("Mark up"), id="table.range_up", show=False, tooltip=_("Mark a range upwards")),
    Binding("shift+down", "range(1)", _("Mark down"), id="table.range_down", show=False, tooltip=_("Mark a range")),
    Binding("enter", "select", _("Open"), id="table.select", tooltip=_("Open the current row")),
    Binding("space", "mark", _("Mark"), id="table.mark", tooltip=_("Mark or unmark the row and move down")),
    Binding("M,Ь", "mark_all_shown", _("Mark all"), id="table.mark_all", show=False, tooltip=_("Mark all rows shown")),
    Binding("U,Г", "unmark_all", _("Unmark"), id="table.mark_none", show=False, tooltip=_("Remove all marks")),
    Binding(
        "I,İ,Ш",
        "invert_marks",
        _("Invert"),
        id="table.invert",
        show=False,
        tooltip=_("Invert the marks of the rows shown"),
    ),
)
