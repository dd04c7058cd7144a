"""Orders of every kind, and three answers to what their returns are worth: ours, what Shopify suggests, what it books.

A number makes the order: who meets a difference makes the same one again.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random
from typing import Any

from devstore import deeds, presented, server
from devstore.records import Address, Order, Product
from shopify_app.money import exponent, minor
from shopify_app.orders.graph import number
from shopify_app.returns import reading
from shopify_app.returns.basket import Basket, Piece, Wish
from shopify_app.returns.execution import there
from shopify_app.returns.execution.filing import money as priced
from shopify_app.returns.execution.there import Node
from shopify_app.returns.policy import money
from shopify_app.returns.policy.money import Part, Preview
from shopify_app.returns.policy.terms import Fee, Terms
from shopify_app.shopify.admin_api import AdminApi
from shopify_app.shopify.models import Shop
from tests.conftest import LUMEN

CURRENCIES = ("EUR", "USD", "JPY", "KWD")
RATES = {"EUR": "1", "USD": "1.0873", "JPY": "162.357", "KWD": "0.33412"}
"""Of one euro."""
HOMES = {
    "DE": Address(first_name="Mira", last_name="Sommer", city="Leipzig", country="Germany", country_code="DE"),
    "US": Address(first_name="Zoe", last_name="Hill", city="Boston", country="United States", country_code="US"),
}


@dataclass(frozen=True)
class Answers:
    """Minor units of the buyer's currency; below zero what the buyer owes, of which nothing is booked."""

    told: int
    suggested: int
    booked: int

    @property
    def are_one(self) -> bool:
        return self.told == self.suggested and max(self.told, 0) == self.booked


