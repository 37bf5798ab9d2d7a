"""What a user types into an order form becomes exactly the request that the panel's type of service asks for."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from smmtui.domain.money import show_amount
from smmtui.domain.order_entry import OrderEntry, Problem, default_problem
from smmtui.domain.quantities import read_quantity
from smmtui.domain.records import Balance, Service
from smmtui.domain.service_types import known_types, service_type

LINK = "https://example.com/p/1"
SERVICE = Service("7", "Followers", rate=Decimal("0.9"), min=10, max=1000)

Pairs = dict[str, str]


def of_type(kind: str, **changes: object) -> Service:
    """A service of that type, bounded by 10 and 1,000, at 0.90 per 1000."""
    return replace(SERVICE, type=kind, **changes)


def entry(kind: str = "Default", *, extra: str = "", **typed: str) -> OrderEntry:
    """An entry for a service of that type."""
    return OrderEntry(of_type(kind), typed, extra)


def plain(quantity: str = "100", **typed: str) -> OrderEntry:
    """An entry of the type Default that is complete but for what a test changes."""
    return entry(link=LINK, quantity=quantity, **typed)


def errors(form: OrderEntry) -> list[str]:
    """The fields that keep the order from being placed."""
    return [problem.field for problem in form.problems() if not problem.warning]


def warnings(form: OrderEntry, balance: Balance | None = None) -> list[Problem]:
    """What is odd but keeps nobody from placing the order."""
    return [problem for problem in form.problems(balance) if problem.warning]


def sent(form: OrderEntry) -> Pairs:
    """The request fields without the service."""
    return dict(form.draft().fields[1:])


TWELVE = "\n".join(f"line {number}" for number in range(12))

# The type, what is typed, what the rate per 1000 is multiplied with; what is typed is also what is sent.
TYPES: list[tuple[str, Pairs, int | None]] = [
    ("Default", {"link": LINK, "quantity": "100"}, 100),
    ("Package", {"link": LINK}, None),
    ("SEO", {"link": LINK, "quantity": "100", "keywords": "tea\ncoffee"}, 100),
    ("Custom Comments", {"link": LINK, "comments": TWELVE}, 12),
    ("Custom Comments Package", {"link": LINK, "comments": "one\ntwo"}, None),
    ("Mentions", {"link": LINK, "quantity": "100", "usernames": "ada\nbob"}, 100),
    ("Mentions with Hashtags", {"link": LINK, "quantity": "100", "usernames": "ada\nbob", "hashtags": "#a\n#b"}, 100),
    ("Mentions Custom List", {"link": LINK, "usernames": TWELVE}, 12),
    ("Mentions Hashtag", {"link": LINK, "quantity": "100", "hashtag": "#tea"}, 100),
    ("Mentions User Followers", {"link": LINK, "quantity": "100", "username": "ada"}, 100),
    ("Mentions Media Likers", {"link": LINK, "quantity": "100", "media": "https://example.com/p/2"}, 100),
    ("Comment Likes", {"link": LINK, "quantity": "100", "username": "ada"}, 100),
    ("Comment Replies", {"link": LINK, "username": "ada", "comments": TWELVE}, 12),
    ("Poll", {"link": LINK, "quantity": "100", "answer_number": "2"}, 100),
    ("Invites from Groups", {"link": LINK, "quantity": "100", "groups": "t.me/a\nt.me/b"}, 100),
    ("Subscriptions", {"username": "ada", "min": "10", "max": "100", "posts": "3", "delay": "0"}, 300),
    (
        "Web Traffic",
        {"link": LINK, "quantity": "100", "country": "TR", "device": "1", "type_of_traffic": "2"},
        100,
    ),
    ("Something New", {"link": LINK, "quantity": "100"}, 100),
]
OPTIONAL: dict[str, Pairs] = {
    "Default": {"runs": "3", "interval": "30"},
    "Subscriptions": {"old_posts": "2", "expiry": "31/12/2026"},
    "Web Traffic": {"google_keyword": "tea", "referring_url": "https://example.com", "runs": "3", "interval": "30"},
    "Something New": {"runs": "3", "interval": "30"},
}
BOUNDED = [
    (kind, typed, name)
    for kind, typed, _ in TYPES
    for name in {"Subscriptions": ("min", "max")}.get(kind, ("quantity",) if "quantity" in typed else ())
]
COUNTED = {"Custom Comments": "comments", "Mentions Custom List": "usernames", "Comment Replies": "comments"}


def test_the_table_of_this_test_names_every_type() -> None:
    """Each of the seventeen types is held to account below, and one that nobody knows."""
    assert [kind for kind, _, _ in TYPES[:-1]] == [kind.name for kind in known_types()]
    assert len(known_types()) == 17


@pytest.mark.parametrize(("kind", "typed", "units"), TYPES, ids=[row[0] for row in TYPES])
def test_a_type_sends_its_own_fields_and_nothing_else(kind: str, typed: Pairs, units: int | None) -> None:
    """What was typed for another type before is neither asked for nor sent."""
    form = entry(kind, **{name: "999" for _, others, _ in TYPES for name in others if name not in typed}, **typed)
    assert errors(form) == []
    assert form.draft().fields == (("service", "7"), *typed.items())
    assert form.draft().link == (typed.get("link") or typed["username"])


@pytest.mark.parametrize(("kind", "typed", "units"), TYPES, ids=[row[0] for row in TYPES])
def test_the_estimate_is_what_the_type_is_priced_by(kind: str, typed: Pairs, units: int | None) -> None:
    """Quantity, counted lines, posts x max, or once for a package: exact, to the last digit."""
    form = OrderEntry(of_type(kind, rate=Decimal("0.123456789")), typed)
    expected = Decimal("0.123456789") if units is None else Decimal(units) * Decimal("0.000123456789")
    assert form.estimate == expected
    assert form.draft("TRY").estimate == expected
    assert form.draft("TRY").currency == "TRY"
    assert form.draft().quantity == units


@pytest.mark.parametrize(("kind", "typed", "units"), TYPES, ids=[row[0] for row in TYPES])
def test_every_required_field_is_asked_for(kind: str, typed: Pairs, units: int | None) -> None:
    """A field that is empty or blank keeps the order from being placed, and is named."""
    for name in typed:
        for nothing in ("", "  ", "\n \t\n"):
            form = entry(kind, **{**typed, name: nothing})
            label = next(each.label for each in form.type.fields if each.name == name)
            words = f"{label} {'are' if label.endswith('s') else 'is'} needed."
            assert [problem.text for problem in form.problems() if problem.field == name][:1] == [words]


@pytest.mark.parametrize(("kind", "more"), OPTIONAL.items(), ids=list(OPTIONAL))
def test_optional_fields_are_sent_after_the_required_ones(kind: str, more: Pairs) -> None:
    """They can be left out, and are sent as they were typed where they are not."""
    typed = next(row[1] for row in TYPES if row[0] == kind)
    form = entry(kind, **typed, **more)
    assert errors(form) == []
    assert form.draft().fields == (("service", "7"), *typed.items(), *more.items())


@pytest.mark.parametrize(("kind", "typed", "name"), BOUNDED, ids=[f"{row[0]}-{row[2]}" for row in BOUNDED])
def test_min_and_max_bound_the_quantity(kind: str, typed: Pairs, name: str) -> None:
    """One under the minimum and one over the maximum are problems that state the bound."""
    for typed_number, bound in (("9", "minimum of 10"), ("1001", "maximum of 1,000")):
        (problem,) = (each for each in entry(kind, **{**typed, name: typed_number}).problems() if not each.warning)
        assert problem.field == name
        assert bound in problem.text
    for fine in ("10", "1000"):
        # Of a subscription the least must not be over the most.
        both = {"min": fine, "max": fine} if kind == "Subscriptions" else {name: fine}
        assert errors(entry(kind, **{**typed, **both})) == []


def test_the_least_of_a_subscription_is_not_over_its_most() -> None:
    """The panel refuses it, so it is said before."""
    typed = next(row[1] for row in TYPES if row[0] == "Subscriptions")
    assert errors(entry("Subscriptions", **{**typed, "min": "50", "max": "20"})) == ["max"]


def test_a_sum_that_is_cut_to_the_maximum_is_told() -> None:
    """What `$` buys over the maximum is not ordered, and the user is told so."""
    (warning,) = entry("Default", link=LINK, quantity="$999999").problems()
    assert warning.warning
    assert "more than the maximum of 1,000" in warning.text


@pytest.mark.parametrize(("kind", "name"), COUNTED.items(), ids=list(COUNTED))
def test_min_and_max_bound_the_lines_where_lines_are_counted(kind: str, name: str) -> None:
    """Nine comments are under a minimum of ten, and blank ones do not help."""
    typed = next(row[1] for row in TYPES if row[0] == kind)
    for count, fine in ((9, False), (10, True), (1000, True), (1001, False)):
        lines = "\n\n".join(["word"] * count) + "\n \n"
        assert errors(entry(kind, **{**typed, name: lines})) == ([] if fine else [name])


@pytest.mark.parametrize("kind", ["Package", "Custom Comments Package"])
def test_a_package_has_no_bounds(kind: str) -> None:
    """The service's min and max say nothing about the lines of a package."""
    assert errors(entry(kind, link=LINK, comments="just one")) == []


