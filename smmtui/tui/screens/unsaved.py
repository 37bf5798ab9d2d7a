"""An order was placed and could not be written down: the id, as large as it gets, until the user has it."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Digits, Static

from smmtui.domain.reasons import shown_reason
from smmtui.domain.records import Order
from smmtui.tui.later_styles import LATER_STYLES
from smmtui.tui.show import literal, money, styled
from smmtui.tui.widgets.key_bar import KeyBar
from smmtui.words import _

_DEAF_SECONDS = 0.25
_WHAT_TO_DO = _(
    "The disk is full or cannot be written to, so no further order is sent. Make room, start smmtui again, and see "
    "that this order is there as it should be. This is printed once more when smmtui ends."
)


class Unsaved(ModalScreen[None]):
    """Stays until the user says that the id is written down; nothing else can be done before."""

    CSS_PATH = LATER_STYLES

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("W,Ц", "seen", _("I have written it down"), id="unsaved.seen", tooltip=_("Close this dialog")),
    ]

    def __init__(self, order: Order) -> None:
        super().__init__()
        self._order = order
        self._hears = False

    def compose(self) -> ComposeResult:
        """What happened, the id, what it belongs to, what to do."""
        order = self._order
        with Vertical(id="unsaved"):
            if order.id:
                yield Static(styled(_("This order could not be saved here. Write down its id:"), "bold $text-error"))
                # Only digits are drawn large; an id of other letters stands below as well.
                yield Digits("".join(letter for letter in order.id if letter in "0123456789"))
                yield Static(styled(_("id {id}", id=order.id), "bold"))
            else:
                said = _("The outcome of this order could not be saved here: {state}.", state=order.state.words)
                yield Static(styled(f"{said} {shown_reason(order.reason)}", "bold $text-error"))
            yield Static(literal(f"{order.service}  {order.service_name}\n{order.link}\n{_cost(order)}"))
            yield Static(literal(_WHAT_TO_DO))
        yield KeyBar()

    def on_mount(self) -> None:
        """Begin to hear after a moment: it comes unasked, and a letter being typed must not close it."""
        self.set_timer(_DEAF_SECONDS, self._listen)

    def _listen(self) -> None:
        self._hears = True
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to close only once it hears."""
        return self._hears if action == "seen" else True

    def action_seen(self) -> None:
        """Close."""
        if self.is_current:
            self.dismiss()


def _cost(order: Order) -> str:
    return _("estimate {estimate}", estimate=money(order.estimate, order.currency))
