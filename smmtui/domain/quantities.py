"""Quantities as users type them: `1000`, `2k`, `1.5k`, `1m`, `$10`, `max`."""

from __future__ import annotations

import re
from decimal import Context, Decimal

from smmtui.domain.records import Service
from smmtui.words import _

# Texts, compiled when first used: compiling all of them would be felt in the start.
_WHOLE = r"[0-9]{1,15}"
_SCALED = r"([0-9]{1,12}(?:\.[0-9]{1,6})?)([kKmM])"
_MONEY = r"\$ ?([0-9]{1,12}(?:\.[0-9]{1,12})?)"
_SCALE = {"k": 1_000, "m": 1_000_000}
# In one country a thousand, in another one and no thousandths.
_GROUPED = r"(?a)[0-9]{1,3}(?:[.,'’_\s][0-9]{3})+"
_EXPONENT = r"[0-9]{1,6}(?:\.[0-9]{1,6})?[eE]\+?[0-9]{1,2}"
# A sum of 12 digits and 12 decimals by a rate of 15 and 12.
_CONTEXT = Context(prec=60)


def read_whole(text: str) -> int | None:
    """Return the whole number that plain ASCII digits state, None for anything else."""
    return int(text) if re.fullmatch(_WHOLE, text) else None


def read_quantity(text: str, service: Service, runs: int = 1) -> int | None:
    """Return the quantity that `1000`, `2k`, `1.5k`, `1m`, `$10` or `max` means for the service, else None.

    `$10` is what ten of the panel's currency buy in all `runs`, rounded down and held under the service's maximum.
    Only plain ASCII digits count: `1e3`, `1.000`, `1,000` and digits of other scripts mean different numbers to
    different people.
    """
    text = text.strip()
    if text.lower() == "max":
        return service.max
    if scaled := re.fullmatch(_SCALED, text):
        number = Decimal(scaled[1]) * _SCALE[scaled[2].lower()]
        return int(number) if number == number.to_integral_value() else None
    if (bought := _bought(text, service, runs)) is not None:
        return bought if service.max is None else min(bought, service.max)
    return read_whole(text)


def is_money(text: str) -> bool:
    """Whether the text is a sum of money to be spent, such as `$10`."""
    return re.fullmatch(_MONEY, text.strip()) is not None


def buys_more(text: str, service: Service, runs: int = 1) -> bool:
    """Whether a sum of money would buy more than the service's maximum."""
    bought = _bought(text.strip(), service, runs)
    return bought is not None and service.max is not None and bought > service.max


def _bought(text: str, service: Service, runs: int) -> int | None:
    money = re.fullmatch(_MONEY, text)
    if money is None or not service.rate or service.rate < 0:
        return None
    thousandfold = _CONTEXT.multiply(Decimal(money[1]), Decimal(1000))
    return int(_CONTEXT.divide_int(thousandfold, _CONTEXT.multiply(service.rate, Decimal(max(runs, 1)))))


def why_no_quantity(label: str, typed: str, service: Service) -> str:
    """Return in words why the text is no quantity for the service, and what to type instead."""
    typed = typed.strip()
    if typed.lower() == "max":
        return _("The panel states no maximum for this service.")
    if typed.startswith("$") and not service.rate:
        return _("The price of this service is not known, so a sum cannot be turned into a quantity.")
    if (number := _meant(typed)) is not None:
        return _(
            "“{typed}” can be read in two ways: type {number} if that is what you mean.",
            typed=typed[:40],
            number=number,
        )
    return _("{field} is a whole number, such as 1000, 2k, 1.5k, $10 or {max}.", field=label, max="max")


def _meant(typed: str) -> str | None:
    """What was probably meant, in plain digits; for the user to type, never to be sent."""
    if re.fullmatch(_GROUPED, typed):
        return re.sub(r"[^0-9]", "", typed).lstrip("0") or None
    if re.fullmatch(_EXPONENT, typed):
        number = Decimal(typed)
        return f"{number:f}".split(".")[0] if number == number.to_integral_value() and number < 10**15 else None
    # Digits of another script.
    return str(int(typed)) if typed.isdecimal() and not typed.isascii() and len(typed) <= 15 else None