class Till:
    """Where orders are placed, delivered, and come back in one part or several."""

    def __init__(self, shop: Shop, store: server.Running) -> None:
        self.shop, self.store = shop, store
        self.api = AdminApi(shop)
        store.faults.webhooks.dropped = 10**9  # nobody listens here
        store.buckets.status(LUMEN)

    def order(self, seed: int) -> tuple[Order, Random]:
        """Its shop's currency and taxes, its lines, discounts, duties and delivery follow from the number."""
        chance = Random(seed)
        home = self.store.state.shops[LUMEN]
        home.currency = chance.choice(CURRENCIES)
        home.taxes_included = chance.random() < 0.6
        home.tax_rate = chance.choice(["0", "0.07", "0.19", "0.2", "0.0825"])
        lines = [(self._product(chance).variants[0].id, chance.randint(1, 6)) for _ in range(chance.randint(1, 4))]
        paid_in = chance.choice([home.currency, home.currency, *CURRENCIES])
        rate = Decimal(RATES[paid_in]) / Decimal(RATES[home.currency])
        order = deeds.place_order(
            self.store.state,
            LUMEN,
            lines,
            email="mira.sommer@example.com",
            shipping_address=HOMES[chance.choice(list(HOMES))],
            shipping=chance.choice([None, ("Standard", "4.9"), ("Express", "14"), ("Free", "0")]),
            discount=chance.choice([None, ("TEN", "percentage", "10"), ("OFF", "fixed_amount", "7.77")]),
            duties=chance.choice([(), [str(chance.randint(0, 30)) for _ in lines]]),
            presentment_currency=paid_in,
            exchange_rate=str(round(rate, 5)),
        )
        self._send(order, chance)
        return order, chance

    def _product(self, chance: Random) -> Product:
        """In two kinds; prices with all the digits that the currency has."""
        digits = exponent(self.store.state.shops[LUMEN].currency)
        cents = [chance.choice([chance.randint(1, 99), chance.randint(100, 50_000)]) for _ in range(2)]
        prices = [Decimal(one * 10**digits // 100 or 1).scaleb(-digits) for one in cents]
        kinds = [{"title": name, "price": str(price)} for name, price in zip(("Brass", "Steel"), prices, strict=True)]
        return deeds.add_product(self.store.state, LUMEN, "Lamp", kinds)

    def _prices(self, order: Order) -> Mapping[int, int]:
        """Of every variant of what was bought, in the buyer's money."""
        products = [self.store.state.products[line.product_id] for line in order.lines if line.product_id]
        variants = [variant for product in products for variant in product.variants]
        paid_in = order.presentment_currency
        return {one.id: minor(presented.into(one.price, order), paid_in) for one in variants}

    def _send(self, order: Order, chance: Random) -> None:
        """In one parcel, or the first unit of each line ahead of the others."""
        if chance.random() < 0.3 and any(line.quantity > 1 for line in order.lines):
            ahead = [(line.id, 1) for line in order.lines]
            deeds.scan(self.store.state, deeds.fulfil(self.store.state, order, ahead), "delivered")
        deeds.scan(self.store.state, deeds.fulfil(self.store.state, order), "delivered")

    def comes_back(self, order: Order, chance: Random) -> Iterator[Answers]:
        """In up to three returns, until nothing is left."""
        for _ in range(3):
            self.store.buckets.give_back(LUMEN, 10_000)
            basket = reading.read(self.shop, order.id)
            assert basket is not None
            # Euros and cents of fees mean the same in every shop's currency.
            terms = _terms(chance, basket.shop_currency or basket.currency)
            is_withdrawal = chance.random() < 0.3
            wishes = _wishes(basket, chance, is_all=is_withdrawal and chance.random() < 0.5)
            prices = self._prices(order)
            if not is_withdrawal and chance.random() < 0.3:
                wishes = [replace(one, outcome="exchange", variant_id=chance.choice(list(prices))) for one in wishes]
            if wishes:
                told = money.preview(basket, wishes, terms, prices, is_withdrawal=is_withdrawal)
                yield self._answers(order, basket, wishes, terms, told)

    def _answers(self, order: Order, basket: Basket, wishes: Sequence[Wish], terms: Terms, told: Preview) -> Answers:
        node = self._filed(basket, wishes, terms, told)
        lines = [{"id": line["id"], "quantity": line["quantity"]} for line in there.lines(node)]
        given = {"shipping": _shipping(told), "duties": _duties(told, basket)}
        swaps = [{"id": one["id"], "quantity": one["quantity"]} for one in node["exchangeLineItems"]["nodes"]]
        asked = {"lines": lines, "exchanges": swaps, "allocation": None}
        found = self.api.run("returns/outcome", id=node["id"], **asked, **given)
        outcome = found["return"]["suggestedFinancialOutcome"]
        transfer = outcome["financialTransfer"]
        suggested = minor(transfer["amount"]["presentmentMoney"]["amount"], told.currency) if transfer else 0
        if transfer and transfer["__typename"] == "InvoiceReturnOutcome":
            suggested = -suggested
        before = presented.refunded(order)
        self.api.run("returns/process", input=_process(node, lines, swaps, told, given, transfer))
        booked = minor(presented.refunded(order) - before, told.currency)
        return Answers(told.total - told.owed, suggested, booked)

    def _filed(self, basket: Basket, wishes: Sequence[Wish], terms: Terms, told: Preview) -> Node:
        lines = [_line(wish, part, terms) for wish, part in zip(wishes, told.parts, strict=True)]
        fee = {"returnShippingFee": {"amount": priced(told.shipping_fee, told.currency)}} if told.shipping_fee else {}
        swaps = [
            {"variantId": f"gid://shopify/ProductVariant/{wish.variant_id}", "quantity": wish.quantity}
            for wish in wishes
            if wish.outcome == "exchange"
        ]
        order = f"gid://shopify/Order/{basket.order_id}"
        wanted = {"orderId": order, "returnLineItems": lines, "exchangeLineItems": swaps} | fee
        made = self.api.run("returns/create", input=wanted)["filed"]["return"]
        node = there.read(self.shop, number(made["id"]))
        assert node is not None
        return node


def _terms(chance: Random, currency: str) -> Terms:
    percent = chance.choice([Decimal(0), Decimal(0), Decimal(10), Decimal("12.5"), Decimal("33.33"), Decimal(100)])
    shipping = minor(chance.choice(["0", "0", "5", "40"]), currency)
    fee = Fee(restocking=percent, shipping=shipping)
    return Terms(refund=fee, exchange=fee)


def _wishes(basket: Basket, chance: Random, *, is_all: bool) -> Sequence[Wish]:
    reasons = (None, "defective", "too-tight")
    found = [(piece, _units(piece, chance, is_all=is_all)) for piece in basket.pieces]
    wishes = [Wish(fulfillment_line_id=piece.fulfillment_line_id, quantity=units) for piece, units in found if units]
    return [replace(wish, reason=chance.choice(reasons)) for wish in wishes]


def _units(piece: Piece, chance: Random, *, is_all: bool) -> int:
    return piece.returnable if is_all else chance.randint(0, piece.returnable)


def _line(wish: Wish, part: Part, terms: Terms) -> Node:
    percent = terms.fee(wish.outcome, wish.reason).restocking if part.fee else Decimal(0)
    fee = {"restockingFee": {"percentage": float(percent)}} if percent else {}
    reason = {"returnReasonDefinitionId": "gid://shopify/ReturnReasonDefinition/4100000"}
    gid = f"gid://shopify/FulfillmentLineItem/{wish.fulfillment_line_id}"
    return {"fulfillmentLineItemId": gid, "quantity": wish.quantity} | reason | fee


def _shipping(told: Preview) -> Node | None:
    return {"fullRefund": True} if told.shipping_back else None


def _duties(told: Preview, basket: Basket) -> list[dict[str, str]]:
    pieces = [basket.piece(part.fulfillment_line_id) for part in told.parts if part.duties]
    gids = dict.fromkeys(gid for piece in pieces if piece for gid in piece.duty_ids)
    return [{"dutyId": gid, "refundType": "PROPORTIONAL"} for gid in gids]


def _process(
    node: Node, lines: Sequence[Node], swaps: Sequence[Node], told: Preview, given: Node, transfer: Any
) -> Node:
    """What we told is what we ask Shopify to book."""
    made: Node = {"returnId": node["id"], "returnLineItems": lines, "exchangeLineItems": swaps}
    made |= {"refundShipping": given["shipping"]} if given["shipping"] else {}
    made |= {"refundDuties": given["duties"]} if given["duties"] else {}
    if told.total and transfer:
        parent = transfer["suggestedTransactions"][0]["parentTransaction"]["id"]
        amount = priced(told.total, told.currency)
        refund = {"orderTransactions": [{"parentId": parent, "transactionAmount": amount}], "refundMethods": []}
        made["financialTransfer"] = {"issueRefund": refund}
    return made
