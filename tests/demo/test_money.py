"""Whatever is ordered and cancelled, no money appears or gets lost."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from smmtui.demo.shelf import Service
from tests.demo.customer import Customer

_STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.integers(0, 20), st.integers(0, 30_000)),
        st.tuples(st.just("subscribe"), st.integers(0, 5), st.integers(1, 6)),
        st.tuples(st.just("cancel"), st.integers(0, 25), st.just(0)),
        st.tuples(st.just("wait"), st.integers(0, 2_000), st.just(0)),
    ),
    max_size=40,
)


def _total(customer: Customer) -> Decimal:
    """The balance and what the panel says it keeps of every order there is."""
    ids = [past.order for past in customer.market.history] + [row.order for row in customer.market.ledger]
    rows = customer.ask("status", orders=",".join(ids))
    assert len(rows) == len(ids)
    return customer.balance() + sum((Decimal(row["charge"]) for row in rows.values()), Decimal(0))


def _take(customer: Customer, goods: list[Service], step: tuple[str, int, int]) -> None:
    what, first, second = step
    if what == "add":
        service = goods[first % len(goods)]
        customer.ask("add", service=service.service, link=f"l{first}", quantity=second)
    elif what == "subscribe":
        service = customer.pick(lambda s: s.type == "Subscriptions" and s.min <= 100 and s.max >= 1000)
        form = {"username": f"u{first}", "min": 100, "max": 1000, "posts": second, "delay": first}
        customer.ask("add", service=service.service, **form)
    elif what == "cancel":
        customer.ask("cancel", orders=23501 + first if first < 20 else customer.market.history[-first + 19].order)
    else:
        customer.wait(first / 10)


@settings(max_examples=60, deadline=None)
@given(steps=_STEPS)
def test_balance_and_kept_charges_add_up_at_every_moment(steps: list[tuple[str, int, int]]) -> None:
    """The balance plus the charges the panel keeps stays what it was, to the last decimal, and is never overdrawn."""
    customer = Customer(balance="25")
    goods = [s for s in customer.market.services if s.type == "Default" and s.cancel and s.max >= 20_000][::40]
    opening = _total(customer)
    for step in steps:
        _take(customer, goods, step)
        assert _total(customer) == opening
        assert customer.balance() >= 0
    customer.wait(10 * 3600)
    assert _total(customer) == opening


@settings(max_examples=15, deadline=None)
@given(steps=_STEPS)
def test_looking_at_the_books_does_not_change_them(steps: list[tuple[str, int, int]]) -> None:
    """Two customers who do the same end with the same books, however often one of them looks."""
    curious, patient = Customer(balance="25"), Customer(balance="25")
    goods = [s for s in curious.market.services if s.type == "Default" and s.cancel and s.max >= 20_000][::40]
    for step in steps:
        _take(curious, goods, step)
        _take(patient, goods, step)
        _total(curious)
    assert curious.market.ledger == patient.market.ledger
    assert _total(curious) == _total(patient)
    assert curious.balance() == patient.balance()
