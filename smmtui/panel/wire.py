"""JSON → records: what a reply to each action means, for every spelling that was met.

Every function takes a decoded reply and raises `BadAnswer` for one of the wrong shape and `Refused` (or `RateLimited`,
`BadKey`) for one in which the panel says no. The text of a `BadAnswer` is a clause ("it …"); who asked completes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import cast

from smmtui.domain.foreign_text import clean
from smmtui.domain.money import read_amount
from smmtui.domain.records import Balance, OrderStatus, RefillStatus, Requested
from smmtui.domain.statuses import Status, read_status
from smmtui.errors import BadAnswer, Refused
from smmtui.panel.catalog_rows import Services, each_service, read_services
from smmtui.panel.meanings import Meaning
from smmtui.panel.readings import first, read_count, read_id, read_word
from smmtui.panel.refusals import error_text, refusal
from smmtui.words import _

__all__ = [
    "Meaning",
    "Services",
    "each_service",
    "read_balance",
    "read_order",
    "read_order_status",
    "read_order_statuses",
    "read_refill_status",
    "read_refill_statuses",
    "read_requests",
    "read_services",
]

Row = Mapping[str, object]

UNANSWERED = _("The panel did not answer for this one.")
_WRAPPERS = ("data", "result", "response")
_ORDER_KEYS = ("order", "order_id", "orderId", "orderID")
_NOTHING: tuple[object, ...] = (None, "", 0, "0", False)
_TAKEN = frozenset({"ok", "success", "successful", "true", "done", "accepted", "requested", "pending"})
_STATUS_KEYS = ("charge", "remains", "start_count", "runs", "posts", "orders", "currency")


_UNUSABLE = _("The panel's answer for this order is unusable.")
_NO_STATUS = _("it names no status")
_NO_OBJECT: dict[type, str] = {
    type(None): _("it is null instead of an object"),
    bool: _("it is a bare true or false instead of an object"),
    str: _("it is a bare text instead of an object"),
    list: _("it is a list instead of an object"),
}
_BARE_NUMBER = _("it is a bare number instead of an object")


def _as_row(reply: object) -> Row:
    """The object that a reply is, taken out of a one-row list or a wrapper."""
    if isinstance(reply, list) and len(reply) == 1:
        reply = reply[0]
    if not isinstance(reply, dict):
        raise _no_object(reply)
    row = cast("dict[str, object]", reply)
    for key in _WRAPPERS:
        inner = row.get(key)
        if isinstance(inner, dict) and inner and not error_text(row):
            return cast("dict[str, object]", inner)
    return row


def _no_object(value: object) -> BadAnswer:
    return BadAnswer(_NO_OBJECT.get(type(value), _BARE_NUMBER))


def _refuse(reply: object, failed: bool) -> None:
    """Raise what the reply says no with, if it does."""
    row = reply[0] if isinstance(reply, list) and len(reply) == 1 else reply
    text = error_text(row, failed)
    if text:
        raise refusal(text)


def read_order(reply: object, failed: bool = False, page: bool = False) -> tuple[str, str]:
    """Return the id of a placed order and what was odd beside it ("" for nothing).

    The id is taken where it stands exactly once and well-formed, whatever else the reply says. `failed` tells that
    the HTTP status was 400 or above, `page` that the JSON stood in a web page: an id counts there too, a no does not.
    """
    found, odd, broken = _order_ids(reply)
    text = error_text(reply[0] if isinstance(reply, list) and len(reply) == 1 else reply, failed)
    if len(found) == 1 and not broken:
        remark = _("The panel took the order and said: {words}", words=text) if text else ""
        return found.pop(), " ".join(filter(None, (remark, odd)))
    if found or broken:
        raise BadAnswer(_("it holds several order ids") if len(found) > 1 else _("its order id is malformed"))
    if page:
        raise BadAnswer(_("it is a web page"))
    if text:
        raise refusal(text)
    raise BadAnswer(_("it names no order id"))


def _order_ids(reply: object) -> tuple[set[str], str, bool]:
    """The distinct ids of an `add` reply, what is odd about their place, and whether one of them is malformed."""
    found: set[str] = set()
    odd, broken = "", False
    for value, usual in _order_values(reply):
        if value in _NOTHING:
            continue
        identity = read_id(value)
        if identity is None:
            broken = True
        else:
            found.add(identity)
            odd = odd if usual else _("The order id stood in an unusual place.")
    return found, odd, broken


def _order_values(reply: object, usual: bool = True) -> Iterator[tuple[object, bool]]:
    if isinstance(reply, list):
        for item in reply:
            yield from _order_values(item, usual=False)
    if not isinstance(reply, dict):
        return
    row = cast("dict[str, object]", reply)
    for key in _ORDER_KEYS:
        if key in row:
            value = row[key]
            if isinstance(value, dict):
                value, usual = first(value, "id", "order", "order_id"), False
            yield value, usual and key == "order"
    for key in _WRAPPERS:
        yield from _order_values(row.get(key), usual=False)


def read_balance(reply: object, failed: bool = False) -> Balance:
    """Return the account's balance; a balance that cannot be read exactly is a `BadAnswer`, never 0."""
    _refuse(reply, failed)
    row = _as_row(reply)
    amount = read_amount(first(row, "balance", "funds"))
    if amount is None:
        raise BadAnswer(_("its balance cannot be read"))
    return Balance(amount=amount, currency=_currency(row))


