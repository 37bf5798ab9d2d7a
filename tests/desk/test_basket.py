"""A basket is placed once, row by row; it stops where somebody has to look, and survives every end of the program."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from smmtui.desk.desk import Desk
from smmtui.desk.topics import Topic
from smmtui.domain.basket import BasketRow, Progress
from smmtui.domain.catalog import Catalog
from smmtui.domain.records import State
from smmtui.errors import JournalError, NotSent
from tests.desk.support import ONCE, Rig, Turns, draft_for, heard, idle, refreshed, until
from tests.desk.test_ordering import adds
from tests.faults.server import FAULTS, KEY, Fault, FaultServer, nothing_listening

FUNDS = Fault.reply(200, body=b'{"error": "Not enough funds on balance"}')
PRIVATE = Fault.reply(200, body=b'{"error": "Link is private"}')
BAD_KEY = Fault.reply(200, body=b'{"error": "Invalid API key"}')
LOST = FAULTS["reset_before_reply"](carried_out=True)


def lines(count: int, name: str = "p") -> str:
    """So many orders of 100 followers, each to a link of its own."""
    return "\n".join(f"1 | https://a.test/{name}/{n:03} | 100" for n in range(count))


async def fill(desk: Desk, text: str) -> list[str]:
    """Paste the text, and return the keys of its rows."""
    return await desk.basket.take(await desk.basket.recognise(text))


async def place(desk: Desk, keys: list[str] | None = None) -> None:
    """Place what is ready, as confirmed."""
    await desk.basket.place(desk.basket.check_place(keys))


def states(desk: Desk) -> list[str]:
    """The states of all rows."""
    return [row.state for row in desk.basket.rows]


def progress(desk: Desk) -> Progress:
    """How far it is."""
    assert desk.basket.progress is not None
    return desk.basket.progress


def stopped(desk: Desk) -> str:
    """Why it has stopped."""
    assert not progress(desk).running
    return progress(desk).stopped


def links(rows: Iterable[BasketRow]) -> list[str]:
    """Where rows go."""
    return [row.link for row in rows]


@contextmanager
def full_disk(rig: Rig) -> Iterator[None]:
    """No receipt can be written meanwhile."""

    def append(*contents: object) -> None:
        raise JournalError("The receipt could not be written.")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rig.journal.receipts, "append", append)
        yield


@asynccontextmanager
async def ready(rig: Rig) -> AsyncIterator[Desk]:
    """A Desk that knows the panel's services."""
    async with rig.desk() as desk:
        await until(lambda: len(desk.catalog))
        await idle(desk)
        yield desk


@asynccontextmanager
async def window(server: FaultServer, folder: Path) -> AsyncIterator[Desk]:
    """A second window on the account, which looks around more often than people's do."""
    rig = Rig.at(folder, server.url, KEY)
    rig.sleep = lambda seconds: asyncio.sleep(0.01)
    async with rig.desk() as desk:
        yield desk


@pytest.fixture
async def desk(rig: Rig) -> AsyncIterator[Desk]:
    """A Desk that knows the panel's services."""
    async with ready(rig) as desk:
        yield desk


# ── filling ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_what_was_pasted_stands_in_the_basket_and_nothing_is_sent(server: FaultServer, desk: Desk) -> None:
    """Rows are told and checked; the panel hears of none."""
    topics = heard(desk)
    await fill(desk, f"{lines(2)}\n1 | https://a.test/x | 3\nhello")
    assert states(desk) == ["ok", "ok", "problem", "problem"]
    assert Topic.BASKET in topics
    assert desk.basket.totals.estimate == Decimal("0.18")
    assert desk.basket.progress is None
    assert adds(server.ledger) == []


async def test_rows_are_edited_added_removed_and_put_back(desk: Desk) -> None:
    """Each change is checked at once; what is put back stands where it was."""
    first, second = await fill(desk, lines(2))
    service = desk.catalog.by_id("3")
    assert service is not None
    (added,) = desk.basket.add([service])
    assert states(desk) == ["ok", "ok", "problem"]
    assert desk.basket.preview(added, "3", {"link": "@x", "quantity": "5"}).problems[0].text.startswith("5 is under")
    desk.basket.edit(added, "3", {"link": "@x", "quantity": "10"})
    assert states(desk) == ["ok", "ok", "ok"]
    removed = await desk.basket.remove([first])
    assert [row.key for row in desk.basket.rows] == [second, added]
    await desk.basket.restore(removed)
    assert [row.key for row in desk.basket.rows] == [first, second, added]


