"""Service types: which fields an order of each type needs, and what bounds and prices it.

The table follows the API family's own list of types; a type that is not in it is treated as Default.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from smmtui.domain.records import Service
from smmtui.words import _

Kind = Literal["link", "quantity", "whole", "line", "lines", "date"]
Price = Literal["quantity", "lines", "once", "posts"]


class Field(Struct, frozen=True):
    """One input of an order: `name` is the request field, `label`, a `plural` or not, and `hint` are for the screen."""

    name: str
    label: str
    kind: Kind = "line"
    required: bool = True
    hint: str = ""
    plural: bool = False


class ServiceType(Struct, frozen=True):
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


def _lines(name: str, label: str) -> Field:
    return Field(name, label, "lines", hint=_("one per line"), plural=True)


_LINK = Field("link", _("Link"), "link", hint=_("https://…, or as the service's description says"))
_QUANTITY = Field("quantity", _("Quantity"), "quantity")
_COMMENTS = _lines("comments", _("Comments"))
_USERNAMES = _lines("usernames", _("Usernames"))
_USERNAME = Field("username", _("Username"))
RUNS = Field("runs", _("Runs"), "whole", required=False, hint=_("how many times"), plural=True)
INTERVAL = Field("interval", _("Interval"), "whole", required=False, hint=_("minutes between runs"))
DRIP_FIELDS = (RUNS, INTERVAL)

_TYPES = (
    ServiceType("Default", (_LINK, _QUANTITY), drip=True),
    ServiceType("Package", (_LINK,), price="once"),
    ServiceType("SEO", (_LINK, _QUANTITY, _lines("keywords", _("Keywords")))),
    ServiceType("Custom Comments", (_LINK, _COMMENTS), price="lines", counted="comments"),
    ServiceType("Custom Comments Package", (_LINK, _COMMENTS), price="once"),
    ServiceType("Mentions", (_LINK, _QUANTITY, _USERNAMES)),
    ServiceType(
        "Mentions with Hashtags",
        (_LINK, _QUANTITY, _USERNAMES, _lines("hashtags", _("Hashtags"))),
    ),
    ServiceType("Mentions Custom List", (_LINK, _USERNAMES), price="lines", counted="usernames"),
    ServiceType("Mentions Hashtag", (_LINK, _QUANTITY, Field("hashtag", _("Hashtag")))),
    ServiceType("Mentions User Followers", (_LINK, _QUANTITY, _USERNAME)),
    ServiceType("Mentions Media Likers", (_LINK, _QUANTITY, Field("media", _("Media"), hint=_("link of the post")))),
    ServiceType("Comment Likes", (_LINK, _QUANTITY, _USERNAME)),
    ServiceType("Comment Replies", (_LINK, _USERNAME, _COMMENTS), price="lines", counted="comments"),
    ServiceType("Poll", (_LINK, _QUANTITY, Field("answer_number", _("Answer number"), "whole"))),
    ServiceType("Invites from Groups", (_LINK, _QUANTITY, _lines("groups", _("Groups")))),
    ServiceType(
        "Subscriptions",
        (
            _USERNAME,
            Field("min", _("Least per post"), "quantity"),
            Field("max", _("Most per post"), "quantity"),
            Field("posts", _("New posts"), "whole", plural=True),
            Field("delay", _("Delay"), "whole", hint=_("minutes")),
            Field("old_posts", _("Old posts"), "whole", required=False, plural=True),
            Field("expiry", _("Expiry"), "date", required=False, hint=_("dd/mm/yyyy")),
        ),
        price="posts",
    ),
    ServiceType(
        "Web Traffic",
        (
            _LINK,
            _QUANTITY,
            Field("country", _("Country"), hint=_("as the description says, such as WW or US")),
            Field("device", _("Device"), hint=_("as the description says")),
            Field("type_of_traffic", _("Type of traffic"), hint=_("as the description says")),
            Field("google_keyword", _("Google keyword"), required=False),
            Field("referring_url", _("Referring address"), required=False),
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
