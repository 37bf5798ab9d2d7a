"""Where the key comes from, the first source that has one: command, keyring, file, configuration, prompt."""

from __future__ import annotations

import os
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

from smmtui.config_file import Section
from smmtui.secret import Secret

_COMMAND_SECONDS = 10


def find_key(section: Section, ask: Callable[[str], str] | None) -> Secret:
    """Return the profile's key; `ask` prompts for one where no source has any.

    Raises ConfigError naming the setting where a source fails, where its file is open to others, or where none is
    named.
    """
    for source in (_key_of_command, _key_of_keyring, _key_of_file, _key_of_config):
        if key := source(section).strip():
            return Secret(key)
    if ask is not None and (key := ask(section.name).strip()):
        return Secret(key)
    raise section.wrong("key", "is missing: add key, key_file or key_command, or set SMMTUI_API_KEY.")


def _key_of_command(section: Section) -> str:
    command = section.values.get("key_command")
    if command is None:
        return ""
    if not isinstance(command, list) or not command or not all(isinstance(word, str) for word in command):
        raise section.wrong("key_command", 'is a list of words, as in ["pass", "show", "panel"].')
    try:
        # No shell: the words reach the program as they stand.
        done = subprocess.run(  # noqa: S603  the user's own command, from the user's own configuration
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_COMMAND_SECONDS, check=True
        )
        return _first_line(done.stdout.decode())
    except subprocess.TimeoutExpired:
        text = f"did not end within {_COMMAND_SECONDS} seconds. Run it by hand to see why."
        raise section.wrong("key_command", text) from None
    except subprocess.CalledProcessError as error:
        raise section.wrong("key_command", f"ended with code {error.returncode}. Run it by hand to see why.") from None
    except (OSError, ValueError):
        raise section.wrong("key_command", "could not be run, or printed no key. Run it by hand to see why.") from None


def _key_of_keyring(section: Section) -> str:
    if not section.flag("keyring"):
        return ""
    try:
        import keyring
    except ImportError:
        raise section.wrong("keyring", "needs the optional package: pip install 'smmtui[keyring]'.") from None
    try:
        return keyring.get_password("smmtui", section.name) or ""
    except keyring.errors.KeyringError:
        raise section.wrong("keyring", "could not be opened: unlock it, or use another source for the key.") from None


def _key_of_file(section: Section) -> str:
    named = section.words("key_file")
    if not named:
        return ""
    try:
        path = section.path.parent / Path(named).expanduser()
    except RuntimeError:
        raise section.wrong(
            "key_file", "begins with ~ and there is no such home folder: write the whole path."
        ) from None
    _check_private(path, section, "key_file")
    try:
        return _first_line(path.read_text("utf-8"))
    except (OSError, ValueError):
        raise section.wrong("key_file", f"{path} holds no readable key. Put it into its first line.") from None


def _first_line(text: str) -> str:
    """The first line without blanks around it; ValueError where there is nothing in it."""
    line = text.partition("\n")[0].strip()
    if not line:
        raise ValueError("no key")
    return line


def _key_of_config(section: Section) -> str:
    key = section.words("key")
    if key:
        _check_private(section.path, section, "key")
    return key


def _check_private(path: Path, section: Section, key: str) -> None:
    try:
        seen = path.stat()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no path"
        raise section.wrong(key, f"is in {path}, which cannot be read: {reason}. Correct the path.") from None
    if not stat.S_ISREG(seen.st_mode):
        raise section.wrong(key, f"is in {path}, which is no file. Name the file that holds it.")
    if seen.st_uid != os.getuid():
        raise section.wrong(key, f"is in {path}, which belongs to another user. Use a file of your own.")
    if stat.S_IMODE(seen.st_mode) & 0o077:
        raise section.wrong(key, f"is in {path}, which others can read. Close it: chmod 600 {path}")
