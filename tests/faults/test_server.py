"""The fault server does on the wire what its faults say, and its ledger tells the truth."""

import gzip
import http.client
import json
import re
import socket
import struct
import subprocess
import sys
import zlib
from collections.abc import Iterator
from decimal import Decimal
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from tests.faults.books import KINDS, SERVICES
from tests.faults.process import PROJECT, FaultProcess
from tests.faults.server import CONNECT, FAULTS, KEY, Fault, FaultServer, Ledger, nothing_listening

ORDER = {"action": "add", "service": "1", "link": "https://example.com/a", "quantity": "100"}
ANSWER = b'{"order":23501}'
SILENCE = 0.15
"""Seconds without a byte that show a connection to be stalled, once everything expected has been heard."""
HEAD = rb"HTTP/1\.1 200 OK\r\n[^\n]*json.*?\r\n\r\n"
PAGE = rb"<!DOCTYPE html>.*</html>\n"


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer() as running:
        yield running


def connect(url: str) -> socket.socket:
    address = urlsplit(url)
    return socket.create_connection((address.hostname, address.port), timeout=10)


def message(fields: dict[str, str], *, key: str = KEY, close: bool = True) -> bytes:
    body = urlencode({"key": key, **fields}).encode()
    connection = "close" if close else "keep-alive"
    lines = (
        "POST /api/v2 HTTP/1.1",
        "Host: panel",
        "Content-Type: application/x-www-form-urlencoded",
        f"Connection: {connection}",
        f"Content-Length: {len(body)}",
    )
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def listen(client: socket.socket, *, until: bytes | None = None) -> tuple[bytes, str]:
    """All the server says, and how it ended: `closed`, `reset`, `endless` or, after the pattern `until`, `silent`."""
    heard = bytearray()
    try:
        while len(heard) < 1 << 20:
            if until is not None and re.fullmatch(until, heard, re.DOTALL):
                client.settimeout(SILENCE)
            piece = client.recv(1 << 16)
            if not piece:
                return bytes(heard), "closed"
            heard += piece
    except ConnectionResetError:
        return bytes(heard), "reset"
    except TimeoutError:
        return bytes(heard), "silent"
    return bytes(heard), "endless"


def talk(server: FaultServer, fields: dict[str, str], *, until: bytes | None = None) -> tuple[bytes, str]:
    """One request on a connection of its own."""
    with connect(server.url) as client:
        client.sendall(message(fields))
        return listen(client, until=until)


def ask(url: str, **fields: str) -> Any:
    """The decoded answer to one faultless exchange."""
    with connect(url) as client:
        client.sendall(message(fields))
        reply = http.client.HTTPResponse(client)
        reply.begin()
        return json.loads(reply.read())


# Every fault


@pytest.mark.parametrize("carried_out", [True, False])
@pytest.mark.parametrize("name", FAULTS)
def test_orders_are_placed_exactly_if_carried_out(server: FaultServer, name: str, carried_out: bool) -> None:
    """Whatever the client gets to see, the ledger holds the order if the fault was to carry it out, and only then."""
    server.plan("add", [FAULTS[name](carried_out=carried_out)])
    with connect(server.url) as client:
        client.sendall(message(ORDER))
        server.ledger.wait_for(lambda ledger: ledger.requests)
    server.ledger.wait_for(lambda ledger: ledger.answers)
    placed = [(order.id, order.service, order.link, order.quantity) for order in server.ledger.orders]
    assert placed == [("23501", "1", ORDER["link"], "100")] * carried_out
    assert [(request.action, request.fault) for request in server.ledger.requests] == [("add", name)]
    assert [(answer.fault, answer.carried_out) for answer in server.ledger.answers] == [(name, carried_out)]


def test_every_fault_says_what_it_does_and_survives_the_way_to_another_process() -> None:
    """Each fault has a one-sentence description and equals what its JSON form is read back to."""
    for name, fault in FAULTS.items():
        assert fault.name == name
        assert fault.description.endswith((".", "`."))
        assert Fault.from_spec(json.loads(json.dumps(fault.spec()))) == fault


