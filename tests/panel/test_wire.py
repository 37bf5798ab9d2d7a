"""The wild, sentence by sentence: what panels were seen to answer, and what is made of it."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import httpx
import pytest

from smmtui.domain.records import OrderStatus, Placed, RefillStatus, Requested, Service
from smmtui.domain.statuses import Status
from smmtui.errors import BadAnswer, BadKey, PanelError, RateLimited, Redirected, Refused
from smmtui.panel.client import PanelClient
from smmtui.panel.meanings import meaning_of
from smmtui.panel.wire import Services, read_services
from tests.panel.scripted import ScriptedPanel

NOTICE = b"<br />\n<b>Notice</b>:  Undefined offset [0] in <b>/var/www/api.php</b> on line <b>21</b><br />\n"
GOOD_STATUS = {"charge": "0.27819", "start_count": "3572", "status": "Partial", "remains": "157", "currency": "USD"}


async def ask(action: str, body: object, status: int = 200, headers: dict[str, str] | None = None) -> Any:
    """Return what the client makes of a reply with this body, a raised PanelError included."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    panel = ScriptedPanel(lambda _: httpx.Response(status, headers=headers, content=raw))
    async with panel.client() as client:
        try:
            return await _call(client, action)
        except PanelError as error:
            return error


async def _call(client: PanelClient, action: str) -> object:
    match action:
        case "add":
            return await client.add([("service", "1"), ("link", "x"), ("quantity", "10")])
        case "balance":
            balance = await client.balance()
            return balance.amount, balance.currency
        case "services":
            return await client.services()
        case "status":
            return await client.status("9")
        case "statuses":
            return await client.statuses(["9", "2"])
        case "refill":
            return await client.refill("9")
        case "refill_status":
            return await client.refill_status("3")
        case "refill_statuses":
            return await client.refill_statuses(["3", "4"])
        case _:
            batches = client.refills(["9", "2"]) if action == "refills" else client.cancels(["9", "2"])
            return {order: row for rows in [rows async for rows in batches] for order, row in rows.items()}


# The envelope


@pytest.mark.parametrize("status", [200, 201, 400, 401, 402, 403, 404, 413, 422, 429, 500])
async def test_the_body_is_read_whatever_the_status_says(status: int) -> None:
    """A good answer is good under any HTTP status; an order says so in its warning unless it is a 2xx."""
    assert await ask("balance", {"balance": "1.5", "currency": "EUR"}, status) == (Decimal("1.5"), "EUR")
    placed = await ask("add", {"order": 5}, status)
    assert (placed.id, bool(placed.warning)) == ("5", status >= 300)


@pytest.mark.parametrize("status", [200, 400, 401, 402, 403, 404, 413, 422])
async def test_an_error_text_is_a_refusal_whatever_the_status_says(status: int) -> None:
    """The panel's words arrive unchanged."""
    for action in ("add", "balance", "status", "services"):
        error = await ask(action, {"error": "Not enough funds on balance"}, status)
        assert (type(error), str(error), error.meaning) == (Refused, "Not enough funds on balance", "funds")


@pytest.mark.parametrize(
    "body",
    [
        NOTICE + b'{"order":5}',
        b'{"order":5}\n' + NOTICE,
        NOTICE + b'{"order":5}' + NOTICE,
        b'Warning: foo(): bar {closure}() in x.php\n{"order":5}',
        b'<html><body>{"order":5}</body></html>',
    ],
)
async def test_notices_around_an_order_are_cut_off_and_told(body: bytes) -> None:
    """An id is found among other text, with a warning."""
    placed = await ask("add", body)
    assert placed.id == "5"
    assert placed.warning == "The answer stood among other text."


@pytest.mark.parametrize(
    "body", [b'\xef\xbb\xbf{"order":5}', '\ufeff{"order":5}'.encode("utf-16"), b' \n {"order":5}\0\n']
)
async def test_marks_and_blanks_are_nothing_unusual(body: bytes) -> None:
    """A byte-order mark, UTF-16 that says so and blanks are read without a warning."""
    placed = await ask("add", body)
    assert (placed.id, placed.warning) == ("5", "")


