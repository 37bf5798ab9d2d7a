"""What becomes of orders as the clock moves."""

from collections import Counter
from decimal import Decimal

from tests.demo.customer import DAY, Customer


def _undisturbed(seed: int = 1) -> Customer:
    """A customer whose balance is moved by nothing but what they do: the history's running orders have ended."""
    customer = Customer(seed)
    customer.wait(DAY)
    return customer


def test_a_small_order_runs_to_its_end_in_20_to_40_seconds() -> None:
    """An order up to 1,000 is not finished after 20 seconds and is after 40."""
    customer = Customer()
    order = customer.order(customer.plain(), 1000)
    customer.wait(19.9)
    assert customer.ask("status", order=order)["status"] == "In progress"
    customer.wait(20.2)
    assert customer.ask("status", order=order)["status"] == "Completed"


def test_an_order_passes_through_its_statuses_while_remains_falls() -> None:
    """Pending, In progress, Completed, with the remains never rising and the start count fixed once it runs."""
    customer = Customer()
    order = customer.order(customer.plain(), 1000)
    rows = []
    for _ in range(90):
        rows.append(customer.ask("status", order=order))
        customer.wait(0.5)
    assert list(dict.fromkeys(row["status"] for row in rows)) == ["Pending", "In progress", "Completed"]
    remains = [int(row["remains"]) for row in rows]
    assert remains == sorted(remains, reverse=True)
    assert (remains[0], remains[-1]) == (1000, 0)
    assert len(set(remains)) > 20
    assert len({row["start_count"] for row in rows if row["status"] != "Pending"}) == 1


def test_big_orders_take_longer_but_hours_at_most() -> None:
    """An order of 100,000 takes the better part of an hour, one of millions ends within four hours."""
    customer = Customer(balance="100000")
    order = customer.order(customer.plain(), 100_000)
    customer.wait(30 * 60)
    assert customer.ask("status", order=order)["status"] == "In progress"
    huge = customer.pick(lambda s: s.type == "Default" and s.max == 5_000_000)
    order = customer.order(huge, 5_000_000)
    customer.wait(4 * 3600)
    assert customer.ask("status", order=order)["status"] in {"Completed", "Partial", "Canceled"}


def test_a_drip_feed_lasts_as_long_as_its_runs() -> None:
    """Five runs ten minutes apart are still under way after the fourth interval."""
    customer = Customer()
    service = customer.plain()
    order = customer.ask("add", service=service.service, link="x", quantity=100, runs=5, interval=10)["order"]
    customer.wait(39 * 60)
    assert customer.ask("status", order=order)["status"] == "In progress"
    customer.wait(2 * 60)
    assert customer.ask("status", order=order)["status"] == "Completed"


def test_most_orders_complete_and_some_do_not() -> None:
    """Of many orders most are Completed, a few Partial, a few Canceled."""
    customer = Customer()
    service = customer.plain()
    orders = [customer.order(service, link=f"l/{number}") for number in range(300)]
    customer.wait(60)
    ends = Counter(customer.ask("status", order=order)["status"] for order in orders)
    assert set(ends) == {"Completed", "Partial", "Canceled"}
    assert ends["Completed"] > 210
    assert min(ends.values()) >= 5


def test_a_partial_order_keeps_the_money_of_what_it_delivered() -> None:
    """Partial: the charge is the delivered share, the rest is back on the balance."""
    customer = _undisturbed()
    service = customer.plain()
    opening = customer.balance()
    spent = Decimal(0)
    for number in range(60):
        row_id = customer.order(service, 1000, f"l/{number}")
        customer.wait(60)
        row = customer.ask("status", order=row_id)
        delivered = 1000 - int(row["remains"])
        exact = Decimal(service.rate) * delivered / 1000
        assert abs(Decimal(row["charge"]) - exact) <= Decimal("0.00001")
        assert (row["status"], delivered) in {("Completed", 1000), ("Canceled", 0)} or row["status"] == "Partial"
        spent += Decimal(row["charge"])
    assert opening - customer.balance() == spent


def test_a_cancel_takes_effect_after_some_seconds_and_refunds() -> None:
    """A cancelled Pending order costs nothing; a cancelled running one costs what was delivered."""
    customer = _undisturbed()
    service = customer.plain()
    opening = customer.balance()
    early, late = customer.order(service, 100_000, "early"), customer.order(service, 100_000, "late")
    customer.ask("cancel", orders=early)
    assert customer.ask("status", order=early)["status"] == "Pending"
    assert customer.balance() < opening
    customer.wait(600)
    customer.ask("cancel", orders=late)
    before = int(customer.ask("status", order=late)["remains"])
    assert customer.ask("status", order=late)["status"] == "In progress"
    customer.wait(10)
    row = customer.ask("status", order=late)
    assert row["status"] == "Partial"
    assert 0 < int(row["remains"]) <= before
    assert customer.ask("status", order=early)["status"] in {"Canceled", "Partial"}
    charges = sum(Decimal(customer.ask("status", order=order)["charge"]) for order in (early, late))
    assert customer.balance() == opening - charges