def test_a_service_without_bounds_still_refuses_none_at_all() -> None:
    """Where the panel states neither min nor max, anything but zero passes."""
    free = replace(SERVICE, min=None, max=None)
    assert errors(OrderEntry(free, {"link": LINK, "quantity": "0"})) == ["quantity"]
    assert errors(OrderEntry(free, {"link": LINK, "quantity": "123456789"})) == []


# ── what a quantity may look like ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("100", 100),
        (" 100 ", 100),
        ("0100", 100),
        ("2k", 2000),
        ("2K", 2000),
        ("1.5k", 1500),
        ("1m", 1_000_000),
        ("0.25M", 250_000),
        ("1.2345k", None),
        ("$10", 11_111),
        ("$ 10", 11_111),
        ("$0.9", 1000),
        ("max", 50_000),
        ("MAX", 50_000),
        ("$1000", 50_000),
    ],
)
def test_quantities_in_short(typed: str, meant: int | None) -> None:
    """Thousands, millions, what a sum of money buys, and the most there is; a part of a unit cannot be ordered."""
    assert read_quantity(typed, replace(SERVICE, max=50_000)) == meant


NO_QUANTITIES = """
    1e3 1.000 1,000 1'000 1_000 1.5 -5 +5 −5 0x10 1k5 k $ $-1 10$ $1e3 €10 10% ten 1.2345k 1.k .5k NaN inf
    ١٠٠ १०० １００ 1٫5k ² Ⅷ 1\u212a 1;drop 1&runs=9 9999999999999999 1\u200b0 \u202e100
"""


