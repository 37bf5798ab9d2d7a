"""The command line: what is asked for, without importing anything that draws."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

from smmtui import __version__

_EPILOG = "Without a configuration: smmtui --demo opens a practice panel, with no key and no network."


@dataclass(frozen=True, slots=True)
class Arguments:
    """What the user asked for on the command line."""

    profile: str | None = None
    config: Path | None = None
    demo: bool = False


def read_arguments(words: list[str]) -> Arguments:
    """Return the parsed command line; exits with 0 after --version or --help and with 2 on a mistake."""
    parser = argparse.ArgumentParser(
        prog="smmtui",
        description="Order, track and refill on an SMM panel, from the terminal.",
        epilog=_EPILOG,
        allow_abbrev=False,
    )
    parser.add_argument("--profile", metavar="NAME", help="the panel to open, by its name in the configuration")
    parser.add_argument("--demo", action="store_true", help="open the built-in demo panel")
    parser.add_argument("--config", metavar="PATH", type=Path, help="another configuration file")
    parser.add_argument("--version", action="version", version=f"smmtui {__version__}")
    given = parser.parse_args(words)
    if given.demo and given.profile is not None:
        parser.error("--demo and --profile both name a panel: leave one out")
    return Arguments(given.profile, given.config, given.demo)