async def test_the_basket_is_there_again_after_an_end_without_warning(rig: Rig, tmp_path: Path) -> None:
    """Edits reach the disk by themselves, rows that cannot be read among them, in the user's order."""
    async with ready(rig) as desk:
        (key, *_) = await fill(desk, f"{lines(2)}\nhello")
        desk.basket.edit(key, "1", {"link": "@changed", "quantity": "60"})
        await until(lambda: [row.values.get("link") for row in rig.journal.basket.rows()][:1] == ["@changed"])
        known = [row.typed for row in desk.basket.rows]
        async with Rig.at(tmp_path, "http://127.0.0.1:9/api/v2", KEY).desk(online=False) as other:
            assert [row.typed for row in other.basket.rows] == known
            assert states(other) == ["ok", "ok", "problem"]


async def test_the_same_text_again_says_which_of_its_rows_were_sent(rig: Rig, server: FaultServer) -> None:
    """By what it orders, not by how it is written; also when the rows have left the basket."""
    csv = "link,quantity,service\n" + "\n".join(f"https://a.test/p/{n:03},100,1" for n in range(3))
    async with ready(rig) as desk:
        found = await desk.basket.recognise(lines(3))
        assert found.seen is None
        keys = await desk.basket.take(found)
        again = await desk.basket.recognise(csv)
        assert again.seen is not None
        assert (again.seen.sent, again.seen.waiting, again.seen.at) == ((), 3, None)
        server.plan("add", [None, PRIVATE])
        await place(desk, keys[:2])
        await desk.basket.clear_done()
        again = await desk.basket.recognise(csv)
        assert again.seen is not None
        assert (again.seen.sent, again.seen.waiting, again.seen.at) == ((1,), 2, rig.clock.now())
        assert (await desk.basket.recognise(lines(4))).seen is None


async def test_a_large_basket_is_checked_beside_the_keys(server: FaultServer, desk: Desk) -> None:
    """Edits meanwhile are not lost, another catalogue reaches every row, and what is placed goes out at once."""
    keys = await fill(desk, lines(700))
    desk.catalog, known = Catalog(()), desk.catalog
    desk.tell(Topic.CATALOG)
    desk.basket.edit(keys[0], "1", {"link": "https://a.test/changed", "quantity": "100"})
    await until(lambda: states(desk) == ["problem"] * 700)
    desk.catalog = known
    desk.tell(Topic.CATALOG)
    await until(lambda: states(desk) == ["ok"] * 700)
    assert desk.basket.rows[0].link == "https://a.test/changed"
    await place(desk, keys[:3])
    await until(lambda: states(desk) == ["accepted"] * 3 + ["ok"] * 697)
    assert [order.link[15:] for order in server.ledger.orders] == ["changed", "p/001", "p/002"]


# ── placing ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_what_is_ready_is_placed_in_order_and_the_rest_stays(server: FaultServer, desk: Desk) -> None:
    """One request for each row, in the user's order; the outcome stands in the row."""
    await fill(desk, f"{lines(3)}\n1 | https://a.test/x | 3\n1 | https://a.test/p/000 | 100")
    batch = desk.basket.check_place()
    assert (len(batch.rows), batch.total, batch.forbidden) == (4, Decimal("0.36"), "")
    await desk.basket.place(batch)
    assert states(desk) == ["accepted", "accepted", "accepted", "problem", "accepted"]
    assert [order.link for order in server.ledger.orders] == links(batch.rows)
    assert [row.order_id for row in desk.basket.rows if row.order] == [order.id for order in server.ledger.orders]
    assert desk.basket.totals.charged == sum(order.charge for order in server.ledger.orders)
    assert (progress(desk).done, progress(desk).of, progress(desk).left) == (4, 4, 0)
    assert stopped(desk) == ""
    assert len({order.batch for order in desk.orders}) == 1


async def test_a_batch_is_placed_once_however_often_it_is_confirmed(server: FaultServer, desk: Desk) -> None:
    """Fifty confirmations at the same moment send each row once."""
    await fill(desk, lines(2))
    batch = desk.basket.check_place()
    ends = await asyncio.gather(*(desk.basket.place(batch) for _ in range(50)), return_exceptions=True)
    assert len(adds(server.ledger)) == len(server.ledger.orders) == 2
    assert sum(end is None for end in ends) == 1
    assert all(end is None or isinstance(end, NotSent | JournalError) for end in ends)


async def test_what_is_not_as_confirmed_is_not_placed(server: FaultServer, desk: Desk) -> None:
    """A row edited, removed or placed since, and nothing of the batch is queued."""
    first, second = await fill(desk, lines(2))
    batch = desk.basket.check_place()
    desk.basket.edit(first, "1", {"link": "https://a.test/p/000", "quantity": "1000"})
    with pytest.raises(NotSent, match="changed since you confirmed"):
        await desk.basket.place(batch)
    await desk.basket.remove([second])
    with pytest.raises(NotSent):
        await desk.basket.place(replace(batch, rows=batch.rows[1:]))
    assert adds(server.ledger) == []
    assert [order for order in desk.orders if order.batch] == []


