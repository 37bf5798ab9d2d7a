"""Half-typed orders, kept until they are placed."""

from __future__ import annotations

from msgspec import ValidationError, convert, to_builtins

from smmtui.desk.remembered import Remembered
from smmtui.domain.order_entry import OrderEntry, Parameters
from smmtui.domain.records import Record, Service

_NAME = "drafts"
_MOST = 200


class _Typed(Record, frozen=True, gc=False, omit_defaults=True):
    """What was typed for one service."""

    values: dict[str, str] = {}  # noqa: RUF012  msgspec gives every record its own
    extra: str = ""
    note: str = ""
    tags: str = ""


class Drafts:
    """The order that is being typed for each service, by the service's id; the 200 that were typed last."""

    def __init__(self, remembered: Remembered) -> None:
        self._remembered = remembered

    def entry(self, service: Service, defaults: Parameters = ()) -> OrderEntry:
        """Return what was typed for the service before, an empty entry where nothing was.

        `defaults` are the profile's own parameters.
        """
        kept = self._kept().get(service.id)
        try:
            typed = convert({} if kept is None else kept, _Typed)
        except ValidationError:
            # Of another version, and worth less than the start of the app.
            typed = _Typed()
        return OrderEntry(service, typed.values, typed.extra, defaults, note=typed.note, tags=typed.tags)

    def keep(self, entry: OrderEntry) -> None:
        """Keep what was typed in place of what was kept for the service before; nothing typed is nothing kept.

        A repeat is made anew from its order, and is nothing that another order of the service should begin with.
        """
        if entry.repeats is not None:
            return
        kept = {id: typed for id, typed in self._kept().items() if id != entry.service.id}
        typed = _typed(entry)
        if typed != _Typed():
            kept[entry.service.id] = to_builtins(typed)
        self._remembered.set(_NAME, dict(list(kept.items())[-_MOST:]) or None)

    def drop(self, entry: OrderEntry) -> None:
        """Forget what was typed, unless something else is kept for the service by now."""
        kept = self._kept()
        if kept.get(entry.service.id) == to_builtins(_typed(entry)):
            self.keep(OrderEntry(entry.service))

    def __contains__(self, service: Service) -> bool:
        """Whether anything is kept for the service."""
        return service.id in self._kept()

    def _kept(self) -> dict[str, object]:
        kept = self._remembered.get(_NAME, {})
        return kept if isinstance(kept, dict) else {}


def _typed(entry: OrderEntry) -> _Typed:
    values = {name: value for name, value in entry.values.items() if value.strip()}
    return _Typed(values, entry.extra, entry.note, entry.tags)
