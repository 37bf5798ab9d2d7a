"""What leaves this machine for each action, and how many requests it takes."""

from __future__ import annotations

import asyncio
import json
from decimal import Decimal

import httpx
import pytest

from smmtui import __version__
from smmtui.domain.records import OrderStatus, Requested
from smmtui.domain.statuses import Status
from smmtui.errors import BadAnswer, BadKey, ConfigError, NoAnswer, NotSent, RateLimited, Refused
from smmtui.panel.client import PanelClient
from smmtui.secret import Secret
from tests.panel.scripted import KEY, URL, Fields, ScriptedPanel, profile

ORDER = [("service", "7"), ("link", "https://a.test/p?x=1&y=2"), ("quantity", "100"), ("order_style", "fast & süß")]


def _rows(field: str, action: str, fields: Fields) -> object:
    return [{field: int(identity), action: 1} for identity in fields[f"{field}s"].split(",")]


def honest(fields: Fields) -> object:
    """A panel that does everything it is asked."""
    action = fields["action"]
    many = {name for name in ("orders", "refills") if name in fields}
    answers: dict[str, object] = {
        "services": [{"service": 1, "name": "Likes", "type": "Default", "rate": "0.90", "min": "5", "max": "10"}],
        "balance": {"balance": "12.50", "currency": "USD"},
        "add": {"order": 23501},
        "refill": {"refill": "1"},
        "status": {"status": "Partial", "charge": "0.27", "remains": "157", "start_count": "3572", "currency": "USD"},
        "refill_status": {"status": "Completed"},
    }
    if not many:
        return answers[action]
    if action == "status":
        return {identity: answers["status"] for identity in fields["orders"].split(",")}
    return _rows("refill" if "refills" in many else "order", "status" if "refills" in many else action, fields)


async def test_form_fields_are_sent_exactly_as_given() -> None:
    """An order leaves as key, action and the fields in their order, URL-encoded, to the URL as typed."""
    panel = ScriptedPanel(honest)
    async with panel.client() as client:
        placed = await client.add(ORDER)
    request = panel.requests[0]
    assert placed.id == "23501"
    assert placed.warning == ""
    assert (request.method, str(request.url)) == ("POST", URL)
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert request.content.decode() == (
        f"key={KEY}&action=add&service=7&link=https%3A%2F%2Fa.test%2Fp%3Fx%3D1%26y%3D2&quantity=100"
        "&order_style=fast+%26+s%C3%BC%C3%9F"
    )


async def test_json_encoding_sends_one_object() -> None:
    """With `encoding = "json"` the same fields leave as a JSON object."""
    panel = ScriptedPanel(honest)
    async with panel.client(encoding="json") as client:
        await client.add(ORDER)
    assert panel.requests[0].headers["content-type"] == "application/json"
    assert json.loads(panel.requests[0].content) == {"key": KEY, "action": "add", **dict(ORDER)}


async def test_each_action_names_its_fields() -> None:
    """Every row of the contract is asked with exactly its fields."""
    panel = ScriptedPanel(honest)
    async with panel.client() as client:
        await client.services()
        await client.balance()
        await client.status("5")
        await client.statuses(["5", "6"])
        await client.refill("5")
        assert [rows async for rows in client.refills(["5", "6"])]
        await client.refill_status("1")
        await client.refill_statuses(["1", "2"])
        assert [rows async for rows in client.cancels(["5", "6"])]
    assert panel.asked == [
        {"action": "services"},
        {"action": "balance"},
        {"action": "status", "order": "5"},
        {"action": "status", "orders": "5,6"},
        {"action": "refill", "order": "5"},
        {"action": "refill", "orders": "5,6"},
        {"action": "refill_status", "refill": "1"},
        {"action": "refill_status", "refills": "1,2"},
        {"action": "cancel", "orders": "5,6"},
    ]


@pytest.mark.parametrize("url", ["https://p.test/api/v1", "https://p.test/api/v2/", "https://p.test/api.php?x=1"])
async def test_the_url_is_used_as_typed(url: str) -> None:
    """Nothing is appended to, or taken from, the URL that the user typed."""
    panel = ScriptedPanel(honest)
    async with panel.client(url=url) as client:
        await client.balance()
    assert str(panel.requests[0].url) == url