UNREADABLE = [
    b"",
    b" \r\n",
    b"null",
    b"true",
    b'"text"',
    b"[]",
    b"0",
    b"{}",
    b"<!DOCTYPE html><html><head><title>Just a moment...</title></head></html>",
    b'<html><script>var cf = {"error": "blocked"};</script></html>',
    b'{"order":235',
    b'{"order":',
    b'{"data":{"order":5},"x',
    b'{"order":5}{"order":6}',
    b'{"order":5} {"order":5}',
    b'{"order":5,"order":5}',
    b'{"order":5,"x":NaN}',
    b'{"order":5,"x":1e999999999}',
    b'{"order":5,"x":' + b"9" * 5000 + b"}",
    b'{"order":5,"x":' + b"[" * 5000 + b"]" * 5000 + b"}",
    b'{"order":5,"x":"\xff"}',
    b'{"data":' * 300 + b'{"order":5}' + b"}" * 300,
]


@pytest.mark.parametrize("body", UNREADABLE)
async def test_what_cannot_be_read_exactly_leaves_an_order_unknown(body: bytes) -> None:
    """An answer that is cut, doubled, not JSON or not to be trusted is never a success and never a refusal."""
    assert type(await ask("add", body)) is BadAnswer


@pytest.mark.parametrize(
    "body", [b"", b"null", b"true", b'"text"', b"0", b"<html>502</html>", b'{"balance":"1","balance":"2"}']
)
@pytest.mark.parametrize("action", ["balance", "status", "statuses", "services", "refill_status"])
async def test_reads_do_not_guess_either(action: str, body: bytes) -> None:
    """No record is made of an answer of the wrong shape."""
    assert type(await ask(action, body)) is BadAnswer


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_shown_and_not_followed(status: int) -> None:
    """The user is told from where to where; an id in a redirect's body still counts."""
    error = await ask("balance", b"moved", status, {"Location": "https://www.panel.test/api/v2"})
    assert type(error) is Redirected
    assert error.to == "https://www.panel.test/api/v2"
    assert "https://panel.test/api/v2" in str(error)
    relative = await ask("add", b'{"error":"moved"}', status, {"Location": "/new\x1b[31m"})
    assert type(relative) is Redirected
    assert "\x1b" not in relative.to + str(relative)
    for place in ("/new", "https://[::1", "http://x:port/"):
        assert (await ask("add", {"order": 5}, status, {"Location": place})).id == "5"
        assert type(await ask("add", b"", status, {"Location": place})) is Redirected


async def test_an_answer_inside_a_web_page_is_none() -> None:
    """What a script in an error page says about itself is not the panel's answer."""
    page = b'<!DOCTYPE html><html><script>x = {"error": "blocked", "refill": 5, "balance": "7"};</script></html>'
    for action in ("add", "refill", "balance", "status"):
        assert type(await ask(action, page)) is BadAnswer


async def test_unknown_fields_are_ignored() -> None:
    """A reply may say more than anyone asked for."""
    assert await ask("balance", {"balance": 3, "currency": "TRY", "spent": {"a": [1]}, "x": None}) == (
        Decimal(3),
        "TRY",
    )


# Errors


@pytest.mark.parametrize(
    "body",
    [
        {"error": "No luck"},
        {"error": {"code": 7, "text": "No luck"}},
        {"error": {"message": "No luck"}},
        {"error": ["No luck"]},
        {"status": "error", "message": "No luck"},
        {"status": "error", "msg": "No luck"},
        {"status": "fail", "message": "No luck"},
        {"success": False, "error": "No luck"},
        {"success": False, "message": "No luck"},
        {"errors": {"link": ["No luck"]}},
        {"errors": ["No luck"]},
        {"error": True, "message": "No luck"},
        {"error": "No luck", "order": None},
        {"error": "No luck", "order": 0},
        [{"error": "No luck"}],
    ],
)
async def test_every_carrier_of_an_error_text_is_known(body: object) -> None:
    """Wherever the words stand, they are a refusal in those words."""
    for action in ("add", "balance", "refill"):
        error = await ask(action, body)
        assert (type(error), str(error)) == (Refused, "No luck"), action


