"""Small plays with an order: what happens to it from "Pay now" on, in the order in which a shop would live it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from devstore import deeds, road
from devstore.records import Checkout, Customer, Fulfillment, Order, Shop
from devstore.state import State


@dataclass
class Stage:
    """One shop, one buyer. wait() is called between the acts with the time that passes in them."""

    state: State
    shop: Shop
    buyer: Customer
    wait: Callable[[timedelta], None]
    chance: Random = field(default_factory=Random)

    def buys(self, lines: int = 1, pieces: int = 1, paid: bool = True) -> Order:
        """The buyer buys so many different things that must be shipped."""
        wanted = self._wanted(lines, pieces)
        return deeds.place_order(self.state, self.shop.domain, wanted, customer=self.buyer, paid=paid)

    def leaves_a_cart(self) -> Checkout:
        wanted = self._wanted(2, 1)
        locale, agrees = self.buyer.locale, self.buyer.email_consent.state == "subscribed"
        return deeds.begin_checkout(
            self.state, self.shop.domain, wanted, customer=self.buyer, locale=locale, accepts_marketing=agrees
        )

    def ships(self, order: Order, place: int | None = None) -> Fulfillment:
        """One line by its place in the order, or all that is left."""
        lines = None if place is None else [(order.lines[place].id, order.lines[place].unfulfilled)]
        self.wait(timedelta(hours=20))
        return road.send(self.state, order, self.chance, lines)

    def travels(self, order: Order, parcel: Fulfillment, *statuses: str, days: float = 0.5) -> None:
        """Scans one after the other, so many days apart; the first ones promise a day."""
        promised = self.state.now() + timedelta(days=3)
        for status in statuses:
            self.wait(timedelta(days=days))
            arrives = promised if status in ("carrier_picked_up", "in_transit") else None
            road.scan(self.state, order, parcel, status, arrives=arrives)

    def _wanted(self, lines: int, pieces: int) -> list[tuple[int, int]]:
        goods = [
            product.variants[0].id
            for product in self.state.products.of(self.shop.domain)
            if product.variants[0].requires_shipping and not product.gift_card
        ]
        return [(id, pieces) for id in self.chance.sample(goods, min(lines, len(goods)))]


OUT = ("label_printed", "carrier_picked_up", "in_transit", "out_for_delivery")


def smooth(stage: Stage) -> Order:
    order = stage.buys(lines=2)
    stage.travels(order, stage.ships(order), *OUT, "delivered")
    return order


def one_late(stage: Stage) -> Order:
    order = stage.buys(lines=2)
    first, second = stage.ships(order, 0), stage.ships(order, 1)
    stage.travels(order, first, *OUT, "delivered")
    stage.travels(order, second, "label_printed", "carrier_picked_up", "in_transit", "delayed", days=1)
    return order


def nobody_home(stage: Stage) -> Order:
    order = stage.buys()
    stage.travels(order, stage.ships(order), *OUT, "attempted_delivery", "ready_for_pickup")
    return order


def comes_back(stage: Stage) -> Order:
    order = stage.buys()
    stage.travels(order, stage.ships(order), *OUT, "attempted_delivery", "failure")
    stage.wait(timedelta(days=2))
    deeds.refund(stage.state, order, [(line.id, line.quantity) for line in order.lines], note="Came back to us")
    return order


def cancelled(stage: Stage) -> Order:
    order = stage.buys(lines=2)
    stage.wait(timedelta(hours=3))
    deeds.cancel(stage.state, order, "customer")
    deeds.refund(stage.state, order, amount=order.paid, note="Cancelled by the buyer")
    return order


def pays_later(stage: Stage) -> Order:
    order = stage.buys(paid=False)
    stage.wait(timedelta(days=2))
    deeds.pay(stage.state, order)
    return order


def in_pieces(stage: Stage) -> Order:
    order = stage.buys(pieces=3)
    line = order.lines[0].id
    parcel = road.send(stage.state, order, stage.chance, [(line, 1)])
    stage.travels(order, parcel, *OUT, "delivered")
    return order


def abandoned(stage: Stage) -> None:
    stage.leaves_a_cart()


def declined(stage: Stage) -> None:
    deeds.decline_payment(stage.state, stage.leaves_a_cart())


def no_rate(stage: Stage) -> None:
    checkout = stage.leaves_a_cart()
    deeds.update_checkout(stage.state, checkout, shipping_address=stage.buyer.address)


SCENARIOS: dict[str, tuple[str, Callable[[Stage], Order | None]]] = {
    "smooth": ("Everything goes well: bought, shipped, delivered", smooth),
    "one_late": ("Two parcels, one late", one_late),
    "nobody_home": ("Nobody at home, waits at the pick-up point", nobody_home),
    "comes_back": ("Cannot be delivered, comes back, is refunded", comes_back),
    "in_pieces": ("One of three pieces is sent, two are still to come", in_pieces),
    "pays_later": ("Ordered by bank deposit, paid two days later", pays_later),
    "cancelled": ("Cancelled three hours later, money back", cancelled),
    "abandoned": ("Types the e-mail at the checkout and leaves", abandoned),
    "declined": ("The card is declined, and the buyer leaves", declined),
    "no_rate": ("Nobody delivers to the address, and the buyer leaves", no_rate),
}
"""By name: what the panel says, and the play; it gives its order, None when there is none."""


def play(name: str, stage: Stage) -> Order | None:
    """KeyError for a scenario nobody wrote."""
    return SCENARIOS[name][1](stage)
