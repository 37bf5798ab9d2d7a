"""The command line: what it answers by itself, and how it ends before it has touched the terminal."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from smmtui import __version__
from smmtui.cli import Arguments, read_arguments

KEY = "sk-0123456789abcdefghij"
PATIENCE = 30.0


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """The environment of a user who has never run smmtui."""
    return {"HOME": str(tmp_path), "PATH": os.environ["PATH"], "TERM": "xterm-256color", "PYTHONUTF8": "1"}


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Where a configuration is put that --config names."""
    return tmp_path / "panels.toml"


def run(environ: Mapping[str, str], *words: str, python: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    """Run smmtui to its end with nothing that is a terminal."""
    command = [sys.executable, *python, "-m", "smmtui", *words]
    return subprocess.run(
        command, env=environ, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE
    )


# Who begins a session without a terminal and opens one has it as the controlling one, which takes Ctrl+C.
_IN_TERMINAL = """
import os, sys
os.close(os.open(os.ttyname(0), os.O_RDWR))
os.execv(sys.executable, [sys.executable, "-m", "smmtui", *sys.argv[1:]])
"""


def run_in_terminal(environ: Mapping[str, str], *words: str, keys: bytes = b"", after: bytes = b"") -> tuple[int, str]:
    """Run smmtui in a pseudo terminal, type `keys` once it has shown `after`; return exit code and all it has shown."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", _IN_TERMINAL, *words],
        env=environ,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    shown = b""
    try:
        while select.select([ours], [], [], PATIENCE)[0]:
            try:
                piece = os.read(ours, 4096)
            except OSError:  # Linux: everybody on the other side has gone
                break
            if not piece:
                break
            shown += piece
            if keys and after in shown:
                os.write(ours, keys)
                keys = b""
        return process.wait(PATIENCE), shown.decode()
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def test_the_version_is_the_packages(environ: dict[str, str]) -> None:
    """`--version` prints it on standard output and nothing else anywhere."""
    done = run(environ, "--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"smmtui {__version__}\n", "")


def test_the_help_names_every_option_and_the_demo(environ: dict[str, str]) -> None:
    """Somebody without a configuration learns how to try it."""
    done = run(environ, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    for words in ("--profile NAME", "--demo", "--config PATH", "--version", "smmtui --demo"):
        assert words in done.stdout


@pytest.mark.parametrize("words", [["--version"], ["--help"], ["--config", "/nowhere"], ["--nonsense"]])
def test_nothing_that_draws_or_connects_is_imported_for_an_answer(environ: dict[str, str], words: list[str]) -> None:
    """Version, help and every refusal come without the half second that Textual takes."""
    done = run(environ, *words, python=("-X", "importtime"))
    imported = set(re.findall(r"\| +(\w+)", done.stderr))
    assert {"argparse", "smmtui"} <= imported
    assert not {"textual", "rich", "httpx", "sqlite3"} & imported


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ([], Arguments()),
        (["--profile", "main"], Arguments(profile="main")),
        (["--demo"], Arguments(demo=True)),
        (["--config=a/b.toml", "--profile=x"], Arguments("x", Path("a/b.toml"))),
    ],
)
def test_what_the_words_mean(words: list[str], meant: Arguments) -> None:
    """Both spellings of an option with a value."""
    assert read_arguments(words) == meant


@pytest.mark.parametrize(
    "words",
    [["--nonsense"], ["--prof", "main"], ["--key", KEY], ["--demo", "--profile", "main"], ["main"], ["--profile"]],
)
def test_a_mistake_on_the_command_line_is_exit_code_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is guessed, no option is cut short, and none takes a key."""
    with pytest.raises(SystemExit) as caught:
        read_arguments(words)
    said = capsys.readouterr()
    assert caught.value.code == 2
    assert said.out == ""
    assert "usage: smmtui" in said.err


# ── what cannot be started ────────────────────────────────────────────────────────────────────────────────────────

PROFILE = f'[profiles.main]\nurl = "https://panel.example/api/v2"\nkey = "{KEY}"\n'

Case = tuple[str | None, list[str], dict[str, str], tuple[str, ...]]
# The file's text (None: no file), further words, further variables, and what the sentence has to say.
CASES: dict[str, Case] = {
    "no file": (None, [], {}, ("panels.toml", "does not exist", "smmtui --demo")),
    "no TOML": ("[profiles.main\n", [], {}, ("panels.toml", "line 1", "Correct that line")),
    "unknown profile": (PROFILE, ["--profile", "mian"], {}, ("“mian”", "panels.toml", "main")),
    "malformed address": (PROFILE.replace("https://", "https:/"), [], {}, ("panels.toml, line 2", "url")),
    "address by http": (PROFILE.replace("https://", "http://"), [], {}, ("panels.toml, line 2", "use https://")),
    "no key": (PROFILE.replace("key =", "kay ="), ["--profile", "main"], {}, ("panels.toml", "key")),
    "malformed address in the environment": (
        None,
        [],
        {"SMMTUI_API_URL": "panel.example", "SMMTUI_API_KEY": KEY},
        ("SMMTUI_API_URL", "https://"),
    ),
    "a profile whose name is an escape": (
        '[profiles."\\u001b[2J\\u009b31m\\u202e"]\nurl = 5\n',
        [],
        {},
        ("panels.toml, line 2: [profiles.", "\ufffd[2J\ufffd31m\ufffd"),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_cannot_be_started_is_one_sentence_and_exit_code_2(
    case: str, environ: dict[str, str], config: Path
) -> None:
    """On standard error, without a traceback and without the key; standard output stays empty."""
    _check_refusal(case, environ, config, _without_terminal)


@pytest.mark.parametrize("case", [case for case in CASES if case not in ("no key", "no file")])
def test_a_terminal_is_not_taken_before_the_configuration_is_known_to_be_good(
    case: str, environ: dict[str, str], config: Path
) -> None:
    """In a real terminal, too, there is the sentence and not one escape sequence."""
    _check_refusal(case, environ, config, run_in_terminal)


def _without_terminal(environ: Mapping[str, str], *words: str) -> tuple[int, str]:
    done = run(environ, *words)
    assert done.stdout == ""
    return done.returncode, done.stderr


def _check_refusal(case: str, environ: dict[str, str], config: Path, start: Callable[..., tuple[int, str]]) -> None:
    content, words, variables, expected = CASES[case]
    if content is not None:
        config.write_text(content)
        config.chmod(0o600)
    code, said = start({**environ, **variables}, "--config", str(config), *words)
    assert code == 2
    assert said.startswith("smmtui: ")
    assert said.rstrip("\r\n").isprintable()
    assert said.count("\n") == 1
    assert KEY not in said
    for part in expected:
        assert part in said
    assert config.exists() == (content is not None)


@pytest.mark.parametrize(
    ("words", "variables"),
    [
        (["--profile", "main"], {}),
        ([], {"SMMTUI_API_KEY": KEY}),
        ([], {"SMMTUI_API_URL": "https://panel.example/api/v2"}),
    ],
)
def test_what_names_a_panel_that_is_not_set_up_is_refused(
    environ: dict[str, str], words: list[str], variables: dict[str, str]
) -> None:
    """Whoever means a certain panel is not asked for another one: the file to write and the demo are named."""
    code, said = run_in_terminal({**environ, **variables}, *words)
    assert code == 2
    assert "smmtui --demo" in said
    assert "config.toml" in said
    assert "\x1b" not in said


@pytest.mark.parametrize("words", [["--demo"], []])
def test_without_a_terminal_it_says_that_it_needs_one(environ: dict[str, str], config: Path, words: list[str]) -> None:
    """Started by a scheduler or at the end of a pipe, it does not try to draw."""
    config.write_text(PROFILE)
    config.chmod(0o600)
    done = run(environ, "--config", str(config), *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert "start it in a terminal" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("key", [b"\x03", b"\x04"], ids=["ctrl+c", "ctrl+d"])
def test_leaving_the_prompt_for_the_key_is_no_fault(environ: dict[str, str], config: Path, key: bytes) -> None:
    """Who is asked for the key and has none at hand gets a sentence, not a traceback."""
    config.write_text('[profiles.main]\nurl = "https://panel.example/api/v2"\n')
    code, said = run_in_terminal(environ, "--config", str(config), keys=key, after=b"memory only): ")
    assert code == 2
    assert "API key of main" in said
    assert "smmtui: No key was typed" in said
    assert "Traceback" not in said
    assert "\x1b" not in said
