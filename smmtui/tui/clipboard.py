"""Copying: through a program of the desktop where there is one, else through the terminal."""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
import sys

_SECONDS = 3
# Terminals drop a longer sequence, most of them without a word.
_TERMINAL_TAKES = 74_994

_PROGRAMS = (
    ("WAYLAND_DISPLAY", ("wl-copy",)),
    ("DISPLAY", ("xclip", "-selection", "clipboard")),
    ("DISPLAY", ("xsel", "--clipboard", "--input")),
)


def copy_by_program(text: str) -> str:
    """Hand the text to the desktop's clipboard program and return its name, "" where none took it.

    It blocks for up to some seconds, so call it in a thread.
    """
    return next((command[0] for command in _commands() if _took(command, text)), "")


def fits_terminal(text: str) -> bool:
    """Return whether terminals that copy at all (OSC 52) take a text of this length."""
    return len(base64.b64encode(text.encode())) <= _TERMINAL_TAKES


def _commands() -> list[tuple[str, ...]]:
    if sys.platform == "darwin":
        return [("pbcopy",)]
    return [command for variable, command in _PROGRAMS if os.environ.get(variable)]


def _took(command: tuple[str, ...], text: str) -> bool:
    program = shutil.which(command[0])
    if program is None:
        return False
    try:
        # No pipe to read from: these programs stay behind to serve the clipboard, and would hold it open.
        done = subprocess.run(  # noqa: S603  the command is one of ours, without a shell
            [program, *command[1:]],
            input=text.encode(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
