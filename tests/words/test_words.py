"""Every word that a user reads goes through gettext, literally, so that a translation is only a file."""

from __future__ import annotations

import ast
import gettext
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from smmtui import words
from tests.words.extracted import PACKAGE, TEMPLATE, extracted, template

# What speaks to no user, or in another's words.
NOT_OURS = {
    "demo": "a panel, which speaks its own English",
    "journal/schema.py": "statements of SQLite",
    "panel/meanings.py": "what panels say, to be recognised",
    "domain/statuses.py": "what panels say, to be recognised; shown by a table of its own",
    "domain/service_types.py": "the panel's own names of types",
    "domain/foreign_text.py": "patterns of code points",
    "domain/reasons.py": "what is stored; shown by a table of its own",
}
SOURCES = sorted(
    path
    for path in PACKAGE.rglob("*.py")
    if not any(str(path.relative_to(PACKAGE)).startswith(each) for each in NOT_OURS)
)
# Two words of small letters beside each other, or a word that begins as a title does.
_LOOKS_LIKE_WORDS = re.compile(r"(?<![\w$-])[a-z]{2,} [a-z]{2,}\b|^\W*[A-Z][a-z]+\b")
_STYLE = re.compile(r"^((bold|dim|underline|reverse|italic|on|auto|solid|heavy|round|\$[\w-]+|[\d%]+) ?)+$")
_SQL = re.compile(r"^\s*(SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER|PRAGMA|BEGIN|DROP|WITH|FROM|WHERE|ORDER BY|AND)\b")
_CSS = re.compile(r"^\s*\w+ \{|^\w+(, \w+)+$")
_REGEX = re.compile(r"\\[bdswWS]|\(\?|\[\^|\.\{|\|.*\|")
SILENT_CALLS = {"TypeVar", "cast", "query_one", "query", "get", "debug", "info", "warning", "error", "log", "compile"}
PROGRAMMERS = {"RuntimeError", "TypeError", "ValueError", "AssertionError", "LookupError", "KeyError"}
_KINDS = ("bad key", "rate limit", "bad order")
_DEEDS = ("take back", "clear done", "ask('take back')", "ask('clear done')")
_SETTLED = ("not placed", "written off", "write off", "settle('not placed')", "settle('write off')")
# What no user reads as words of ours: kinds and deeds of the program, names of tasks and of Python, headers of HTTP,
# filters and keys as they are typed, reasons as they are stored, and what a crash file says to whoever mends it.
LEFT: dict[str, tuple[str, ...]] = {
    "cli.py": ("'status:partial age<7d charge>5'",),
    "desk/basket_rows.py": ("basket check",),
    "desk/kept_catalog.py": ("Services",),
    "desk/refusals.py": _KINDS,
    "desk/settling.py": (*_KINDS, *_SETTLED),
    "desk/stages.py": ("The refreshing has ended by a fault.",),
    "desk/windows.py": ("refresh loop",),
    "doctor.py": (", Python ",),
    "domain/basket_text.py": ("service id",),
    "domain/filter_language.py": ("yes or no",),
    "domain/records.py": ("Default",),
    "domain/requests.py": ("the order is ",),
    "errors.py": _KINDS,
    "journal/audit.py": ("its id ", " is another order's as well"),
    "journal/basket.py": ("queued again",),
    "journal/preferences.py": ("last balance",),
    "journal/transitions.py": (*_SETTLED, "the panel answered with the id ", ", which another order has already"),
    "panel/catalog_rows.py": ("Default",),
    "panel/doors.py": ("User-Agent", "Accept", "Accept-Encoding", "Content-Type", "`pip install httpx[socks]`"),
    "panel/refusals.py": _KINDS,
    "panel/wire.py": ("Meaning", "Services"),
    "tui/basket_flow.py": _DEEDS,
    "tui/confirmation.py": (" Enter  ",),
    "tui/crash.py": ("Python ", "Said before, newest first:"),
    "tui/filter_examples.py": ("likes instagram", '"old accounts"', "refill:yes cancel:no"),
    "tui/notifying.py": ("\x1bPtmux;",),
    "tui/panels.py": ("Desk",),
    "tui/screens/attention.py": _SETTLED,
    "tui/screens/basket.py": _DEEDS,
    "tui/settling_flow.py": _SETTLED,
    "words.py": ("not a text that can be filled",),
}


