"""An order was placed and could not be written down: the id, as large as it gets, until the user has it."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Digits, Static

from smmtui.domain.records import Order
from smmtui.tui.show import literal, money, styled
from smmtui.tui.widgets.key_bar import KeyBar


class Unsaved(ModalScreen[None]):
    """Stays until the user says that the id is written down; nothing else can be done before."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("W,Ц", "dismiss", "I have written it down", id="unsaved.seen", tooltip="Close this dialog"),
    ]

    def __init__(self, order: Order) -> None:
        super().__init__()
        self._order = order

    def compose(self) -> ComposeResult:
        """The id, what it belongs to, what to do."""
        order = self._order
        with Vertical(id="unsaved"):
            yield Static(styled("This order could not be saved here. Write down its id:", "bold $text-error"))
            # Digits draws only digits, and some letters, large; an id of other letters stands below as well.
            yield Digits("".join(letter for letter in order.id or "?" if letter in "0123456789"))
            yield Static(literal(f"id {order.id or 'unknown'}").stylize("bold"))
            yield Static(literal(f"{order.service}  {order.service_name}\n{order.link}\n{_cost(order)}"))
            yield Static(
                "The panel has taken the order. The disk is full or cannot be written to, so no further order is sent. "
                "Free the disk and start smmtui again; then track the id. It is printed once more when smmtui ends."
            )
        yield KeyBar()


def _cost(order: Order) -> str:
    return f"estimate {money(order.estimate, order.currency)}"
