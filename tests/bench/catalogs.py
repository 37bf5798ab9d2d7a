"""Made-up catalogues, the same ones every time, as a panel would send them and as lines for other programs."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from functools import cache

from smmtui.domain.records import Service
from smmtui.panel.catalog_rows import read_services

NETWORKS = ("Instagram", "TikTok", "Telegram", "YouTube", "Facebook", "X (Twitter)", "Spotify", "VKontakte")
THINGS = ("Followers", "Likes", "Views", "Comments", "Takipçi", "Beğeni", "Подписчики", "Members", "Shares", "متابعين")
EXTRAS = ("🔥 Real", "[30 Days Refill]", "⚡️ Instant", "Max 100K", "HQ", "Türk gerçek", "🇹🇷 Turkey", "No drop")


def panel_rows(rows: int) -> Iterator[dict[str, object]]:
    """Yield the rows of a `services` answer."""
    dice = random.Random(rows)
    for number in range(rows):
        network, thing = dice.choice(NETWORKS), dice.choice(THINGS)
        yield {
            "service": number + 1,
            "name": f"{network} {thing} {' '.join(dice.sample(EXTRAS, 3))} | Speed {dice.randint(1, 90)}K/Day",
            "type": "Default",
            "category": f"{network} {thing} #{dice.randint(1, 9)}",
            "rate": f"{dice.randint(1, 90_000) / 10_000:.4f}",
            "min": str(dice.choice((10, 50, 100))),
            "max": str(dice.choice((1_000, 10_000, 1_000_000))),
            "refill": dice.random() < 0.5,
            "cancel": dice.random() < 0.5,
            "dripfeed": False,
        }


@cache
def panel_bytes(rows: int) -> bytes:
    """Return the body of a `services` answer."""
    return json.dumps(list(panel_rows(rows)), separators=(",", ":")).encode()


def services_of(rows: int) -> tuple[Service, ...]:
    """Return the services of that answer."""
    return read_services(panel_bytes(rows)).services


def lines_of(rows: int) -> str:
    """Return a line per service with what a search looks into."""
    return "".join(f"{each.id} {each.name} {each.category} {each.type}\n" for each in services_of(rows))
