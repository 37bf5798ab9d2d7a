"""How amounts are read, computed and shown."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smmtui.domain.money import estimate, plain, read_amount, show_amount

GRAMMAR = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,12})?", re.ASCII)


@pytest.mark.parametrize(
    ("stated", "amount"),
    [
        ("0.90", "0.90"),
        (" 100.84292\n", "100.84292"),
        ("-5", "-5"),
        ("999999999999999.999999999999", "999999999999999.999999999999"),
        (50, "50"),
        (Decimal("0.27819"), "0.27819"),
        (Decimal("1e-7"), "0.0000001"),
        (Decimal("1.5E+3"), "1500"),
        (Decimal("0.1000000000000000055511151231257827"), "0.1"),
        (Decimal("0E-99999999"), "0"),
        (Decimal("0E+99999999"), "0"),
    ],
)
def test_stated_amounts_are_read_exactly(stated: object, amount: str) -> None:
    """Strings of the grammar and JSON numbers are read to the last digit, the tail of a binary float is not money."""
    read = read_amount(stated)
    assert read is not None
    assert format(read, "f") == amount


@pytest.mark.parametrize(
    "stated",
    [
        *("", "1,250.50", "12,5", "1e-7", "+5", ".5", "5.", "$5", "١٢", "１２", "NaN", "Infinity", "Unknown", "0x10"),
        *("1234567890123456", "0.1234567890123", "1 000", "--5", "5\u200b"),
        *(None, True, False, 0.5, [], {}, b"5"),
        *(Decimal("NaN"), Decimal("sNaN"), Decimal("-Infinity"), 10**15, 10**5000, -(10**15)),
        *(Decimal("1e15"), Decimal("1e99999999"), Decimal("-1e999999999999"), Decimal("1e-99999999")),
        Decimal("1.2345678901234567891e-20"),
    ],
    ids=lambda stated: type(stated).__name__,
)
def test_anything_else_is_unknown_never_zero(stated: object) -> None:
    """What cannot be read exactly is unknown, and no number is too large or too small to be read in no time."""
    assert read_amount(stated) is None


@given(st.text(st.sampled_from("0123456789.-+eE, ١"), max_size=18))
def test_strings_are_amounts_only_by_the_grammar(text: str) -> None:
    """A string is read as its own decimal if it follows the grammar, else not at all."""
    trimmed = text.strip()
    expected = Decimal(trimmed) if GRAMMAR.fullmatch(trimmed) else None
    assert read_amount(text) == expected


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e14, max_value=1e14))
def test_numbers_in_json_keep_their_digits(number: float) -> None:
    """A float that a panel writes into JSON is read as the digits that stand there, if not too small."""
    stated = json.loads(json.dumps([number]), parse_float=Decimal)[0]
    read = read_amount(stated)
    if read is None:
        assert abs(number) < 1e-12
    else:
        assert read == stated


@pytest.mark.parametrize(
    ("rate", "units", "runs", "cost"),
    [("0.90", 1000, 1, "0.9"), ("0.90", 150, 3, "0.405"), ("0.00000001", 1, 1, "0.00000000001"), ("0", 10, 1, "0")],
)
def test_estimates_are_exact(rate: str, units: int, runs: int, cost: str) -> None:
    """The estimate is rate × units × runs / 1000 without any rounding."""
    estimated = estimate(Decimal(rate), units, runs)
    assert estimated is not None
    assert format(estimated, "f") == cost


def test_an_unknown_rate_has_no_estimate() -> None:
    """Without a rate the estimate is unknown, not free."""
    assert estimate(None, 1000) is None


@given(st.integers(0, 10**27 - 1), st.integers(0, 10**15), st.integers(1, 1000))
def test_large_estimates_do_not_round(digits: int, units: int, runs: int) -> None:
    """However many digits rate and quantity have, none is lost."""
    cost = estimate(Decimal(digits).scaleb(-12), units, runs)
    assert cost is not None
    # As fractions, for these never round.
    assert Fraction(cost) == Fraction(digits, 10**12) * units * runs / 1000


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [
        ("100.84292", "USD", "$100.84292"),
        ("1234567.5", "USD", "$1,234,567.50"),
        ("-4.31", "USD", "−$4.31"),
        ("-4.31", None, "−4.31"),
        ("0", "EUR", "€0.00"),
        ("-0", "EUR", "€0.00"),
        ("-0.00", None, "0.00"),
        ("5", "TRY", "₺5.00"),
        ("5", "XAF", "5.00 XAF"),
        ("0.0000001", "USD", "$0.0000001"),
        ("1E+3", "USD", "$1,000.00"),
        ("123456789012345678901234567890.5", "", "123,456,789,012,345,678,901,234,567,890.50"),
    ],
)
def test_amounts_are_shown_grouped_with_all_their_decimals(amount: str, currency: str | None, shown: str) -> None:
    """The screen shows the panel's own decimals, at least two, and never a negative nothing."""
    assert show_amount(Decimal(amount), currency) == shown


def test_an_unknown_amount_is_a_question_mark() -> None:
    """Unknown money is never shown as a number."""
    assert show_amount(None, "USD") == "?"


@pytest.mark.parametrize(("amount", "shown"), [("1.500", "1.5"), ("100", "100"), ("1E+2", "100"), ("0.00", "0")])
def test_plain_amounts_have_no_tail(amount: str, shown: str) -> None:
    """A plain amount has neither trailing zeros nor an exponent."""
    assert str(plain(Decimal(amount))) == shown