@pytest.mark.parametrize("nothing", [None, "", False, [], {}])
async def test_an_empty_error_beside_a_good_answer_is_none(nothing: object) -> None:
    """`error: null` and its like do not spoil an answer."""
    placed = await ask("add", {"order": 5, "error": nothing, "errors": nothing})
    assert (placed.id, placed.warning) == ("5", "")
    assert await ask("balance", {"balance": "1", "error": nothing}) == (Decimal(1), None)


async def test_an_error_beside_an_order_id_is_a_placed_order_with_a_warning() -> None:
    """An id is never thrown away."""
    placed = await ask("add", {"order": 5, "error": "Low balance"})
    assert (placed.id, placed.warning) == ("5", "The panel took the order and said: Low balance")


@pytest.mark.parametrize(
    "body", [{"success": True}, {"success": False}, {"error": True}, {"error": 5}, {"message": "ok"}]
)
async def test_an_order_without_id_and_without_error_text_is_unknown(body: object) -> None:
    """Success without an id, or failure without a word, is nothing to rely on."""
    assert type(await ask("add", body)) is BadAnswer


async def test_a_bare_message_is_an_error_text_under_an_error_status_only() -> None:
    """`{"message": …}` with a 4xx is the panel's no."""
    assert str(await ask("add", {"message": "Link is bad"}, 422)) == "Link is bad"


async def test_an_error_under_a_server_error_leaves_an_order_unknown() -> None:
    """A panel that fails while it says no may have taken the order."""
    error = await ask("add", {"error": "Something went wrong"}, 500)
    assert type(error) is BadAnswer
    assert "Something went wrong" in str(error)
    assert type(await ask("balance", {"error": "Something went wrong"}, 500)) is Refused


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("Invalid API key", "bad key"),
        ("Incorrect API key", "bad key"),
        ("invalid_api_key", "bad key"),
        ("user_inactive", "bad key"),
        ("API is disabled", "bad key"),
        ("API key is required", "bad key"),
        ("Unauthorized", "bad key"),
        ("Geçersiz API anahtarı", "bad key"),
        ("Неверный API ключ", "bad key"),
        ("Not enough funds on balance", "funds"),
        ("neworder.error.not_enough_funds", "funds"),
        ("Insufficient balance", "funds"),
        ("Yetersiz bakiye", "funds"),
        ("Недостаточно средств на балансе", "funds"),
        ("You have active order with this link. Please wait until order being completed.", "active order"),
        ("Quantity less than minimal 100", "quantity"),
        ("neworder.error.min_quantity", "quantity"),
        ("Incorrect service ID", "service gone"),
        ("Service not found", "service gone"),
        ("neworder.error.link", "bad link"),
        ("Invalid link", "bad link"),
        ("Geçersiz bağlantı", "bad link"),
        ("Username not found", "bad link"),
        ("Incorrect order ID", "bad order"),
        ("Order not found", "bad order"),
        ("Refill not found", "refill"),
        ("Refill is not available for this order", "refill"),
        ("Cancel is disabled for this service", "cancel"),
        ("Incorrect request", "unknown action"),
        ("This action is Invalid", "unknown action"),
        ("Too many requests", "rate limit"),
        ("Rate limit exceeded, slow down", "rate limit"),
        ("Çok fazla istek", "rate limit"),
        ("Something went wrong", "upstream"),
        ("Bir hata oluştu", "upstream"),
        ("User not found", ""),
        ("Kein Glück", ""),
        ("", ""),
    ],
)
def test_texts_are_understood_by_meaning(text: str, meaning: str) -> None:
    """The same meaning has many texts; case and the spelling of message keys do not matter."""
    assert meaning_of(text) == meaning
    assert meaning_of(text.upper()) == meaning


