"""What has news, who wants to hear of it, and what somebody wants to have news of."""

from __future__ import annotations

from collections.abc import Callable
from enum import Flag, auto


class Topic(Flag):
    """What has news. Callbacks get no more than this; views pull what they show."""

    NOTHING = 0
    CATALOG = auto()
    ORDERS = auto()
    BALANCE = auto()
    HEALTH = auto()
    BASKET = auto()
    MESSAGES = auto()
    ALL = CATALOG | ORDERS | BALANCE | HEALTH | BASKET | MESSAGES


class Wanted(Flag):
    """What somebody wants to have fresh now, whatever its age."""

    NOTHING = 0
    CATALOG = auto()
    ORDERS = auto()
    BALANCE = auto()
    REFILLS = auto()
    ALL = CATALOG | ORDERS | BALANCE
    EVERY = ALL | REFILLS


class News:
    """Calls everyone who subscribed, in turn, with the topics that have news."""

    def __init__(self) -> None:
        self._callbacks: list[Callable[[Topic], None]] = []

    def subscribe(self, callback: Callable[[Topic], None]) -> Callable[[], None]:
        """Have `callback` called with the topics that have news; return what ends that."""
        self._callbacks.append(callback)
        return lambda: self._callbacks.remove(callback)

    def tell(self, topic: Topic) -> None:
        """Call everyone."""
        for callback in tuple(self._callbacks):
            callback(topic)