async def test_a_daily_cap_forbids_the_whole_batch(server: FaultServer, rig: Rig) -> None:
    """Before the first order, and what is queued counts."""
    rig.profile = replace(rig.profile, daily_cap=Decimal("0.20"))
    async with ready(rig) as desk:
        keys = await fill(desk, lines(3))
        assert "daily cap" in desk.basket.check_place().forbidden
        assert "daily cap" in desk.basket.totals.over
        with pytest.raises(NotSent, match="daily cap"):
            await place(desk)
        assert adds(server.ledger) == []
        await place(desk, keys[:2])
        assert len(server.ledger.orders) == 2
        assert "daily cap" in desk.basket.check_place().forbidden


def list_anew(desk: Desk, tell: bool = True, **changes: object) -> None:
    """Have the panel list service 1 otherwise; without `tell` the rows are not looked at anew yet."""
    services = [replace(each, **changes) if each.id == "1" else each for each in desk.catalog.services]
    desk.catalog = Catalog(services)
    if tell:
        desk.tell(Topic.CATALOG)


async def test_a_price_that_no_row_shows_yet_is_not_paid(server: FaultServer, desk: Desk) -> None:
    """A catalogue that came while the rows are still being looked at: nothing is queued at what it says."""
    await fill(desk, lines(2))
    batch = desk.basket.check_place()
    list_anew(desk, tell=False, rate=Decimal("1.80"))
    with pytest.raises(NotSent, match="changed since you confirmed"):
        await desk.basket.place(batch)
    assert adds(server.ledger) == []


async def test_rows_of_a_service_that_has_gone_take_no_others_with_them(server: FaultServer, desk: Desk) -> None:
    """No row becomes the order of another one where a service was delisted between the look and the confirmation."""
    await fill(desk, f"3 | https://a.test/gone | 100\n{lines(2)}")
    batch = desk.basket.check_place()
    desk.catalog = Catalog([each for each in desk.catalog.services if each.id != "3"])
    with pytest.raises(NotSent, match="changed since you confirmed"):
        await desk.basket.place(batch)
    assert adds(server.ledger) == []
    assert [row.order for row in desk.basket.rows] == [None] * 3


async def test_a_sum_that_buys_less_than_confirmed_is_not_placed(server: FaultServer, desk: Desk) -> None:
    """`$0.90` costs the same at twice the price, and is another order."""
    await fill(desk, "1 | https://a.test/1 | $0.90")
    batch = desk.basket.check_place()
    assert batch.total == Decimal("0.90")
    list_anew(desk, rate=Decimal("1.80"))
    with pytest.raises(NotSent, match="changed since you confirmed"):
        await desk.basket.place(batch)
    list_anew(desk, rate=Decimal("0.90"), average_time="2 hours")
    await desk.basket.place(batch)
    assert [order.quantity for order in server.ledger.orders] == ["1000"]


# ── stopping ──────────────────────────────────────────────────────────────────────────────────────────────────────

STOPS: dict[str, tuple[list[Fault | None], str, str]] = {
    # what the panel does: to the first orders, the state of the last of them, and what is said
    "an unknown one": ([None, LOST], "unknown", "Nobody knows whether an order was placed"),
    "no funds": ([None, FUNDS], "rejected", "The panel says: Not enough funds on balance. Top up"),
    "a refused key": ([BAD_KEY], "rejected", "It refuses the key"),
    "three refusals alike": ([PRIVATE, None, PRIVATE, PRIVATE], "rejected", "3 orders were refused in these words"),
}


@pytest.mark.parametrize("name", STOPS)
async def test_it_stops_where_somebody_has_to_look(name: str, server: FaultServer, rig: Rig) -> None:
    """The rest stays queued; only the user's word sends it, and nothing before it a second time."""
    faults, state, words = STOPS[name]
    server.plan("add", faults)
    async with ready(rig) as desk:
        await fill(desk, lines(6))
        await place(desk)
        assert states(desk)[len(faults) - 1 :] == [state, *["queued"] * (6 - len(faults))]
        assert words in stopped(desk)
        assert progress(desk).left == 6 - len(faults)
        assert len(adds(server.ledger)) == len(faults)
    async with ready(rig) as desk:
        await refreshed(desk)
        assert len(adds(server.ledger)) == len(faults)
        await desk.basket.resume()
        assert states(desk)[len(faults) :] == ["accepted"] * (6 - len(faults))
    asked = [fields["link"] for fields in adds(server.ledger)]
    assert asked == [f"https://a.test/p/{n:03}" for n in range(6)]