@pytest.mark.parametrize("typed", [*NO_QUANTITIES.split(), "1 000", "max 5", "1\n2"])
def test_anything_else_is_no_quantity(typed: str) -> None:
    """What two people could read as two numbers is refused under its field, and never reaches the request."""
    form = plain(typed)
    assert errors(form) == ["quantity"]
    assert "quantity" not in sent(form)


@given(st.text(max_size=12), st.sampled_from([name for name, typed, _ in TYPES if "quantity" in typed]))
def test_only_plain_whole_numbers_reach_the_request(typed: str, kind: str) -> None:
    """Whatever was typed, the panel gets ASCII digits without a leading zero, or the form says what is wrong."""
    form = entry(kind, **{**next(row[1] for row in TYPES if row[0] == kind), "quantity": typed})
    if "quantity" in errors(form):
        return
    value = sent(form)["quantity"]
    assert value.isascii()
    assert value.isdigit()
    assert value == str(int(value))


@given(
    st.decimals("0.01", 100_000, places=2),
    st.decimals("0.000001", 100_000, places=6),
    st.one_of(st.none(), st.integers(1, 10**9)),
)
def test_a_sum_of_money_buys_as_much_as_it_can_and_no_more(money: Decimal, rate: Decimal, most: int | None) -> None:
    """`$10` is rounded down: one unit more would cost more than ten, or be over the maximum."""
    service = replace(SERVICE, rate=rate, min=None, max=most)
    units = read_quantity(f"${money}", service)
    assert units is not None
    assert units * rate / 1000 <= money
    assert units == most or (units + 1) * rate / 1000 > money


