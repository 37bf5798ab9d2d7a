"""The key is nowhere but in memory and in the request: not on the screen, in a file, a log, a traceback or a child."""

from __future__ import annotations

import base64
import gc
import getpass
import json
import os
import re
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
import tomli_w
from msgspec.structs import replace
from rich.pretty import pretty_repr

import smmtui.__main__ as program
from smmtui.config import Paths, Start, demo_profile
from smmtui.desk.topics import Wanted
from smmtui.errors import ConfigError
from smmtui.secret import Secret
from smmtui.tui.crash import Faults
from smmtui.tui.outcomes import outcome_words
from tests.desk.support import HASTY, Rig, draft_for, refreshed
from tests.faults.server import FAULTS, Fault, FaultServer
from tests.tui.canary import KEY, SPELLINGS, EchoingPanel, traces, traces_in_files
from tests.tui.crashing import PLACES
from tests.tui.support import Stage, press, see
from tests.tui.terminal import Terminal, clean_environment

PROGRAM = Path(sys.executable).with_name("smmtui")
PROJECT = Path(__file__).parents[2]
SENTENCE = "smmtui ended because of a fault of its own"
LINK = "https://example.com/canary"


@pytest.fixture(scope="module")
def server() -> Iterator[FaultServer]:
    """A panel that knows the canary key."""
    with FaultServer(key=KEY) as running:
        yield running


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An empty home with a folder for temporary files in it."""
    (tmp_path / "tmp").mkdir()
    return tmp_path


def environment(home: Path) -> dict[str, str]:
    """A fresh machine's, on which all libraries have been told to log into the home."""
    site = home / "site"
    site.mkdir(exist_ok=True)
    log = home / "debug.log"
    (site / "sitecustomize.py").write_text(
        f"import logging\nlogging.basicConfig(level=logging.DEBUG, filename={str(log)!r})\nlogging.debug('begun')\n"
    )
    return {
        **clean_environment(home),
        "TMPDIR": str(home / "tmp"),
        "PYTHONPATH": str(site),
        "PYTHONASYNCIODEBUG": "1",
        "SSLKEYLOGFILE": str(home / "tls.log"),
    }


# Typed keys into `keys.log` and `textual.log`, and a picture of the screen after a second.
DEBUGGING = {"TEXTUAL": "debug,devtools", "TEXTUAL_DEBUG": "1", "TEXTUAL_LOG": "textual.log", "TEXTUAL_SCREENSHOT": "1"}


def run(home: Path, env: dict[str, str], *words: str) -> Terminal:
    """Run smmtui in a terminal, with the home as the folder it stands in."""
    return Terminal(["/bin/sh", "-c", 'cd "$HOME" && exec "$0" "$@"', str(PROGRAM), *words], env=env)


# ── wherever the key comes from ───────────────────────────────────────────────────────────────────────────────────


def _by_environment(home: Path, url: str) -> tuple[dict[str, str], list[str], list[Path]]:
    return {"SMMTUI_API_URL": url, "SMMTUI_API_KEY": KEY}, [], []


def _by_config(home: Path, url: str, **source: object) -> tuple[dict[str, str], list[str], list[Path]]:
    config = home / "panels.toml"
    profile = {"url": url, **(source or {"key": KEY})}
    config.write_text(tomli_w.dumps({"log_file": "logs/smmtui.log", "profiles": {"main": profile}}))
    config.chmod(0o600)
    return {}, ["--config", str(config)], [config]


def _by_file(home: Path, url: str) -> tuple[dict[str, str], list[str], list[Path]]:
    kept = home / "kept"
    kept.write_text(KEY)
    kept.chmod(0o600)
    env, words, spared = _by_config(home, url, key_file="kept")
    return env, words, [*spared, kept]


def _by_command(home: Path, url: str) -> tuple[dict[str, str], list[str], list[Path]]:
    _, _, (_, kept) = _by_file(home, url)
    env, words, spared = _by_config(home, url, key_command=["cat", str(kept)])
    return env, words, [*spared, kept]


def _by_prompt(home: Path, url: str) -> tuple[dict[str, str], list[str], list[Path]]:
    return _by_config(home, url, account="typed")


SOURCES = {
    "environment": _by_environment,
    "configuration": _by_config,
    "file": _by_file,
    "command": _by_command,
    "prompt": _by_prompt,
}
ECHOED = quote(KEY, safe="")