WIRE: list[tuple[str, bytes, str]] = [
    ("close_at_once", b"", "closed"),
    ("reset_before_reading", b"", "reset"),
    ("reset_mid_request", b"", "reset"),
    ("close_before_reply", b"", "closed"),
    ("reset_before_reply", b"", "reset"),
    ("close_mid_headers", rb"HTTP/1\.1 200 OK\r\nContent-Type:", "closed"),
    ("reset_mid_reply", HEAD + rb'\{"order', "reset"),
    ("stall_before_reading", b"", "silent"),
    ("stall_before_reply", b"", "silent"),
    ("stall_mid_headers", rb"HTTP/1\.1 200 OK\r\nContent-Type:", "silent"),
    ("stall_mid_body", HEAD + rb'\{"order', "silent"),
    ("trickle", HEAD + ANSWER, "closed"),
    ("endless_chunks", HEAD + rb"10000\r\n[ \r\n0-9]+", "endless"),
    ("endless_until_close", HEAD + rb" +", "endless"),
    ("length_too_long", rb".*\r\nContent-Length: 115\r\n\r\n" + ANSWER, "closed"),
    ("length_too_short", rb".*\r\nContent-Length: 7\r\n\r\n" + ANSWER, "silent"),
    ("two_lengths", rb".*\r\nContent-Length: 15\r\ncontent-length: 1\r\n\r\n" + ANSWER, "closed"),
    ("broken_chunks", HEAD + rb"zz\r\n" + ANSWER + rb"\r\n0\r\n\r\n", "closed"),
    ("cut_chunks", HEAD + rb"f\r\n" + ANSWER + rb"\r\n", "closed"),
    ("chunked", HEAD + rb'3\r\n\{"o\r\n3\r\nrde\r\n.*\r\n0\r\n\r\n', "closed"),
    ("http_1_0", rb"HTTP/1\.0 200 OK\r\nContent-Type: [^\n]*\r\n\r\n" + ANSWER, "closed"),
    ("ssh_banner", rb"SSH-2\.0-[^\n]*\r\n", "closed"),
    ("noise", re.escape(bytes(range(256))), "closed"),
    (
        "interim_replies",
        rb"HTTP/1\.1 100 Continue\r\n\r\nHTTP/1\.1 103 Early Hints\r\nLink:.*" + HEAD + ANSWER,
        "closed",
    ),
    ("huge_header", rb".*\r\nX-Padding: x{102400}\r\n\r\n" + ANSWER, "closed"),
    ("many_headers", rb".*(X-Extra-\d+: x\r\n){1000}\r\n" + ANSWER, "closed"),
    ("odd_spellings", rb".*\r\ncONTENT-tYPE:TEXT/JSON\r\ncontent-LENGTH: \t15 \r\n.*\r\n\r\n" + ANSWER, "closed"),
    ("wrong_content_type", rb".*\r\nContent-Type: text/html.*\r\n\r\n" + ANSWER, "closed"),
    ("redirect_nowhere", rb"HTTP/1\.1 302 (?!.*Location:).*\r\n\r\n", "closed"),
    ("redirect_relative", rb"HTTP/1\.1 307 .*\r\nLocation: /moved/api/v2\r\n\r\n", "closed"),
    ("too_many_requests", rb'HTTP/1\.1 429 .*\r\nRetry-After: 2\r\n\r\n\{"error":.*', "closed"),
    ("retry_after_huge", rb"HTTP/1\.1 429 .*\r\nRetry-After: 9{30}\r\n.*", "closed"),
    ("retry_after_garbage", rb"HTTP/1\.1 429 .*\r\nRetry-After: soon, my friend\r\n.*", "closed"),
    ("retry_after_negative", rb"HTTP/1\.1 429 .*\r\nRetry-After: -5\r\n.*", "closed"),
    ("challenge_403", rb"HTTP/1\.1 403 .*\r\ncf-mitigated: challenge\r\n.*" + PAGE, "closed"),
    ("challenge_503", rb"HTTP/1\.1 503 .*\r\ncf-mitigated: challenge\r\n.*" + PAGE, "closed"),
    ("empty", rb".*\r\nContent-Length: 0\r\n.*\r\n\r\n", "closed"),
    ("whitespace", rb".*\r\nContent-Length: 6\r\n.*\r\n\r\n \r\n\t\n ", "closed"),
    ("html_page", HEAD + PAGE, "closed"),
    ("notice_before", HEAD + rb"<br />\n<b>Notice</b>.*<br />\n" + ANSWER, "closed"),
    ("notice_after", HEAD + ANSWER + rb"<br />\n<b>Notice</b>.*<br />\n", "closed"),
    ("byte_order_mark", HEAD + b"\xef\xbb\xbf" + ANSWER, "closed"),
    ("utf_16", HEAD + re.escape(ANSWER.decode().encode("utf-16")), "closed"),
    ("invalid_utf_8", HEAD + rb'\{"note":"\xff\xc3\x28","order":23501\}', "closed"),
    ("cut_json", rb".*\r\nContent-Length: 7\r\n.*\r\n\r\n" + rb'\{"order', "closed"),
    ("deep", HEAD + rb"\[{100000}\]{100000}", "closed"),
    ("huge_integer", HEAD + rb'\{"order":9{100000}\}', "closed"),
    ("nan", HEAD + rb'\{"order":NaN\}', "closed"),
    ("infinity", HEAD + rb'\{"order":Infinity\}', "closed"),
    ("duplicate_keys", HEAD + rb'\{"order":77,"order":23501\}', "closed"),
    ("two_documents", HEAD + ANSWER + rb'\{"order":77\}', "closed"),
    ("scalar_null", HEAD + b"null", "closed"),
    ("scalar_true", HEAD + b"true", "closed"),
    ("scalar_text", HEAD + b'"text"', "closed"),
    ("scalar_zero", HEAD + b"0", "closed"),
    ("empty_list", HEAD + rb"\[\]", "closed"),
    ("empty_object", HEAD + rb"\{\}", "closed"),
    ("rate_limit_in_200", HEAD + rb'\{"error":"Too many requests.*', "closed"),
    ("unknown_encoding", rb".*\r\nContent-Encoding: x-panel\r\n\r\n" + ANSWER, "closed"),
    ("gzip_in_name_only", rb".*\r\nContent-Encoding: gzip\r\n\r\n" + ANSWER, "closed"),
    ("brotli", rb".*\r\nContent-Encoding: br\r\n\r\n\xe0\x00\x10" + ANSWER + b"\x03", "closed"),
    ("key_echo_plain", HEAD + rb".*" + re.escape(KEY.encode()) + rb".*", "closed"),
    ("key_echo_url", HEAD + rb".*fault-key%2Bwith%2Fodd%3Dsigns-0123456789.*", "closed"),
    ("key_echo_base64", HEAD + rb".*ZmF1bHQta2V5K3dpdGgvb2RkPXNpZ25zLTAxMjM0NTY3ODk=.*", "closed"),
]