async def test_refusals_in_different_words_do_not_stop_it(server: FaultServer, desk: Desk) -> None:
    """Each concerns its own row."""
    server.plan("add", [Fault.reply(200, body=b'{"error": "Link %d is private"}' % n) for n in range(5)])
    await fill(desk, lines(6))
    await place(desk)
    assert states(desk) == ["rejected"] * 5 + ["accepted"]


async def test_an_unsent_one_stops_it_and_is_sent_again_on_the_users_word_only(
    server: FaultServer, tmp_path: Path
) -> None:
    """Nothing listened, so nothing was charged; resuming leaves it alone unless it is named."""
    with nothing_listening() as url:
        rig = Rig.at(tmp_path, server.url, KEY)
        async with ready(rig) as desk:
            await fill(desk, lines(3))
            await desk.basket.close()
        away = Rig.at(tmp_path, url, KEY)
        async with away.desk() as desk:
            await place(desk)
            assert states(desk) == ["unsent", "queued", "queued"]
            assert "It was not charged" in stopped(desk)
    async with ready(rig) as desk:
        await desk.basket.resume()
        assert states(desk) == ["unsent", "accepted", "accepted"]
        await desk.basket.resume([desk.basket.rows[0].key])
        assert states(desk) == ["accepted"] * 3
    assert len(adds(server.ledger)) == len(server.ledger.orders) == 3


async def test_a_rate_limit_pauses_it_and_is_no_refusal_like_others(server: FaultServer, rig: Rig) -> None:
    """It waits as long as the panel says, else a minute; the refused row waits for the user."""
    limited = Fault.reply(200, body=b'{"error": "Too many requests"}')
    server.plan("add", [FAULTS["too_many_requests"](retry_after="7"), limited, limited, limited])
    waits: list[float] = []
    seen: list[str] = []

    async with ready(rig) as desk:

        async def sleep(seconds: float) -> None:
            waits.append(seconds)
            seen.append(progress(desk).pause)

        desk.basket._sending._sleep = sleep
        await fill(desk, lines(5))
        await place(desk)
        assert states(desk) == ["rejected"] * 4 + ["accepted"]
        assert (waits, stopped(desk)) == ([7, 60, 60, 60], "")
        assert seen[0] == "The panel wants fewer requests: the next order goes out after 7 s."
        assert progress(desk).pause == ""


async def test_the_user_stops_it_after_the_order_under_way(server: FaultServer, desk: Desk) -> None:
    """The one that is being sent gets its outcome; the rest stays queued, and goes on when the user says so."""
    server.plan("add", [None, FAULTS["late"](delay=0.05)])
    await fill(desk, lines(4))
    sending = asyncio.create_task(place(desk))
    await until(lambda: len(adds(server.ledger)) == 2)
    desk.basket.stop()
    assert progress(desk).stopping
    await sending
    assert states(desk) == ["accepted", "accepted", "queued", "queued"]
    assert "You have stopped it" in stopped(desk)
    await desk.basket.resume()
    assert states(desk) == ["accepted"] * 4
    assert len(server.ledger.orders) == 4


async def test_a_stop_while_rows_are_queued_lets_none_go_out(server: FaultServer, desk: Desk) -> None:
    """It counts from the moment the user has confirmed, and only until the next word to go on."""
    await fill(desk, lines(3))
    sending = asyncio.create_task(place(desk))
    await asyncio.sleep(0)
    desk.basket.stop()
    await sending
    assert states(desk) == ["queued"] * 3
    assert adds(server.ledger) == []
    await desk.basket.resume()
    assert states(desk) == ["accepted"] * 3


async def test_why_it_stopped_is_known_after_a_restart(server: FaultServer, rig: Rig) -> None:
    """The panel's words are there until it goes on."""
    server.plan("add", [FUNDS])
    async with ready(rig) as desk:
        await fill(desk, lines(3))
        await place(desk)
    async with ready(rig) as desk:
        assert "Not enough funds" in stopped(desk)
        await desk.basket.resume()
    async with ready(rig) as desk:
        assert desk.basket.progress is None or not stopped(desk)


async def test_the_pace_is_told_once_there_is_one(desk: Desk) -> None:
    """Not after a first burst, and never faster than the panel is asked at all."""
    sending = desk.basket._sending
    paces = []
    for seconds, sent in ((0.1, 3), (0.1, 20), (60, 3)):
        sending._began, sending._sent = desk.clock.monotonic() - seconds, sent
        paces.append(sending.per_minute)
    assert paces == [None, desk.profile.requests_per_minute, pytest.approx(3)]