def _packed(lead: str) -> bytes:
    """The key in base64, behind other text."""
    return base64.b64encode(f"{lead}{KEY}, and more".encode())


@pytest.mark.parametrize("source", SOURCES)
def test_a_whole_session_leaves_no_trace(server: FaultServer, home: Path, source: str) -> None:
    """A panel that echoes the key in every answer, and all debugging switched on: nothing shows or keeps it."""
    server.always("balance", Fault.reply(body=json.dumps({"error": f"Key {KEY} is asleep"}).encode()))
    server.always("status", FAULTS["key_echo_base64"])
    answer = json.dumps({"order": 4711, "message": f"for {KEY} as {ECHOED}", "key": KEY[-12:]}).encode()
    server.always("add", Fault.reply(headers={"Set-Cookie": f"key={ECHOED}"}, body=answer))
    env, words, spared = SOURCES[source](home, server.url)
    with run(home, {**environment(home), **DEBUGGING, **env}, *words) as terminal:
        if source == "prompt":
            terminal.wait(r"API key of main")
            terminal.press(KEY, "enter")
        terminal.wait(r"Key \*\*\*\* is asleep")
        assert traces(Path(f"/proc/{terminal.process.pid}/cmdline").read_bytes()) == []
        if source in ("environment", "prompt"):
            _order(terminal)
        terminal.press("ctrl+q")
        assert terminal.ends() == 0
    assert traces(terminal.output) == []
    assert (home / "debug.log").read_text() == "DEBUG:root:begun\n"
    log = home / "logs" / "smmtui.log"
    assert log.exists() == (source != "environment")
    assert source == "environment" or "balance: HTTP 200" in log.read_text()
    assert not [name for name in ("keys.log", "textual.log", "tls.log") if (home / name).exists()]
    assert list(home.rglob("*.svg")) == []
    assert traces_in_files(home, *spared) == {}


def _order(terminal: Terminal) -> None:
    """Order 100 of the first service, and look at what is known of the order."""
    terminal.press("enter")
    terminal.wait(r"Link")
    terminal.press(LINK, "tab", "100")
    terminal.wait(r"100 units")
    terminal.press("f9")
    terminal.wait(r"Yes, place it")
    terminal.press("y")
    terminal.wait(r"Order 4711 accepted")
    terminal.press("2")
    terminal.wait(r"4711 ")
    terminal.press("enter")
    terminal.wait(r"Timeline")
    terminal.press("escape")


# ── whatever the panel does ───────────────────────────────────────────────────────────────────────────────────────

# The server writes headers in Latin-1; a panel writes the bytes that it was sent.
RAW = KEY.encode().decode("latin-1")
# Every place in which a panel can say a key back, in every spelling.
ECHOES: dict[str, Fault] = {
    **{name: fault for name, fault in FAULTS.items() if name.startswith("key_echo")},
    **{
        name: Fault.reply(body=json.dumps({"error": f"not {text.decode()}!"}, ensure_ascii=False).encode())
        for name, text in SPELLINGS.items()
        if not name.startswith("base64")
    },
    "base64 in PHP's JSON": Fault.reply(body=b'{"error":"' + _packed("").replace(b"/", b"\\/") + b'"}'),
    "base64 at 1": Fault.reply(body=b'{"error":"' + _packed("a") + b'"}'),
    "base64 at 2": Fault.reply(body=b'{"error":"' + _packed("ab") + b'"}'),
    "base64 in a URL": Fault.reply(body=b'{"error":"' + quote(_packed("key="), safe="").encode() + b'"}'),
    "cookie": Fault.reply(headers={"Set-Cookie": f"k={RAW}"}, body=b'{"error":"no"}'),
    "time to wait": Fault.reply(429, {"Retry-After": RAW}, b'{"error":"no"}'),
    "redirect": Fault.reply(302, {"Location": f"/v3?key={ECHOED}"}),
    "redirect as it is": Fault.reply(307, {"Location": f"https://elsewhere.example/{RAW}"}),
    "name of a packing": Fault.reply(headers={"Content-Encoding": RAW}, body=b"x"),
    "broken header": Fault.reply(headers={f"bad {RAW}": "1"}),
    "page": Fault.reply(403, {"Content-Type": "text/html"}, f"<html>{KEY} {ECHOED}</html>".encode()),
    "broken JSON": Fault.reply(body=b'{"error": ' + KEY.encode()),
    "name of a member": Fault.reply(body=json.dumps({KEY: {KEY: KEY}, "error": {KEY: KEY}}).encode()),
    "every member": Fault.reply(
        body=json.dumps({"order": KEY, "status": KEY, "currency": KEY, "balance": KEY}).encode()
    ),
    "member beside an id": Fault.reply(body=json.dumps({"order": 1, "balance": "5", "currency": KEY}).encode()),
    "status word": Fault.reply(body=json.dumps({"order": 2, "status": f"Done {KEY}", "balance": 5}).encode()),
    "notice": Fault.reply(body=b"<b>Notice</b>: " + KEY.encode() + b' in api.php\n{"error":"no"}'),
    "UTF-16": Fault.reply(body=json.dumps({"error": KEY}, ensure_ascii=False).encode("utf-16")),
}


