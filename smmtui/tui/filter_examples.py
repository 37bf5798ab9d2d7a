"""What can be typed into the filter of each screen, by example."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Example = tuple[str, str]
"""A filter, and what it asks for."""

_WORDS: Sequence[Example] = (
    ("likes fast", "Both words, anywhere; capitals and accents are alike"),
    ('"real likes"', "These words as they stand here"),
    ("likes|views", "Either of them"),
    ("-bot", "Not this word; - turns round every other term as well"),
)

_OF_SCREENS: Mapping[str, Sequence[Example]] = {
    "catalog": (
        ("cat:instagram|tiktok", "A category with one of these in its name"),
        ("type:default", "A type of services"),
        ("rate<0.5", "A rate below this; also <= > >= = !="),
        ("min<=100 max>10k", "Bounds of the quantity; 10k is 10,000, 1.5M is 1,500,000"),
        ("refill:yes cancel:no", "With refill and without cancel"),
        ("id:100", "The service with this id"),
        ("fav:", "Your favourites"),
        ("ordered:", "What you have ordered before"),
        ("-cat:", "Services without a category"),
    ),
    "orders": (
        ("is:active", "A group, as in the line above the filter"),
        ("status:partial|canceled", "One of these statuses"),
        ("service:likes", "A service with this in its id or name"),
        ("link:instagram", "A link with this in it"),
        ("id:23501", "The order with this id"),
        ("charge>5", "A charge above this; also < <= >= = !="),
        ("age<2d", "Placed within two days; s, m, h, d and w are seconds to weeks"),
        ("tag:vip", "A tag of yours"),
        ("note:", "Orders with a note"),
        ("why:balance", "The panel's or our words on why it is so"),
    ),
    "basket": (
        ("state:problem", "Rows in this state"),
        ("link:instagram", "A link with this in it"),
        ("estimate>5", "An estimate above this; also < <= >= = !="),
    ),
    "messages": (
        ("is:error|warning", "How grave they are"),
        ("title:order", "A headline with this in it"),
        ("age<1h", "Said within an hour; s, m, h, d and w are seconds to weeks"),
        ("times>1", "What was said more than once"),
    ),
}


def filter_examples(mode: str) -> Sequence[Example]:
    """Return the examples for the screen of this mode; none where it has no filter of its own."""
    own = _OF_SCREENS.get(mode, ())
    return [*_WORDS, *own] if own else []