async def test_meanings_choose_the_error() -> None:
    """A bad key and a rate limit are errors of their own, also inside a 200; anything unknown is a plain refusal."""
    assert type(await ask("add", {"error": "INVALID API KEY"})) is BadKey
    assert type(await ask("add", {"error": "Too many requests"})) is RateLimited
    assert type(await ask("add", {"error": "Es ist etwas passiert"})) is Refused


async def test_foreign_words_are_cleaned() -> None:
    """Control characters of an error text do not come through."""
    error = await ask("balance", {"error": "No\x1b[31m \u202eluck\nat all" + "x" * 900})
    assert "\x1b" not in str(error)
    assert "\u202e" not in str(error)
    assert "\n" not in str(error)
    assert len(str(error)) <= 500


# Orders


@pytest.mark.parametrize(
    ("value", "identity"),
    [
        (23501, "23501"),
        ("23501", "23501"),
        ("65f1c0ffee65f1c0ffee65f1", "65f1c0ffee65f1c0ffee65f1"),
        ("ORD-2024_7", "ORD-2024_7"),
        (10**40, str(10**40)),
        ("9" * 64, "9" * 64),
    ],
)
async def test_ids_are_opaque(value: object, identity: str) -> None:
    """An id is kept as the panel wrote it, beyond 64 bits too."""
    placed = await ask("add", {"order": value, "charge": "1.00"})
    assert isinstance(placed, Placed)
    assert (placed.id, placed.warning) == (identity, "")


@pytest.mark.parametrize(
    "value",
    [True, False, 0, "0", None, "", 1.5, -5, 10**64, "9" * 65, "a b", "null", "<b>", "--", [5], {}, {"id": 1.5}],
)
async def test_what_is_no_id_leaves_the_order_unknown(value: object) -> None:
    """A malformed id is neither an id nor a refusal."""
    assert type(await ask("add", {"order": value})) is BadAnswer


async def test_a_malformed_id_beside_an_error_is_no_refusal() -> None:
    """`order: true` claims success, so the error beside it does not prove the opposite."""
    assert type(await ask("add", {"order": True, "error": "No luck"})) is BadAnswer


@pytest.mark.parametrize("body", [{"data": {"order": 5}}, {"order_id": 5}, [{"order": 5}], {"order": {"id": 5}}])
async def test_an_id_in_an_unusual_place_counts_with_a_warning(body: object) -> None:
    """Wrapped or renamed, one id is one order."""
    placed = await ask("add", body)
    assert (placed.id, placed.warning) == ("5", "The order id stood in an unusual place.")


@pytest.mark.parametrize(
    "body", [{"order": 5, "order_id": 6}, [{"order": 5}, {"order": 6}], {"order": 5, "data": {"order": 6}}]
)
async def test_two_ids_are_one_too_many(body: object) -> None:
    """Nobody knows which of two ids is the order."""
    assert type(await ask("add", body)) is BadAnswer


# Balance


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'{"balance":"100.84292","currency":"USD"}', ("100.84292", "USD")),
        (b'{"balance":100.84292}', ("100.84292", None)),
        (b'{"balance":-3,"currency":""}', ("-3", None)),
        (b'{"balance":1e-7,"currency":null}', ("0.0000001", None)),
        (b'{"balance":"0"}', ("0", None)),
        (b'{"data":{"balance":"7","currency":"RUB"}}', ("7", "RUB")),
    ],
)
async def test_a_balance_is_exact(body: bytes, expected: tuple[str, str | None]) -> None:
    """String or number, negative too; a currency that is not named is unknown."""
    assert await ask("balance", body) == (Decimal(expected[0]), expected[1])