async def test_no_echo_of_the_panel_brings_it_out(server: FaultServer, tmp_path: Path) -> None:
    """Through client and Desk, in orders and in what is refreshed: not in words, records, journal or receipts."""
    rig = Rig.at(tmp_path, server.url, KEY)
    said: dict[str, str] = {}
    async with rig.desk() as desk:
        await refreshed(desk, Wanted.CATALOG)
        service = desk.catalog.services[0]
        for number, (name, fault) in enumerate(ECHOES.items()):
            for action in ("add", "balance", "status"):
                server.always(action, fault)
            order = await desk.place(draft_for(service, link=f"https://example.com/{number}"))
            await refreshed(desk)
            events = await desk.events(order.uuid)
            said[name] = f"{outcome_words(order)} {desk.health} {desk.balance} {order} {events}"
            rig.clock.wait(1000)
        said["orders"] = repr(desk.orders)
    for action in ("add", "balance", "status"):
        server.always(action, None)
    assert {name: found for name, text in said.items() if (found := traces(text))} == {}
    assert traces_in_files(tmp_path) == {}


async def test_no_other_fault_brings_it_out(server: FaultServer, tmp_path: Path) -> None:
    """Every way in which the fault server can fail an order leaves words, records, journal and receipts without it."""
    rig = Rig.at(tmp_path, server.url, KEY, HASTY)
    said: dict[str, str] = {}
    for action in ("add", "balance", "status"):
        server.always(action, None)
    async with rig.desk() as desk:
        await refreshed(desk, Wanted.CATALOG)
        service = desk.catalog.services[0]
        for number, (name, fault) in enumerate(FAULTS.items()):
            server.plan("add", [fault])
            order = await desk.place(draft_for(service, link=f"https://example.com/{number}"))
            said[name] = f"{outcome_words(order)} {order} {await desk.events(order.uuid)}"
    assert {name: found for name, text in said.items() if (found := traces(text))} == {}
    assert traces_in_files(tmp_path) == {}


# ── on every screen ───────────────────────────────────────────────────────────────────────────────────────────────


async def test_no_screen_and_no_picture_of_one_shows_it(tmp_path: Path) -> None:
    """A panel whose every text holds the key is shown with stars, also in screenshots and in what objects print as."""
    stage = Stage(tmp_path)
    stage.key = KEY
    stage.transport = lambda: httpx.ASGITransport(app=EchoingPanel(stage.market))
    async with stage.app.run_test(size=(160, 50), notifications=True) as pilot:
        await see(pilot, "5,000 services", "online", "****")
        for keys, seen in (
            (("?",), "Enter runs what is chosen"),
            (("escape", "enter"), "Link"),
            ((LINK, "enter", "100", "f9"), "Yes, place it"),
            (("y",), "accepted"),
            (("2",), "23501"),
            (("enter",), "Timeline"),
            (("escape", "ctrl+p"), "Search"),
        ):
            await press(pilot, *keys)
            await see(pilot, seen)
            assert traces(stage.app.export_screenshot()) == [], seen
        assert traces(stage.app.clipboard) == []
        assert traces("\n".join(_prints())) == []
    assert traces_in_files(tmp_path) == {}