def strings_of(tree: ast.Module) -> Iterator[ast.Constant]:
    """Yield the strings of a file that are no docstring and do not go through gettext."""
    skipped: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            skipped.add(id(node.value))
        if isinstance(node, ast.Call) and _name(node.func) in {"_", "ngettext", *SILENT_CALLS}:
            skipped |= {id(each) for argument in node.args for each in ast.walk(argument)}
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and _name(node.exc.func) in PROGRAMMERS:
            skipped |= {id(each) for each in ast.walk(node)}
        if isinstance(node, ast.AnnAssign):
            skipped |= {id(each) for each in ast.walk(node.annotation)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skipped:
            yield node


def _name(function: ast.expr) -> str:
    return (
        function.id if isinstance(function, ast.Name) else function.attr if isinstance(function, ast.Attribute) else ""
    )


def _is_silent(text: str) -> bool:
    return any(kind.search(text) for kind in (_STYLE, _SQL, _CSS, _REGEX))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_word_goes_past_gettext(path: Path) -> None:
    """A text that looks like words of ours is one that a translation reaches."""
    left = LEFT.get(str(path.relative_to(PACKAGE)), ())
    for found in strings_of(ast.parse(path.read_text("utf-8"))):
        text = str(found.value)
        if _LOOKS_LIKE_WORDS.search(text) and not _is_silent(text) and text not in left:
            pytest.fail(f"{path}:{found.lineno}: {text!r} does not go through gettext")


def test_what_is_left_is_still_there() -> None:
    """The list of what needs no translation holds nothing that the package has lost."""
    for file, left in LEFT.items():
        if left not in (_KINDS, _DEEDS, _SETTLED):
            told = {node.value for node in strings_of(ast.parse((PACKAGE / file).read_text("utf-8")))}
            assert set(left) - {*_KINDS, *_SETTLED} <= told, file


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_text_is_a_literal_that_can_be_found(path: Path) -> None:
    """A text is written out where it is asked for, not in an f-string, where Python 3.11 hides it from Babel."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.JoinedStr):
            inside = [each for each in ast.walk(node) if isinstance(each, ast.Call)]
            assert not [each for each in inside if _name(each.func) in ("_", "ngettext")], f"{path}:{node.lineno}"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "ngettext"):
            texts = node.args[: 1 if node.func.id == "_" else 2]
            assert all(isinstance(each, ast.Constant) and isinstance(each.value, str) for each in texts), (
                f"{path}:{node.lineno}: {ast.unparse(node)}"
            )


def test_every_place_of_a_text_is_filled() -> None:
    """Each call gives a value for every place that its text names, and none that it does not."""
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "ngettext"):
                number = 1 if node.func.id == "_" else 2
                texts = [str(each.value) for each in node.args[:number] if isinstance(each, ast.Constant)]
                given = {keyword.arg for keyword in node.keywords}
                if None in given or (number == 1 and not given):
                    continue
                named = {name for text in texts for name in re.findall(r"(?<!\{)\{(\w+)\}", text)} - {"count"}
                assert named == given - {"count"}, f"{path}:{node.lineno}: {texts}"


def test_the_template_holds_every_text() -> None:
    """Translators start from what the package says today: `python -m tests.words.extracted` writes it anew."""
    assert TEMPLATE.read_bytes() == template(extracted())


@pytest.fixture
def translated(monkeypatch: pytest.MonkeyPatch) -> None:
    """A translation of a few texts, some of them with a slip."""
    catalog = Catalog(locale="de", charset="utf-8", fuzzy=False)
    catalog.add("Save", "Sichern")
    catalog.add("{total} of {all}", "{total} aus {all}")
    catalog.add("Pay {total}", "Zahle")
    catalog.add("Pay {sum}", "Zahle {summe}")
    catalog.add("Sum {sum}", "Summe {sum!r:>{width}}")
    catalog.add("Half {sum}", "Halb {sum")
    catalog.add("Cost {sum}", "Kosten {sum} für {count}")
    catalog.add("Row {count} of {sum}", "Eine Zeile von {sum}")
    catalog.add(("Yes, place {count}", "Yes, place {count} now"), ("Ja", "Ja, alle"))
    catalog.add(("A row", "{count} rows"), ("{count} Zeile", "{count} Zeilen"))
    catalog.add(("{count} order", "{count} orders"), ("ein Auftrag", "{count} Aufträge"))
    out = BytesIO()
    write_mo(out, catalog)
    out.seek(0)
    monkeypatch.setattr(words, "_translation", gettext.GNUTranslations(out))


@pytest.mark.usefixtures("translated")
def test_a_translation_is_told_with_its_values() -> None:
    """A text is said in the user's language, its values wherever the translation wants them."""
    assert words._("Save") == "Sichern"
    assert words._("{total} of {all}", total=1, all=3) == "1 aus 3"
    assert words.ngettext("{count} order", "{count} orders", 1) == "ein Auftrag"
    assert words.ngettext("{count} order", "{count} orders", 2000) == "2,000 Aufträge"
    assert words._("Not {known}", known=1) == "Not 1"


@pytest.mark.usefixtures("translated")
def test_a_slip_of_a_translator_costs_only_the_translation() -> None:
    """A translation that leaves a value out, invents one or cannot be filled is passed over for the English text."""
    assert words._("Pay {total}", total="$4") == "Pay $4"
    assert words._("Pay {sum}", sum="$4") == "Pay $4"
    assert words._("Sum {sum}", sum="$4") == "Sum $4"
    assert words._("Half {sum}", sum="$4") == "Half $4"


@pytest.mark.usefixtures("translated")
def test_only_the_number_one_may_be_said_in_words() -> None:
    """A number is neither left out where it is more or stands for something else, nor asked for where none is."""
    assert words._("Cost {sum}", sum="$4") == "Cost $4"
    assert words._("Row {count} of {sum}", count=2, sum=4) == "Row 2 of 4"
    assert words.ngettext("Yes, place {count}", "Yes, place {count} now", 1) == "Ja"
    assert words.ngettext("Yes, place {count}", "Yes, place {count} now", 40) == "Yes, place 40 now"
    assert words.ngettext("A row", "{count} rows", 1) == "1 Zeile"
