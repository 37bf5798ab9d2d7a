"""How the panel says no: one exception, and the words that panels of this family use."""

INVALID_KEY = "Invalid API key"
INCORRECT_REQUEST = "Incorrect request"
INCORRECT_SERVICE = "Incorrect service ID"
INCORRECT_ORDER = "Incorrect order ID"
NOT_ENOUGH_FUNDS = "Not enough funds on balance"
LINK_IN_USE = "You have active order with this link. Please wait until order being completed."
REFILL_NOT_FOUND = "Refill not found"
REFILL_DISABLED = "Refill is disabled for this service"
REFILL_NOT_COMPLETED = "Refill is not available: order is not completed"
REFILL_PENDING = "Refill request for this order is already pending"
REFILL_TOO_EARLY = "Refill can be requested once in 24 hours"
REFILL_EXPIRED = "Refill period of this order has expired"
CANCEL_DISABLED = "Cancel is disabled for this service"
CANCEL_REQUESTED = "Cancel has already been requested"
CANCEL_TOO_LATE = "Order cannot be canceled in this status"
INCORRECT_EXPIRY = "Expiry is incorrect, expected a coming day as d/m/Y"


class Refusal(Exception):
    """The panel does not do it; the text is what the `error` of its reply says."""


def blank(field: str) -> Refusal:
    """The refusal of an order that lacks a field its service type needs."""
    return Refusal(f"{_label(field)} cannot be blank.")


def not_a_number(field: str) -> Refusal:
    """The refusal of a field that has to be a whole number and is not."""
    return Refusal(f"{_label(field)} must be an integer.")


def too_small(field: str, minimum: int) -> Refusal:
    """The refusal of a count below what makes sense for its field."""
    return Refusal(f"{_label(field)} must be no less than {minimum}.")


def below_min(minimum: int) -> Refusal:
    """The refusal of a quantity below the service's min."""
    return Refusal(f"Quantity less than minimal {minimum}")


def above_max(maximum: int) -> Refusal:
    """The refusal of a quantity above the service's max."""
    return Refusal(f"Quantity more than maximum {maximum}")


def _label(field: str) -> str:
    return field.replace("_", " ").capitalize()