async def test_a_pause_ends_when_the_user_stops_it(server: FaultServer, desk: Desk) -> None:
    """Nobody waits for the end of a minute that leads to nothing."""
    server.plan("add", [FAULTS["too_many_requests"](retry_after="600")])
    await fill(desk, lines(2))
    sending = asyncio.create_task(place(desk))
    await until(lambda: desk.basket.progress is not None and desk.basket.progress.pause)
    desk.basket.stop()
    await sending
    assert states(desk) == ["rejected", "queued"]


async def test_what_costs_more_than_confirmed_is_not_sent(server: FaultServer, rig: Rig) -> None:
    """A price that changes while rows wait stops them; taken back, they are confirmed at the new price."""
    async with ready(rig) as desk:
        keys = await fill(desk, lines(3))
        server.plan("add", [LOST])
        await place(desk)
        services = [replace(each, rate=each.rate * 2 if each.rate else None) for each in desk.catalog.services]
        desk.catalog = type(desk.catalog)(services)
        desk.tell(Topic.CATALOG)
        await desk.basket.resume()
        assert "The price of service 1 has changed since you confirmed" in stopped(desk)
        assert len(adds(server.ledger)) == 1
        await desk.basket.take_back(keys)
        assert states(desk) == ["unknown", "warn", "warn"]
        assert desk.basket.check_place().total == Decimal("0.36")


async def test_a_service_that_is_sold_in_another_way_is_not_ordered(server: FaultServer, desk: Desk) -> None:
    """The same number is a price per thousand in one type, and the price of all of it in another."""
    await fill(desk, lines(2))
    server.plan("add", [LOST])
    await place(desk)
    list_anew(desk, type="Package")
    await desk.basket.resume()
    assert "The price of service 1 has changed since you confirmed" in stopped(desk)
    assert len(adds(server.ledger)) == 1


async def test_a_service_that_is_gone_is_not_ordered(server: FaultServer, desk: Desk) -> None:
    """What the panel does not list any more stops those that wait for it, in words."""
    server.plan("add", [LOST])
    await fill(desk, lines(2))
    await place(desk)
    desk.catalog = Catalog([each for each in desk.catalog.services if each.id != "1"])
    await desk.basket.resume()
    assert "Service 1 is gone since you confirmed" in stopped(desk)
    assert len(adds(server.ledger)) == 1


async def test_nothing_goes_out_before_a_damage_has_been_read(server: FaultServer, rig: Rig, desk: Desk) -> None:
    """What is ready cannot be placed, what is queued stays so; both go on once it has been read."""
    server.plan("add", [LOST])
    await fill(desk, lines(2))
    await place(desk)
    await fill(desk, lines(1, "more"))
    rig.journal.preferences.set("damage", "2 orders were lost.")
    rig.journal.damage = "2 orders were lost."
    with pytest.raises(NotSent, match="until this has been read: 2 orders were lost"):
        await place(desk)
    await desk.basket.resume()
    assert "until this has been read: 2 orders were lost" in stopped(desk)
    assert states(desk) == ["unknown", "queued", "ok"]
    await desk.acknowledge_damage()
    await desk.basket.resume()
    assert states(desk) == ["unknown", "accepted", "ok"]
    assert len(adds(server.ledger)) == 2


async def test_it_stops_at_the_daily_cap_that_another_order_has_reached(server: FaultServer, rig: Rig) -> None:
    """What is placed beside it counts as well, so the cap is looked at before every row."""
    rig.profile = replace(rig.profile, daily_cap=Decimal("0.30"))
    server.plan("add", [FAULTS["late"](delay=0.05)])
    async with ready(rig) as desk:
        await fill(desk, lines(3))
        sending = asyncio.create_task(place(desk))
        await until(lambda: len(adds(server.ledger)) == 1)
        service = desk.catalog.by_id("1")
        assert service is not None
        await desk.place(draft_for(service))
        await sending
        assert states(desk).count("queued") == 1
        assert "more is over the daily cap of $0.30" in stopped(desk)
        assert "still queued" in stopped(desk)
        with pytest.raises(NotSent, match="daily cap"):
            await desk.basket.resume()
    assert len(server.ledger.orders) == 3


async def test_what_goes_out_today_counts_for_today(server: FaultServer, rig: Rig) -> None:
    """Rows that were confirmed yesterday and are sent now are part of what today has cost, and of its cap."""
    rig.profile = replace(rig.profile, daily_cap=Decimal("0.20"))
    server.plan("add", [LOST])
    async with ready(rig) as desk:
        await fill(desk, lines(2))
        await place(desk)
        service = desk.catalog.by_id("1")
        assert service is not None
        await desk.place(draft_for(service))
        rig.clock.wait(86_400)
        await desk.basket.resume()
        assert desk.spent_today.amount == Decimal("0.09")
        await fill(desk, lines(2, "more"))
        assert "daily cap" in desk.basket.check_place().forbidden
    async with ready(rig) as desk:
        assert desk.spent_today.amount == Decimal("0.09")


