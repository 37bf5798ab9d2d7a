"""Options and fixtures for every test."""

from __future__ import annotations

import os
import random

import pytest

# How the terminal in which the tests are started wants its colours is nothing that a test should depend on.
for _name in ("NO_COLOR", "COLORTERM", "COLORFGBG", "FORCE_COLOR"):
    os.environ.pop(_name, None)


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--long` runs the measurements in full; `--seed` repeats one of them."""
    group = parser.getgroup("smmtui")
    group.addoption("--long", action="store_true", help="run the measurements of safety in full, for many minutes")
    group.addoption("--seed", type=int, default=None, help="the seed that a failed measurement printed")


@pytest.fixture
def long(request: pytest.FixtureRequest) -> bool:
    """Whether the measurements are to be run in full."""
    return bool(request.config.getoption("--long"))


@pytest.fixture
def chance(request: pytest.FixtureRequest) -> random.Random:
    """Chance, with a seed that is printed: pytest shows it where the test fails, and with `-s`."""
    given = request.config.getoption("--seed")
    seed = random.SystemRandom().randrange(1 << 32) if given is None else int(given)
    print(f"{request.node.name}: --seed={seed}")
    return random.Random(seed)
