"""What people paste becomes rows, or a line with the reason why not; nothing is lost."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smmtui.domain.basket import Surroundings, check
from smmtui.domain.basket_text import as_text, recognise
from smmtui.domain.catalog import Catalog
from smmtui.domain.orders_file import orders_as_csv
from smmtui.domain.records import Order, Service, State
from tests.journal.support import START

CATALOG = Catalog(
    [
        Service("1", "Followers", rate=Decimal("0.90"), min=50, max=10_000),
        Service("4", "Starter package", type="Package", rate=Decimal(12)),
        Service("5", "Comments", type="Custom Comments", rate=Decimal(8), min=1, max=500),
        Service("6", "Mentions", type="Mentions", rate=Decimal(2), min=1, max=500),
        Service("7", "Auto likes", type="Subscriptions", rate=Decimal(2), min=1, max=500),
    ]
)
LONG = "x" * 10_000


def read(text: str) -> list[tuple[str, dict[str, str], str] | str]:
    """Service, values and extra parameters of each row; why not, where a line could not be read."""
    return [row.wrong or (row.service, row.values, row.extra) for row in recognise(text, CATALOG).rows]


def values(text: str) -> tuple[str, dict[str, str]]:
    """Service and values of a text of one row."""
    ((service, found, extra),) = [row for row in read(text) if not isinstance(row, str)]
    assert extra == ""
    return service, found


A = "https://a.test/1"
LINK = {"link": "https://a.test/p/1", "quantity": "100"}


@pytest.mark.parametrize("line", ["{link} | 1 | 4", "{link},4,1", "{link}\t1\t1"])
def test_two_services_behind_a_link_are_no_order(line: str) -> None:
    """Which of the two is the quantity would be a guess; a mark, the other order or a head says it."""
    (why,) = read(line.format(link=A))
    assert "both ids of services: put the service before the link" in str(why)
    assert values(f"{A} | #1 | 4") == ("1", {"link": A, "quantity": "4"})
    assert values(f"1 | {A} | 4") == ("1", {"link": A, "quantity": "4"})
    assert values(f"link,quantity,service\n{A},4,1") == ("1", {"link": A, "quantity": "4"})


@pytest.mark.parametrize(
    "line",
    [
        "1 | https://a.test/p/1 | 100",
        "1 | 100 | https://a.test/p/1",
        "1|https://a.test/p/1|100|",
        "1,https://a.test/p/1,100",
        "1,100,https://a.test/p/1",
        "1;100;https://a.test/p/1",
        "1\thttps://a.test/p/1\t100",
        "#1\t100\thttps://a.test/p/1",
        "https://a.test/p/1 | 1 | 100",
        '"1","https://a.test/p/1","100"',
        '1 | "https://a.test/p/1" | "100" ',
        "\ufeff1 | https://a.test/p/1 | 100\r\n",
        "\r\n \n1 | https://a.test/p/1 | 100\r",
        "service | link | quantity\n1 | https://a.test/p/1 | 100",
        "Quantity,Link,Service ID\n100,https://a.test/p/1,1",
        "Quantity,Link,Service ID\nhttps://a.test/p/1,100,1",
        "id;url;qty\n1;https://a.test/p/1;100",
        "service,link,quantity\n1 | 100 | https://a.test/p/1",
        "1 | link=https://a.test/p/1 | quantity=100",
    ],
)
def test_one_order_in_many_spellings(line: str) -> None:
    """Separators, orders of the columns, quotes, line ends, heads and a byte-order mark make no difference."""
    assert values(line) == ("1", LINK)


@pytest.mark.parametrize(
    ("line", "service", "found"),
    [
        ("1 | https://a.test/?a=1,2;3 | 1.5k", "1", {"link": "https://a.test/?a=1,2;3", "quantity": "1.5k"}),
        ("1,@name,max", "1", {"link": "@name", "quantity": "max"}),
        ("1,$10,a.test/x", "1", {"link": "a.test/x", "quantity": "$10"}),
        ('1 | https://a.test/1 | "1,000"', "1", {"link": A, "quantity": "1,000"}),
        ("1 | https://a.test/1 | ١٠٠", "1", {"link": A, "quantity": "١٠٠"}),
        ("1 | https://a.test/1 | -5", "1", {"link": A, "quantity": "-5"}),
        ("1 | https://a.test/1 | 10 | 3 | 60", "1", {"link": A, "quantity": "10", "runs": "3", "interval": "60"}),
        ("1 | https://a.test/1 | 10 | runs=3", "1", {"link": A, "quantity": "10", "runs": "3"}),
        ("1", "1", {}),
        ("999 | https://a.test/1 | 10", "999", {"link": A, "quantity": "10"}),
        ("ORD-x | https://a.test/1 | 10", "ORD-x", {"link": A, "quantity": "10"}),
        ("1 | 100", "1", {"quantity": "100"}),
        ("1 | | 100", "1", {"quantity": "100"}),
        ("1 | https://a.test/1", "1", {"link": A}),
        ("https://a.test/1", "", {"link": A}),
        (" | https://a.test/1 | 100", "", {"link": A, "quantity": "100"}),
        ("4 | https://a.test/1", "4", {"link": A}),
        ("4 | https://a.test/1 | 1", "4", {"link": A, "quantity": "1"}),
        ('5 | https://a.test/1 | "so\r\n""nice"" | wow"', "5", {"link": A, "comments": 'so\n"nice" | wow'}),
        ('5\t"so\nnice"\thttps://a.test/1', "5", {"link": A, "comments": "so\nnice"}),
        ('5,https://a.test/1,2,"so\nnice"', "5", {"link": A, "quantity": "2", "comments": "so\nnice"}),
        ('6 | https://a.test/1 | 9 | "ann\nbob"', "6", {"link": A, "quantity": "9", "usernames": "ann\nbob"}),
        ("7 | ann | 10 | 20 | 3 | 0", "7", {"username": "ann", "min": "10", "max": "20", "posts": "3", "delay": "0"}),
        (f"1 | https://a.test/{LONG} | 100", "1", {"link": f"https://a.test/{LONG}", "quantity": "100"}),
        ("service,link,quantity\n1,'@name,100", "1", {"link": "@name", "quantity": "100"}),
        ('1 | https://a.test/5" | 100', "1", {"link": 'https://a.test/5"', "quantity": "100"}),
        (
            "service,username,min,max,posts,delay,note,tags\n7,ann,1,2,3,0,for Ann,vip june",
            "7",
            {
                "username": "ann",
                "min": "1",
                "max": "2",
                "posts": "3",
                "delay": "0",
                "note": "for Ann",
                "tags": "vip june",
            },
        ),
    ],
)
def test_a_line_becomes_what_the_service_takes(line: str, service: str, found: dict[str, str]) -> None:
    """Cells go to the fields of the service's type; a text is taken as it stands."""
    assert values(line) == (service, found)


