"""Export and import as a user runs them: what stands on standard output, what is said, and how they end."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from smmtui.cli import Arguments, Doctor, Export, Import, read_arguments
from smmtui.domain.clock import SystemClock
from smmtui.domain.orders_file import orders_as_csv, orders_as_json, read_orders
from smmtui.domain.records import Order, Outcome, State, Tracked
from smmtui.journal.journal import Journal
from smmtui.journal.snapshot import Snapshot
from tests.account import KEY, Account, draft, place
from tests.tui.terminal import Terminal

FORMULA = "=HYPERLINK(1)"


@pytest.fixture
def account(tmp_path: Path) -> Account:
    """An account with no orders yet."""
    return Account(tmp_path / "home")


@pytest.fixture
def another(tmp_path: Path) -> Account:
    """The same on another machine."""
    return Account(tmp_path / "another")


@pytest.fixture
def three(account: Account) -> Account:
    """An account with an accepted order, one whose link is a formula, and one that the panel refused."""
    with account.journal() as journal:
        place(journal, "https://t.me/one", "701")
        place(journal, FORMULA, "702")
        journal.conclude(journal.intend(draft()).uuid, Outcome(State.REJECTED, reason="Not enough funds"))
    return account


def rows_of(text: str) -> list[dict[str, str]]:
    """The rows of a CSV text."""
    return list(csv.DictReader(io.StringIO(text, newline="")))


# ── the words ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("export orders", Arguments(command=Export("orders"))),
        ("export catalog --format json", Arguments(command=Export("catalog", "json"))),
        ("export orders --filter=-partial", Arguments(command=Export("orders", "csv", "-partial"))),
        ("--profile a export orders --config b", Arguments("a", Path("b"), command=Export("orders"))),
        ("export orders --profile a", Arguments("a", command=Export("orders"))),
        ("import orders f.csv", Arguments(command=Import(Path("f.csv")))),
        ("doctor", Arguments(command=Doctor())),
        ("--config b doctor --online", Arguments(None, Path("b"), command=Doctor(online=True))),
    ],
)
def test_what_the_words_mean(words: str, meant: Arguments) -> None:
    """The account can be named before the command or after it."""
    assert read_arguments(words.split()) == meant


@pytest.mark.parametrize(
    "words",
    ["export", "export refills", "export orders --format xml", "import orders", "import catalog f", "--demo doctor"],
)
def test_a_mistake_in_a_command_is_exit_code_2(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The usage of that command is shown, and nothing is done."""
    with pytest.raises(SystemExit) as caught:
        read_arguments(words.split())
    assert caught.value.code == 2
    assert "usage: smmtui" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["export", "import", "doctor"])
