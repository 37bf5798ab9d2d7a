"""The orders that are in the books before anybody came: something to look at and to track at start."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from smmtui.demo.kinds import price
from smmtui.demo.orders import Course, Order
from smmtui.demo.shelf import Service, dice

_MINUTE, _HOUR, _DAY = 60.0, 3600.0, 86400.0


@dataclass(frozen=True, slots=True)
class PastOrder:
    """An order of the history: ids as the API spells them, the moment it was placed in epoch seconds (UTC)."""

    order: str
    service: str
    link: str
    quantity: int
    placed: float


class _Episode(NamedTuple):
    """What was ordered: id, first words of the service's name, link, quantity, then age and length in seconds, and the
    share that is delivered in the end.
    """

    order: int
    words: str
    link: str
    quantity: int
    age: float
    lasts: float
    share: float = 1.0


_EPISODES = (
    _Episode(21877, "Instagram Followers", "https://www.instagram.com/harbour.coffee", 2_000, 410 * _DAY, _HOUR),
    _Episode(22410, "YouTube Views", "https://youtu.be/dQw4w9WgXcQ", 1_500, 61 * _DAY, 3 * _HOUR, 0.62),
    _Episode(22411, "Telegram Post Views", "https://t.me/harbour_news/118", 800, 61 * _DAY, _HOUR),
    _Episode(22698, "X Followers", "https://x.com/harbourcoffee", 500, 30 * _DAY, _HOUR, 0.0),
    _Episode(22903, "TikTok Custom Comments", "https://www.tiktok.com/@harbour/video/7301", 12, 16 * _DAY, _HOUR),
    _Episode(22954, "Instagram Custom Comments", "https://www.instagram.com/p/C1aaDemo01/", 10, 9 * _DAY, _HOUR, 0.8),
    _Episode(23107, "Spotify Track Plays", "https://open.spotify.com/track/4uLU6hMCjM", 5_000, 6 * _DAY, 3 * _HOUR),
    _Episode(23108, "Telegram Channel Members", "https://t.me/harbour_news", 1_000, 6 * _DAY, 2 * _HOUR),
    _Episode(23255, "Instagram Starter Package", "https://www.instagram.com/harbour.coffee", 1, 4 * _DAY, _HOUR),
    _Episode(23301, "Facebook Page Likes", "https://www.facebook.com/harbourcoffee", 1_000, 3 * _DAY, _HOUR),
    _Episode(23364, "Website Traffic from Google", "https://harbour.example/menu", 3_000, 2 * _DAY, 4 * _HOUR, 0.4),
    _Episode(23402, "Instagram Likes", "https://www.instagram.com/p/C2bbDemo02/", 1_000, 20 * _HOUR, _HOUR),
    _Episode(
        23471, "TikTok Video Views", "https://www.tiktok.com/@harbour/video/7388", 50_000, 40 * _MINUTE, 2 * _HOUR
    ),
    _Episode(23488, "Telegram Group Members", "https://t.me/harbour_chat", 2_000, 25 * _MINUTE, _HOUR, 0.7),
    _Episode(23497, "Instagram Reel Views", "https://www.instagram.com/reel/C3ccDemo03/", 20_000, 8 * _MINUTE, _HOUR),
)


def write_history(seed: int, services: Sequence[Service], now: float) -> Iterator[tuple[PastOrder, Order]]:
    """The older orders, oldest first, as if placed before `now`; the balance already knows what has ended of them."""
    for episode in _EPISODES:
        chance = dice(seed, "history", episode.order)
        suited = [
            service for service in services if service.name.startswith(episode.words) and _suits(service, episode)
        ]
        service = chance.choice([service for service in suited if service.refill and service.cancel] or suited)
        placed = now - episode.age
        course = Course(
            begins=placed + _MINUTE,
            ends=placed + episode.lasts,
            total=episode.quantity,
            delivers=int(episode.quantity * episode.share),
            start_count=chance.randrange(40, 60_000),
        )
        past = PastOrder(str(episode.order), str(service.service), episode.link, episode.quantity, placed)
        yield past, Order(service, price(service, episode.quantity), course, settled=course.over <= now)


def _suits(service: Service, episode: _Episode) -> bool:
    return not service.type.endswith("Comments Package") and service.min <= episode.quantity <= service.max
