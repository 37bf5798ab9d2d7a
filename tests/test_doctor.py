"""The doctor: what it says of a sound account, what it finds in an ailing one, and that it treats nothing."""

from __future__ import annotations

import re
import socket
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from smmtui.demo import DEMO_KEY, DemoPanel, Market
from smmtui.domain.records import Outcome, State
from smmtui.journal.snapshot import Snapshot
from tests.account import KEY, Account, draft, place
from tests.demo.served import serve
from tests.tui.terminal import Terminal


@pytest.fixture
def account(tmp_path: Path) -> Account:
    """An account with three orders and a catalog."""
    account = Account(tmp_path / "home")
    with account.journal() as journal:
        for number in (701, 702, 703):
            place(journal, f"https://t.me/{number}", str(number))
    Snapshot(account.cache).write(b'[{"service": 1, "name": "Likes"}]', datetime(2026, 5, 4, 12, 30, tzinfo=UTC))
    return account


def examine(account: Account, *words: str) -> tuple[int, str]:
    """The exit code and the report; nothing may be written by it, and nothing said beside it."""
    before = account.files()
    done = account.run("doctor", *words)
    assert account.files() == before
    assert done.stderr == ""
    assert KEY not in done.stdout and DEMO_KEY not in done.stdout
    lines = done.stdout.splitlines()
    assert all(re.match(r"(ok|warn|bad) +[a-z]+ +\S", line) for line in lines), done.stdout
    assert done.returncode == (1 if any(line.startswith("bad") for line in lines) else 0)
    return done.returncode, done.stdout


def line_of(report: str, level: str, subject: str) -> str:
    """What is said of a subject at a level; fails with the report where nothing is."""
    found = re.findall(rf"^{level} +{subject} +(.+)$", report, re.MULTILINE)
    assert found, report
    return " | ".join(found)


def test_a_sound_account_is_ok_throughout(account: Account) -> None:
    """Every part has its line, and the exit code is 0."""
    code, report = examine(account)
    assert code == 0
    assert "warn" not in report
    for subject, words in {
        "version": "Python",
        "terminal": "UTF-8",
        "clipboard": "OSC 52",
        "keyring": "",
        "config": f"profile main of {account.config}, panel at panel.example",
        "key": "found; it is not shown",
        "paths": str(account.data),
        "modes": "yours alone",
        "journal": "3 orders, row by row as their receipts say",
        "catalog": "1 service as of 2026-05-04 12:30 UTC",
    }.items():
        assert words in line_of(report, "ok", subject)


def test_an_account_that_was_never_used_is_sound(tmp_path: Path) -> None:
    """Before the first start nothing is missing, and nothing is made."""
    code, report = examine(Account(tmp_path))
    assert code == 0
    assert "0 orders" in line_of(report, "ok", "journal")
    assert "none kept yet" in line_of(report, "ok", "catalog")


# ── configuration and key ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_broken_configuration_is_named_with_its_place(account: Account) -> None:
    """The sentence is that of a start; what does not depend on it is looked at all the same."""
    account.config.write_text("[profiles.main\n")
    code, report = examine(account)
    assert code == 1
    assert "line 1" in line_of(report, "bad", "config")
    line_of(report, "ok", "terminal")


def test_what_stands_beside_the_profiles_is_looked_at(account: Account) -> None:
    """Theme, own keys, log, the command of notices, and the parameters that go with every order."""
    rest = (
        account.config.read_text()
        + 'extra = {server = "2"}\n[notify]\ncommand = ["true"]\n[keys]\n"app.help" = "f12"\n'
    )
    account.config.write_text(f'theme = "nord"\nlog_file = "smmtui.log"\n{rest}')
    code, report = examine(account)
    assert code == 0
    assert line_of(report, "ok", "theme") == "nord"
    assert line_of(report, "ok", "keys") == "1 action with a key of your own"
    assert line_of(report, "ok", "log") == str(account.config.parent / "smmtui.log")
    assert line_of(report, "ok", "notify") == "told by the command true"
    assert "does not name its own: server" in line_of(report, "ok", "config")


def test_what_stands_beside_the_profiles_and_is_wrong_is_named(account: Account) -> None:
    """Each with its line; a profile that is not asked for as well."""
    rest = account.config.read_text() + '[notify]\ncommand = ["no-such-program"]\n[keys]\n"app.halp" = "f12"\n'
    (account.config.parent / "taken").mkdir()
    account.config.write_text(
        f'default_profile = "main"\ntheme = "nrod"\nlog_file = "taken"\n{rest}[profiles.other]\nurl = "http://a.example/"\n'
    )
    code, report = examine(account)
    assert code == 1
    assert "line 2: theme is no theme: did you mean nord?" in line_of(report, "bad", "theme")
    assert "[keys] app.halp is no action" in line_of(report, "bad", "keys")
    assert "Did you mean app.help?" in line_of(report, "bad", "keys")
    assert "taken cannot be written" in line_of(report, "bad", "log")
    assert "no-such-program" in line_of(report, "warn", "notify")
    assert "[profiles.other] url would send the key to a.example unencrypted" in line_of(report, "bad", "config")