@pytest.mark.parametrize("value", ["1,234.50", None, "", "Unknown", True, [], "12,5", "NaN"])
async def test_an_unreadable_balance_is_never_zero(value: object) -> None:
    """What cannot be read exactly is an error."""
    assert type(await ask("balance", {"balance": value})) is BadAnswer


# Status


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, {}),
        ({"start_count": None, "remains": ""}, {"start_count": None, "remains": None}),
        ({"charge": None, "currency": None}, {"charge": None, "currency": None}),
        ({"charge": 1.5, "remains": 157}, {"charge": Decimal("1.5")}),
        ({"start_count": "Unknown", "remains": "12.5"}, {"start_count": None, "remains": None}),
        ({"remains": -3}, {"remains": -3}),
        ({"status": "Inprogress"}, {"status": Status.IN_PROGRESS, "word": "Inprogress"}),
        ({"status": "in_progress"}, {"status": Status.IN_PROGRESS, "word": "in_progress"}),
        ({"status": 2}, {"status": Status.COMPLETED, "word": "2"}),
        ({"status": "Error"}, {"status": Status.ERROR, "word": "Error"}),
        ({"status": "Quantum"}, {"status": Status.UNKNOWN, "word": "Quantum"}),
        ({"error": "note"}, {}),
    ],
)
async def test_a_status_is_read_as_far_as_it_is_exact(changes: dict[str, object], expected: dict[str, object]) -> None:
    """Values come as text, numbers, null or nonsense; nonsense is unknown."""
    plain: dict[str, object] = {
        "status": Status.PARTIAL,
        "word": "Partial",
        "charge": Decimal("0.27819"),
        "currency": "USD",
        "start_count": 3572,
        "remains": 157,
    }
    status = await ask("status", {**GOOD_STATUS, **changes})
    assert isinstance(status, OrderStatus)
    assert {name: getattr(status, name) for name in plain} == {**plain, **expected}


async def test_drip_feed_parents_name_their_children() -> None:
    """Parents come with runs and the orders placed so far, and without charge and remains."""
    parent = await ask("status", {"status": "Active", "runs": "5", "orders": [101, "102", {"order": 103}]})
    assert parent == OrderStatus(Status.ACTIVE, "Active", runs=5, orders=("101", "102", "103"))
    assert (await ask("status", {"status": "Active", "posts": "1", "expiry": "1/2/2030", "orders": "7,8"})).orders == (
        "7",
        "8",
    )


@pytest.mark.parametrize(
    "body", [{"error": "Incorrect order ID"}, {"status": "error", "message": "Incorrect order ID"}]
)
async def test_an_order_that_the_panel_does_not_know_is_refused(body: object) -> None:
    """A status in words for an error is not taken for the order's status."""
    error = await ask("status", body)
    assert (str(error), error.meaning) == ("Incorrect order ID", "bad order")


@pytest.mark.parametrize(
    "body",
    [
        {"9": GOOD_STATUS, "2": GOOD_STATUS},
        {"2": GOOD_STATUS, "x": 1, "9": GOOD_STATUS},
        {"data": {"9": GOOD_STATUS, "2": GOOD_STATUS}},
        {"orders": {"9": GOOD_STATUS, "2": GOOD_STATUS}},
        [{"order": 2, **GOOD_STATUS}, {"order": "9", **GOOD_STATUS}],
        [{"id": 2, **GOOD_STATUS}, {"id": 9, **GOOD_STATUS}],
        {"status": "success", "data": [{"order": 2, **GOOD_STATUS}, {"order": 9, **GOOD_STATUS}]},
    ],
)
async def test_batches_are_mapped_by_id(body: object) -> None:
    """In whatever order, wrapped or as a list that names ids."""
    answers = await ask("statuses", body)
    assert {order: row.remains for order, row in answers.items()} == {"9": 157, "2": 157}


