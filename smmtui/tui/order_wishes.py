"""What can be wished for an order on more than one screen; the App carries it out."""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message

from smmtui.domain.records import Order
from smmtui.domain.requests import Kind


@dataclass
class RepeatWanted(Message):
    """The user wants to order the same again."""

    order: Order


@dataclass
class NoteWanted(Message):
    """The user wants to change the note and the tags."""

    order: Order


@dataclass
class RequestsWanted(Message):
    """The user wants refills or cancels of these orders."""

    kind: Kind
    orders: tuple[Order, ...]
