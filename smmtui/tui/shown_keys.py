"""The keys of actions as the user knows them: the built-in ones, or those of the `[keys]` of the configuration."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from textual.app import App
from textual.binding import Binding
from textual.dom import DOMNode


def bindings_of(node: DOMNode) -> Iterator[Binding]:
    """Yield what a widget, a screen or the App binds itself, a binding for each key, with the user's own keys."""
    keymap, replaced = node.app._keymap, set[str]()
    for _key, binding in node._bindings:
        own = keymap.get(binding.id or "", "")
        if not own:
            yield binding
        elif binding.id not in replaced:
            replaced.add(binding.id or "")
            yield from (binding.with_key(key) for key in own.split(","))


def by_key(node: DOMNode) -> Mapping[str, Sequence[Binding]]:
    """Return what a widget, a screen or the App binds itself by key, with the user's own keys."""
    found: dict[str, list[Binding]] = {}
    for binding in bindings_of(node):
        found.setdefault(binding.key, []).append(binding)
    return found


def own_key_of(app: App[Any], action_id: str) -> str:
    """Return the first of the user's own keys of an action as the key bar shows it, "" where there is none."""
    own = app._keymap.get(action_id, "").split(",")[0]
    return app.get_key_display(Binding(own, "")) if own else ""


def key_of(app: App[Any], action_id: str) -> str:
    """Return the first key of an action as the key bar shows it, for a text that names it.

    Raises LookupError where nothing that has been loaded has the id.
    """
    if own := own_key_of(app, action_id):
        return own
    return app.get_key_display(_built_in(action_id))


@cache
def _built_in(action_id: str) -> Binding:
    kinds: list[type[DOMNode]] = [DOMNode]
    for kind in kinds:
        kinds += kind.__subclasses__()
        for binding in Binding.make_bindings(kind.__dict__.get("BINDINGS", ())):
            if binding.id == action_id:
                return binding
    raise LookupError(action_id)
