"""What a user has typed into an order form: read, checked, priced, and made into a draft."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

from smmtui.domain.money import estimate, is_placeholder, show_amount
from smmtui.domain.order_notes import LONGEST_NOTE, read_note, read_tags
from smmtui.domain.quantities import buys_more, is_money, read_quantity, read_whole, why_no_quantity
from smmtui.domain.records import Balance, Draft, Service
from smmtui.domain.service_types import DRIP_FIELDS, Field, ServiceType, service_type

_EXTRA = re.compile(r"([A-Za-z][A-Za-z0-9_]{0,63})=(.*)", re.ASCII)
_DAY = re.compile(r"[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}", re.ASCII)
_OURS = frozenset({"key", "action", "service"})


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a field, in words with the bound; a warning does not keep the order from being placed."""

    field: str
    text: str
    warning: bool = False


@dataclass(frozen=True, slots=True)
class OrderEntry:
    """The typed values of an order for one service, by field name, as the user wrote them.

    `extra` is the text of the extra parameters, one `name=value` a line; one without a value is not sent.
    `order_style` is the profile's default, sent where it is not "" and the extra parameters do not name one.
    `repeats` is the uuid of the order that this one repeats. `note` and `tags` are kept here and never sent.
    """

    service: Service
    values: Mapping[str, str] = field(default_factory=dict)
    extra: str = ""
    order_style: str = ""
    repeats: str | None = None
    note: str = ""
    tags: str = ""

    @property
    def type(self) -> ServiceType:
        """The service's type, which tells the fields."""
        return service_type(self.service)

    def text(self, name: str) -> str:
        """Return the typed value of a field without blanks around it."""
        return self.values.get(name, "").strip()

    def lines(self, name: str) -> list[str]:
        """Return the non-blank lines of a field: some panels charge for blank ones."""
        return [line.strip() for line in self.values.get(name, "").splitlines() if line.strip()]

    def whole(self, name: str) -> int | None:
        """Return the whole number that a field states, None where it states none."""
        kind = next((each.kind for each in self.type.fields if each.name == name), "whole")
        if kind == "quantity":
            return read_quantity(self.text(name), self.service, self.runs)
        return read_whole(self.text(name))

    @property
    def dripping(self) -> bool:
        """Whether runs or an interval were typed."""
        return self.type.drip and any(self.text(each.name) for each in DRIP_FIELDS)

    @property
    def runs(self) -> int:
        """How many times the quantity is delivered and charged."""
        return (self.whole("runs") or 1) if self.dripping else 1

    @property
    def units(self) -> int | None:
        """What the rate per 1000 is multiplied with for one run; None while it is not known or for a fixed price."""
        kind = self.type
        if kind.price == "quantity":
            return self.whole("quantity")
        if kind.price == "lines":
            return len(self.lines(kind.counted)) or None
        if kind.price == "posts":
            posts, most = self.whole("posts"), self.whole("max")
            return None if posts is None or most is None else (posts + (self.whole("old_posts") or 0)) * most
        return None

    @property
    def estimate(self) -> Decimal | None:
        """What the order is expected to cost, runs included; None while unknown.

        For a subscription it is a ceiling, with the old posts in it.
        """
        if self.type.price == "once":
            return self.service.rate
        return None if self.units is None else estimate(self.service.rate, self.units, self.runs)

    def typed(self, values: Mapping[str, str], extra: str = "") -> OrderEntry:
        """Return the entry with other values."""
        return replace(self, values=values, extra=extra)

    def problems(self, balance: Balance | None = None, today: date | None = None) -> list[Problem]:
        """Return everything that is wrong or odd, in the order of the fields; without errors a draft can be made.

        Without `today`, the user's own day, a day that is over is not found.
        """
        found = [problem for each in self._asked() for problem in self._problems_of(each)]
        if all(problem.warning for problem in found):
            found += _subscription_problems(self, today)
        found += self._drip_problems()
        found += self._extra_problems()
        if len(self.note.strip()) > LONGEST_NOTE:
            found.append(Problem("note", f"A note has at most {LONGEST_NOTE} characters."))
        return found + self._price_warnings(balance)

    def draft(self, currency: str | None = None) -> Draft:
        """Return the order as it would be sent. Only for an entry without errors; `currency` is the balance's."""
        quantity = None if self.type.price == "once" else self.units
        return Draft(
            service=self.service,
            link=self.text(self.type.fields[0].name),
            fields=self._request_fields(),
            quantity=quantity,
            runs=self.runs,
            estimate=self.estimate,
            currency=currency,
            repeats=self.repeats,
            note=read_note(self.note),
            tags=read_tags(self.tags),
        )

    def extras(self) -> list[tuple[str, str]]:
        """Return the parameters that are sent beside the fields, the profile's `order_style` among them.

        Lines that are no parameters are left out (and are a problem), and so are those without a value.
        """
        matches = (_EXTRA.fullmatch(line.strip()) for line in self.extra.splitlines())
        extras = [(match[1], match[2].strip()) for match in matches if match]
        if self.order_style and all(name != "order_style" for name, _ in extras):
            extras.append(("order_style", self.order_style))
        return [(name, value) for name, value in extras if value]

    def _asked(self) -> tuple[Field, ...]:
        return self.type.fields + (DRIP_FIELDS if self.dripping else ())

    def _request_fields(self) -> tuple[tuple[str, str], ...]:
        sent = [("service", self.service.id)]
        for each in self._asked():
            value = self._request_value(each)
            if value:
                sent.append((each.name, value))
        return tuple(sent + self.extras())

    def _request_value(self, each: Field) -> str:
        if each.kind == "lines":
            return "\n".join(self.lines(each.name))
        if each.kind in ("quantity", "whole"):
            number = self.whole(each.name)
            return "" if number is None else str(number)
        return self.text(each.name)

    def _problems_of(self, each: Field) -> list[Problem]:
        typed = self.values.get(each.name, "").strip()
        if not typed:
            return [Problem(each.name, f"{each.label} {each.verb} needed.")] if each.required else []
        return _CHECKS[each.kind](self, each, typed)

    def _check_line(self, each: Field, typed: str) -> list[Problem]:
        if len(typed.splitlines()) > 1:
            text = f"{len(typed.splitlines())} lines were pasted, and this field takes one: keep one of them."
            return [Problem(each.name, text)]
        return []

    def _check_lines(self, each: Field, typed: str) -> list[Problem]:
        found = []
        if each.name in self.type.bounded:
            found += _bounds(each, len(self.lines(each.name)), self.service)
        if each.name == "comments" and any(" | " in line for line in self.lines(each.name)):
            found.append(Problem(each.name, 'Some panels split a comment at " | ".', warning=True))
        return found

    def _check_whole(self, each: Field, typed: str) -> list[Problem]:
        number = self.whole(each.name)
        if number is None:
            return [Problem(each.name, f"{each.label} {each.verb} a whole number, such as 1 or 30.")]
        if number == 0 and each.name not in ("delay", "old_posts"):
            return [Problem(each.name, f"{each.label} {each.verb} at least 1.")]
        return []

    def _check_quantity(self, each: Field, typed: str) -> list[Problem]:
        number = self.whole(each.name)
        if number is None:
            return [Problem(each.name, why_no_quantity(each.label, typed, self.service))]
        found = _bounds(each, number, self.service, typed) if each.name in self.type.bounded else []
        if buys_more(typed, self.service, self.runs):
            text = f"{typed} would buy more than the maximum of {number:,}."
            found.append(Problem(each.name, text, warning=True))
        return found

    def _check_date(self, each: Field, typed: str) -> list[Problem]:
        if _day(typed) is None:
            no_such = " There is no such day." if _DAY.fullmatch(typed) else ""
            return [Problem(each.name, f"{each.label} is a day such as 31/12/2026.{no_such}")]
        return []

    def _drip_problems(self) -> list[Problem]:
        if not self.dripping:
            return []
        for missing, given in (DRIP_FIELDS, DRIP_FIELDS[::-1]):
            if self.text(given.name) and not self.text(missing.name):
                text = (
                    f"Drip-feed needs {missing.label.lower()} as well: with one of the two some panels charge wrongly."
                )
                return [Problem(missing.name, text)]
        most, units = self.service.max, self.units
        if most is not None and units is not None and units <= most < units * self.runs:
            text = f"{units * self.runs:,} in all is over the maximum of {most:,}: some panels refuse that."
            return [Problem("runs", text, warning=True)]
        return []

    def _extra_problems(self) -> list[Problem]:
        # Runs given here would go around the rule that they need an interval, and around the estimate.
        own = self.type.fields + (DRIP_FIELDS if self.type.drip else ())
        taken = _OURS | {each.name for each in own}
        found, seen = [], set[str]()
        for line in filter(None, (line.strip() for line in self.extra.splitlines())):
            match = _EXTRA.fullmatch(line)
            if match is None:
                found.append(Problem("extra", f"“{line[:40]}” is not of the form name=value."))
            elif match[1] in taken or match[1] in seen:
                found.append(Problem("extra", f"“{match[1]}” is given already, or has a field of its own."))
            else:
                seen.add(match[1])
        return found

    def _price_warnings(self, balance: Balance | None) -> list[Problem]:
        cost = self.estimate
        found = []
        if not self.type.known:
            text = (
                f"The type “{self.service.type}” is not known here: the panel may want more fields (extra parameters)."
            )
            found.append(Problem("type", text, warning=True))
        if self.service.rate is None:
            found.append(Problem("estimate", "The panel's price could not be read exactly.", warning=True))
        elif self.service.rate == 0:
            found.append(Problem("estimate", "The panel lists this at no price.", warning=True))
        elif is_placeholder(self.service.rate):
            text = f"A price of {show_amount(self.service.rate)} looks like a placeholder: read the description first."
            found.append(Problem("estimate", text, warning=True))
        if balance is not None and cost is not None and cost > balance.amount:
            text = f"The balance is {show_amount(balance.amount, balance.currency)}: the panel will probably refuse."
            found.append(Problem("estimate", text, warning=True))
        return found