async def test_a_row_that_makes_no_sense_costs_only_itself() -> None:
    """The others of the batch keep their answers."""
    answers = await ask("statuses", {"9": ["?"], "2": GOOD_STATUS})
    assert isinstance(answers["9"], Refused)
    assert isinstance(answers["2"], OrderStatus)


# Refill and cancel


@pytest.mark.parametrize(
    ("body", "identity"),
    [
        ({"refill": "1"}, "1"),
        ({"refill": 1}, "1"),
        ({"refill": 9}, "9"),
        ([{"order": 9, "refill": 31}], "31"),
        ({"9": {"refill": 31}}, "31"),
        ({"refill": {"id": 31}}, "31"),
        ({"refill": True}, None),
    ],
)
async def test_a_refill_is_requested(body: object, identity: str | None) -> None:
    """With its own id where there is one, which may equal the order's."""
    assert await ask("refill", body) == Requested("9", identity)


@pytest.mark.parametrize(
    "body",
    [{"refill": {"error": "Refill pending"}}, {"error": "Refill pending"}, [{"order": 9, "error": "Refill pending"}]],
)
async def test_a_refused_refill_says_why(body: object) -> None:
    """The panel's words are the error."""
    error = await ask("refill", body)
    assert (type(error), str(error), error.meaning) == (Refused, "Refill pending", "refill")


@pytest.mark.parametrize("body", [{"refill": 0}, {"refill": None}, {"refill": 1.5}, {}, [], {"ok": 1}])
async def test_a_refill_without_a_word_is_unknown(body: object) -> None:
    """Neither requested nor refused."""
    assert type(await ask("refill", body)) is BadAnswer


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"order": 9, "cancel": 1}, Requested("9")),
        ({"order": 9, "cancel": "1"}, Requested("9")),
        ({"order": 9, "cancel": 77}, Requested("9", "77")),
        ({"order": "9", "cancel": {"error": "Incorrect order ID"}}, Requested("9", refused="Incorrect order ID")),
        ({"order": 9, "error": "Too late"}, Requested("9", refused="Too late")),
        ({"order": 9, "status": "Success"}, Requested("9")),
        ({"order": 9, "cancel": {"status": "pending review"}}, Requested("9")),
    ],
)
async def test_a_cancel_is_requested_or_refused_row_by_row(row: object, expected: Requested) -> None:
    """`cancel: 1` is no id, and a row's error is that row's."""
    rows = await ask("cancels", [row, {"order": 2, "cancel": 1}])
    assert rows == {"9": expected, "2": Requested("2")}


@pytest.mark.parametrize("body", [{"9": 1, "2": {"cancel": 1}}, {"9": {"status": "ok"}, "2": True}])
async def test_cancels_may_be_keyed_by_id(body: object) -> None:
    """An object keyed by id is as good as a list."""
    assert await ask("cancels", body) == {"9": Requested("9"), "2": Requested("2")}


async def test_rows_that_cannot_be_mapped_are_unknown() -> None:
    """Rows without ids, or ids without rows, are never guessed for a request that changes orders."""
    rows = await ask("cancels", [{"cancel": 1}, {"cancel": 1}])
    assert [type(row) for row in rows.values()] == [BadAnswer, BadAnswer]
    rows = await ask("refills", [{"order": 2, "refill": 8}])
    assert type(rows["9"]) is BadAnswer
    assert rows["9"].evidence.sent
    assert rows["2"] == Requested("2", "8")


async def test_a_whole_batch_can_be_refused() -> None:
    """Then every row carries the refusal."""
    rows = await ask("cancels", {"error": "Incorrect request"})
    assert {(type(row), str(row)) for row in rows.values()} == {(Refused, "Incorrect request")}


@pytest.mark.parametrize(
    "word", ["Pending", "In progress", "Awaiting", "Completed", "Rejected", "Canceled", "Error", "expired"]
)
async def test_refill_statuses_are_known(word: str) -> None:
    """Every refill status that was met has its meaning and keeps its spelling."""
    row = await ask("refill_status", {"status": word})
    assert row.word == word
    assert row.status is not Status.UNKNOWN


