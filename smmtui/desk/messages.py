"""The log of what was said: every toast, and what happened between us and the panel."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from smmtui.desk.health import Condition, Health
from smmtui.desk.known import Known
from smmtui.desk.topics import Topic
from smmtui.domain.clock import Clock
from smmtui.domain.foreign_text import clean_block
from smmtui.domain.messages import Message, Severity
from smmtui.words import _, ngettext

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
            severity: Severity = "error" if now.condition in _GRAVE else "warning"
            self._messages.add(now.condition.word.capitalize(), now.words, severity)
        elif said := _change(before, now.condition):
            self._messages.add(*said)

    def _hear_catalog(self) -> None:
        before, self._catalog = self._catalog, self._known.catalog
        at = self._known.catalog_at
        if at is None or at < self._began:
            # That of the last time, which is only read now.
            return
        parts = [ngettext("{count} service", "{count} services", len(self._catalog))]
        if len(before):
            kept = self._known.catalog_kept
            new, gone = len(self._catalog) - kept, len(before) - kept
            parts += [ngettext("{count} new", "{count} new", new), ngettext("{count} gone", "{count} gone", gone)]
        if self._known.catalog_skipped:
            skipped = self._known.catalog_skipped
            parts.append(ngettext("{count} row could not be read", "{count} rows could not be read", skipped))
        self._messages.add(_("Catalog refreshed"), f"{', '.join(parts)}.")


def _change(before: Health, now: Condition) -> tuple[str, str] | None:
    """What to say of a condition that needs no words of its own, None for nothing."""
    if before.words and before.condition not in (Condition.STALE, Condition.ELSEWHERE) and now in _ANSWERING:
        return _("The panel answers again"), _("It was: {condition}.", condition=before.condition.word)
    if now is before.condition:
        return None
    if now is Condition.PAUSED:
        return _("Paused"), _("The automatic refresh is paused until it is resumed in Orders.")
    if now is Condition.ELSEWHERE:
        return _("Another window refreshes"), _("It asks the panel, and this window shows what it learns.")
    if before.condition is Condition.ELSEWHERE:
        return _("This window refreshes"), _("The other one asks the panel no more.")
    if before.condition is Condition.PAUSED:
        return _("Resumed"), _("The automatic refresh goes on.")
    return None
