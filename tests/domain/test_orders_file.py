"""Orders written to a file and read back."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from smmtui.domain.foreign_text import clean
from smmtui.domain.order_notes import read_note, read_tags
from smmtui.domain.orders_file import COLUMNS, orders_as_csv, orders_as_json, read_orders
from smmtui.domain.records import Order, State
from smmtui.domain.row_forms import csv_line, unguarded
from smmtui.domain.statuses import Status

Form = Callable[[Iterable[Order]], Iterator[str]]
FORMS = [orders_as_csv, orders_as_json]

PLACED = datetime(2026, 5, 4, 12, 30, 0, 123456, tzinfo=UTC)
ORDER = Order(
    uuid="0" * 31 + "f",
    sequence=3,
    state=State.ACCEPTED,
    placed=PLACED,
    id="-23500",
    service="17",
    service_name="Likes, “fast” ✓",
    link="https://example.com/p/1",
    quantity=1000,
    fields=(("comments", 'one\ntwo, "three"'),),
    rate=Decimal("0.0000001"),
    charge=Decimal("-0.50"),
    status=Status.PARTIAL,
    remains=-3,
)


def written(form: Form, *orders: Order) -> bytes:
    """The file with these orders."""
    return "".join(form(orders)).encode()


# ── there and back ────────────────────────────────────────────────────────────────────────────────────────────────

_letters = st.characters(exclude_categories=["Cs"])
_exact = st.text(_letters) | st.text("=+-@'\t\r\n,\"; a", max_size=6)
_shown = _exact.map(lambda text: clean(text, 10_000))
_named = _shown.filter(bool)
_counts = st.none() | st.integers(-(2**63) + 1, 2**63 - 1)
_money = st.none() | st.decimals(
    allow_nan=False, allow_infinity=False, places=12, min_value=-(10**15), max_value=10**15
)
_times = st.datetimes(timezones=st.just(UTC))
_ids = st.from_regex(r"[A-Za-z0-9_-]{1,64}", fullmatch=True)
_uuids = st.from_regex(r"[0-9a-f]{32}", fullmatch=True)


@st.composite
def _orders(draw: st.DrawFn) -> Order:
    state = draw(st.sampled_from(State))
    return Order(
        uuid=draw(_uuids),
        sequence=draw(st.integers(1, 2**63 - 1)),
        state=state,
        placed=draw(_times),
        id=draw(_ids if state is State.ACCEPTED else st.none() | _ids),
        reason=draw(_shown),
        service=draw(_shown),
        service_name=draw(_shown),
        link=draw(_exact),
        quantity=draw(_counts),
        runs=draw(st.integers(1, 2**31)),
        fields=tuple(draw(st.lists(st.tuples(st.text(), st.text()), max_size=4))),
        rate=draw(_money),
        estimate=draw(_money),
        currency=draw(st.none() | _named),
        repeats=draw(st.none() | _uuids),
        status=draw(st.none() | st.sampled_from(Status)),
        word=draw(_shown),
        charge=draw(_money),
        start_count=draw(_counts),
        remains=draw(_counts),
        checked=draw(st.none() | _times),
        changed=draw(st.none() | _times),
        trouble=draw(_shown),
        note=draw(_exact.map(read_note)),
        tags=draw(_exact.map(read_tags)),
        batch=draw(st.none() | _uuids),
    )


@pytest.mark.parametrize("form", FORMS)
@given(orders=st.lists(_orders(), min_size=1, max_size=4))
def test_what_was_exported_comes_back_as_it_was(form: Form, orders: list[Order]) -> None:
    """Every order of the journal survives both forms unchanged, whatever its texts are made of."""
    found = read_orders(written(form, *orders))
    assert not found.problems
    assert [order for _, order in found.orders] == orders


@pytest.mark.parametrize("form", FORMS)
def test_a_file_from_before_there_were_notes_can_be_imported(form: Form) -> None:
    """What was called note there is the panel's words for a status that could not be had, and nobody's own note."""
    order = replace(ORDER, trouble="Incorrect order ID")
    if form is orders_as_csv:
        names, cells = csv.reader(io.StringIO("".join(form([order])), newline=""))
        kept = [place for place, name in enumerate(names) if name not in ("note", "tags")]
        table = io.StringIO(newline="")
        csv.writer(table).writerow(names[place].replace("trouble", "note") for place in kept)
        csv.writer(table).writerow(cells[place] for place in kept)
        old = table.getvalue()
    else:
        plain = json.loads("".join(form([order])))
        del plain["note"], plain["tags"]
        plain["note"] = plain.pop("trouble")
        old = json.dumps(plain)
    ((_, found),) = read_orders(old.encode()).orders
    assert (found.trouble, found.note, found.tags) == ("Incorrect order ID", "", ())


def test_nothing_of_an_order_is_left_out() -> None:
    """The file has a column for everything that is known of an order."""
    assert set(COLUMNS) == set(Order.__struct_fields__)


@pytest.mark.parametrize("form", FORMS)
def test_text_that_no_encoding_takes_is_exported_all_the_same(form: Form) -> None:
    """Half of a surrogate pair in what was sent does not stop the export, and comes back."""
    odd = replace(ORDER, fields=(("comments", "\ud83d!"),))
    assert [order for _, order in read_orders(written(form, odd)).orders] == [odd]


# ── for spreadsheets ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_text_begins_a_formula(text: str) -> None:
    """One apostrophe keeps a spreadsheet from computing what a panel or a customer has written."""
    (row,) = csv.DictReader(io.StringIO("".join(orders_as_csv([replace(ORDER, link=text)])), newline=""))
    assert row["link"] == f"'{text}"
    assert row["id"] == "'-23500"


@given(st.text(_letters) | st.text("'=+-@\t\ra", max_size=6))
def test_only_our_own_apostrophe_is_taken_off(text: str) -> None:
    """A text that had apostrophes before keeps them."""
    (cells,) = csv.reader(io.StringIO(csv_line([text, "x"]), newline=""))
    assert cells[0][:1] not in tuple("=+-@\t\r")
    assert unguarded(cells[0]) == text


def test_numbers_stay_numbers() -> None:
    """Amounts are exact, without an exponent and never guarded, a refund's minus included."""
    (row,) = csv.DictReader(io.StringIO("".join(orders_as_csv([ORDER]))))
    assert (row["rate"], row["charge"], row["remains"], row["quantity"]) == ("0.0000001", "-0.50", "-3", "1000")
    assert row["estimate"] == ""
    assert row["placed"] == "2026-05-04T12:30:00.123456Z"


