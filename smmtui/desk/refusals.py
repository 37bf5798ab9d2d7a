"""Which services' refills and cancels the panel refused last, and in what words."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from smmtui.domain.records import Request

# What these say is not about the service: the key, the pace, the order's id, the panel's own trouble.
_ABOUT_ANOTHER_THING = frozenset({"bad key", "rate limit", "bad order", "upstream"})


class Refusals:
    """The last refused request of each service and kind; `service_of` names the service of an order's uuid, or None."""

    def __init__(self, service_of: Callable[[str], str | None]) -> None:
        self._service_of = service_of
        self._last: dict[tuple[str, str], Request] = {}

    def begin(self, refused: Iterable[tuple[str, Request]]) -> None:
        """Take over what the journal remembers: services and their refused requests, oldest first."""
        for service, request in refused:
            self._note(service, request)

    def take(self, requests: Iterable[Request]) -> None:
        """Note those of the requests that were refused."""
        for request in requests:
            if request.state == "refused" and (service := self._service_of(request.order)):
                self._note(service, request)

    def last(self, service: str, kind: str) -> Request | None:
        """Return the "refill" or "cancel" that was refused last for the service of this id, None where none was.

        Its `at` and `reason` tell when and in what words.
        """
        return self._last.get((service, kind))

    def _note(self, service: str, request: Request) -> None:
        # Here, because what the panel's texts mean is loaded with all that reads them, which a start need not wait for.
        from smmtui.panel.meanings import meaning_of

        before = self._last.get((service, request.kind))
        if meaning_of(request.reason) not in _ABOUT_ANOTHER_THING and (before is None or before.at <= request.at):
            self._last[service, request.kind] = request
