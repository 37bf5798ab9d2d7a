"""Where the key comes from, the first source that has one: command, keyring, file, configuration, prompt."""

from __future__ import annotations

import os
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

from smmtui.config_file import Section
from smmtui.key_stores import KEYRING_SERVICE
from smmtui.secret import Secret
from smmtui.words import _

_COMMAND_SECONDS = 10


def find_key(section: Section, ask: Callable[[str], str] | None) -> tuple[Secret, str]:
    """Return the profile's key and where it was found, "" where it was typed; `ask` prompts where no source has any.

    Raises ConfigError naming the setting where a source fails, where its file is open to others, or where none is
    named.
    """
    sources = {"key_command": _key_of_command, "keyring": _key_of_keyring, "key_file": _key_of_file}
    for setting, source in (sources | {"key": _key_of_config}).items():
        if key := source(section).strip():
            return Secret(key), _place(section, setting)
    if ask is not None and (key := ask(section.name).strip()):
        return Secret(key), ""
    raise section.wrong("key", _("is missing: add key, key_file or key_command, or set SMMTUI_API_KEY."))


def _place(section: Section, setting: str) -> str:
    if setting == "key_file":
        return str(section.path.parent / Path(section.words(setting)).expanduser())
    # Not the command: its words may be secret themselves.
    return _("{setting} in {path}", setting=section.name_of(setting), path=section.path)


def _key_of_command(section: Section) -> str:
    command = section.values.get("key_command")
    if command is None:
        return ""
    if not isinstance(command, list) or not command or not all(isinstance(word, str) for word in command):
        raise section.wrong("key_command", _('is a list of words, as in ["pass", "show", "panel"].'))
    try:
        # No shell: the words reach the program as they stand.
        done = subprocess.run(  # noqa: S603  the user's own command, from the user's own configuration
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_COMMAND_SECONDS, check=True
        )
        return _first_line(done.stdout.decode())
    except subprocess.TimeoutExpired:
        text = _("did not end within {seconds} seconds. Run it by hand to see why.", seconds=_COMMAND_SECONDS)
        raise section.wrong("key_command", text) from None
    except subprocess.CalledProcessError as error:
        text = _("ended with code {code}. Run it by hand to see why.", code=error.returncode)
        raise section.wrong("key_command", text) from None
    except (OSError, ValueError):
        text = _("could not be run, or printed no key. Run it by hand to see why.")
        raise section.wrong("key_command", text) from None


def _key_of_keyring(section: Section) -> str:
    if not section.flag("keyring"):
        return ""
    try:
        import keyring
    except ImportError:
        raise section.wrong("keyring", _("needs the optional package: pip install 'smmtui[keyring]'.")) from None
    try:
        return keyring.get_password(KEYRING_SERVICE, section.name) or ""
    except Exception:
        # Whatever a backend fails with, which is anybody's code; its words could quote the key.
        text = _("could not be opened: unlock it, or use another source for the key.")
        raise section.wrong("keyring", text) from None


def _key_of_file(section: Section) -> str:
    named = section.words("key_file")
    if not named:
        return ""
    try:
        path = section.path.parent / Path(named).expanduser()
    except RuntimeError:
        text = _("begins with ~ and there is no such home folder: write the whole path.")
        raise section.wrong("key_file", text) from None
    _check_private(path, section, "key_file")
    try:
        return _first_line(path.read_text("utf-8"))
    except (OSError, ValueError):
        text = _("{path} holds no readable key. Put it into its first line.", path=path)
        raise section.wrong("key_file", text) from None


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
        reason = error.strerror if isinstance(error, OSError) else _("it is no path")
        text = _("is in {path}, which cannot be read: {reason}. Correct the path.", path=path, reason=reason)
        raise section.wrong(key, text) from None
    if not stat.S_ISREG(seen.st_mode):
        raise section.wrong(key, _("is in {path}, which is no file. Name the file that holds it.", path=path))
    if seen.st_uid != os.getuid():
        raise section.wrong(key, _("is in {path}, which belongs to another user. Use a file of your own.", path=path))
    if stat.S_IMODE(seen.st_mode) & 0o077:
        raise section.wrong(key, _("is in {path}, which others can read. Close it: chmod 600 {path}", path=path))
