"""Every service type takes its fields, refuses to go without one of them, and charges what it should."""

from decimal import Decimal

import pytest

from smmtui.demo.shelf import Service
from tests.demo.customer import FILLED, Customer

# An independent copy of the contract: type → the fields it needs, and the units the filled-in form below is charged for
# (None: the rate is charged once). The quantity of the form is the service's min; it has three comments and usernames.
TYPES: dict[str, tuple[str, str | int | None]] = {
    "Default": ("link quantity", "quantity"),
    "Package": ("link", None),
    "SEO": ("link quantity keywords", "quantity"),
    "Custom Comments": ("link comments", 3),
    "Custom Comments Package": ("link comments", None),
    "Mentions": ("link quantity usernames", "quantity"),
    "Mentions with Hashtags": ("link quantity usernames hashtags", "quantity"),
    "Mentions Custom List": ("link usernames", 3),
    "Mentions Hashtag": ("link quantity hashtag", "quantity"),
    "Mentions User Followers": ("link quantity username", "quantity"),
    "Mentions Media Likers": ("link quantity media", "quantity"),
    "Comment Likes": ("link quantity username", "quantity"),
    "Comment Replies": ("link username comments", 3),
    "Poll": ("link quantity answer_number", "quantity"),
    "Invites from Groups": ("link quantity groups", "quantity"),
    "Subscriptions": ("username min max posts delay", 0),
    "Web Traffic": ("link quantity country device type_of_traffic", "quantity"),
}


def _service(customer: Customer, kind: str) -> Service:
    return customer.pick(lambda s: s.type == kind and s.min <= (3 if TYPES[kind][1] == 3 else 1000))


def _form(service: Service) -> dict[str, object]:
    filled = FILLED | {"quantity": str(service.min), "min": str(service.min), "max": str(service.max)}
    return {"service": service.service} | {field: filled[field] for field in TYPES[service.type][0].split()}


@pytest.fixture
def rich() -> Customer:
    """A customer who can afford anything."""
    return Customer(balance="1000000")


def test_every_type_is_on_the_shelf(rich: Customer) -> None:
    """The catalogue has each of the 17 types many times, and plain orders most."""
    sold = [service.type for service in rich.market.services]
    assert set(sold) == set(TYPES)
    assert min(sold.count(kind) for kind in TYPES) >= 15
    assert sold.count("Default") > 2_500


@pytest.mark.parametrize("kind", TYPES)
def test_a_type_takes_its_fields_and_charges_for_them(rich: Customer, kind: str) -> None:
    """An order with the required fields is accepted, and the balance falls by exactly its price."""
    service = _service(rich, kind)
    form = _form(service)
    before = rich.balance()
    assert list(rich.ask("add", **form)) == ["order"]
    units = TYPES[kind][1]
    if not isinstance(units, int):
        units = service.min if units else 1000
    charge = (Decimal(service.rate) * units / 1000).quantize(Decimal("0.00001"), "ROUND_HALF_UP")
    assert before - rich.balance() == charge == rich.market.ledger[-1].charge
    assert rich.market.ledger[-1].fields == {"action": "add"} | {field: str(value) for field, value in form.items()}


@pytest.mark.parametrize(
    ("kind", "field"), [(kind, field) for kind, (fields, _) in TYPES.items() for field in fields.split()]
)
def test_a_type_refuses_to_go_without_a_field(rich: Customer, kind: str, field: str) -> None:
    """Each required field is demanded by name, whether it is absent or blank, and nothing is charged."""
    form = _form(_service(rich, kind))
    before = rich.balance()
    expected = {"error": f"{field.replace('_', ' ').capitalize()} cannot be blank."}
    assert rich.ask("add", **form | {field: " \n "}) == expected
    del form[field]
    assert rich.ask("add", **form) == expected
    assert (rich.balance(), rich.market.ledger) == (before, [])


@pytest.mark.parametrize("kind", [kind for kind, (_, units) in TYPES.items() if units == "quantity"])
def test_quantity_has_bounds(rich: Customer, kind: str) -> None:
    """A quantity below min or above max is refused with the bound."""
    service = rich.pick(lambda s: s.type == kind and s.min > 1)
    form = _form(service)
    low = rich.ask("add", **form | {"quantity": service.min - 1})
    assert low == {"error": f"Quantity less than minimal {service.min}"}
    high = rich.ask("add", **form | {"quantity": service.max + 1})
    assert high == {"error": f"Quantity more than maximum {service.max}"}


@pytest.mark.parametrize("kind", ["Custom Comments", "Comment Replies", "Mentions Custom List"])
def test_counted_lines_have_bounds(rich: Customer, kind: str) -> None:
    """What is counted by its lines is bounded by its lines, and blank ones do not count."""
    service = rich.pick(lambda s: s.type == kind and s.min == 5)
    field = "usernames" if kind == "Mentions Custom List" else "comments"
    assert rich.ask("add", **_form(service) | {field: "a\nb\n\n \nc\nd"}) == {"error": "Quantity less than minimal 5"}
    many = "\n".join("x" * (service.max + 1))
    assert rich.ask("add", **_form(service) | {field: many}) == {"error": f"Quantity more than maximum {service.max}"}
    assert "order" in rich.ask("add", **_form(service) | {field: "a\nb\n\nc\nd\ne"})
    assert rich.market.ledger[-1].quantity == 5