def _currency(row: Row) -> str | None:
    return read_word(row.get("currency"), 12).strip() or None


def read_order_status(reply: object, failed: bool = False) -> OrderStatus:
    """Return the status of one order; drip-feed parents and subscriptions come without charge and remains."""
    row = _as_row(reply)
    text = error_text(row, failed)
    if text and not any(row.get(key) is not None for key in _STATUS_KEYS):
        raise refusal(text)
    word = read_word(row.get("status"))
    if not word:
        raise refusal(text) if text else BadAnswer(_NO_STATUS)
    return OrderStatus(
        status=read_status(word),
        word=word,
        charge=read_amount(row.get("charge")),
        currency=_currency(row),
        start_count=read_count(row.get("start_count")),
        remains=read_count(row.get("remains")),
        runs=read_count(row.get("runs")),
        orders=_children(row.get("orders")),
    )


def _children(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        value = value.split(",")
    if isinstance(value, dict):
        value = list(value.values())
    if not isinstance(value, list):
        return ()
    ids = (read_id(first(item, "order", "id") if isinstance(item, dict) else item) for item in value)
    return tuple(identity for identity in ids if identity)


def read_order_statuses(
    reply: object, asked: Sequence[str], failed: bool = False
) -> dict[str, OrderStatus | Refused] | None:
    """Return the answer for each asked id, or None where the reply cannot be mapped to ids, so that one by one is left.

    A row's own error is that row's value; an id that is missing is missing here too.
    """
    rows = _rows_by_id(reply, asked, failed, ("order", "id", "order_id"), _looks_like_status)
    if rows is None:
        return None
    return {identity: _status_or_refusal(row) for identity in asked if (row := rows.get(identity)) is not None}


def _looks_like_status(row: Row) -> bool:
    return "status" in row and not isinstance(row["status"], dict)


def _status_or_refusal(row: object) -> OrderStatus | Refused:
    if isinstance(row, str) and row.strip():
        return refusal(clean(row))
    try:
        return read_order_status(row)
    except Refused as refused:
        return refused
    except BadAnswer as bad:
        return Refused(_("The panel's answer for this one is unusable: {why}.", why=bad))


def _rows_by_id(
    reply: object, asked: Sequence[str], failed: bool, id_keys: tuple[str, ...], is_row: Callable[[Row], bool]
) -> dict[str, object] | None:
    """The rows of a batch reply by id; None where they carry no ids."""
    wanted = set(asked)
    if reply in ([], {}):
        return {}
    if isinstance(reply, dict):
        row = cast("dict[str, object]", reply)
        if wanted & row.keys():
            return row
        # Under "orders" a single row may name its children instead.
        for key in _WRAPPERS if is_row(row) else (*_WRAPPERS, "orders", "refills"):
            if isinstance(row.get(key), dict | list):
                return _rows_by_id(row[key], asked, failed, id_keys, is_row)
        identity = _row_id(row, id_keys)
        if identity in wanted:
            return {identity: row}
        if len(asked) == 1 and is_row(row) and not error_text(row, failed):
            return {asked[0]: row}
        _refuse(row, failed)
        return None
    if not isinstance(reply, list):
        raise _no_object(reply)
    rows = [(_row_id(item, id_keys), item) for item in reply]
    by_id = {identity: item for identity, item in rows if identity in wanted}
    if not by_id:
        _refuse(reply, failed)
        return None
    return cast("dict[str, object]", by_id)


def _row_id(item: object, id_keys: tuple[str, ...]) -> str | None:
    if not isinstance(item, dict):
        return None
    return read_id(first(item, *id_keys))


def read_requests(
    reply: object, asked: Sequence[str], key: str, failed: bool = False
) -> dict[str, Requested | BadAnswer]:
    """Return what came of asking for a refill or a cancel (`key`) for each asked order.

    Taken means *requested*. An order for which the reply says nothing usable has a `BadAnswer`: nobody knows.
    """
    rows = _rows_by_id(reply, asked, failed, ("order", "order_id"), lambda row: key in row)
    if rows is None:
        raise BadAnswer(_("it does not tell which order is meant"))
    return {order: _requested(order, rows.get(order), key) for order in asked}


def _requested(order: str, row: object, key: str) -> Requested | BadAnswer:
    if row is None:
        return BadAnswer(UNANSWERED)
    value = row[key] if isinstance(row, dict) and key in row else row
    text = error_text(value) or error_text(row)
    if text:
        return Requested(order, refused=text)
    if isinstance(value, dict):
        return _requested_in_words(order, value, key)
    if value is True or (key == "cancel" and value in (1, "1")) or (_folded(value) in _TAKEN):
        return Requested(order)
    identity = read_id(value)
    if identity is not None and any(map(str.isdigit, identity)):
        return Requested(order, identity)
    if isinstance(value, str) and value.strip(" 0"):
        return Requested(order, refused=clean(value))
    return BadAnswer(_UNUSABLE)


def _requested_in_words(order: str, row: Row, key: str) -> Requested | BadAnswer:
    identity = read_id(first(row, "id", f"{key}_id"))
    word = read_word(row.get("status"))
    if read_status(word) in (Status.REJECTED, Status.ERROR, Status.FAILED):
        return Requested(order, refused=word)
    if identity is None and not word:
        return BadAnswer(_UNUSABLE)
    return Requested(order, identity)


def _folded(value: object) -> str:
    return value.strip().casefold() if isinstance(value, str) else ""


def read_refill_status(reply: object, refill: str, failed: bool = False) -> RefillStatus:
    """Return the status of one refill; Refused in the panel's words where it has none."""
    row = _as_row(reply)
    text = error_text(row, failed) or error_text(row.get("status"))
    if text:
        raise refusal(text)
    word = read_word(row.get("status"))
    if not word:
        raise BadAnswer(_NO_STATUS)
    return RefillStatus(refill, read_status(word), word)


def read_refill_statuses(reply: object, asked: Sequence[str], failed: bool = False) -> dict[str, RefillStatus] | None:
    """Return the answer for each refill that has one, or None where the reply cannot be mapped to ids."""
    rows = _rows_by_id(reply, asked, failed, ("refill", "refill_id", "id"), _looks_like_status)
    if rows is None:
        return None
    return {refill: _refill_status(refill, row) for refill in asked if (row := rows.get(refill)) is not None}


def _refill_status(refill: str, row: object) -> RefillStatus:
    if not isinstance(row, dict):
        word = read_word(row)
        return RefillStatus(refill, read_status(word), word) if word else RefillStatus(refill, error=UNANSWERED)
    status = row.get("status")
    text = error_text(status) or error_text(row)
    word = read_word(status)
    if text or not word:
        return RefillStatus(refill, error=text or UNANSWERED)
    return RefillStatus(refill, read_status(word), word)
