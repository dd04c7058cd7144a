"""A store with goods on its shelf, and the first weeks after the install."""

from collections.abc import Callable

import pytest

from devstore import deeds, server
from devstore.records import Customer, Order, Product
from shopify_app.clock import now
from shopify_app.db import rest, transaction
from shopify_app.orders import reconcile
from shopify_app.orders.models import Sync
from shopify_app.shopify.models import Shop
from tests.conftest import LUMEN, Clock, Jobs

Buy = Callable[..., Order]


@pytest.fixture
def lamp(shopify: server.Running) -> Product:
    variants = [{"title": "Brass", "price": "89.90", "sku": "LAMP-B"}, {"title": "Steel", "price": "79.90"}]
    return deeds.add_product(shopify.state, LUMEN, "Reading lamp", variants, picture="pictures/lamp.svg")


@pytest.fixture
def mira(shopify: server.Running) -> Customer:
    names = {"first_name": "Mira", "last_name": "Sommer"}
    return deeds.add_customer(shopify.state, LUMEN, "mira.sommer@example.com", locale="de", **names)


@pytest.fixture
def buy(shopify: server.Running, lamp: Product, mira: Customer) -> Buy:
    """buy(at=…): Mira buys a lamp. What is not said is as usual."""

    def place(pieces: int = 1, **how: object) -> Order:
        wanted = how.pop("lines", [(lamp.variants[0].id, pieces)])
        return deeds.place_order(shopify.state, LUMEN, wanted, **({"customer": mira} | how))  # type: ignore[arg-type]

    return place


class Rounds:
    """What the app reads at Shopify by itself."""

    def __init__(self, shopify: server.Running, jobs: Jobs, clock: Clock) -> None:
        self._shopify, self._jobs, self._clock = shopify, jobs, clock

    def told(self) -> None:
        """All webhooks that are on their way arrive, and are worked through with all they bring."""
        assert self._shopify.log.settle()
        self._jobs.run()

    def until_done(self, shop: Shop, kind: str = "import", rounds: int = 40) -> Sync:
        """Let seconds go by until the import (or another kind of reading) has come to its end."""
        for _ in range(rounds):
            self._jobs.run()
            if (found := self.of(shop, kind)).done_at is not None:
                return found
            self._clock.forward(seconds=4)
        raise AssertionError(f"{kind} does not end: {found.error}")

    def of(self, shop: Shop, kind: str) -> Sync:
        rest()
        found = reconcile.of(shop, kind)
        assert found is not None
        return found

    def go_by(self, shop: Shop, kind: str = "recent") -> Sync:
        """The next round of that kind."""
        waits = self.of(shop, kind).due_at
        self._clock.forward(seconds=max((waits - now()).total_seconds(), 0) + 1)
        self._jobs.run()
        return self.of(shop, kind)


@pytest.fixture
def rounds(shopify: server.Running, jobs: Jobs, clock: Clock) -> Rounds:
    return Rounds(shopify, jobs, clock)


@pytest.fixture
def lumen(installed: Shop, rounds: Rounds, buy: Buy) -> Shop:
    """Lumen Goods, its first import over, with confirmations switched on. What it bought before is history."""
    rounds.until_done(installed)
    rounds.until_done(installed, "details")
    with transaction():
        installed.settings = {"confirmations": True}
    return installed
