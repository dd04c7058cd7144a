"""A buyer at a real store whose lamps came, what she asks for, and the workers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from devstore import deeds, server
from devstore.records import Order
from shopify_app.db import rest
from shopify_app.orders import graph as graph
from shopify_app.returns import reading, requests
from shopify_app.returns.basket import Basket, Wish
from shopify_app.returns.models import EXCHANGE, RETURN, WITHDRAWAL, Item, Request
from shopify_app.returns.policy import decisions, money, policies
from shopify_app.returns.requests import Verdict, lookup
from shopify_app.shopify.models import Shop
from tests.conftest import LUMEN


@dataclass
class Counter:
    """Where buyers ask and staff decide."""

    shop: Shop
    shopify: server.Running
    settle: Callable[[], None]

    def reads(self, order: Order) -> Basket:
        found = reading.read(self.shop, order.id)
        assert found is not None
        return found

    def asks(self, order: Order, *wishes: Wish, kind: str = RETURN, **how: Any) -> Request:
        """As the order's page does it: read, decide, tell, file; then all that is under way arrives."""
        what = self.reads(order)
        version, terms = policies.of_order(self.shop, what.placed_at)
        zone = ZoneInfo(self.shop.timezone)
        decided = [
            decisions.decide(terms, what, piece, wish, what.read_at, zone)
            for wish in wishes
            if (piece := what.piece(wish.fulfillment_line_id))
        ]
        told = money.preview(
            what, wishes, terms, self.prices(what, wishes), is_withdrawal=kind == WITHDRAWAL, zone=zone
        )
        usual: dict[str, Any] = {"terms_version": version, "decisions": decided, "preview": told}
        request = requests.ask(self.shop, kind, "page", what, wishes, **(usual | how))
        self.settle()
        return self.again(request)

    def prices(self, what: Basket, wishes: Sequence[Wish]) -> dict[int, int]:
        prices: dict[int, int] = {}
        for wish in wishes:
            piece = what.piece(wish.fulfillment_line_id)
            if wish.outcome == EXCHANGE and piece is not None:
                prices |= {one.id: one.price for one in reading.variants(self.shop, what, piece)}
        return prices

    def again(self, request: Request) -> Request:
        rest()
        found = requests.get(self.shop, request.id)
        assert found is not None
        return found

    def items(self, request: Request) -> Sequence[Item]:
        return requests.items(self.shop, [request.id])[request.id]

    def words(self, request: Request) -> list[str]:
        """Of the log."""
        return [entry.word for entry in requests.entries(self.shop, request.id)]

    def approves(self, request: Request) -> Request:
        assert requests.approve(self.shop, request.id, "7")
        self.settle()
        return self.again(request)

    def receives(self, request: Request, *units: int, condition: str = "restocked") -> Request:
        """All that was asked for, or so many of each item, and all of it as it should be."""
        return self.inspects(self.takes_in(request, *units), condition=condition)

    def takes_in(self, request: Request, *units: int) -> Request:
        """Nobody has looked at it."""
        items = self.items(request)
        counts = units or [item.quantity for item in items]
        came = {item.id: (count, None) for item, count in zip(items, counts, strict=True)}
        assert requests.receive(self.shop, request.id, "7", came)
        self.settle()
        return self.again(request)

    def inspects(self, request: Request, *rejected: int, condition: str = "restocked") -> Request:
        """What waits; so many of each item are rejected."""
        verdicts, items = {}, self.items(request)
        for item, bad in zip(items, rejected or [0] * len(items), strict=True):
            why = "There is a scratch on the shade." if bad else ""
            verdict = Verdict(accepted=item.uninspected - bad, rejected=bad, condition=condition, why=why)
            verdicts |= {item.id: verdict} if item.uninspected else {}
        assert requests.inspect(self.shop, request.id, "7", verdicts)
        self.settle()
        return self.again(request)

    def refunds(self, request: Request, **how: Any) -> Request:
        assert requests.refund(self.shop, request.id, "7", **how)
        self.settle()
        return self.again(request)

    def errors(self, request: Request) -> list[str | None]:
        return [step.error for step in lookup.steps(self.shop, request.id)]


def sold(shopify: server.Running, variant: int, pieces: int = 1, **how: Any) -> Order:
    order = deeds.place_order(shopify.state, LUMEN, [(variant, pieces)], **how)
    deeds.scan(shopify.state, deeds.fulfil(shopify.state, order), "delivered")
    return order