def test_a_cancel_that_comes_too_late_changes_nothing() -> None:
    """An order that ends before its cancel takes effect ends as it would have, with the same charge and refund."""
    hasty, patient = _undisturbed(seed=4), _undisturbed(seed=4)
    service = hasty.plain()
    for number in range(99):
        assert hasty.order(service, 1000, f"l/{number}") == patient.order(service, 1000, f"l/{number}")
    ids = ",".join(row.order for row in patient.market.ledger)
    hasty.wait(37)
    taken = [row["order"] for row in hasty.ask("cancel", orders=ids) if row["cancel"] == 1]
    hasty.wait(3)
    patient.wait(40)
    ends = {hasty.ask("status", order=order)["status"] for order in taken}
    assert {"Completed", "Partial"} <= ends
    assert hasty.ask("status", orders=ids) == patient.ask("status", orders=ids)
    assert hasty.balance() == patient.balance()


def test_a_subscription_is_charged_post_by_post() -> None:
    """Placing costs nothing; each post costs its units; the last one completes it."""
    customer = Customer()
    service = customer.pick(lambda s: s.type == "Subscriptions" and s.min <= 100 and s.max >= 1000)
    opening = customer.balance()
    form = {"service": service.service, "username": "ada", "min": 100, "max": 200, "posts": 3, "delay": 0}
    order = customer.ask("add", **form)["order"]
    assert (customer.balance(), customer.ask("status", order=order)["status"]) == (opening, "Active")
    assert "active order" in customer.ask("add", **form)["error"]
    customer.wait(41)
    row = customer.ask("status", order=order)
    assert (row["status"], row["remains"]) in {("Active", "2"), ("Active", "1")}
    customer.wait(120)
    row = customer.ask("status", order=order)
    assert (row["status"], row["remains"]) == ("Completed", "0")
    assert 300 <= Decimal(row["charge"]) * 1000 / Decimal(service.rate) + Decimal("0.1") <= 601
    assert opening - customer.balance() == Decimal(row["charge"])


def test_a_subscription_pauses_when_the_money_is_gone_and_expires_on_its_day() -> None:
    """Posts that cannot be paid pause it, and posts after the day of expiry do not count."""
    probe = Customer()
    service = probe.pick(lambda s: s.type == "Subscriptions" and s.min <= 100 and s.max >= 1000)
    form = {"service": service.service, "username": "ada", "min": 1000, "max": 1000, "posts": 9, "delay": 0}
    poor = Customer(balance=str(Decimal(service.rate) * 2))
    order = poor.ask("add", **form)["order"]
    poor.wait(600)
    assert (poor.ask("status", order=order)["status"], poor.balance() < Decimal(service.rate)) == ("Paused", True)
    order = probe.ask("add", **form | {"delay": 48 * 60, "expiry": "15/11/2023"})["order"]
    probe.wait(3 * DAY)
    assert probe.ask("status", order=order)["status"] == "Expired"


def test_the_history_shows_every_kind_of_end_and_goes_on() -> None:
    """Orders from before are known to the panel as the books describe them, and the running ones end."""
    customer = Customer()
    history = customer.market.history
    rows = customer.ask("status", orders=",".join(past.order for past in history))
    assert Counter(row["status"] for row in rows.values()).keys() == {"Completed", "Partial", "Canceled", "In progress"}
    assert len(history) >= 12
    services = {str(service.service): service for service in customer.market.services}
    assert {"Default", "Custom Comments", "Package", "Web Traffic"} <= {services[p.service].type for p in history}
    assert all(past.placed < customer.clock and past.link for past in history)
    customer.wait(DAY)
    rows = customer.ask("status", orders=",".join(past.order for past in history))
    assert "In progress" not in {row["status"] for row in rows.values()}


def test_a_clock_set_back_undoes_nothing() -> None:
    """An order that has ended stays ended."""
    customer = Customer()
    order = customer.order_until("Partial", customer.plain())
    before = customer.ask("status", order=order), customer.balance()
    customer.wait(-DAY)
    assert (customer.ask("status", order=order), customer.balance()) == before
