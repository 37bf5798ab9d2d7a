"""Prints what a search of the catalogue costs, against `str.find` of an absent term over the same bytes.

    python -m tests.bench.bench_search [rows ...]

The ratio holds on any machine, milliseconds don't. "typed" is a whole word typed letter by letter, each query looking
among the hits of the one before; its ratio is that of its worst letter.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from functools import partial

from smmtui.domain.catalog import Catalog, search_text
from smmtui.domain.filter_language import SERVICE_FIELDS, parse
from smmtui.domain.records import Service

NETWORKS = ("Instagram", "TikTok", "Telegram", "YouTube", "Facebook", "X (Twitter)", "Spotify", "VKontakte")
THINGS = ("Followers", "Likes", "Views", "Comments", "Takipçi", "Beğeni", "Подписчики", "Members", "Shares", "متابعين")
EXTRAS = ("🔥 Real", "[30 Days Refill]", "⚡️ Instant", "Max 100K", "HQ", "Türk gerçek", "🇹🇷 Turkey", "No drop")
QUERIES = (
    "zzzzqx",
    "instagram",
    "e",
    "instagram followers",
    "takipçi",
    "türk likes refill",
    "-instagram",
    "tiktok|telegram",
    "cat:telegram",
    "rate<0.5",
    "max>10k refill:yes",
    "instagram rate<0.5",
)
BEST_OF = 9


def catalog_of(rows: int) -> Catalog:
    """Return a catalogue of made-up services, the same ones every time."""
    dice = random.Random(rows)
    services = []
    for number in range(rows):
        network, thing = dice.choice(NETWORKS), dice.choice(THINGS)
        services.append(
            Service(
                id=str(number + 1),
                name=f"{network} {thing} {' '.join(dice.sample(EXTRAS, 3))} | Speed {dice.randint(1, 90)}K/Day",
                category=f"{network} {thing} #{dice.randint(1, 9)}",
                rate=Decimal(dice.randint(1, 90_000)) / 10_000,
                min=dice.choice((10, 50, 100)),
                max=dice.choice((1_000, 10_000, 1_000_000)),
                refill=dice.random() < 0.5,
            )
        )
    return Catalog(services)


def seconds(call: Callable[[], object]) -> float:
    """Return the least time of a few calls."""
    times = []
    for _ in range(BEST_OF):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return min(times)


def worst_letter(catalog: Catalog, text: str) -> float:
    """Return the longest time that one letter of the text took."""
    times = []
    query, hits = parse("", SERVICE_FIELDS), list(range(len(catalog)))
    for end in range(1, len(text) + 1):
        typed = parse(text[:end], SERVICE_FIELDS)
        within = hits if typed.narrows(query) else None
        times.append(seconds(partial(catalog.matching, typed, within)))
        query, hits = typed, catalog.matching(typed, within)
    return max(times)


def report(rows: int) -> None:
    """Print the table for a catalogue of so many rows."""
    catalog = catalog_of(rows)
    start = time.perf_counter()
    catalog.index()
    folding = time.perf_counter() - start
    joined = "\n".join(map(search_text, catalog.services))
    yardstick = seconds(partial(joined.find, "zzzzqx"))
    print(f"{rows:,} rows, {len(joined):,} bytes: str.find {yardstick * 1e3:.2f} ms, folding {folding * 1e3:.0f} ms")
    for text in QUERIES:
        query = parse(text, SERVICE_FIELDS)
        took = seconds(partial(catalog.matching, query))
        print(f"  {text:<22} {len(catalog.matching(query)):>7,} hits {took * 1e3:8.2f} ms  {took / yardstick:6.2f} x")
    took = worst_letter(catalog, "instagram followers")
    print(f"  {'typed, worst letter':<22} {'':>12} {took * 1e3:8.2f} ms  {took / yardstick:6.2f} x")
    for key in ("name", "rate"):
        catalog.sorted_by((), key)
        took = seconds(partial(catalog.sorted_by, range(rows), key))
        print(f"  {'all sorted by ' + key:<22} {'':>12} {took * 1e3:8.2f} ms  {took / yardstick:6.2f} x")


if __name__ == "__main__":
    for count in map(int, sys.argv[1:] or ("10000", "100000")):
        report(count)