def test_the_csv_is_that_of_rfc_4180() -> None:
    """A head, lines that end in CRLF, and quotes around what holds a comma, a quote or a line break."""
    text = "".join(orders_as_csv([ORDER]))
    assert text.startswith("id,status,state,placed,")
    assert text.count("\r\n") == 2 and text.endswith("\r\n")
    assert csv_line(["a,b", 'say "hi"', "one\r\ntwo", None, True]) == '"a,b","say ""hi""","one\r\ntwo",,yes\r\n'


def test_the_json_is_one_object_a_line_with_exact_amounts() -> None:
    """Programs read each line by itself; what is not known is not there."""
    first, second = "".join(orders_as_json([ORDER, ORDER])).splitlines()
    assert first == second
    row = json.loads(first)
    assert (row["charge"], row["fields"]) == ("-0.50", [["comments", 'one\ntwo, "three"']])
    assert "estimate" not in row
    assert "✓" in first


# ── what is not right in a file ───────────────────────────────────────────────────────────────────────────────────


def changed_csv(**cells: str) -> bytes:
    """A file with one good order and one whose cells were changed."""
    second = replace(ORDER, uuid="e" * 32)
    rows = [*csv.DictReader(io.StringIO("".join(orders_as_csv([ORDER, second])), newline=""))]
    rows[1] |= cells
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"uuid": "7"}, "uuid"),
        ({"uuid": ""}, "uuid"),
        ({"id": "1.23E+15"}, "id is not an id"),
        ({"id": ""}, "an accepted order has an id"),
        ({"state": "placed"}, "state"),
        ({"status": "completely"}, "status"),
        ({"placed": "04.05.2026 12:30"}, "placed"),
        ({"placed": "2026-05-04T12:30:00"}, "placed is not a time with its zone"),
        ({"charge": "0,5"}, "charge is not an amount: 0,5"),
        ({"charge": "NaN"}, "charge is not an amount"),
        ({"rate": "1e999999999"}, "rate is not an amount"),
        ({"quantity": "1.5"}, "quantity is not a whole number"),
        ({"quantity": "9" * 19}, "a number is larger than any counter"),
        ({"fields": "[["}, "fields"),
        ({"fields": '{"a":1}'}, "fields"),
    ],
)
def test_a_row_that_is_no_order_is_named_and_costs_that_row_only(cells: dict[str, str], words: str) -> None:
    """Nothing is guessed: the line and the reason are told, and the other order is read."""
    found = read_orders(changed_csv(**cells))
    assert [order for _, order in found.orders] == [ORDER]
    ((line, why),) = found.problems
    assert line == 3
    assert words in why


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    """A line break in a cell does not shift the numbers of the rows after it."""
    broken = replace(ORDER, link="one\r\ntwo")
    data = written(orders_as_csv, broken, replace(ORDER, uuid="e" * 32)) + b"a,b\r\n"
    found = read_orders(data)
    assert [line for line, _ in found.orders] == [2, 4]
    assert found.problems == [(5, f"2 columns instead of {len(COLUMNS)}")]


