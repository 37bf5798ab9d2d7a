"""Prints what a search of the catalogue costs, against `str.find` of an absent term over the same bytes.

    python -m tests.bench.bench_search [rows ...]

The ratio holds on any machine, milliseconds don't. Of alternatives each is an absent term of its own. "typed" is a
query typed letter by letter, each looking among the hits of the one before where it may; its ratio is that of its
worst letter.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import partial

from smmtui.domain.catalog import Catalog, search_text
from smmtui.domain.filter_language import parse, service_fields
from tests.bench.catalogs import services_of
from tests.bench.report import line

QUERIES = (
    "zzzzqx",
    "instagram",
    "instagram followers",
    "takipçi",
    "türk likes refill",
    "-instagram",
    "tiktok|telegram",
    "cat:telegram",
    "rate<0.5",
    "max>10k refill:yes",
    "instagram rate<0.5",
    "id:4711",
    "fav:",
)
TYPED = ("instagram followers", "tiktok|telegram")
BEST_OF = 9
TARGET = 2.5
FIELDS = service_fields({str(number) for number in range(1, 10_000, 97)}, ())


def seconds(call: Callable[[], object]) -> float:
    """Return the least time of a few calls."""
    times = []
    for _ in range(BEST_OF):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return min(times)


def worst_letter(catalog: Catalog, text: str) -> float:
    """Return the longest time that one of the letters behind the first took."""
    times = []
    query = parse("", FIELDS)
    hits = catalog.matching(query)
    for end in range(1, len(text) + 1):
        typed = parse(text[:end], FIELDS)
        within = hits if typed.narrows(query) else None
        start = time.perf_counter()
        query, hits = typed, catalog.matching(typed, within)
        times.append(time.perf_counter() - start)
    return max(times[1:])


def report(rows: int) -> None:
    """Print the table for a catalogue of so many rows."""
    catalog = Catalog(services_of(rows))
    catalog.prepare()
    joined = "\n".join(map(search_text, catalog.services))
    floor = seconds(partial(joined.find, "zzzzqx")) * 1000

    def yardstick(text: str) -> tuple[str, float]:
        # Every alternative has to be looked for in every row.
        terms = text.count("|") + 1
        return ("str.find" if terms == 1 else f"str.find of {terms} terms"), floor * terms

    print(f"{rows:,} rows, {len(joined):,} bytes")
    for text in QUERIES:
        took = seconds(partial(catalog.matching, parse(text, FIELDS))) * 1000
        line(f"{rows:,} rows: {text}", took, *yardstick(text), TARGET)
    for text in TYPED:
        took = min(worst_letter(catalog, text) for _ in range(BEST_OF)) * 1000
        line(f"{rows:,} rows, typed: {text}", took, *yardstick(text), TARGET)
    for key in ("name", "rate"):
        took = seconds(partial(catalog.sorted_by, catalog.matching(parse("tiktok", FIELDS)), key)) * 1000
        print(f"{rows:,} rows, hits of a word sorted by {key}: {took:.2f} ms, {took / floor:.2f} ×")


def main(*sizes: int) -> None:
    """Print one table for each size."""
    for rows in sizes or (10_000, 100_000):
        report(rows)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
