"""What each of the 17 service types asks of an `add`: the fields it needs, what bounds it and what it is priced by."""

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from smmtui.demo import refusals
from smmtui.demo.shelf import Service

Fields = Mapping[str, str]

SUBSCRIPTIONS = "Subscriptions"
_SMALLEST = Decimal("0.00001")
_NUMBER = re.compile(r"[0-9]{1,12}")


class Kind(NamedTuple):
    """The fields a type cannot do without, the one that is counted (None: charged once), and whether it drip-feeds."""

    required: tuple[str, ...]
    counted: str | None
    drip_feeds: bool = False


KINDS: dict[str, Kind] = {
    "Default": Kind(("link", "quantity"), "quantity", drip_feeds=True),
    "Package": Kind(("link",), None),
    "SEO": Kind(("link", "quantity", "keywords"), "quantity"),
    "Custom Comments": Kind(("link", "comments"), "comments"),
    "Custom Comments Package": Kind(("link", "comments"), None),
    "Mentions": Kind(("link", "quantity", "usernames"), "quantity"),
    "Mentions with Hashtags": Kind(("link", "quantity", "usernames", "hashtags"), "quantity"),
    "Mentions Custom List": Kind(("link", "usernames"), "usernames"),
    "Mentions Hashtag": Kind(("link", "quantity", "hashtag"), "quantity"),
    "Mentions User Followers": Kind(("link", "quantity", "username"), "quantity"),
    "Mentions Media Likers": Kind(("link", "quantity", "media"), "quantity"),
    "Comment Likes": Kind(("link", "quantity", "username"), "quantity"),
    "Comment Replies": Kind(("link", "username", "comments"), "comments"),
    "Poll": Kind(("link", "quantity", "answer_number"), "quantity"),
    "Invites from Groups": Kind(("link", "quantity", "groups"), "quantity"),
    SUBSCRIPTIONS: Kind(("username", "min", "max", "posts", "delay"), "max"),
    "Web Traffic": Kind(("link", "quantity", "country", "device", "type_of_traffic"), "quantity", drip_feeds=True),
}


@dataclass(frozen=True, slots=True)
class Terms:
    """An accepted `add`: units to deliver in all (1 for a package), USD, seconds between the first and the last run."""

    link: str
    quantity: int
    charge: Decimal
    spread: float


@dataclass(frozen=True, slots=True)
class SubscriptionTerms:
    """An accepted subscription: each of `posts` coming posts gets between `lowest` and `highest` units.

    `delay` is seconds between a post and its delivery; `expires` epoch seconds, or None for never.
    """

    username: str
    lowest: int
    highest: int
    posts: int
    delay: float
    expires: float | None


def money(amount: Decimal) -> Decimal:
    """An amount as the panel books it: five decimals, half up."""
    return amount.quantize(_SMALLEST, rounding=ROUND_HALF_UP)


def price(service: Service, units: int) -> Decimal:
    """What so many units cost in USD; for the types that are charged once, what one order costs."""
    if KINDS[service.type].counted is None:
        return money(Decimal(service.rate))
    return money(Decimal(service.rate) * units / 1000)


def order_terms(service: Service, fields: Fields) -> Terms:
    """The terms of an order of any type but Subscriptions; raises Refusal for what its type does not allow."""
    kind = KINDS[service.type]
    _require(kind, fields)
    if service.type == "Poll":
        _number(fields, "answer_number", at_least=1)
    link = fields["link"].strip()
    if kind.counted is None:
        return Terms(link, 1, price(service, 1), 0)
    quantity = _number(fields, "quantity") if kind.counted == "quantity" else len(_lines(fields[kind.counted]))
    _check_bounds(service, quantity)
    runs, interval = _drip_feed(fields) if kind.drip_feeds else (1, 0)
    total = quantity * runs
    return Terms(link, total, price(service, total), (runs - 1) * interval * 60)


def subscription_terms(service: Service, fields: Fields, now: float) -> SubscriptionTerms:
    """The terms of a subscription placed at `now` (epoch seconds); raises Refusal for what cannot be."""
    _require(KINDS[SUBSCRIPTIONS], fields)
    lowest, highest = _number(fields, "min"), _number(fields, "max")
    _check_bounds(service, lowest)
    _check_bounds(service, highest)
    if highest < lowest:
        raise refusals.too_small("max", lowest)
    if fields.get("old_posts", "").strip():
        _number(fields, "old_posts")
    return SubscriptionTerms(
        username=fields["username"].strip(),
        lowest=lowest,
        highest=highest,
        posts=_number(fields, "posts", at_least=1),
        delay=_number(fields, "delay") * 60,
        expires=_expiry(fields.get("expiry", "").strip(), now),
    )


def _require(kind: Kind, fields: Fields) -> None:
    for field in kind.required:
        if not fields.get(field, "").strip():
            raise refusals.blank(field)


def _lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()]


def _number(fields: Fields, field: str, at_least: int = 0) -> int:
    text = fields[field].strip()
    if not _NUMBER.fullmatch(text):
        raise refusals.not_a_number(field)
    if int(text) < at_least:
        raise refusals.too_small(field, at_least)
    return int(text)


def _check_bounds(service: Service, quantity: int) -> None:
    if quantity < service.min:
        raise refusals.below_min(service.min)
    if quantity > service.max:
        raise refusals.above_max(service.max)


def _drip_feed(fields: Fields) -> tuple[int, int]:
    """Runs and the minutes between them; one without the other is refused, neither is a single run."""
    given = [field for field in ("runs", "interval") if fields.get(field, "").strip()]
    if not given:
        return 1, 0
    if given == ["runs"]:
        raise refusals.blank("interval")
    if given == ["interval"]:
        raise refusals.blank("runs")
    return _number(fields, "runs", at_least=1), _number(fields, "interval", at_least=1)


def _expiry(text: str, now: float) -> float | None:
    """The end (UTC) of the named day."""
    if not text:
        return None
    try:
        day = datetime.datetime.strptime(text, "%d/%m/%Y").replace(tzinfo=datetime.UTC)
    except ValueError:
        raise refusals.Refusal(refusals.INCORRECT_EXPIRY) from None
    expires = day.timestamp() + 24 * 3600
    if expires <= now:
        raise refusals.Refusal(refusals.INCORRECT_EXPIRY)
    return expires