def test_money_and_max_need_a_price_and_a_maximum() -> None:
    """Where the panel states none, the field says why nothing can be reckoned."""
    for service, typed, why in (
        (replace(SERVICE, rate=None), "$10", "price"),
        (replace(SERVICE, rate=Decimal(0)), "$10", "price"),
        (replace(SERVICE, max=None), "max", "no maximum"),
    ):
        (problem,) = (p for p in OrderEntry(service, {"link": LINK, "quantity": typed}).problems() if not p.warning)
        assert problem.field == "quantity"
        assert why in problem.text


@pytest.mark.parametrize("name", ["runs", "interval", "posts", "delay", "old_posts", "answer_number"])
@pytest.mark.parametrize("typed", ["1e1", "1.0", "-1", "٣", "2k", "x", "1,5", "$1", "max"])
def test_counts_are_plain_whole_numbers(name: str, typed: str) -> None:
    """Runs, minutes, posts and answers are digits and nothing else."""
    kinds = {"runs": "Default", "interval": "Default", "answer_number": "Poll"}
    kind = kinds.get(name, "Subscriptions")
    whole = next(row[1] for row in TYPES if row[0] == kind) | OPTIONAL.get(kind, {}) | {name: typed}
    form = entry(kind, **whole)
    assert errors(form) == [name]
    assert name not in sent(form)


def test_a_delay_of_nothing_is_a_delay_and_a_run_of_nothing_is_none() -> None:
    """Zero minutes and zero old posts can be meant; zero runs, posts or answers cannot."""
    subscription = dict(next(row[1] for row in TYPES if row[0] == "Subscriptions"), old_posts="0", delay="0")
    assert errors(entry("Subscriptions", **subscription)) == []
    assert sent(entry("Subscriptions", **subscription))["old_posts"] == "0"
    assert errors(entry("Subscriptions", **{**subscription, "posts": "0"})) == ["posts"]
    assert errors(plain(runs="0", interval="5")) == ["runs"]
    assert errors(plain(runs="5", interval="0")) == ["interval"]


@pytest.mark.parametrize("typed", ["2026-12-31", "31/02/2026", "31/12/26", "12/31/2026", "31.12.2026", "٣١/١٢/٢٠٢٦"])
def test_a_day_is_written_as_the_panel_reads_it(typed: str) -> None:
    """An expiry that is no day, or one in another order, is a problem of that field."""
    subscription = next(row[1] for row in TYPES if row[0] == "Subscriptions")
    assert errors(entry("Subscriptions", **subscription, expiry=typed)) == ["expiry"]


# ── drip-feed ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_drip_feed_is_charged_for_every_run() -> None:
    """The total is runs x quantity, and so is the estimate; the quantity that is sent is that of one run."""
    form = plain("100", runs="10", interval="30")
    draft = form.draft()
    assert form.estimate == draft.estimate == Decimal("0.9")
    assert (draft.quantity, draft.runs) == (100, 10)
    assert sent(form) == {"link": LINK, "quantity": "100", "runs": "10", "interval": "30"}


@pytest.mark.parametrize(("given_", "missing"), [("runs", "interval"), ("interval", "runs")])
def test_one_of_runs_and_interval_is_refused(given_: str, missing: str) -> None:
    """Some panels charge every run without an interval, so the other one is asked for."""
    assert errors(plain(**{given_: "5"})) == [missing]


@pytest.mark.parametrize("kind", ["SEO", "Package", "Poll", "Subscriptions"])
def test_types_without_drip_feed_send_no_runs(kind: str) -> None:
    """Runs that were typed before the service was changed are neither sent nor charged."""
    typed = next(row[1] for row in TYPES if row[0] == kind)
    form = entry(kind, **typed, runs="10", interval="5")
    assert errors(form) == []
    assert "runs" not in sent(form)
    assert form.estimate == entry(kind, **typed).estimate


def test_bounds_hold_for_each_run_and_the_total_is_a_warning() -> None:
    """600 x 2 is fine for each run and over 1,000 in all, which some panels refuse."""
    form = plain("600", runs="2", interval="5")
    assert errors(form) == []
    assert [problem.field for problem in warnings(form)] == ["runs"]
    assert "1,200" in warnings(form)[0].text
    assert warnings(plain("500", runs="2", interval="5")) == []
    assert errors(plain("1001", runs="2", interval="5")) == ["quantity"]