def test_a_log_that_others_can_read_is_a_warning(account: Account) -> None:
    """It tells what was ordered when."""
    log = account.config.parent / "smmtui.log"
    log.touch(0o644)
    account.config.write_text(f'log_file = "smmtui.log"\n{account.config.read_text()}')
    code, report = examine(account)
    assert code == 0
    assert f"chmod 600 {log}" in line_of(report, "warn", "log")


def test_a_program_that_copies_is_named(account: Account, tmp_path: Path) -> None:
    """Only where there is a desktop for it."""
    program = tmp_path / "bin" / "wl-copy"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o700)
    account.environ["PATH"] = f"{program.parent}:{account.environ['PATH']}"
    assert "OSC 52" in line_of(examine(account)[1], "ok", "clipboard")
    account.environ["WAYLAND_DISPLAY"] = "wayland-0"
    assert line_of(examine(account)[1], "ok", "clipboard") == "copied to by wl-copy"


def test_a_key_that_others_can_read_is_refused(account: Account) -> None:
    """The remedy is in the line; the journal is looked at nevertheless."""
    account.config.chmod(0o644)
    code, report = examine(account)
    assert code == 1
    assert f"chmod 600 {account.config}" in line_of(report, "bad", "key")
    assert "3 orders" in line_of(report, "ok", "journal")


def test_a_configuration_that_others_can_change_is_bad_without_a_key_in_it(account: Account) -> None:
    """Who can write the address can have the key sent to it."""
    (account.home / "key").write_text(KEY)
    (account.home / "key").chmod(0o600)
    account.configure("https://panel.example/api/v2", f'key_file = "{account.home}/key"\n')
    account.config.chmod(0o666)
    assert "chmod go-w" in line_of(examine(account)[1], "bad", "config")


def test_a_key_that_is_nowhere_is_a_warning(account: Account) -> None:
    """The app asks for it, so this is no fault; the doctor does not ask."""
    account.configure("https://panel.example/api/v2", "")
    code, report = examine(account)
    assert code == 0
    assert "asked for at every start" in line_of(report, "warn", "key")


def test_a_key_command_that_fails_is_bad(account: Account) -> None:
    """It is run as at a start."""
    account.configure("https://panel.example/api/v2", 'key_command = ["false"]\n')
    assert "ended with code 1" in line_of(examine(account)[1], "bad", "key")


def test_an_address_or_a_proxy_is_shown_by_its_host_alone(account: Account) -> None:
    """Neither a key in a path nor a password of a proxy is printed."""
    account.configure(
        f"https://panel.example/{KEY}/v2", f'key = "{KEY}"\nproxy = "http://me:hunter2@proxy.example:3128"\n'
    )
    _, report = examine(account)
    assert "hunter2" not in report
    assert "proxy at proxy.example" in line_of(report, "ok", "config")
    assert "holds the key" in line_of(report, "bad", "key")


