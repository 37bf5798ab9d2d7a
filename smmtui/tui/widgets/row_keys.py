"""The keys of a `RowTable`."""

from textual.binding import Binding

# The letters after the Latin one lie on the same physical key of Russian and Turkish keyboards.
KEYS = (
    Binding("up,k,л", "move(-1)", "Up", id="table.up", show=False, tooltip="Move to the row above"),
    Binding("down,j,о", "move(1)", "Down", id="table.down", show=False, tooltip="Move to the row below"),
    Binding(
        "left,h,р", "scroll_columns(-1)", "Left", id="table.left", show=False, tooltip="Scroll one column to the left"
    ),
    Binding(
        "right,l,д",
        "scroll_columns(1)",
        "Right",
        id="table.right",
        show=False,
        tooltip="Scroll one column to the right",
    ),
    Binding("home,g,п", "first", "First", id="table.first", show=False, tooltip="Move to the first row"),
    Binding("end,G,П", "last", "Last", id="table.last", show=False, tooltip="Move to the last row"),
    Binding("pageup", "page(-1)", "Page up", id="table.page_up", show=False, tooltip="Turn one page up"),
    Binding("pagedown", "page(1)", "Page down", id="table.page_down", show=False, tooltip="Turn one page down"),
    Binding("ctrl+u", "half_page(-1)", "Half up", id="table.half_up", show=False, tooltip="Turn half a page up"),
    Binding("ctrl+d", "half_page(1)", "Half down", id="table.half_down", show=False, tooltip="Half a page down"),
    Binding("shift+up", "range(-1)", "Mark up", id="table.range_up", show=False, tooltip="Mark a range upwards"),
    Binding("shift+down", "range(1)", "Mark down", id="table.range_down", show=False, tooltip="Mark a range"),
    Binding("enter", "select", "Open", id="table.select", tooltip="Open the current row"),
    Binding("space", "mark", "Mark", id="table.mark", tooltip="Mark or unmark the row and move down"),
    Binding("M,Ь", "mark_all_shown", "Mark all", id="table.mark_all", show=False, tooltip="Mark all rows shown"),
    Binding("U,Г", "unmark_all", "Unmark", id="table.mark_none", show=False, tooltip="Remove all marks"),
    Binding(
        "I,İ,Ш", "invert_marks", "Invert", id="table.invert", show=False, tooltip="Invert the marks of the rows shown"
    ),
)