_CHECKS: dict[str, Callable[[OrderEntry, Field, str], list[Problem]]] = {
    "link": OrderEntry._check_line,
    "line": OrderEntry._check_line,
    "lines": OrderEntry._check_lines,
    "whole": OrderEntry._check_whole,
    "quantity": OrderEntry._check_quantity,
    "date": OrderEntry._check_date,
}


def _subscription_problems(entry: OrderEntry, today: date | None) -> list[Problem]:
    """What is wrong or odd between fields that each are right."""
    if entry.type.price != "posts":
        return []
    found, least, most = [], entry.whole("min"), entry.whole("max")
    if least is not None and most is not None and least > most:
        found.append(Problem("max", f"{most:,} is less than the least per post, {least:,}."))
    old = entry.whole("old_posts")
    more = estimate(entry.service.rate, old * most) if old and most else None
    if more is not None:
        text = f"Old posts may be charged as well: up to {show_amount(more)} more, which is in the estimate."
        found.append(Problem("old_posts", text, warning=True))
    expiry = _day(entry.text("expiry"))
    if expiry is not None and today is not None and expiry < today:
        found.append(Problem("expiry", f"Expiry is over: it is {today:%d/%m/%Y} today."))
    return found


def _day(typed: str) -> date | None:
    """The day that was typed, None for one that does not exist or is written otherwise."""
    try:
        return datetime.strptime(typed, "%d/%m/%Y").date() if _DAY.fullmatch(typed) else None
    except ValueError:
        return None


def _bounds(each: Field, number: int, service: Service, typed: str = "") -> list[Problem]:
    what = f"{number:,} lines" if each.kind == "lines" else f"{number:,}"
    so_many = f"{typed} buys {what}, which" if is_money(typed) else what
    if service.min is not None and number < service.min:
        return [Problem(each.name, f"{so_many} is under the minimum of {service.min:,}.")]
    if service.max is not None and number > service.max:
        return [Problem(each.name, f"{so_many} is over the maximum of {service.max:,}.")]
    if number == 0:
        return [Problem(each.name, f"{each.label} {each.verb} at least 1.")]
    return []
