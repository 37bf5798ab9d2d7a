"""The command line: what is asked for, without importing anything that draws."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from smmtui import __version__
from smmtui.words import _

if TYPE_CHECKING:
    import argparse

_EPILOG = _(
    "Without a configuration smmtui begins with setting up a panel. smmtui --demo opens a practice panel, with no key "
    "and no network."
)
_EXPORT = _(
    "The panel is not asked and the journal not changed: it can be run beside an open window. CSV is for "
    "spreadsheets: a text in it that would begin a formula gets an apostrophe in front. JSON is one object a line."
)
_FILTER = _(
    "only what the filter of the app would leave, as in {example}; --filter=-WORD excludes",
    example="'status:partial age<7d charge>5'",
)
_IMPORT = _(
    "Orders that are there already are left as they are. A line that cannot be read is named and left out, and the "
    "exit code is 1; mend it and import the file again. What was queued or on its way is not sent from here."
)
_DOCTOR = _("A line each: ok, warn or bad. The exit code is 1 if anything is bad. Nothing is mended.")

Form = Literal["csv", "json"]


class Export(NamedTuple):
    """Write orders or the catalogue to standard output."""

    what: Literal["orders", "catalog"]
    form: Form = "csv"
    filter: str = ""


class Import(NamedTuple):
    """Take the orders of an exported file into the journal."""

    file: Path


class Doctor(NamedTuple):
    """Look at everything that smmtui stands on, with `online` at the panel as well."""

    online: bool = False


class Arguments(NamedTuple):
    """What the user asked for on the command line; without a command it is the app itself."""

    profile: str | None = None
    config: Path | None = None
    demo: bool = False
    command: Export | Import | Doctor | None = None


def read_arguments(words: list[str]) -> Arguments:
    """Return the parsed command line; exits with 0 after --version or --help and with 2 on a mistake."""
    if not words:
        # The parser takes longer to load than most of what stands before the first paint.
        return Arguments()
    import argparse

    parser = argparse.ArgumentParser(
        prog="smmtui",
        description=_("Order, track and refill on an SMM panel, from the terminal."),
        epilog=_EPILOG,
        allow_abbrev=False,
    )
    _add_account(parser, None)
    parser.add_argument("--demo", action="store_true", help=_("open the built-in demo panel"))
    parser.add_argument("--version", action="version", version=f"smmtui {__version__}")
    _add_commands(parser)
    given = parser.parse_args(words)
    if given.demo and given.profile is not None:
        parser.error(_("--demo and --profile both name a panel: leave one out"))
    command = _command(given)
    if given.demo and command is not None:
        parser.error(_("--demo keeps nothing that {command} could look at: leave it out", command=given.command))
    return Arguments(given.profile, given.config, given.demo, command)


def _add_account(parser: argparse.ArgumentParser, default: str | None) -> None:
    """Add the options that say which account is meant."""
    parser.add_argument(
        "--profile", metavar=_("NAME"), default=default, help=_("the panel to open, by its name in the configuration")
    )
    parser.add_argument("--config", metavar=_("PATH"), type=Path, default=default, help=_("another configuration file"))


def _add_commands(parser: argparse.ArgumentParser) -> None:
    import argparse

    kinds = parser.add_subparsers(dest="command", metavar=_("COMMAND"), title=_("commands, instead of the app"))

    def added(name: str, words: str, more: str) -> argparse.ArgumentParser:
        command = kinds.add_parser(name, help=words, description=f"{words} {more}", allow_abbrev=False)
        # Not to overrule by its default what stood before the command.
        _add_account(command, argparse.SUPPRESS)
        return command

    export = added("export", _("Write orders or the catalog to standard output."), _EXPORT)
    which = _("every order of the journal, or the last catalog")
    export.add_argument("what", choices=("orders", "catalog"), help=which)
    export.add_argument("--format", choices=("csv", "json"), default="csv", help=_("CSV by default; JSON is exact"))
    export.add_argument("--filter", metavar=_("EXPR"), default="", help=_FILTER)
    taken = added("import", _("Take exported orders into the journal."), _IMPORT)
    taken.add_argument("what", choices=("orders",), help=_("what the file holds"))
    taken.add_argument("file", metavar=_("FILE"), type=Path, help=_("a file that export orders has written"))
    doctor = added("doctor", _("Look at everything that smmtui stands on."), _DOCTOR)
    doctor.add_argument("--online", action="store_true", help=_("ask the panel for the balance as well"))


def _command(given: argparse.Namespace) -> Export | Import | Doctor | None:
    match given.command:
        case "export":
            return Export(given.what, given.format, given.filter)
        case "import":
            return Import(given.file)
        case "doctor":
            return Doctor(given.online)
    return None
