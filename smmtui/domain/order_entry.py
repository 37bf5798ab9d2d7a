"""What a user has typed into an order form: read, checked, priced, and made into a draft."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal

from msgspec import Struct, field
from msgspec.structs import replace

from smmtui.domain.field_words import HALF_A_DRIP, at_least_one, needed, over, under, whole_number
from smmtui.domain.money import estimate, is_placeholder, show_amount
from smmtui.domain.order_notes import LONGEST_NOTE, read_note, read_tags
from smmtui.domain.quantities import buys_more, read_quantity, read_whole, why_no_quantity
from smmtui.domain.records import Balance, Draft, Service
from smmtui.domain.service_types import DRIP_FIELDS, Field, ServiceType, known_types, service_type
from smmtui.words import _, ngettext

# Texts, compiled when first used: compiling all of them would be felt in the start.
_EXTRA = r"([A-Za-z][A-Za-z0-9_]{0,63})=(.*)"
_DAY = r"[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}"
_OURS = frozenset({"key", "action", "service"})
Parameters = tuple[tuple[str, str], ...]


class Problem(Struct, frozen=True):
    """What is wrong with a field, in words with the bound; a warning does not keep the order from being placed."""

    field: str
    text: str
    warning: bool = False


class OrderEntry(Struct, frozen=True):
    """The typed values of an order for one service, by field name, as the user wrote them.

    `extra` is the text of the extra parameters, one `name=value` a line; one without a value is not sent.
    `defaults` are the profile's own extra parameters, sent where `extra` does not name the same ones.
    `repeats` is the uuid of the order that this one repeats. `note` and `tags` are kept here and never sent.
    """

    service: Service
    values: Mapping[str, str] = field(default_factory=dict)
    extra: str = ""
    defaults: Parameters = ()
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
            found.append(Problem("note", _("A note has at most {most} characters.", most=LONGEST_NOTE)))
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
        """Return the parameters that are sent beside the fields, those of the profile among them.

        Lines that are no parameters are left out (and are a problem), and so are those without a value.
        """
        matches = (re.fullmatch(_EXTRA, line.strip()) for line in self.extra.splitlines())
        extras = [(match[1], match[2].strip()) for match in matches if match]
        given = {name for name, _ in extras}
        extras += [(name, value) for name, value in self.defaults if name not in given]
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
            return [Problem(each.name, needed(each))] if each.required else []
        return _CHECKS[each.kind](self, each, typed)

    def _check_line(self, each: Field, typed: str) -> list[Problem]:
        lines = len(typed.splitlines())
        if lines <= 1:
            return []
        text = ngettext(
            "{count} line was pasted, and this field takes one: keep one of them.",
            "{count} lines were pasted, and this field takes one: keep one of them.",
            lines,
        )
        return [Problem(each.name, text)]

    def _check_lines(self, each: Field, typed: str) -> list[Problem]:
        found = []
        if each.name in self.type.bounded:
            found += _bounds(each, len(self.lines(each.name)), self.service)
        if each.name == "comments" and any(" | " in line for line in self.lines(each.name)):
            found.append(Problem(each.name, _('Some panels split a comment at " | ".'), warning=True))
        return found

    def _check_whole(self, each: Field, typed: str) -> list[Problem]:
        number = self.whole(each.name)
        if number is None:
            return [Problem(each.name, whole_number(each))]
        if number == 0 and each.name not in ("delay", "old_posts"):
            return [Problem(each.name, at_least_one(each))]
        return []

    def _check_quantity(self, each: Field, typed: str) -> list[Problem]:
        number = self.whole(each.name)
        if number is None:
            return [Problem(each.name, why_no_quantity(each.label, typed, self.service))]
        found = _bounds(each, number, self.service, typed) if each.name in self.type.bounded else []
        if buys_more(typed, self.service, self.runs):
            text = _("{typed} would buy more than the maximum of {max}.", typed=typed, max=f"{number:,}")
            found.append(Problem(each.name, text, warning=True))
        return found

    def _check_date(self, each: Field, typed: str) -> list[Problem]:
        if _day(typed) is None:
            what = _("{field} is a day such as {example}.", field=each.label, example="31/12/2026")
            no_such = _("There is no such day.") if re.fullmatch(_DAY, typed) else ""
            return [Problem(each.name, f"{what} {no_such}".rstrip())]
        return []

    def _drip_problems(self) -> list[Problem]:
        if not self.dripping:
            return []
        for missing, given in (DRIP_FIELDS, DRIP_FIELDS[::-1]):
            if self.text(given.name) and not self.text(missing.name):
                return [Problem(missing.name, HALF_A_DRIP[missing.name])]
        most, units = self.service.max, self.units
        if most is not None and units is not None and units <= most < units * self.runs:
            text = _(
                "{total} in all is over the maximum of {max}: some panels refuse that.",
                total=f"{units * self.runs:,}",
                max=f"{most:,}",
            )
            return [Problem("runs", text, warning=True)]
        return []

    def _extra_problems(self) -> list[Problem]:
        # Runs given here would go around the rule that they need an interval, and around the estimate.
        own = self.type.fields + (DRIP_FIELDS if self.type.drip else ())
        taken = _OURS | {each.name for each in own}
        found, seen = [], set[str]()
        for line in filter(None, (line.strip() for line in self.extra.splitlines())):
            match = re.fullmatch(_EXTRA, line)
            if match is None:
                text = _("“{typed}” is not of the form {form}.", typed=line[:40], form="name=value")
                found.append(Problem("extra", text))
            elif match[1] in taken or match[1] in seen:
                text = _("“{name}” is given already, or has a field of its own.", name=match[1])
                found.append(Problem("extra", text))
            else:
                seen.add(match[1])
        return found

    def _price_warnings(self, balance: Balance | None) -> list[Problem]:
        cost = self.estimate
        found = []
        if not self.type.known:
            text = _(
                "The type “{type}” is not known here: the panel may want more fields (extra parameters).",
                type=self.service.type,
            )
            found.append(Problem("type", text, warning=True))
        if self.service.rate is None:
            found.append(Problem("estimate", _("The panel's price could not be read exactly."), warning=True))
        elif self.service.rate == 0:
            found.append(Problem("estimate", _("The panel lists this at no price."), warning=True))
        elif is_placeholder(self.service.rate):
            rate = show_amount(self.service.rate)
            text = _("A price of {rate} looks like a placeholder: read the description first.", rate=rate)
            found.append(Problem("estimate", text, warning=True))
        if balance is not None and cost is not None and cost > balance.amount:
            shown = show_amount(balance.amount, balance.currency)
            text = _("The balance is {balance}: the panel will probably refuse.", balance=shown)
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


def default_problem(name: str, value: str) -> str:
    """Say why a parameter cannot be sent with every order of a profile, "" if it can.

    It is an extra parameter of the form, and none that an order of any type has a field for.
    """
    fields = {each.name for kind in known_types() for each in (*kind.fields, *DRIP_FIELDS)}
    if not re.fullmatch(_EXTRA, f"{name}="):
        return _("is no parameter's name: that is made of up to 64 letters, digits and _.")
    if name in _OURS | fields:
        return _("is what each order has its own value of: it cannot be the same for all.")
    if not value.strip() or len(value.splitlines()) > 1:
        return _("is a text of one line.")
    return ""


def _subscription_problems(entry: OrderEntry, today: date | None) -> list[Problem]:
    """What is wrong or odd between fields that each are right."""
    if entry.type.price != "posts":
        return []
    found, least, most = [], entry.whole("min"), entry.whole("max")
    if least is not None and most is not None and least > most:
        text = _("{most} is less than the least per post, {least}.", most=f"{most:,}", least=f"{least:,}")
        found.append(Problem("max", text))
    old = entry.whole("old_posts")
    more = estimate(entry.service.rate, old * most) if old and most else None
    if more is not None:
        shown = show_amount(more)
        text = _("Old posts may be charged as well: up to {charge} more, which is in the estimate.", charge=shown)
        found.append(Problem("old_posts", text, warning=True))
    expiry = _day(entry.text("expiry"))
    if expiry is not None and today is not None and expiry < today:
        found.append(Problem("expiry", _("Expiry is over: it is {day} today.", day=f"{today:%d/%m/%Y}")))
    return found


def _day(typed: str) -> date | None:
    """The day that was typed, None for one that does not exist or is written otherwise."""
    try:
        return datetime.strptime(typed, "%d/%m/%Y").date() if re.fullmatch(_DAY, typed) else None
    except ValueError:
        return None


def _bounds(each: Field, number: int, service: Service, typed: str = "") -> list[Problem]:
    if service.min is not None and number < service.min:
        return [Problem(each.name, under(each, number, f"{service.min:,}", typed))]
    if service.max is not None and number > service.max:
        return [Problem(each.name, over(each, number, f"{service.max:,}", typed))]
    if number == 0:
        return [Problem(each.name, at_least_one(each))]
    return []
