"""The catalogue as a file for spreadsheets and programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import structs

from smmtui.domain.records import Service
from smmtui.domain.row_forms import csv_line, json_line


def services_as_csv(services: Iterable[Service]) -> Iterator[str]:
    """Yield the head and a line per service; `rate` is money per 1000."""
    yield csv_line(Service.__struct_fields__)
    for service in services:
        yield csv_line(structs.astuple(service))


def services_as_json(services: Iterable[Service]) -> Iterator[str]:
    """Yield a JSON object per service, a line each."""
    return (json_line(structs.asdict(service)) for service in services)
