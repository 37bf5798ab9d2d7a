"""The refills and cancels that are loaded, by order."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from smmtui.domain.records import Order, Request
from smmtui.domain.requests import Kind, cancel_awaited, still_followed, why_not


class RequestBook:
    """The latest value of every refill and cancel request."""

    def __init__(self) -> None:
        self._of_order: dict[str, dict[str, Request]] = {}
        # Those that somebody still waits for; the rest, which grows for ever, is never gone through.
        self._restless: dict[str, Request] = {}

    def __bool__(self) -> bool:
        """Whether any request is loaded."""
        return bool(self._of_order)

    def of(self, order: str) -> Request | None:
        """Return the latest request for the order of this uuid, None where there was none."""
        return next(reversed(self._of_order.get(order, {}).values()), None)

    def every(self, order: str) -> tuple[Request, ...]:
        """Return every request for the order of this uuid, oldest first."""
        return tuple(self._of_order.get(order, {}).values())

    @property
    def unknown(self) -> list[Request]:
        """Requests of which nobody knows whether the panel took them, oldest first."""
        return [request for request in self._restless.values() if request.state == "unknown"]

    @property
    def sending(self) -> bool:
        """Whether any request is being sent, here or in another window."""
        return any(request.state == "sending" for request in self._restless.values())

    def followed(self, now: datetime) -> list[Request]:
        """Return the refills that the panel is to be asked about, oldest first."""
        return [request for request in self._restless.values() if still_followed(request, now)]

    @property
    def cancels(self) -> list[Request]:
        """Cancels that were, or may have been, requested and of which it is not known what came of them."""
        return [each for each in self._restless.values() if each.kind == "cancel" and each.state != "sending"]

    def awaited(self, now: datetime) -> set[str]:
        """Return the uuids of the orders whose cancel was requested lately and is not done."""
        return {request.order for request in self._restless.values() if cancel_awaited(request, now)}

    def why_not(self, kind: Kind, order: Order, now: datetime) -> str:
        """Return why no refill or cancel can be asked for this order now, in words, "" where one can."""
        return why_not(kind, order, self._of_order.get(order.uuid, {}).values(), now)

    def take(self, requests: Iterable[Request]) -> bool:
        """Take over these requests in place of what was known of them; return whether anything is new."""
        new = False
        for request in requests:
            known = self._of_order.setdefault(request.order, {})
            before = known.get(request.uuid)
            if before is not None and before.state != "sending" == request.state:
                # Read before its outcome was written, or that could not be written.
                continue
            new = new or before != request
            known[request.uuid] = request
            taken = request.state == "requested" and (request.kind == "refill" or request.status is None)
            if taken or request.state in ("sending", "unknown"):
                self._restless[request.uuid] = request
            else:
                self._restless.pop(request.uuid, None)
        return new
