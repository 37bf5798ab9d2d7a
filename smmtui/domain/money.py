"""Money: how amounts are read, computed and shown. Every amount is an exact `Decimal`, never a float."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, Context, Decimal

_GRAMMAR = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,12})?", re.ASCII)
_EXACT_DIGITS = 17
_DECIMALS = Decimal("1e-12")
_MOST_DECIMALS = 30
_LARGEST = Decimal(10) ** 15
# 15 digits of rate times 15 digits of quantity and 12 decimals fit without rounding.
_CONTEXT = Context(prec=60, rounding=ROUND_HALF_EVEN)

_NEXT_TO_NOTHING = Decimal("0.0001")
_FORTUNE = Decimal(100_000)
_NINES = 4

_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "TRY": "₺", "RUB": "₽", "INR": "₹", "BRL": "R$", "UAH": "₴"}


def read_amount(value: object) -> Decimal | None:
    """Return the amount that a reply's value states, or None for "unknown"; unknown never becomes 0.

    Strings follow the grammar `-?[0-9]{1,15}(.[0-9]{1,12})?` in ASCII. Numbers (int, Decimal) are exact, `1e-7`
    included; more than 17 significant digits are the tail of a binary float and are rounded to 12 decimals. A number
    too small for either is unknown.
    Anything else, such as "1,250.50", "12,5", NaN, true or null, is unknown.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        text = value.strip(" \t\r\n")
        return Decimal(text) if _GRAMMAR.fullmatch(text) else None
    if isinstance(value, int):
        return Decimal(value) if abs(value) < _LARGEST else None
    if isinstance(value, Decimal):
        return _from_number(value)
    return None


def _from_number(number: Decimal) -> Decimal | None:
    # Not abs() or a unary minus: these round to the thread's context, and raise on an exponent beyond its range.
    if not number.is_finite() or number.copy_abs() >= _LARGEST:
        return None
    if not number:
        return Decimal(0)
    # Written out, 1e-999999999 would need a gigabyte.
    if number.adjusted() < -_MOST_DECIMALS:
        return None
    if len(number.as_tuple().digits) > _EXACT_DIGITS:
        number = number.quantize(_DECIMALS, context=_CONTEXT).normalize(_CONTEXT)
        return Decimal(format(number, "f")) if number else None
    return Decimal(format(number, "f"))


def estimate(rate: Decimal | None, units: int, runs: int = 1) -> Decimal | None:
    """Return what `units` at `rate` per 1000 cost, `runs` times over; None where the rate is unknown.

    It is an estimate: panels round to 2, 4, 5, 7 or 8 decimals, and rates differ per user.
    """
    if rate is None:
        return None
    return plain(_CONTEXT.divide(_CONTEXT.multiply(rate, Decimal(units * runs)), Decimal(1000)))


def plain(amount: Decimal) -> Decimal:
    """Return the amount without trailing zeros and without an exponent."""
    return Decimal(format(amount.normalize(_CONTEXT), "f"))


def show_amount(amount: Decimal | None, currency: str | None = None, least: int = 2) -> str:
    """Return the amount for the screen: grouped, all its own decimals, at least `least`; "?" for unknown.

    A currency with a well-known sign is shown by it, any other by its code, an unknown one not at all.
    """
    if amount is None:
        return "?"
    sign, digits = "−" if amount < 0 else "", amount.copy_abs()
    exponent = digits.as_tuple().exponent
    decimals = max(least, -exponent if isinstance(exponent, int) else 0)
    number = f"{digits:,.{decimals}f}"
    if not currency:
        return f"{sign}{number}"
    if currency in _SIGNS:
        return f"{sign}{_SIGNS[currency]}{number}"
    return f"{sign}{number} {currency}"


def is_placeholder(rate: Decimal) -> bool:
    """Whether a rate looks like what panels give to a service that is off: next to nothing, 9999 or a fortune."""
    nines = format(plain(rate), "f")
    return rate <= _NEXT_TO_NOTHING or rate >= _FORTUNE or (len(nines) >= _NINES and set(nines) == {"9"})