async def test_the_client_says_honestly_who_it_is() -> None:
    """The User-Agent names smmtui and its version unless the profile names another."""
    for agent in ("", "shop/2"):
        panel = ScriptedPanel(honest)
        async with panel.client(user_agent=agent) as client:
            await client.balance()
        assert panel.requests[0].headers["user-agent"] == (agent or f"smmtui/{__version__}")
        assert panel.requests[0].headers["accept-encoding"] == "gzip"


async def test_cookies_are_not_carried_along() -> None:
    """What one reply stores, the next request does not send."""
    panel = ScriptedPanel(
        lambda _: httpx.Response(200, headers={"Set-Cookie": "session=1; Path=/"}, content=b'{"balance":"1"}')
    )
    async with panel.client() as client:
        await client.balance()
        await client.balance()
    assert "cookie" not in panel.requests[1].headers


async def test_long_lists_are_split_at_a_hundred() -> None:
    """250 ids are three requests, each id once, and every one is answered for."""
    ids = [str(number) for number in range(1, 251)]
    panel = ScriptedPanel(honest)
    async with panel.client() as client:
        answers = await client.statuses([*ids, "7"])
        refills = await client.refill_statuses(ids)
        cancels = [rows async for rows in client.cancels(ids)]
    sizes = [
        len(next(iter(fields[name] for name in ("orders", "refills") if name in fields)).split(","))
        for fields in panel.asked
    ]
    assert sizes == [100, 100, 50] * 3
    assert list(answers) == list(refills) == ids
    assert [order for rows in cancels for order in rows] == ids


async def test_one_order_is_asked_for_by_the_single_form() -> None:
    """A list of one does not need the panel to know lists."""
    panel = ScriptedPanel(honest)
    async with panel.client() as client:
        answers = await client.statuses(["5"])
    assert panel.asked == [{"action": "status", "order": "5"}]
    assert isinstance(answers["5"], OrderStatus)


async def test_each_order_has_its_own_answer() -> None:
    """A row's error is that row's value, and an id that the panel left out is asked for alone, then and later."""
    rows = {"2": {"error": "Incorrect order ID"}, "1": {"status": "In progress"}, "4": "Gone"}
    panel = ScriptedPanel(lambda fields: rows if "orders" in fields else {"status": "Completed"})
    async with panel.client() as client:
        for _ in range(2):
            answers = await client.statuses(["1", "2", "3", "4"])
            assert answers["1"] == OrderStatus(Status.IN_PROGRESS, "In progress")
            assert answers["3"] == OrderStatus(Status.COMPLETED, "Completed")
            assert [str(answers[order]) for order in ("2", "4")] == ["Incorrect order ID", "Gone"]
        assert client.orders_per_request == 100
    lists = [fields.get("orders", fields.get("order")) for fields in panel.asked]
    assert lists == ["1,2,3,4", "3", "1,2,4", "3"]


@pytest.mark.parametrize(
    "batch", [[{"status": "Pending"}, {"status": "Completed"}], {"error": "Incorrect request"}, {"error": "No order"}]
)
async def test_a_panel_without_usable_lists_is_asked_one_by_one(batch: object) -> None:
    """A list without ids is never mapped by position."""

    def script(fields: Fields) -> object:
        if "orders" in fields:
            return batch
        return {"status": "Pending", "remains": fields["order"]} if fields["order"] != "8" else {"error": "Not yours"}

    panel = ScriptedPanel(script)
    async with panel.client() as client:
        answers = await client.statuses(["7", "8", "9"])
    assert [fields.get("order") for fields in panel.asked] == [None, "7", "8", "9"]
    assert [getattr(answers[order], "remains", "no") for order in ("7", "8", "9")] == [7, "no", 9]


async def test_that_a_panel_takes_no_lists_is_found_out_once() -> None:
    """For the rest of the session its orders are asked for one by one, without a try of the list before."""
    refusal = {"error": "Incorrect request"}
    panel = ScriptedPanel(lambda fields: refusal if "orders" in fields else {"status": "Pending"})
    async with panel.client() as client:
        for _ in range(2):
            answers = await client.statuses(["7", "8"])
            assert [type(row) for row in answers.values()] == [OrderStatus, OrderStatus]
        assert client.orders_per_request == 1
    assert [fields.get("orders", fields.get("order")) for fields in panel.asked] == ["7,8", "7", "8", "7", "8"]