@pytest.mark.parametrize(
    ("name", "level", "words"),
    [("GNOME Keyring", "ok", "GNOME Keyring"), ("fail Keyring", "warn", "the system has none")],
)
def test_the_keyring_is_named(account: Account, name: str, level: str, words: str) -> None:
    """Where the optional package is installed, its own choice of a keyring is told."""
    folder = account.home / "packages"
    folder.mkdir()
    (folder / "keyring.py").write_text(f"class K:\n    name = {name!r}\ndef get_keyring():\n    return K\n")
    account.environ |= {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    assert words in line_of(examine(account)[1], level, "keyring")


# ── files ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_files_that_others_can_read_are_bad_until_they_are_closed(account: Account) -> None:
    """The remedy in the line is one that helps."""
    (account.data / "receipts.jsonl").chmod(0o644)
    code, report = examine(account)
    assert code == 1
    said = line_of(report, "bad", "modes")
    assert "receipts.jsonl" in said and f"chmod -R go-rwx {account.data}" in said
    (account.data / "receipts.jsonl").chmod(0o600)
    assert examine(account)[0] == 0


def lose_a_row(account: Account) -> None:
    with account.journal() as journal, journal._database.transaction() as write:
        write.execute("DELETE FROM orders WHERE id = '702'")


def change_a_row(account: Account) -> None:
    with account.journal() as journal, journal._database.transaction() as write:
        write.execute("UPDATE orders SET link = 'https://t.me/other' WHERE id = '702'")


def lose_the_receipts_of_one(account: Account) -> None:
    file = account.data / "receipts.jsonl"
    file.write_bytes(b"".join(line for line in file.read_bytes().splitlines(True) if b"t.me/702" not in line))


def damage_a_receipt(account: Account) -> None:
    file = account.data / "receipts.jsonl"
    file.write_bytes(file.read_bytes().replace(b"t.me/702", b"t.me/799", 1))


def damage_a_page(account: Account) -> None:
    file = account.data / "journal.db"
    data = bytearray(file.read_bytes())
    data[8192:12288] = bytes(4096)
    file.write_bytes(data)


def lose_the_journal(account: Account) -> None:
    (account.data / "journal.db").unlink()


@pytest.mark.parametrize(
    ("happened", "words"),
    [
        (lose_a_row, "1 order missing in the journal, known from the receipts: 702"),
        (change_a_row, "1 order different in the journal and the receipts (the receipts count): 702"),
        (lose_the_receipts_of_one, "1 order without a receipt, known from the journal: 702"),
        (damage_a_receipt, "1 damaged line(s) in the receipts (3)"),
        (damage_a_page, "damaged"),
        (lose_the_journal, "missing or empty, but there are receipts"),
    ],
)
def test_what_journal_and_receipts_disagree_in_is_told_and_not_mended(
    account: Account, happened: Callable[[Account], None], words: str
) -> None:
    """By the panel's ids, row by row; the files stay as they are for the start that mends them."""
    happened(account)
    code, report = examine(account)
    assert code == 1
    assert words in line_of(report, "bad", "journal")


def test_what_waits_for_a_person_is_a_warning(account: Account) -> None:
    """Orders that were on their way, or are unknown, are no fault of the files."""
    with account.journal() as journal:
        journal.conclude(journal.intend(draft()).uuid, Outcome(State.UNKNOWN, reason="no answer"))
        journal.intend(draft())
    code, report = examine(account)
    assert code == 0
    said = line_of(report, "warn", "journal")
    assert "1 on the way when smmtui ended" in said and "1 unknown" in said


def test_an_open_window_is_no_trouble(account: Account) -> None:
    """What it is sending is on its way and nothing else."""
    with account.journal() as journal:
        journal.intend(draft())
        assert examine(account)[0] == 0


def test_a_catalog_that_cannot_be_read_is_a_warning(account: Account) -> None:
    """It is only a cache."""
    (account.cache / "services.json").write_bytes(b"<html>")
    code, report = examine(account)
    assert code == 0
    assert "asked again" in line_of(report, "warn", "catalog")


# ── terminal ──────────────────────────────────────────────────────────────────────────────────────────────────────


def in_terminal(account: Account, columns: int = 100, rows: int = 40, **variables: str) -> tuple[int, str]:
    """The exit code and the report as it is shown in a terminal."""
    command = [sys.executable, "-m", "smmtui", "doctor"]
    with Terminal(command, env=account.environ | variables, columns=columns, rows=rows) as terminal:
        return terminal.ends(), terminal.output.decode().replace("\r\n", "\n")


def test_the_terminal_is_looked_at_where_there_is_one(account: Account) -> None:
    """Its size and its colours."""
    code, report = in_terminal(account, TERM="xterm-256color")
    assert code == 0
    said = line_of(report, "ok", "terminal")
    assert "100 × 40 characters" in said and "xterm-256color, 256 colours" in said


def test_a_terminal_that_cannot_show_the_app_is_named(account: Account) -> None:
    """Too small is a warning, no cursor is bad, no UTF-8 is a warning."""
    code, report = in_terminal(account, columns=50, rows=10, TERM="dumb", LC_ALL="C")
    assert code == 1
    assert "at least 60 × 16" in line_of(report, "warn", "terminal")
    assert "not UTF-8" in line_of(report, "warn", "terminal")
    assert "TERM is “dumb”" in line_of(report, "bad", "terminal")


# ── the panel ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_panel_is_asked_for_the_balance_only_where_it_is_wanted(account: Account) -> None:
    """With `--online` the report ends with what the panel answers."""
    with serve(DemoPanel(Market())) as url:
        account.configure(url, f'key = "{DEMO_KEY}"\n')
        code, report = examine(account, "--online")
        assert code == 0
        assert re.search(r"balance is \$[\d.,]+$", line_of(report, "ok", "panel"))
        assert "panel   " not in examine(account)[1]


def test_a_panel_that_refuses_the_key_is_bad(account: Account) -> None:
    """In the panel's words, without the key."""
    with serve(DemoPanel(Market())) as url:
        account.configure(url, f'key = "{KEY}"\n')
        code, report = examine(account, "--online")
    assert code == 1
    assert "key" in line_of(report, "bad", "panel").lower()


def test_a_panel_that_is_not_there_is_bad(account: Account) -> None:
    """Nobody listens; that is the last line, after all the others."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    account.configure(f"http://127.0.0.1:{port}/api/v2", f'key = "{KEY}"\n')
    code, report = examine(account, "--online")
    assert code == 1
    line_of(report, "bad", "panel")
    assert report.splitlines()[-1].startswith("bad   panel")
