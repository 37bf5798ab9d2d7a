"""Where a new key can be kept: a file of its own, or the keyring of the system. Nothing there is ever replaced.

Each way of keeping returns the way of taking it back, for the case that the rest cannot be written.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from smmtui.durable import write_new
from smmtui.errors import ConfigError
from smmtui.secret import Secret
from smmtui.words import _

KEYRING_SERVICE = "smmtui"
"""Under which the keyring holds the keys, each with the name of its profile."""

TakeBack = Callable[[], None]


def keep_in_file(key: Secret, path: Path) -> TakeBack:
    """Write a file with nothing but the key in it, for this user only; raises ConfigError."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(path, error) from None
    try:
        write_new(path, f"{key.reveal()}\n".encode())
    except FileExistsError:
        text = _(
            "{path} exists already, and may hold the key of another panel. Choose another name, or remove that file.",
            path=path,
        )
        raise ConfigError(text) from None
    except OSError as error:
        raise _unwritable(path, error) from None
    return path.unlink


def _unwritable(path: Path, error: OSError) -> ConfigError:
    return ConfigError(_("{path} cannot be written: {why}. Nothing was saved.", path=path, why=error.strerror))


def keyring_works() -> bool:
    """Return whether there is a keyring that a key can be kept in; loading it can take a while."""
    try:
        import keyring

        return bool(keyring.get_keyring().priority > 0)
    except Exception:
        # Not installed, or a backend, which is anybody's code, that fails in a way of its own.
        return False


def keep_in_keyring(key: Secret, name: str) -> TakeBack:
    """Put the key into the keyring under the profile's name; raises ConfigError. It may wait for the user."""
    import keyring

    try:
        taken = keyring.get_password(KEYRING_SERVICE, name) is not None
        if not taken:
            keyring.set_password(KEYRING_SERVICE, name, key.reveal())
    except Exception:
        # A backend is anybody's code; its words could quote the key.
        text = _("The keyring did not take the key: unlock it, or choose another place. Nothing was saved.")
        raise ConfigError(text) from None
    if taken:
        text = _("The keyring holds a key for smmtui under the name {name} already. Choose another name.", name=name)
        raise ConfigError(text)
    return lambda: keyring.delete_password(KEYRING_SERVICE, name)