def test_extra_parameters_are_kept() -> None:
    """A cell of the form name=value that is no field is an extra parameter, and so is a column called extra."""
    assert read("1 | https://a.test/1 | 10 | order_style=fast") == [
        ("1", {"link": "https://a.test/1", "quantity": "10"}, "order_style=fast")
    ]
    assert read('service,link,extra\n1,https://a.test/1,"a=1\nb=2"') == [
        ("1", {"link": "https://a.test/1"}, "a=1\nb=2")
    ]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("hello world", "this is no order"),
        (LONG, "this is no order"),
        ("1 | 55 | 66", "two numbers and no link"),
        ("1 | https://a.test/1 | 10 | 3 | 60 | 9", "6 cells are more than the service takes"),
        ('1 | "https://a.test/1 | 100', "a quote is opened here and not closed"),
        ("service,link,quantity\n1,https://a.test/1,100,9", "4 cells, but there are 3 columns"),
        ("service,fields\n1,[[", "the column fields cannot be read"),
    ],
)
def test_what_cannot_be_read_says_why_and_where(line: str, why: str) -> None:
    """The line is kept as it came, with its number and a reason."""
    (row,) = recognise(f"\n{line}", CATALOG).rows
    assert row.text == line.split("\n")[-1]
    number = 3 if "\n" in line else 2
    assert row.wrong.startswith(f"Line {number}: {why}")
    assert row.wrong.endswith(".")


def test_an_open_quote_costs_its_own_line_only() -> None:
    """The lines after it are orders like any other."""
    text = '1 | "https://a.test/1 | 100\n1 | https://a.test/2 | 100\n1 | "https://a.test/3" | 100\n'
    assert [isinstance(row, str) for row in read(text)] == [True, False, False]


def test_columns_that_mean_nothing_here_are_named() -> None:
    """What is left out is said, once; our own exports' columns are left out silently."""
    found = recognise("service,link,quantity,customer,state\n1,https://a.test/1,100,Ann,ok\n", CATALOG)
    assert found.notes == ("Columns that are not known were left out: customer.",)


def test_an_export_of_orders_can_be_ordered_again() -> None:
    """The exact fields of each order come back, extra parameters among them."""
    fields = (("service", "5"), ("link", "@ann"), ("comments", "so\nnice"), ("order_style", "fast"))
    order = Order("0" * 32, 1, State.ACCEPTED, START, "9", service="5", link="@ann", fields=fields)
    (row,) = recognise("".join(orders_as_csv([order])), CATALOG).rows
    assert (row.service, row.extra) == ("5", "order_style=fast")
    assert row.values == {"link": "@ann", "comments": "so\nnice"}