def test_every_command_has_its_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`--help` after a command tells of its own options."""
    with pytest.raises(SystemExit) as caught:
        read_arguments([command, "--help"])
    assert caught.value.code == 0
    assert re.match(rf"usage: smmtui {command} .*--profile NAME", capsys.readouterr().out, re.DOTALL)


@pytest.mark.parametrize("words", [["export", "orders"], ["import", "orders", "f.csv"], ["doctor"]])
def test_no_command_loads_what_draws_or_connects(three: Account, words: list[str]) -> None:
    """They answer without the half second that Textual takes, and without an HTTP library that could call anybody."""
    (three.home / "f.csv").write_bytes(b"".join(line.encode() for line in orders_as_csv([])))
    words = [str(three.home / word) if word == "f.csv" else word for word in words]
    done = three.run(*words, python=("-X", "importtime"))
    imported = set(re.findall(r"\| +(\w+)", done.stderr))
    assert done.returncode == 0
    assert "sqlite3" in imported
    assert not {"textual", "rich", "httpx"} & imported


def test_another_platform_gets_a_sentence_first() -> None:
    """On Windows nothing is tried, no module that is missing there is named, and WSL is."""
    script = (
        "import sys, runpy, asyncio, getpass, logging, tempfile, pathlib, platform, subprocess, threading\n"
        "sys.modules['fcntl'] = sys.modules['resource'] = None\n"
        "sys.platform, sys.argv = 'win32', ['smmtui']\n"
        "runpy.run_module('smmtui', run_name='__main__')\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "inside WSL" in done.stderr and done.stderr.count("\n") == 1


# ── export ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_orders_are_exported_as_csv(three: Account) -> None:
    """Standard output is the file, oldest order first; how many there are is said beside it."""
    done = three.run("export", "orders")
    assert done.returncode == 0
    rows = rows_of(done.stdout)
    assert [row["id"] for row in rows] == ["701", "702", ""]
    assert [row["state"] for row in rows] == ["accepted", "accepted", "rejected"]
    assert rows[1]["link"] == f"'{FORMULA}"
    assert rows[2]["reason"] == "Not enough funds"
    assert done.stdout.count("\r\n") == 4
    assert done.stderr == "smmtui: 3 of 3 orders of main\n"


def test_the_orders_are_exported_as_json(three: Account) -> None:
    """One object a line, texts as they are."""
    done = three.run("export", "orders", "--format", "json")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row.get("id") for row in rows] == ["701", "702", None]
    assert rows[1]["link"] == FORMULA


def test_the_filter_is_that_of_the_screen(three: Account) -> None:
    """Only what it leaves is exported."""
    done = three.run("export", "orders", "--filter", "state:accepted age<7d -t.me")
    assert [row["id"] for row in rows_of(done.stdout)] == ["702"]
    assert "1 of 3 orders" in done.stderr


def test_a_filter_that_cannot_be_read_exports_nothing(three: Account) -> None:
    """A file must not hold more than was asked for and look as if it were right."""
    done = three.run("export", "orders", "--filter", "age<soon size:x")
    assert (done.returncode, done.stdout) == (2, "")
    assert "“soon” is not an age" in done.stderr and "no field “size”" in done.stderr


def test_an_export_beside_a_window_leaves_its_orders_alone(account: Account) -> None:
    """What it is sending is exported as that, and no byte of any file changes."""
    with account.journal() as journal:
        order = journal.intend(draft())
        before = account.files()
        done = account.run("export", "orders")
        assert account.files() == before
        assert journal.order(order.uuid) == order
    assert [row["state"] for row in rows_of(done.stdout)] == ["sending"]


def test_an_account_without_orders_gives_the_head_only(account: Account) -> None:
    """Nothing is made for it either."""
    before = account.files()
    done = account.run("export", "orders")
    assert done.returncode == 0
    assert rows_of(done.stdout) == [] and done.stdout.startswith("id,")
    assert account.files() == before


def test_a_damaged_journal_is_not_exported(three: Account) -> None:
    """A sentence that says what to do instead of a file that lacks orders."""
    database = three.data / "journal.db"
    database.write_bytes(database.read_bytes()[:9000])
    before = three.files()
    done = three.run("export", "orders")
    assert (done.returncode, done.stdout) == (1, "")
    assert "damaged" in done.stderr and "salvages" in done.stderr
    assert three.files() == before


def test_no_key_is_looked_for(tmp_path: Path) -> None:
    """An export needs no key: none is asked for, and no command that prints one is run."""
    account = Account(tmp_path, f'key_command = ["touch", "{tmp_path}/asked"]\n')
    assert account.run("export", "orders").returncode == 0
    assert not (tmp_path / "asked").exists()


def test_the_account_of_the_environment_is_exported_too(account: Account) -> None:
    """With the two variables and no file the same journal is found as the app would find."""
    account.config.unlink()
    account.environ |= {"SMMTUI_API_URL": "https://panel.example/api/v2", "SMMTUI_API_KEY": KEY}
    done = account.run("export", "orders")
    assert done.returncode == 0
    assert "orders of panel.example" in done.stderr
    assert KEY not in done.stdout + done.stderr


@pytest.mark.parametrize("words", [["export", "orders"], ["import", "orders", "x"]])
def test_a_profile_that_is_not_there_is_exit_code_2(account: Account, words: list[str]) -> None:
    """The sentence is that of the app."""
    done = account.run(*words, "--profile", "mian")
    assert (done.returncode, done.stdout) == (2, "")
    assert "there is no profile “mian”" in done.stderr


def test_a_terminal_is_shown_no_control_code(account: Account) -> None:
    """A link from elsewhere can neither colour the terminal nor write its title; a pipe gets it as it is."""
    with account.journal() as journal:
        place(journal, "https://x.example/\x1b[31m\x1b]0;owned\x07\u202e", "701")
    command = [sys.executable, "-m", "smmtui", "export", "orders"]
    with Terminal(command, env=account.environ, columns=200) as terminal:
        assert terminal.ends() == 0
    assert b"https://x.example/\xef\xbf\xbd[31m" in terminal.output
    assert b"\x1b" not in terminal.output and "\u202e".encode() not in terminal.output
    assert "\x1b[31m" in account.run("export", "orders").stdout


def test_a_reader_that_has_seen_enough_is_no_fault(account: Account) -> None:
    """`smmtui export orders | head -1` prints no traceback, and neither does the doctor."""
    with account.journal() as journal:
        journal.track([Tracked(str(number), link="https://example.com/" * 20) for number in range(1000, 1800)])
    for words, said in {("export", "orders"): "smmtui: 800 of 800 orders of main\n", ("doctor",): ""}.items():
        reading, writing = os.pipe()
        os.close(reading)
        command = [sys.executable, "-m", "smmtui", *words]
        with open(writing, "wb") as out:
            done = subprocess.run(command, env=account.environ, stdout=out, stderr=subprocess.PIPE, text=True)
        assert (done.returncode, done.stderr) == (1, said)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
def test_a_full_disk_is_said(three: Account) -> None:
    """What was written is not whole, and the exit code says so to a script."""
    command = [sys.executable, "-m", "smmtui", "export", "orders"]
    with open("/dev/full", "wb") as out:
        done = subprocess.run(command, env=three.environ, stdout=out, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 1
    assert "not whole" in done.stderr and "Traceback" not in done.stderr


def test_the_catalog_is_exported_from_the_last_answer(account: Account) -> None:
    """No network: what the panel said last, filtered as on the screen."""
    services = [
        {"service": 1, "name": "=Likes", "rate": "0.90", "min": 10, "max": 100, "refill": True, "category": "A"},
        {"service": 2, "name": "Views", "rate": "0.10", "min": 10, "max": 100, "category": "B"},
    ]
    at = datetime(2026, 5, 4, 12, 30, tzinfo=UTC)
    Snapshot(account.cache).write(json.dumps(services).encode(), at)
    done = account.run("export", "catalog", "--filter", "rate>0.5")
    (row,) = rows_of(done.stdout)
    assert (row["id"], row["name"], row["rate"], row["refill"], row["cancel"]) == ("1", "'=Likes", "0.90", "yes", "")
    assert "1 of 2 services of main, as of 2026-05-04 12:30 UTC" in done.stderr
    lines = account.run("export", "catalog", "--format", "json").stdout.splitlines()
    assert [json.loads(line)["name"] for line in lines] == ["=Likes", "Views"]


@pytest.mark.parametrize("kept", [None, b"", b"<html>"])
def test_without_a_catalog_it_says_how_to_get_one(account: Account, kept: bytes | None) -> None:
    """None yet, or one that cannot be read."""
    if kept is not None:
        Snapshot(account.cache).write(kept, datetime.now(UTC))
    done = account.run("export", "catalog")
    assert (done.returncode, done.stdout) == (1, "")
    assert "Start smmtui once" in done.stderr


# ── import ────────────────────────────────────────────────────────────────────────────────────────────────────────


def exported(account: Account, file: Path, form: str = "csv") -> Path:
    """The file with every order of the account."""
    file.write_bytes(account.run("export", "orders", "--format", form).stdout.encode())
    return file


@pytest.mark.parametrize("form", ["csv", "json"])
def test_orders_move_to_another_machine(three: Account, another: Account, tmp_path: Path, form: str) -> None:
    """There they are what they were; a second time none is doubled; and their export is the same file."""
    file = exported(three, tmp_path / "orders", form)
    done = another.run("import", "orders", str(file))
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "smmtui: orders of main: 3 taken in, 0 were there already\n"
    again = another.run("import", "orders", str(file))
    assert (again.returncode, again.stderr) == (0, "smmtui: orders of main: 0 taken in, 3 were there already\n")
    assert exported(another, tmp_path / "again", form).read_bytes() == file.read_bytes()
    with another.journal() as journal:
        assert journal.check() == []
        assert [order.link for order in journal.orders()][1] == FORMULA


def test_a_line_that_cannot_be_read_is_named_and_the_rest_comes_in(
    three: Account, another: Account, tmp_path: Path
) -> None:
    """Once it is mended, the same file brings what is missing and nothing else."""
    file = exported(three, tmp_path / "orders.csv")
    whole = file.read_bytes()
    file.write_bytes(whole.replace(b"702,", b"7.02E2,"))
    done = another.run("import", "orders", str(file))
    assert done.returncode == 1
    assert f"{file}, line 3: id is not an id of a panel: 7.02E2" in done.stderr
    assert "2 taken in, 0 were" in done.stderr
    file.write_bytes(whole)
    done = another.run("import", "orders", str(file))
    assert done.returncode == 0
    assert "1 taken in, 2 were there already" in done.stderr


def test_an_id_that_the_journal_lacks_is_told_and_nothing_overwritten(three: Account, tmp_path: Path) -> None:
    """Where the file knows more of an order than the journal, a person has to settle it."""
    with three.journal() as journal:
        unknown = journal.conclude(journal.intend(draft()).uuid, Outcome(State.UNKNOWN, reason="no answer"))
    file = tmp_path / "orders.json"
    file.write_text("".join(orders_as_json([replace(unknown, state=State.ACCEPTED, id="799")])))
    done = three.run("import", "orders", str(file))
    assert done.returncode == 1
    assert "line 1: this order has the id 799 in the file and no id in the journal" in done.stderr
    with three.journal() as journal:
        assert journal.order(unknown.uuid) == unknown


@pytest.mark.parametrize("content", [b"", b"a,b\r\n1,2\r\n", b"\x00\xff"])
def test_a_file_that_is_no_export_changes_nothing(account: Account, tmp_path: Path, content: bytes) -> None:
    """Not even a journal is made."""
    file = tmp_path / "orders.csv"
    file.write_bytes(content)
    done = account.run("import", "orders", str(file))
    assert (done.returncode, done.stdout) == (1, "")
    assert "line 1" in done.stderr
    assert not account.data.exists()


def test_a_file_that_is_not_there_is_exit_code_2(account: Account) -> None:
    """The mistake is on the command line."""
    done = account.run("import", "orders", "/nowhere/orders.csv")
    assert done.returncode == 2
    assert "/nowhere/orders.csv cannot be read: No such file or directory." in done.stderr


_money = st.none() | st.decimals(0, 10**6, places=7, allow_nan=False)
_links = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(_links, st.sampled_from(["accepted", "rejected", "unknown"]), _money), max_size=5))
@pytest.mark.parametrize("form", [orders_as_csv, orders_as_json])
def test_any_journal_can_be_moved(
    form: Callable[[Iterable[Order]], Iterator[str]],
    tmp_path_factory: pytest.TempPathFactory,
    given: list[tuple[str, str, Decimal | None]],
) -> None:
    """From one journal through a file into another, every order is the same."""
    folder = tmp_path_factory.mktemp("moved")
    with closing(Journal.open(folder / "from", clock=SystemClock())) as journal:
        for number, (link, state, charge) in enumerate(given, 1):
            id = str(number) if state == "accepted" else None
            order = journal.conclude(journal.intend(draft(link)).uuid, Outcome(State(state), id=id, reason=state))
            journal.record([replace(order, charge=charge)], datetime.now(UTC))
        orders = journal.orders()
    found = read_orders("".join(form(orders)).encode())
    with closing(Journal.open(folder / "to", clock=SystemClock())) as journal:
        journal.imports.add([order for _, order in found.orders])
        assert journal.orders() == orders
        assert journal.check() == []