@pytest.mark.parametrize(("name", "said", "ended"), WIRE, ids=[row[0] for row in WIRE])
def test_a_fault_is_on_the_wire_what_its_name_says(server: FaultServer, name: str, said: bytes, ended: str) -> None:
    """The bytes that a plain socket hears, and how the connection ends, are those of the fault."""
    server.plan("add", [FAULTS[name]])
    heard, end = talk(server, ORDER, until=said if ended == "silent" else None)
    assert re.fullmatch(said, heard, re.DOTALL), heard[:300]
    assert end == ended


FAMILIES = [name for name in FAULTS if re.match(r"(html|json_error|answer)_\d", name)]


@pytest.mark.parametrize("name", FAMILIES)
def test_a_status_comes_with_its_body(server: FaultServer, name: str) -> None:
    """Pages, error texts and the honest answer come under every status that is in the fault's name."""
    server.plan("add", [FAULTS[name]])
    family, status = name.rsplit("_", 1)
    body = {"html": PAGE, "json_error": rb'\{"error": "Something went wrong"\}', "answer": ANSWER}[family]
    heard, _ = talk(server, ORDER)
    assert re.fullmatch(rb"HTTP/1\.1 %b .*\r\n\r\n" % status.encode() + body, heard, re.DOTALL), heard


