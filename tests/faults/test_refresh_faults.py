"""Every fault that a read can meet, in the middle of a pass: the other orders stay fresh, and all is well by itself."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from smmtui.desk.desk import Desk
from smmtui.desk.health import Condition
from smmtui.desk.topics import Wanted
from smmtui.domain.records import Tracked
from smmtui.panel.client import PanelClient
from smmtui.panel.exchange import MIB, Limits
from smmtui.secret import Secret
from tests.desk.support import HandClock, Rig, idle, profile_of, until
from tests.faults.server import FAULTS, KEY, Fault, FaultServer
from tests.faults.test_every_fault import EXPECTED, GOOD, SILENT
from tests.panel.scripted import profile

LIST = 4
LISTS = 3
QUICK = Limits(services=5, other=5, connect=2, tries=1, other_body=2 * MIB, retry_after=0.02)
IMPATIENT = Limits(services=0.15, other=0.15, tries=1, retry_after=0.02)
ORDER = (("service", "1"), ("link", "https://a.test/p"), ("quantity", "50"))
SENTENCES = {
    "NoAnswer": Condition.OFFLINE,
    "BadAnswer": Condition.CONFUSED,
    "Redirected": Condition.OFFLINE,
    "RateLimited": Condition.LIMITED,
    "Refused": Condition.REFUSED,
}
# One by one they are answered, and so is the list the next time.
ASKED_ALONE = {"empty_list", "empty_object"}
# A read is told less about these than a write is.
STATUS = EXPECTED | {"html_429": "RateLimited", "json_error_500": "Refused", "json_error_503": "Refused"}


class RunningClock(HandClock):
    """The machine's own time: here trouble passes by itself."""

    def now(self) -> datetime:
        """The wall time."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """The monotonic seconds."""
        return time.monotonic()


@pytest.fixture(scope="module")
def server() -> Iterator[FaultServer]:
    """A panel that can fail."""
    with FaultServer(balance=Decimal(1_000_000)) as running:
        yield running


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Short lists, and trouble that is over in no time."""
    monkeypatch.setattr("smmtui.panel.batched_reads.BATCH", LIST)
    for name, value in (("_LEAST_WAIT", 0.01), ("_RATE_LIMIT_WAIT", 0.05), ("_LEAST_RATE_LIMIT_WAIT", 0.05)):
        monkeypatch.setattr(f"smmtui.desk.refreshing.{name}", value)
    monkeypatch.setattr("smmtui.desk.backoff._FIRST_WAIT", 0.05)


@asynccontextmanager
async def desk_of(server: FaultServer, folder: Path, limits: Limits = QUICK) -> AsyncIterator[Desk]:
    """An account with three lists of orders, all of them fresh."""
    async with PanelClient(profile(server.url), Secret(KEY)) as client:
        ids = [(await client.add(ORDER)).id for _ in range(LIST * LISTS)]
    settings = profile_of(server.url)
    rig = Rig(folder, RunningClock(), settings, lambda: PanelClient(settings, Secret(KEY), limits=limits))
    async with rig.desk() as desk:
        await desk.track(Tracked(id) for id in ids)
        await until(lambda: fresh(desk, None) == LIST * LISTS)
        await idle(desk)
        yield desk


def fresh(desk: Desk, since: datetime | None) -> int:
    """How many orders were answered for since then, or ever."""
    return sum(order.checked is not None and (since is None or order.checked >= since) for order in desk.orders)


def sized(fault: Fault) -> Fault:
    """The fault, no larger than the test needs, and over soon."""
    if fault.name in ("gzip_bomb", "big_body"):
        return fault(size=4 * MIB)
    if fault.name.startswith("too_many"):
        return fault(**({"retry_after": "0"} if fault.name == "too_many_requests" else {"ahead": 0}))
    return {"trickle": lambda: fault(interval=0), "late": lambda: fault(delay=0.02)}.get(fault.name, lambda: fault)()


async def meet(desk: Desk, server: FaultServer, action: str, faults: list[Fault | None], wanted: Wanted) -> list[str]:
    """Press refresh once while these wait for the panel; the conditions that were told until all is fresh and well."""
    told: list[str] = []
    unsubscribe = desk.subscribe(lambda _: told.append(desk.health.condition.name))
    server.plan(action, faults)
    pressed = datetime.now(UTC)
    desk.refresh(wanted)
    if Wanted.ORDERS in wanted:
        await until(lambda: fresh(desk, pressed) == LIST * LISTS)
    await until(lambda: desk.balance_at is not None and desk.balance_at >= pressed)
    await until(lambda: desk.next_refresh is not None and desk.health.condition is Condition.ONLINE)
    unsubscribe()
    return told


