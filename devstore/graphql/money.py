"""Amounts as MoneyBag, and the movements of an order's money."""

from decimal import Decimal
from typing import Any

from devstore import presented
from devstore.graphql.caller import Info, caller
from devstore.graphql.parts import Payment
from devstore.money import graphql_text
from devstore.records import Order, Refund

Bag = dict[str, Any]


def bag(info: Info, amount: Decimal | str, order: Order) -> Bag:
    """amount in shop money."""
    return both(info, Decimal(amount), presented.into(amount, order), order)


def paid_bag(info: Info, amount: Decimal | str, order: Order) -> Bag:
    """amount in what the buyer paid with; the shop's money follows from the rate."""
    given = Decimal(amount)
    return both(info, presented.back(given, order, caller(info).shop.currency), given, order)


def payments(order: Order, currency: str) -> list[Payment]:
    """What was paid and what went back, in the order of time. currency: the shop's."""
    if not Decimal(order.paid):
        return []
    sale = sale_of(order)
    return [sale, *(one for refund in order.refunds for one in payments_of(order, refund, currency))]


def sale_of(order: Order) -> Payment:
    paid = Decimal(order.paid)
    at = order.processed_at
    return Payment(order.transaction_id, "SALE", paid, presented.into(paid, order), order.gateway, at, order)


def payments_of(order: Order, refund: Refund, currency: str) -> list[Payment]:
    """At most two: to where it came from, and as store credit."""
    whole, credit = presented.of_refund(refund, order), Decimal(refund.credit)
    worth = presented.back(credit, order, currency)
    found = []
    if whole > credit:
        card = Decimal(refund.amount) - worth
        found.append(_back(order, refund, refund.transaction_id, card, whole - credit, order.gateway))
    if credit:
        found.append(_back(order, refund, refund.credit_id, worth, credit, "shopify_store_credit"))
    return found


def _back(order: Order, refund: Refund, id: int, amount: Decimal, paid: Decimal, gateway: str) -> Payment:
    return Payment(id, "REFUND", amount, paid, gateway, refund.created_at, order, sale_of(order))


def both(info: Info, amount: Decimal, paid: Decimal, order: Order) -> Bag:
    """The same amount in shop money and in what the buyer paid with."""
    currency = caller(info).shop.currency
    return {
        "shopMoney": {"amount": graphql_text(amount, currency), "currencyCode": currency},
        "presentmentMoney": {
            "amount": graphql_text(paid, order.presentment_currency),
            "currencyCode": order.presentment_currency,
        },
    }


PAYMENT: dict[str, Any] = {
    "amountSet": lambda p, i: both(i, p.amount, p.presented, p.order),
    "createdAt": lambda p, i: p.at,
    "processedAt": lambda p, i: p.at,
    "formattedGateway": lambda p, i: p.gateway.replace("_", " ").capitalize(),
    "parentTransaction": lambda p, i: p.parent,
    "status": lambda p, i: "SUCCESS",
    "test": lambda p, i: p.order.test,
}