async def test_refill_statuses_of_many() -> None:
    """Each refill has a status or the words why not."""
    rows = await ask(
        "refill_statuses",
        [{"refill": 4, "status": {"error": "Refill not found"}}, {"refill": 3, "status": "Completed"}],
    )
    assert rows == {
        "3": RefillStatus("3", Status.COMPLETED, "Completed"),
        "4": RefillStatus("4", error="Refill not found"),
    }


async def test_a_refill_that_the_panel_does_not_know_is_refused() -> None:
    """Asked for one refill, its error is the answer."""
    for body in ({"error": "Refill not found"}, {"status": {"error": "Refill not found"}}):
        assert str(await ask("refill_status", body)) == "Refill not found"


# Services

ROW = {
    "service": 1,
    "name": "Likes &amp; more",
    "type": "Custom_comments",
    "category": "Insta",
    "rate": "0.90",
    "min": "50",
    "max": "10000",
    "refill": True,
    "cancel": "0",
    "description": "<p>Fast<br>and <b>good</b> &lt;3</p>Start: 5 < 6",
    "refill_time": "30",
}


async def test_a_service_is_read_in_full() -> None:
    """Every field of the contract arrives, entities of the names resolved, the description as the panel wrote it."""
    catalogue = await ask("services", [ROW])
    assert catalogue.services == (
        Service(
            id="1",
            name="Likes & more",
            type="Custom_comments",
            category="Insta",
            rate=Decimal("0.90"),
            min=50,
            max=10000,
            refill=True,
            cancel=False,
            description="<p>Fast<br>and <b>good</b> &lt;3</p>Start: 5 < 6",
            refill_days=30,
        ),
    )


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"category": None}, {"category": ""}),
        ({"description": None, "desc": "From desc"}, {"description": "From desc"}),
        ({"rate": 1e-7}, {"rate": Decimal("0.0000001")}),
        ({"rate": "0.00000012"}, {"rate": Decimal("0.00000012")}),
        ({"rate": 123456789012}, {"rate": Decimal(123456789012)}),
        ({"rate": 0}, {"rate": Decimal(0)}),
        ({"rate": "1,250.50"}, {"rate": None}),
        ({"rate": "12,5"}, {"rate": None}),
        ({"rate": None}, {"rate": None}),
        ({"rate": "-1"}, {"rate": None}),
        ({"min": None, "max": ""}, {"min": None, "max": None}),
        ({"min": 5, "max": 7.0}, {"min": 5, "max": 7}),
        ({"refill": None, "cancel": ""}, {"refill": None, "cancel": None}),
        ({"refill": 1, "cancel": "1", "dripfeed": "true"}, {"refill": True, "cancel": True, "dripfeed": True}),
        ({"refill": "0", "dripfeed": 0}, {"refill": False, "dripfeed": False}),
        ({"type": None}, {"type": "Default"}),
        ({"average_time": "5 hours"}, {"average_time": "5 hours"}),
        ({"service": "65f1c0ffee"}, {"id": "65f1c0ffee"}),
        ({"name": "a\x1b[31mb\u202ec"}, {"name": "a\ufffd[31mb\ufffdc"}),
    ],
)
async def test_odd_values_of_a_service(changes: dict[str, object], expected: dict[str, object]) -> None:
    """What cannot be read exactly is "not stated" or "price unknown", and the row stays."""
    (service,) = (await ask("services", [{**ROW, **changes}])).services
    assert {name: getattr(service, name) for name in expected} == expected


ANOTHER = {**ROW, "service": 2}