def test_the_wire_tests_leave_no_fault_out() -> None:
    """Every fault in the table is shown on the wire by some test of this module."""
    elsewhere = {"late", "reply", "gzip_bomb", "big_body", "too_many_requests_until", *ENCODED}
    redirects = {name for name in FAULTS if re.fullmatch(r"redirect_30\d_\w+_origin", name)}
    assert {row[0] for row in WIRE} | elsewhere | redirects | set(FAMILIES) == set(FAULTS)


def test_a_reply_of_ones_own_is_sent_as_given(server: FaultServer) -> None:
    """Status, headers and any bytes of `Fault.reply` arrive unchanged."""
    server.plan("add", [Fault.reply(418, {"X-Own": "yes"}, bytes(range(256)))])
    heard, _ = talk(server, ORDER)
    assert heard.startswith(b"HTTP/1.1 418 ")
    assert b"\r\nX-Own: yes\r\n" in heard
    assert heard.endswith(b"\r\n\r\n" + bytes(range(256)))


def test_a_late_reply_is_whole(server: FaultServer) -> None:
    """A late reply is the honest one."""
    server.plan("add", [FAULTS["late"](delay=0.01)])
    assert talk(server, ORDER)[0].endswith(ANSWER)


def test_a_retry_after_may_be_a_date(server: FaultServer) -> None:
    """The date of a 429 lies as far ahead of the reply as asked for."""
    server.plan("balance", [FAULTS["too_many_requests_until"](ahead=3600), FAULTS["too_many_requests_until"](ahead=0)])
    dates = [re.search(rb"Retry-After: ([^\r]*GMT)\r\n", talk(server, {"action": "balance"})[0]) for _ in range(2)]
    later, now = (parsedate_to_datetime(date[1].decode()) for date in dates if date)
    assert 3000 < (later - now).total_seconds() <= 3600


# Encodings and size

ENCODED = ("gzip", "gzip_two_members", "gzip_corrupt", "gzip_cut", "deflate", "deflate_raw")


def encoded(server: FaultServer, name: str) -> bytes:
    server.plan("add", [FAULTS[name]])
    head, _, body = talk(server, ORDER)[0].partition(b"\r\n\r\n")
    assert b"Content-Encoding: " + name.partition("_")[0].encode() in head
    return body


def test_sound_encodings_hold_the_answer(server: FaultServer) -> None:
    """gzip, also in two members, and both kinds of deflate unpack to the honest answer."""
    assert gzip.decompress(encoded(server, "gzip")) == ANSWER
    assert json.loads(gzip.decompress(encoded(server, "gzip_two_members"))) == {"order": 23502}
    assert json.loads(zlib.decompress(encoded(server, "deflate"))) == {"order": 23503}
    assert json.loads(zlib.decompress(encoded(server, "deflate_raw"), wbits=-15)) == {"order": 23504}


def test_spoilt_gzip_does_not_unpack(server: FaultServer) -> None:
    """A wrong checksum and a cut stream are both noticed by an unpacker that looks."""
    with pytest.raises(gzip.BadGzipFile):
        gzip.decompress(encoded(server, "gzip_corrupt"))
    with pytest.raises(EOFError):
        gzip.decompress(encoded(server, "gzip_cut"))


