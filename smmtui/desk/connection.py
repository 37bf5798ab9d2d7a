"""The panel's client: made once, in a thread, while whoever needs it waits."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from smmtui.errors import ConfigError, NotSent
from smmtui.words import _

if TYPE_CHECKING:
    from smmtui.panel.client import PanelClient


class Connection:
    """`connect` makes the client; it runs in a thread, because that is where the HTTP library is loaded."""

    def __init__(self, connect: Callable[[], PanelClient]) -> None:
        self._connect = connect
        self._client: asyncio.Future[PanelClient] = asyncio.get_running_loop().create_future()

    async def make(self) -> None:
        """Make the client; raises ConfigError where it cannot be made with this profile."""
        try:
            self._client.set_result(await asyncio.to_thread(self._connect))
        except ConfigError as error:
            self._client.set_exception(NotSent(str(error)))
            raise
        finally:
            self._give_up_waiting()

    async def client(self) -> PanelClient:
        """Return the client as soon as there is one; raises NotSent where there will be none."""
        return await asyncio.shield(self._client)

    def accept_key(self) -> None:
        """Let reads out again after a refused key, because the user said so."""
        if self._made:
            self._client.result().accept_key()

    async def close(self) -> None:
        """Close the client, if there is one; there will be none then."""
        self._give_up_waiting()
        if self._made:
            await self._client.result().aclose()

    def _give_up_waiting(self) -> None:
        # Nobody who wants to send is left to wait for ever; retrieved here, so that nobody has to.
        if not self._client.done():
            self._client.set_exception(NotSent(_("smmtui did not get ready to reach the panel.")))
        self._client.exception()

    @property
    def _made(self) -> bool:
        return self._client.done() and self._client.exception() is None
