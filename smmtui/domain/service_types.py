"""Service types: which fields an order of each type needs, and what bounds and prices it.

The table follows the API family's own list of types; a type that is not in it is treated as Default.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from smmtui.domain.records import Service

Kind = Literal["link", "quantity", "whole", "line", "lines", "date"]
Price = Literal["quantity", "lines", "once", "posts"]


@dataclass(frozen=True, slots=True)
class Field:
    """One input of an order: `name` is the request field, `label` and `hint` are for the screen."""

    name: str
    label: str
    kind: Kind = "line"
    required: bool = True
    hint: str = ""

    @property
    def verb(self) -> str:
        """How a sentence about it goes on behind the label: "are" behind a plural, else "is"."""
        return "are" if self.label.endswith("s") else "is"


@dataclass(frozen=True, slots=True)
class ServiceType:
    """What an order of one type consists of; the first of its `fields` says where it goes: a link or a username.

    `price` tells what the rate per 1000 is multiplied with: the quantity, the non-blank lines of the field `counted`,
    nothing (the rate is the price of the whole), or posts × max for a subscription, which is then a ceiling; old posts
    count as well.
    `drip` tells whether runs and interval may be given; the price is then taken once per run.
    """

    name: str
    fields: tuple[Field, ...]
    price: Price = "quantity"
    counted: str = ""
    drip: bool = False
    known: bool = True

    @property
    def bounded(self) -> tuple[str, ...]:
        """The fields that the service's min and max bound."""
        if self.price == "quantity":
            return ("quantity",)
        if self.price == "lines":
            return (self.counted,)
        return ("min", "max") if self.price == "posts" else ()


_LINK = Field("link", "Link", "link", hint="https://…, or as the service's description says")
_QUANTITY = Field("quantity", "Quantity", "quantity")
_COMMENTS = Field("comments", "Comments", "lines", hint="one per line")
_USERNAMES = Field("usernames", "Usernames", "lines", hint="one per line")
_USERNAME = Field("username", "Username")
RUNS = Field("runs", "Runs", "whole", required=False, hint="how many times")
INTERVAL = Field("interval", "Interval", "whole", required=False, hint="minutes between runs")
DRIP_FIELDS = (RUNS, INTERVAL)

_TYPES = (
    ServiceType("Default", (_LINK, _QUANTITY), drip=True),
    ServiceType("Package", (_LINK,), price="once"),
    ServiceType("SEO", (_LINK, _QUANTITY, Field("keywords", "Keywords", "lines", hint="one per line"))),
    ServiceType("Custom Comments", (_LINK, _COMMENTS), price="lines", counted="comments"),
    ServiceType("Custom Comments Package", (_LINK, _COMMENTS), price="once"),
    ServiceType("Mentions", (_LINK, _QUANTITY, _USERNAMES)),
    ServiceType(
        "Mentions with Hashtags",
        (_LINK, _QUANTITY, _USERNAMES, Field("hashtags", "Hashtags", "lines", hint="one per line")),
    ),
    ServiceType("Mentions Custom List", (_LINK, _USERNAMES), price="lines", counted="usernames"),
    ServiceType("Mentions Hashtag", (_LINK, _QUANTITY, Field("hashtag", "Hashtag"))),
    ServiceType("Mentions User Followers", (_LINK, _QUANTITY, _USERNAME)),
    ServiceType("Mentions Media Likers", (_LINK, _QUANTITY, Field("media", "Media", hint="link of the post"))),
    ServiceType("Comment Likes", (_LINK, _QUANTITY, _USERNAME)),
    ServiceType("Comment Replies", (_LINK, _USERNAME, _COMMENTS), price="lines", counted="comments"),
    ServiceType("Poll", (_LINK, _QUANTITY, Field("answer_number", "Answer number", "whole"))),
    ServiceType("Invites from Groups", (_LINK, _QUANTITY, Field("groups", "Groups", "lines", hint="one per line"))),
    ServiceType(
        "Subscriptions",
        (
            _USERNAME,
            Field("min", "Least per post", "quantity"),
            Field("max", "Most per post", "quantity"),
            Field("posts", "New posts", "whole"),
            Field("delay", "Delay", "whole", hint="minutes"),
            Field("old_posts", "Old posts", "whole", required=False),
            Field("expiry", "Expiry", "date", required=False, hint="dd/mm/yyyy"),
        ),
        price="posts",
    ),
    ServiceType(
        "Web Traffic",
        (
            _LINK,
            _QUANTITY,
            Field("country", "Country", hint="as the description says, such as WW or US"),
            Field("device", "Device", hint="as the description says"),
            Field("type_of_traffic", "Type of traffic", hint="as the description says"),
            Field("google_keyword", "Google keyword", required=False),
            Field("referring_url", "Referring address", required=False),
        ),
        drip=True,
    ),
)


def _squeezed(name: str) -> str:
    return " ".join(name.replace("_", " ").casefold().split())


_BY_NAME = {_squeezed(kind.name): kind for kind in _TYPES}
_DEFAULT = _BY_NAME["default"]


def service_type(service: Service) -> ServiceType:
    """Return the type of the service, compared case-blind with `_` as a blank; an unknown one as Default.

    An unknown type keeps its own name and has `known` set to False, so that the form can say so.
    """
    found = _BY_NAME.get(_squeezed(service.type))
    if found is not None:
        return found
    return ServiceType(service.type, _DEFAULT.fields, drip=True, known=False)


def known_types() -> tuple[ServiceType, ...]:
    """Return every type of the table, in its order."""
    return _TYPES
