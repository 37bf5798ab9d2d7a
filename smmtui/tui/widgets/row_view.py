"""Where a window of lines stands over a list of rows: arithmetic only."""

from functools import lru_cache
from typing import Self

from msgspec import Struct
from msgspec.structs import replace


class RowView(Struct, frozen=True):
    """The window over the rows and the cursor, which is always inside the window.

    That the cursor cannot leave the window is what makes it safe to act on: the row that keys act on is on the screen.
    """

    count: int = 0
    """Rows in the list."""

    page: int = 0
    """Lines in the window; 0 before the first layout."""

    cursor: int = 0
    offset: int = 0
    """Position of the row on the first line."""

    def settled(self) -> Self:
        """Return the nearest view with the cursor on a row, inside the window, and no line wasted behind the end."""
        cursor = max(0, min(self.cursor, self.count - 1))
        page = max(1, self.page)
        offset = max(cursor - page + 1, min(self.offset, cursor))
        return replace(self, cursor=cursor, offset=max(0, min(offset, self.count - page)))

    def at(self, cursor: int) -> Self:
        """Return the view with the cursor at a row, scrolled no more than needed."""
        return replace(self, cursor=cursor).settled()

    def turned(self, rows: int) -> Self:
        """Return the view with window and cursor moved together."""
        return replace(self, cursor=self.cursor + rows, offset=self.offset + rows).settled()

    def scrolled_to(self, offset: int) -> Self:
        """Return the view with the window moved, taking the cursor along only where it would be left outside."""
        offset = max(0, min(offset, self.count - max(1, self.page)))
        cursor = max(offset, min(self.cursor, offset + max(1, self.page) - 1))
        return replace(self, cursor=cursor, offset=offset).settled()

    def resized(self, page: int) -> Self:
        """Return the view with another number of lines."""
        return replace(self, page=page).settled()

    def over(self, count: int, cursor: int) -> Self:
        """Return the view over another list, with the cursor on the same line of the screen where possible."""
        return replace(self, count=count, cursor=cursor, offset=self.offset + cursor - self.cursor).settled()

    @property
    def last_offset(self) -> int:
        """The offset at which the last row is on the last line."""
        return max(0, self.count - max(1, self.page))

    def thumb(self) -> range:
        """Return the lines of the window which the thumb of its scrollbar covers; none if all rows are visible."""
        return _thumb(self.count, self.page, self.offset)

    def offset_for_thumb(self, start: int) -> int:
        """Return the offset that belongs to a thumb whose first line is `start`."""
        return _scaled(start, self.page - len(self.thumb()), self.last_offset)


# Asked for every line of a window.
@lru_cache(maxsize=16)
def _thumb(count: int, page: int, offset: int) -> range:
    if page < 1 or count <= page:
        return range(0)
    size = max(1, page * page // count)
    start = _scaled(offset, count - page, page - size)
    return range(start, start + size)


def _scaled(value: int, of: int, to: int) -> int:
    return (2 * value * to + of) // (2 * of) if of else 0
