"""The user's own program that is told the news."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from typing import Protocol

from smmtui.domain.notices import Notice, facts, fold
from smmtui.words import _

SECONDS = 10.0
"""How long the program may take."""


class Runs(Protocol):
    """Whoever has a program told."""

    def run(self, work: Coroutine[object, object, None]) -> None:
        """Do the work in a task, and cancel it at the end."""
        ...

    def program_failed(self, trouble: str) -> None:
        """Say what went wrong."""
        ...


class OwnProgram:
    """Runs a program with the news as JSON on its standard input, never twice at once.

    What comes while it runs is folded into its next run. No shell is involved, it has no terminal, and the key is
    neither in its input nor in its environment. That it fails is said.
    """

    def __init__(self, command: Sequence[str], profile: str, app: Runs, seconds: float = SECONDS) -> None:
        """Tell `command` the news of this profile; it has `seconds` to end by itself."""
        self._command = command
        self._profile = profile
        self._app = app
        self._seconds = seconds
        self._waiting: list[Notice] = []
        self._running = False

    def hand(self, notices: Sequence[Notice]) -> None:
        """Have these told, at once or when the run under way has ended."""
        self._waiting += notices
        if not self._running:
            self._running = True
            self._app.run(self._tell_all())

    async def _tell_all(self) -> None:
        try:
            while self._waiting:
                notices, self._waiting = self._waiting, []
                if trouble := await self._tell(self._input(notices)):
                    self._app.program_failed(trouble)
        finally:
            self._running = False

    def _input(self, notices: Sequence[Notice]) -> bytes:
        words = fold(notices)
        told = {
            "profile": self._profile,
            "title": words.title,
            "text": words.text,
            "severity": words.severity,
            "notices": facts(notices),
        }
        return json.dumps(told).encode() + b"\n"

    async def _tell(self, told: bytes) -> str:
        """Run the program once and return what went wrong, in words, "" for nothing."""
        program = self._command[0]
        environment = {name: value for name, value in os.environ.items() if name != "SMMTUI_API_KEY"}
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
                env=environment,
                # Away from our terminal, and with whatever it starts in a group that can be ended as one.
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            why = error.strerror if isinstance(error, OSError) else str(error)
            return _(
                "{program} could not be started: {reason}. Check command in [notify].", program=program, reason=why
            )
        try:
            async with asyncio.timeout(self._seconds):
                await process.communicate(told)
        except TimeoutError:
            seconds = f"{self._seconds:.0f}"
            return _("{program} did not end within {seconds} seconds, and was ended.", program=program, seconds=seconds)
        finally:
            await _end(process)
        code = process.returncode
        return _("{program} ended with code {code}.", program=program, code=code) if code else ""


async def _end(process: asyncio.subprocess.Process) -> None:
    """See to it that the program, if it still runs, and what it has started are gone."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    await process.wait()
