"""The books of the demo panel: balance, orders, refills, cancels; everything moves with its clock and nothing else."""

import heapq
import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial

from smmtui.demo import orders, refusals
from smmtui.demo.history import PastOrder, write_history
from smmtui.demo.kinds import SUBSCRIPTIONS, Fields, order_terms, price, subscription_terms
from smmtui.demo.orders import Order, Refill, Report, Subscription
from smmtui.demo.refusals import Refusal
from smmtui.demo.shelf import Service, dice, stock

_FIRST_ORDER = 23501
_DAY = 86400.0
_BETWEEN_REFILLS = _DAY


@dataclass(frozen=True, slots=True)
class Placement:
    """A row of the ledger: what was really placed, for how many USD, and the fields as received, without the key.

    `quantity` is what was charged for: runs x quantity, counted lines, 1 for a package. For a subscription it is the
    number of posts, `link` the username and `charge` 0, since posts are charged one by one as they appear.
    """

    order: str
    service: str
    link: str
    quantity: int
    charge: Decimal
    fields: Fields


class Market:
    """One account at a panel of 5,000 services, in memory.

    `clock` gives epoch seconds; books are brought up to date whenever they are looked at, so there is nothing running
    in the background. Equal seeds, clocks and calls give equal books. `balance` is USD with at most five decimals.
    What the panel does not do raises Refusal with the panel's words.
    """

    def __init__(
        self, seed: int = 1, clock: Callable[[], float] = time.time, balance: Decimal = Decimal("100.84292")
    ) -> None:
        self.services: tuple[Service, ...] = stock(seed)
        self.ledger: list[Placement] = []
        self._seed = seed
        self._clock = clock
        self._now = clock()
        self._balance = balance
        self._shelf = {str(service.service): service for service in self.services}
        self._orders: dict[str, Order | Subscription] = {}
        self._refills: dict[str, Refill] = {}
        # The latest order of each service and link, running or not.
        self._latest: dict[tuple[int, str], str] = {}
        # What the clock will bring: (when, tie-break, what then), soonest first.
        self._agenda: list[tuple[float, int, Callable[[float], None]]] = []
        self._ticket = itertools.count()
        self._order_ids = itertools.count(_FIRST_ORDER)
        self._refill_ids = itertools.count(1)
        self.history: tuple[PastOrder, ...] = tuple(self._remember())

    @property
    def balance(self) -> Decimal:
        """What the account holds now."""
        self._advance()
        return self._balance

    def place(self, fields: Fields) -> str:
        """Place an order as `add` asks for it, debit its charge, and return its id."""
        now = self._advance()
        service = self._shelf.get(fields.get("service", "").strip())
        if service is None:
            raise Refusal(refusals.INCORRECT_SERVICE)
        if service.type == SUBSCRIPTIONS:
            return self._subscribe(service, fields, now)
        terms = order_terms(service, fields)
        self._check_link(service, terms.link, now)
        self._check_funds(terms.charge)
        name = str(next(self._order_ids))
        course = orders.chart(dice(self._seed, "order", name), now, terms.quantity, terms.spread)
        order = Order(service, terms.charge, course)
        self._balance -= terms.charge
        self._at(course.over, partial(self._settle, order))
        self._enter(name, order, terms.link, terms.quantity, fields)
        return name

    def status(self, order: str) -> Report:
        """What has become of an order."""
        now = self._advance()
        return self._find(order).report(now)

    def refill(self, order: str) -> str:
        """Ask for a refill of a completed order and return the id of the request."""
        now = self._advance()
        found = self._find(order)
        if isinstance(found, Subscription) or not found.service.refill:
            raise Refusal(refusals.REFILL_DISABLED)
        _check_refill(found, now)
        name = str(next(self._refill_ids))
        self._refills[name] = orders.chart_refill(dice(self._seed, "refill", name), now)
        found.refills.append(self._refills[name])
        return name

    def refill_status(self, refill: str) -> str:
        """What has become of a refill request."""
        now = self._advance()
        if refill not in self._refills:
            raise Refusal(refusals.REFILL_NOT_FOUND)
        return self._refills[refill].status(now)

    def cancel(self, order: str) -> None:
        """Ask for the cancellation of a running order; it takes effect some seconds later, if the order still runs."""
        now = self._advance()
        found = self._find(order)
        if isinstance(found, Subscription) or not found.service.cancel:
            raise Refusal(refusals.CANCEL_DISABLED)
        if found.course.status(now) in orders.FINAL:
            raise Refusal(refusals.CANCEL_TOO_LATE)
        if found.course.stopped is not None:
            raise Refusal(refusals.CANCEL_REQUESTED)
        found.course = replace(found.course, stopped=now + dice(self._seed, "cancel", order).uniform(3, 8))
        self._at(found.course.over, partial(self._settle, found))

    def _subscribe(self, service: Service, fields: Fields, now: float) -> str:
        terms = subscription_terms(service, fields, now)
        self._check_link(service, terms.username, now)
        self._check_funds(price(service, terms.highest))
        name = str(next(self._order_ids))
        subscription = Subscription(service, terms, dice(self._seed, "order", name))
        self._at(subscription.next_post(now + terms.delay), partial(self._post, subscription))
        self._enter(name, subscription, terms.username, terms.posts, fields)
        return name

    def _check_link(self, service: Service, link: str, now: float) -> None:
        latest = self._latest.get((service.service, link))
        if latest is not None and self._orders[latest].report(now).status not in orders.FINAL:
            raise Refusal(refusals.LINK_IN_USE)

    def _check_funds(self, charge: Decimal) -> None:
        if charge > self._balance:
            raise Refusal(refusals.NOT_ENOUGH_FUNDS)

    def _enter(self, name: str, order: Order | Subscription, link: str, quantity: int, fields: Fields) -> None:
        self._orders[name] = order
        self._latest[order.service.service, link] = name
        received = {field: value for field, value in fields.items() if field != "key"}
        self.ledger.append(Placement(name, str(order.service.service), link, quantity, order.charge, received))

    def _find(self, order: str) -> Order | Subscription:
        if order not in self._orders:
            raise Refusal(refusals.INCORRECT_ORDER)
        return self._orders[order]

    def _remember(self) -> list[PastOrder]:
        remembered = []
        for past, order in write_history(self._seed, self.services, self._now):
            self._orders[past.order] = order
            self._latest[order.service.service, past.link] = past.order
            if not order.settled:
                self._at(order.course.over, partial(self._settle, order))
            remembered.append(past)
        return remembered

    def _at(self, when: float, then: Callable[[float], None]) -> None:
        heapq.heappush(self._agenda, (when, next(self._ticket), then))

    def _advance(self) -> float:
        """Bring the books up to the clock, in the order in which things happened, and return that moment."""
        # A clock that is set back must not undo what has been paid out.
        self._now = max(self._now, self._clock())
        while self._agenda and self._agenda[0][0] <= self._now:
            when, _, then = heapq.heappop(self._agenda)
            then(when)
        return self._now

    def _settle(self, order: Order, when: float) -> None:
        # An order that was to be cancelled has two ends on the agenda; the first one pays.
        if not order.settled:
            order.settled = True
            self._balance += order.refund(when)

    def _post(self, subscription: Subscription, when: float) -> None:
        """A subscribed account has posted: charge for this post, or stop."""
        terms = subscription.terms
        charge = price(subscription.service, subscription.chance.randint(terms.lowest, terms.highest))
        if terms.expires is not None and when >= terms.expires:
            subscription.status = orders.EXPIRED
        elif charge > self._balance:
            subscription.status = orders.PAUSED
        else:
            self._balance -= charge
            subscription.charge += charge
            subscription.posted += 1
            if subscription.posted == terms.posts:
                subscription.status = orders.COMPLETED
            else:
                self._at(subscription.next_post(when), partial(self._post, subscription))


def _check_refill(order: Order, now: float) -> None:
    if order.course.status(now) != orders.COMPLETED:
        raise Refusal(refusals.REFILL_NOT_COMPLETED)
    if now - order.course.over > order.service.refill_time * _DAY:
        raise Refusal(refusals.REFILL_EXPIRED)
    if not order.refills:
        return
    if now < order.refills[-1].ends:
        raise Refusal(refusals.REFILL_PENDING)
    if now < order.refills[-1].asked + _BETWEEN_REFILLS:
        raise Refusal(refusals.REFILL_TOO_EARLY)
