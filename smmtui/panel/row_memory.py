"""What the rows of status lists were read as: from one pass to the next most of them come again to the byte."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from smmtui.domain.records import OrderStatus

_MOST = 20_000
_LIST = msgspec.json.Decoder(dict[str, msgspec.Raw])


class RowMemory:
    """The last row of each order, as it came and as it was read.

    Only what the strict reading has accepted gets in here, and only a list in which every row is known is answered
    from it: nothing is taken for true that was not read with all care once.
    """

    def __init__(self) -> None:
        self._rows: dict[str, tuple[bytes, OrderStatus]] = {}

    def recall(self, body: bytes | bytearray, asked: Sequence[str]) -> dict[str, OrderStatus] | None:
        """Return the statuses in the body of a list, None where anything in it has to be read."""
        rows = _split(body)
        found: dict[str, OrderStatus] = {}
        if len(rows) != len(asked):
            return None
        for order in asked:
            known = self._rows.get(order)
            if known is None or order not in rows or bytes(rows[order]) != known[0]:
                return None
            found[order] = known[1]
        return found

    def keep(self, body: bytes | bytearray, answers: Mapping[str, object]) -> None:
        """Remember the rows of a list and what they were read as."""
        if len(self._rows) > _MOST:
            self._rows.clear()
        rows = _split(body)
        for order, status in answers.items():
            if isinstance(status, OrderStatus) and order in rows:
                self._rows[order] = (bytes(rows[order]), status)


def _split(body: bytes | bytearray) -> dict[str, msgspec.Raw]:
    try:
        return _LIST.decode(body)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return {}