async def test_a_row_whose_receipt_cannot_be_written_is_shown_as_unsent(
    server: FaultServer, rig: Rig, desk: Desk
) -> None:
    """Nothing of it has left, so it stops there, and is sent again with the rest when the user says so."""
    keys = await fill(desk, lines(2))
    with full_disk(rig):
        await place(desk)
        assert states(desk) == ["unsent", "queued"]
        assert "The receipt could not be written." in stopped(desk)
    assert adds(server.ledger) == []
    await desk.basket.resume(keys)
    assert states(desk) == ["accepted", "accepted"]
    assert len(adds(server.ledger)) == 2


async def test_a_row_that_another_window_has_removed_is_not_queued_again(
    server: FaultServer, rig: Rig, desk: Desk
) -> None:
    """Going on with an unsent row that is gone meanwhile leaves its order unsent."""
    keys = await fill(desk, lines(1))
    with full_disk(rig):
        await place(desk)
    assert states(desk) == ["unsent"]
    rig.journal.basket.remove(keys)
    await desk.basket.resume(keys)
    assert states(desk) == []
    assert [order.state for order in rig.journal.orders()] == [State.UNSENT]
    assert adds(server.ledger) == []


async def test_going_on_twice_sends_in_one_run(server: FaultServer, desk: Desk) -> None:
    """A second word to go on while the first is still looking does not keep the user from stopping it."""
    server.plan("add", [LOST, FAULTS["late"](delay=0.05)])
    await fill(desk, lines(4))
    await place(desk)
    going = asyncio.gather(desk.basket.resume(), desk.basket.resume())
    await until(lambda: len(adds(server.ledger)) == 2)
    desk.basket.stop()
    await going
    assert states(desk) == ["unknown", "accepted", "queued", "queued"]
    assert "You have stopped it" in stopped(desk)


async def test_rows_are_taken_back_and_removed_without_being_sent(server: FaultServer, desk: Desk) -> None:
    """A queued row that is taken back or removed is never sent; one that was sent keeps its order."""
    server.plan("add", [None, LOST])
    keys = await fill(desk, lines(5))
    await place(desk)
    await desk.basket.take_back([*keys[:3]])
    removed = await desk.basket.remove([keys[0], keys[3]])
    assert states(desk) == ["unknown", "ok", "queued"]
    await desk.basket.restore(removed)
    assert states(desk) == ["accepted", "unknown", "ok", "ok", "queued"]
    await desk.basket.resume()
    assert states(desk) == ["accepted", "unknown", "ok", "ok", "accepted"]
    assert [fields["link"][-3:] for fields in adds(server.ledger)] == ["000", "001", "004"]
    assert [order.state for order in desk.orders if order.reason == "taken out of the basket"] == [State.UNSENT] * 2


async def test_the_key_to_go_on_does_nothing_twice(server: FaultServer, desk: Desk) -> None:
    """Resuming what is being sent, or what is through, sends nothing."""
    server.plan("add", [LOST])
    await fill(desk, lines(3))
    await place(desk)
    await asyncio.gather(*(desk.basket.resume() for _ in range(10)))
    await desk.basket.resume()
    assert len(adds(server.ledger)) == 3


async def test_rows_placed_while_it_sends_go_out_in_their_turn(server: FaultServer, desk: Desk) -> None:
    """One after the other, in the same run."""
    server.plan("add", [FAULTS["late"](delay=0.05)])
    await fill(desk, lines(2))
    sending = asyncio.create_task(place(desk))
    await until(lambda: len(adds(server.ledger)) == 1)
    await fill(desk, lines(2, "later"))
    await place(desk)
    await sending
    assert [order.link[15:] for order in server.ledger.orders] == ["p/000", "p/001", "later/000", "later/001"]
    assert states(desk) == ["accepted"] * 4


async def test_failures_can_be_mended_outside(server: FaultServer, desk: Desk) -> None:
    """What was refused or has a problem is text that can be pasted again; what may have been placed is not in it."""
    server.plan("add", [PRIVATE, LOST])
    await fill(desk, f"{lines(2)}\n1 | https://a.test/x | 3")
    await place(desk)
    again = await desk.basket.recognise(desk.basket.failures())
    assert [row.values["link"][-3:] for row in again.rows] == ["000", "t/x"]
    assert "Link is private" in desk.basket.failures()


