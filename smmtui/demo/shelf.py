"""The goods of the demo panel: a catalogue generated from a seed, of the size and the manners of a real one."""

import functools
import math
import random
from dataclasses import dataclass

from smmtui.demo.words import AISLES, FLAGS, SPARKS, TAGS, Aisle, Tags

SIZE = 5_000
_HIGHEST_ID = 19_999
_STARTERS_PER_AISLE = 2

_ONCE = frozenset({"Package", "Custom Comments Package"})
_BY_LINES = frozenset({"Custom Comments", "Comment Replies", "Mentions Custom List"})
_MINIMA = (5, 10, 10, 20, 25, 50, 50, 100, 100, 100, 200, 250, 500, 1_000)
_MAXIMA = (2_000, 5_000, 10_000, 10_000, 20_000, 50_000, 100_000, 200_000, 300_000, 500_000, 1_000_000, 5_000_000)
_LINE_MAXIMA = (20, 50, 100, 200, 500, 1_000)
_SPEEDS = (500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 250_000, 500_000)
_REFILL_DAYS = (7, 15, 30, 30, 30, 30, 60, 90, 99, 365)
_STARTS = ("0-5", "0-15", "0-60", "5-30", "60-360", "0-1440")
_DROPS = (0, 0, 1, 3, 5, 10, 20, 30)


@dataclass(frozen=True, slots=True)
class Service:
    """One entry of the catalogue.

    `rate` is USD per 1000 units (for the package types per order), spelled as on the wire. `refill_time` is days,
    0 where the service has no refill.
    """

    service: int
    name: str
    type: str
    category: str
    rate: str
    min: int
    max: int
    refill: bool
    cancel: bool
    description: str
    refill_time: int

    def row(self) -> dict[str, object]:
        """The entry as the `services` reply spells it."""
        return {
            "service": self.service,
            "name": self.name,
            "type": self.type,
            "category": self.category,
            "rate": self.rate,
            "min": str(self.min),
            "max": str(self.max),
            "refill": self.refill,
            "cancel": self.cancel,
            "description": self.description,
            "refill_time": str(self.refill_time),
        }


def dice(*what: object) -> random.Random:
    """A source of chance that gives the same sequence for the same words on every machine."""
    return random.Random("/".join(map(str, what)))  # noqa: S311 - repeatable on purpose, nothing secret depends on it


@functools.lru_cache(maxsize=4)
def stock(seed: int) -> tuple[Service, ...]:
    """The whole catalogue in the panel's order, category by category; equal seeds give equal catalogues.

    Every category of plain orders begins with services that suit a first try: cheap for their kind, a min of at
    most 100, refill and cancel.
    """
    chance = dice(seed, "shelf")
    ids = chance.sample(range(100, _HIGHEST_ID + 1), SIZE)
    share, rest = divmod(SIZE, len(AISLES))
    shelf: list[Service] = []
    for number, aisle in enumerate(AISLES):
        for place in range(share + (number < rest)):
            shelf.append(_service(chance, ids[len(shelf)], aisle, place))
    return tuple(shelf)


def _service(chance: random.Random, service: int, aisle: Aisle, place: int) -> Service:
    # The first of a category are its goods in order, so that no type depends on luck to be there.
    kind, words = aisle.goods[place] if place < len(aisle.goods) else chance.choice(aisle.goods)
    starter = place < _STARTERS_PER_AISLE and kind == "Default"
    refill = kind != "Subscriptions" and (starter or chance.random() < 0.45)
    cancel = kind != "Subscriptions" and (starter or chance.random() < 0.5)
    days = chance.choice(_REFILL_DAYS) if refill else 0
    lowest, highest = _bounds(chance, kind, starter)
    tags = TAGS[aisle.tongue]
    quality = chance.choice(tags.qualities)
    speed = _short(chance.choice(_SPEEDS))
    remarks = [words, quality, *_remarks(chance, tags, highest, days), chance.choice(SPARKS), chance.choice(FLAGS)]
    if highest > 1 and chance.random() < 0.4:
        remarks.insert(2, tags.speed.format(speed))
    if cancel and chance.random() < 0.3:
        remarks.append(tags.cancel)
    return Service(
        service=service,
        name=" ".join(filter(None, remarks)),
        type=kind,
        category=aisle.label,
        rate=_rate(chance, aisle, starter),
        min=lowest,
        max=highest,
        refill=refill,
        cancel=cancel,
        description=_description(chance, tags, speed, quality),
        refill_time=days,
    )


def _remarks(chance: random.Random, tags: Tags, highest: int, days: int) -> tuple[str, str]:
    bound = tags.max.format(_short(highest)) if highest > 1 else ""
    return bound, chance.choice(tags.refill).format(days) if days else chance.choice(tags.no_refill)


def _description(chance: random.Random, tags: Tags, speed: str, quality: str) -> str:
    # Some panels leave the description of a good many services empty.
    if chance.random() < 0.15:
        return ""
    start, drop = chance.choice(_STARTS), chance.choice(_DROPS)
    return tags.description.format(start=start, speed=speed, quality=quality.strip("[]") or "Mix", drop=drop)


def _bounds(chance: random.Random, kind: str, starter: bool) -> tuple[int, int]:
    if kind in _ONCE:
        return 1, 1
    if kind in _BY_LINES:
        return chance.choice((1, 1, 3, 5, 10)), chance.choice(_LINE_MAXIMA)
    lowest = chance.choice((10, 20, 50, 100)) if starter else chance.choice(_MINIMA)
    return lowest, chance.choice(_MAXIMA)


def _rate(chance: random.Random, aisle: Aisle, starter: bool) -> str:
    """Cheap goods outnumber dear ones as they do in life: evenly spread over the orders of magnitude."""
    span = 0.25 if starter else 1.0
    value = aisle.low * (aisle.high / aisle.low) ** (chance.random() * span)
    # Two leading digits must be visible, or a rate of 0.0012 would be sold as 0.00.
    visible = 1 - math.floor(math.log10(value))
    return f"{value:.{min(5, max(visible, chance.choice((2, 2, 3, 4, 5))))}f}"


def _short(number: int) -> str:
    for size, letter in ((1_000_000, "M"), (1_000, "K")):
        if number >= size:
            return f"{number / size:g}{letter}"
    return str(number)