async def test_one_bad_id_does_not_cost_the_others_their_list() -> None:
    """Where a panel refuses a list for one id that it does not know, that id is kept out of the next ones."""

    def script(fields: Fields) -> object:
        ids = fields.get("orders", fields.get("order", "")).split(",")
        if "8" in ids:
            return {"error": "Incorrect order ID"}
        return {id: {"status": "Pending"} for id in ids} if "orders" in fields else {"status": "Pending"}

    panel = ScriptedPanel(script)
    async with panel.client() as client:
        for _ in range(2):
            answers = await client.statuses(["7", "8", "9"])
            assert [type(answers[order]) for order in ("7", "8", "9")] == [OrderStatus, Refused, OrderStatus]
    lists = [fields.get("orders", fields.get("order")) for fields in panel.asked]
    assert lists == ["7,8,9", "7", "8", "9", "7,9", "8"]


async def test_a_row_that_comes_again_is_what_it_was_and_one_that_changed_is_read() -> None:
    """Also where the key that it echoes was masked, and where a list has become one that is not to be trusted."""
    rows = {"1": {"status": f"Odd {KEY}", "remains": "5"}, "2": {"status": "Pending"}}
    body = [json.dumps(rows).encode()]
    panel = ScriptedPanel(lambda _: body[0])
    async with panel.client() as client:
        first = await client.statuses(["1", "2"])
        assert isinstance(first["1"], OrderStatus)
        assert first["1"].word == "Odd ****"
        assert await client.statuses(["2", "1"]) == first
        body[0] = body[0].replace(b'"5"', b'"4"')
        second = await client.statuses(["1", "2"])
        assert isinstance(second["1"], OrderStatus)
        assert (second["1"].remains, second["2"]) == (4, first["2"])
        body[0] = body[0].replace(b'"4"', b'"3", "remains": "2"')
        with pytest.raises(BadAnswer, match="twice"):
            await client.statuses(["1", "2"])


async def test_refill_lists_without_ids_are_asked_one_by_one() -> None:
    """Refill statuses, too, are never mapped by position."""
    panel = ScriptedPanel(lambda fields: [{"status": "Pending"}] * 2 if "refills" in fields else {"status": "Rejected"})
    async with panel.client() as client:
        answers = await client.refill_statuses(["1", "2"])
    assert [row.status for row in answers.values()] == [Status.REJECTED, Status.REJECTED]
    assert len(panel.asked) == 3


async def test_what_was_answered_before_the_panel_fell_silent_is_kept() -> None:
    """Trouble in a later request does not cost the answers of the earlier ones."""

    def script(fields: Fields) -> object:
        if fields["orders"].startswith("101,"):
            return httpx.Response(502, content=b"<html>bad gateway</html>")
        return honest(fields)

    panel = ScriptedPanel(script)
    async with panel.client() as client:
        answers = await client.statuses(str(number) for number in range(1, 201))
        assert list(answers) == [str(number) for number in range(1, 101)]
        with pytest.raises(BadAnswer):
            await client.statuses(str(number) for number in range(101, 201))


async def test_a_failed_write_batch_stops_the_ones_behind_it() -> None:
    """Of three requests the second is refused: the first counts, the third is never sent."""

    def script(fields: Fields) -> object:
        return {"error": "Something went wrong"} if fields["orders"].startswith("101,") else honest(fields)

    panel = ScriptedPanel(script)
    async with panel.client() as client:
        first, second, third = [rows async for rows in client.cancels(str(number) for number in range(1, 251))]
    assert len(panel.requests) == 2
    assert {type(row) for row in first.values()} == {Requested}
    assert {type(row) for row in second.values()} == {Refused}
    assert {type(row) for row in third.values()} == {NotSent}


async def test_after_a_bad_key_reads_stay_home_until_the_user_acts() -> None:
    """A refused key is not shown to the panel again by polling: some block the address after five."""
    panel = ScriptedPanel(lambda _: httpx.Response(401, content=b'{"error":"Invalid API key"}'))
    async with panel.client() as client:
        for _ in range(3):
            with pytest.raises(BadKey, match="Invalid API key"):
                await client.balance()
        assert len(panel.requests) == 1
        client.accept_key()
        with pytest.raises(BadKey):
            await client.statuses(["1", "2"])
    assert len(panel.requests) == 2