def test_a_gzip_bomb_is_as_large_as_asked_and_sound(server: FaultServer) -> None:
    """The bomb travels small, unpacks to the size asked for with the answer at its end, and passes its checksum."""
    size = (48 << 20) + 7
    server.plan("add", [FAULTS["gzip_bomb"](size=size)])
    with connect(server.url) as client:
        client.sendall(message(ORDER))
        reply = http.client.HTTPResponse(client)
        reply.begin()
        packed = reply.read()
    unpacker, unpacked, end = zlib.decompressobj(31), 0, b""
    while not unpacker.eof:
        piece = unpacker.decompress(packed, 1 << 20)
        packed, unpacked, end = unpacker.unconsumed_tail, unpacked + len(piece), (end + piece)[-64:]
    assert unpacked == size + len(ANSWER)
    assert end.strip() == ANSWER
    assert server.ledger.orders
    assert len(unpacker.unused_data) == 0


def test_a_big_body_is_as_long_as_it_says(server: FaultServer) -> None:
    """A plain body of 64 MiB arrives whole, the answer at its end."""
    server.plan("add", [FAULTS["big_body"]])
    with connect(server.url) as client:
        client.sendall(message(ORDER))
        reply = http.client.HTTPResponse(client)
        reply.begin()
        length, end = 0, b""
        while piece := reply.read(1 << 20):
            length, end = length + len(piece), piece
    assert length == (64 << 20) + len(ANSWER)
    assert end.endswith(b" " + ANSWER) or end == ANSWER


# Redirects and connections


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("where", ["same_origin", "cross_origin"])
def test_a_followed_redirect_is_in_the_ledger(server: FaultServer, status: int, where: str) -> None:
    """Whoever goes where a redirect leads is recorded, with the key if it came along; who stays is not."""
    server.plan("add", [FAULTS[f"redirect_{status}_{where}"]])
    heard, _ = talk(server, ORDER)
    location = re.search(rb"Location: ([^\r]*)\r\n", heard)
    assert heard.startswith(b"HTTP/1.1 %d " % status)
    assert location
    assert not server.ledger.followed
    with connect(location[1].decode()) as client:
        client.sendall(message(ORDER).replace(b"/api/v2", b"/moved/api/v2", 1))
        listen(client)
    followed = [(each.cross_origin, each.method, each.had_key) for each in server.ledger.followed]
    assert followed == [(where == "cross_origin", "POST", True)]
    assert len(server.ledger.requests) == 1
    assert not server.ledger.orders


@pytest.mark.parametrize(
    ("name", "said", "ended"),
    [
        ("close_at_once", b"", "closed"),
        ("reset_before_reading", b"", "reset"),
        ("stall_before_reading", b"", "silent"),
        ("ssh_banner", b"SSH-2.0-OpenSSH_9.6\r\n", "closed"),
        ("noise", bytes(range(256)), "closed"),
    ],
)
def test_a_connection_can_fail_before_any_request(server: FaultServer, name: str, said: bytes, ended: str) -> None:
    """A fault for connections hits a client that has not said a word, and is no request in the ledger."""
    server.plan(CONNECT, [FAULTS[name]])
    try:
        with connect(server.url) as client:
            heard = listen(client, until=said if ended == "silent" else None)
    except ConnectionResetError:  # the reset was quicker than connect
        heard = b"", "reset"
    assert heard == (said, ended)
    server.ledger.wait_for(lambda ledger: ledger.connections)
    assert [(each.number, each.fault) for each in server.ledger.connections] == [(1, name)]
    assert not server.ledger.requests


def test_a_connection_can_be_reset_between_head_and_body(server: FaultServer) -> None:
    """With `reset_mid_request` the head is taken and the connection is reset before the body is sent."""
    server.plan(CONNECT, [FAULTS["reset_mid_request"]])
    with connect(server.url) as client:
        client.sendall(message(ORDER).partition(b"\r\n\r\n")[0] + b"\r\n\r\n")
        assert listen(client) == (b"", "reset")
    assert not server.ledger.requests


def test_connections_cannot_carry_out_or_answer_anything(server: FaultServer) -> None:
    """A fault that needs a request is refused for connections, as are actions that do not exist."""
    for fault in (FAULTS["empty"], FAULTS["close_at_once"](carried_out=True)):
        with pytest.raises(ValueError, match="needs a request"):
            server.plan(CONNECT, [fault])
    with pytest.raises(ValueError, match="no such action"):
        server.always("ad", FAULTS["empty"])
    with pytest.raises(TypeError):
        FAULTS["trickle"](pace=1)


