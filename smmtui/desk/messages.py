"""The log of what was said: every toast, and what happened between us and the panel."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from smmtui.desk.health import Condition, Health
from smmtui.desk.known import Known
from smmtui.desk.topics import Topic
from smmtui.domain.clock import Clock
from smmtui.domain.foreign_text import clean_block
from smmtui.domain.messages import Message
from smmtui.domain.notices import Severity

_KEPT = 1_000
_ANSWERING = (Condition.ONLINE, Condition.SLOW, Condition.ELSEWHERE)
_GRAVE = (Condition.BAD_KEY, Condition.UNSAVED)


class Messages:
    """The last 1,000 messages; one that is said again moves to the front and is counted. `told` is called for each."""

    def __init__(self, clock: Clock, told: Callable[[], None]) -> None:
        self._clock = clock
        self._told = told
        self._messages: dict[tuple[Severity, str, str], Message] = {}
        self._said = 0

    @property
    def newest_first(self) -> list[Message]:
        """Every message that is kept."""
        return list(reversed(self._messages.values()))

    def add(self, title: str, text: str, severity: Severity = "information") -> None:
        """Keep what was said just now; foreign text in it need not be clean."""
        title, text = clean_block(title), clean_block(text)
        key, at = (severity, title, text), self._clock.now()
        self._said += 1
        before = self._messages.pop(key, None)
        said = Message(str(self._said), at, severity, title, text) if before is None else before
        self._messages[key] = said if before is None else replace(before, at=at, times=before.times + 1)
        if len(self._messages) > _KEPT:
            del self._messages[next(iter(self._messages))]
        self._told()


class PanelNews:
    """Puts into the messages what happens between us and the panel: errors, recoveries, windows, the catalogue."""

    def __init__(self, known: Known, messages: Messages) -> None:
        self._known = known
        self._messages = messages
        self._health = known.health
        self._catalog = known.catalog
        self._began = known.clock.now()
        known.subscribe(self._hear)

    def _hear(self, topic: Topic) -> None:
        if Topic.HEALTH in topic and self._known.health != self._health:
            self._hear_health(self._health, self._known.health)
        if Topic.CATALOG in topic and self._known.catalog is not self._catalog:
            self._hear_catalog()

    def _hear_health(self, before: Health, now: Health) -> None:
        if now.condition is Condition.STARTING:
            # Nothing is known yet of how the panel answers: what was known before is what the next answer changes.
            return
        self._health = now
        if now.words:
            self._messages.add(_word(now.condition), now.words, "error" if now.condition in _GRAVE else "warning")
        elif said := _change(before, now.condition):
            self._messages.add(*said)

    def _hear_catalog(self) -> None:
        before, self._catalog = self._catalog, self._known.catalog
        at = self._known.catalog_at
        if at is None or at < self._began:
            # That of the last time, which is only read now.
            return
        parts = [f"{len(self._catalog):,} services"]
        if len(before):
            kept = self._catalog.shared_with(before)
            parts += [f"{len(self._catalog) - kept:,} new", f"{len(before) - kept:,} gone"]
        if self._known.catalog_skipped:
            parts.append(f"{self._known.catalog_skipped:,} rows could not be read")
        self._messages.add("Catalog refreshed", f"{', '.join(parts)}.")


def _word(condition: Condition) -> str:
    """The condition's word without its glyph."""
    return condition.value.partition(" ")[2].capitalize()


def _change(before: Health, now: Condition) -> tuple[str, str] | None:
    """What to say of a condition that needs no words of its own, None for nothing."""
    if before.words and before.condition not in (Condition.STALE, Condition.ELSEWHERE) and now in _ANSWERING:
        return "The panel answers again", f"It was: {_word(before.condition).lower()}."
    if now is before.condition:
        return None
    if now is Condition.PAUSED:
        return "Paused", "The automatic refresh is paused; p resumes it."
    if now is Condition.ELSEWHERE:
        return "Another window refreshes", "It asks the panel, and this window shows what it learns."
    if before.condition is Condition.ELSEWHERE:
        return "This window refreshes", "The other one asks the panel no more."
    if before.condition is Condition.PAUSED:
        return "Resumed", "The automatic refresh goes on."
    return None