def _prints() -> Iterator[str]:
    """What every object of ours in memory prints as."""
    # The App has frozen what was there at its start, which hides it from the list of objects.
    gc.unfreeze()
    # Neither what other tests have left, nor one thing as often as others refer to it.
    gc.collect()
    tracked = gc.get_objects()
    for thing in {id(thing): thing for thing in [*tracked, *gc.get_referents(*tracked)]}.values():
        # Of some extension types it is not even text.
        if str(type(thing).__module__).startswith("smmtui"):
            yield repr(thing)
            yield str(thing)


# ── when smmtui fails ─────────────────────────────────────────────────────────────────────────────────────────────


def _seen(words: str) -> re.Pattern[str]:
    return re.compile(words)


FORM = ("enter", _seen("Link"))
REVIEW = (*FORM, LINK, "tab", "100", _seen("100 units"), "f9", _seen("this order"))
SENT = (*REVIEW, _seen("Yes, place it"), "y")
# The place of the fault → the keys to press on the way to it, and what to wait for between them.
WAYS: dict[str, tuple[str | re.Pattern[str], ...]] = {
    "a key": ("r",),
    "a mode": ("2",),
    "the form": ("enter",),
    "the review": REVIEW[:-1],
    "the details": (*SENT, _seen(r"Order \d+ accepted"), "2", _seen("https://example"), "enter"),
    "the help": ("?",),
    "the sending": SENT,
    "closing": ("ctrl+q",),
}


@pytest.mark.parametrize("place", PLACES)
def test_a_fault_ends_in_words_without_it(server: FaultServer, home: Path, place: str) -> None:
    """Wherever it happens: exit code 1, a usable terminal, a sentence on where the cause is, with stars in it."""
    for action in ("add", "balance", "status"):
        server.always(action, None)
    env = {**environment(home), "SMMTUI_API_URL": server.url, "SMMTUI_API_KEY": KEY}
    env["PYTHONPATH"] += f":{PROJECT}"
    command = [sys.executable, "-P", "-m", "tests.tui.crashing", place]
    with Terminal(["/bin/sh", "-c", 'cd "$HOME" && exec "$0" "$@"', *command], env=env) as terminal:
        if place in WAYS:
            terminal.wait("20 services")
        for step in WAYS.get(place, ()):
            if isinstance(step, str):
                terminal.press(step)
            else:
                terminal.wait(step.pattern)
        assert terminal.ends() == 1
        assert terminal.modes() == terminal.before
    assert traces(terminal.output) == []
    told = terminal.output.decode().rpartition("\x1b[?1049l")[2]
    (file,) = (home / "state" / "smmtui").glob("crash-*.txt")
    assert f"{SENTENCE}, written down without your key in {file}." in told
    assert "Traceback" not in told
    written = file.read_text()
    assert "in fail\n" in written
    known = place != "before the key is known"
    assert ("RuntimeError: cannot go on with ****" in written) == known
    assert ("shown as unknown at the next start" in told) == known
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert traces_in_files(home) == {}


def _start(folder: Path) -> Start:
    paths = Paths(folder / "config.toml", folder / "data", folder / "state", folder / "cache")
    return Start(replace(demo_profile(), demo=False), Secret(KEY), paths)


def _faults(folder: Path) -> Faults:
    """The printer of faults, of a program that has begun."""
    faults = Faults()
    faults.started(_start(folder))
    return faults


def test_what_a_program_starts_with_prints_as_stars(tmp_path: Path) -> None:
    """The key among it does not show."""
    assert traces(repr(_start(tmp_path))) == []
    assert traces(pretty_repr(_start(tmp_path), expand_all=True)) == []


def _raised(error: Exception) -> Exception:
    try:
        raise error
    except Exception as raised:
        return raised


def test_groups_notes_and_controls_are_told_without_harm(tmp_path: Path) -> None:
    """The key and a terminal's commands are taken out of everything that an error can carry."""
    inner = ValueError(f"\x1b[2Jcleared {KEY.encode()!r}")
    inner.add_note(f"a note on {quote(KEY)}")
    told = _faults(tmp_path).text(_raised(ExceptionGroup(f"several {KEY}", [_raised(inner), KeyError(KEY)])))
    assert traces(told) == []
    assert "\x1b" not in told
    assert "a note on ****" in told
    assert "ExceptionGroup: several ****" in told