def test_nothing_listening_refuses() -> None:
    """The address of nobody refuses connections."""
    with nothing_listening() as url, pytest.raises(ConnectionRefusedError):
        connect(url)


def test_connections_and_requests_are_numbered(server: FaultServer) -> None:
    """Two requests over one kept-alive connection and one over another are told apart in the ledger."""
    with connect(server.url) as client:
        for _ in range(2):
            client.sendall(message({"action": "balance"}, close=False))
            reply = http.client.HTTPResponse(client)
            reply.begin()
            reply.read()
    ask(server.url, action="balance")
    assert [(each.connection, each.number) for each in server.ledger.requests] == [(1, 1), (1, 2), (2, 1)]


@pytest.mark.parametrize(("cut", "reset"), [(20, False), (-5, False), (-5, True)])
def test_a_request_cut_short_does_nothing(server: FaultServer, cut: int, reset: bool) -> None:
    """A client that dies before its request is complete is in the ledger as such, and no order is placed."""
    with connect(server.url) as client:
        client.sendall(message(ORDER)[:cut])
        server.ledger.wait_for(lambda ledger: ledger.connections)
        if reset:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    server.ledger.wait_for(lambda ledger: ledger.requests)
    assert [(each.method, each.complete) for each in server.ledger.requests] == [("POST", False)]
    assert not server.ledger.orders
    assert not server.ledger.answers


# Plans and life


def test_plans_come_in_order_and_then_the_rule(server: FaultServer) -> None:
    """Queued faults hit one request each, then the standing fault hits every request until it is taken back."""
    server.plan("balance", [FAULTS["scalar_null"], None])
    server.always("balance", FAULTS["scalar_zero"])
    honest = {"balance": "1000", "currency": "USD"}
    assert [ask(server.url, action="balance") for _ in range(4)] == [None, honest, 0, 0]
    server.always("balance", None)
    assert ask(server.url, action="balance") == honest
    assert ask(server.url, action="status", order="1") == {"error": "Incorrect order ID"}


def test_the_server_ends_with_clients_hanging_on_it() -> None:
    """Leaving the block ends stalled exchanges too, and the ledger says how each one ended."""
    with FaultServer() as server:
        server.always("add", FAULTS["stall_mid_body"])
        patient, hasty = connect(server.url), connect(server.url)
        for client in (patient, hasty):
            client.sendall(message(ORDER))
        server.ledger.wait_for(lambda ledger: len(ledger.orders) == 2)
        hasty.close()
        server.ledger.wait_for(lambda ledger: ledger.answers)
    patient.close()
    assert [answer.ended for answer in server.ledger.answers] == ["client left", "server closed"]


def test_a_crash_inside_the_server_reaches_the_test() -> None:
    """A mistake in a test's own reply is raised at the end of the block instead of passing for a fault."""
    with pytest.raises(UnicodeEncodeError), FaultServer() as server:
        server.plan("add", [Fault.reply(headers={"X-Own": "ğ"})])
        assert talk(server, ORDER) == (b"", "closed")


# Books


def test_the_catalogue_has_every_type_of_service(server: FaultServer) -> None:
    """About twenty services cover all documented types, and each row has the documented members."""
    rows = ask(server.url, action="services")
    members = {"service", "name", "type", "category", "rate", "min", "max", "refill", "cancel", "description"}
    assert {row["type"] for row in rows} == set(KINDS)
    assert all(members <= set(row) for row in rows)