@pytest.mark.timeout(300)
async def test_every_fault_of_a_list_costs_only_that_list(
    server: FaultServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of three lists the second meets it: the header says so in its own word, the others are had in the same pass
    unless the panel wants silence, and the next pass has them all without a press."""
    wrong = {}
    for limits, names in ((QUICK, [n for n in FAULTS if n not in SILENT]), (IMPATIENT, sorted(SILENT))):
        async with desk_of(server, tmp_path / str(limits.other), limits) as desk:
            for name in names:
                before = len(server.ledger.requests)
                told = await meet(desk, server, "status", [None, sized(FAULTS[name])], Wanted.ORDERS | Wanted.BALANCE)
                asked = [r.fields["orders"].count(",") for r in server.ledger.requests[before:] if "orders" in r.fields]
                expected = STATUS[name]
                saying = expected == GOOD or SENTENCES[expected].name in told or name in ASKED_ALONE
                if not saying or (expected != "RateLimited" and len(asked) < LISTS):
                    wrong[name] = (expected, told, asked)
    assert wrong == {}


@pytest.mark.timeout(300)
@pytest.mark.parametrize("action", ["balance", "services"])
async def test_faults_beside_the_orders_leave_them_fresh(server: FaultServer, tmp_path: Path, action: str) -> None:
    """Balance or catalogue cannot be had, for whatever reason: the orders are asked for in the same pass."""
    kinds = ["close_before_reply", "empty", "html_502", "cut_json", "json_error_500", "redirect_302_cross_origin"]
    async with desk_of(server, tmp_path) as desk:
        for name in kinds:
            told = await meet(desk, server, action, [FAULTS[name]], Wanted.ALL)
            expected = {"json_error_500": "Refused"}.get(name, EXPECTED[name])
            assert SENTENCES[expected].name in told, name


async def test_a_kind_that_is_never_answered_does_not_keep_the_orders_from_being_fresh(
    server: FaultServer, tmp_path: Path
) -> None:
    """Pass after pass the balance stays away: it is said all the time, and asked for less and less often."""
    async with desk_of(server, tmp_path) as desk:
        server.always("balance", FAULTS["close_before_reply"])
        for _ in range(5):
            pressed = datetime.now(UTC)
            desk.refresh(Wanted.ORDERS | Wanted.BALANCE)
            await until(lambda pressed=pressed: fresh(desk, pressed) == LIST * LISTS)  # type: ignore[misc]  # bound at once
            await idle(desk)
            assert desk.health.condition is Condition.OFFLINE
        server.always("balance", None)
        await until(lambda: desk.health.condition is Condition.ONLINE)


async def test_an_order_that_spoils_its_list_is_found_out(server: FaultServer, tmp_path: Path) -> None:
    """Its own row says what is wrong, those that stood in its list with it are asked for alone, once, and the next
    pass goes without trouble."""
    async with desk_of(server, tmp_path) as desk:
        bad = desk.orders[5]
        server.set_status(bad.id or "", {"remains": float("nan")})
        assert "CONFUSED" in await meet(desk, server, "status", [], Wanted.ORDERS | Wanted.BALANCE)
        assert [order.id for order in desk.orders if order.trouble] == [bad.id]
        assert set(await meet(desk, server, "status", [], Wanted.ORDERS | Wanted.BALANCE)) <= {"ONLINE"}


async def test_a_refused_key_in_mid_pass_stops_it_until_the_user_acts(server: FaultServer, tmp_path: Path) -> None:
    """The first list is fresh, nothing more is asked, whatever time passes; then a press has it all."""
    async with desk_of(server, tmp_path) as desk:
        refused = Fault.reply(status=401, body=b'{"error": "Invalid API key"}')
        pressed = datetime.now(UTC)
        server.plan("status", [None, refused])
        desk.refresh(Wanted.ORDERS)
        await until(lambda: desk.health.condition is Condition.BAD_KEY)
        asked = len(server.ledger.requests)
        assert (fresh(desk, pressed), desk.next_refresh) == (LIST, None)
        await desk.track([Tracked("99999")])
        assert len(server.ledger.requests) == asked
        told = await meet(desk, server, "status", [], Wanted.ORDERS | Wanted.BALANCE)
        assert told[-1] == "ONLINE"