@pytest.mark.parametrize("form", FORMS)
def test_a_file_that_was_cut_short_gives_what_is_whole(form: Form) -> None:
    """At whatever byte a copy has ended, no half of an order is taken for a whole one."""
    data = written(form, ORDER, replace(ORDER, uuid="e" * 32))
    for end in range(len(data)):
        for _, order in read_orders(data[:end]).orders:
            assert replace(order, uuid=ORDER.uuid) == ORDER


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"", 1),
        (b"\xff\xfe", 1),
        (b"id,link\r\n1,\xe9\r\n", 2),
        (b"PK\x03\x04", 1),
        (b"date,amount\r\n1,2\r\n", 1),
        (b"[{}]", 1),
        (b"{}\nnull\n", 2),
        (b"{" * 100_000, 1),
    ],
)
def test_what_is_no_export_says_so(data: bytes, line: int) -> None:
    """Any other file gives no order, and a reason with a line."""
    found = read_orders(data)
    assert not found.orders
    assert found.problems[-1][0] == line


@pytest.mark.parametrize("data", [b"charges,", b"id,"])
def test_a_column_that_is_not_known_is_not_dropped_in_silence(data: bytes) -> None:
    """A file of a newer smmtui, or one with a column twice, is refused as a whole."""
    found = read_orders(data + written(orders_as_csv, ORDER))
    assert not found.orders
    assert found.problems[0][0] == 1


def test_a_file_saved_by_a_spreadsheet_is_read() -> None:
    """A byte-order mark, other line ends, another order of columns and quotes everywhere are all right."""
    rows = [*csv.reader(io.StringIO("".join(orders_as_csv([ORDER])), newline=""))]
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(row[::-1] for row in rows)
    assert [order for _, order in read_orders(b"\xef\xbb\xbf" + out.getvalue().encode()).orders] == [ORDER]


def test_what_is_shown_comes_in_clean_and_what_is_sent_to_the_letter() -> None:
    """A file may come from anywhere: controls in names and reasons do not reach the journal."""
    hostile = replace(ORDER, service_name="\x1b[2Jcheap", reason="a\u202eb")
    ((_, order),) = read_orders(written(orders_as_json, hostile)).orders
    assert (order.service_name, order.reason) == ("\ufffd[2Jcheap", "a\ufffdb")
    assert order.fields == ORDER.fields


def test_times_of_other_zones_are_read_as_utc() -> None:
    """What another program wrote with its own offset is the same moment."""
    text = written(orders_as_json, ORDER).decode().replace("T12:30:00.123456Z", "T15:30:00.123456+03:00")
    ((_, order),) = read_orders(text.encode()).orders
    assert order.placed == PLACED and order.placed.tzinfo is UTC