@pytest.mark.parametrize("service", SERVICES, ids=lambda row: str(row["name"]))
def test_every_service_can_be_ordered(server: FaultServer, service: dict[str, object]) -> None:
    """With the fields of its type an order is placed and paid; without one of them it is refused and costs nothing."""
    kind = KINDS[str(service["type"])]
    counts = {name: str(service["min"]) for name in ("quantity", "min", "max") if name in kind.required}
    fields = {"service": str(service["service"])} | dict.fromkeys(kind.required, "5") | counts
    assert ask(server.url, action="add", **(fields | {kind.required[0]: ""})).keys() == {"error"}
    assert ask(server.url, action="add", **fields) == {"order": 23501}
    (order,) = server.ledger.orders
    assert order.fields == fields
    assert Decimal(ask(server.url, action="balance")["balance"]) == 1000 - order.charge


@pytest.mark.parametrize(
    ("fields", "charge"),
    [
        ({"service": "1", "quantity": "100"}, "0.09"),
        ({"service": "3", "quantity": "100", "runs": "10", "interval": "60"}, "0.0101"),
        ({"service": "4"}, "12.50"),
        ({"service": "5", "comments": "one\n\ntwo\nthree"}, "0.024"),
    ],
)
def test_orders_cost_what_the_type_says(server: FaultServer, fields: dict[str, str], charge: str) -> None:
    """The rate is per 1000 units, runs multiply, lines count where lines are sold, a package has one price."""
    ask(server.url, action="add", link="https://example.com", **fields)
    assert [order.charge for order in server.ledger.orders] == [Decimal(charge)]


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"service": "999"}, "Incorrect service ID"),
        ({"quantity": "49"}, "Quantity less than minimal 50"),
        ({"quantity": "10001"}, "Quantity more than maximum 10000"),
        ({"quantity": "many"}, "Incorrect quantity"),
        ({"service": "30", "quantity": "1000000"}, "Not enough funds on balance"),
        ({"action": "fly"}, "Incorrect request"),
        ({"key": "wrong"}, "Invalid API key"),
    ],
)
def test_bad_requests_are_refused_and_cost_nothing(server: FaultServer, change: dict[str, str], text: str) -> None:
    """The panel refuses in its own words and places no order."""
    assert ask(server.url, **{**ORDER, **change}) == {"error": text}
    assert not server.ledger.orders


def test_orders_move_when_told(server: FaultServer) -> None:
    """An order stays Pending until the test changes it; a batch answers for each id, known or not."""
    ask(server.url, **ORDER)
    row = {"charge": "0.09000", "start_count": None, "status": "Pending", "remains": "100", "currency": "USD"}
    assert ask(server.url, action="status", order="23501") == row
    server.set_status("23501", {"status": "Partial", "remains": "40"})
    batch = ask(server.url, action="status", orders="23501,7")
    assert batch == {"23501": {**row, "status": "Partial", "remains": "40"}, "7": {"error": "Incorrect order ID"}}
    with pytest.raises(KeyError):
        server.set_status("7", {})


def test_refills_and_cancels_are_done_where_the_service_allows(server: FaultServer) -> None:
    """Only orders of a service with refill and cancel get them, and the ledger holds those that were really done."""
    for service in ("1", "2"):
        ask(server.url, **{**ORDER, "service": service})
    assert ask(server.url, action="refill", order="23502") == {"refill": "1"}
    assert ask(server.url, action="refill", orders="23501,23502,7") == [
        {"order": 23501, "refill": {"error": "Refill is not available for this order"}},
        {"order": 23502, "refill": 2},
        {"order": 7, "refill": {"error": "Incorrect order ID"}},
    ]
    server.set_refill_status("1", "Completed")
    assert ask(server.url, action="refill_status", refill="1") == {"status": "Completed"}
    assert ask(server.url, action="refill_status", refills="2,9") == [
        {"refill": 2, "status": "Pending"},
        {"refill": 9, "status": {"error": "Refill not found"}},
    ]
    assert ask(server.url, action="cancel", orders="23502,7") == [
        {"order": 23502, "cancel": 1},
        {"order": 7, "cancel": {"error": "Incorrect order ID"}},
    ]
    assert [(refill.id, refill.order) for refill in server.ledger.refills] == [("1", "23502"), ("2", "23502")]
    assert [cancel.order for cancel in server.ledger.cancels] == ["23502"]