@pytest.mark.parametrize("extra", ["runs=10", "interval=5", "runs=10\ninterval=5"])
def test_runs_cannot_come_in_by_the_back_door(extra: str) -> None:
    """As extra parameters they would be charged without being in the estimate."""
    assert set(errors(entry(link=LINK, quantity="100", extra=extra))) == {"extra"}


# ── lines ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_blank_comment_lines_are_not_sent() -> None:
    """Some panels charge for them; Windows line ends become plain ones."""
    form = entry("Custom Comments", link=LINK, comments="\n one \r\n\r\n\t\ntwo\n\n" + TWELVE + "\n\n")
    assert form.units == 14
    assert sent(form)["comments"] == "one\ntwo\n" + TWELVE
    assert form.estimate == Decimal("0.0126")


def test_a_bar_inside_a_comment_is_a_warning() -> None:
    """Some panels split a comment there, and charge for two."""
    comments = TWELVE + "\nnice | really"
    (warning,) = warnings(entry("Custom Comments", link=LINK, comments=comments))
    assert (warning.field, '" | "' in warning.text) == ("comments", True)
    assert warnings(entry("Custom Comments", link=LINK, comments=TWELVE + "\na|b")) == []
    assert warnings(entry("Mentions Custom List", link=LINK, usernames=TWELVE + "\na | b")) == []


@pytest.mark.parametrize("name", ["link", "quantity"])
def test_several_lines_in_a_one_line_field_are_a_problem(name: str) -> None:
    """A paste of a list is not cut down to its first line in silence."""
    form = entry(**{"link": LINK, "quantity": "100", name: "100\n200"})
    assert errors(form) == [name]


# ── extra parameters and the order style ──────────────────────────────────────────────────────────────────────────


def test_extra_parameters_are_sent_last_and_as_given() -> None:
    """Names and values as typed, blanks around them taken off, `=` kept inside a value."""
    form = entry(link=LINK, quantity="100", extra=" server=2 \n\n  url=https://x/?a=b\nnote= two words ")
    assert errors(form) == []
    assert form.draft().fields[3:] == (("server", "2"), ("url", "https://x/?a=b"), ("note", "two words"))


def test_a_package_can_be_given_a_quantity_by_hand() -> None:
    """Some panels demand one, so it is no field of the type and still possible."""
    form = entry("Package", link=LINK, extra="quantity=1")
    assert errors(form) == []
    assert sent(form) == {"link": LINK, "quantity": "1"}
    assert form.estimate == Decimal("0.9")


NO_EXTRAS = "server =5 1x=5 ключ=1 key=1 action=add service=9 link=x quantity=5 a[]=1 a&b=1"


@pytest.mark.parametrize("extra", [*NO_EXTRAS.split(), "a b=5", "server=1\nserver=2", "x" * 65 + "=1"])
def test_extra_parameters_that_cannot_be_sent(extra: str) -> None:
    """What is no parameter, is ours to send, or is given twice is a problem."""
    assert errors(entry(link=LINK, quantity="100", extra=extra)) == ["extra"]


def test_the_profiles_own_parameters_are_sent_where_the_order_names_no_others() -> None:
    """Each by itself; the order can also name one to send none."""
    defaults = (("order_style", "fast"), ("server", "2"))
    for extra, style in (("", "fast"), ("order_style=slow", "slow"), ("order_style=", None)):
        form = replace(entry(link=LINK, quantity="100", extra=extra), defaults=defaults)
        assert errors(form) == []
        assert (sent(form).get("order_style"), sent(form)["server"]) == (style, "2")


@pytest.mark.parametrize("name", ["key", "service", "link", "quantity", "runs", "posts", "", "a b", "x" * 65])
def test_what_each_order_has_its_own_value_of_is_no_parameter_of_a_profile(name: str) -> None:
    """It would go around the fields, the estimate and the checks."""
    assert default_problem(name, "5")
    assert default_problem("server", "5") == ""
    assert default_problem("server", "5\n6") == default_problem("server", " ") != ""


# ── prices ────────────────────────────────────────────────────────────────────────────────────────────────────────


