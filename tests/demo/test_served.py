"""The loopback server that tests hand to foreign clients."""

from typing import Any

import httpx
import pytest

from tests.demo.customer import Customer
from tests.demo.served import serve


def test_a_served_app_answers_until_the_block_ends() -> None:
    """Two apps can be served side by side, and nobody listens afterwards."""
    with serve(Customer().panel) as first, serve(Customer().panel) as second:
        assert first != second
        for url in (first, second):
            assert httpx.get(url, trust_env=False).json() == {"error": "Incorrect request"}
    with pytest.raises(httpx.ConnectError):
        httpx.get(first, trust_env=False)


def test_an_app_that_does_not_start_is_reported() -> None:
    """A failing start raises instead of leaving a test to wait."""

    async def broken(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "lifespan.startup.failed", "message": "no"})

    with pytest.raises(RuntimeError, match="did not start"), serve(broken):
        raise AssertionError("not reached")