def test_writes_that_are_not_carried_out_say_so(server: FaultServer) -> None:
    """An honest wire with books that refuse answers with an error, and cancels and refills stay undone as orders do."""
    ask(server.url, **{**ORDER, "service": "2"})
    for action, field in (("add", "service"), ("refill", "order"), ("cancel", "orders")):
        server.plan(action, [FAULTS["answer_201"](carried_out=False)])
        assert ask(server.url, action=action, **{field: "23501"}).keys() == {"error"}
    assert len(server.ledger.orders) == 1
    assert not server.ledger.refills
    assert not server.ledger.cancels


def test_json_requests_are_understood(server: FaultServer) -> None:
    """A JSON object does what the same form fields do."""
    address = urlsplit(server.url)
    client = http.client.HTTPConnection(str(address.hostname), address.port, timeout=10)
    body = json.dumps({"key": KEY, **ORDER, "service": 1, "quantity": 100})
    client.request("POST", address.path, body, {"Content-Type": "application/json"})
    assert json.loads(client.getresponse().read()) == {"order": 23501}
    client.close()
    assert [(order.service, order.quantity) for order in server.ledger.orders] == [("1", "100")]


def test_the_key_is_not_in_the_ledger(tmp_path: Path) -> None:
    """Requests are kept with all fields but the key, whose rightness alone is noted."""
    with FaultServer(ledger=tmp_path / "ledger", first_order=5) as server:
        server.plan("add", [FAULTS["key_echo_plain"], None])
        for _ in range(2):
            ask(server.url, **ORDER)
        assert server.ledger.requests[0].key_is_right
    assert KEY not in (tmp_path / "ledger").read_text()
    assert [order.id for order in server.ledger.orders] == ["5"]


# As a process


def test_a_process_obeys_and_its_ledger_outlives_it(tmp_path: Path) -> None:
    """Faults, statuses and balances are set from outside, and the ledger file tells all once the server is gone."""
    file = tmp_path / "ledger.jsonl"
    with FaultProcess(file, first_order=70) as server:
        server.plan("add", [FAULTS["reset_before_reply"](carried_out=True)])
        with connect(server.url) as client:
            client.sendall(message(ORDER))
            assert listen(client) == (b"", "reset")
        server.wait_for(lambda ledger: ledger.answers)
        server.set_status("70", {"status": "Completed"})
        server.set_balance(Decimal("-1.5"))
        assert ask(server.url, action="status", order="70")["status"] == "Completed"
        assert ask(server.url, action="balance")["balance"] == "-1.5"
        with pytest.raises(ValueError, match="no such action"):
            server.always("nothing", None)
    ledger = Ledger.read(file)
    assert [(order.id, order.charge) for order in ledger.orders] == [("70", Decimal("0.09"))]
    assert [request.action for request in ledger.requests] == ["add", "status", "balance"]
    assert [answer.fault for answer in ledger.answers] == ["reset_before_reply", None, None]


def start(*options: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "tests.faults.server", *options]
    return subprocess.Popen(command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def test_a_process_ends_with_its_parents_pipe_or_its_lifetime() -> None:
    """The process ends in good order when its standard input closes, and when its life time is over."""
    with start() as orphan, start("--lifetime=0.01") as old:
        assert old.wait(10) == 0
        assert orphan.stdout
        assert orphan.stdout.readline().startswith(b"http://127.0.0.1:")
        assert orphan.stdin
        orphan.stdin.close()
        assert orphan.wait(10) == 0


def test_a_ledger_line_that_is_not_finished_is_left_out(tmp_path: Path) -> None:
    """A ledger can be read while its last line is being written."""
    file = tmp_path / "ledger"
    assert not Ledger.read(file).orders
    with FaultServer(ledger=file) as server:
        ask(server.url, **ORDER)
    whole = file.read_text()
    file.write_text(whole + whole[:40])
    assert [order.id for order in Ledger.read(file).orders] == ["23501"]