def test_threads_and_finalizers_are_told_without_it(tmp_path: Path) -> None:
    """What Python prints on its own, beside the program's end, goes the same way; Ctrl+C is no fault."""
    script = """
import os, sys, threading
from pathlib import Path
from tests.tui.canary import KEY
from tests.tui.test_secret_nowhere import _faults

class Last:
    def __del__(self):
        raise RuntimeError(f"deleted {KEY}")

def work():
    raise RuntimeError(f"worked {KEY}")

_faults(Path(sys.argv[1])).install()
Last()
thread = threading.Thread(target=work)
thread.start()
thread.join()
if len(sys.argv) > 2:
    raise KeyboardInterrupt
raise RuntimeError(f"ended {KEY}")
"""
    done = _python(script, str(tmp_path))
    assert done.returncode == 1
    assert traces(done.stdout + done.stderr) == []
    for words in ("a fault of its own is written down", SENTENCE, str(tmp_path / "data" / "demo")):
        assert words in done.stderr
    files = sorted((tmp_path / "state").glob("crash-*.txt"))
    written = [file.read_text() for file in files]
    assert all(str(file) in done.stderr for file in files)
    assert traces("".join(written)) == []
    for words, text in zip(("deleted ****", "worked ****", "ended ****"), written, strict=True):
        assert words in text
    interrupted = _python(script, str(tmp_path), "interrupted")
    assert interrupted.returncode not in (0, 1)
    assert "KeyboardInterrupt" not in interrupted.stderr
    assert SENTENCE not in interrupted.stderr


def _python(script: str, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", script, *words]
    return subprocess.run(
        command, cwd=PROJECT, env={**os.environ, **env}, capture_output=True, text=True, timeout=60, check=False
    )


# ── children, memory, the prompt ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("words", [["--demo"], []])
def test_children_inherit_neither_it_nor_what_would_log_it(words: list[str]) -> None:
    """Whatever is started later, a browser or a key_command, has an environment without; taste in looks stays."""
    script = """
import subprocess, sys
import smmtui.__main__ as program

def run(*_):
    subprocess.run(["env"])
    return 0

program._run = run
program.main()
"""
    env = {
        "SMMTUI_API_URL": "https://panel.example/api/v2",
        "SMMTUI_API_KEY": KEY,
        "SSLKEYLOGFILE": "/nowhere/tls.log",
        "TEXTUAL": "debug",
        "TEXTUAL_DRIVER": "some.module:Driver",
        "TEXTUAL_LOG": "/nowhere/textual.log",
        "TEXTUAL_PRESS": "q",
        "TEXTUAL_THEME": "nord",
    }
    done = _python(script, *words, **env)
    assert done.returncode == 0, done.stderr
    assert traces(done.stdout) == []
    names = {line.partition("=")[0] for line in done.stdout.splitlines()}
    assert [name for name in env if name in names and name != "SMMTUI_API_URL"] == ["TEXTUAL_THEME"]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is only the limit on core dumps")
@pytest.mark.parametrize(("rows", "seconds"), [(True, 1_000.0), (False, 0.0)])
def test_memory_is_closed_to_core_dumps_and_other_programs(rows: bool, seconds: float) -> None:
    """The kernel neither dumps it nor lets another program of the user's read it, once there are rows, or after 1 s."""
    script = f"""
import asyncio, ctypes, resource, sys
import smmtui.__main__ as program

def no_client(start):
    raise program.ConfigError("There is no panel here.")

async def opened(start):
    async with program._desk(start) as desk:
        if {rows}:
            desk.go_online()
        while ctypes.CDLL(None).prctl(3):
            await asyncio.sleep(0.01)
        print(ctypes.CDLL(None).prctl(3), resource.getrlimit(resource.RLIMIT_CORE))

program._client, program._ROWS_ARE_THERE = no_client, {seconds}
program._run = lambda start, *_: asyncio.run(opened(start)) or 0
sys.argv[1:] = ["--demo"]
program.main()
"""
    assert _python(script).stdout == "0 (0, 0)\n"


def test_a_terminal_that_would_show_it_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the echo cannot be switched off there is a sentence instead of a prompt."""

    def ask(prompt: str) -> str:
        warnings.warn("Can not control echo on the terminal.", getpass.GetPassWarning, stacklevel=2)
        return KEY

    monkeypatch.setattr(getpass, "getpass", ask)
    with pytest.raises(ConfigError, match="would show the key"):
        program._ask_key("main")
