"""Keys one at a time: a key typed ahead waits until the one before it has had its whole effect.

Textual hands every key to the widget that has the focus when the key is read, while a key's own effect (the focus
goes elsewhere, a form opens) comes some turns of the loop later. Of keys that arrive together, as from fast fingers, a
slow line or a script, the later ones would act on what was in front before: a letter of a filter would order.

What is typed before there is a screen to type into waits for that screen.

And a key that is held down goes on when it has done what it was meant for: the Enter that confirmed an order would open
the form of the next one, and the key that opened a question would answer it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Any

from textual import events
from textual.message_pump import MessagePump

from smmtui.tui.shell import Shell
from smmtui.tui.tidying import Tidying

if TYPE_CHECKING:
    from textual.app import App

# A widget that goes away in the middle never answers; nobody waits longer than this for it.
_PATIENCE = 0.25
_ROUNDS = 20
_LOOK = 0.01
# In which most keys have had their effect and painted it; looking at the queues meanwhile would only hold that up.
# Several, for each ends only when the loop is free: the second outlasts the painting, and the last one leaves the
# interpreter to the thread that writes to the terminal.
_RESTS = (0.003, 0.001, 0.001)
# Seconds in which a held key comes again: the first time it takes longest, 0.66 on X11.
_REPEATED_WITHIN = 0.75


class TypedAhead:
    """Holds keys and pastes back while an earlier one is still at work."""

    def __init__(self, app: App[Any], tidying: Tidying) -> None:
        self._app = app
        self._tidying = tidying
        self._held: deque[events.Event] = deque()
        self._next: events.Event | None = None
        self._at_work: events.Event | None = None
        self._spent: events.Key | None = None
        self._settling: asyncio.Task[None] | None = None

    @property
    def idle(self) -> bool:
        """Whether every key has had its whole effect."""
        return self._settling is None and self._next is None and not self._held

    def holds(self, event: events.Event) -> bool:
        """Take in a key that was just read; return whether it waits or is dropped. If not, it goes its way now."""
        self._tidying.wait()
        if self._early and self._leaves(event):
            return False
        if event is not self._next and (self._settling is not None or self._early):
            self._held.append(event)
            if self._settling is None:
                self._settling = asyncio.create_task(self._until_open())
            return True
        self._next = None
        self._settling = asyncio.create_task(self._let_through())
        # Also one that is dropped: what drops its repeats again goes by when it came last.
        self._at_work = event
        return self._repeats(event)

    @property
    def _early(self) -> bool:
        """Whether there is only the frame yet, which no key is meant for."""
        stack = self._app.screen_stack
        return bool(stack) and isinstance(stack[-1], Shell)

    def _leaves(self, event: events.Event) -> bool:
        """Whether a key ends the app, as long as it cannot be a letter of what was typed before it."""
        found = self._app.screen.active_bindings.get(event.key) if isinstance(event, events.Key) else None
        return found is not None and found.binding.action == "quit" and (found.binding.priority or not self._held)

    async def _until_open(self) -> None:
        while self._early:  # noqa: ASYNC110  a key hears nothing of a change of screens
            await asyncio.sleep(_LOOK)
        await self._let_through()

    def drop_repeats(self) -> None:
        """Drop the key that is at work where it comes again at once: until it pauses, or another key comes."""
        self._spent = self._at_work if isinstance(self._at_work, events.Key) else None

    def _repeats(self, event: events.Event) -> bool:
        spent, self._spent = self._spent, None
        # By when they were read: a slow moment of the app's own is no pause of the key.
        if spent is None or not isinstance(event, events.Key) or event.key != spent.key:
            return False
        if event.time - spent.time > _REPEATED_WITHIN:
            return False
        self._spent = event
        return True

    async def _let_through(self) -> None:
        try:
            for rest in _RESTS:
                await asyncio.sleep(rest)
            await self._settled()
        finally:
            # Whatever happened, the keyboard lives on.
            if self._held:
                self._next = self._held.popleft()
                self._app.post_message(self._next)
            else:
                self._settling = None
                self._tidying.soon()

    async def _settled(self) -> None:
        """Return when the key's way from the focus up to the App is free of messages, and the screen is in place.

        One quiet round is not enough: a message can be between two queues while both are looked at.
        """
        quiet = 0
        for _ in range(_ROUNDS):
            way = self._way()
            for node in way:
                await _caught_up(node)
            still = self._app.screen.is_mounted and not any(node.message_queue_size for node in way)
            quiet = quiet + 1 if still and way == self._way() else 0
            if quiet == 2:
                return

    def _way(self) -> list[MessagePump]:
        screen = self._app.screen
        start = screen.focused or screen
        return [*(node for node in start.ancestors_with_self if node is not self._app), self._app]


async def _caught_up(node: MessagePump) -> None:
    done = asyncio.Event()
    if not node.call_later(done.set):
        return
    try:
        async with asyncio.timeout(_PATIENCE):
            await done.wait()
    except TimeoutError:
        return