@given(st.decimals(0, 10**6, places=12), st.integers(1, 10**9), st.integers(1, 1000))
def test_an_estimate_is_exact(rate: Decimal, units: int, runs: int) -> None:
    """Rate x units x runs / 1000 to the last digit, and never by way of a float."""
    form = OrderEntry(
        replace(SERVICE, rate=rate, max=None),
        {"link": LINK, "quantity": str(units), "runs": str(runs), "interval": "1"},
    )
    assert form.estimate is not None
    scaled = 10**12
    with localcontext(prec=60):
        assert form.estimate * 1000 * scaled == int(rate * scaled) * units * runs


def test_a_price_that_is_not_known_is_never_nothing() -> None:
    """The estimate is unknown, with a warning, and the order can still be placed."""
    form = OrderEntry(replace(SERVICE, rate=None), {"link": LINK, "quantity": "100"})
    assert form.estimate is None
    assert form.draft().estimate is None
    assert errors(form) == []
    assert [problem.field for problem in warnings(form, Balance(Decimal(0)))] == ["estimate"]


def test_a_price_of_nothing_is_said_to_be_one() -> None:
    """A rate of 0 is the panel's word, and odd."""
    form = OrderEntry(replace(SERVICE, rate=Decimal("0.00")), {"link": LINK, "quantity": "100"})
    assert form.estimate == 0
    assert "no price" in warnings(form)[0].text


def test_a_balance_that_is_too_small_is_a_warning() -> None:
    """The panel decides; the form says how much there is. Exactly enough is enough."""
    assert warnings(plain(), Balance(Decimal("0.09"), "USD")) == []
    (warning,) = warnings(plain(), Balance(Decimal("0.0899"), "USD"))
    assert "$0.0899" in warning.text


def test_nothing_typed_has_no_estimate() -> None:
    """An empty form shows no price instead of a wrong one."""
    for kind, _, units in TYPES:
        assert entry(kind).estimate == (SERVICE.rate if units is None else None)


def test_an_unknown_type_says_so() -> None:
    """It is ordered as Default, with a warning that names the panel's word for it."""
    (warning,) = warnings(entry("Something New", link=LINK, quantity="100"))
    assert (warning.field, "Something New" in warning.text) == ("type", True)
    assert service_type(of_type("Something New")).drip


@pytest.mark.parametrize("link", ["instagram.com/x", "@name", "https://t.me/c/1?single", "ÄÖ/ü", "name with blanks"])
def test_links_are_the_panels_to_judge(link: str) -> None:
    """Whatever is on one line passes, and is sent as typed."""
    form = entry(link=f" {link} ", quantity="100")
    assert errors(form) == []
    assert sent(form)["link"] == link


def test_a_repeat_keeps_the_name_of_what_it_repeats() -> None:
    """An order that is sent again is a new intent that names the old one."""
    assert OrderEntry(SERVICE, {"link": LINK, "quantity": "100"}, repeats="old").draft().repeats == "old"


SUBSCRIPTION = {"username": "ada", "min": "100", "max": "200", "posts": "10", "delay": "0"}


def test_old_posts_are_in_the_ceiling_of_a_subscription() -> None:
    """They are warned of with what they may cost, and what is confirmed is the larger ceiling."""
    plain, old = entry("Subscriptions", **SUBSCRIPTION), entry("Subscriptions", **SUBSCRIPTION, old_posts="5")
    assert plain.estimate is not None and old.estimate is not None
    assert (old.units, old.estimate) == (3_000, plain.estimate * 3 / 2)
    assert old.draft().estimate == old.estimate
    assert [each.text for each in old.problems() if each.field == "old_posts"] == [
        f"Old posts may be charged as well: up to {show_amount(plain.estimate / 2)} more, which is in the estimate."
    ]
    assert all(each.field != "old_posts" for each in plain.problems())


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("23/11/2026", ""),
        ("1/1/2027", ""),
        ("22/11/2026", "Expiry is over: it is 23/11/2026 today."),
        ("31/02/2027", "Expiry is a day such as 31/12/2026. There is no such day."),
        ("soon", "Expiry is a day such as 31/12/2026."),
    ],
)
def test_a_subscription_expires_today_or_later(typed: str, words: str) -> None:
    """On a day that exists; the words say what is wrong with another one."""
    found = entry("Subscriptions", **SUBSCRIPTION, expiry=typed).problems(today=date(2026, 11, 23))
    assert "".join(each.text for each in found if each.field == "expiry") == words
