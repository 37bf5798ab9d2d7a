"""What can be typed into the filter of each screen, by example."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from smmtui.words import _

Example = tuple[str, str]
"""A filter, and what it asks for."""

_WORDS: Sequence[Example] = (
    ("likes instagram", _("Both words, anywhere; capitals and accents are alike")),
    ('"old accounts"', _("These words as they stand here")),
    ("likes|views", _("Either of them")),
    ("-bot", _("Not this word; - turns round every other term as well")),
)

_OF_SCREENS: Mapping[str, Sequence[Example]] = {
    "catalog": (
        ("cat:instagram|tiktok", _("A category with one of these in its name")),
        ("type:default", _("A type of services")),
        ("rate<0.5", _("A rate below this; also <= > >= = !=")),
        ("min<=100 max>10k", _("Bounds of the quantity; 10k is 10,000, 1.5M is 1,500,000")),
        ("refill:yes cancel:no", _("With refill and without cancel")),
        ("id:18423", _("The service with this id")),
        ("fav:", _("Your favourites")),
        ("ordered:", _("What you have ordered before")),
        ("-cat:", _("Services without a category")),
    ),
    "orders": (
        ("is:active", _("A group, as in the line above the filter")),
        ("status:partial|canceled", _("One of these statuses")),
        ("service:likes", _("A service with this in its id or name")),
        ("link:instagram", _("A link with this in it")),
        ("id:23501", _("The order with this id")),
        ("charge>5", _("A charge above this; also < <= >= = !=")),
        ("age<2d", _("Placed within two days; s, m, h, d and w are seconds to weeks")),
        ("tag:vip", _("A tag of yours")),
        ("note:", _("Orders with a note")),
        ("why:balance", _("The panel's or our words on why it is so")),
    ),
    "basket": (
        ("state:problem", _("Rows in this state")),
        ("link:instagram", _("A link with this in it")),
        ("estimate>5", _("An estimate above this; also < <= >= = !=")),
    ),
    "messages": (
        ("is:error|warning", _("How grave they are")),
        ("title:order", _("A headline with this in it")),
        ("age<1h", _("Said within an hour; s, m, h, d and w are seconds to weeks")),
        ("times>1", _("What was said more than once")),
    ),
}


def filter_examples(mode: str) -> Sequence[Example]:
    """Return the examples for the screen of this mode; none where it has no filter of its own."""
    own = _OF_SCREENS.get(mode, ())
    return [*_WORDS, *own] if own else []
