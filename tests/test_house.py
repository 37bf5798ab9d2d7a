"""The rules of the house that a reader cannot see by looking at one file."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import smmtui
from smmtui.secret import Secret

PACKAGE = Path(smmtui.__file__).parent
PROJECT = PACKAGE.parent
SOURCES = sorted(PACKAGE.rglob("*.py"))

# Room → the rooms it may import. A room is a folder of the package or a module beside them.
MAY_IMPORT: dict[str, set[str]] = {
    "errors": set(),
    "secret": set(),
    "words": set(),
    "durable": set(),
    "memory": set(),
    "log": set(),
    "log_file": {"domain", "log"},
    "terminal_background": set(),
    "theme_choice": {"durable"},
    "config_file": {"errors"},
    "key_sources": {"config_file", "errors", "key_stores", "secret"},
    "key_stores": {"durable", "errors", "secret"},
    "new_panel": {"config", "errors", "key_stores", "secret"},
    "profiles": {"config", "config_file", "errors"},
    "notify_settings": {"config_file", "errors"},
    "preferences": {"config_file", "errors"},
    "config": {
        *("config_file", "key_sources", "notify_settings", "preferences"),
        *("domain", "durable", "errors", "secret"),
    },
    "cli": set(),
    "standard_output": {"domain"},
    "commands": {"cli", "config", "domain", "errors", "journal", "panel", "standard_output"},
    "doctor": {
        *("config", "domain", "errors", "journal", "panel"),
        *("preferences", "profiles", "theme_choice"),
    },
    "domain": {"errors", "secret"},
    "panel": {"domain", "errors", "secret", "config", "log"},
    "journal": {"domain", "errors", "secret", "durable", "log"},
    "desk": {"domain", "panel", "journal", "errors", "secret", "config", "log"},
    "tui": {
        *("desk", "domain", "durable", "errors", "secret", "config", "key_stores", "new_panel", "profiles"),
        *("log", "memory", "terminal_background", "theme_choice"),
    },
    "demo": set(),
    "__main__": {
        *("cli", "commands", "config", "demo", "desk", "doctor", "domain"),
        *("errors", "journal", "log_file", "memory", "panel", "secret", "standard_output", "terminal_background"),
        *("theme_choice", "tui"),
    },
    "program": {"__main__"},
    "__init__": set(),
}
# Words are at the bottom of everything that speaks; the demo panel speaks its own English, as a panel does.
_MUTE = {"demo", "errors", "secret", "words", "durable", "log", "memory", "terminal_background", "program", "__init__"}
for _room in MAY_IMPORT.keys() - _MUTE:
    MAY_IMPORT[_room].add("words")
# Foreign package → the rooms that may use it.
ONLY_IN = {
    "textual": {"tui"},
    "rich": {"tui"},
    "httpx": {"panel", "__main__"},
    "httpcore": {"panel"},
    "sqlite3": {"journal"},
    "tomli_w": {"config"},
    "platformdirs": {"config", "words"},
}
FILE_LINES, FUNCTION_LINES, CLASS_METHODS = 400, 50, 25
NOT_COUNTED = re.compile(r"_?(action_|watch_|on_)|compose$")


def room_of(path: Path) -> str:
    """The first part of a file's path inside the package, which is its room."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports_of(path: Path) -> Iterator[str]:
    """Every module that a file imports, at whatever depth and also for types only."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide the room"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_room_imports_only_the_rooms_below_it(path: Path) -> None:
    """No file reaches into a room that its own room may not know."""
    room = room_of(path)
    allowed = MAY_IMPORT[room] | {room, "__init__"}
    for module in imports_of(path):
        parts = module.split(".")
        if parts[0] == "smmtui" and len(parts) > 1 and parts[1] != "__version__":
            assert parts[1] in allowed, f"{path} imports {module}"
        if parts[0] in ONLY_IN:
            assert room in ONLY_IN[parts[0]], f"{path} imports {module}"


def test_screens_do_not_know_each_other() -> None:
    """Only the App opens screens."""
    for path in (PACKAGE / "tui" / "screens").glob("*.py"):
        assert not [module for module in imports_of(path) if module.startswith("smmtui.tui.screens")], path


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_nothing_outgrows_its_name(path: Path) -> None:
    """Files, functions and classes stay under the caps, at which they are to be split along their meaning."""
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= FILE_LINES
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not NOT_COUNTED.match(node.name):
            assert (node.end_lineno or 0) - node.lineno + 1 <= FUNCTION_LINES, f"{node.name} in {path}"
        if isinstance(node, ast.ClassDef):
            methods = [each.name for each in node.body if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)]
            counted = [name for name in methods if not NOT_COUNTED.match(name)]
            assert len(counted) <= CLASS_METHODS, f"{node.name} in {path} has {len(counted)} methods"


def test_every_public_name_is_explained() -> None:
    """Modules, public classes and public functions have a docstring."""
    for path in SOURCES:
        tree = ast.parse(path.read_text("utf-8"))
        assert ast.get_docstring(tree), path
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                assert ast.get_docstring(node), f"{node.name} in {path}"
                for each in node.body:
                    if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef) and not _tells_itself(each.name):
                        assert ast.get_docstring(each), f"{node.name}.{each.name} in {path}"


def _tells_itself(name: str) -> bool:
    """Private names, and Textual's hooks, whose names say what calls them."""
    return name.startswith("_") or bool(NOT_COUNTED.match(name))


def test_nothing_else_lies_at_the_top() -> None:
    """The project's visible top level is the five names that users are told of."""
    tracked = subprocess.run(["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True, check=False)
    if tracked.returncode != 0:
        pytest.skip("not a git checkout")
    tops = {line.split("/")[0] for line in tracked.stdout.splitlines()}
    visible = {top for top in tops if not top.startswith(".")}
    assert visible <= {"pyproject.toml", "README.md", "smmtui", "tests", "screenshots"}


def test_the_version_is_said_without_importing_textual() -> None:
    """`--version` answers before anything that draws, asks or stores is loaded."""
    script = (
        "import sys, runpy\n"
        "sys.argv = ['smmtui', '--version']\n"
        "try:\n    runpy.run_module('smmtui', run_name='__main__')\n"
        "except SystemExit as end:\n    assert end.code == 0, end.code\n"
        "loaded = {name.split('.')[0] for name in sys.modules}\n"
        "print(sorted(loaded & {'textual', 'rich', 'httpx', 'sqlite3'}))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [f"smmtui {smmtui.__version__}", "[]"]


KEY = "s3cret/key+with=odd&signs-0123456789"


def _classes() -> list[type]:
    found = []
    for module in pkgutil.walk_packages([str(PACKAGE)], "smmtui."):
        if module.name.endswith("__main__"):
            continue
        for _, value in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            if value.__module__ == module.name:
                found.append(value)
    return found


def test_a_secret_never_shows_itself() -> None:
    """A key prints as its mask by every road that prints an object."""
    secret = Secret(KEY)
    shown = [
        repr(secret),
        str(secret),
        f"{secret}",
        f"{secret!r:>20}",
        repr([secret]),
        repr({"k": secret}),
    ]
    assert all(KEY not in text and KEY[-12:] not in text for text in shown)


def test_no_class_keeps_a_key_as_plain_text() -> None:
    """Whatever is called a key in the package is a Secret, so that no repr of anything can hold it."""
    for kind in _classes():
        for name, hint in inspect.get_annotations(kind).items():
            if name in ("key", "api_key", "secret"):
                assert "Secret" in str(hint) or kind.__module__.startswith(("smmtui.demo", "smmtui.tui")), (kind, name)
