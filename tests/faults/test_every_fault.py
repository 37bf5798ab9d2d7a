"""Every fault of the server against every action: what the caller is told, and what the panel's own ledger says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator

import pytest

from smmtui.domain.records import OrderStatus, Requested
from smmtui.errors import NoAnswer, NotSent, PanelError
from smmtui.panel.client import PanelClient
from smmtui.panel.exchange import MIB, Limits
from smmtui.secret import Secret
from tests.faults.server import CONNECT, FAULTS, Fault, FaultServer, nothing_listening
from tests.panel.scripted import profile

ORDER = (("service", "2"), ("link", "https://a.test/p"), ("quantity", "100"))
QUICK = Limits(add=5, services=5, other=5, connect=2, services_body=2 * MIB, tries=1)
IMPATIENT = Limits(add=0.2, services=0.2, other=0.2, tries=1)
SILENT = frozenset({"stall_before_reading", "stall_before_reply", "stall_mid_headers", "stall_mid_body"})
GOOD = "good"


def _all(word: str, names: str) -> dict[str, str]:
    return dict.fromkeys(names.split(), word)


# What is said of an order; the other actions are told the same but for what `EXCEPTIONS` lists.
EXPECTED: dict[str, str] = {
    **_all(
        GOOD,
        "late trickle chunked http_1_0 interim_replies huge_header many_headers odd_spellings "
        "wrong_content_type notice_before notice_after byte_order_mark utf_16 answer_201 answer_400 "
        "answer_401 answer_403 answer_404 answer_422 answer_429 answer_500 answer_502 answer_503 gzip "
        "gzip_two_members deflate",
    ),
    **_all(
        "NoAnswer",
        "close_at_once reset_before_reading reset_mid_request close_before_reply reset_before_reply "
        "close_mid_headers reset_mid_reply stall_before_reading stall_before_reply stall_mid_headers "
        "stall_mid_body length_too_long two_lengths broken_chunks cut_chunks ssh_banner noise",
    ),
    **_all(
        "BadAnswer",
        "endless_chunks endless_until_close length_too_short reply redirect_nowhere gzip_bomb big_body empty "
        "whitespace html_page invalid_utf_8 cut_json deep huge_integer nan infinity duplicate_keys "
        "two_documents scalar_null scalar_true scalar_text scalar_zero empty_list empty_object html_400 "
        "html_401 html_403 html_404 html_413 html_429 html_500 html_502 html_503 html_504 html_520 html_522 "
        "html_524 json_error_500 json_error_503 challenge_403 challenge_503 gzip_corrupt gzip_cut "
        "gzip_in_name_only deflate_raw brotli unknown_encoding",
    ),
    **_all(
        "Refused",
        "json_error_400 json_error_401 json_error_402 json_error_403 json_error_404 json_error_413 "
        "json_error_422 key_echo_plain key_echo_url key_echo_base64",
    ),
    **_all(
        "RateLimited",
        "json_error_429 rate_limit_in_200 too_many_requests too_many_requests_until retry_after_huge "
        "retry_after_garbage retry_after_negative",
    ),
    **{name: "Redirected" for name in FAULTS if name.startswith(("redirect_3", "redirect_relative"))},
}
WRITES = ("add", "refill", "refills", "cancels")
_READS = {"html_429": "RateLimited", "json_error_500": "Refused", "json_error_503": "Refused"}
# One bad row of a catalogue costs that row, and nothing that is bought depends on it.
_ROWS = _all(GOOD, "invalid_utf_8 huge_integer nan infinity duplicate_keys two_documents")
EXCEPTIONS: dict[str, dict[str, str]] = {
    "services": {**_READS, **_ROWS},
    "balance": _READS,
    "status": _READS,
    "statuses": _READS,
    "refill_status": _READS,
}


async def _rows(batches: AsyncIterator[dict[str, Requested | PanelError]]) -> str:
    return _only(type(row).__name__ for rows in [rows async for rows in batches] for row in rows.values())


def _only(names: Iterable[str]) -> str:
    (name,) = set(names)
    return GOOD if name in ("Requested", "OrderStatus") else name


async def _add(client: PanelClient) -> str:
    await client.add(ORDER)
    return GOOD


async def _services(client: PanelClient) -> str:
    catalogue = await client.services()
    assert len(catalogue.services) + catalogue.skipped == 20
    return GOOD


async def _balance(client: PanelClient) -> str:
    assert (await client.balance()).currency == "USD"
    return GOOD


async def _status(client: PanelClient) -> str:
    assert isinstance(await client.status("23501"), OrderStatus)
    return GOOD


async def _statuses(client: PanelClient) -> str:
    return _only(type(row).__name__ for row in (await client.statuses(["23501", "23502"])).values())


async def _refill(client: PanelClient) -> str:
    await client.refill("23501")
    return GOOD


async def _refill_status(client: PanelClient) -> str:
    assert (await client.refill_status("1")).word == "Pending"
    return GOOD


# An empty answer to a question about many orders says nothing about any of them, so the first is asked for alone.
ASKED_AGAIN = (("statuses", "empty_list"), ("statuses", "empty_object"))

# How to ask → the action's name on the wire.
ASK: dict[str, tuple[Callable[[PanelClient], Awaitable[str]], str]] = {
    "add": (_add, "add"),
    "services": (_services, "services"),
    "balance": (_balance, "balance"),
    "status": (_status, "status"),
    "statuses": (_statuses, "status"),
    "refill": (_refill, "refill"),
    "refills": (lambda client: _rows(client.refills(["23501", "23502"])), "refill"),
    "refill_status": (_refill_status, "refill_status"),
    "cancels": (lambda client: _rows(client.cancels(["23501", "23502"])), "cancel"),
}


@pytest.fixture(scope="module")
def server() -> Iterator[FaultServer]:
    """One server for all cases, with two orders and a refill in its books."""
    with FaultServer(balance=1_000_000) as running:  # type: ignore[arg-type]  # the books take any number
        asyncio.run(_stock(running))
        yield running


async def _stock(server: FaultServer) -> None:
    async with PanelClient(profile(server.url), Secret(server.key)) as client:
        await client.add(ORDER)
        await client.add(ORDER)
        await client.refill("23501")


def _sized(fault: Fault) -> Fault:
    """The fault, no larger or slower than the test needs."""
    if "size" in fault.options or fault.name in ("gzip_bomb", "big_body"):
        return fault(size=4 * MIB)
    return {"trickle": lambda: fault(interval=0), "late": lambda: fault(delay=0.02)}.get(fault.name, lambda: fault)()


def _done(server: FaultServer) -> int:
    """How many things that cost money, or change an order, the panel has really done."""
    return len(server.ledger.orders) + len(server.ledger.refills) + len(server.ledger.cancels)


async def _ask(server: FaultServer, action: str, fault: Fault) -> str:
    ask, wire = ASK[action]
    server.always(wire, _sized(fault))
    limits = IMPATIENT if fault.name in SILENT else QUICK
    try:
        async with PanelClient(profile(server.url), Secret(server.key), limits=limits) as client:
            return await ask(client)
    except PanelError as error:
        shown = f"{error} {error.evidence} {error.__cause__} {getattr(error, 'to', '')}"
        assert server.key not in shown
        assert error.evidence.sent
        return type(error).__name__
    finally:
        server.always(wire, None)


def test_the_table_knows_every_fault() -> None:
    """A new fault needs an expectation here."""
    assert set(EXPECTED) == set(FAULTS)


@pytest.mark.parametrize("action", ASK)
@pytest.mark.parametrize("name", FAULTS)
async def test_every_fault_has_its_outcome(server: FaultServer, name: str, action: str) -> None:
    """The caller is told what the table says, after as few requests as may be, and the books agree with it."""
    fault = FAULTS[name]
    asked, done = len(server.ledger.requests), _done(server)
    outcome = await _ask(server, action, fault)
    assert outcome == EXCEPTIONS.get(action, {}).get(name, EXPECTED[name])
    await _requests(server, asked, 2 if (action, name) in ASKED_AGAIN else 1)
    assert not server.ledger.followed
    if action in WRITES:
        assert server.ledger.requests[-1].number == 1, "a write went over a used connection"
        rows = 2 if action in ("refills", "cancels") else 1
        assert _done(server) - done == (rows if fault.carried_out else 0)


@pytest.mark.parametrize("name", [name for name, word in EXPECTED.items() if word in ("NoAnswer", "BadAnswer")])
@pytest.mark.parametrize("carried_out", [True, False])
async def test_unknown_is_unknown_whether_done_or_not(server: FaultServer, name: str, carried_out: bool) -> None:
    """Where the answer does not tell, the order is one or none in the books and the caller is told the same."""
    asked, done = len(server.ledger.requests), _done(server)
    assert await _ask(server, "add", FAULTS[name](carried_out=carried_out)) in ("NoAnswer", "BadAnswer")
    await _requests(server, asked, 1)
    assert _done(server) - done == int(carried_out)


async def _requests(server: FaultServer, before: int, count: int) -> None:
    # The server's thread may close an exchange later than the client gives up on it.
    await asyncio.to_thread(server.ledger.wait_for, lambda ledger: len(ledger.answers) >= before + count)
    assert len(server.ledger.requests) == before + count


@pytest.mark.parametrize("name", [name for name, fault in FAULTS.items() if fault.early])
async def test_connections_that_fail_early_never_place_an_order(name: str) -> None:
    """A connection that fails before the request is read is "not sent" or unknown, and nothing is in the books."""
    limits = IMPATIENT if name in SILENT else QUICK
    with FaultServer() as server:
        server.plan(CONNECT, [FAULTS[name]])
        async with PanelClient(profile(server.url), Secret(server.key), limits=limits) as client:
            with pytest.raises((NoAnswer, NotSent)):
                await client.add(ORDER)
            assert server.ledger.orders == []
            assert len(server.ledger.connections) <= 1


@pytest.mark.parametrize("action", ASK)
async def test_a_refused_connection_is_certainly_not_sent(action: str) -> None:
    """With nobody listening, every action says that nothing was sent."""
    with nothing_listening() as url:
        async with PanelClient(profile(url), Secret("k" * 20), limits=QUICK) as client:
            if action in ("refills", "cancels"):
                assert await ASK[action][0](client) == "NotSent"
            else:
                with pytest.raises(NotSent) as caught:
                    await ASK[action][0](client)
                assert not caught.value.evidence.sent