async def test_reads_that_wait_their_turn_do_not_show_a_bad_key_again() -> None:
    """Of many reads that were under way only those in flight reach the panel."""
    panel = ScriptedPanel(lambda _: {"error": "Invalid API key"})
    async with panel.client() as client:
        outcomes = await asyncio.gather(*(client.status(str(number)) for number in range(20)), return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {BadKey}
    assert len(panel.requests) <= 2


async def test_a_panel_that_goes_down_is_not_asked_order_by_order() -> None:
    """An error page in place of one order's status concerns them all."""

    def script(fields: Fields) -> object:
        if "orders" in fields:
            return {"error": "Incorrect request"}
        return (
            {"status": "Pending"}
            if fields["order"] == "1"
            else httpx.Response(200, content=b"<html>maintenance</html>")
        )

    panel = ScriptedPanel(script)
    async with panel.client() as client:
        answers = await client.statuses(str(number) for number in range(1, 90))
    assert list(answers) == ["1"]
    assert len(panel.requests) == 3


async def test_a_bad_key_told_to_a_write_stops_reads_too() -> None:
    """It does not matter which action learned that the key is refused."""
    panel = ScriptedPanel(lambda _: {"error": {"code": 1, "text": "user_inactive"}})
    async with panel.client() as client:
        with pytest.raises(BadKey):
            await client.add(ORDER)
        with pytest.raises(BadKey):
            await client.services()
    assert len(panel.requests) == 1


@pytest.mark.parametrize("status", [500, 502, 503, 520])
async def test_reads_try_three_times_and_writes_once(status: int) -> None:
    """A failing panel gets a read three times and an order exactly once."""
    panel = ScriptedPanel(lambda _: httpx.Response(status, content=b"<html>oops</html>"))
    async with panel.client() as client:
        with pytest.raises(BadAnswer):
            await client.balance()
        assert len(panel.requests) == 3
        with pytest.raises(BadAnswer):
            await client.add(ORDER)
    assert len(panel.requests) == 4


@pytest.mark.parametrize(
    ("header", "requests", "seconds"),
    [("2", 3, 2.0), ("0", 3, 0.0), ("60", 1, 60.0), ("9" * 30, 1, 900.0), ("soon", 1, None)],
)
async def test_retry_after_is_honoured(header: str, requests: int, seconds: float | None) -> None:
    """A short wait is waited out, a long one is handed on, at most 15 minutes of it are believed."""
    panel = ScriptedPanel(
        lambda _: httpx.Response(429, headers={"Retry-After": header}, content=b'{"error":"Too many requests"}')
    )
    async with panel.client() as client:
        with pytest.raises(RateLimited) as caught:
            await client.balance()
    assert len(panel.requests) == requests
    assert caught.value.retry_after == seconds


async def test_a_rate_limit_without_json_is_one_for_reads_only() -> None:
    """A 429 page tells a read to wait; for an order it leaves the outcome open."""
    panel = ScriptedPanel(
        lambda _: httpx.Response(429, headers={"Retry-After": "33"}, content=b"<html>slow down</html>")
    )
    async with panel.client() as client:
        with pytest.raises(RateLimited) as caught:
            await client.balance()
        assert caught.value.retry_after == 33.0
        with pytest.raises(BadAnswer):
            await client.add(ORDER)


@pytest.mark.parametrize(
    "fields",
    [[("key", "other")], [("service", "1"), ("action", "cancel")], [("a", "1"), ("a", "2")], [("link", "\ud800")]],
)
async def test_fields_that_would_change_the_request_are_not_sent(fields: list[tuple[str, str]]) -> None:
    """No field given by hand replaces the key or the action, is named twice, or breaks the encoding."""
    panel = ScriptedPanel(honest)
    async with panel.client() as client:
        with pytest.raises(NotSent):
            await client.add(fields)
    assert panel.requests == []


async def test_without_a_trace_every_failure_is_unknown() -> None:
    """A transport that cannot prove that nothing was sent never leads to "not sent"."""

    def broken(fields: Fields) -> object:
        raise httpx.ConnectError("refused")

    panel = ScriptedPanel(broken)
    started: list[bool] = []
    async with panel.client() as client:
        with pytest.raises(NoAnswer):
            await client.add(ORDER, on_sending=lambda: started.append(True))
    assert len(panel.requests) == 1
    assert started == [True]


async def test_evidence_comes_with_every_outcome() -> None:
    """An order's answer is kept with it, whether it was understood or not."""
    panel = ScriptedPanel(
        lambda fields: {"order": 5, "note": KEY} if fields["quantity"] == "1" else b"<b>nope " + KEY.encode()
    )
    async with panel.client() as client:
        placed = await client.add([("quantity", "1")])
        with pytest.raises(BadAnswer) as caught:
            await client.add([("quantity", "2")])
    assert placed.reply == '{"order": 5, "note": "****"}'
    assert placed.status == 200
    assert (caught.value.evidence.status, caught.value.evidence.reply, caught.value.evidence.sent) == (
        200,
        "<b>nope ****",
        True,
    )


async def test_a_huge_answer_is_kept_in_part_without_half_a_key() -> None:
    """At most 4 KiB of a reply are kept, and the cut does not uncover the key."""
    body = b'{"order":5,"x":"' + b"a" * 4060 + KEY.encode() + b"b" * 9000 + b'"}'
    panel = ScriptedPanel(lambda _: body)
    async with panel.client() as client:
        placed = await client.add([("service", "1")])
    assert len(placed.reply.encode()) <= 4096
    assert KEY[:6] not in placed.reply


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("panel.test/api/v2", "https://"),
        ("ftp://panel.test/api", "https://"),
        ("https://", "host"),
        ("https:///api", "host"),
        ("https://user:pass@panel.test/api", "password"),
        (f"https://panel.test/api?key={KEY}", "key"),
        ("http://panel.test/api", "unencrypted"),
        ("http://127.0.0.1.evil.test/api", "unencrypted"),
        ("https://panel.test /api", "blanks"),
        ("https://panel.test:99999/api", "port"),
        ("https://[::1/api", "not a URL"),
        ("https://pa\x00nel.test/api", "not a URL"),
        ("https://xn--/", "not a URL"),
        ("", "https://"),
    ],
)
def test_an_url_that_must_not_get_the_key_is_refused_at_once(url: str, word: str) -> None:
    """A URL that is malformed, unencrypted or holds secrets is a sentence, and no request."""
    with pytest.raises(ConfigError, match=word) as caught:
        PanelClient(profile(url), Secret(KEY))
    assert KEY not in str(caught.value)
    assert "pass" not in str(caught.value).replace("password", "")


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8000/api", "http://[::1]/api", "http://localhost/api", "https://münchen.test/a"]
)
async def test_loopback_and_international_hosts_are_welcome(url: str) -> None:
    """Plain HTTP is fine as long as it does not leave the machine."""
    async with PanelClient(profile(url), Secret(KEY)) as client:
        assert client.host


async def test_plain_http_can_be_allowed() -> None:
    """The user may accept an unencrypted panel, per profile."""
    async with PanelClient(profile("http://panel.test/api", allow_http=True), Secret(KEY)) as client:
        assert client.host == "panel.test"


@pytest.mark.parametrize(
    "settings", [{"proxy": "nonsense"}, {"proxy": "ftp://p:1"}, {"user_agent": "a\r\nb: c"}, {"user_agent": "ü"}]
)
def test_settings_that_cannot_be_sent_are_refused_at_once(settings: dict[str, object]) -> None:
    """A proxy or a user agent that cannot work is a sentence before anything starts."""
    with pytest.raises(ConfigError):
        PanelClient(profile(**settings), Secret(KEY))  # type: ignore[arg-type]  # test shorthand


async def test_proxies_of_the_environment_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the profile names a proxy."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    panel = ScriptedPanel(honest)
    async with panel.client() as client:
        assert (await client.balance()).amount == Decimal("12.50")
    async with PanelClient(profile("http://127.0.0.1:9/api"), Secret(KEY)) as client:
        with pytest.raises(NotSent) as caught:
            await client.add(ORDER)
    assert "proxy" not in str(caught.value)