def test_the_same_orders_have_the_same_mark_however_they_are_written() -> None:
    """The mark tells a text by what it orders: not by separators, columns or blank lines, but by every value."""
    mark = recognise("1 | https://a.test/1 | 100\n1 | https://a.test/2 | 100", CATALOG).paste
    same = recognise("\ufefflink,quantity,service\r\n\r\nhttps://a.test/1,100,1\r\nhttps://a.test/2,100,1", CATALOG)
    assert same.paste == mark
    assert recognise("1 | https://a.test/1 | 100\n1 | https://a.test/2 | 101", CATALOG).paste != mark
    assert recognise("", CATALOG).paste == ""


TABLE: dict[str, tuple[str, int, int]] = {
    # name: a block with a number in it, how many rows it is, how many of them cannot be read
    "pipes": ("1 | https://a.test/p/{n} | 100", 1, 0),
    "pipes, quantity first": ("1 | 100 | https://a.test/q/{n}", 1, 0),
    "commas": ("1,https://a.test/c/{n},2k", 1, 0),
    "tabs": ("1\t100\thttps://a.test/t/{n}", 1, 0),
    "windows": ("1 | https://a.test/w/{n} | 100\r", 1, 0),
    "a blank line": ("\r\n", 0, 0),
    "duplicate": ("1 | https://a.test/same | 100", 1, 0),
    "quotes": ('5 | https://a.test/k/{n} | "so\n""nice"", | wow"', 1, 0),
    "no such service": ("999 | https://a.test/n/{n} | 100", 1, 0),
    "too few": ("1 | https://a.test/f/{n} | 3", 1, 0),
    "prose": ("please do these today", 1, 1),
    "two numbers": ("1 | 55 | {n}", 1, 1),
    "a head": ("service,link,quantity", 0, 0),
    "under the head": ("1,https://a.test/h/{n},100", 1, 0),
    "long": (f"1 | https://a.test/{LONG}{{n}} | 100", 1, 0),
}


def test_500_mixed_lines_are_recognised_as_the_table_says() -> None:
    """Good, bad and duplicate lines of every spelling: each is a row in its place, and each row has its state."""
    blocks = list(TABLE.values())
    chosen = [blocks[n % len(blocks)] for n in range(500)]
    text = "\n".join(block.replace("{n}", str(1000 + n)) for n, (block, _, _) in enumerate(chosen))
    found = recognise(text, CATALOG)
    assert len(found.rows) == sum(rows for _, rows, _ in chosen)
    assert len(found.unread) == sum(unread for _, _, unread in chosen)
    assert [row.number for row in found.rows] == list(range(1, len(found.rows) + 1))
    rows = check(found.rows, Surroundings(CATALOG)).values()
    times = {name: sum(block == wanted for block in chosen) for name, wanted in TABLE.items()}
    bad = times["no such service"] + times["too few"] + times["prose"] + times["two numbers"]
    assert sum(row.state == "problem" for row in rows) == bad
    warned = [row for row in rows if row.state == "warn"]
    twins = [row for row in warned if row.link == "https://a.test/same"]
    assert len(twins) == times["duplicate"] - 1
    assert len(warned) - len(twins) == times["quotes"]
    assert sum(row.ready for row in rows) == len(rows) - bad


def test_failures_come_back_as_they_were() -> None:
    """What is written for the user to mend is read again as the same rows, unread lines among them."""
    text = (
        '1 | @ann | 3\n5 | https://a.test/1 | "so\nnice"\nhello there\n1 | https://a.test/2 | 10 | runs=3 | a=b\n'
        "999 | '=x | 5"
    )
    rows = recognise(text, CATALOG).rows
    shown = check(rows, Surroundings(CATALOG)).values()
    again = recognise(as_text(shown), CATALOG)
    assert [(row.service, row.values, row.extra, row.text) for row in again.rows] == [
        (row.service, row.values, row.extra, row.text) for row in rows
    ]
    assert as_text(shown).startswith("service,link,quantity,")
    assert "3 is under the minimum of 50" in as_text(shown)
    assert again.notes == ()
    assert as_text([]) == ""


@given(st.text(st.sampled_from("1,|;\t\"\n\r a@=.:/kservicelinkquantity'\ufeff"), max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    """Nothing a clipboard may hold is a crash, and every line that is not blank is in a row or a head."""
    found = recognise(text, CATALOG)
    check(found.rows, Surroundings(CATALOG))
    assert all(row.text or row.service or row.values or row.extra for row in found.rows)