@pytest.mark.parametrize(("method", "state"), [("start_sending", "queued"), ("conclude", "accepted")])
async def test_it_stops_where_the_disk_fails(
    method: str, state: str, server: FaultServer, rig: Rig, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a durable intent nothing is sent; after an outcome that was not saved nothing more is."""

    def full(*args: object, **kwargs: object) -> None:
        raise JournalError("The disk is full.")

    await fill(desk, lines(3))
    monkeypatch.setattr(rig.journal, method, full)
    await place(desk)
    assert states(desk) == [state, "queued", "queued"]
    assert len(adds(server.ledger)) == (method == "conclude")
    assert "isk" in stopped(desk)
    monkeypatch.undo()
    await desk.basket.resume()
    assert len(adds(server.ledger)) == (1 if method == "conclude" else 3)


async def test_a_basket_that_cannot_be_saved_says_so_and_is_tried_again(
    rig: Rig, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rows last as long as the window meanwhile; placing them would not be durable, so it is refused."""

    def full(*args: object) -> None:
        raise JournalError("The disk is full.")

    monkeypatch.setattr(rig.journal.basket, "put", full)
    (key,) = await fill(desk, lines(1))
    with pytest.raises(JournalError):
        await place(desk)
    assert "could not be saved: The disk is full." in desk.basket.trouble
    monkeypatch.undo()
    desk.basket.edit(key, "1", {"link": "@x", "quantity": "60"})
    await place(desk)
    assert (states(desk), desk.basket.trouble) == (["accepted"], "")


async def test_only_what_was_confirmed_goes_out(server: FaultServer, desk: Desk) -> None:
    """Rows left in the queue by an earlier run wait for their own word, and go out once by it."""
    server.plan("add", [LOST, FAULTS["late"](delay=0.05)])
    await fill(desk, lines(3))
    await place(desk)
    await fill(desk, lines(1, "new"))
    batch = desk.basket.check_place()
    assert links(batch.rows) == ["https://a.test/new/000"]
    sending = asyncio.create_task(desk.basket.place(batch))
    await until(lambda: len(adds(server.ledger)) == 2)
    assert (progress(desk).done, progress(desk).of, progress(desk).left) == (0, 1, 0)
    await sending
    assert [fields["link"][15:] for fields in adds(server.ledger)] == ["p/000", "new/000"]
    assert states(desk) == ["unknown", "queued", "queued", "accepted"]
    assert (progress(desk).left, stopped(desk)) == (2, "")
    await desk.basket.resume()
    assert [fields["link"][15:] for fields in adds(server.ledger)] == ["p/000", "new/000", "p/001", "p/002"]
    assert states(desk) == ["unknown", "accepted", "accepted", "accepted"]


async def test_what_waits_is_no_part_of_what_is_confirmed(server: FaultServer, rig: Rig) -> None:
    """Queued rows that do not go out now are not held against the daily cap of a batch that does."""
    rig.profile = replace(rig.profile, daily_cap=Decimal("0.30"))
    server.plan("add", [LOST])
    async with ready(rig) as desk:
        await fill(desk, lines(3))
        await place(desk)
        await fill(desk, lines(1, "new"))
        await place(desk)
        assert states(desk) == ["unknown", "queued", "queued", "accepted"]
        with pytest.raises(NotSent, match="daily cap"):
            await desk.basket.resume()
    assert len(adds(server.ledger)) == 2


async def test_going_on_sends_the_rows_that_were_shown(server: FaultServer, desk: Desk) -> None:
    """A queued row that was not among those confirmed stays queued."""
    server.plan("add", [LOST])
    keys = await fill(desk, lines(3))
    await place(desk)
    await desk.basket.resume(waiting=[keys[2]])
    assert states(desk) == ["unknown", "queued", "accepted"]
    await desk.basket.resume(waiting=[keys[1]])
    assert [fields["link"][15:] for fields in adds(server.ledger)] == ["p/000", "p/002", "p/001"]


async def test_rows_wait_for_the_pace_as_queued_ones(server: FaultServer, rig: Rig) -> None:
    """A row is written down as being sent when its turn has come; a stop before that leaves it queued."""
    turns = Turns()
    rig.connect = lambda: turns.client(server.url, KEY, ONCE)
    async with ready(rig) as desk:
        await fill(desk, lines(3))
        turns.left = 0
        sending = asyncio.create_task(place(desk))
        await until(lambda: turns.waiting and progress(desk).running)
        assert [order.state.value for order in rig.stored()] == ["queued"] * 3
        turns.left = 1
        await until(lambda: len(server.ledger.orders) == 1 and turns.waiting)
        await until(lambda: states(desk)[0] == "accepted")
        assert [order.state.value for order in reversed(rig.stored())] == ["accepted", "queued", "queued"]
        desk.basket.stop()
        await sending
        assert states(desk) == ["accepted", "queued", "queued"]
        assert "You have stopped it" in stopped(desk)
        turns.left = 1000
        await desk.basket.resume()
    assert [fields["link"] for fields in adds(server.ledger)] == [f"https://a.test/p/{n:03}" for n in range(3)]


# ── ends and windows ──────────────────────────────────────────────────────────────────────────────────────────────


async def test_an_end_in_mid_basket_leaves_the_rest_queued(server: FaultServer, rig: Rig) -> None:
    """The order cut off is unknown, what is left waits, and the next start sends nothing by itself."""
    server.plan("add", [None, FAULTS["stall_before_reply"](carried_out=True)])
    async with ready(rig) as desk:
        await fill(desk, lines(4))
        sending = asyncio.create_task(place(desk))
        await until(lambda: len(adds(server.ledger)) == 2)
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending
    async with ready(rig) as desk:
        await refreshed(desk)
        assert states(desk) == ["accepted", "unknown", "queued", "queued"]
        assert (progress(desk).left, progress(desk).running) == (2, False)
        await desk.basket.resume()
        assert states(desk) == ["accepted", "unknown", "accepted", "accepted"]
    assert len(server.ledger.orders) == len(adds(server.ledger)) == 4


async def test_two_windows_share_one_basket(server: FaultServer, rig: Rig, tmp_path: Path) -> None:
    """Each sees the other's rows and outcomes; while one sends, the other may not, and no row goes out twice."""
    async with ready(rig) as one, window(server, tmp_path) as two:
        await fill(one, lines(3))
        await until(lambda: states(two) == ["ok"] * 3)
        batch = two.basket.check_place()
        server.plan("add", [FAULTS["stall_before_reply"](carried_out=True)])
        sending = asyncio.create_task(place(one))
        await until(lambda: len(adds(server.ledger)) == 1)
        with pytest.raises(NotSent, match="in another window"):
            await two.basket.place(batch)
        await until(lambda: two.basket.progress is not None and progress(two).elsewhere)
        with pytest.raises(NotSent, match="in another window"):
            await two.basket.resume()
        sending.cancel()
        await asyncio.wait([sending])
        await until(lambda: states(two) == ["unknown", "queued", "queued"])
        await two.basket.resume()
        assert states(two) == ["unknown", "accepted", "accepted"]
    assert len(server.ledger.orders) == len(adds(server.ledger)) == 3


async def test_a_row_confirmed_in_two_windows_is_queued_by_one(server: FaultServer, rig: Rig, tmp_path: Path) -> None:
    """The one that comes later is told, and queues nothing of its batch."""
    async with ready(rig) as one, window(server, tmp_path) as two:
        await fill(one, lines(3))
        await until(lambda: states(two) == ["ok"] * 3)
        batches = one.basket.check_place(), two.basket.check_place()
        await one.basket.place(batches[0])
        with pytest.raises((NotSent, JournalError), match="changed"):
            await two.basket.place(batches[1])
    assert len(server.ledger.orders) == len(adds(server.ledger)) == 3


async def test_queued_orders_without_their_rows_get_rows_again(server: FaultServer, rig: Rig) -> None:
    """Where the rows were lost with a damaged file, what was confirmed is still there to be resumed or removed."""
    server.plan("add", [LOST])
    async with ready(rig) as desk:
        await fill(desk, lines(3))
        await place(desk)
        with rig.journal._database.transaction() as write:
            write.execute("DELETE FROM basket")
    async with ready(rig) as desk:
        assert states(desk) == ["queued", "queued"]
        assert links(desk.basket.rows) == ["https://a.test/p/001", "https://a.test/p/002"]
        await desk.basket.resume()
    assert len(server.ledger.orders) == 3


async def test_a_row_that_is_made_anew_is_the_one_that_was_lost(server: FaultServer, rig: Rig, tmp_path: Path) -> None:
    """Taken back it orders the same, note and extra parameters too; two windows make one row of it."""
    server.plan("add", [LOST])
    more = "service,link,quantity,note,tags,extra\n1,https://a.test/2,100,for Ada,vip june,server=2"
    async with ready(rig) as desk:
        await fill(desk, lines(1))
        await fill(desk, more)
        before = desk.basket.rows[-1]
        await place(desk)
        with rig.journal._database.transaction() as write:
            write.execute("DELETE FROM basket")
    async with ready(rig) as one, window(server, tmp_path) as two:
        await until(lambda: states(one) == states(two) == ["queued"])
        assert [row.key for row in one.basket.rows] == [row.key for row in two.basket.rows]
        await one.basket.take_back([one.basket.rows[0].key])
        (row,) = one.basket.rows
        assert (row.service_id, row.values, row.extra) == (before.service_id, before.values, before.extra)
        await place(one)
        await until(lambda: states(two) == ["accepted"])
    assert [fields.get("server") for fields in adds(server.ledger)] == [None, "2"]