@pytest.mark.parametrize(
    "body",
    [
        json.dumps({"data": [ROW, ANOTHER]}).encode(),
        json.dumps({"services": [ROW, ANOTHER], "status": "success"}).encode(),
        json.dumps({"1": ROW, "2": ANOTHER}).encode(),
        json.dumps({"1": {**ROW, "service": None}, "2": {**ANOTHER, "service": None}}).encode(),
        json.dumps({"data": {"1": ROW, "2": ANOTHER}, "error": None}).encode(),
        NOTICE + json.dumps([ROW, ANOTHER]).encode(),
        NOTICE + json.dumps({"data": [ROW, ANOTHER]}).encode() + NOTICE,
        json.dumps([ROW, ANOTHER]).encode("utf-16"),
    ],
)
async def test_a_catalogue_may_be_wrapped(body: bytes) -> None:
    """In an object, keyed by id, among notices: the same services."""
    catalogue = await ask("services", body)
    assert [service.id for service in catalogue.services] == ["1", "2"]
    assert catalogue.skipped == 0


@pytest.mark.parametrize("frame", [(b"[", b"]"), (b'{"status":"success","data": [', b"]}"), (NOTICE + b"[", b"]")])
@pytest.mark.parametrize(
    "bad",
    [
        b"null",
        b"5",
        b'"x"',
        b"[]",
        b"{}",
        b'{"service":0,"name":"x"}',
        b'{"service":true,"name":"x"}',
        b'{"service":3}',
        b'{"service":3,"name":"x","rate":NaN}',
        b'{"service":3,"name":"x","rate":1e99999999}',
        b'{"service":3,"name":"x","min":' + b"9" * 5000 + b"}",
    ],
)
async def test_one_bad_row_costs_one_row(bad: bytes, frame: tuple[bytes, bytes]) -> None:
    """The others are read, and the count of those left out is told."""
    catalogue = await ask(
        "services", b",".join([frame[0] + json.dumps(ROW).encode(), bad, json.dumps(ANOTHER).encode() + frame[1]])
    )
    assert isinstance(catalogue, Services), catalogue
    assert [service.id for service in catalogue.services] == ["1", "2"]
    assert catalogue.skipped == 1


async def test_a_row_that_is_not_text_costs_one_row() -> None:
    """Bytes that are no UTF-8 spoil the row they stand in."""
    for frame in (b"[%b,%b,%b]", b'{"data":[%b,%b,%b]}'):
        body = frame % (json.dumps(ROW).encode(), b'{"service":3,"name":"\xff"}', json.dumps(ANOTHER).encode())
        catalogue = await ask("services", body)
        assert (len(catalogue.services), catalogue.skipped) == (2, 1)


async def test_raw_control_characters_in_a_description_cost_nothing() -> None:
    """A tab or a line break that ought to be escaped is common and harmless."""
    catalogue = await ask("services", json.dumps([ROW, ANOTHER]).encode().replace(b"and <b>", b"and\t\n<b>"))
    text = "<p>Fast<br>and \n<b>good</b> &lt;3</p>Start: 5 < 6"
    assert [service.description for service in catalogue.services] == [text] * 2
    assert catalogue.skipped == 0


async def test_duplicate_ids_are_counted_and_the_first_kept() -> None:
    """A catalogue that names an id twice has it once."""
    catalogue = await ask("services", [ROW, {**ROW, "name": "again"}])
    assert [service.name for service in catalogue.services] == ["Likes & more"]
    assert catalogue.duplicates == 1


@pytest.mark.parametrize(
    "body", [b"[]", b"{}", b"null", b'{"data":[]}', b"[{}]", b'[{"service":1,"na', b'[{"service":1,"name":"x"},']
)
async def test_an_empty_or_cut_catalogue_is_no_catalogue(body: bytes) -> None:
    """It is never taken for "every service vanished"."""
    assert type(await ask("services", body)) is BadAnswer


async def test_a_stored_catalogue_is_read_again_from_its_bytes() -> None:
    """The raw reply that comes with a catalogue makes the same catalogue."""
    catalogue = await ask("services", NOTICE + json.dumps([ROW, ANOTHER, None]).encode())
    assert read_services(catalogue.raw) == catalogue