@pytest.mark.parametrize("kind", ["Default", "Web Traffic"])
def test_drip_feed_is_charged_in_full_at_placement(rich: Customer, kind: str) -> None:
    """Runs multiply the charge; min and max hold for one run."""
    service = rich.pick(lambda s: s.type == kind and s.max >= 1000)
    before = rich.balance()
    assert "order" in rich.ask("add", **_form(service) | {"quantity": service.max, "runs": 3, "interval": 10})
    assert rich.market.ledger[-1].quantity == 3 * service.max
    assert before - rich.balance() == (Decimal(service.rate) * 3 * service.max / 1000).quantize(Decimal("0.00001"))


@pytest.mark.parametrize(
    ("extra", "error"),
    [
        ({"runs": "3"}, "Interval cannot be blank."),
        ({"interval": "10"}, "Runs cannot be blank."),
        ({"runs": "0", "interval": "10"}, "Runs must be no less than 1."),
        ({"runs": "3", "interval": "x"}, "Interval must be an integer."),
        ({"quantity": "1e3"}, "Quantity must be an integer."),
        ({"quantity": "-5"}, "Quantity must be an integer."),
        ({"quantity": "9" * 5000}, "Quantity must be an integer."),
        ({"service": "1"}, "Incorrect service ID"),
        ({"service": ""}, "Incorrect service ID"),
    ],
)
def test_a_plain_order_that_makes_no_sense_is_refused(rich: Customer, extra: dict[str, str], error: str) -> None:
    """Half a drip-feed, numbers that are none and unknown services are refused in words."""
    assert rich.ask("add", **_form(rich.plain()) | extra) == {"error": error}


@pytest.mark.parametrize("field", ["expiry", "max", "posts", "old_posts"])
def test_a_subscription_that_makes_no_sense_is_refused(rich: Customer, field: str) -> None:
    """A past or unreadable expiry, a max below the min, no posts or odd old posts are refused."""
    service = rich.pick(lambda s: s.type == "Subscriptions" and s.max >= 1000)
    form = _form(service) | {"min": 1000}
    bad, words = {
        "expiry": ("31/02/2030", "Expiry is incorrect"),
        "max": (service.min, "Max must be no less than 1000."),
        "posts": (0, "Posts must be no less than 1."),
        "old_posts": ("some", "Old posts must be an integer."),
    }[field]
    assert words in rich.ask("add", **form | {field: bad})["error"]
    assert "Expiry is incorrect" in rich.ask("add", **form | {"expiry": "13/11/2023"})["error"]
    assert "order" in rich.ask("add", **form | {"expiry": "15/11/2023", "old_posts": "5"})


def test_an_answer_number_counts_from_one(rich: Customer) -> None:
    """A poll has no answer 0."""
    form = _form(rich.pick(lambda s: s.type == "Poll"))
    assert rich.ask("add", **form | {"answer_number": "0"}) == {"error": "Answer number must be no less than 1."}


def test_funds_are_checked_to_the_last_digit() -> None:
    """An order that costs all there is goes through; one that costs the smallest bit more does not."""
    service = Customer().plain()
    charge = (Decimal(service.rate) / 10).quantize(Decimal("0.00001"))
    poor, enough = Customer(balance=str(charge - Decimal("0.00001"))), Customer(balance=str(charge))
    form = _form(service) | {"quantity": 100}
    assert poor.ask("add", **form) == {"error": "Not enough funds on balance"}
    assert "order" in enough.ask("add", **form)
    assert enough.ask("balance")["balance"] == "0.00000"


def test_a_subscription_needs_the_money_for_one_post() -> None:
    """A subscription whose first post might cost more than there is is refused."""
    probe = Customer()
    service = probe.pick(lambda s: s.type == "Subscriptions" and s.min < s.max)
    form = _form(service) | {"max": service.max}
    charge = (Decimal(service.rate) * service.max / 1000).quantize(Decimal("0.00001"))
    poor, enough = Customer(balance=str(charge - Decimal("0.00001"))), Customer(balance=str(charge))
    assert poor.ask("add", **form) == {"error": "Not enough funds on balance"}
    assert "order" in enough.ask("add", **form)


def test_one_running_order_per_service_and_link(rich: Customer) -> None:
    """A second order on the same link waits for the first to end; another link or service need not wait."""
    service = rich.plain()
    other = rich.pick(lambda s: s.type == "Default" and s != service and s.min <= 100)
    rich.order(service, link="here")
    refused = {"error": "You have active order with this link. Please wait until order being completed."}
    assert rich.ask("add", service=service.service, link=" here ", quantity=100) == refused
    rich.order(service, link="there")
    rich.order(other, link="here")
    rich.wait(60)
    rich.order(service, link="here")
