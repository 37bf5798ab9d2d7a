"""A keyring in memory in place of the optional package, whole enough for what smmtui asks of it."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import pytest


class FakeKeyring:
    """The package `keyring` as its users see it; `locked` makes every call fail in a backend's own way."""

    def __init__(self, priority: float = 5) -> None:
        self.stored: dict[tuple[str, str], str] = {}
        self.locked = False
        self._priority = priority

    @classmethod
    def install(cls, monkeypatch: pytest.MonkeyPatch, priority: float = 5) -> FakeKeyring:
        """Have it imported as `keyring`."""
        fake = cls(priority)
        monkeypatch.setitem(sys.modules, "keyring", fake)
        return fake

    def get_keyring(self) -> SimpleNamespace:
        """The backend, of which only the priority is asked."""
        return SimpleNamespace(priority=self._priority)

    def _open(self) -> None:
        if self.locked:
            raise RuntimeError(f"locked, and so is {list(self.stored.values())}")

    def get_password(self, service: str, name: str) -> str | None:
        """Return a password, None where there is none."""
        self._open()
        return self.stored.get((service, name))

    def set_password(self, service: str, name: str, password: str) -> None:
        """Store a password."""
        self._open()
        self.stored[service, name] = password

    def delete_password(self, service: str, name: str) -> None:
        """Remove a password."""
        self._open()
        del self.stored[service, name]
