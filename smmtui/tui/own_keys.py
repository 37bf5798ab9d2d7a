"""The user's own keys: the `[keys]` of the configuration, checked against everything that has a key.

Textual passes over unknown ids and unknown keys in silence, and of two actions with one key it lets one win.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from itertools import combinations
from pkgutil import iter_modules
from types import ModuleType
from typing import TypeGuard

from textual.binding import Binding, InvalidBinding
from textual.dom import DOMNode
from textual.keys import Keys, key_to_character
from textual.screen import ModalScreen, Screen
from textual.widget import Widget
from textual.widgets import Input, TextArea

from smmtui.config import Preferences
from smmtui.tui import screens as screens_package
from smmtui.tui.app import SmmtuiApp
from smmtui.words import _

_MODIFIERS = frozenset({"alt", "ctrl", "hyper", "meta", "shift", "super"})
_NAMES = frozenset(key.value for key in Keys if key.value.replace("+", "").isalnum()) | {
    *("tab", "space", "enter", "backspace", "slash", "backslash", "plus", "minus", "asterisk", "comma", "full_stop"),
    *("question_mark", "exclamation_mark", "colon", "semicolon", "equals_sign", "underscore", "at"),
    *("left_square_bracket", "right_square_bracket"),
}
# What every terminal sends for both of two keys; Textual tells them by the first name.
_TWINS = {"ctrl+i": "tab", "ctrl+m": "enter", "ctrl+h": "backspace", "ctrl+left_square_bracket": "escape"}
_KEPT_IN_DIALOGS = ("enter", "escape")
# Money is spent by these, and what is pressed for it must be what the dialog and the README say.
_SPENDS = "confirm.yes"
_FIXED = (_SPENDS, "confirm.typed")


@dataclass(frozen=True, slots=True)
class _Bound:
    """An action and its keys as they are built in; what Textual binds itself has no id, and keeps its keys."""

    id: str
    name: str
    keys: tuple[str, ...]
    among_text: bool
    """Whether it is heard while a text is typed, whatever has the focus."""


@dataclass(frozen=True, slots=True)
class _Chain:
    """Everything that hears a key while one widget of a screen has the focus."""

    bound: tuple[_Bound, ...]
    dialog: bool


def check_keys(preferences: Preferences) -> None:
    """Raise ConfigError, with the line, for the first setting of `[keys]` that could not be kept.

    That is an unknown action or key, a key that another action has on the same screen, and a key that would be lost or
    could not be pressed where the action works.
    """
    if not preferences.keys:
        return
    chains = _chains()
    known = sorted({bound.id for chain in chains for bound in chain.bound if bound.id})
    elsewhere = {bound.id for chain in chains if not chain.dialog for bound in chain.bound}
    own: dict[str, tuple[str, ...]] = {}
    for action in preferences.keys:
        if action not in known:
            raise preferences.unknown_key(action, _("is no action; help shows the id of each."), known)
        if action in _FIXED:
            raise preferences.wrong_key(action, _("keeps its key: it is what spends money."))
        own[action] = _read_keys(preferences, action)
    for action, why in _spending(chains, own):
        raise preferences.wrong_key(action, why)
    for chain in chains:
        for action, why in (*_clashes(chain, own), *_lost(chain, own, elsewhere)):
            raise preferences.wrong_key(action, why)


# ── keys ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _read_keys(preferences: Preferences, action: str) -> tuple[str, ...]:
    """The keys of an action as Textual names them."""
    try:
        keys = tuple(binding.key for binding in Binding.make_bindings([Binding(preferences.keys[action], "")]))
    except InvalidBinding:
        text = _("names no key between two commas; the comma itself is called comma.")
        raise preferences.wrong_key(action, text) from None
    for key in keys:
        *modifiers, name = key.split("+")
        if key in _TWINS:
            text = _("names {key}, which a terminal cannot tell from {twin}.", key=key, twin=_TWINS[key])
            raise preferences.wrong_key(action, text)
        if modifiers == ["shift"] and len(name) == 1:
            text = _("names {key}: a terminal sends the letter {letter} for it.", key=key, letter=name.upper())
            raise preferences.wrong_key(action, text)
        if not _MODIFIERS.issuperset(modifiers) or not (name in _NAMES or _is_character(name)):
            raise preferences.unknown_key(action, _("names a key that there is not."), sorted(_NAMES), key.lower())
    return keys


def _is_character(name: str) -> bool:
    # Unicode's names are found in capitals as well, and no key is called so.
    return _types(name) and (len(name) == 1 or name == name.lower())


def _types(key: str) -> bool:
    character = key_to_character(key)
    return character is not None and character.isprintable()


# ── what hears them ───────────────────────────────────────────────────────────────────────────────────────────────


def _spending(chains: Iterable[_Chain], own: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    """Every action with a key that spends money elsewhere, unless it is built in so: held down, it would answer too."""
    built_in: dict[str, set[str]] = {}
    for bound in (bound for chain in chains for bound in chain.bound):
        built_in[bound.id] = built_in.get(bound.id, set()) | set(bound.keys)
    for action, keys in own.items():
        for key in keys:
            if key in built_in[_SPENDS] - built_in[action]:
                yield (
                    action,
                    _("names {key}, which is kept for {action}: it is what spends money.", key=key, action=_SPENDS),
                )


def _lost(chain: _Chain, own: Mapping[str, tuple[str, ...]], elsewhere: Set[str]) -> Iterator[tuple[str, str]]:
    """Every action of the chain whose own keys would not be heard, or would take a dialog's way out, and why.

    `elsewhere` are the actions that are not of dialogs alone.
    """
    only_text = not any(_types(key) for bound in chain.bound for key in bound.keys if bound.id)
    for bound in chain.bound:
        keys = own.get(bound.id, bound.keys)
        for kept in _KEPT_IN_DIALOGS if bound.id not in elsewhere else ():
            if (kept in keys) != (kept in bound.keys):
                yield bound.id, _("is an action of a dialog, where {key} stays what it is.", key=kept)
        typing = next((key for key in keys if _types(key)), None)
        if bound.id in own and typing is not None and (only_text or bound.among_text):
            yield bound.id, _("works while a text is typed, and {key} would be part of the text.", key=typing)


def _clashes(chain: _Chain, own: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    """Every action with the key of another one, and of which; those that share one as built in do so on purpose."""
    for one, other in combinations(chain.bound, 2):
        if one.id == other.id or not {one.id, other.id} & own.keys() or set(one.keys) & set(other.keys):
            continue
        theirs = own.get(other.id, other.keys)
        if shared := [key for key in own.get(one.id, one.keys) if key in theirs]:
            culprit, rival = (one, other) if one.id in own else (other, one)
            text = _("and {other} would both have the key {key} on one screen.", other=rival.name, key=shared[0])
            yield culprit.id, text


@cache
def _chains() -> tuple[_Chain, ...]:
    for module in iter_modules(screens_package.__path__, f"{screens_package.__name__}."):
        import_module(module.name)
    return tuple(_chain(screen, widget) for screen in all_screens() for widget in (None, *_widgets(screen)))


def all_screens(base: type[Screen[object]] = Screen) -> list[type[Screen[object]]]:
    """Return every class of screens of ours that has been loaded, dialogs included."""
    found = [each for kind in base.__subclasses__() for each in (kind, *all_screens(kind))]
    return [kind for kind in dict.fromkeys(found) if kind.__module__.startswith("smmtui.")]


def _chain(screen: type[Screen[object]], widget: type[Widget] | None) -> _Chain:
    dialog = issubclass(screen, ModalScreen)
    # A dialog keeps everything from the App but the keys that are heard before all others.
    of_app = [bound for bound in _bound(SmmtuiApp) if bound.among_text or not dialog]
    # On a table's screen a field is but passed through: its editing keys may mean something else on the table.
    of_widget = [] if widget is None else [bound for bound in _bound(widget) if bound.id or dialog]
    return _Chain((*of_widget, *_bound(screen), *of_app), dialog)


@cache
def _bound(kind: type[DOMNode]) -> tuple[_Bound, ...]:
    """What a class binds, with what it has inherited: each action once, with all of its keys."""
    by_action: dict[str, list[Binding]] = {}
    field = issubclass(kind, Input | TextArea)
    for _key, binding in kind._merge_bindings():
        name = binding.id or f"{kind.__name__}: {binding.description or binding.action}"
        by_action.setdefault(name, []).append(binding)
    return tuple(
        _Bound(each[0].id or "", name, tuple(binding.key for binding in each), field or each[0].priority)
        for name, each in by_action.items()
    )


def _widgets(screen: type[Screen[object]]) -> list[type[Widget]]:
    """The widgets that a screen is made of: those that its module, or that of one of them, knows by name."""
    found: dict[type[Widget], None] = {}
    to_look_at = [_module(kind) for kind in screen.__mro__ if kind.__module__.startswith("smmtui.tui")]
    for module in to_look_at:
        for kind in vars(module).values():
            if _is_part(kind) and kind not in found:
                found[kind] = None
                if kind.__module__.startswith("smmtui.tui.widgets"):
                    to_look_at.append(_module(kind))
    return list(found)


def _is_part(thing: object) -> TypeGuard[type[Widget]]:
    return isinstance(thing, type) and issubclass(thing, Widget) and not issubclass(thing, Screen)


def _module(kind: type) -> ModuleType:
    return sys.modules[kind.__module__]
