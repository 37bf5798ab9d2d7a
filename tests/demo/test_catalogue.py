"""The goods on the shelf: repeatable, plentiful, believable."""

import os
import re
import subprocess
import sys
from decimal import Decimal

import pytest

from smmtui.demo import DEMO_KEY, DemoPanel, Market
from tests.demo.customer import FORM, Customer

_SERVICES = f"key={DEMO_KEY}&action=services".encode()


def _run(program: str, **environment: str) -> str:
    """What a program prints in an interpreter of its own."""
    command = [sys.executable, "-c", program]
    return subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, check=True).stdout


def test_equal_seeds_give_equal_bytes_in_another_process() -> None:
    """The catalogue of a seed is the same byte for byte wherever it is made, and another seed's differs."""
    program = (
        "import hashlib; from smmtui.demo import *; "
        f"print(hashlib.sha256(DemoPanel(Market(seed=3)).answer('POST', '{FORM}', {_SERVICES!r})).hexdigest())"
    )
    made = [_run(program, PYTHONHASHSEED=seed) for seed in ("1", "2")]
    assert made[0] == made[1] != ""
    three, four = (DemoPanel(Market(seed=seed)).answer("POST", FORM, _SERVICES) for seed in (3, 4))
    assert three != four


def test_importing_the_demo_builds_nothing() -> None:
    """The served app exists from its first use on, and is one and the same."""
    program = (
        "import smmtui.demo as d, smmtui.demo.shelf as s; before = s.stock.cache_info().currsize; "
        "print(before, d.app is d.app, s.stock.cache_info().currsize, hasattr(d, 'application'))"
    )
    assert _run(program).split() == ["0", "True", "1", "False"]


def test_ids_are_unique_and_scattered() -> None:
    """No two services share an id, and ids have gaps."""
    ids = [service.service for service in Customer().market.services]
    assert len(set(ids)) == 5_000
    assert max(ids) - min(ids) > 10_000


def test_the_catalogue_looks_like_a_real_one() -> None:
    """Some 60 categories in four scripts, rates of 2 to 5 decimals from cheap to dear, refill and cancel mixed."""
    services = Customer().market.services
    assert 55 <= len({service.category for service in services}) <= 70
    names = " ".join(service.name for service in services)
    for script in ("[A-Za-z]", "[şığçöü]", "[а-я]", "[\u0600-\u06ff]", "[\U0001f300-\U0001faff]", r"\[R30\]"):
        assert re.search(script, names)
    assert {len(service.rate.partition(".")[2]) for service in services} == {2, 3, 4, 5}
    rates = sorted(Decimal(service.rate) for service in services)
    assert 0 < rates[0] < Decimal("0.01")
    assert rates[-1] > 100
    for flag in ("refill", "cancel"):
        assert 1_500 < sum(getattr(service, flag) for service in services) < 3_500
    assert all((service.refill_time > 0) == service.refill for service in services)
    assert all(1 <= service.min <= service.max for service in services)
    assert any("<br>" in service.description for service in services)
    assert any(service.description == "" for service in services)


@pytest.mark.parametrize("word", ["instagram", "telegram", "tiktok", "youtube"])
def test_a_newcomer_finds_something_to_try(word: str) -> None:
    """The first hits for a well-known name include cheap plain services with a small min."""
    hits = [service for service in Customer().market.services if word in service.name.lower()]
    easy = [s for s in hits if s.type == "Default" and s.min <= 100 and Decimal(s.rate) < 1]
    assert len(easy) > 20


def test_orders_meet_the_same_fate_with_the_same_seed() -> None:
    """Two panels of one seed tell the same story; a panel of another seed tells another."""

    def story(seed: int) -> list[object]:
        customer = Customer(seed=seed)
        orders = [customer.order(customer.plain(), 1000, f"l/{number}") for number in range(30)]
        customer.wait(15)
        return [customer.ask("status", order=order) for order in orders]

    assert story(5) == story(5) != story(6)
